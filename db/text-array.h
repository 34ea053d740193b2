/* text-array.h: PostgreSQL array literals ('{"a","b"}') for text parameters. */
#pragma once

#include <glib.h>

/* Starts, appends one element (NULL is null) and ends a literal. */
GString *text_array_begin (void);
void text_array_add (GString *array, const char *element);
void text_array_add_int (GString *array, gint64 element);
/* Frees the GString. (transfer full) */
char *text_array_end (GString *array);
