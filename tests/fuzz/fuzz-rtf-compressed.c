/* Any bytes as compressed RTF, and what comes out as RTF that wraps HTML. */
#include "ingest/extract/rtf/rtf-compressed.h"
#include "ingest/extract/rtf/rtf-html.h"
#include "tests/fuzz/fuzz-reading.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t bytes)
{
  g_autoptr (GBytes) packed = g_bytes_new_static (data, bytes);
  g_autoptr (GBytes) rtf = rtf_decompress (packed, NULL);
  GBytes *html = rtf_to_html (rtf != NULL ? rtf : packed);

  if (html != NULL)
    g_bytes_unref (html);
  return 0;
}
