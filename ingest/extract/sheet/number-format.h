/* number-format.h: numbers as a spreadsheet shows them.
 *
 * Format codes as ECMA-376 part 1, 18.8.30 and 18.8.31 describe them and Excel applies them: up to
 * four sections by sign, condition or text; digits, thousands, percent, fractions, exponents; dates
 * of both epochs, elapsed time; literals. ODF's number styles are turned into such codes.
 *
 * What only makes room (_x, *x) or colour ([Red]) is dropped. Names of months and days are those of
 * the code's own locale ([$-407]), English without one.
 */
#pragma once

#include <glib.h>

typedef struct NumberFormat NumberFormat;

/* Any code is one: what cannot be understood is a literal. (transfer full) */
NumberFormat *number_format_new (const char *code);
void number_format_free (NumberFormat *format);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (NumberFormat, number_format_free)

/* The code of a built-in id; "General" where there is none. */
const char *number_format_builtin (guint id);

/* TRUE when (some) values are shown as date or time. */
gboolean number_format_is_date (const NumberFormat *format);

/* Appends the value as shown. epoch_1904: days count from 1904-01-01. */
void number_format_append (const NumberFormat *format, double value, gboolean epoch_1904,
                           GString *out);

/* Appends a text as shown: mostly as it is. */
void number_format_append_text (const NumberFormat *format, const char *text, gsize bytes,
                                GString *out);

/* Appends the value as "General" shows it: up to 15 digits. */
void number_format_append_general (double value, GString *out);

/* The date that ISO 8601 text says (2006-11-24, 2006-11-24T12:30:00.5Z) as a number of days of the
 * 1900 epoch. FALSE: it is none. */
gboolean number_format_parse_date (const char *text, double *value);
