/* clean.h: what no block's text may hold: NUL, control characters other than tab and line feed,
 * invalid UTF-8, CR. */
#pragma once

#include <glib.h>

/* TRUE when there is nothing to clean. */
gboolean clean_is (const char *text, gsize bytes);

/* Appends `text` cleaned: line ends (CR LF, CR, form feed) are \n, other controls are dropped, one
 * U+FFFD stands for each character that is none. */
void clean_append (GString *out, const char *text, gsize bytes);
