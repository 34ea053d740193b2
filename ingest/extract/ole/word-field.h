/* word-field.h: what the instruction of a field of Word says (ECMA-376 part 1, 17.16). */
#pragma once

#include <glib.h>

/* The target of HYPERLINK where it leads out of the document: "http://...". (transfer full)
 * (nullable) */
char *word_field_link (const char *instruction);

/* What SYMBOL and EQ show, for which no result is stored: TRUE when it is such a field, and the
 * text is appended. */
gboolean word_field_show (const char *instruction, GString *out);
