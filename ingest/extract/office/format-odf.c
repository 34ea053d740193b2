/* OpenDocument text, presentations and drawings (ODF 1.3), as packages and as flat XML.
 *
 *     styles.xml: styles, headers, footers ─► content.xml ─► embedded files, as members
 */
#include "embedded.h"
#include "ingest/extract/formats.h"
#include "odf.h"

#include <string.h>

static void
odf_clear (Odf *odf)
{
  g_clear_pointer (&odf->package, package_free);
  odf_styles_free (odf->styles);
  g_hash_table_unref (odf->tags);
  g_hash_table_unref (odf->said);
  g_hash_table_unref (odf->objects);
  g_ptr_array_unref (odf->headers);
  g_ptr_array_unref (odf->footers);
  g_ptr_array_unref (odf->embedded);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Odf, odf_clear)

static void
odf_init (Odf *odf, const ExtractInput *input, ExtractSink *sink)
{
  g_autoptr (Flow) none = flow_new (NULL);

  odf->input = input;
  odf->sink = sink;
  odf->styles = odf_styles_new ();
  odf->tags = odf_tags_new ();
  odf->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  odf->objects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  odf->headers = flow_take (none);
  odf->footers = flow_take (none);
  odf->embedded = g_ptr_array_new_with_free_func (g_free);
}

/* --- metadata ----------------------------------------------------------------------------------
 */

typedef struct {
  ExtractSink *sink;
  GString *value;
  const char *key; /* (nullable) of the element that is open */
  gboolean has_author;
} MetaReader;

static gboolean
start_meta (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
            guint n_attributes, GError **error)
{
  static const char *const keys[][2] = {
      {"title", "title"},           {"language", "language"}, {"initial-creator", "author"},
      {"creation-date", "created"}, {"date", "modified"},     {"creator", "author"}};
  MetaReader *reader = user_data;

  g_string_truncate (reader->value, 0);
  reader->key = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i][0], name) == 0)
      reader->key = keys[i][1];
  /* who changed it last stands in for who wrote it */
  if (strcmp (name, "creator") == 0 && reader->has_author)
    reader->key = NULL;
  if (strcmp (name, "initial-creator") == 0)
    reader->has_author = TRUE;
  return TRUE;
}

static gboolean
text_of_meta (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  MetaReader *reader = user_data;

  if (reader->key != NULL)
    g_string_append_len (reader->value, text, (gssize)bytes);
  return TRUE;
}

static gboolean
end_meta (gpointer user_data, const char *uri, const char *name, GError **error)
{
  MetaReader *reader = user_data;

  if (reader->key != NULL)
    extract_meta (reader->sink, reader->key, reader->value->str);
  reader->key = NULL;
  return TRUE;
}

static gboolean
read_meta (const Odf *odf, GError **error)
{
  static const XmlPartFuncs funcs = {start_meta, end_meta, text_of_meta};
  g_autoptr (GString) value = g_string_new (NULL);
  MetaReader reader = {.sink = odf->sink, .value = value};

  return opc_parse_part (odf->package, "meta.xml", &funcs, &reader, odf->sink, NULL, error);
}

/* --- the document ------------------------------------------------------------------------------
 */

/* Parts that are encrypted are listed with their key derivation (part 2, 3.4). */
static gboolean
check_encryption (const Odf *odf, GError **error)
{
  g_autoptr (GBytes) manifest = NULL;
  gsize bytes;
  const char *text;

  if (!opc_read_part (odf->package, "META-INF/manifest.xml", odf->sink, &manifest, error))
    return FALSE;
  text = manifest == NULL ? NULL : g_bytes_get_data (manifest, &bytes);
  if (text == NULL || g_strstr_len (text, (gssize)bytes, "encryption-data") == NULL)
    return TRUE;
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
               "it is encrypted with a password; save it without one and upload it again");
  return FALSE;
}

/* What stands on every page, once. */
static gboolean
write_repeated (const Odf *odf, FlowBlocks *blocks, GError **error)
{
  g_autoptr (Flow) flow = flow_new (odf->sink);

  flow_add_new (flow, blocks, odf->said);
  return flow_finish (flow, error);
}

static gboolean
read_styles (Odf *odf, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *damage = NULL;
  g_autoptr (Flow) flow = flow_new (NULL);

  if (!opc_read_part (odf->package, "styles.xml", odf->sink, &bytes, error))
    return FALSE;
  if (bytes == NULL)
    return TRUE;
  if (!odf_read (odf, bytes, "", flow, &damage, error))
    return FALSE;
  if (damage != NULL)
    extract_warn (odf->sink, "its part styles.xml is damaged: %s", damage);
  return TRUE;
}

static gboolean
read_embedded (Odf *odf, GError **error)
{
  for (guint i = 0; i < odf->embedded->len; i++) {
    const char *name = g_ptr_array_index (odf->embedded, i);
    g_autoptr (GBytes) bytes = NULL;

    if (!opc_read_part (odf->package, name, odf->sink, &bytes, error))
      return FALSE;
    if (bytes != NULL && g_bytes_get_size (bytes) > 0 &&
        !embedded_read_object (odf->input, name, bytes, odf->sink, error))
      return FALSE;
  }
  return TRUE;
}

/* Headers are known before the body begins, footers as well; a flat file has all in one part. */
static gboolean
read_content (Odf *odf, GBytes *bytes, char **damage, GError **error)
{
  g_autoptr (Flow) flow = flow_new (odf->package == NULL ? NULL : odf->sink);
  g_autoptr (Flow) flat = NULL;

  if (odf->package != NULL) {
    if (!write_repeated (odf, g_steal_pointer (&odf->headers), error))
      return FALSE;
    odf->headers = g_ptr_array_new ();
  }
  if (!odf_read (odf, bytes, "", flow, damage, error))
    return FALSE;
  if (odf->package == NULL) {
    if (!write_repeated (odf, g_steal_pointer (&odf->headers), error))
      return FALSE;
    odf->headers = g_ptr_array_new ();
    flat = flow_new (odf->sink);
    flow_add_aside (flat, flow_take (flow));
    if (!flow_finish (flat, error))
      return FALSE;
  }
  if (odf->is_drawing)
    extract_meta_uint (odf->sink, "pages", odf->page);
  if (!write_repeated (odf, g_steal_pointer (&odf->footers), error))
    return FALSE;
  odf->footers = g_ptr_array_new ();
  return read_embedded (odf, error);
}

gboolean
extract_read_odf (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_auto (Odf) odf = {0};
  g_autoptr (GBytes) content = NULL;
  g_autofree char *damage = NULL;

  odf_init (&odf, input, sink);
  odf.package = package_open (input->bytes, sink, error);
  if (odf.package == NULL || !check_encryption (&odf, error))
    return FALSE;
  content = package_read (odf.package, "content.xml", error);
  if (content == NULL || !read_meta (&odf, error) || !read_styles (&odf, error) ||
      !read_content (&odf, content, &damage, error))
    return FALSE;
  return opc_end_damaged ("content.xml", damage, sink, error);
}

gboolean
extract_read_flat_odf (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_auto (Odf) odf = {0};
  g_autofree char *damage = NULL;

  odf_init (&odf, input, sink);
  if (!read_content (&odf, input->bytes, &damage, error))
    return FALSE;
  return opc_end_damaged (input->name, damage, sink, error);
}
