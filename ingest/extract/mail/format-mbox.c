/* A mailbox (RFC 4155 and its kin): each message is a member. */
#include "ingest/extract/formats.h"
#include "mail-header.h"
#include "mail-lines.h"

#include <string.h>

/* ">From " in a text stands for "From ", and ">>From " for ">From ": one '>' less. (transfer full)
 */
static GBytes *
unquote (GBytes *mailbox, const guint8 *start, const guint8 *end)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (mailbox, &size);
  g_autoptr (GByteArray) message = NULL;
  const guint8 *kept = start, *at = start;

  while ((at = memmem (at, (gsize)(end - at), "\n>", 2)) != NULL) {
    const guint8 *mark = at + 1;

    while (mark < end && *mark == '>')
      mark++;
    if (end - mark >= 5 && memcmp (mark, "From ", 5) == 0) {
      if (message == NULL)
        message = g_byte_array_new ();
      g_byte_array_append (message, kept, (guint)(at + 1 - kept));
      kept = at + 2;
    }
    at = mark;
  }
  if (message == NULL)
    return g_bytes_new_from_bytes (mailbox, (gsize)(start - data), (gsize)(end - start));
  g_byte_array_append (message, kept, (guint)(end - kept));
  return g_byte_array_free_to_bytes (g_steal_pointer (&message));
}

/* "12 Re: turbines.eml" (transfer full) */
static char *
message_name (GBytes *message, guint number)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (message, &size);
  g_autofree char *raw = mail_lines_header (data, size, "Subject");
  g_autofree char *subject = raw == NULL ? NULL : mail_header_decode (raw, NULL);

  return subject == NULL || *subject == '\0'
             ? g_strdup_printf ("%u.eml", number)
             : g_strdup_printf ("%u %s.eml", number, g_strdelimit (subject, "/\\", '-'));
}

static gboolean
read_message (const ExtractInput *input, const guint8 *start, const guint8 *end, guint number,
              ExtractSink *sink, GError **error)
{
  g_autoptr (GBytes) message = unquote (input->bytes, start, end);
  g_autofree char *name = message_name (message, number);

  return extract_list_item (sink, 1, 0, NULL, name, -1, error) &&
         extract_member (input, name, "message/rfc822", message, sink, error);
}

gboolean
extract_read_mbox (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize size;
  const guint8 *at = g_bytes_get_data (input->bytes, &size);
  const guint8 *end = at + size;
  guint number = 0;

  while (at < end && !mail_lines_is_from (at, end))
    at = mail_lines_next (at, end);
  while (at < end) {
    const guint8 *message_end = mail_lines_message_end (at, end);

    if (!read_message (input, mail_lines_next (at, end), message_end, ++number, sink, error))
      return FALSE;
    at = message_end;
  }
  return TRUE;
}
