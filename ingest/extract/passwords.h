/* passwords.h: passwords out of a file, and how they are forgotten. */
#pragma once

#include "extract.h"

/* One a line, in the order in which they are to be tried; empty lines are passed over. Errors:
 * EXTRACT_ERROR_READ, naming the file. (transfer full), to be freed by the other. */
char **passwords_load (const char *path, GError **error);

/* Wipes them. (nullable) */
void passwords_free (char **passwords);
