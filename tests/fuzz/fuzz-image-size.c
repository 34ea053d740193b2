/* Sizes of pictures, by their first bytes.
 * seeds: png */
#include "ingest/extract/image/image-size.h"
#include "reader.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint width, height, pages;

  if (image_size (data, size, &width, &height, &pages))
    g_assert_true (width > 0 && height > 0 && pages > 0);
  return 0;
}
