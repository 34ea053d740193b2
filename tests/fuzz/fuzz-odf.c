/* Flat OpenDocument: styles and content in one XML file. */
#include "tests/extract-reading.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, document);
  ExtractInput input = {
      .name = "a.fodt", .declared = "", .bytes = bytes, .limits = &default_limits};
  g_autoptr (GError) error = NULL;

  extract_read_flat_odf (&input, sink, &error);
  g_assert_true (extract_sink_finish (sink, NULL));
  g_assert_true (g_utf8_validate (document->text->str, (gssize)document->text->len, NULL));
  return 0;
}
