#include "sheet-region.h"

/* Empty columns that part tables. */
#define GAP_COLUMNS 3
/* Empty rows that a table with a header may have in it. */
#define GAP_ROWS 2

SheetRow *
sheet_region_row (const SheetWriter *writer, guint i)
{
  return &g_array_index (writer->rows, SheetRow, i);
}

SheetCell *
sheet_region_cell (const SheetWriter *writer, guint i)
{
  return &g_array_index (writer->cells, SheetCell, i);
}

SheetRow
sheet_region_row_part (const SheetWriter *writer, guint i, guint from, guint to)
{
  SheetRow row = *sheet_region_row (writer, i);

  while (row.n > 0 && sheet_region_cell (writer, row.first)->column < from) {
    row.first++;
    row.n--;
  }
  while (row.n > 0 && sheet_region_cell (writer, row.first + row.n - 1)->column >= to)
    row.n--;
  return row;
}

static int
compare_columns (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *)a, second = *(const guint *)b;

  return (first > second) - (first < second);
}

/* The columns used by the rows [first, end), in order. (transfer full) */
static GArray *
used_columns (const SheetWriter *writer, guint first, guint end, guint from, guint to)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (guint));
  guint n = 0;

  for (guint i = first; i < end; i++) {
    SheetRow row = sheet_region_row_part (writer, i, from, to);

    for (guint j = 0; j < row.n; j++)
      g_array_append_val (columns, sheet_region_cell (writer, row.first + j)->column);
  }
  g_array_sort (columns, compare_columns);
  for (guint i = 0; i < columns->len; i++)
    if (n == 0 || g_array_index (columns, guint, i) != g_array_index (columns, guint, n - 1))
      g_array_index (columns, guint, n++) = g_array_index (columns, guint, i);
  g_array_set_size (columns, n);
  return columns;
}

/* --- a region ----------------------------------------------------------------------------------
 */

static void
open_block (SheetWriter *writer, SheetLayout layout, GArray *columns)
{
  writer->open = writer->out_is_block = TRUE;
  writer->layout = layout;
  g_array_set_size (writer->columns, 0);
  g_array_append_vals (writer->columns, columns->data, columns->len);
}

/* The table delivered last goes on: few empty rows, no column it does not have. */
static gboolean
continues (const SheetWriter *writer, guint row, const GArray *columns)
{
  guint j = 0;

  if (!writer->open || writer->layout != LAYOUT_TABLE || columns->len < 2 ||
      row <= writer->open_row || row - writer->open_row - 1 > GAP_ROWS)
    return FALSE;
  for (guint i = 0; i < columns->len; i++) {
    while (j < writer->columns->len &&
           g_array_index (writer->columns, guint, j) < g_array_index (columns, guint, i))
      j++;
    if (j == writer->columns->len ||
        g_array_index (writer->columns, guint, j) != g_array_index (columns, guint, i))
      return FALSE;
  }
  return TRUE;
}

/* All columns from the first to the last: a long table may come to use them. */
static void
fill_columns (GArray *columns)
{
  guint first = g_array_index (columns, guint, 0);
  guint last = g_array_index (columns, guint, columns->len - 1);

  if (last - first > SHEET_SLACK_COLUMNS)
    return;
  g_array_set_size (columns, 0);
  for (guint column = first; column <= last; column++)
    g_array_append_val (columns, column);
}

static guint
row_length (const SheetWriter *writer, guint i, guint from, guint to)
{
  return sheet_region_row_part (writer, i, from, to).n;
}

/* Rows of one cell above the first that has more: titles, each a paragraph. Returns the first row
 * after them; `first` when all rows have one cell. */
static gboolean
deliver_titles (SheetWriter *writer, guint *first, guint end, guint from, guint to, GError **error)
{
  guint table = *first;

  while (table < end && row_length (writer, table, from, to) <= 1)
    table++;
  if (table == end)
    return TRUE;
  for (; *first < table; (*first)++) {
    SheetRow row = sheet_region_row_part (writer, *first, from, to);

    if (row.n == 0)
      continue;
    if (!sheet_render_close (writer, error))
      return FALSE;
    if (!extract_paragraph (writer->sink, 0,
                            writer->text->str + sheet_region_cell (writer, row.first)->offset,
                            (gssize)sheet_region_cell (writer, row.first)->bytes, error))
      return FALSE;
  }
  return TRUE;
}

/* Rows [first, end), columns [from, to). whole: no more rows of it follow. */
static gboolean
deliver_part (SheetWriter *writer, guint first, guint end, guint from, guint to, gboolean whole,
              GError **error)
{
  g_autoptr (GArray) columns = NULL;
  gboolean header;
  SheetLayout layout;

  if (!deliver_titles (writer, &first, end, from, to, error))
    return FALSE;
  columns = used_columns (writer, first, end, from, to);
  if (columns->len == 0)
    return TRUE;
  header = sheet_region_has_header (writer, first, end, from, to, columns->len);
  layout = columns->len == 1 ? LAYOUT_LINES : header ? LAYOUT_TABLE : LAYOUT_TABS;
  if (header || !continues (writer, sheet_region_row (writer, first)->row, columns)) {
    if (!sheet_render_close (writer, error))
      return FALSE;
    if (!whole)
      fill_columns (columns);
    open_block (writer, layout, columns);
  }
  for (guint i = first; i < end; i++) {
    SheetRow row = sheet_region_row_part (writer, i, from, to);

    if (!sheet_render_row (writer, &row, error))
      return FALSE;
    if (i == first && header)
      sheet_render_rule (writer);
  }
  writer->streams = !whole;
  return TRUE;
}

/* Where the columns of the rows held have a wide gap after `from`; G_MAXUINT: nowhere. */
static guint
next_gap (const GArray *columns, guint from)
{
  for (guint i = 1; i < columns->len; i++) {
    guint column = g_array_index (columns, guint, i);

    if (column > from && g_array_index (columns, guint, i - 1) >= from &&
        column - g_array_index (columns, guint, i - 1) > GAP_COLUMNS)
      return column;
  }
  return G_MAXUINT;
}

/* The rows held. whole: no more rows of the region follow. */
gboolean
sheet_region_deliver (SheetWriter *writer, gboolean whole, GError **error)
{
  g_autoptr (GArray) columns = NULL;
  guint from = 0, to;
  gboolean done = TRUE;

  if (writer->rows->len == 0)
    return TRUE;
  columns = used_columns (writer, 0, writer->rows->len, 0, G_MAXUINT);
  do {
    to = whole ? next_gap (columns, from) : G_MAXUINT;
    done = deliver_part (writer, 0, writer->rows->len, from, to, whole, error);
    from = to;
  } while (done && to != G_MAXUINT);
  g_array_set_size (writer->rows, 0);
  g_array_set_size (writer->cells, 0);
  g_string_truncate (writer->text, 0);
  return done;
}
