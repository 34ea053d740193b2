/* Tables: of lines that stand side by side (pdf_page_order finds them), those rows whose cells keep
 * to the same columns. Certain cases only: what is no table for sure stays lines. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define CELL_GAP 1.0 /* sizes: more of it within a line, and a new cell begins */
#define ROWS_MIN 3
#define COLUMNS_MAX 24
#define LINES_MAX 4000 /* of a page */
#define LONG_CELL 60   /* characters, on average of a column: text beside text */
#define SHORT_CELL 24
#define FULL_MIN 0.6    /* of all cells */
#define NUMERIC_MIN 0.3 /* of the cells below the header */
#define HEADER_ROWS_MAX 3
#define HEADER_PITCH_MAX 1.5 /* sizes */
#define LONE_ROWS_MAX 1      /* one after the other, between rows of several cells */
#define ROW_DISTANCE_MAX 4   /* sizes */

typedef struct {
  const PdfLine *line;
  gsize start, end; /* in its text */
  double x1, x2;
} Cell;

typedef struct {
  guint first, count; /* cells */
  double top, bottom, size;
} Row;

typedef struct {
  PdfPage *page;
  GArray *cells; /* (element-type Cell) by rows */
  GArray *rows;  /* (element-type Row) */
} Grid;

static void
grid_clear (Grid *grid)
{
  g_array_unref (grid->cells);
  g_array_unref (grid->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Grid, grid_clear)

/* --- rows and cells ----------------------------------------------------------------------------
 */

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const PdfLine *first = *(PdfLine *const *)a, *second = *(PdfLine *const *)b;
  double difference = first->y1 + first->y2 - second->y1 - second->y2;

  if (difference == 0)
    difference = first->x1 - second->x1;
  return difference < 0 ? -1 : difference > 0;
}

static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const Cell *first = a, *second = b;

  return first->x1 < second->x1 ? -1 : first->x1 > second->x1;
}

/* The line's cells: where its words are far from each other. */
static void
add_cells (Grid *grid, const PdfLine *line)
{
  Cell cell = {line, 0, line->bytes, line->x1, line->x2};
  const PdfWord *words =
      line->n_words == 0 ? NULL : &g_array_index (grid->page->places, PdfWord, line->first_word);

  for (guint i = 1; i < line->n_words; i++) {
    if (words[i].x1 - words[i - 1].x2 <= CELL_GAP * line->size || words[i].start <= cell.start)
      continue;
    cell.end = words[i].start - 1;
    cell.x2 = words[i - 1].x2;
    g_array_append_val (grid->cells, cell);
    cell = (Cell){line, words[i].start, line->bytes, words[i].x1, line->x2};
  }
  g_array_append_val (grid->cells, cell);
}

static gboolean
is_in_row (const Row *row, const PdfLine *line)
{
  double middle = (line->y1 + line->y2) / 2;

  return fabs (middle - (row->top + row->bottom) / 2) < 0.4 * MIN (row->size, line->size);
}

static void
build_grid (Grid *grid, PdfLine **lines, guint n)
{
  for (guint i = 0; i < n;) {
    Row row = {grid->cells->len, 0, lines[i]->y1, lines[i]->y2, lines[i]->size};

    do
      add_cells (grid, lines[i++]);
    while (i < n && is_in_row (&row, lines[i]));
    row.count = grid->cells->len - row.first;
    qsort (&g_array_index (grid->cells, Cell, row.first), row.count, sizeof (Cell), compare_cells);
    g_array_append_val (grid->rows, row);
  }
}

/* --- columns -----------------------------------------------------------------------------------
 */

typedef struct {
  double x1, x2;
} Span;

typedef struct {
  Span spans[COLUMNS_MAX];
  guint count;
} Columns;

static const Row *
row_at (const Grid *grid, guint index)
{
  return &g_array_index (grid->rows, Row, index);
}

static const Cell *
cell_at (const Grid *grid, const Row *row, guint index)
{
  return &g_array_index (grid->cells, Cell, row->first + index);
}

