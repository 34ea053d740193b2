/* Word documents (OOXML, ECMA-376 part 1, 17): which parts are read, and in what order.
 *
 *     headers, once each ─► body, with notes and comments where they hang ─► footers, once each
 *     ─► what is embedded, as members
 */
#include "docx.h"
#include "embedded.h"
#include "ingest/extract/formats.h"

#include <string.h>

static void
docx_clear (Docx *docx)
{
  g_clear_pointer (&docx->numbering, docx_numbering_free);
  g_clear_pointer (&docx->styles, docx_styles_free);
  g_clear_pointer (&docx->package, package_free);
  g_hash_table_unref (docx->tags);
  g_hash_table_unref (docx->footnotes);
  g_hash_table_unref (docx->endnotes);
  g_hash_table_unref (docx->comments);
  g_hash_table_unref (docx->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Docx, docx_clear)

static void
unref_blocks (gpointer blocks)
{
  g_ptr_array_unref (blocks);
}

static void
docx_init (Docx *docx, const ExtractInput *input, ExtractSink *sink)
{
  docx->input = input;
  docx->sink = sink;
  docx->tags = docx_tags_new ();
  docx->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  docx->footnotes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_blocks);
  docx->endnotes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_blocks);
  docx->comments = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_blocks);
}

static gboolean
read_definitions (Docx *docx, const OpcRelationships *relationships, GError **error)
{
  docx->styles = docx_styles_read (docx->package, opc_part_of_type (relationships, "styles"),
                                   docx->sink, error);
  if (docx->styles == NULL)
    return FALSE;
  docx->numbering =
      docx_numbering_read (docx->package, opc_part_of_type (relationships, "numbering"),
                           docx->styles, docx->sink, error);
  return docx->numbering != NULL;
}

/* Notes and comments are read before the text that refers to them. */
static gboolean
read_notes (Docx *docx, const OpcRelationships *relationships, GError **error)
{
  const struct {
    const char *type;
    GHashTable *notes;
  } kinds[] = {
      {"footnotes", docx->footnotes}, {"endnotes", docx->endnotes}, {"comments", docx->comments}};

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const char *part = opc_part_of_type (relationships, kinds[i].type);
    g_autoptr (Flow) flow = flow_new (NULL);

    if (part != NULL && !docx_story_read (docx, part, flow, kinds[i].notes, error))
      return FALSE;
  }
  return TRUE;
}

/* header2.xml before header10.xml */
static gint
compare_names (gconstpointer a, gconstpointer b)
{
  const char *first = *(const char *const *)a, *second = *(const char *const *)b;
  gsize length = strlen (first), other = strlen (second);

  return length != other ? (length < other ? -1 : 1) : strcmp (first, second);
}

/* Pages repeat them; of those that say the same one is enough. */
static gboolean
read_repeated (Docx *docx, const OpcRelationships *relationships, const char *type,
               GHashTable *said, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  for (guint i = 0; i < opc_relationships_count (relationships); i++) {
    const OpcRelationship *relationship = opc_relationships_nth (relationships, i);

    if (strcmp (relationship->type, type) == 0 && !relationship->is_external)
      g_ptr_array_add (parts, relationship->target);
  }
  g_ptr_array_sort (parts, compare_names);
  for (guint i = 0; i < parts->len; i++) {
    g_autoptr (Flow) flow = flow_new (NULL);
    g_autoptr (Flow) out = flow_new (docx->sink);

    if (!docx_story_read (docx, g_ptr_array_index (parts, i), flow, NULL, error))
      return FALSE;
    flow_add_new (out, flow_take (flow), said);
    if (!flow_finish (out, error))
      return FALSE;
  }
  return TRUE;
}

/* What nothing refers to, for no text may be lost. */
static gboolean
write_left_over (Docx *docx, GHashTable *notes, GError **error)
{
  g_autoptr (Flow) flow = flow_new (docx->sink);
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (notes), (GCompareFunc)strcmp);

  for (GList *id = ids; id != NULL; id = id->next)
    flow_add_note (flow, g_ptr_array_ref (g_hash_table_lookup (notes, id->data)));
  return flow_finish (flow, error);
}

static gboolean
read_body (Docx *docx, const char *part, GBytes *bytes, char **damage, GError **error)
{
  g_autoptr (Flow) flow = flow_new (docx->sink);

  return docx_story_parse (docx, part, bytes, flow, NULL, damage, error) &&
         write_left_over (docx, docx->footnotes, error) &&
         write_left_over (docx, docx->endnotes, error) &&
         write_left_over (docx, docx->comments, error);
}

static gboolean
read_all (Docx *docx, const char *part, GBytes *body, char **damage, GError **error)
{
  g_autoptr (OpcRelationships) relationships =
      opc_relationships_read (docx->package, part, docx->sink, error);
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return relationships != NULL && opc_read_properties (docx->package, docx->sink, error) &&
         read_definitions (docx, relationships, error) && read_notes (docx, relationships, error) &&
         read_repeated (docx, relationships, "header", said, error) &&
         read_body (docx, part, body, damage, error) &&
         read_repeated (docx, relationships, "footer", said, error) &&
         embedded_read (docx->input, docx->package, relationships, docx->seen, docx->sink, error);
}

gboolean
extract_read_docx (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_auto (Docx) docx = {0};
  g_autofree char *part = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *damage = NULL;

  docx_init (&docx, input, sink);
  docx.package = package_open (input->bytes, sink, error);
  if (docx.package == NULL)
    return FALSE;
  part = opc_main_part (docx.package, "word/document.xml", sink, error);
  if (part == NULL || (body = package_read (docx.package, part, error)) == NULL ||
      !read_all (&docx, part, body, &damage, error))
    return FALSE;
  return opc_end_damaged (part, damage, sink, error);
}
