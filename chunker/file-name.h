/* file-name.h: file names, which are any bytes, as text. */
#pragma once

#include <glib.h>

/* Why open() failed, worded to follow "FILE: ". Borrowed. */
const char *file_name_open_reason (int error_number);

/* The name a document gets: the last part of the path, bytes that are no UTF-8 as \xNN.
 * (transfer full) */
char *file_name_for_document (const char *path);

/* A name or message as it can be shown on one line of a terminal: nothing that moves a cursor or
 * turns the direction of text; what is left out is written \n, \xNN, \uNNNN. (transfer full) */
char *file_name_printable (const char *text);
