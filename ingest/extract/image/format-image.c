/* Pictures: their text by OCR (ocr.h). What there is of TIFF's directories is read by hand, to know
 * how many pages there are and how large. */
#include "image-size.h"
#include "ingest/extract/formats.h"
#include "ocr.h"

#include <string.h>

gboolean
extract_read_image (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (GError) reason = NULL;
  guint width, height, pages;

  if (!image_size (data, bytes, &width, &height, &pages)) {
    g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                         "the picture's size cannot be read: it ends early, or is damaged");
    return FALSE;
  }
  extract_meta_uint (sink, "pages", pages);
  if (input->limits->ocr == EXTRACT_OCR_OFF && ocr_is_page_sized (width, height)) {
    g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED,
                         "its text is in a picture, and ocr in [extract] is off");
    return FALSE;
  }
  if (!ocr_wanted (input, width, height, &reason)) {
    if (reason != NULL)
      g_propagate_error (error, g_steal_pointer (&reason));
    else
      extract_warn (sink, "the picture, %u x %u, was not read: not of a page's size", width,
                    height);
    return reason == NULL && (error == NULL || *error == NULL);
  }
  for (guint i = 0; i < pages; i++)
    if (!ocr_read_file (sink, i + 1, data, bytes, i, input->limits, error))
      return FALSE;
  return TRUE;
}
