#include "embedded.h"

#include "ingest/extract/markup/html-reader.h"
#include "ingest/extract/ole/ole-object.h"
#include "ingest/extract/sniff.h"

gboolean
embedded_read_object (const ExtractInput *input, const char *name, GBytes *bytes, ExtractSink *sink,
                      GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return compound_is (data, size) ? ole_object_read_file (input, bytes, name, sink, error)
                                  : extract_member (input, name, "", bytes, sink, error);
}

/* Types of relationships (ECMA-376 part 1, 15.2); the last is of w:altChunk. */
static gboolean
is_embedded (const char *type)
{
  static const char *const types[] = {"package", "oleObject", "aFChunk", NULL};

  return g_strv_contains (types, type);
}

gboolean
embedded_read (const ExtractInput *input, Package *package, const OpcRelationships *relationships,
               GHashTable *seen, ExtractSink *sink, GError **error)
{
  for (guint i = 0; i < opc_relationships_count (relationships); i++) {
    const OpcRelationship *relationship = opc_relationships_nth (relationships, i);
    g_autoptr (GBytes) part = NULL;

    if (relationship->is_external || !is_embedded (relationship->type))
      continue;
    if (!g_hash_table_add (seen, g_strdup (relationship->target)))
      continue;
    if (!opc_read_part (package, relationship->target, sink, &part, error))
      return FALSE;
    if (part != NULL && g_bytes_get_size (part) > 0 &&
        !embedded_read_object (input, relationship->target, part, sink, error))
      return FALSE;
  }
  return TRUE;
}

/* --- w:altChunk --------------------------------------------------------------------------------
 */

static gboolean
is_html (GBytes *part, const char *name)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (part, &bytes);
  Sniff found = {0};

  if (bytes > 0)
    sniff (data, bytes, name, "", &found);
  return g_strcmp0 (found.format, "html") == 0;
}

gboolean
embedded_read_chunk (const ExtractInput *input, const char *name, GBytes *part, ExtractSink *sink,
                     GError **error)
{
  ExtractInput chunk = *input;

  if (!is_html (part, name))
    return extract_member (input, name, "", part, sink, error);
  chunk.name = name;
  chunk.bytes = part;
  return html_read (&chunk, sink, TRUE, error);
}
