#include "chart.h"

#include <string.h>

/* Points and series beyond it are left out: nobody reads them, and places in a cache are the file's
 * word. */
#define POINTS_MAX 65536
#define SERIES_MAX 1024

typedef enum { TARGET_NONE, TARGET_NAME, TARGET_CATEGORY, TARGET_VALUE } Target;

typedef struct {
  GString *name;
  GPtrArray *categories; /* (element-type utf8), NULL where the cache has none */
  GPtrArray *values;
} Series;

typedef struct {
  Flow *flow;
  GPtrArray *series; /* (element-type Series) */
  Series *open;      /* (nullable) */
  guint n_named;     /* cx:series, which name the cx:data before them */
  gboolean in_title;
  Target target;
  guint point; /* in the cache that is open */
  gboolean is_number;
  gboolean in_text; /* <a:t>, <c:v>, <cx:pt> */
  gboolean in_point;
  GString *text;
} ChartReader;

static void
free_series (gpointer data)
{
  Series *series = data;

  g_string_free (series->name, TRUE);
  g_ptr_array_unref (series->categories);
  g_ptr_array_unref (series->values);
  g_free (series);
}

static Series *
add_series (ChartReader *reader)
{
  Series *series;

  if (reader->series->len >= SERIES_MAX)
    return NULL;
  series = g_new0 (Series, 1);
  series->name = g_string_new (NULL);
  series->categories = g_ptr_array_new_with_free_func (g_free);
  series->values = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (reader->series, series);
  return series;
}

/* What the elements below one are for. */
static void
set_target (ChartReader *reader, const char *name)
{
  static const struct {
    const char *name;
    Target target;
  } targets[] = {{"tx", TARGET_NAME},         {"cat", TARGET_CATEGORY}, {"xVal", TARGET_CATEGORY},
                 {"strDim", TARGET_CATEGORY}, {"val", TARGET_VALUE},    {"yVal", TARGET_VALUE},
                 {"numDim", TARGET_VALUE}};

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (strcmp (targets[i].name, name) == 0)
      reader->target = targets[i].target;
}

static gboolean
start_chart (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
             guint n_attributes, GError **error)
{
  ChartReader *reader = user_data;

  set_target (reader, name);
  if (strcmp (name, "ser") == 0 || strcmp (name, "data") == 0) {
    reader->target = TARGET_NONE;
    reader->open = add_series (reader);
  } else if (strcmp (name, "series") == 0) {
    reader->target = TARGET_NONE;
    reader->open = reader->n_named < reader->series->len
                       ? g_ptr_array_index (reader->series, reader->n_named)
                       : NULL;
    reader->n_named++;
  } else if (strcmp (name, "title") == 0) {
    reader->in_title = TRUE;
  } else if (strcmp (name, "pt") == 0) {
    reader->point =
        (guint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "idx", 0), 0, POINTS_MAX);
    reader->in_point = TRUE;
    /* cx:pt has its text itself */
    reader->in_text = TRUE;
    g_string_truncate (reader->text, 0);
  } else if (strcmp (name, "v") == 0 || strcmp (name, "t") == 0) {
    reader->in_text = TRUE;
    g_string_truncate (reader->text, 0);
  } else if (strcmp (name, "numCache") == 0 || strcmp (name, "numLit") == 0 ||
             strcmp (name, "strCache") == 0) {
    reader->is_number = *name == 'n';
  }
  return TRUE;
}

static gboolean
text_of_chart (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  ChartReader *reader = user_data;

  if (reader->in_text)
    g_string_append_len (reader->text, text, (gssize)bytes);
  return TRUE;
}

/* 4.2999999999999998 is what a program wrote for 4.3. */
static char *
number_text (const char *text)
{
  char *end;
  double number = g_ascii_strtod (text, &end);
  char digits[G_ASCII_DTOSTR_BUF_SIZE];

  if (end == text || *end != '\0')
    return g_strdup (text);
  return g_strdup (g_ascii_formatd (digits, sizeof digits, "%.15g", number));
}

static void
set_point (GPtrArray *points, guint index, const char *text, gboolean is_number)
{
  if (index >= POINTS_MAX)
    return;
  if (points->len <= index)
    g_ptr_array_set_size (points, (int)index + 1);
  /* of categories of several levels the innermost comes first */
  if (g_ptr_array_index (points, index) != NULL)
    return;
  g_ptr_array_index (points, index) = is_number ? number_text (text) : g_strdup (text);
}

static void
take_point (ChartReader *reader)
{
  Series *series = reader->open;

  if (reader->in_title)
    g_string_append (flow_text (reader->flow), reader->text->str);
  if (reader->in_title || series == NULL || reader->text->len == 0)
    return;
  if (reader->target == TARGET_NAME && series->name->len == 0)
    g_string_assign (series->name, reader->text->str);
  else if (reader->target == TARGET_CATEGORY)
    set_point (series->categories, reader->point, reader->text->str, reader->is_number);
  else if (reader->target == TARGET_VALUE)
    set_point (series->values, reader->point, reader->text->str, TRUE);
}

