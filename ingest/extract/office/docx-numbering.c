#include "docx-numbering.h"

#include "numerals.h"

#include <string.h>

#define LISTS_MAX 200000
#define LINKS_MAX 8
#define MARKER_BYTES_MAX 256

typedef struct {
  gboolean is_defined;
  guint start;
  gint restart; /* 0: never; n: after a paragraph of level n (from 1); -1: of any before it */
  gboolean is_legal;
  char *format;
  char *text;           /* "%1.%2)" */
  char *style_id;       /* (nullable) */
  gboolean has_picture; /* for a bullet */
} Level;

typedef struct {
  Level levels[DOCX_LEVELS];
  char *style_link; /* (nullable) w:numStyleLink: the list is that style's */
  guint counts[DOCX_LEVELS];
  gboolean has_count[DOCX_LEVELS];
} AbstractList;

typedef struct {
  gint abstract_id;
  gint start_overrides[DOCX_LEVELS]; /* -1: none */
  gboolean was_used[DOCX_LEVELS];
  Level *levels; /* (nullable) DOCX_LEVELS that replace those of the abstract list */
} List;

struct DocxNumbering {
  const DocxStyles *styles;
  GHashTable *abstract_lists; /* id -> AbstractList */
  GHashTable *lists;          /* id -> List */
};

typedef struct {
  DocxNumbering *numbering;
  AbstractList *abstract_list; /* that is open */
  List *list;                  /* that is open */
  gint override_level;         /* of the w:lvlOverride that is open; -1 */
  Level *level;                /* that is open */
} NumberingReader;

static void
clear_levels (Level *levels)
{
  for (guint i = 0; levels != NULL && i < DOCX_LEVELS; i++) {
    g_free (levels[i].format);
    g_free (levels[i].text);
    g_free (levels[i].style_id);
  }
}

static void
free_abstract_list (gpointer data)
{
  AbstractList *list = data;

  clear_levels (list->levels);
  g_free (list->style_link);
  g_free (list);
}

static void
free_list (gpointer data)
{
  List *list = data;

  clear_levels (list->levels);
  g_free (list->levels);
  g_free (list);
}

/* --- reading -----------------------------------------------------------------------------------
 */

static gint
int_attribute (const xmlChar **attributes, guint n_attributes, const char *name, gint otherwise)
{
  gint64 value = xml_part_attribute_int (attributes, n_attributes, name, otherwise);

  return value < G_MININT32 || value > G_MAXINT32 ? otherwise : (gint)value;
}

static void
begin_abstract_list (NumberingReader *reader, const xmlChar **attributes, guint n_attributes)
{
  GHashTable *lists = reader->numbering->abstract_lists;
  gint id = int_attribute (attributes, n_attributes, "abstractNumId", -1);

  reader->list = NULL;
  reader->abstract_list = NULL;
  if (g_hash_table_size (lists) >= LISTS_MAX || g_hash_table_contains (lists, GINT_TO_POINTER (id)))
    return;
  reader->abstract_list = g_new0 (AbstractList, 1);
  g_hash_table_insert (lists, GINT_TO_POINTER (id), reader->abstract_list);
}

static void
begin_list (NumberingReader *reader, const xmlChar **attributes, guint n_attributes)
{
  GHashTable *lists = reader->numbering->lists;
  gint id = int_attribute (attributes, n_attributes, "numId", -1);

  reader->abstract_list = NULL;
  reader->list = NULL;
  if (g_hash_table_size (lists) >= LISTS_MAX || g_hash_table_contains (lists, GINT_TO_POINTER (id)))
    return;
  reader->list = g_new0 (List, 1);
  reader->list->abstract_id = -1;
  for (guint i = 0; i < DOCX_LEVELS; i++)
    reader->list->start_overrides[i] = -1;
  g_hash_table_insert (lists, GINT_TO_POINTER (id), reader->list);
}

