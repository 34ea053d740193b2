/* A web page in one file (MHTML, RFC 2557): the page itself; pictures, styles and scripts with it
 * are none of the text. */
#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"
#include "mail-header.h"
#include "mail-part.h"

#include <string.h>

#define PAGE_DEPTH_MAX 8

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
} PageReader;

static gboolean
read_page (PageReader *reader, GMimePart *part, GError **error)
{
  g_autoptr (GString) text = mail_part_text (part);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text->str, text->len);
  ExtractInput input = *reader->input;

  input.bytes = bytes;
  return extract_read_html (&input, reader->sink, error);
}

/* Pages in order; after the first that says something (the root, or what its frames show) none. */
static gboolean
read_part (PageReader *reader, GMimeObject *part, guint depth, GError **error)
{
  g_autofree char *type = mail_part_type (part);

  if (GMIME_IS_MULTIPART (part) && depth < PAGE_DEPTH_MAX) {
    int n = g_mime_multipart_get_count (GMIME_MULTIPART (part));

    for (int i = 0; i < n; i++)
      if (!read_part (reader, g_mime_multipart_get_part (GMIME_MULTIPART (part), i), depth + 1,
                      error))
        return FALSE;
    return TRUE;
  }
  if (!GMIME_IS_PART (part) || extract_sink_blocks (reader->sink) > 0 ||
      (strcmp (type, "text/html") != 0 && strcmp (type, "application/xhtml+xml") != 0))
    return TRUE;
  return read_page (reader, GMIME_PART (part), error);
}

gboolean
extract_read_mht (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GMimeMessage) message = mail_parse (input->bytes);
  GMimeObject *body = g_mime_message_get_mime_part (message);
  g_autofree char *subject =
      mail_header_decode (mail_part_header (GMIME_OBJECT (message), "Subject"), NULL);
  PageReader reader = {input, sink};

  extract_meta (sink, "title", subject);
  if (body != NULL && !read_part (&reader, body, 0, error))
    return FALSE;
  if (extract_sink_blocks (sink) == 0)
    extract_warn (sink, "there is no page in it");
  return TRUE;
}
