#include "ods-cells.h"

#include "number-format.h"

#include <string.h>

#define ROWS_MAX (1u << 20)
#define COLUMNS_MAX (1u << 14)
/* What the file says once and means many times: so many cells a sheet are given again. */
#define REPEATS_MAX 10000
#define OBJECTS_MAX 1000
#define TEXT_BYTES_MAX (1u << 20)

/* A comment, a shape: after the cells. */
typedef struct {
  char *reference; /* (nullable) of a comment */
  char *author;    /* (nullable) */
  char *text;
} Aside;

/* A cell of the row that is being read; in the end the row may be repeated. */
typedef struct {
  guint column, repeats;
  CellKind kind;
  gboolean bold;
  gsize offset, bytes; /* in `row_text` */
} PendingCell;

struct OdsCells {
  ExtractSink *sink;
  SheetWriter *writer;
  GHashTable *hidden; /* set of names of table styles */
  GHashTable *bold;   /* set of names of cell styles */
  char *style;        /* (nullable) the style that is being read */
  GPtrArray *objects;
  GArray *asides;
  GArray *links; /* as asides: reference, target in `text` */
  gboolean has_sheets, in_sheet;

  guint row, row_repeats;
  guint column, column_repeats;
  guint repeats; /* of this sheet, given so far */
  GArray *pending;
  GString *row_text;

  GString *text;  /* of the cell, annotation or shape */
  GString *outer; /* of the cell, while an annotation or shape in it is read */
  GString *author;
  char *value; /* (nullable) office:value and its like */
  CellKind kind;
  gboolean is_bold, in_cell;
  guint paragraphs, asides_open; /* depth */
  guint skipped;                 /* within ruby text, tracked changes, forms */
  gboolean is_annotation, in_author;
};

/* The next one, all zero. */
static Aside *
add_aside (GArray *asides)
{
  g_array_set_size (asides, asides->len + 1);
  return &g_array_index (asides, Aside, asides->len - 1);
}

static void
clear_aside (gpointer data)
{
  Aside *aside = data;

  g_free (aside->reference);
  g_free (aside->author);
  g_free (aside->text);
}

OdsCells *
ods_cells_new (ExtractSink *sink)
{
  OdsCells *cells = g_new0 (OdsCells, 1);

  cells->sink = sink;
  cells->writer = sheet_writer_new (sink);
  cells->hidden = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  cells->bold = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  cells->objects = g_ptr_array_new_with_free_func (g_free);
  cells->asides = g_array_new (FALSE, TRUE, sizeof (Aside));
  cells->links = g_array_new (FALSE, TRUE, sizeof (Aside));
  g_array_set_clear_func (cells->asides, clear_aside);
  g_array_set_clear_func (cells->links, clear_aside);
  cells->pending = g_array_new (FALSE, TRUE, sizeof (PendingCell));
  cells->row_text = g_string_new (NULL);
  cells->text = g_string_new (NULL);
  cells->outer = g_string_new (NULL);
  cells->author = g_string_new (NULL);
  return cells;
}

void
ods_cells_free (OdsCells *cells)
{
  if (cells == NULL)
    return;
  sheet_writer_free (cells->writer);
  g_hash_table_unref (cells->hidden);
  g_hash_table_unref (cells->bold);
  g_free (cells->style);
  g_free (cells->value);
  g_ptr_array_unref (cells->objects);
  g_array_unref (cells->asides);
  g_array_unref (cells->links);
  g_array_unref (cells->pending);
  g_string_free (cells->row_text, TRUE);
  g_string_free (cells->text, TRUE);
  g_string_free (cells->outer, TRUE);
  g_string_free (cells->author, TRUE);
  g_free (cells);
}

gboolean
ods_cells_has_sheets (const OdsCells *cells)
{
  return cells->has_sheets;
}

const GPtrArray *
ods_cells_objects (const OdsCells *cells)
{
  return cells->objects;
}

