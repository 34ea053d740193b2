#include "odf-styles.h"

#include "numerals.h"

#include <string.h>

#define INHERITANCE_MAX 32
#define STYLES_MAX 200000

typedef struct {
  char *parent;       /* (nullable) */
  char *list_style;   /* (nullable); "": in no list */
  gint outline_level; /* -1: does not say */
  gint is_hidden;     /* -1: does not say */
} Style;

struct OdfStyles {
  GHashTable *families; /* family -> (name -> Style) */
  guint n_styles;
  GHashTable *list_styles; /* name -> OdfListStyle */
  OdfListStyle *outline;   /* (nullable) */
  Style *open;             /* (nullable) */
  OdfListStyle *open_list; /* (nullable) */
};

static void
free_style (gpointer data)
{
  Style *style = data;

  g_free (style->parent);
  g_free (style->list_style);
  g_free (style);
}

static void
free_list_style (gpointer data)
{
  OdfListStyle *style = data;

  for (guint i = 0; style != NULL && i < ODF_LEVELS; i++) {
    g_free (style->levels[i].format);
    g_free (style->levels[i].prefix);
    g_free (style->levels[i].suffix);
  }
  g_free (style);
}

static void
unref_table (gpointer table)
{
  g_hash_table_unref (table);
}

OdfStyles *
odf_styles_new (void)
{
  OdfStyles *styles = g_new0 (OdfStyles, 1);

  styles->families = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_table);
  styles->list_styles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_list_style);
  return styles;
}

void
odf_styles_free (OdfStyles *styles)
{
  if (styles == NULL)
    return;
  g_hash_table_unref (styles->families);
  g_hash_table_unref (styles->list_styles);
  free_list_style (styles->outline);
  g_free (styles);
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void
begin_style (OdfStyles *styles, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *family = xml_part_attribute (attributes, n_attributes, "family");
  g_autofree char *name = xml_part_attribute (attributes, n_attributes, "name");
  GHashTable *table;
  Style *style;

  styles->open = NULL;
  if (name == NULL || family == NULL || styles->n_styles++ >= STYLES_MAX)
    return;
  table = g_hash_table_lookup (styles->families, family);
  if (table == NULL) {
    table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_style);
    g_hash_table_insert (styles->families, g_steal_pointer (&family), table);
  }
  style = g_new0 (Style, 1);
  style->parent = xml_part_attribute (attributes, n_attributes, "parent-style-name");
  style->list_style = xml_part_attribute (attributes, n_attributes, "list-style-name");
  style->outline_level =
      (gint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "default-outline-level", -1),
                   -1, ODF_LEVELS);
  style->is_hidden = -1;
  g_hash_table_replace (table, g_steal_pointer (&name), style);
  styles->open = style;
}

static void
begin_list_style (OdfStyles *styles, const xmlChar **attributes, guint n_attributes)
{
  char *name = xml_part_attribute (attributes, n_attributes, "name");

  styles->open_list = NULL;
  if (name == NULL || g_hash_table_size (styles->list_styles) >= STYLES_MAX) {
    g_free (name);
    return;
  }
  styles->open_list = g_new0 (OdfListStyle, 1);
  g_hash_table_replace (styles->list_styles, name, styles->open_list);
}

static void
begin_level (OdfListStyle *list, OdfLabel label, const xmlChar **attributes, guint n_attributes)
{
  gint64 index = xml_part_attribute_int (attributes, n_attributes, "level", 0);
  OdfListLevel *level;

  if (list == NULL || index < 1 || index > ODF_LEVELS)
    return;
  level = &list->levels[index - 1];
  g_free (level->format);
  g_free (level->prefix);
  g_free (level->suffix);
  level->label = label;
  level->format = xml_part_attribute (attributes, n_attributes, "num-format");
  level->prefix = xml_part_attribute (attributes, n_attributes, "num-prefix");
  level->suffix = xml_part_attribute (attributes, n_attributes, "num-suffix");
  level->start = (guint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "start-value", 1),
                               0, G_MAXINT32);
  level->display_levels = (guint)CLAMP (
      xml_part_attribute_int (attributes, n_attributes, "display-levels", 1), 1, ODF_LEVELS);
  if (label == ODF_NUMBER && (level->format == NULL || *level->format == '\0'))
    level->label = ODF_NO_LABEL;
}

static void
take_text_properties (OdfStyles *styles, const xmlChar **attributes, guint n_attributes)
{
  if (styles->open == NULL)
    return;
  if (xml_part_attribute_is (attributes, n_attributes, "display", "none"))
    styles->open->is_hidden = TRUE;
  else if (xml_part_attribute_is (attributes, n_attributes, "display", "true"))
    styles->open->is_hidden = FALSE;
}

