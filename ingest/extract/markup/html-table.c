#include "html-table.h"

#include <string.h>

#define SPAN_MAX 100
#define COLUMNS_MAX 1000

/* A cell that reaches into rows below. */
typedef struct {
  guint rows; /* how many are still to come */
  char *text; /* GRefString */
} Span;

struct HtmlTable {
  /* (element-type GPtrArray of GRefString) Cells that repeat another share its string. */
  GPtrArray *rows;
  GArray *spans; /* (element-type Span) by column */
  guint columns; /* of the longest row */
  gboolean first_row_is_header;
  gboolean row_goes_on; /* all cells of the last row reach into the next */
  gsize bytes;
};

static void
unref_row (gpointer row)
{
  g_ptr_array_unref (row);
}

static void
clear_span (gpointer data)
{
  Span *span = data;

  g_clear_pointer (&span->text, g_ref_string_release);
}

static void
release_cell (gpointer cell)
{
  g_ref_string_release (cell);
}

HtmlTable *
html_table_new (void)
{
  HtmlTable *table = g_new0 (HtmlTable, 1);

  table->rows = g_ptr_array_new_with_free_func (unref_row);
  table->spans = g_array_new (FALSE, TRUE, sizeof (Span));
  g_array_set_clear_func (table->spans, clear_span);
  return table;
}

void
html_table_free (HtmlTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->rows);
  g_array_unref (table->spans);
  g_free (table);
}

/* What a cell above says holds in this row, too. */
static void
fill_spanned (HtmlTable *table, GPtrArray *row)
{
  while (row->len < table->spans->len && g_array_index (table->spans, Span, row->len).rows > 0) {
    Span *span = &g_array_index (table->spans, Span, row->len);

    span->rows--;
    g_ptr_array_add (row, g_ref_string_acquire (span->text));
  }
}

static GPtrArray *
last_row (HtmlTable *table)
{
  return g_ptr_array_index (table->rows, table->rows->len - 1);
}

void
html_table_begin_row (HtmlTable *table)
{
  if (table->rows->len > 0) {
    GPtrArray *row = last_row (table);

    fill_spanned (table, row);
    table->columns = MAX (table->columns, row->len);
    /* labels of the rows below that stand in a row of their own say it there */
    if (table->row_goes_on && row->len < table->columns)
      g_ptr_array_set_size (table->rows, (gint)table->rows->len - 1);
  }
  table->row_goes_on = FALSE;
  g_ptr_array_add (table->rows, g_ptr_array_new_with_free_func (release_cell));
}

static void
remember_span (HtmlTable *table, guint column, guint rows, char *text)
{
  Span *span;

  if (table->spans->len <= column)
    g_array_set_size (table->spans, column + 1);
  span = &g_array_index (table->spans, Span, column);
  clear_span (span);
  span->rows = rows;
  span->text = g_ref_string_acquire (text);
}

void
html_table_add_cell (HtmlTable *table, const char *text, gsize bytes, guint colspan, guint rowspan,
                     gboolean is_header)
{
  GPtrArray *row;
  char *cell = g_ref_string_new_len (text, (gssize)bytes);

  if (table->rows->len == 0)
    html_table_begin_row (table);
  row = last_row (table);
  table->row_goes_on = rowspan > 1 && (row->len == 0 || table->row_goes_on);
  fill_spanned (table, row);
  if (table->rows->len == 1)
    table->first_row_is_header = is_header && (row->len == 0 || table->first_row_is_header);
  colspan = CLAMP (colspan, 1, SPAN_MAX);
  rowspan = CLAMP (rowspan, 1, SPAN_MAX);
  for (guint i = 0; i < colspan && row->len < COLUMNS_MAX; i++) {
    remember_span (table, row->len, rowspan - 1, cell);
    g_ptr_array_add (row, g_ref_string_acquire (cell));
  }
  g_ref_string_release (cell);
  table->bytes += bytes;
}

guint
html_table_row_cells (const HtmlTable *table)
{
  const GPtrArray *row = table->rows->len == 0 ? NULL : table->rows->pdata[table->rows->len - 1];

  return row == NULL ? 0 : row->len;
}

