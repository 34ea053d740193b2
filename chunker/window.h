/* window.h: how long a chunk is, as far as it could go.
 *
 * The text from a chunk's beginning is counted in steps, each costing only what is new, until it is
 * more than a chunk may hold. What was known at each step is kept as a mark: from there the exact
 * size up to any place is a short way, and a close guess costs nothing.
 *
 *     prefix|own text .......... steps .......... |over
 *           0        mark   mark   mark   mark  reach limit
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

/* Places it on text[start..) behind `prefix` and steps until the content is larger than max, or
 * max_bytes or the text's end are reached. */
void window_place (Window *window, const GString *prefix, gsize start, gsize max, gsize max_bytes);

/* Where no end that fits can lie beyond: the first place known to be over, or as far as max_bytes
 * and the text go. */
gsize window_limit (const Window *window);

/* The last mark of at most `size`. */
gsize window_mark_before (const Window *window, gsize size);

/* Between marks the size is taken to grow evenly; beyond the last, as before it. */
gsize window_guess (const Window *window, gsize end);

/* Exactly; `end` is at most window_limit. */
gsize window_size (const Window *window, gsize end);

/* The longest own text of at most max, exactly; 0 when not one character fits. */
gsize window_reach (const Window *window, gsize max);

/* Prefix and own text up to `end`. Borrowed, until the window is placed anew. */
const char *window_content (const Window *window, gsize end, gsize *bytes);
