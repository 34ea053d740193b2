/* Any bytes as compressed RTF (LZFu), and what comes out as RTF that wraps HTML. */
#include "ingest/extract/rtf/rtf-compressed.h"
#include "ingest/extract/rtf/rtf-html.h"
#include "reader.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) packed = g_bytes_new (data, size);
  g_autoptr (GBytes) rtf = rtf_decompress (packed, NULL);
  g_autoptr (GBytes) html = rtf_to_html (rtf != NULL ? rtf : packed);

  g_assert_true (rtf == NULL || g_bytes_get_size (rtf) <= size * 16);
  g_assert_true (html == NULL || rtf_has_html (g_bytes_get_data (rtf != NULL ? rtf : packed, NULL),
                                               g_bytes_get_size (rtf != NULL ? rtf : packed)));
  return 0;
}
