/* OpenDocument spreadsheets: packages (ods, ots, OpenOffice.org's sxc) and single files (fods). */
#include "ingest/extract/formats.h"
#include "ingest/extract/zip/package.h"
#include "ods-cells.h"
#include "ods-chart.h"

#include <string.h>

/* --- metadata (OpenDocument 1.3 part 3, 4.3), headers and footers (16.10) ----------------------
 */

typedef struct {
  ExtractSink *sink;
  GString *text;
  const char *key; /* (nullable) metadata that is being read */
  guint furniture; /* within headers and footers */
  guint paragraphs;
  guint fields; /* within what changes from page to page */
  gboolean has_field;
  GPtrArray *found; /* (element-type utf8) headers and footers */
} Parts;

static gboolean
is (const char *name, const char *other)
{
  return strcmp (name, other) == 0;
}

static gboolean
start_meta (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
            guint n, GError **error)
{
  static const char *const keys[][2] = {{"title", "title"},
                                        {"creator", "author"},
                                        {"initial-creator", "author"},
                                        {"language", "language"}};
  Parts *parts = user_data;

  parts->key = NULL;
  g_string_truncate (parts->text, 0);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (is (name, keys[i][0]))
      parts->key = keys[i][1];
  return TRUE;
}

static gboolean
end_meta (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Parts *parts = user_data;

  if (parts->key != NULL)
    extract_meta (parts->sink, parts->key, parts->text->str);
  parts->key = NULL;
  return TRUE;
}

static gboolean
meta_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Parts *parts = user_data;

  if (parts->key != NULL && parts->text->len < 65536)
    g_string_append_len (parts->text, text, (gssize)bytes);
  return TRUE;
}

static gboolean
is_furniture (const char *name)
{
  static const char *const names[] = {"header",       "footer",       "header-left", "footer-left",
                                      "header-first", "footer-first", NULL};

  return g_strv_contains (names, name);
}

static gboolean
is_field (const char *name)
{
  static const char *const names[] = {"page-number", "page-count", "sheet-name", "file-name",
                                      "title",       "date",       "time",       NULL};

  return g_strv_contains (names, name);
}

static gboolean
start_furniture (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
                 guint n, GError **error)
{
  Parts *parts = user_data;

  if (is_furniture (name))
    parts->furniture += !xml_part_attribute_is (attributes, n, "display", "false");
  else if (parts->furniture > 0 && is (name, "p")) {
    if (parts->paragraphs++ == 0)
      g_string_truncate (parts->text, 0);
  } else if (parts->furniture > 0 && is_field (name)) {
    parts->fields++;
    parts->has_field = TRUE;
  }
  return TRUE;
}

/* A line with a field in it says little without: "Page", "Sheet ". */
static void
end_paragraph (Parts *parts)
{
  char *text = g_strstrip (parts->text->str);

  if (*text != '\0' && !(parts->has_field && strlen (text) <= 16) && parts->found->len < 100) {
    gboolean known = FALSE;

    for (guint i = 0; i < parts->found->len; i++)
      known |= is (g_ptr_array_index (parts->found, i), text);
    if (!known)
      g_ptr_array_add (parts->found, g_strdup (text));
  }
  g_string_truncate (parts->text, 0);
  parts->has_field = FALSE;
}

static gboolean
end_furniture (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Parts *parts = user_data;

  if (parts->furniture == 0)
    return TRUE;
  if (is_furniture (name))
    parts->furniture--;
  else if (is (name, "p") && parts->paragraphs > 0 && --parts->paragraphs == 0)
    end_paragraph (parts);
  else if (is_field (name) && parts->fields > 0)
    parts->fields--;
  return TRUE;
}

static gboolean
furniture_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Parts *parts = user_data;

  if (parts->paragraphs > 0 && parts->fields == 0 && parts->text->len < 65536)
    g_string_append_len (parts->text, text, (gssize)bytes);
  return TRUE;
}

static gboolean
feed_slice (const guint8 *slice, gsize bytes, gpointer user_data, GError **error)
{
  return xml_part_reader_feed (user_data, slice, bytes, error);
}

/* In slices: a large part is never held whole. damage: (transfer full). FALSE: nothing more is
 * wanted. */
