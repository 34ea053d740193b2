/* Flat OpenDocument (ODF 1.3 part 3, 3.1.2): one XML file that says what it is in its root. */
#include "ingest/extract/sniff.h"

#include <string.h>

gboolean
sniff_flat_odf (const SniffInput *input, Sniff *found)
{
  static const struct {
    const char *mark;
    const char *mime_type;
  } kinds[] = {
      {"mimetype=\"application/vnd.oasis.opendocument.text",
       "application/vnd.oasis.opendocument.text-flat-xml"},
      {"mimetype=\"application/vnd.oasis.opendocument.presentation",
       "application/vnd.oasis.opendocument.presentation-flat-xml"},
      {"mimetype=\"application/vnd.oasis.opendocument.graphics",
       "application/vnd.oasis.opendocument.graphics-flat-xml"},
  };

  if (strstr (input->head, "<office:document ") == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strstr (input->head, kinds[i].mark) != NULL)
      return sniff_found (found, "flat-odf", kinds[i].mime_type);
  return FALSE;
}
