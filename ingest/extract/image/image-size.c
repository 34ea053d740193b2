#include "image-size.h"

#include <string.h>

#define TIFF_PAGES_MAX 10000
#define TIFF_WIDTH 256
#define TIFF_HEIGHT 257

/* A number of `size` bytes; 0 beyond the end. */
static guint32
number_at (const guint8 *data, gsize bytes, gsize at, guint size, gboolean big)
{
  guint32 number = 0;

  if (at > bytes || bytes - at < size)
    return 0;
  for (guint i = 0; i < size; i++)
    number |= (guint32)data[at + i] << 8 * (big ? size - 1 - i : i);
  return number;
}

static gboolean
starts_with (const guint8 *data, gsize bytes, const char *magic, gsize length)
{
  return bytes >= length && memcmp (data, magic, length) == 0;
}

const char *
image_type (const guint8 *data, gsize bytes)
{
  if (starts_with (data, bytes, "\x89PNG\r\n\x1a\n", 8))
    return "image/png";
  if (starts_with (data, bytes, "\xff\xd8\xff", 3))
    return "image/jpeg";
  if (starts_with (data, bytes, "II*\0", 4) || starts_with (data, bytes, "MM\0*", 4))
    return "image/tiff";
  if (starts_with (data, bytes, "GIF87a", 6) || starts_with (data, bytes, "GIF89a", 6))
    return "image/gif";
  if (bytes >= 16 && starts_with (data, bytes, "RIFF", 4) && memcmp (data + 8, "WEBP", 4) == 0)
    return "image/webp";
  if (bytes >= 26 && starts_with (data, bytes, "BM", 2) && data[6] == 0 && data[7] == 0 &&
      number_at (data, bytes, 14, 4, FALSE) >= 12 && number_at (data, bytes, 14, 4, FALSE) < 200)
    return "image/bmp";
  return NULL;
}

/* The frame header of JPEG (SOF), behind the segments before it. */
static void
jpeg_size (const guint8 *data, gsize bytes, guint *width, guint *height)
{
  gsize at = 2;

  while (at + 9 < bytes && data[at] == 0xff) {
    guint8 marker = data[at + 1];

    if (marker == 0xff) {
      at++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
      *height = number_at (data, bytes, at + 5, 2, TRUE);
      *width = number_at (data, bytes, at + 7, 2, TRUE);
      return;
    }
    at += 2 + number_at (data, bytes, at + 2, 2, TRUE);
  }
}

/* TIFF 6: a list of directories, each with twelve bytes an entry. */
static void
tiff_size (const guint8 *data, gsize bytes, guint *width, guint *height, guint *pages)
{
  gboolean big = data[0] == 'M';
  gsize at = number_at (data, bytes, 4, 4, big), last = 0;

  *pages = 0;
  /* directories in the order of the file: no circles */
  while (at > last && at < bytes && *pages < TIFF_PAGES_MAX) {
    guint entries = number_at (data, bytes, at, 2, big);

    for (guint i = 0; i < entries; i++) {
      gsize entry = at + 2 + 12 * (gsize)i;
      guint tag = number_at (data, bytes, entry, 2, big);
      guint size = number_at (data, bytes, entry + 2, 2, big) == 3 ? 2 : 4;
      guint value = number_at (data, bytes, entry + 8, size, big);

      if (tag == TIFF_WIDTH)
        *width = MAX (*width, value);
      else if (tag == TIFF_HEIGHT)
        *height = MAX (*height, value);
    }
    ++*pages;
    last = at;
    at = number_at (data, bytes, at + 2 + 12 * (gsize)entries, 4, big);
  }
  *pages = MAX (*pages, 1);
}

/* The three kinds of WebP have their size in different places. */
static void
webp_size (const guint8 *data, gsize bytes, guint *width, guint *height)
{
  if (bytes > 30 && memcmp (data + 12, "VP8 ", 4) == 0) {
    *width = number_at (data, bytes, 26, 2, FALSE) & 0x3fff;
    *height = number_at (data, bytes, 28, 2, FALSE) & 0x3fff;
  } else if (bytes > 25 && memcmp (data + 12, "VP8L", 4) == 0) {
    guint32 packed = number_at (data, bytes, 21, 4, FALSE);

    *width = (packed & 0x3fff) + 1;
    *height = (packed >> 14 & 0x3fff) + 1;
  } else if (bytes > 30 && memcmp (data + 12, "VP8X", 4) == 0) {
    *width = number_at (data, bytes, 24, 3, FALSE) + 1;
    *height = number_at (data, bytes, 27, 3, FALSE) + 1;
  }
}

gboolean
image_size (const guint8 *data, gsize bytes, guint *width, guint *height, guint *pages)
{
  const char *type = image_type (data, bytes);

  *width = *height = 0;
  *pages = 1;
  if (type == NULL)
    return FALSE;
  if (strcmp (type, "image/png") == 0) {
    *width = number_at (data, bytes, 16, 4, TRUE);
    *height = number_at (data, bytes, 20, 4, TRUE);
  } else if (strcmp (type, "image/gif") == 0) {
    *width = number_at (data, bytes, 6, 2, FALSE);
    *height = number_at (data, bytes, 8, 2, FALSE);
  } else if (strcmp (type, "image/bmp") == 0) {
    *width = number_at (data, bytes, 18, 4, FALSE);
    *height = number_at (data, bytes, 22, 4, FALSE);
    if (*height > G_MAXINT32) /* from the top down */
      *height = 0 - *height;
  } else if (strcmp (type, "image/jpeg") == 0) {
    jpeg_size (data, bytes, width, height);
  } else if (strcmp (type, "image/tiff") == 0) {
    tiff_size (data, bytes, width, height, pages);
  } else {
    webp_size (data, bytes, width, height);
  }
  return *width > 0 && *height > 0;
}
