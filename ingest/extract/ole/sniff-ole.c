/* What an OLE2 file is, by the streams that each kind has. */
#include "compound.h"
#include "ingest/extract/sniff.h"

/* A file too damaged to know: the reader of what it is called says so. */
static gboolean
sniff_damaged (const SniffInput *input, Sniff *found)
{
  static const struct {
    const char *const suffixes[4];
    const char *format;
    const char *mime_type;
  } names[] = {
      {{"doc", "dot"}, "doc", "application/msword"},
      {{"xls", "xlt"}, "xls", "application/vnd.ms-excel"},
      {{"ppt", "pps", "pot"}, "ppt", "application/vnd.ms-powerpoint"},
      {{"msg", "oft"}, "msg", "application/vnd.ms-outlook"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (sniff_has_suffix (input, names[i].suffixes))
      return sniff_found (found, names[i].format, names[i].mime_type);
  return FALSE;
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
  return (compound == NULL || compound_count (compound) == 0 || compound_is_cut (compound)) &&
         sniff_damaged (input, found);
}