static gboolean
parse_part (Package *package, const char *name, const XmlPartFuncs *funcs, gpointer user_data,
            ExtractSink *sink, char **damage, GError **error)
{
  g_autoptr (XmlPartReader) reader = xml_part_reader_new (funcs, user_data, sink);
  g_autoptr (GError) problem = NULL;

  if (!package_read_slices (package, name, feed_slice, reader, &problem) &&
      !g_error_matches (problem, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (!xml_part_reader_end (reader, damage, error))
    return FALSE;
  if (problem != NULL) {
    g_free (*damage);
    *damage = g_strdup (problem->message);
  }
  return TRUE;
}

/* A part that is missing or damaged costs its own text. */
static gboolean
read_part (Package *package, const char *name, const XmlPartFuncs *funcs, gpointer user_data,
           ExtractSink *sink, GError **error)
{
  g_autofree char *damage = NULL;

  if (!package_has (package, name))
    return TRUE;
  if (!parse_part (package, name, funcs, user_data, sink, &damage, error))
    return FALSE;
  if (damage != NULL)
    extract_warn (sink, "its part %s is damaged, text may be missing: %s", name, damage);
  return TRUE;
}

/* --- the document ------------------------------------------------------------------------------
 */

static const XmlPartFuncs meta_funcs = {start_meta, end_meta, meta_text};
static const XmlPartFuncs furniture_funcs = {start_furniture, end_furniture, furniture_text};

static gboolean
is_encrypted (Package *package)
{
  g_autoptr (GBytes) manifest = package_read_optional (package, "META-INF/manifest.xml", NULL);
  gsize bytes = 0;
  const char *text = manifest == NULL ? NULL : g_bytes_get_data (manifest, &bytes);

  return text != NULL && g_strstr_len (text, (gssize)bytes, "encryption-data") != NULL;
}

/* The cells were read. damage: (nullable) */
static gboolean
end_cells (OdsCells *cells, const char *damage, ExtractSink *sink, GError **error)
{
  if (!ods_cells_end (cells, error))
    return FALSE;
  if (damage == NULL)
    return TRUE;
  if (!ods_cells_has_sheets (cells)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it is a damaged spreadsheet: %s",
                 damage);
    return FALSE;
  }
  extract_warn (sink, "it is damaged, text may be missing: %s", damage);
  return TRUE;
}

static gboolean
read_cells (Package *package, OdsCells *cells, ExtractSink *sink, GError **error)
{
  g_autofree char *damage = NULL;

  return parse_part (package, "content.xml", &ods_cells_funcs, cells, sink, &damage, error) &&
         end_cells (cells, damage, sink, error);
}

/* Charts: their titles. */
static gboolean
read_objects (Package *package, const OdsCells *cells, ExtractSink *sink, GError **error)
{
  const GPtrArray *objects = ods_cells_objects (cells);

  for (guint i = 0; i < objects->len; i++) {
    g_autofree char *folder = package_resolve ("", g_ptr_array_index (objects, i));
    g_autofree char *name = g_strconcat (folder, "/content.xml", NULL);
    g_autoptr (OdsChart) chart = ods_chart_new ();

    if (!package_has (package, name))
      continue;
    if (!read_part (package, name, &ods_chart_funcs, chart, sink, error) ||
        !extract_paragraph (sink, 0, ods_chart_text (chart), -1, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
deliver_furniture (const Parts *parts, GError **error)
{
  for (guint i = 0; i < parts->found->len; i++)
    if (!extract_paragraph (parts->sink, 0, g_ptr_array_index (parts->found, i), -1, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_package (Package *package, ExtractSink *sink, GError **error)
{
  g_autoptr (OdsCells) cells = ods_cells_new (sink);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  Parts parts = {.sink = sink, .text = text, .found = found};

  return read_part (package, "meta.xml", &meta_funcs, &parts, sink, error) &&
         read_cells (package, cells, sink, error) && read_objects (package, cells, sink, error) &&
         read_part (package, "styles.xml", &furniture_funcs, &parts, sink, error) &&
         deliver_furniture (&parts, error);
}

gboolean
extract_read_ods (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (Package) package = NULL;

  if (bytes < 2 || memcmp (data, "PK", 2) != 0) {
    g_autoptr (OdsCells) cells = ods_cells_new (sink);
    g_autofree char *damage = NULL;

    return xml_part_read (input->bytes, &ods_cells_funcs, cells, sink, &damage, error) &&
           end_cells (cells, damage, sink, error);
  }
  package = package_open (input->bytes, sink, error);
  if (package == NULL)
    return FALSE;
  if (is_encrypted (package)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                 "it is encrypted with a password; save it without one and upload it again");
    return FALSE;
  }
  return read_package (package, sink, error);
}