static void
begin_level (NumberingReader *reader, const xmlChar **attributes, guint n_attributes)
{
  gint index = int_attribute (attributes, n_attributes, "ilvl", reader->override_level);

  reader->level = NULL;
  if (index < 0 || index >= DOCX_LEVELS)
    return;
  if (reader->abstract_list != NULL) {
    reader->level = &reader->abstract_list->levels[index];
  } else if (reader->list != NULL) {
    if (reader->list->levels == NULL)
      reader->list->levels = g_new0 (Level, DOCX_LEVELS);
    reader->level = &reader->list->levels[index];
  }
  if (reader->level == NULL)
    return;
  reader->level->is_defined = TRUE;
  reader->level->restart = -1;
}

static void
take_string (char **to, const xmlChar **attributes, guint n_attributes)
{
  g_free (*to);
  *to = xml_part_attribute (attributes, n_attributes, "val");
}

static void
take_level_property (Level *level, const char *name, const xmlChar **attributes, guint n_attributes)
{
  if (strcmp (name, "start") == 0)
    level->start = (guint)MAX (int_attribute (attributes, n_attributes, "val", 0), 0);
  else if (strcmp (name, "lvlRestart") == 0)
    level->restart = int_attribute (attributes, n_attributes, "val", -1);
  else if (strcmp (name, "isLgl") == 0)
    level->is_legal = docx_is_on (attributes, n_attributes);
  else if (strcmp (name, "numFmt") == 0)
    take_string (&level->format, attributes, n_attributes);
  else if (strcmp (name, "lvlText") == 0)
    take_string (&level->text, attributes, n_attributes);
  else if (strcmp (name, "pStyle") == 0)
    take_string (&level->style_id, attributes, n_attributes);
  else if (strcmp (name, "lvlPicBulletId") == 0)
    level->has_picture = TRUE;
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n_attributes, GError **error)
{
  NumberingReader *reader = user_data;

  if (strcmp (name, "abstractNum") == 0) {
    begin_abstract_list (reader, attributes, n_attributes);
  } else if (strcmp (name, "num") == 0) {
    begin_list (reader, attributes, n_attributes);
  } else if (strcmp (name, "lvl") == 0) {
    begin_level (reader, attributes, n_attributes);
  } else if (reader->level != NULL) {
    take_level_property (reader->level, name, attributes, n_attributes);
  } else if (strcmp (name, "numStyleLink") == 0 && reader->abstract_list != NULL) {
    take_string (&reader->abstract_list->style_link, attributes, n_attributes);
  } else if (strcmp (name, "abstractNumId") == 0 && reader->list != NULL) {
    reader->list->abstract_id = int_attribute (attributes, n_attributes, "val", -1);
  } else if (strcmp (name, "lvlOverride") == 0) {
    reader->override_level = int_attribute (attributes, n_attributes, "ilvl", -1);
  } else if (strcmp (name, "startOverride") == 0 && reader->list != NULL &&
             reader->override_level >= 0 && reader->override_level < DOCX_LEVELS) {
    reader->list->start_overrides[reader->override_level] =
        MAX (int_attribute (attributes, n_attributes, "val", 0), 0);
  }
  return TRUE;
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  NumberingReader *reader = user_data;

  if (strcmp (name, "lvl") == 0)
    reader->level = NULL;
  else if (strcmp (name, "lvlOverride") == 0)
    reader->override_level = -1;
  return TRUE;
}

DocxNumbering *
docx_numbering_read (Package *package, const char *name, const DocxStyles *styles,
                     ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_element, end_element, NULL};
  g_autoptr (DocxNumbering) numbering = g_new0 (DocxNumbering, 1);
  NumberingReader reader = {.numbering = numbering, .override_level = -1};

  numbering->styles = styles;
  numbering->abstract_lists = g_hash_table_new_full (NULL, NULL, NULL, free_abstract_list);
  numbering->lists = g_hash_table_new_full (NULL, NULL, NULL, free_list);
  if (!opc_parse_part (package, name, &funcs, &reader, sink, NULL, error))
    return NULL;
  return g_steal_pointer (&numbering);
}

void
docx_numbering_free (DocxNumbering *numbering)
{
  if (numbering == NULL)
    return;
  g_hash_table_unref (numbering->abstract_lists);
  g_hash_table_unref (numbering->lists);
  g_free (numbering);
}

/* --- counting ----------------------------------------------------------------------------------
 */

