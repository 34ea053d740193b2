/* text-load.h: a whole file as clean UTF-8, for readers of text with a structure of its own; and
 * long code in pieces. */
#pragma once

#include "ingest/extract/extract.h"

/* Decoded and cleaned (clean.h), line ends are \n; NUL-terminated. Warns with the sink when
 * characters could not be read. (transfer full) */
GString *text_load (const ExtractInput *input, ExtractSink *sink);

/* Code as blocks of at most some 32 KiB, cut at blank lines where there are any, otherwise between
 * lines. language: (nullable) */
gboolean text_deliver_code (ExtractSink *sink, const char *language, const char *text, gsize bytes,
                            GError **error);

/* The source of a Markdown text, block by block, as it is; `gap` stands before the first. */
gboolean text_deliver_markdown (ExtractSink *sink, const char *gap, const char *source, gsize bytes,
                                gboolean is_document, GError **error);

/* The next line of [*at, end), without its line end; FALSE at the end. */
gboolean text_next_line (const char **at, const char *end, const char **line, gsize *bytes);
