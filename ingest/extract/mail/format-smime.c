/* S/MIME's smime.p7m by itself (RFC 8551): what is signed stands for the file. */
#include "ingest/extract/formats.h"
#include "mail-lines.h"
#include "mail-smime.h"

gboolean
extract_read_smime (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GBytes) content = mail_smime_content (input->bytes);
  ExtractInput inner = *input;
  gsize bytes;
  const guint8 *data;

  if (content == NULL) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                 "it is encrypted to its readers' keys, or only a signature; load the document "
                 "itself");
    return FALSE;
  }
  data = g_bytes_get_data (content, &bytes);
  inner.bytes = content;
  /* a part of a message, or any other file */
  return mail_lines_is_header (data, data + bytes)
             ? extract_read_eml (&inner, sink, error)
             : extract_inner (input, "", content, sink, error);
}
