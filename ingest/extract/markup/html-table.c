#include "html-table.h"

#include <string.h>

#define SPAN_MAX 100
#define COLUMNS_MAX 1000

struct HtmlTable {
  GPtrArray *rows;  /* (element-type GPtrArray of utf8) */
  GArray *rowspans; /* (element-type guint) rows that a cell above still covers, by column */
  gboolean first_row_is_header;
  gsize bytes;
};

static void
unref_row (gpointer row)
{
  g_ptr_array_unref (row);
}

HtmlTable *
html_table_new (void)
{
  HtmlTable *table = g_new0 (HtmlTable, 1);

  table->rows = g_ptr_array_new_with_free_func (unref_row);
  table->rowspans = g_array_new (FALSE, TRUE, sizeof (guint));
  return table;
}

void
html_table_free (HtmlTable *table)
{
  if (table == NULL)
    return;
  g_ptr_array_unref (table->rows);
  g_array_unref (table->rowspans);
  g_free (table);
}

/* Empty cells where a cell above reaches into this row. */
static void
fill_spanned (HtmlTable *table, GPtrArray *row)
{
  while (row->len < table->rowspans->len && g_array_index (table->rowspans, guint, row->len) > 0) {
    g_array_index (table->rowspans, guint, row->len)--;
    g_ptr_array_add (row, g_strdup (""));
  }
}

void
html_table_begin_row (HtmlTable *table)
{
  g_ptr_array_add (table->rows, g_ptr_array_new_with_free_func (g_free));
}

void
html_table_add_cell (HtmlTable *table, const char *text, gsize bytes, guint colspan, guint rowspan,
                     gboolean is_header)
{
  GPtrArray *row;

  if (table->rows->len == 0)
    html_table_begin_row (table);
  row = g_ptr_array_index (table->rows, table->rows->len - 1);
  fill_spanned (table, row);
  if (table->rows->len == 1)
    table->first_row_is_header = is_header && (row->len == 0 || table->first_row_is_header);
  colspan = CLAMP (colspan, 1, SPAN_MAX);
  rowspan = CLAMP (rowspan, 1, SPAN_MAX);
  for (guint i = 0; i < colspan && row->len < COLUMNS_MAX; i++) {
    if (table->rowspans->len <= row->len)
      g_array_set_size (table->rowspans, row->len + 1);
    g_array_index (table->rowspans, guint, row->len) = rowspan - 1;
    g_ptr_array_add (row, i == 0 ? g_strndup (text, bytes) : g_strdup (""));
  }
  table->bytes += bytes;
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

static gboolean
row_is_blank (const GPtrArray *row)
{
  for (guint i = 0; i < row->len; i++)
    if (!cell_is_blank (g_ptr_array_index (row, i)))
      return FALSE;
  return TRUE;
}

/* Columns that hold text in some row. */
static guint
count_columns (HtmlTable *table)
{
  g_autofree gboolean *used = g_new0 (gboolean, COLUMNS_MAX);
  guint count = 0;

  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);

    for (guint j = 0; j < row->len && j < COLUMNS_MAX; j++)
      if (!used[j] && !cell_is_blank (g_ptr_array_index (row, j))) {
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
      if (!extract_paragraph (sink, 0, g_ptr_array_index (row, j), -1, error))
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

      blank = row->len < column || cell_is_blank (g_ptr_array_index (row, column - 1));
    }
    for (guint i = 0; i < table->rows->len && blank; i++) {
      GPtrArray *row = g_ptr_array_index (table->rows, i);

      if (row->len >= column)
        g_ptr_array_remove_index (row, column - 1);
    }
  }
}

gboolean
html_table_deliver (HtmlTable *table, gboolean layout, ExtractSink *sink, GError **error)
{
  gboolean done;

  if (layout || count_columns (table) < 2) {
    done = deliver_cells (table, sink, error);
  } else {
    drop_blank (table);
    done = extract_table (sink, 0, table->rows, table->first_row_is_header, error);
  }
  g_ptr_array_set_size (table->rows, 0);
  g_array_set_size (table->rowspans, 0);
  table->first_row_is_header = FALSE;
  table->bytes = 0;
  return done;
}
