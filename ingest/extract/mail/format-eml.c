/* A message (RFC 5322): its subject, the headers that matter, its body; attachments and messages in
 * it are members. */
#include "ingest/extract/formats.h"
#include "mail-body.h"
#include "mail-header.h"
#include "mail-lines.h"

#include <string.h>

typedef struct {
  const char *header;
  const char *label;
  gboolean is_addresses;
} ShownHeader;

static const ShownHeader shown[] = {
    {"From", "From", TRUE},  {"Reply-To", "Reply-To", TRUE}, {"To", "To", TRUE},
    {"Cc", "Cc", TRUE},      {"Bcc", "Bcc", TRUE},           {"Newsgroups", "Newsgroups", FALSE},
    {"Date", "Date", FALSE},
};

/* (transfer full) */
static char *
header_text (GMimeMessage *message, const ShownHeader *header, const char *charset)
{
  const char *raw = mail_part_header (GMIME_OBJECT (message), header->header);

  return header->is_addresses ? mail_header_decode_addresses (raw, charset)
                              : mail_header_decode (raw, charset);
}

static gboolean
read_headers (GMimeMessage *message, const char *charset, ExtractSink *sink, GError **error)
{
  g_autofree char *subject =
      mail_header_decode (mail_part_header (GMIME_OBJECT (message), "Subject"), charset);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *from = NULL; /* the first that is shown */

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    g_autofree char *text = header_text (message, &shown[i], charset);

    /* answers go to who wrote it, mostly */
    if (from == NULL)
      from = g_strdup (text);
    else if (strcmp (text, from) == 0)
      continue;
    if (*text != '\0')
      g_string_append_printf (lines, "%s%s: %s", lines->len > 0 ? "\n" : "", shown[i].label, text);
  }
  return extract_heading (sink, 1, 0, subject, -1, error) &&
         extract_paragraph (sink, 0, lines->str, (gssize)lines->len, error);
}

/* After the body: a page in it has a title of its own. */
static void
set_metadata (GMimeMessage *message, const char *charset, ExtractSink *sink)
{
  g_autofree char *subject =
      mail_header_decode (mail_part_header (GMIME_OBJECT (message), "Subject"), charset);
  g_autofree char *from =
      mail_header_decode_addresses (mail_part_header (GMIME_OBJECT (message), "From"), charset);
  g_autofree char *date = mail_header_date (mail_part_header (GMIME_OBJECT (message), "Date"));

  extract_meta (sink, "title", subject);
  extract_meta (sink, "author", from);
  extract_meta (sink, "created", date);
}

/* Bytes above ASCII in headers are mostly of the charset of the body. (transfer full) (nullable) */
static char *
body_charset (GMimeMessage *message)
{
  GMimeObject *body = g_mime_message_get_mime_part (message);

  for (guint i = 0; i < 8 && body != NULL && GMIME_IS_MULTIPART (body) &&
                    g_mime_multipart_get_count (GMIME_MULTIPART (body)) > 0;
       i++)
    body = g_mime_multipart_get_part (GMIME_MULTIPART (body), 0);
  return body == NULL ? NULL : mail_part_parameter (body, "charset");
}

/* Without what some programs put before the first header: blank lines, a mailbox's "From ". Blank
 * lines before a text are the end of a head without headers. (transfer full) */
static GBytes *
skip_to_headers (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 *end = data + size, *start = data, *text = data;

  while (text < end && g_ascii_isspace (*text))
    text++;
  while (end - text > 6 && (memcmp (text, "From ", 5) == 0 || memcmp (text, ">From ", 6) == 0))
    start = text = mail_lines_next (text, end);
  if (mail_lines_is_header (text, end))
    start = text;
  return g_bytes_new_from_bytes (bytes, (gsize)(start - data), (gsize)(end - start));
}

gboolean
extract_read_eml (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GBytes) narrow = mail_lines_narrow (input->bytes);
  g_autoptr (GBytes) bytes = skip_to_headers (narrow);
  g_autoptr (GMimeMessage) message = mail_parse (bytes);
  g_autofree char *charset = body_charset (message);
  GMimeObject *body = g_mime_message_get_mime_part (message);

  if (!read_headers (message, charset, sink, error) ||
      (body != NULL && !mail_body_read (input, body, sink, error)))
    return FALSE;
  set_metadata (message, charset, sink);
  return TRUE;
}

gboolean
extract_read_emlx (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (input->bytes, &size);
  const char *line_end = memchr (data, '\n', size);
  gsize start = line_end == NULL ? 0 : (gsize)(line_end + 1 - data);
  guint64 length = g_ascii_strtoull (data, NULL, 10); /* ends at the line's end at the latest */
  g_autoptr (GBytes) bytes =
      g_bytes_new_from_bytes (input->bytes, start, (gsize)MIN (length, size - start));
  ExtractInput message = *input;

  message.bytes = bytes;
  return extract_read_eml (&message, sink, error);
}
