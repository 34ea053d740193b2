/* A page as a helper may send it.
 * seeds: none */
#include "reader.h"

#include "ingest/extract/pdf/pdf-pages.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (PdfPage) page = pdf_page_unpack (data, size);
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  g_autoptr (PdfPage) again = NULL;

  if (page == NULL)
    return 0;
  pdf_tables_find (page);
  pdf_notes_mark (page, 10);
  g_ptr_array_unref (pdf_notes_take (page));
  pdf_page_pack (page, packed);
  again = pdf_page_unpack (packed->data, packed->len);
  g_assert_nonnull (again);
  return 0;
}
