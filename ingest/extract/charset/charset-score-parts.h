/* charset-score-parts.h: what the scores of single-byte and of multi-byte charsets share. */
#pragma once

#include <glib.h>

/* All costs are in half bits. */
#define COST_UNDEFINED 60 /* no character at all */

/* A character that is no letter, after `before`. */
guint charset_symbol_cost (gunichar c, gunichar before);

/* What a letter costs after a character that is none. */
guint charset_letter_after_symbol_cost (gunichar c);

/* The charset of each kind whose reading of the sample costs least. cost: out. For multi-byte
 * charsets: NULL when all cost more than `cost` holds. Names are static. */
const char *charset_best_single (const guint8 *sample, gsize bytes, guint64 *cost);
const char *charset_best_multi (const guint8 *sample, gsize bytes, guint64 *cost);
