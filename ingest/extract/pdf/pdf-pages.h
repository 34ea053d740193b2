/* pdf-pages.h: a document's pages in their order, read here or, of a long document, by the worker's
 * helpers too (helpers.h). The text is the same either way. */
#pragma once

#include "format-pdf.h"

#include "ingest/extract/helpers.h"

typedef struct PdfPages PdfPages;

/* password: (nullable) that opened the document. n_pages: that will be taken. */
PdfPages *pdf_pages_new (PopplerDocument *document, const ExtractInput *input, ExtractSink *sink,
                         const char *password, guint n_pages);
void pdf_pages_free (PdfPages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PdfPages, pdf_pages_free)

/* The next page, NULL when it is damaged beyond reading. (transfer full) FALSE, error set: memory
 * or time was not enough. */
gboolean pdf_pages_next (PdfPages *pages, PdfPage **page, GError **error);

/* The same for a page that may not know of those before it: NULL where that might matter, and where
 * pdf_pages_next has a failure to tell. (nullable) (transfer full) */
PdfPage *pdf_page_read_ahead (PopplerDocument *document, guint index);

/* --- pdf-page-pack.c: a page as bytes, between processes of one program ------------------------
 */

/* All that pdf_page_read gives but attachments. */
void pdf_page_pack (const PdfPage *page, GByteArray *bytes);

/* NULL: these are no page's bytes. What is returned is as sound as what pdf_page_read returns:
 * text valid, places within it, numbers finite. (nullable) (transfer full) */
PdfPage *pdf_page_unpack (const guint8 *bytes, gsize n_bytes);
