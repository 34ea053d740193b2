/* Web archives of crawlers (WARC, ISO 28500): each page that was fetched is a member, named by its
 * address. */
#include "ingest/extract/formats.h"

#include <string.h>

/* "Name: value" lines of a record or of an HTTP answer in it. */
typedef struct {
  const char *start;
  const char *end; /* the blank line */
} Head;

/* The head that begins at `start`, and what follows it. FALSE: it does not end. */
static gboolean
find_head (const char *start, const char *end, Head *head, const char **body)
{
  for (const char *at = start; (at = memchr (at, '\n', (gsize)(end - at))) != NULL; at++) {
    const char *next = at + 1;

    if (next < end && *next == '\r')
      next++;
    if (next < end && *next == '\n') {
      *head = (Head){start, at};
      *body = next + 1;
      return TRUE;
    }
  }
  return FALSE;
}

/* (transfer full) (nullable) */
static char *
head_value (const Head *head, const char *name)
{
  gsize length = strlen (name);

  for (const char *at = head->start; at < head->end;) {
    const char *line_end = memchr (at, '\n', (gsize)(head->end - at)) ?: head->end;

    if ((gsize)(line_end - at) > length && at[length] == ':' &&
        g_ascii_strncasecmp (at, name, length) == 0)
      return g_strstrip (g_strndup (at + length + 1, (gsize)(line_end - at) - length - 1));
    at = line_end + 1;
  }
  return NULL;
}

/* What a record holds: of an HTTP answer what was asked for. */
static gboolean
read_record (const ExtractInput *input, const Head *record, const char *start, const char *end,
             ExtractSink *sink, GError **error)
{
  const char *data = g_bytes_get_data (input->bytes, NULL);
  g_autofree char *kind = head_value (record, "WARC-Type");
  g_autofree char *address = head_value (record, "WARC-Target-URI");
  g_autofree char *type = NULL;
  g_autofree char *listed = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char *body = start;
  Head answer;

  if (kind == NULL || address == NULL ||
      (strcmp (kind, "response") != 0 && strcmp (kind, "resource") != 0 &&
       strcmp (kind, "conversion") != 0))
    return TRUE;
  if (end - start > 5 && memcmp (start, "HTTP/", 5) == 0 && find_head (start, end, &answer, &body))
    type = head_value (&answer, "Content-Type");
  else
    type = head_value (record, "Content-Type");
  /* "<http://...>" in version 0.18 and in some writers' 1.0 */
  g_strdelimit (address, "<>", ' ');
  bytes = g_bytes_new_from_bytes (input->bytes, (gsize)(body - data), (gsize)(end - body));
  listed = type != NULL ? g_strdup_printf ("%s (%s)", g_strstrip (address), type)
                        : g_strdup (g_strstrip (address));
  return extract_list_item (sink, 1, 0, NULL, listed, -1, error) &&
         extract_member (input, address, type != NULL ? type : "", bytes, sink, error);
}

gboolean
extract_read_warc (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize size;
  const char *at = g_bytes_get_data (input->bytes, &size);
  const char *end = at + size, *body;
  Head record;

  while (at < end) {
    g_autofree char *length = NULL;
    guint64 bytes;

    while (at < end && g_ascii_isspace (*at))
      at++;
    if (at == end)
      return TRUE;
    if (end - at < 5 || memcmp (at, "WARC/", 5) != 0 || !find_head (at, end, &record, &body))
      return extract_limit_error (error, "the rest of the archive is damaged");
    length = head_value (&record, "Content-Length");
    bytes = length == NULL ? 0 : g_ascii_strtoull (length, NULL, 10);
    bytes = MIN (bytes, (guint64)(end - body));
    if (!read_record (input, &record, body, body + bytes, sink, error))
      return FALSE;
    at = body + bytes;
  }
  return TRUE;
}
