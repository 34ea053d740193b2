/* abbreviations.h: words that are written with a point and go on.
 *
 * ICU has such lists, too ("@ss=standard"); reading them costs 0.2-0.4 ms a document, and some of
 * their words end sentences far more often than not.
 */
#pragma once

#include <glib.h>

/* Whether what stands before the point at `point` is an abbreviation, an initial, or the number of
 * a list at the beginning of a line. Some bytes before it are looked at. */
gboolean abbreviations_has (const char *text, gsize point);
