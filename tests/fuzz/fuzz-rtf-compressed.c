/* Any bytes as compressed RTF, and what comes out as RTF that wraps HTML. seeds: rtf */
#include "reader.h"

#include "ingest/extract/rtf/rtf-compressed.h"
#include "ingest/extract/rtf/rtf-html.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) packed = g_bytes_new_static (data, size);
  g_autoptr (GBytes) rtf = rtf_decompress (packed, NULL);
  GBytes *html = rtf_to_html (rtf != NULL ? rtf : packed);

  if (html != NULL)
    g_bytes_unref (html);
  return 0;
}
