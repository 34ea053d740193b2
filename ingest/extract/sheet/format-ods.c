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

/* A part that is missing or damaged costs its own text. */
static gboolean
read_part (Package *package, const char *name, const XmlPartFuncs *funcs, gpointer user_data,
           ExtractSink *sink, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GBytes) part = package_read_optional (package, name, &problem);
  g_autofree char *damage = NULL;

  if (g_error_matches (problem, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT)) {
    extract_warn (sink, "%s", problem->message);
    return TRUE;
  }
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (part == NULL)
    return TRUE;
  if (!xml_part_read (part, funcs, user_data, sink, &damage, error))
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

static gboolean
read_cells (OdsCells *cells, GBytes *part, ExtractSink *sink, GError **error)
{
  g_autofree char *damage = NULL;

  if (!xml_part_read (part, &ods_cells_funcs, cells, sink, &damage, error) ||
      !ods_cells_end (cells, error))
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
  g_autoptr (GBytes) content = package_read (package, "content.xml", error);
  g_autoptr (OdsCells) cells = NULL;
  g_autoptr (GString) text = NULL;
  g_autoptr (GPtrArray) found = NULL;
  Parts parts = {.sink = sink};

  if (content == NULL)
    return FALSE;
  cells = ods_cells_new (sink);
  parts.text = text = g_string_new (NULL);
  parts.found = found = g_ptr_array_new_with_free_func (g_free);
  return read_part (package, "meta.xml", &meta_funcs, &parts, sink, error) &&
         read_cells (cells, content, sink, error) && read_objects (package, cells, sink, error) &&
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

    return read_cells (cells, input->bytes, sink, error);
  }
  package = package_open (input->bytes, input->limits, error);
  if (package == NULL)
    return FALSE;
  if (is_encrypted (package)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                 "it is encrypted with a password; save it without one and upload it again");
    return FALSE;
  }
  return read_package (package, sink, error);
}
