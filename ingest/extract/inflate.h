/* inflate.h: .gz around any other format. */
#pragma once

#include "extract.h"

gboolean inflate_is_gzip (const guint8 *data, gsize bytes);

/* All members of a .gz, one after the other; bytes after the last member that are no member are
 * ignored. (transfer full)
 *
 * partial: set (transfer full) when the file is cut short or damaged and what came before is
 * returned. Errors: EXTRACT_ERROR_CORRUPT when nothing came out, _BOMB beyond the limits,
 * _MEMORY. */
GBytes *inflate_gzip (GBytes *compressed, ExtractSink *sink, char **partial, GError **error);

/* File name without its .gz (.tgz becomes .tar). (transfer full) */
char *inflate_inner_name (const char *name);
