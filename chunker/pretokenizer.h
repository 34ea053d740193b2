/* pretokenizer.h: cuts text into the pieces that a tokenizer merges bytes in, one by one.
 *
 * The patterns of tiktoken, by hand:
 *
 *   cl100k_base  (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,3}
 *                | ?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+
 *   o200k_base   [^\r\n\p{L}\p{N}]?[Lu Lt Lm Lo M]*[Ll Lm Lo M]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
 *                | [^\r\n\p{L}\p{N}]?[Lu Lt Lm Lo M]+[Ll Lm Lo M]*(?i:'s|...)?
 *                | \p{N}{1,3} | ?[^\s\p{L}\p{N}]+[\r\n/]* | \s*[\r\n]+ | \s+(?!\S) | \s+
 *
 * The time for all pieces of a text is linear in its length.
 */
#pragma once

#include "bpe-table.h"

/* Where the piece ends that begins at `at` < end. text[0..end) is valid UTF-8, `at` the beginning
 * of the text or the end of a piece. */
gsize pretokenizer_next (const BpeClasses *classes, BpePattern pattern, const guint8 *text,
                         gsize at, gsize end);

/* Whether the character at `at` is white space. */
gboolean pretokenizer_is_space (const BpeClasses *classes, const guint8 *text, gsize at);

/* How the piece text[start..end) ends a text that ends within it, at `cut`: it is cut in two at
 * what is returned, or it is one (0). Asked for rising cuts, each with what was returned before and
 * what lies between: `state` begins as {0}. */
typedef struct {
  gsize split;       /* the last answer that holds for longer cuts too */
  gboolean is_lower; /* o200k: a lower case letter was passed */
} PretokenizerCut;
gsize pretokenizer_cut (const BpeClasses *classes, BpePattern pattern, const guint8 *text,
                        gsize start, gsize end, gsize cut, PretokenizerCut *state);
