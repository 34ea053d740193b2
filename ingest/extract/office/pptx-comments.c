/* Comments on slides: p:cmLst (ECMA-376 part 1, 19.4) and its successor (MS-PPTX 2.6). */
#include "pptx.h"

#include <string.h>

typedef struct {
  GHashTable *authors;
  Flow *flow;
  gboolean in_text;
} CommentReader;

static gboolean
start_author (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
              guint n_attributes, GError **error)
{
  GHashTable *authors = user_data;
  char *id, *author;

  if (strcmp (name, "cmAuthor") != 0 && strcmp (name, "author") != 0)
    return TRUE;
  id = xml_part_attribute (attributes, n_attributes, "id");
  author = xml_part_attribute (attributes, n_attributes, "name");
  if (id != NULL && author != NULL) {
    g_hash_table_replace (authors, id, author);
  } else {
    g_free (id);
    g_free (author);
  }
  return TRUE;
}

gboolean
pptx_authors_read (Package *package, const char *part, GHashTable *authors, ExtractSink *sink,
                   GError **error)
{
  static const XmlPartFuncs funcs = {.start = start_author};

  return opc_parse_part (package, part, &funcs, authors, sink, NULL, error);
}

static gboolean
start_comment (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n_attributes, GError **error)
{
  CommentReader *reader = user_data;

  reader->in_text = strcmp (name, "t") == 0 || strcmp (name, "text") == 0;
  if (strcmp (name, "cm") == 0 || strcmp (name, "reply") == 0) {
    g_autofree char *id = xml_part_attribute (attributes, n_attributes, "authorId");
    const char *author = id == NULL ? NULL : g_hash_table_lookup (reader->authors, id);

    if (!flow_end_paragraph (reader->flow, BLOCK_PARAGRAPH, 0, NULL, error))
      return FALSE;
    if (author != NULL && *author != '\0')
      g_string_append_printf (flow_text (reader->flow), "Comment by %s: ", author);
    else
      g_string_append (flow_text (reader->flow), "Comment: ");
  }
  return TRUE;
}

static gboolean
text_of_comment (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  CommentReader *reader = user_data;

  if (reader->in_text)
    g_string_append_len (flow_text (reader->flow), text, (gssize)bytes);
  return TRUE;
}

static gboolean
end_comment (gpointer user_data, const char *uri, const char *name, GError **error)
{
  CommentReader *reader = user_data;

  reader->in_text = FALSE;
  return (strcmp (name, "p") != 0 && strcmp (name, "text") != 0) ||
         flow_end_paragraph (reader->flow, BLOCK_PARAGRAPH, 0, NULL, error);
}

gboolean
pptx_comments_read (Package *package, const char *part, GHashTable *authors, Flow *flow,
                    ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_comment, end_comment, text_of_comment};
  CommentReader reader = {.authors = authors, .flow = flow};

  flow_begin_aside (flow);
  return opc_parse_part (package, part, &funcs, &reader, sink, NULL, error) &&
         flow_end_aside (flow, error);
}