/* The number of cells that most of the rows have, of those with several. */
static guint
usual_count (const Grid *grid, guint from, guint to)
{
  guint counts[COLUMNS_MAX + 1] = {0}, best = 0;

  for (guint i = from; i < to; i++)
    if (row_at (grid, i)->count <= COLUMNS_MAX)
      counts[row_at (grid, i)->count]++;
  for (guint i = 2; i <= COLUMNS_MAX; i++)
    if (counts[i] > 0 && counts[i] >= counts[best])
      best = i;
  return best;
}

/* The columns that rows of that many cells agree on. FALSE: they do not. */
static gboolean
find_columns (const Grid *grid, guint from, guint to, guint count, Columns *columns)
{
  columns->count = count;
  for (guint c = 0; c < count; c++)
    columns->spans[c] = (Span){G_MAXDOUBLE, -G_MAXDOUBLE};
  for (guint i = from; i < to; i++) {
    const Row *row = row_at (grid, i);

    for (guint c = 0; row->count == count && c < count; c++) {
      Span *span = &columns->spans[c];

      span->x1 = MIN (span->x1, cell_at (grid, row, c)->x1);
      span->x2 = MAX (span->x2, cell_at (grid, row, c)->x2);
    }
  }
  for (guint c = 1; c < count; c++)
    if (columns->spans[c].x1 <= columns->spans[c - 1].x2)
      return FALSE;
  return count >= 2;
}

/* The column that the cell covers most of; the first that it touches when it spans several. */
static guint
column_of (const Columns *columns, const Cell *cell)
{
  guint nearest = 0;
  double best = G_MAXDOUBLE;

  for (guint c = 0; c < columns->count; c++) {
    const Span *span = &columns->spans[c];
    double distance = MAX (span->x1 - cell->x2, cell->x1 - span->x2);

    if (distance < 0)
      return c;
    if (distance < best) {
      best = distance;
      nearest = c;
    }
  }
  return nearest;
}

/* --- what a table is ---------------------------------------------------------------------------
 */

/* A number, an amount, a date, a share, a sign for none. */
static gboolean
is_numeric (const char *text)
{
  guint digits = 0, others = 0;

  if (*text == '\0')
    return FALSE;
  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    digits += g_unichar_isdigit (c);
    others += g_unichar_isalpha (c);
  }
  return others == 0 || others < digits;
}

/* A cell that is a number, with a digit. */
static gboolean
has_number (GPtrArray *row)
{
  for (guint c = 0; c < row->len; c++)
    if (is_numeric (g_ptr_array_index (row, c)) &&
        strpbrk (g_ptr_array_index (row, c), "0123456789") != NULL)
      return TRUE;
  return FALSE;
}

/* A bullet, a sign of a tree or of a diagram. */
static gboolean
is_sign (const char *text)
{
  return pdf_is_lone_marker (text) || (strchr ("+-|*", *text) != NULL && text[1] == '\0');
}

typedef struct {
  guint rows, lone_rows, number_rows; /* with one cell; with a number */
  guint cells, filled, numeric, broken;
  guint labels; /* in the first column: "Name:" */
  struct {
    guint filled, characters, signs, numbers;
  } columns[COLUMNS_MAX];
} Measure;

static void
measure_cell (Measure *measure, guint column, const char *text)
{
  gboolean is_number = is_numeric (text);

  measure->filled++;
  measure->numeric += is_number;
  /* the rest of what stands above */
  measure->broken += g_unichar_islower (g_utf8_get_char (text));
  measure->labels += column == 0 && g_str_has_suffix (text, ":");
  measure->columns[column].filled++;
  measure->columns[column].characters += (guint)g_utf8_strlen (text, -1);
  measure->columns[column].signs += is_sign (text);
  measure->columns[column].numbers += is_number;
}

static void
measure_table (GPtrArray *rows, guint header, guint columns, Measure *measure)
{
  memset (measure, 0, sizeof *measure);
  measure->rows = rows->len - header;
  for (guint r = header; r < rows->len; r++) {
    GPtrArray *row = g_ptr_array_index (rows, r);
    guint filled = measure->filled;

    for (guint c = 0; c < columns; c++) {
      const char *text = g_ptr_array_index (row, c);

      measure->cells++;
      if (*text != '\0')
        measure_cell (measure, c, text);
    }
    measure->lone_rows += measure->filled - filled <= 1;
    measure->number_rows += has_number (row);
  }
}