static gboolean
end_chart (gpointer user_data, const char *uri, const char *name, GError **error)
{
  ChartReader *reader = user_data;

  if (strcmp (name, "t") == 0) {
    /* titles and labels */
    g_string_append (flow_text (reader->flow), reader->text->str);
    reader->in_text = FALSE;
  } else if (strcmp (name, "p") == 0 || strcmp (name, "title") == 0) {
    reader->in_title &= *name != 't';
    return flow_end_paragraph (reader->flow, BLOCK_PARAGRAPH, 0, NULL, error);
  } else if (strcmp (name, "v") == 0 || (strcmp (name, "pt") == 0 && reader->in_text)) {
    take_point (reader);
    g_string_truncate (reader->text, 0);
    reader->in_text = FALSE;
  } else if (strcmp (name, "tx") == 0 || strcmp (name, "cat") == 0 || strcmp (name, "val") == 0 ||
             strcmp (name, "xVal") == 0 || strcmp (name, "yVal") == 0) {
    reader->target = TARGET_NONE;
  }
  return TRUE;
}

/* --- the table ---------------------------------------------------------------------------------
 */

static const char *
point_of (const GPtrArray *points, guint index)
{
  const char *text = index < points->len ? g_ptr_array_index (points, index) : NULL;

  return text != NULL ? text : "";
}

static gboolean
write_cell (Flow *flow, const char *text, GError **error)
{
  flow_begin_cell (flow, 1);
  g_string_append (flow_text (flow), text);
  return flow_end_cell (flow, error);
}

/* Series that share their categories stand beside each other; the first's are taken for all. */
static gboolean
write_series (ChartReader *reader, GError **error)
{
  Flow *flow = reader->flow;
  const GPtrArray *categories = NULL;
  guint n_points = 0;

  for (guint i = 0; i < reader->series->len; i++) {
    const Series *series = g_ptr_array_index (reader->series, i);

    if (categories == NULL && series->categories->len > 0)
      categories = series->categories;
    n_points = MAX (n_points, MAX (series->values->len, series->categories->len));
  }
  if (reader->series->len == 0)
    return TRUE;
  flow_begin_table (flow);
  flow_begin_row (flow);
  if (!write_cell (flow, "", error))
    return FALSE;
  for (guint i = 0; i < reader->series->len; i++)
    if (!write_cell (flow, ((Series *)g_ptr_array_index (reader->series, i))->name->str, error))
      return FALSE;
  flow_end_row (flow, FALSE);
  for (guint point = 0; point < n_points; point++) {
    flow_begin_row (flow);
    if (!write_cell (flow, categories == NULL ? "" : point_of (categories, point), error))
      return FALSE;
    for (guint i = 0; i < reader->series->len; i++)
      if (!write_cell (flow,
                       point_of (((Series *)g_ptr_array_index (reader->series, i))->values, point),
                       error))
        return FALSE;
    flow_end_row (flow, FALSE);
  }
  return flow_end_table (flow, FLOW_HEADER_SURE, error);
}

gboolean
chart_read (Package *package, const char *name, Flow *flow, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_chart, end_chart, text_of_chart};
  g_autoptr (GPtrArray) series = g_ptr_array_new_with_free_func (free_series);
  g_autoptr (GString) text = g_string_new (NULL);
  ChartReader reader = {.flow = flow, .series = series, .text = text};

  flow_begin_aside (flow);
  return opc_parse_part (package, name, &funcs, &reader, sink, NULL, error) &&
         flow_end_paragraph (flow, BLOCK_PARAGRAPH, 0, NULL, error) &&
         write_series (&reader, error) && flow_end_aside (flow, error);
}

/* --- diagrams ----------------------------------------------------------------------------------
 */

typedef struct {
  Flow *flow;
  gboolean is_presentation; /* points of the layout repeat the text of the nodes */
  gboolean in_text;
} DiagramReader;

static gboolean
start_diagram (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n_attributes, GError **error)
{
  DiagramReader *reader = user_data;

  if (strcmp (name, "pt") == 0)
    reader->is_presentation = xml_part_attribute_is (attributes, n_attributes, "type", "pres");
  else if (strcmp (name, "t") == 0 && uri != NULL && strstr (uri, "diagram") == NULL)
    reader->in_text = !reader->is_presentation;
  else if (strcmp (name, "br") == 0)
    g_string_append_c (flow_text (reader->flow), '\n');
  return TRUE;
}

static gboolean
text_of_diagram (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  DiagramReader *reader = user_data;

  if (reader->in_text)
    g_string_append_len (flow_text (reader->flow), text, (gssize)bytes);
  return TRUE;
}

static gboolean
end_diagram (gpointer user_data, const char *uri, const char *name, GError **error)
{
  DiagramReader *reader = user_data;

  reader->in_text = FALSE;
  return strcmp (name, "p") != 0 ||
         flow_end_paragraph (reader->flow, BLOCK_LIST_ITEM, 1, NULL, error);
}

gboolean
diagram_read (Package *package, const char *name, Flow *flow, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_diagram, end_diagram, text_of_diagram};
  DiagramReader reader = {.flow = flow};

  flow_begin_aside (flow);
  return opc_parse_part (package, name, &funcs, &reader, sink, NULL, error) &&
         flow_end_aside (flow, error);
}