static gboolean
is (const char *name, const char *other)
{
  return strcmp (name, other) == 0;
}

static guint
repeats_of (const xmlChar **attributes, guint n, const char *name, guint max)
{
  return (guint)CLAMP (xml_part_attribute_int (attributes, n, name, 1), 1, (gint64)max);
}

/* --- sheets ------------------------------------------------------------------------------------
 */

static gboolean
begin_sheet (OdsCells *cells, const xmlChar **attributes, guint n, GError **error)
{
  g_autofree char *name = xml_part_attribute (attributes, n, "name");
  g_autofree char *style = xml_part_attribute (attributes, n, "style-name");
  gboolean hidden = style != NULL && g_hash_table_contains (cells->hidden, style);

  cells->has_sheets = cells->in_sheet = TRUE;
  cells->row = cells->repeats = 0;
  return sheet_writer_begin (cells->writer, name == NULL ? "" : name,
                             hidden ? SHEET_HIDDEN : SHEET_VISIBLE, error);
}

static gboolean
end_sheet (OdsCells *cells, GError **error)
{
  cells->in_sheet = FALSE;
  if (!sheet_writer_end (cells->writer, error))
    return FALSE;
  for (guint i = 0; i < cells->asides->len; i++) {
    const Aside *aside = &g_array_index (cells->asides, Aside, i);
    gboolean done = aside->reference != NULL
                        ? sheet_writer_comment (cells->writer, aside->reference, aside->author,
                                                aside->text, error)
                        : extract_paragraph (cells->sink, 0, aside->text, -1, error);

    if (!done)
      return FALSE;
  }
  for (guint i = 0; i < cells->links->len; i++) {
    const Aside *link = &g_array_index (cells->links, Aside, i);

    if (!sheet_writer_link (cells->writer, link->reference, link->text, error))
      return FALSE;
  }
  g_array_set_size (cells->asides, 0);
  g_array_set_size (cells->links, 0);
  return TRUE;
}

/* --- rows and cells ----------------------------------------------------------------------------
 */

