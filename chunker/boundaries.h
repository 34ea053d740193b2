/* boundaries.h: where a text may be cut within a block (UAX 29, by ICU).
 *
 * ICU is asked about single places, never for all. Where a sentence may end is found by a scan that
 * costs little and knows abbreviations; ICU then says of the one place that was chosen whether it
 * does, by the rules of the language.
 */
#pragma once

#include <glib.h>

typedef struct Boundaries Boundaries;

/* locale: BCP 47 or NULL; decides how sentences and words break. (transfer full) */
Boundaries *boundaries_new (const char *locale);
void boundaries_free (Boundaries *boundaries);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Boundaries, boundaries_free)

/* --- sentences -------------------------------------------------------------------------------- */

/* Each: the first place in (after, until] behind a stop and its white space; 0 when there is none.
 * No more than `until` is looked at. Valid UTF-8. */
gsize boundaries_next_stop (const char *text, gsize after, gsize until);
gsize boundaries_next_clause (const char *text, gsize after, gsize until);
/* Behind white space. */
gsize boundaries_next_space (const char *text, gsize after, gsize until);

/* Whether a sentence ends at `at`, which boundaries_next_stop gave. What is further than some
 * hundred bytes away is not looked at. `bytes`: of the text. */
gboolean boundaries_is_sentence (Boundaries *boundaries, const char *text, gsize bytes, gsize at);

/* --- words and grapheme clusters ---------------------------------------------------------------
 */

/* The text to ask about, valid UTF-8, borrowed until the next one; it begins at a boundary of a
 * grapheme cluster. At most G_MAXINT32 bytes. */
void boundaries_set_text (Boundaries *boundaries, const char *text, gsize bytes);

/* Each: the last boundary in (after, until], as a byte offset into the text; 0 when there is none.
 * The text's end is none: it may go on. */

/* After white space, or between words that are written without. */
gsize boundaries_word (Boundaries *boundaries, gsize after, gsize until);
/* Between grapheme clusters. */
gsize boundaries_grapheme (Boundaries *boundaries, gsize after, gsize until);

/* The first boundary of a word in (after, until], white space or not; 0 when there is none. */
gsize boundaries_next_word (Boundaries *boundaries, gsize after, gsize until);
/* The first grapheme boundary behind `after`; the text's length when there is none. */
gsize boundaries_next_grapheme (Boundaries *boundaries, gsize after);

/* TRUE when a cut at `at` splits no grapheme cluster. */
gboolean boundaries_is_grapheme (Boundaries *boundaries, gsize at);
