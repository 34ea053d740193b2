/* charset-own.h: the charsets that ICU does not have: Johab, and single-byte ones as tables. */
#pragma once

#include <glib.h>

typedef struct CharsetOwn CharsetOwn;

/* NULL when it is none of these. name: any case. (transfer full) */
CharsetOwn *charset_own_open (const char *name);
void charset_own_free (CharsetOwn *own);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CharsetOwn, charset_own_free)

/* The name as charset_own_open has it listed. */
const char *charset_own_name (const CharsetOwn *own);

/* The next character of `at`, at least one byte long; U+FFFD for what is none. used: its bytes. */
gunichar charset_own_next (const CharsetOwn *own, const guint8 *at, gsize bytes, guint *used);

/* TRUE for charsets of one byte a character. */
gboolean charset_own_is_single (const CharsetOwn *own);

/* Johab: is the syllable one of the 2350 of KS X 1001, which modern Korean takes? */
gboolean charset_own_is_usual_hangul (const CharsetOwn *own, gunichar c);
