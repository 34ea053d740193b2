/* winmail.dat (MS-OXTNEF): what Outlook puts beside a message that it sends to others: the
 * message's properties and its attachments. */
#include "ingest/extract/formats.h"
#include "mapi-message.h"
#include "tnef.h"

static gboolean
read_attachment (const ExtractInput *input, const TnefAttachment *attachment, guint number,
                 ExtractSink *sink, GError **error)
{
  g_autofree char *name = mapi_attachment_name (attachment->properties, number);
  g_autofree char *type = mapi_string (attachment->properties, MAPI_ATTACH_MIME_TYPE);
  GBytes *bytes = mapi_bytes (attachment->properties, MAPI_ATTACH_DATA);

  if (bytes == NULL || mapi_attachment_is_resource (attachment->properties))
    return TRUE;
  return extract_member (input, name, type != NULL ? type : "", bytes, sink, error);
}

gboolean
extract_read_tnef (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (Tnef) tnef = tnef_read (input->bytes);
  MapiMessage message = {tnef->properties, NULL};

  if (!mapi_message_read (input, &message, sink, error))
    return FALSE;
  for (guint i = 0; i < tnef->attachments->len; i++)
    if (!read_attachment (input, g_ptr_array_index (tnef->attachments, i), i + 1, sink, error))
      return FALSE;
  return !tnef->is_cut_short || extract_limit_error (error, "the rest of it is damaged");
}
