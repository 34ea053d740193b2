/* ocr.h: text out of pictures, by Tesseract where the build found it.
 *
 * Loading it and its language data takes a quarter of a second, so that a worker has it only when
 * started for it (ExtractLimits.ocr_engine). A reader that meets a picture in a worker without it
 * ends with EXTRACT_ERROR_NEEDS_OCR; the client starts the other kind and hands the file over
 * again.
 */
#pragma once

#include "ingest/extract/extract.h"

/* "tesseract/5.3.0"; "no-ocr" when the build has none. */
const char *ocr_version (void);

/* Loads library and data, before the sandbox, where limits ask for it. No error: without an engine
 * ocr_wanted says why. */
void ocr_warm_up (const ExtractLimits *limits);

/* A new file begins: its budget of pages (max_ocr_pages) is whole. */
void ocr_begin_file (void);

/* Less is a logo, a button, a line; more would not fit into memory. */
gboolean ocr_is_page_sized (guint width, guint height);

/* Shall a picture of that size be read? FALSE without an error: no, by the settings or because it
 * is too small to hold a page or too large. FALSE with an error: EXTRACT_ERROR_NEEDS_OCR, or
 * EXTRACT_ERROR_UNSUPPORTED where nobody can. */
gboolean ocr_wanted (const ExtractInput *input, guint width, guint height, GError **error);

/* Reads one picture, whose bytes are those of a file (PNG, JPEG, TIFF, ...), or its `index`-th
 * page. Paragraphs go to the sink. FALSE: nothing more is wanted. */
gboolean ocr_read_file (ExtractSink *sink, guint page, const guint8 *data, gsize bytes, guint index,
                        const ExtractLimits *limits, GError **error);

/* The same for pixels: 8 bits of grey each, rows of `stride` bytes. */
gboolean ocr_read_grey (ExtractSink *sink, guint page, const guint8 *pixels, guint width,
                        guint height, guint stride, const ExtractLimits *limits, GError **error);
