#include "sheet-writer.h"

#include "ingest/extract/sink.h"

#include <string.h>

/* A region is looked at as a whole up to here. */
#define WINDOW_ROWS 512
#define WINDOW_BYTES (512u << 10)
/* Text that goes on as one piece. */
#define PIECE_BYTES (64u << 10)
/* Empty columns that part tables. */
#define GAP_COLUMNS 3
/* Empty rows that a table with a header may have in it. */
#define GAP_ROWS 2
/* Columns a long table may have that are empty so far, within it and beyond its end. */
#define SLACK_COLUMNS 256
#define LABEL_BYTES 60
#define ADDRESSES_MAX 10000

typedef struct {
  guint column;
  CellKind kind;
  gboolean bold;
  gsize offset; /* in the writer's text */
  gsize bytes;
} Cell;

typedef struct {
  guint row;
  guint first; /* in the writer's cells */
  guint n;
} Row;

typedef enum { LAYOUT_LINES, LAYOUT_TABS, LAYOUT_TABLE } Layout;

struct SheetWriter {
  ExtractSink *sink;
  GString *text; /* of the cells held */
  GArray *cells;
  GArray *rows;
  gboolean unsorted; /* the row that is being filled */
  guint last_row;    /* the last that had a cell */
  gboolean has_row;

  /* the block that was delivered last, if it can go on */
  gboolean open;
  Layout layout;
  GArray *columns; /* (element-type guint) in order */
  guint open_row;  /* its last row */
  gboolean streams;
  GString *out;          /* rendered, not delivered */
  gboolean out_is_block; /* it begins one */
  GHashTable *headers;   /* set of row + 1 */
  GHashTable *addresses; /* set of utf8: texts of cells that are addresses, and links told */
};

SheetWriter *
sheet_writer_new (ExtractSink *sink)
{
  SheetWriter *writer = g_new0 (SheetWriter, 1);

  writer->sink = sink;
  writer->text = g_string_new (NULL);
  writer->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  writer->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  writer->columns = g_array_new (FALSE, FALSE, sizeof (guint));
  writer->out = g_string_new (NULL);
  writer->headers = g_hash_table_new (NULL, NULL);
  writer->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return writer;
}

void
sheet_writer_free (SheetWriter *writer)
{
  if (writer == NULL)
    return;
  g_string_free (writer->text, TRUE);
  g_array_unref (writer->cells);
  g_array_unref (writer->rows);
  g_array_unref (writer->columns);
  g_string_free (writer->out, TRUE);
  g_hash_table_unref (writer->headers);
  g_hash_table_unref (writer->addresses);
  g_free (writer);
}

static Row *
row_at (const SheetWriter *writer, guint i)
{
  return &g_array_index (writer->rows, Row, i);
}

static Cell *
cell_at (const SheetWriter *writer, guint i)
{
  return &g_array_index (writer->cells, Cell, i);
}

/* --- delivery ----------------------------------------------------------------------------------
 */

static gboolean
flush_out (SheetWriter *writer, GError **error)
{
  gboolean done;

  if (writer->out->len == 0)
    return TRUE;
  if (writer->out_is_block)
    done = extract_verbatim (
        writer->sink, writer->layout == LAYOUT_LINES ? BLOCK_PARAGRAPH : BLOCK_TABLE, 0, 0, "\n\n",
        extract_sink_blocks (writer->sink) > 0 ? 2 : 0, writer->out->str, writer->out->len, error);
  else
    done = extract_more (writer->sink, writer->out->str, writer->out->len, error);
  writer->out_is_block = FALSE;
  g_string_truncate (writer->out, 0);
  return done;
}

static gboolean
close_block (SheetWriter *writer, GError **error)
{
  gboolean done = flush_out (writer, error);

  writer->open = writer->streams = FALSE;
  return done;
}

/* --- rows --------------------------------------------------------------------------------------
 */

/* The text on one line; in a Markdown table '|' is escaped. */
static void
append_cell (GString *out, const char *text, gsize bytes, gboolean escape)
{
  const char *end = text + bytes;
  gsize start = out->len;

  while (text < end) {
    const char *word = text;

    while (text < end && !g_ascii_isspace (*text) && !(escape && *text == '|'))
      text++;
    g_string_append_len (out, word, text - word);
    if (text < end && *text == '|') {
      g_string_append (out, "\\|");
      text++;
    } else if (text < end) {
      while (text < end && g_ascii_isspace (*text))
        text++;
      if (text < end && out->len > start)
        g_string_append_c (out, ' ');
    }
  }
}