gsize
html_table_bytes (const HtmlTable *table)
{
  return table->bytes;
}

static gboolean
cell_is_blank (const char *cell)
{
  while (g_ascii_isspace (*cell))
    cell++;
  return *cell == '\0';
}

/* Does the cell repeat the one to its left or above it? */
static gboolean
is_repeated (const HtmlTable *table, guint i, guint j)
{
  const GPtrArray *row = g_ptr_array_index (table->rows, i);
  const GPtrArray *above = i > 0 ? g_ptr_array_index (table->rows, i - 1) : NULL;

  return (j > 0 && row->pdata[j] == row->pdata[j - 1]) ||
         (above != NULL && j < above->len && row->pdata[j] == above->pdata[j]);
}

static gboolean
row_is_blank (const GPtrArray *row)
{
  for (guint i = 0; i < row->len; i++)
    if (!cell_is_blank (g_ptr_array_index (row, i)))
      return FALSE;
  return TRUE;
}

/* Columns that hold text of their own in some row. */
static guint
count_columns (HtmlTable *table)
{
  g_autofree gboolean *used = g_new0 (gboolean, COLUMNS_MAX);
  guint count = 0;

  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);

    for (guint j = 0; j < row->len && j < COLUMNS_MAX; j++)
      if (!used[j] && !cell_is_blank (g_ptr_array_index (row, j)) && !is_repeated (table, i, j)) {
        used[j] = TRUE;
        count++;
      }
  }
  return count;
}

static gboolean
deliver_cells (HtmlTable *table, ExtractSink *sink, GError **error)
{
  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);

    for (guint j = 0; j < row->len; j++)
      if (!is_repeated (table, i, j) &&
          !extract_paragraph (sink, 0, g_ptr_array_index (row, j), -1, error))
        return FALSE;
  }
  return TRUE;
}

/* Columns without any text, spacers, are taken out. */
static void
drop_blank (HtmlTable *table)
{
  guint columns = 0;

  if (table->rows->len > 0 && row_is_blank (g_ptr_array_index (table->rows, 0)))
    table->first_row_is_header = FALSE;
  for (guint i = table->rows->len; i > 0; i--) {
    GPtrArray *row = g_ptr_array_index (table->rows, i - 1);

    if (row_is_blank (row))
      g_ptr_array_remove_index (table->rows, i - 1);
    else
      columns = MAX (columns, row->len);
  }
  for (guint column = columns; column > 0; column--) {
    gboolean blank = TRUE;

    for (guint i = 0; i < table->rows->len && blank; i++) {
      GPtrArray *row = g_ptr_array_index (table->rows, i);

      blank = row->len < column || cell_is_blank (g_ptr_array_index (row, column - 1)) ||
              (column > 1 && row->pdata[column - 1] == row->pdata[column - 2]);
    }
    for (guint i = 0; i < table->rows->len && blank; i++) {
      GPtrArray *row = g_ptr_array_index (table->rows, i);

      if (row->len >= column)
        g_ptr_array_remove_index (row, column - 1);
    }
  }
}

/* What stands across the whole table stands there once. */
static void
fold_whole_rows (HtmlTable *table)
{
  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);
    guint same = 1;

    while (same < row->len && row->pdata[same] == row->pdata[0])
      same++;
    if (same > 1 && same == row->len)
      g_ptr_array_set_size (row, 1);
  }
}

gboolean
html_table_deliver (HtmlTable *table, gboolean layout, ExtractSink *sink, GError **error)
{
  gboolean done;

  if (table->rows->len > 0)
    fill_spanned (table, last_row (table));
  if (layout || count_columns (table) < 2) {
    done = deliver_cells (table, sink, error);
  } else {
    drop_blank (table);
    fold_whole_rows (table);
    done = extract_table (sink, 0, table->rows, table->first_row_is_header, error);
  }
  g_ptr_array_set_size (table->rows, 0);
  g_array_set_size (table->spans, 0);
  table->columns = 0;
  table->row_goes_on = FALSE;
  table->first_row_is_header = FALSE;
  table->bytes = 0;
  return done;
}