void
odf_styles_start (OdfStyles *styles, const char *name, const xmlChar **attributes,
                  guint n_attributes)
{
  if (strcmp (name, "style") == 0) {
    begin_style (styles, attributes, n_attributes);
  } else if (strcmp (name, "list-style") == 0) {
    begin_list_style (styles, attributes, n_attributes);
  } else if (strcmp (name, "outline-style") == 0) {
    free_list_style (styles->outline);
    styles->open_list = styles->outline = g_new0 (OdfListStyle, 1);
  } else if (strcmp (name, "list-level-style-number") == 0 ||
             strcmp (name, "outline-level-style") == 0) {
    begin_level (styles->open_list, ODF_NUMBER, attributes, n_attributes);
  } else if (strcmp (name, "list-level-style-bullet") == 0 ||
             strcmp (name, "list-level-style-image") == 0) {
    begin_level (styles->open_list, ODF_BULLET, attributes, n_attributes);
  } else if (strcmp (name, "text-properties") == 0 || strcmp (name, "section-properties") == 0) {
    take_text_properties (styles, attributes, n_attributes);
  } else if (strcmp (name, "drawing-page-properties") == 0 && styles->open != NULL &&
             xml_part_attribute_is (attributes, n_attributes, "visibility", "hidden")) {
    styles->open->is_hidden = TRUE;
  }
}

void
odf_styles_end (OdfStyles *styles, const char *name)
{
  if (strcmp (name, "style") == 0)
    styles->open = NULL;
  else if (strcmp (name, "list-style") == 0 || strcmp (name, "outline-style") == 0)
    styles->open_list = NULL;
}

/* --- asking ------------------------------------------------------------------------------------
 */

/* Names of the program's own styles are English in every language; "_20_" is a space. */
static void
take_name (OdfStyle *style, const char *name)
{
  if (strcmp (name, "Title") == 0)
    style->is_title = TRUE;
  else if (strcmp (name, "Preformatted_20_Text") == 0 || strcmp (name, "Source_20_Code") == 0)
    style->is_code = TRUE;
  else if (style->outline_level == 0 && g_str_has_prefix (name, "Heading_20_") && name[11] >= '1' &&
           name[11] <= '9' && name[12] == '\0')
    style->outline_level = name[11] - '0';
}

OdfStyle
odf_style (const OdfStyles *styles, const char *family, const char *name)
{
  GHashTable *table = g_hash_table_lookup (styles->families, family);
  OdfStyle found = {0};
  gint outline_level = -1, is_hidden = -1;

  for (guint i = 0; i < INHERITANCE_MAX && name != NULL; i++) {
    const Style *style = table == NULL ? NULL : g_hash_table_lookup (table, name);

    take_name (&found, name);
    if (style == NULL)
      break;
    if (outline_level < 0)
      outline_level = style->outline_level;
    if (is_hidden < 0)
      is_hidden = style->is_hidden;
    if (found.list_style == NULL)
      found.list_style = style->list_style;
    name = style->parent;
  }
  if (outline_level >= 0)
    found.outline_level = outline_level;
  found.is_hidden = is_hidden > 0;
  return found;
}

const OdfListStyle *
odf_list_style (const OdfStyles *styles, const char *name)
{
  return name == NULL ? NULL : g_hash_table_lookup (styles->list_styles, name);
}

const OdfListStyle *
odf_outline_style (const OdfStyles *styles)
{
  return styles->outline;
}

/* --- counting ----------------------------------------------------------------------------------
 */

void
odf_counter_next (OdfCounter *counter, const OdfListStyle *style, guint level, gint64 start)
{
  level = MIN (level, ODF_LEVELS - 1);
  if (start >= 0)
    counter->counts[level] = (guint)MIN (start, G_MAXINT32);
  else if (!counter->has_count[level])
    counter->counts[level] = style == NULL ? 1 : style->levels[level].start;
  else
    counter->counts[level]++;
  counter->has_count[level] = TRUE;
  for (guint deeper = level + 1; deeper < ODF_LEVELS; deeper++)
    counter->has_count[deeper] = FALSE;
}

void
odf_counter_write (const OdfCounter *counter, const OdfListStyle *style, guint level, GString *out)
{
  const OdfListLevel *shown;
  gboolean is_first = TRUE;

  level = MIN (level, ODF_LEVELS - 1);
  shown = &style->levels[level];
  if (shown->label != ODF_NUMBER)
    return;
  g_string_append (out, shown->prefix != NULL ? shown->prefix : "");
  for (guint i = level + 1 - MIN (shown->display_levels, level + 1); i <= level; i++) {
    const OdfListLevel *part = &style->levels[i];

    if (part->label != ODF_NUMBER)
      continue;
    if (!is_first)
      g_string_append_c (out, '.');
    is_first = FALSE;
    numeral_append (out, part->format, counter->has_count[i] ? counter->counts[i] : part->start);
  }
  g_string_append (out, shown->suffix != NULL ? shown->suffix : "");
}