static void
render_markdown_row (SheetWriter *writer, const Row *row)
{
  GString *out = writer->out;
  guint at = row->first, end = row->first + row->n;

  g_string_append_c (out, '|');
  for (guint i = 0; i < writer->columns->len || at < end; i++) {
    const Cell *cell = at < end ? cell_at (writer, at) : NULL;
    /* beyond the columns known when the table began they follow one another */
    gboolean here = cell != NULL && (i >= writer->columns->len ||
                                     cell->column == g_array_index (writer->columns, guint, i));

    g_string_append_c (out, ' ');
    if (here) {
      append_cell (out, writer->text->str + cell->offset, cell->bytes, TRUE);
      g_string_append_c (out, ' ');
      at++;
    }
    g_string_append_c (out, '|');
  }
}

static void
render_tabs_row (SheetWriter *writer, const Row *row)
{
  GString *out = writer->out;
  guint at = row->first, end = row->first + row->n;

  for (guint i = 0; at < end; i++) {
    const Cell *cell = cell_at (writer, at);
    gboolean here =
        i >= writer->columns->len || cell->column == g_array_index (writer->columns, guint, i);

    if (i > 0)
      g_string_append_c (out, '\t');
    if (here) {
      append_cell (out, writer->text->str + cell->offset, cell->bytes, FALSE);
      at++;
    }
  }
}

/* A column of texts: a cell's own lines stay lines. */
static void
render_lines_row (SheetWriter *writer, const Row *row)
{
  for (guint i = 0; i < row->n; i++) {
    const Cell *cell = cell_at (writer, row->first + i);

    if (i > 0)
      g_string_append_c (writer->out, '\t');
    g_string_append_len (writer->out, writer->text->str + cell->offset, (gssize)cell->bytes);
  }
}

static gboolean
render_row (SheetWriter *writer, const Row *row, GError **error)
{
  if (row->n == 0)
    return TRUE;
  if (!writer->out_is_block || writer->out->len > 0)
    g_string_append_c (writer->out, '\n');
  if (writer->layout == LAYOUT_TABLE)
    render_markdown_row (writer, row);
  else if (writer->layout == LAYOUT_TABS)
    render_tabs_row (writer, row);
  else
    render_lines_row (writer, row);
  writer->open_row = row->row;
  return writer->out->len < PIECE_BYTES || flush_out (writer, error);
}

static void
render_rule (SheetWriter *writer)
{
  g_string_append (writer->out, "\n|");
  for (guint i = 0; i < writer->columns->len; i++)
    g_string_append (writer->out, " --- |");
}

/* --- what a region is --------------------------------------------------------------------------
 */

/* The cells of a row that lie in the columns [from, to). */
static Row
row_part (const SheetWriter *writer, guint i, guint from, guint to)
{
  Row row = *row_at (writer, i);

  while (row.n > 0 && cell_at (writer, row.first)->column < from) {
    row.first++;
    row.n--;
  }
  while (row.n > 0 && cell_at (writer, row.first + row.n - 1)->column >= to)
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
    Row row = row_part (writer, i, from, to);

    for (guint j = 0; j < row.n; j++)
      g_array_append_val (columns, cell_at (writer, row.first + j)->column);
  }
  g_array_sort (columns, compare_columns);
  for (guint i = 0; i < columns->len; i++)
    if (n == 0 || g_array_index (columns, guint, i) != g_array_index (columns, guint, n - 1))
      g_array_index (columns, guint, n++) = g_array_index (columns, guint, i);
  g_array_set_size (columns, n);
  return columns;
}

static gboolean
same_text (const SheetWriter *writer, const Cell *a, const Cell *b)
{
  return a->bytes == b->bytes &&
         memcmp (writer->text->str + a->offset, writer->text->str + b->offset, a->bytes) == 0;
}

