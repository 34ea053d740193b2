/* image-size.h: what kind of picture a file is, and how large, by its first bytes. */
#pragma once

#include <glib.h>

/* "image/png" and the like; NULL: it is no picture that OCR reads. Static. */
const char *image_type (const guint8 *data, gsize bytes);

/* width, height: of the largest page, in pixels. pages: of TIFF, otherwise 1. FALSE: the file is
 * damaged. */
gboolean image_size (const guint8 *data, gsize bytes, guint *width, guint *height, guint *pages);
