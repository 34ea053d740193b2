/* boundaries.h: where a text may be cut, best first (UAX 29, by ICU).
 *
 * ICU is asked for the one boundary that is wanted, near where the budget ends, never for all.
 */
#pragma once

#include <glib.h>

typedef struct Boundaries Boundaries;

/* locale: BCP 47 or NULL; decides how sentences and words break. (transfer full) */
Boundaries *boundaries_new (const char *locale);
void boundaries_free (Boundaries *boundaries);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Boundaries, boundaries_free)

/* The text to ask about, valid UTF-8, borrowed until the next one. `flow`: a lone line break within
 * it is no more than a space (ICU would end a sentence there). At most G_MAXINT32 bytes. */
void boundaries_set_text (Boundaries *boundaries, const char *text, gsize bytes, gboolean flow);

/* Each: the last boundary in (after, until], as a byte offset into the text; 0 when there is none.
 * The text's end is none: it may go on. */

/* After a sentence and its white space. */
gsize boundaries_sentence (Boundaries *boundaries, gsize after, gsize until);
/* After , ; : or a dash, and white space; or after their full-width forms. */
gsize boundaries_clause (Boundaries *boundaries, gsize after, gsize until);
/* After white space, or between words that are written without. */
gsize boundaries_word (Boundaries *boundaries, gsize after, gsize until);
/* After a line break. */
gsize boundaries_line (Boundaries *boundaries, gsize after, gsize until);
/* Between grapheme clusters. */
gsize boundaries_grapheme (Boundaries *boundaries, gsize after, gsize until);

/* The first grapheme cluster's end; the text's length when it has only one. */
gsize boundaries_first_grapheme (Boundaries *boundaries);

/* TRUE when a cut at `at` splits no grapheme cluster. */
gboolean boundaries_is_grapheme (Boundaries *boundaries, gsize at);
