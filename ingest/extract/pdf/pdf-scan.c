#include "pdf-scan.h"

#include "ingest/extract/image/ocr.h"

#include <cairo.h>

/* Of the page's area. */
#define SHARE_MIN 0.5

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (cairo_surface_t, cairo_surface_destroy)

/* The picture that covers most of the page; -1: none covers half of it. */
static int
find_picture (PopplerPage *page)
{
  GList *mapping = poppler_page_get_image_mapping (page);
  double width, height, largest = 0;
  int found = -1;

  poppler_page_get_size (page, &width, &height);
  for (GList *at = mapping; at != NULL; at = at->next) {
    const PopplerImageMapping *image = at->data;
    double share = (image->area.x2 - image->area.x1) * (image->area.y2 - image->area.y1) /
                   MAX (width * height, 1);

    if (share >= SHARE_MIN && share > largest) {
      largest = share;
      found = image->image_id;
    }
  }
  poppler_page_free_image_mapping (mapping);
  return found;
}

/* One byte a pixel, rows without gaps. (transfer full) (nullable) */
static guint8 *
to_grey (cairo_surface_t *surface, guint width, guint height)
{
  const guint8 *data = cairo_image_surface_get_data (surface);
  gsize stride = (gsize)cairo_image_surface_get_stride (surface);
  cairo_format_t format = cairo_image_surface_get_format (surface);
  guint8 *grey;

  if (data == NULL || (format != CAIRO_FORMAT_RGB24 && format != CAIRO_FORMAT_ARGB32))
    return NULL;
  grey = g_try_malloc ((gsize)width * height);
  for (guint y = 0; grey != NULL && y < height; y++) {
    const guint32 *row = (const guint32 *)(gconstpointer)(data + y * stride);

    for (guint x = 0; x < width; x++)
      grey[(gsize)y * width + x] =
          (guint8)(((row[x] >> 16 & 255) * 77 + (row[x] >> 8 & 255) * 151 + (row[x] & 255) * 28) >>
                   8);
  }
  return grey;
}

static gboolean
read_picture (PopplerPage *page, int id, guint number, const ExtractInput *input, ExtractSink *sink,
              GError **error)
{
  g_autoptr (cairo_surface_t) surface = poppler_page_get_image (page, id);
  g_autoptr (GError) reason = NULL;
  g_autofree guint8 *grey = NULL;
  guint width, height;

  if (surface == NULL || cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS)
    return TRUE;
  width = (guint)cairo_image_surface_get_width (surface);
  height = (guint)cairo_image_surface_get_height (surface);
  if (!ocr_wanted (input, width, height, &reason)) {
    if (!g_error_matches (reason, EXTRACT_ERROR, EXTRACT_ERROR_NEEDS_OCR))
      return TRUE; /* without OCR the page stays without text */
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  cairo_surface_flush (surface);
  grey = to_grey (surface, width, height);
  return grey == NULL ||
         ocr_read_grey (sink, number, grey, width, height, width, input->limits, error);
}

gboolean
pdf_scan_read (PopplerDocument *document, const GArray *numbers, const ExtractInput *input,
               ExtractSink *sink, GError **error)
{
  if (input->limits->ocr == EXTRACT_OCR_OFF)
    return TRUE;
  for (guint i = 0; i < numbers->len; i++) {
    guint number = g_array_index (numbers, guint, i);
    g_autoptr (PopplerPage) page = poppler_document_get_page (document, (int)number - 1);
    int id = page == NULL ? -1 : find_picture (page);

    if (extract_time_is_up (sink))
      return extract_limit_error (error, "only the pictures that could be read in time");
    if (id >= 0 && !read_picture (page, id, number, input, sink, error))
      return FALSE;
  }
  return TRUE;
}