/* What a row has that may name the columns. */
typedef struct {
  gboolean texts;  /* only texts */
  gboolean bold;   /* all of them */
  gboolean brief;  /* each short */
  gboolean unique; /* each once */
} Labels;

static Labels
look_at_labels (const SheetWriter *writer, const Row *row)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Labels labels = {TRUE, TRUE, TRUE, TRUE};

  for (guint i = 0; i < row->n; i++) {
    const Cell *cell = cell_at (writer, row->first + i);

    labels.texts &= cell->kind == CELL_TEXT;
    labels.bold &= cell->bold;
    labels.brief &= cell->bytes <= LABEL_BYTES;
    labels.unique &= g_hash_table_add (
        seen, g_strndup (writer->text->str + cell->offset, MIN (cell->bytes, 256)));
  }
  return labels;
}

/* Do the rows below differ from the labels: values in a column, or no label again? */
static gboolean
rows_differ (const SheetWriter *writer, const Row *header, guint first, guint end, guint from,
             guint to, const Labels *labels)
{
  gboolean repeated = FALSE;

  for (guint i = first; i < end; i++) {
    Row row = row_part (writer, i, from, to);
    guint at = 0;

    for (guint j = 0; j < header->n; j++) {
      const Cell *label = cell_at (writer, header->first + j);
      const Cell *cell;

      while (at < row.n && cell_at (writer, row.first + at)->column < label->column)
        at++;
      cell = at < row.n ? cell_at (writer, row.first + at) : NULL;
      if (cell == NULL || cell->column != label->column)
        continue;
      if (cell->kind == CELL_VALUE)
        return TRUE;
      repeated |= same_text (writer, cell, label);
    }
  }
  return !repeated && labels->brief && end - first >= 3;
}

/* Does the first row name the columns? */
static gboolean
has_header (const SheetWriter *writer, guint first, guint end, guint from, guint to,
            guint n_columns)
{
  Row header = row_part (writer, first, from, to), second;
  Labels labels;

  if (end - first < 2 || header.n < 2 || header.n * 4 < n_columns * 3)
    return FALSE;
  if (g_hash_table_contains (writer->headers, GUINT_TO_POINTER (header.row + 1)))
    return TRUE;
  labels = look_at_labels (writer, &header);
  if (!labels.unique)
    return FALSE;
  second = row_part (writer, first + 1, from, to);
  if (labels.bold && !look_at_labels (writer, &second).bold)
    return TRUE;
  return labels.texts && rows_differ (writer, &header, first + 1, end, from, to, &labels);
}

/* --- a region ----------------------------------------------------------------------------------
 */

static void
open_block (SheetWriter *writer, Layout layout, GArray *columns)
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

  if (last - first > SLACK_COLUMNS)
    return;
  g_array_set_size (columns, 0);
  for (guint column = first; column <= last; column++)
    g_array_append_val (columns, column);
}

