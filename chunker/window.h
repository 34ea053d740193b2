/* window.h: how long a chunk is, as far as it could go.
 *
 * The text from a chunk's beginning is counted piece by piece until it is more than a chunk may
 * hold, and the size at each piece's end is kept: from there the exact size up to any place is a
 * short way, and a close guess costs nothing. What the chunk before came to is not counted again.
 *
 *     prefix|own text . piece . piece . piece .....|over
 *           0                                reach limit
 *
 * Places are bytes of the own text, at character boundaries.
 */
#pragma once

#include "token-counter.h"

typedef struct Window Window;

/* Counts characters: a "token" is one. */
extern const TokenCounter window_characters;

/* measure and text are borrowed. (transfer full) */
Window *window_new (const TokenCounter *measure, const char *text, gsize bytes);
void window_free (Window *window);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Window, window_free)

/* Places it on text[start..) behind `prefix` and counts until the content is larger than max, or
 * max_bytes (below 4 GB) or the text's end are reached. */
void window_place (Window *window, const GString *prefix, gsize start, gsize max, gsize max_bytes);

/* Where no end that fits can lie beyond: the first place known to be over, or as far as max_bytes
 * and the text go. */
gsize window_limit (const Window *window);

/* The last end of a piece at which it is at most `size`. */
gsize window_place_of (const Window *window, gsize size);

/* Within a piece the size is taken to grow evenly; beyond the last, as before it. It depends on
 * the text behind the beginning alone. */
gsize window_guess (const Window *window, gsize end);

/* Exactly; `end` is at most window_limit. */
gsize window_size (const Window *window, gsize end);

/* The longest own text of at most max, exactly; 0 when not one character fits. */
gsize window_reach (const Window *window, gsize max);

/* Prefix and own text up to `end`. Borrowed, until the window is placed anew. */
const char *window_content (const Window *window, gsize end, gsize *bytes);
