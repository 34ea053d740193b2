/* HTML: the reader does it all (html-reader.h). */
#include "html-reader.h"
#include "ingest/extract/formats.h"

gboolean
extract_read_html (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  return html_read (input, sink, FALSE, error);
}
