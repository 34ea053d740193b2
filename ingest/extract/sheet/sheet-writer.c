#include "sheet-writer.h"

#include "sheet-region.h"

#include <string.h>

/* A region is looked at as a whole up to here. */
#define WINDOW_ROWS 512
#define WINDOW_BYTES (512u << 10)
#define ADDRESSES_MAX 10000
/* A row of more text than this goes on as the next one. */
#define ROW_BYTES (8u << 20)

SheetWriter *
sheet_writer_new (ExtractSink *sink)
{
  SheetWriter *writer = g_new0 (SheetWriter, 1);

  writer->sink = sink;
  writer->text = g_string_new (NULL);
  writer->cells = g_array_new (FALSE, FALSE, sizeof (SheetCell));
  writer->rows = g_array_new (FALSE, FALSE, sizeof (SheetRow));
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

/* --- cells -------------------------------------------------------------------------------------
 */

static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const SheetCell *first = a, *second = b;

  if (first->column != second->column)
    return first->column < second->column ? -1 : 1;
  return (first->offset > second->offset) - (first->offset < second->offset);
}

/* Sorts the row that is being filled; of two cells of a column the first stays. */
static void
sort_row (SheetWriter *writer, SheetRow *row)
{
  guint n = 0;

  qsort (sheet_region_cell (writer, row->first), row->n, sizeof (SheetCell), compare_cells);
  for (guint i = 0; i < row->n; i++)
    if (n == 0 || sheet_region_cell (writer, row->first + i)->column !=
                      sheet_region_cell (writer, row->first + n - 1)->column)
      *sheet_region_cell (writer, row->first + n++) = *sheet_region_cell (writer, row->first + i);
  row->n = n;
  g_array_set_size (writer->cells, row->first + n);
}

/* Can the row go on with the table that streams? */
static gboolean
fits_stream (const SheetWriter *writer, const SheetRow *row)
{
  guint i = 0;
  guint end = g_array_index (writer->columns, guint, writer->columns->len - 1);

  for (guint j = 0; j < row->n; j++) {
    guint column = sheet_region_cell (writer, row->first + j)->column;

    while (i < writer->columns->len && g_array_index (writer->columns, guint, i) < column)
      i++;
    if (i == writer->columns->len ? column - end > SHEET_SLACK_COLUMNS
                                  : g_array_index (writer->columns, guint, i) != column)
      return FALSE;
  }
  return writer->layout != LAYOUT_LINES || row->n == 1;
}

/* The row that was being filled is complete. */
static gboolean
end_row (SheetWriter *writer, GError **error)
{
  SheetRow *row;

  if (writer->rows->len == 0)
    return TRUE;
  row = sheet_region_row (writer, writer->rows->len - 1);
  if (writer->unsorted)
    sort_row (writer, row);
  writer->unsorted = FALSE;
  if (writer->streams && writer->rows->len == 1) {
    if (fits_stream (writer, row)) {
      if (!sheet_render_row (writer, row, error))
        return FALSE;
      g_array_set_size (writer->rows, 0);
      g_array_set_size (writer->cells, 0);
      g_string_truncate (writer->text, 0);
      return TRUE;
    }
    writer->streams = FALSE; /* but the table may go on */
  }
  if (writer->rows->len >= WINDOW_ROWS || writer->text->len >= WINDOW_BYTES)
    return sheet_region_deliver (writer, FALSE, error);
  return TRUE;
}

static gboolean
begin_row (SheetWriter *writer, guint row, GError **error)
{
  SheetRow new_row = {.row = row};

  if (!end_row (writer, error))
    return FALSE;
  if (writer->has_row && row != writer->last_row + 1) {
    if (!sheet_region_deliver (writer, TRUE, error))
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
  SheetCell cell = {.column = column, .kind = kind, .bold = bold, .offset = writer->text->len};
  SheetRow *current;

  trim (&text, &bytes);
  if (bytes == 0)
    return TRUE;
  /* many cells of a row may say the same long text, which the file has once */
  if (writer->text->len >= ROW_BYTES && !end_row (writer, error))
    return FALSE;
  if ((!writer->has_row || row != writer->last_row || writer->rows->len == 0) &&
      !begin_row (writer, row, error))
    return FALSE;
  current = sheet_region_row (writer, writer->rows->len - 1);
  if (current->n > 0 && sheet_region_cell (writer, writer->cells->len - 1)->column >= column)
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
  if (!end_row (writer, error) || !sheet_region_deliver (writer, TRUE, error) ||
      !sheet_render_close (writer, error))
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
