#include "inflate.h"

#include "formats.h"

#include <string.h>
#include <sys/mman.h>
#include <zlib.h>

#define FIRST_CAPACITY (256u << 10)

/* Grows by mremap: a large file is never held twice. */
typedef struct {
  guint8 *data; /* NULL before the first byte */
  gsize bytes;
  gsize capacity;
} Output;

static void
output_clear (Output *output)
{
  if (output->data != NULL)
    munmap (output->data, output->capacity);
  memset (output, 0, sizeof *output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Output, output_clear)

static gboolean
output_grow (Output *output)
{
  gsize capacity = output->data == NULL ? FIRST_CAPACITY : output->capacity * 2;
  void *data =
      output->data == NULL
          ? mmap (NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
          : mremap (output->data, output->capacity, capacity, MREMAP_MAYMOVE);

  if (data == MAP_FAILED)
    return FALSE;
  output->data = data;
  output->capacity = capacity;
  return TRUE;
}

static void
output_free (gpointer data)
{
  Output *output = data;

  output_clear (output);
  g_free (output);
}

static GBytes *
output_to_bytes (Output *output)
{
  Output *kept = g_new (Output, 1);

  *kept = *output;
  memset (output, 0, sizeof *output);
  return g_bytes_new_with_free_func (kept->data, kept->bytes, output_free, kept);
}

typedef struct {
  z_stream zlib;
  gboolean open;
} Inflater;

static void
inflater_clear (Inflater *inflater)
{
  if (inflater->open)
    inflateEnd (&inflater->zlib);
  inflater->open = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Inflater, inflater_clear)

gboolean
inflate_is_gzip (const guint8 *data, gsize bytes)
{
  return bytes >= 3 && data[0] == 0x1f && data[1] == 0x8b && data[2] == 8;
}

/* One step of zlib into what is free. FALSE with error: beyond the limits or out of memory. */
static gboolean
step (Inflater *inflater, Output *output, ExtractSink *sink, int *result, GError **error)
{
  gsize room;

  if (output->bytes == output->capacity && !output_grow (output)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_MEMORY,
                 "no memory for what it inflates to (over %zu bytes)", output->bytes);
    return FALSE;
  }
  /* in pieces: a bomb is noticed early */
  room = MIN (output->capacity - output->bytes, 1u << 20);
  inflater->zlib.next_out = output->data + output->bytes;
  inflater->zlib.avail_out = (uInt)room;
  *result = inflate (&inflater->zlib, Z_NO_FLUSH);
  output->bytes += room - inflater->zlib.avail_out;
  return extract_inflated (sink, room - inflater->zlib.avail_out, error);
}

GBytes *
inflate_gzip (GBytes *compressed, ExtractSink *sink, char **partial, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (compressed, &bytes);
  g_auto (Output) output = {NULL, 0, 0};
  g_auto (Inflater) inflater = {{0}, FALSE};
  int result = Z_OK;

  if (inflateInit2 (&inflater.zlib, 15 + 16) != Z_OK) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_MEMORY, "no memory to inflate it");
    return NULL;
  }
  inflater.open = TRUE;
  inflater.zlib.next_in = (Bytef *)(guintptr)data;
  while (TRUE) {
    gsize left = (gsize)(data + bytes - inflater.zlib.next_in);

    inflater.zlib.avail_in = (uInt)MIN (left, 1u << 30);
    if (!step (&inflater, &output, sink, &result, error))
      return NULL;
    left = (gsize)(data + bytes - inflater.zlib.next_in);
    if (result == Z_STREAM_END) {
      if (!inflate_is_gzip (inflater.zlib.next_in, left))
        break;
      inflateReset (&inflater.zlib);
      result = Z_OK;
    } else if (result != Z_OK || (left == 0 && inflater.zlib.avail_out > 0)) {
      break;
    }
  }
  if (result != Z_STREAM_END && output.bytes == 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "its gzip data is damaged");
    return NULL;
  }
  if (result != Z_STREAM_END)
    *partial = g_strdup (result == Z_DATA_ERROR ? "the gzip data is damaged"
                                                : "the gzip data is cut short");
  return output_to_bytes (&output);
}

char *
inflate_inner_name (const char *name)
{
  gsize length = strlen (name);

  if (length > 3 && g_ascii_strcasecmp (name + length - 3, ".gz") == 0)
    return g_strndup (name, length - 3);
  if (length > 4 && g_ascii_strcasecmp (name + length - 4, ".tgz") == 0)
    return g_strdup_printf ("%.*s.tar", (int)(length - 4), name);
  return g_strdup (name);
}

gboolean
extract_read_gzip (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autofree char *partial = NULL;
  g_autofree char *name = inflate_inner_name (input->name);
  g_autoptr (GBytes) inflated = NULL;

  inflated = inflate_gzip (input->bytes, sink, &partial, error);
  return inflated != NULL && extract_inner (input, name, inflated, sink, error) &&
         (partial == NULL || extract_limit_error (error, "%s", partial));
}