/* Amounts in most rows. */
static gboolean
is_numeric_table (const Measure *measure)
{
  return measure->numeric >= NUMERIC_MIN * measure->filled &&
         measure->number_rows * 5 >= measure->rows * 3;
}

/* Words in every cell of every row. */
static gboolean
is_word_table (const Measure *measure, gboolean is_short)
{
  return is_short && measure->rows > ROWS_MIN && measure->filled * 20 >= measure->cells * 19 &&
         measure->broken * 10 < measure->filled;
}

static gboolean
is_table (GPtrArray *rows, guint header, guint columns)
{
  Measure measure;
  gboolean is_short = TRUE;

  if (rows->len < ROWS_MIN || rows->len - header < 2)
    return FALSE;
  measure_table (rows, header, columns, &measure);
  if (measure.filled < FULL_MIN * measure.cells || measure.lone_rows * 3 > measure.rows ||
      measure.labels * 2 > measure.rows)
    return FALSE;
  for (guint c = 0; c < columns; c++) {
    guint filled = measure.columns[c].filled;

    if (filled == 0 || measure.columns[c].characters > LONG_CELL * filled)
      return FALSE;
    if (measure.columns[c].signs * 2 > filled && (c == 0 || measure.columns[c].numbers == 0))
      return FALSE; /* a list, a diagram */
    is_short &= measure.columns[c].characters <= SHORT_CELL * filled;
  }
  if (columns == 2) /* labels with amounts, not with words */
    return is_short && rows->len > ROWS_MIN &&
           measure.columns[1].numbers * 5 >= measure.columns[1].filled * 4 &&
           measure.columns[0].numbers * 2 < measure.columns[0].filled;
  return is_numeric_table (&measure) || is_word_table (&measure, is_short);
}

/* --- a run of rows to a table ------------------------------------------------------------------
 */

static void
unref_row (gpointer row)
{
  g_ptr_array_unref (row);
}

static GPtrArray *
new_row (guint columns)
{
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);

  for (guint c = 0; c < columns; c++)
    g_ptr_array_add (row, g_strdup (""));
  return row;
}

static void
append_text (GPtrArray *row, guint column, const char *text)
{
  char *before = g_ptr_array_index (row, column);

  row->pdata[column] = *before == '\0' ? g_strdup (text)
                       : *text == '\0' ? g_strdup (before)
                                       : g_strconcat (before, " ", text, NULL);
  g_free (before);
}

/* FALSE: some cells are not where the columns are. */
static gboolean
fill_row (const Grid *grid, const Row *row, const Columns *columns, GPtrArray *texts)
{
  guint last = G_MAXUINT;
  gboolean fits = TRUE;

  for (guint i = 0; i < row->count; i++) {
    const Cell *cell = cell_at (grid, row, i);
    g_autofree char *text = g_strndup (cell->line->text + cell->start, cell->end - cell->start);
    guint column = column_of (columns, cell);

    fits &= column != last && !pdf_has_leader (text);
    append_text (texts, column, g_strstrip (text));
    last = column;
  }
  return fits;
}

/* The rest of a cell's text, close below it: nothing in the first column, and words only. */
static gboolean
continues (const Row *above, const Row *row, GPtrArray *texts)
{
  const char *first = g_ptr_array_index (texts, 0);

  return *first == '\0' && !has_number (texts) &&
         row->bottom - above->bottom < (row->count == 1 ? 2 : 1.3) * row->size;
}

/* Rows above the first with a number are its header; several become one. Returns how many there
 * are then: 0 or 1. */
static guint
merge_header (const Grid *grid, guint from, GPtrArray *rows)
{
  guint n = 0;

  while (n < rows->len && !has_number (g_ptr_array_index (rows, n)))
    n++;
  if (n == 0 || n > HEADER_ROWS_MAX || n == rows->len)
    return 0;
  for (guint i = 1; i < n; i++)
    if (row_at (grid, from + i)->bottom - row_at (grid, from + i - 1)->bottom >
        HEADER_PITCH_MAX * row_at (grid, from + i)->size)
      return 0;
  while (n > 1) {
    GPtrArray *first = g_ptr_array_index (rows, 0), *second = g_ptr_array_index (rows, 1);

    for (guint c = 0; c < first->len; c++)
      append_text (first, c, g_ptr_array_index (second, c));
    g_ptr_array_remove_index (rows, 1);
    n--;
  }
  return n;
}

