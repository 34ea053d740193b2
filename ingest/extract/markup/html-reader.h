/* html-reader.h: HTML into a sink: a file of its own, or a part of another (a chapter of an EPUB,
 * the description of a feed's entry). */
#pragma once

#include "ingest/extract/extract.h"

/* is_part: title and author are not taken from it, the language only where there is none yet. */
gboolean html_read (const ExtractInput *input, ExtractSink *sink, gboolean is_part, GError **error);
