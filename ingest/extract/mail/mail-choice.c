#include "mail-choice.h"

#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"
#include "mail-text.h"

gboolean
mail_choice_read_html (const ExtractInput *input, const GString *html, ExtractSink *sink,
                       GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (html->str, html->len);
  ExtractInput page = *input;

  page.declared = "text/html";
  page.bytes = bytes;
  return extract_read_html (&page, sink, error);
}

gboolean
mail_choice_html_says_more (const ExtractInput *input, const char *plain, const GString *html)
{
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (input->limits, document);

  mail_choice_read_html (input, html, sink, NULL);
  if (document->text->len == 0)
    return FALSE;
  for (guint i = 0; i < document->blocks->len; i++)
    if (g_array_index (document->blocks, Block, i).kind == BLOCK_TABLE)
      return TRUE;
  return !g_utf8_validate (plain, -1, NULL) || !mail_text_covers (plain, document->text->str);
}