static gboolean
add_table (Grid *grid, guint from, guint to)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (unref_row);
  guint misfits = 0, header;
  PdfTable table;
  Columns columns;

  if (to - from < ROWS_MIN ||
      !find_columns (grid, from, to, usual_count (grid, from, to), &columns))
    return FALSE;
  for (guint i = from; i < to; i++) {
    g_autoptr (GPtrArray) texts = new_row (columns.count);

    misfits += !fill_row (grid, row_at (grid, i), &columns, texts);
    if (i > from && continues (row_at (grid, i - 1), row_at (grid, i), texts)) {
      GPtrArray *above = g_ptr_array_index (rows, rows->len - 1);

      for (guint c = 0; c < columns.count; c++)
        append_text (above, c, g_ptr_array_index (texts, c));
      continue;
    }
    g_ptr_array_add (rows, g_steal_pointer (&texts));
  }
  if (misfits * 6 > to - from)
    return FALSE;
  header = merge_header (grid, from, rows);
  if (!is_table (rows, header, columns.count))
    return FALSE;
  table = (PdfTable){g_steal_pointer (&rows), header > 0};
  g_array_append_val (grid->page->tables, table);
  return TRUE;
}

/* Marks the lines of the rows as those of the table added last. */
static void
mark_lines (Grid *grid, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    for (guint c = 0; c < row_at (grid, i)->count; c++) {
      const PdfLine *line = cell_at (grid, row_at (grid, i), c)->line;

      ((PdfLine *)line)->table = grid->page->tables->len;
    }
}

/* A single cell close below a row, behind the first column. */
static gboolean
is_rest_of_cell (const Grid *grid, guint from, guint index)
{
  const Row *row = row_at (grid, index);

  return index > from && row->bottom - row_at (grid, index - 1)->bottom < 2 * row->size &&
         cell_at (grid, row, 0)->x1 > cell_at (grid, row_at (grid, from), 0)->x2;
}

/* From `from`, the rows that may be one table: several cells, but for single rows between. */
static guint
run_length (const Grid *grid, guint from)
{
  guint to = from, end = from, lone = 0;

  for (; to < grid->rows->len; to++) {
    const Row *row = row_at (grid, to);

    if (to > from && row->top - row_at (grid, to - 1)->bottom > ROW_DISTANCE_MAX * row->size)
      break;
    lone = row->count > 1 ? 0 : lone + 1;
    if (lone > LONE_ROWS_MAX)
      break;
    if (row->count > 1 || is_rest_of_cell (grid, from, to))
      end = to + 1;
  }
  return end - from;
}

static void
find_in_grid (PdfPage *page, PdfLine **lines, guint n)
{
  g_auto (Grid) grid = {page, g_array_new (FALSE, FALSE, sizeof (Cell)),
                        g_array_new (FALSE, FALSE, sizeof (Row))};

  qsort (lines, n, sizeof *lines, compare_lines);
  build_grid (&grid, lines, n);
  for (guint i = 0; i < grid.rows->len;) {
    guint length = row_at (&grid, i)->count > 1 ? run_length (&grid, i) : 0;

    if (length >= ROWS_MIN && add_table (&grid, i, i + length)) {
      mark_lines (&grid, i, i + length);
      i += length;
    } else {
      i++;
    }
  }
}

static void
table_clear (gpointer table)
{
  g_ptr_array_unref (((PdfTable *)table)->rows);
}

void
pdf_tables_find (PdfPage *page)
{
  guint n = page->lines->len;
  g_autofree PdfLine **lines = NULL;

  if (page->n_grids == 0 || n > LINES_MAX)
    return;
  lines = g_new (PdfLine *, n);
  page->tables = g_array_new (FALSE, FALSE, sizeof (PdfTable));
  g_array_set_clear_func (page->tables, table_clear);
  for (guint id = 1; id <= page->n_grids; id++) {
    guint count = 0;

    for (guint i = 0; i < n; i++) {
      PdfLine *line = &g_array_index (page->lines, PdfLine, i);

      if (line->grid == id && !line->is_furniture && !line->is_note)
        lines[count++] = line;
    }
    find_in_grid (page, lines, count);
  }
}
