#include "text-load.h"

#include "ingest/extract/charset.h"
#include "ingest/extract/clean.h"

#include <string.h>

#define PIECE_BYTES (32u << 10)

GString *
text_load (const ExtractInput *input, ExtractSink *sink)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (GBytes) utf8 = NULL;
  GString *text;
  Charset charset;
  guint64 replaced;
  const char *decoded;

  charset_guess (data, bytes, NULL, &charset);
  utf8 = charset_to_utf8 (input->bytes, &charset, &replaced);
  if (replaced > 0)
    extract_warn (sink, "%" G_GUINT64_FORMAT " characters could not be read as %s", replaced,
                  charset.name);
  decoded = g_bytes_get_data (utf8, &bytes);
  text = g_string_sized_new (bytes + 1);
  if (clean_is (decoded, bytes))
    g_string_append_len (text, decoded, (gssize)bytes);
  else
    clean_append (text, decoded, bytes);
  return text;
}

/* Where a piece of code ends: bytes when it is no longer than one. */
static gsize
piece_end (const char *text, gsize bytes)
{
  const char *half = text + PIECE_BYTES / 2, *end = text + PIECE_BYTES;
  const char *cut = NULL;

  if (bytes <= PIECE_BYTES)
    return bytes;
  for (const char *at = end; at > half; at--)
    if (at[0] == '\n' && at[-1] == '\n')
      return (gsize)(at - text);
  cut = memrchr (half, '\n', (gsize)(end - half));
  if (cut != NULL)
    return (gsize)(cut - text);
  while (((guchar)*end & 0xc0) == 0x80)
    end--;
  return (gsize)(end - text);
}

gboolean
text_deliver_code (ExtractSink *sink, const char *language, const char *text, gsize bytes,
                   GError **error)
{
  while (bytes > 0) {
    gsize end = piece_end (text, bytes);

    if (!extract_code (sink, 0, language, text, (gssize)end, error))
      return FALSE;
    text += end;
    bytes -= end;
    /* the line end at the cut is the fence's */
    if (bytes > 0 && *text == '\n') {
      text++;
      bytes--;
    }
  }
  return TRUE;
}

gboolean
text_next_line (const char **at, const char *end, const char **line, gsize *bytes)
{
  const char *newline;

  if (*at >= end)
    return FALSE;
  newline = memchr (*at, '\n', (gsize)(end - *at));
  *line = *at;
  *bytes = (gsize)((newline == NULL ? end : newline) - *at);
  *at = newline == NULL ? end : newline + 1;
  return TRUE;
}
