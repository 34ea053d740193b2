/* Plain text: paragraphs are what blank lines part. The text stays as it is; it is read in slices
 * and never held whole. */
#include "ingest/extract/charset.h"
#include "ingest/extract/clean.h"
#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <string.h>

#define PIECE_BYTES (64u << 10)

typedef struct {
  ExtractSink *sink;
  GString *gap;     /* white space since the last block */
  GString *pending; /* cleaned text that is not delivered yet */
} Reader;

static gsize
blank_prefix (const char *text, gsize bytes)
{
  gsize end = 0;

  /* whole blank lines: the indentation of a first line is text */
  for (gsize i = 0; i < bytes && g_ascii_isspace (text[i]); i++)
    if (text[i] == '\n')
      end = i + 1;
  return end;
}

/* The end of the paragraph that begins at `text`: where a blank line follows; bytes when none
 * does. */
static gsize
paragraph_end (const char *text, gsize bytes)
{
  const char *end = text + bytes;

  for (const char *at = text; (at = memchr (at, '\n', (gsize)(end - at))) != NULL; at++) {
    const char *next = at + 1;

    while (next < end && (*next == ' ' || *next == '\t'))
      next++;
    if (next < end && *next == '\n')
      return (gsize)(at - text);
  }
  return bytes;
}

/* Where a paragraph longer than a piece is cut: at a line end, otherwise a space, otherwise
 * between characters. */
static gsize
piece_end (const char *text)
{
  gsize end = PIECE_BYTES;
  const char *at = memrchr (text, '\n', end);

  if (at == NULL || at == text)
    at = memrchr (text, ' ', end);
  if (at != NULL && at > text)
    return (gsize)(at - text);
  while (((guchar)text[end] & 0xc0) == 0x80)
    end--;
  return end;
}

static gboolean
deliver (Reader *reader, const char *text, gsize bytes, GError **error)
{
  gboolean first = extract_sink_blocks (reader->sink) == 0;

  if (reader->gap->len > EXTRACT_GAP_MAX)
    g_string_assign (reader->gap, "\n\n");
  if (!extract_verbatim (reader->sink, BLOCK_PARAGRAPH, 0, 0, reader->gap->str,
                         first ? 0 : reader->gap->len, text, bytes, error))
    return FALSE;
  g_string_truncate (reader->gap, 0);
  return TRUE;
}

/* Delivers the paragraphs that are complete; at the end of the text, all. */
static gboolean
drain (Reader *reader, gboolean at_end, GError **error)
{
  const char *text = reader->pending->str;
  gsize left = reader->pending->len;

  while (left > 0) {
    gsize blank = blank_prefix (text, left);
    gsize end;

    if (blank > 0 && reader->gap->len <= EXTRACT_GAP_MAX)
      g_string_append_len (reader->gap, text, (gssize)blank);
    text += blank;
    left -= blank;
    end = paragraph_end (text, left);
    if (end > PIECE_BYTES)
      end = piece_end (text);
    else if (end == left && !at_end)
      break;
    if (end > 0 && !deliver (reader, text, end, error))
      return FALSE;
    text += end;
    left -= end;
    if (left > 0 && g_ascii_isspace (*text)) {
      g_string_append_c (reader->gap, *text++);
      left--;
    }
  }
  g_string_erase (reader->pending, 0, text - reader->pending->str);
  return TRUE;
}

static gboolean
take_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  Reader *reader = user_data;

  if (clean_is (slice, bytes))
    g_string_append_len (reader->pending, slice, (gssize)bytes);
  else
    clean_append (reader->pending, slice, bytes);
  return drain (reader, FALSE, error);
}

gboolean
extract_read_text (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (GString) gap = g_string_new (NULL);
  g_autoptr (GString) pending = g_string_new (NULL);
  Reader reader = {sink, gap, pending};
  Charset charset;
  guint64 replaced;

  charset_guess (data, bytes, NULL, &charset);
  if (!charset_decode (data, bytes, &charset, take_slice, &reader, &replaced, error) ||
      !drain (&reader, TRUE, error))
    return FALSE;
  if (replaced > 0)
    extract_warn (sink, "%" G_GUINT64_FORMAT " characters could not be read as %s", replaced,
                  charset.name);
  return TRUE;
}
