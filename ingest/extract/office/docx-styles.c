#include "docx-styles.h"

#include <string.h>

#define INHERITANCE_MAX 32
#define STYLES_MAX 100000

struct DocxStyles {
  GHashTable *by_id; /* id -> DocxStyle */
  const DocxStyle *standard;
};

typedef struct {
  DocxStyles *styles;
  DocxStyle *style; /* that is open */
  gboolean is_paragraph_default;
  guint change_depth; /* within w:rPrChange and the like: what was before */
  guint table_depth;  /* within w:tblStylePr: of parts of tables */
} StyleReader;

static void
free_style (gpointer data)
{
  DocxStyle *style = data;

  g_free (style->id);
  g_free (style->name);
  g_free (style->based_on);
  g_free (style->font);
  g_free (style);
}

gboolean
docx_is_on (const xmlChar **attributes, guint n_attributes)
{
  return !xml_part_attribute_is (attributes, n_attributes, "val", "0") &&
         !xml_part_attribute_is (attributes, n_attributes, "val", "false") &&
         !xml_part_attribute_is (attributes, n_attributes, "val", "off");
}

/* --- names -------------------------------------------------------------------------------------
 */

/* "heading 3": 2 */
static gint
level_of_name (const char *name)
{
  if (g_ascii_strcasecmp (name, "title") == 0)
    return 0;
  if (g_ascii_strncasecmp (name, "heading ", 8) == 0 && name[8] >= '1' && name[8] <= '9' &&
      name[9] == '\0')
    return name[8] - '1';
  return -1;
}

gint
docx_style_level_of_id (const char *id)
{
  if (id == NULL)
    return -1;
  if (g_ascii_strcasecmp (id, "title") == 0)
    return 0;
  if (g_ascii_strncasecmp (id, "heading", 7) == 0 && id[7] >= '1' && id[7] <= '9' && id[8] == '\0')
    return id[7] - '1';
  return -1;
}

static gboolean
is_name_of_code (const char *name)
{
  static const char *const names[] = {"source code", "html preformatted", "preformatted text",
                                      "code", NULL};
  g_autofree char *lower = g_ascii_strdown (name, -1);

  return g_strv_contains (names, lower);
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void
begin_style (StyleReader *reader, const xmlChar **attributes, guint n_attributes)
{
  DocxStyles *styles = reader->styles;
  char *id = xml_part_attribute (attributes, n_attributes, "styleId");

  reader->style = NULL;
  if (id == NULL || g_hash_table_contains (styles->by_id, id) ||
      g_hash_table_size (styles->by_id) >= STYLES_MAX) {
    g_free (id);
    return;
  }
  reader->style = g_new0 (DocxStyle, 1);
  reader->style->id = id;
  reader->style->outline_level = reader->style->num_id = -1;
  reader->style->num_level = reader->style->is_hidden = -1;
  g_hash_table_insert (styles->by_id, id, reader->style);
  if (xml_part_attribute_is (attributes, n_attributes, "type", "paragraph") &&
      (xml_part_attribute_is (attributes, n_attributes, "default", "1") ||
       xml_part_attribute_is (attributes, n_attributes, "default", "true")))
    styles->standard = reader->style;
}

static void
take_property (DocxStyle *style, const char *name, const xmlChar **attributes, guint n_attributes)
{
  if (strcmp (name, "name") == 0 && style->name == NULL) {
    style->name = xml_part_attribute (attributes, n_attributes, "val");
    style->is_code = style->name != NULL && is_name_of_code (style->name);
  } else if (strcmp (name, "basedOn") == 0 && style->based_on == NULL) {
    style->based_on = xml_part_attribute (attributes, n_attributes, "val");
  } else if (strcmp (name, "outlineLvl") == 0) {
    style->outline_level = (gint)CLAMP (
        xml_part_attribute_int (attributes, n_attributes, "val", -1), -1, DOCX_BODY_LEVEL);
  } else if (strcmp (name, "numId") == 0) {
    style->num_id =
        (gint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "val", -1), -1, G_MAXINT32);
  } else if (strcmp (name, "ilvl") == 0) {
    style->num_level = (gint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "val", 0), 0,
                                    DOCX_LEVELS - 1);
  } else if (strcmp (name, "vanish") == 0) {
    style->is_hidden = docx_is_on (attributes, n_attributes);
  } else if (strcmp (name, "rFonts") == 0 && style->font == NULL) {
    style->font = xml_part_attribute (attributes, n_attributes, "ascii");
  }
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n_attributes, GError **error)
{
  StyleReader *reader = user_data;

  if (g_str_has_suffix (name, "Change"))
    reader->change_depth++;
  else if (strcmp (name, "tblStylePr") == 0)
    reader->table_depth++;
  else if (strcmp (name, "style") == 0)
    begin_style (reader, attributes, n_attributes);
  else if (reader->style != NULL && reader->change_depth == 0 && reader->table_depth == 0)
    take_property (reader->style, name, attributes, n_attributes);
  return TRUE;
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  StyleReader *reader = user_data;

  if (g_str_has_suffix (name, "Change"))
    reader->change_depth--;
  else if (strcmp (name, "tblStylePr") == 0)
    reader->table_depth--;
  else if (strcmp (name, "style") == 0)
    reader->style = NULL;
  return TRUE;
}

/* What a style does not say it has of the one it is based on. */
static void
inherit (const DocxStyles *styles, DocxStyle *style)
{
  const DocxStyle *base = style;

  for (guint i = 0; i < INHERITANCE_MAX && base != NULL; i++) {
    gint named = base->name == NULL ? -1 : level_of_name (base->name);

    if (style->outline_level < 0)
      style->outline_level = base->outline_level >= 0 ? base->outline_level : named;
    if (style->num_id < 0)
      style->num_id = base->num_id;
    if (style->num_level < 0)
      style->num_level = base->num_level;
    if (style->is_hidden < 0)
      style->is_hidden = base->is_hidden;
    if (style->font == NULL)
      style->font = g_strdup (base->font);
    style->is_code |= base->is_code;
    base = docx_style (styles, base->based_on);
  }
}

DocxStyles *
docx_styles_read (Package *package, const char *name, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_element, end_element, NULL};
  /* what an editor's menu shows; borders of tables: nine tenths of many a file */
  static const char *const left_out[] = {"w:latentStyles", "w:tblStylePr", NULL};
  g_autoptr (DocxStyles) styles = g_new0 (DocxStyles, 1);
  StyleReader reader = {.styles = styles};
  GHashTableIter iter;
  gpointer style;

  styles->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_style);
  if (!opc_parse_part_without (package, name, left_out, &funcs, &reader, sink, NULL, error))
    return NULL;
  g_hash_table_iter_init (&iter, styles->by_id);
  while (g_hash_table_iter_next (&iter, NULL, &style))
    inherit (styles, style);
  return g_steal_pointer (&styles);
}

void
docx_styles_free (DocxStyles *styles)
{
  if (styles == NULL)
    return;
  g_hash_table_unref (styles->by_id);
  g_free (styles);
}

const DocxStyle *
docx_style (const DocxStyles *styles, const char *id)
{
  return id == NULL ? NULL : g_hash_table_lookup (styles->by_id, id);
}

const DocxStyle *
docx_style_default (const DocxStyles *styles)
{
  return styles->standard;
}
