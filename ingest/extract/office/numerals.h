/* numerals.h: how numbers of lists, notes and headings are written. */
#pragma once

#include <glib.h>

/* Appends `value` in the way that `format` names: w:numFmt of WordprocessingML (ECMA-376 part 1,
 * 17.18.59: "decimal", "lowerRoman", ...), and style:num-format of ODF ("1", "a", "A", "i", "I").
 * "none", "bullet" and "" append nothing; formats that are not known append Arabic digits, as do
 * numbers that a way of writing has no form for. */
void numeral_append (GString *out, const char *format, guint value);