static gboolean
write_row (OdsCells *cells, guint row, GError **error)
{
  for (guint i = 0; i < cells->pending->len; i++) {
    const PendingCell *cell = &g_array_index (cells->pending, PendingCell, i);

    for (guint j = 0; j < cell->repeats; j++) {
      if (j > 0 && ++cells->repeats > REPEATS_MAX)
        break;
      if (!sheet_writer_cell (cells->writer, row, cell->column + j, cell->kind, cell->bold,
                              cells->row_text->str + cell->offset, cell->bytes, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
end_row (OdsCells *cells, GError **error)
{
  for (guint i = 0; cells->pending->len > 0 && i < cells->row_repeats; i++) {
    if (i > 0 && (cells->repeats += cells->pending->len) > REPEATS_MAX)
      break;
    if (cells->row + i < ROWS_MAX && !write_row (cells, cells->row + i, error))
      return FALSE;
  }
  cells->row = MIN (cells->row + cells->row_repeats, ROWS_MAX);
  g_array_set_size (cells->pending, 0);
  g_string_truncate (cells->row_text, 0);
  return TRUE;
}

static void
begin_cell (OdsCells *cells, const xmlChar **attributes, guint n)
{
  static const char *const values[] = {"value", "date-value", "time-value", "boolean-value",
                                       "string-value"};
  g_autofree char *type = xml_part_attribute (attributes, n, "value-type");
  g_autofree char *style = xml_part_attribute (attributes, n, "style-name");

  cells->is_bold = style != NULL && g_hash_table_contains (cells->bold, style);
  cells->in_cell = TRUE;
  cells->column_repeats = repeats_of (attributes, n, "number-columns-repeated", COLUMNS_MAX);
  cells->kind = type == NULL || is (type, "string") ? CELL_TEXT : CELL_VALUE;
  g_string_truncate (cells->text, 0);
  g_clear_pointer (&cells->value, g_free);
  for (guint i = 0; cells->value == NULL && i < G_N_ELEMENTS (values); i++)
    cells->value = xml_part_attribute (attributes, n, values[i]);
}

/* The text in the cell is its value as shown. Programs that write none leave the value. */
static void
show_value (OdsCells *cells)
{
  char *end;
  double value;

  if (cells->text->len > 0 || cells->value == NULL)
    return;
  value = g_ascii_strtod (cells->value, &end);
  if (is (cells->value, "true") || is (cells->value, "false"))
    g_string_append (cells->text, *cells->value == 't' ? "TRUE" : "FALSE");
  else if (cells->kind == CELL_VALUE && end > cells->value && *end == '\0')
    number_format_append_general (value, cells->text);
  else
    g_string_append (cells->text, cells->value);
}

static void
end_cell (OdsCells *cells)
{
  PendingCell cell = {.column = cells->column,
                      .repeats = cells->column_repeats,
                      .kind = cells->kind,
                      .bold = cells->is_bold,
                      .offset = cells->row_text->len};

  cells->in_cell = FALSE;
  show_value (cells);
  cell.bytes = cells->text->len;
  cell.repeats = MIN (cell.repeats, COLUMNS_MAX - MIN (cells->column, COLUMNS_MAX));
  if (cell.bytes > 0 && cell.repeats > 0) {
    g_string_append_len (cells->row_text, cells->text->str, (gssize)cells->text->len);
    g_array_append_val (cells->pending, cell);
  }
  cells->column = MIN (cells->column + cells->column_repeats, COLUMNS_MAX);
}

/* --- comments, shapes, links -------------------------------------------------------------------
 */

static void
begin_aside (OdsCells *cells, gboolean is_annotation)
{
  if (cells->asides_open++ > 0)
    return;
  cells->is_annotation = is_annotation;
  g_string_assign (cells->outer, cells->text->str);
  g_string_truncate (cells->text, 0);
  g_string_truncate (cells->author, 0);
}

static void
end_aside (OdsCells *cells)
{
  Aside *aside;

  if (cells->asides_open == 0 || --cells->asides_open > 0)
    return;
  if (cells->text->len > 0 && cells->asides->len < OBJECTS_MAX * 10) {
    aside = add_aside (cells->asides);
    if (cells->is_annotation) {
      aside->reference = sheet_reference (cells->row, cells->column);
      aside->author = g_strdup (cells->author->str);
    }
    aside->text = g_strdup (cells->text->str);
  }
  g_string_assign (cells->text, cells->outer->str);
}

static void
take_link (OdsCells *cells, const xmlChar **attributes, guint n)
{
  char *target = xml_part_attribute (attributes, n, "href");
  Aside *link;

  /* "#Sheet2.A1" leads to a place in the file */
  if (target == NULL || *target == '#' || cells->links->len >= OBJECTS_MAX * 10) {
    g_free (target);
    return;
  }
  link = add_aside (cells->links);
  link->reference = sheet_reference (cells->row, cells->column);
  link->text = target;
}

/* --- SAX ---------------------------------------------------------------------------------------
 */

static gboolean
is_shape (const char *name)
{
  static const char *const names[] = {"frame", "custom-shape", "rect",      "ellipse",
                                      "line",  "circle",       "polygon",   "polyline",
                                      "path",  "caption",      "connector", NULL};

  return g_strv_contains (names, name);
}

static gboolean
is_skipped (const char *name)
{
  static const char *const names[] = {"ruby-text",           "tracked-changes", "forms",
                                      "content-validations", "dde-links",       NULL};

  return g_strv_contains (names, name);
}

static void
start_text (OdsCells *cells, const char *name, const xmlChar **attributes, guint n)
{
  gint64 count;

  if (is (name, "p") || is (name, "h")) {
    if (cells->paragraphs++ == 0 && cells->text->len > 0)
      g_string_append_c (cells->text, '\n');
  } else if (is (name, "s")) {
    count = xml_part_attribute_int (attributes, n, "c", 1);
    for (gint64 i = 0; i < MIN (count, 100); i++)
      g_string_append_c (cells->text, ' ');
  } else if (is (name, "tab")) {
    g_string_append_c (cells->text, '\t');
  } else if (is (name, "line-break")) {
    g_string_append_c (cells->text, '\n');
  } else if (is (name, "a")) {
    take_link (cells, attributes, n);
  }
}

static void
start_style (OdsCells *cells, const char *name, const xmlChar **attributes, guint n)
{
  if (is (name, "style")) {
    g_free (cells->style);
    cells->style = xml_part_attribute (attributes, n, "name");
  } else if (is (name, "table-properties") && cells->style != NULL &&
             xml_part_attribute_is (attributes, n, "display", "false")) {
    g_hash_table_add (cells->hidden, g_strdup (cells->style));
  } else if (is (name, "text-properties") && cells->style != NULL &&
             xml_part_attribute_is (attributes, n, "font-weight", "bold")) {
    g_hash_table_add (cells->bold, g_strdup (cells->style));
  }
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n, GError **error)
{
  OdsCells *cells = user_data;

  cells->skipped += is_skipped (name);
  cells->in_author = is (name, "creator") && cells->asides_open > 0;
  if (cells->skipped > 0)
    return TRUE;
  if (!cells->in_sheet) {
    if (is (name, "table"))
      return begin_sheet (cells, attributes, n, error);
    start_style (cells, name, attributes, n);
  } else if (is (name, "table-row")) {
    cells->row_repeats = repeats_of (attributes, n, "number-rows-repeated", ROWS_MAX);
    cells->column = 0;
  } else if (is (name, "table-cell") || is (name, "covered-table-cell")) {
    begin_cell (cells, attributes, n);
  } else if (is (name, "annotation")) {
    begin_aside (cells, TRUE);
  } else if (is_shape (name)) {
    begin_aside (cells, FALSE);
  } else if (is (name, "object") || is (name, "object-ole")) {
    char *target = xml_part_attribute (attributes, n, "href");

    if (target != NULL && cells->objects->len < OBJECTS_MAX)
      g_ptr_array_add (cells->objects, target);
    else
      g_free (target);
  } else {
    start_text (cells, name, attributes, n);
  }
  return TRUE;
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  OdsCells *cells = user_data;

  cells->in_author = FALSE;
  if (cells->skipped > 0) {
    cells->skipped -= is_skipped (name);
    return TRUE;
  }
  if (!cells->in_sheet)
    return TRUE;
  if ((is (name, "p") || is (name, "h")) && cells->paragraphs > 0)
    cells->paragraphs--;
  else if (is (name, "annotation") || is_shape (name))
    end_aside (cells);
  else if (cells->in_cell && (is (name, "table-cell") || is (name, "covered-table-cell")))
    end_cell (cells);
  else if (is (name, "table-row"))
    return end_row (cells, error);
  else if (is (name, "table") && cells->asides_open == 0)
    return end_sheet (cells, error);
  return TRUE;
}

static gboolean
take_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  OdsCells *cells = user_data;

  if (cells->in_author && cells->author->len < TEXT_BYTES_MAX)
    g_string_append_len (cells->author, text, (gssize)bytes);
  else if (cells->paragraphs > 0 && cells->skipped == 0 && cells->text->len < TEXT_BYTES_MAX)
    g_string_append_len (cells->text, text, (gssize)bytes);
  return TRUE;
}

const XmlPartFuncs ods_cells_funcs = {start_element, end_element, take_text};

gboolean
ods_cells_end (OdsCells *cells, GError **error)
{
  return !cells->in_sheet || (end_row (cells, error) && end_sheet (cells, error));
}