/* The list's definition, over styles that stand for lists. */
static AbstractList *
abstract_list_of (const DocxNumbering *numbering, const List *list)
{
  for (guint i = 0; i < LINKS_MAX && list != NULL; i++) {
    AbstractList *abstract_list =
        g_hash_table_lookup (numbering->abstract_lists, GINT_TO_POINTER (list->abstract_id));
    const DocxStyle *style;

    if (abstract_list == NULL || abstract_list->style_link == NULL)
      return abstract_list;
    style = docx_style (numbering->styles, abstract_list->style_link);
    list = style == NULL ? NULL
                         : g_hash_table_lookup (numbering->lists, GINT_TO_POINTER (style->num_id));
  }
  return NULL;
}

static const Level *
level_of (const List *list, const AbstractList *abstract_list, guint index)
{
  return list->levels != NULL && list->levels[index].is_defined ? &list->levels[index]
                                                                : &abstract_list->levels[index];
}

static gint
level_of_style (const List *list, const AbstractList *abstract_list, const char *style_id)
{
  for (guint i = 0; style_id != NULL && i < DOCX_LEVELS; i++)
    if (g_strcmp0 (level_of (list, abstract_list, i)->style_id, style_id) == 0)
      return (gint)i;
  return 0;
}

static guint
start_of (const List *list, const AbstractList *abstract_list, guint index)
{
  return list->start_overrides[index] >= 0 ? (guint)list->start_overrides[index]
                                           : level_of (list, abstract_list, index)->start;
}

static void
count (List *list, AbstractList *abstract_list, guint index)
{
  gboolean is_first = list->start_overrides[index] >= 0 && !list->was_used[index];

  if (is_first || !abstract_list->has_count[index])
    abstract_list->counts[index] = start_of (list, abstract_list, index);
  else if (abstract_list->counts[index] < G_MAXUINT32)
    abstract_list->counts[index]++;
  list->was_used[index] = TRUE;
  abstract_list->has_count[index] = TRUE;
  for (guint deeper = index + 1; deeper < DOCX_LEVELS; deeper++) {
    gint restart = level_of (list, abstract_list, deeper)->restart;

    if (restart < 0 || (gint)index < restart)
      abstract_list->has_count[deeper] = FALSE;
  }
}

static void
write_marker (const List *list, const AbstractList *abstract_list, const Level *level,
              GString *marker)
{
  for (const char *at = level->text; *at != '\0' && marker->len < MARKER_BYTES_MAX; at++) {
    guint index;
    const char *format;

    if (*at != '%' || at[1] < '1' || at[1] > '0' + DOCX_LEVELS) {
      g_string_append_c (marker, *at);
      continue;
    }
    index = (guint)(*++at - '1');
    format = level_of (list, abstract_list, index)->format;
    numeral_append (marker, level->is_legal || format == NULL ? "decimal" : format,
                    abstract_list->has_count[index] ? abstract_list->counts[index]
                                                    : start_of (list, abstract_list, index));
  }
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || text[strspn (text, " \t")] == '\0';
}

DocxItem
docx_numbering_next (DocxNumbering *numbering, gint num_id, gint *level, const char *style_id,
                     GString *marker)
{
  List *list = g_hash_table_lookup (numbering->lists, GINT_TO_POINTER (num_id));
  AbstractList *abstract_list = abstract_list_of (numbering, list);
  const Level *definition;

  if (abstract_list == NULL)
    return DOCX_NO_ITEM;
  if (*level < 0 || *level >= DOCX_LEVELS)
    *level = level_of_style (list, abstract_list, style_id);
  definition = level_of (list, abstract_list, (guint)*level);
  count (list, abstract_list, (guint)*level);
  if (g_strcmp0 (definition->format, "bullet") == 0)
    return is_blank (definition->text) && !definition->has_picture ? DOCX_NO_ITEM : DOCX_BULLET;
  if (definition->text == NULL || *definition->text == '\0')
    return DOCX_NO_ITEM;
  write_marker (list, abstract_list, definition, marker);
  g_strstrip (marker->str);
  g_string_set_size (marker, strlen (marker->str));
  return marker->len == 0 ? DOCX_NO_ITEM : DOCX_NUMBER;
}
