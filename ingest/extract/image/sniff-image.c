/* Pictures that OCR reads. */
#include "image-size.h"
#include "ingest/extract/sniff.h"

gboolean
sniff_image (const SniffInput *input, Sniff *found)
{
  const char *type = image_type (input->data, input->bytes);

  return type != NULL && sniff_found (found, "image", type);
}
