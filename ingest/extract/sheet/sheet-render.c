/* Rows of a sheet as text. */
#include "ingest/extract/sink.h"
#include "sheet-region.h"

/* Text that goes on as one piece. */
#define PIECE_BYTES (64u << 10)

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

gboolean
sheet_render_close (SheetWriter *writer, GError **error)
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
render_markdown_row (SheetWriter *writer, const SheetRow *row)
{
  GString *out = writer->out;
  guint at = row->first, end = row->first + row->n;

  g_string_append_c (out, '|');
  for (guint i = 0; i < writer->columns->len || at < end; i++) {
    const SheetCell *cell = at < end ? sheet_region_cell (writer, at) : NULL;
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
render_tabs_row (SheetWriter *writer, const SheetRow *row)
{
  GString *out = writer->out;
  guint at = row->first, end = row->first + row->n;

  for (guint i = 0; at < end; i++) {
    const SheetCell *cell = sheet_region_cell (writer, at);
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
render_lines_row (SheetWriter *writer, const SheetRow *row)
{
  for (guint i = 0; i < row->n; i++) {
    const SheetCell *cell = sheet_region_cell (writer, row->first + i);

    if (i > 0)
      g_string_append_c (writer->out, '\t');
    g_string_append_len (writer->out, writer->text->str + cell->offset, (gssize)cell->bytes);
  }
}

gboolean
sheet_render_row (SheetWriter *writer, const SheetRow *row, GError **error)
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

void
sheet_render_rule (SheetWriter *writer)
{
  g_string_append (writer->out, "\n|");
  for (guint i = 0; i < writer->columns->len; i++)
    g_string_append (writer->out, " --- |");
}
