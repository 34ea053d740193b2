/* A document as a line of JSON, between the stages. */
#include "reader.h"

#include "chunker/document-json.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  json_tokener *tokener = json_tokener_new ();
  g_autoptr (json_object) json =
      json_tokener_parse_ex (tokener, (const char *)data, (int)MIN (size, G_MAXINT));
  g_autoptr (Document) document = NULL;
  g_auto (DocumentSource) source = {0};
  g_autoptr (GError) error = NULL;

  json_tokener_free (tokener);
  if (json != NULL && document_from_json (json, &document, &source, &error)) {
    g_assert_true ((document == NULL) == (source.error_code != NULL));
    if (document != NULL)
      g_assert_true (g_utf8_validate (document->text->str, (gssize)document->text->len, NULL));
  }
  return 0;
}