static guint
row_length (const SheetWriter *writer, guint i, guint from, guint to)
{
  return row_part (writer, i, from, to).n;
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
    Row row = row_part (writer, *first, from, to);

    if (row.n == 0)
      continue;
    if (!close_block (writer, error))
      return FALSE;
    if (!extract_paragraph (writer->sink, 0,
                            writer->text->str + cell_at (writer, row.first)->offset,
                            (gssize)cell_at (writer, row.first)->bytes, error))
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
  Layout layout;

  if (!deliver_titles (writer, &first, end, from, to, error))
    return FALSE;
  columns = used_columns (writer, first, end, from, to);
  if (columns->len == 0)
    return TRUE;
  header = has_header (writer, first, end, from, to, columns->len);
  layout = columns->len == 1 ? LAYOUT_LINES : header ? LAYOUT_TABLE : LAYOUT_TABS;
  if (header || !continues (writer, row_at (writer, first)->row, columns)) {
    if (!close_block (writer, error))
      return FALSE;
    if (!whole)
      fill_columns (columns);
    open_block (writer, layout, columns);
  }
  for (guint i = first; i < end; i++) {
    Row row = row_part (writer, i, from, to);

    if (!render_row (writer, &row, error))
      return FALSE;
    if (i == first && header)
      render_rule (writer);
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
static gboolean
deliver_region (SheetWriter *writer, gboolean whole, GError **error)
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

/* --- cells -------------------------------------------------------------------------------------
 */

static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const Cell *first = a, *second = b;

  if (first->column != second->column)
    return first->column < second->column ? -1 : 1;
  return (first->offset > second->offset) - (first->offset < second->offset);
}

/* Sorts the row that is being filled; of two cells of a column the first stays. */
static void
sort_row (SheetWriter *writer, Row *row)
{
  guint n = 0;

  qsort (cell_at (writer, row->first), row->n, sizeof (Cell), compare_cells);
  for (guint i = 0; i < row->n; i++)
    if (n == 0 ||
        cell_at (writer, row->first + i)->column != cell_at (writer, row->first + n - 1)->column)
      *cell_at (writer, row->first + n++) = *cell_at (writer, row->first + i);
  row->n = n;
  g_array_set_size (writer->cells, row->first + n);
}

/* Can the row go on with the table that streams? */
static gboolean
fits_stream (const SheetWriter *writer, const Row *row)
{
  guint i = 0;
  guint end = g_array_index (writer->columns, guint, writer->columns->len - 1);

  for (guint j = 0; j < row->n; j++) {
    guint column = cell_at (writer, row->first + j)->column;

    while (i < writer->columns->len && g_array_index (writer->columns, guint, i) < column)
      i++;
    if (i == writer->columns->len ? column - end > SLACK_COLUMNS
                                  : g_array_index (writer->columns, guint, i) != column)
      return FALSE;
  }
  return writer->layout != LAYOUT_LINES || row->n == 1;
}

/* The row that was being filled is complete. */
static gboolean
end_row (SheetWriter *writer, GError **error)
{
  Row *row;

  if (writer->rows->len == 0)
    return TRUE;
  row = row_at (writer, writer->rows->len - 1);
  if (writer->unsorted)
    sort_row (writer, row);
  writer->unsorted = FALSE;
  if (writer->streams && writer->rows->len == 1) {
    if (fits_stream (writer, row)) {
      if (!render_row (writer, row, error))
        return FALSE;
      g_array_set_size (writer->rows, 0);
      g_array_set_size (writer->cells, 0);
      g_string_truncate (writer->text, 0);
      return TRUE;
    }
    writer->streams = FALSE; /* but the table may go on */
  }
  if (writer->rows->len >= WINDOW_ROWS || writer->text->len >= WINDOW_BYTES)
    return deliver_region (writer, FALSE, error);
  return TRUE;
}

static gboolean
begin_row (SheetWriter *writer, guint row, GError **error)
{
  Row new_row = {.row = row};

  if (!end_row (writer, error))
    return FALSE;
  if (writer->has_row && row != writer->last_row + 1) {
    if (!deliver_region (writer, TRUE, error))
      return FALSE;
    writer->streams = FALSE;
  }
  new_row.first = writer->cells->len;
  g_array_append_val (writer->rows, new_row);
  writer->last_row = row;
  writer->has_row = TRUE;
  return TRUE;
}

/* Without white space at its ends. */
static void
trim (const char **text, gsize *bytes)
{
  while (*bytes > 0 && g_ascii_isspace (**text)) {
    (*text)++;
    (*bytes)--;
  }
  while (*bytes > 0 && g_ascii_isspace ((*text)[*bytes - 1]))
    (*bytes)--;
}

static void
remember_address (SheetWriter *writer, const char *text, gsize bytes)
{
  if (bytes < 2048 &&
      (memchr (text, '@', bytes) != NULL || memmem (text, bytes, "//", 2) != NULL ||
       memmem (text, bytes, "www.", 4) != NULL) &&
      g_hash_table_size (writer->addresses) < ADDRESSES_MAX)
    g_hash_table_add (writer->addresses, g_strndup (text, bytes));
}

gboolean
sheet_writer_cell (SheetWriter *writer, guint row, guint column, CellKind kind, gboolean bold,
                   const char *text, gsize bytes, GError **error)
{
  Cell cell = {.column = column, .kind = kind, .bold = bold, .offset = writer->text->len};
  Row *current;

  trim (&text, &bytes);
  if (bytes == 0)
    return TRUE;
  if ((!writer->has_row || row != writer->last_row || writer->rows->len == 0) &&
      !begin_row (writer, row, error))
    return FALSE;
  current = row_at (writer, writer->rows->len - 1);
  if (current->n > 0 && cell_at (writer, writer->cells->len - 1)->column >= column)
    writer->unsorted = TRUE;
  if (kind == CELL_TEXT)
    remember_address (writer, text, bytes);
  /* a row may have been delivered meanwhile */
  cell.offset = writer->text->len;
  cell.bytes = bytes;
  g_string_append_len (writer->text, text, (gssize)bytes);
  g_array_append_val (writer->cells, cell);
  current->n++;
  return TRUE;
}

void
sheet_writer_set_header (SheetWriter *writer, guint row)
{
  g_hash_table_add (writer->headers, GUINT_TO_POINTER (row + 1));
}

/* --- a sheet -----------------------------------------------------------------------------------
 */

gboolean
sheet_writer_begin (SheetWriter *writer, const char *name, SheetState state, GError **error)
{
  static const char *const marks[] = {"", " (hidden)", " (hidden)"};
  g_autofree char *heading = g_strconcat (name, marks[state], NULL);

  g_hash_table_remove_all (writer->headers);
  g_hash_table_remove_all (writer->addresses);
  return sheet_writer_end (writer, error) &&
         extract_heading (writer->sink, 1, 0, heading, -1, error);
}

gboolean
sheet_writer_end (SheetWriter *writer, GError **error)
{
  if (!end_row (writer, error) || !deliver_region (writer, TRUE, error) ||
      !close_block (writer, error))
    return FALSE;
  writer->has_row = FALSE;
  return TRUE;
}

gboolean
sheet_writer_comment (SheetWriter *writer, const char *reference, const char *author,
                      const char *text, GError **error)
{
  g_autofree char *line = NULL;
  g_autofree char *stripped = text == NULL ? NULL : g_strstrip (g_strdup (text));

  if (stripped == NULL || *stripped == '\0')
    return TRUE;
  line = g_strdup_printf ("%s%sComment%s%s: %s", reference, *reference != '\0' ? ": " : "",
                          author != NULL && *author != '\0' ? " by " : "",
                          author != NULL ? author : "", stripped);
  return extract_paragraph (writer->sink, 0, line, -1, error);
}

static gboolean
is_told (const SheetWriter *writer, const char *target)
{
  return g_hash_table_contains (writer->addresses, target) ||
         (g_str_has_prefix (target, "mailto:") &&
          g_hash_table_contains (writer->addresses, target + strlen ("mailto:")));
}

gboolean
sheet_writer_link (SheetWriter *writer, const char *reference, const char *target, GError **error)
{
  g_autofree char *line = NULL;

  if (*target == '\0' || is_told (writer, target) ||
      g_hash_table_size (writer->addresses) >= ADDRESSES_MAX)
    return TRUE;
  g_hash_table_add (writer->addresses, g_strdup (target));
  line = g_strdup_printf ("%s: %s", reference, target);
  return extract_paragraph (writer->sink, 0, line, -1, error);
}

/* --- references --------------------------------------------------------------------------------
 */

char *
sheet_reference (guint row, guint column)
{
  char letters[8];
  guint at = sizeof letters - 1;

  letters[at] = '\0';
  for (guint n = column + 1; n > 0 && at > 0; n = (n - 1) / 26)
    letters[--at] = (char)('A' + (n - 1) % 26);
  return g_strdup_printf ("%s%u", letters + at, row + 1);
}

gboolean
sheet_reference_parse (const char *text, gsize bytes, guint *row, guint *column)
{
  gsize i = 0;
  guint letters = 0, digits = 0;

  while (i < bytes && text[i] == '$')
    i++;
  for (; i < bytes && g_ascii_isalpha (text[i]) && letters < 1u << 20; i++)
    letters = letters * 26 + (guint)(g_ascii_toupper (text[i]) - 'A' + 1);
  while (i < bytes && text[i] == '$')
    i++;
  for (; i < bytes && g_ascii_isdigit (text[i]) && digits < 1u << 26; i++)
    digits = digits * 10 + (guint)(text[i] - '0');
  if (letters == 0 || digits == 0)
    return FALSE;
  *row = digits - 1;
  *column = letters - 1;
  return TRUE;
}
