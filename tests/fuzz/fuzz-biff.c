/* Records of BIFF2 to BIFF8, without the OLE2 file around them. */
#include "tests/extract-reading.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, document);
  ExtractInput input = {.name = "a.xls", .declared = "", .bytes = bytes, .limits = &default_limits};

  extract_read_xls (&input, sink, NULL);
  g_assert_true (g_utf8_validate (document->text->str, (gssize)document->text->len, NULL));
  return 0;
}
