/* An OOXML package encrypted with a password: OLE2 around it (MS-OFFCRYPTO 2.3.2). */
#include "ingest/extract/formats.h"

gboolean
extract_read_encrypted_office (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
               "it is encrypted with a password; save it without one and upload it again");
  return FALSE;
}
