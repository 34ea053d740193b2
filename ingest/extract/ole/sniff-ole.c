/* What an OLE2 file is, by the streams that each kind has. */
#include "compound.h"
#include "ingest/extract/sniff.h"

/* Of one whose directory is lost, the name is all there is; its reader says what is wrong. */
static gboolean
sniff_name (const SniffInput *input, Sniff *found)
{
  static const char *const doc[] = {"doc", "dot", NULL}, *const xls[] = {"xls", "xlt", NULL},
                           *const ppt[] = {"ppt", "pps", "pot", NULL}, *const msg[] = {"msg", NULL};

  if (sniff_has_suffix (input, doc))
    return sniff_found (found, "doc", "application/msword");
  if (sniff_has_suffix (input, xls))
    return sniff_found (found, "xls", "application/vnd.ms-excel");
  if (sniff_has_suffix (input, ppt))
    return sniff_found (found, "ppt", "application/vnd.ms-powerpoint");
  return sniff_has_suffix (input, msg) && sniff_found (found, "msg", "application/vnd.ms-outlook");
}

gboolean
sniff_ole (const SniffInput *input, Sniff *found)
{
  static const struct {
    const char *stream;
    const char *format;
    const char *mime_type;
  } kinds[] = {
      /* an encrypted OOXML package (MS-OFFCRYPTO 2.3.2): its reader is the one that says so */
      {"EncryptedPackage", "encrypted-office", "application/encrypted"},
      {"WordDocument", "doc", "application/msword"},
      {"Workbook", "xls", "application/vnd.ms-excel"},
      {"Book", "xls", "application/vnd.ms-excel"},
      {"PowerPoint Document", "ppt", "application/vnd.ms-powerpoint"},
      {"PP40", "ppt", "application/vnd.ms-powerpoint"},
      {"__properties_version1.0", "msg", "application/vnd.ms-outlook"},
  };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (Compound) compound = NULL;

  if (!compound_is (input->data, input->bytes))
    return FALSE;
  bytes = g_bytes_new_static (input->data, input->bytes);
  compound = compound_open (bytes, NULL);
  for (guint i = 0; compound != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (compound_has (compound, kinds[i].stream))
      return sniff_found (found, kinds[i].format, kinds[i].mime_type);
  return (compound == NULL || compound_count (compound) == 0) && sniff_name (input, found);
}
