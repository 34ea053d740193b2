/* map-file.h: a file's bytes, mapped into memory by a sandboxed process. */
#pragma once

#include <glib.h>

/* A file cut short while it is mapped ends in SIGBUS, which the parent reads as what it is.
 * Errors: EXTRACT_ERROR_READ, _TOO_LARGE, _MEMORY. (transfer full) */
GBytes *map_file (int fd, guint64 max_bytes, GError **error);
