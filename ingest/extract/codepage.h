/* codepage.h: text as Windows programs store it (Word, RTF, Outlook) to UTF-8: by code page, by
 * character set of a font, by language. */
#pragma once

#include <glib.h>

typedef struct Codepages Codepages;

#define CODEPAGE_DEFAULT 1252
#define CODEPAGE_SYMBOL 42 /* the font Symbol: Greek and mathematical signs */

/* Converters are opened at their first use and kept. (transfer full) */
Codepages *codepages_new (void);
void codepages_free (Codepages *codepages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Codepages, codepages_free)

/* Appends `text` as UTF-8. A code page that is not known counts as 1252; what cannot be decoded
 * becomes U+FFFD. */
void codepages_append (Codepages *codepages, guint code_page, const void *text, gsize bytes,
                       GString *out);

/* TRUE when `text` ends with the first byte of two. */
gboolean codepage_wants_more (guint code_page, const void *text, gsize bytes);

/* Of a font's character set (LOGFONT.lfCharSet, \fcharset): 0 when it does not say. */
guint codepage_of_charset (guint charset);

/* Of a Windows language identifier (MS-LCID): the ANSI code page of its writers; 1252 when not
 * known. */
guint codepage_of_language (guint language);

/* Appends UTF-16LE; a lone surrogate becomes U+FFFD. */
void codepage_append_utf16 (GString *out, const guint8 *text, gsize units);
