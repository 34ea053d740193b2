/* Source code and settings (yaml, toml, ini): verbatim, with the language. */
#include "code-language.h"
#include "ingest/extract/formats.h"
#include "text-load.h"

gboolean
extract_read_code (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) text = text_load (input, sink);

  return text_deliver_code (sink, code_language (input->name, text->str), text->str, text->len,
                            error);
}
