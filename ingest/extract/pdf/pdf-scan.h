/* pdf-scan.h: pages that are pictures of text, by OCR (image/ocr.h). */
#pragma once

#include "ingest/extract/extract.h"

#include <poppler.h>

/* numbers: (element-type guint) pages without text, from 1. The one picture that covers a page is
 * read; a page of many small ones is not. What is read comes out behind the rest, with its page's
 * number. FALSE: nothing more is wanted; EXTRACT_ERROR_NEEDS_OCR among the errors. */
gboolean pdf_scan_read (PopplerDocument *document, const GArray *numbers, const ExtractInput *input,
                        ExtractSink *sink, GError **error);
