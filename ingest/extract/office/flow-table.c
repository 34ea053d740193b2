/* Tables of a flow: their cells hold blocks until they end. */
#include "flow-private.h"

#include <string.h>

/* a cell that is wider is damage */
#define SPAN_MAX 1024
/* of a table: the empty cells that spans make */
#define PADDING_MAX (1u << 20)
/* a longer text is no heading of a column */
#define HEADER_CELL_BYTES 200
static void
unref_array (gpointer array)
{
  g_ptr_array_unref (array);
}

static void
free_cell (gpointer data)
{
  FlowCell *cell = data;

  g_ptr_array_unref (cell->blocks);
  g_free (cell);
}

void
flow_free_table (gpointer data)
{
  FlowTable *table = data;

  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
flow_begin_table (Flow *flow)
{
  FlowTable *table = g_new0 (FlowTable, 1);

  table->rows = g_ptr_array_new_with_free_func (unref_array);
  g_ptr_array_add (flow_top_frame (flow)->tables, table);
}

void
flow_begin_row (Flow *flow)
{
  FlowTable *table = flow_open_table (flow_top_frame (flow));

  if (table == NULL || table->in_row)
    return;
  table->in_row = TRUE;
  g_ptr_array_add (table->rows, g_ptr_array_new_with_free_func (free_cell));
}

void
flow_begin_cell (Flow *flow, guint span)
{
  FlowTable *table = flow_open_table (flow_top_frame (flow));
  FlowCell *cell;

  if (table == NULL || table->in_cell)
    return;
  flow_begin_row (flow);
  cell = g_new0 (FlowCell, 1);
  cell->blocks = flow_blocks_new ();
  cell->span = CLAMP (span, 1, SPAN_MAX);
  g_ptr_array_add (g_ptr_array_index (table->rows, table->rows->len - 1), cell);
  table->in_cell = TRUE;
}

void
flow_set_span (Flow *flow, guint span)
{
  const FlowTable *table = flow_open_table (flow_top_frame (flow));
  GPtrArray *row;

  if (table == NULL || !table->in_cell)
    return;
  row = g_ptr_array_index (table->rows, table->rows->len - 1);
  ((FlowCell *)g_ptr_array_index (row, row->len - 1))->span = CLAMP (span, 1, SPAN_MAX);
}

gboolean
flow_end_cell (Flow *flow, GError **error)
{
  FlowTable *table = flow_open_table (flow_top_frame (flow));

  if (table == NULL || !table->in_cell)
    return TRUE;
  if (!flow_end_paragraph (flow, BLOCK_PARAGRAPH, 0, NULL, error))
    return FALSE;
  table->in_cell = FALSE;
  return TRUE;
}

void
flow_end_row (Flow *flow, gboolean is_dropped)
{
  FlowTable *table = flow_open_table (flow_top_frame (flow));

  if (table == NULL || !table->in_row)
    return;
  table->in_row = table->in_cell = FALSE;
  if (is_dropped)
    g_ptr_array_set_size (table->rows, (int)table->rows->len - 1);
}

/* Is it a box drawn around text? Of one column, or the page's layout: headings over text. */
static gboolean
is_box (const FlowTable *table)
{
  gboolean one_column = TRUE, has_heading = FALSE;
  guint longest = 0;

  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);

    one_column &= row->len <= 1;
    for (guint j = 0; j < row->len; j++) {
      FlowBlocks *blocks = ((FlowCell *)g_ptr_array_index (row, j))->blocks;

      longest = MAX (longest, blocks->len);
      for (guint k = 0; k < blocks->len; k++)
        has_heading |= ((FlowBlock *)g_ptr_array_index (blocks, k))->kind == BLOCK_HEADING;
    }
  }
  return one_column || (has_heading && longest > 2);
}

static gboolean
put_box (Flow *flow, FlowTable *table, GError **error)
{
  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);

    for (guint j = 0; j < row->len; j++) {
      FlowCell *cell = g_ptr_array_index (row, j);

      if (!flow_put_blocks (flow, g_ptr_array_ref (cell->blocks), error))
        return FALSE;
    }
  }
  return TRUE;
}

/* The cells' texts. padding: of the table so far */
static GPtrArray *
row_texts (GPtrArray *row, guint *padding)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < row->len; i++) {
    const FlowCell *cell = g_ptr_array_index (row, i);
    GString *text = g_string_new (NULL);

    for (guint j = 0; j < cell->blocks->len; j++)
      flow_block_append_text (text, g_ptr_array_index (cell->blocks, j));
    g_ptr_array_add (texts, g_string_free (text, FALSE));
    for (guint j = 1; j < cell->span && *padding < PADDING_MAX; j++, (*padding)++)
      g_ptr_array_add (texts, g_strdup (""));
  }
  return texts;
}

/* Every cell of the first row has a short text. */
static gboolean
looks_like_header (GPtrArray *rows)
{
  GPtrArray *first = rows->len < 2 ? NULL : g_ptr_array_index (rows, 0);

  if (first == NULL || first->len < 2)
    return FALSE;
  for (guint i = 0; i < first->len; i++) {
    const char *cell = g_ptr_array_index (first, i);

    if (flow_text_is_blank (cell) || strlen (cell) > HEADER_CELL_BYTES)
      return FALSE;
  }
  return TRUE;
}

gboolean
flow_end_table (Flow *flow, FlowHeader header, GError **error)
{
  FlowFrame *frame = flow_top_frame (flow);
  g_autoptr (GPtrArray) blocks = NULL;
  FlowBlock *block;
  FlowTable *table;
  guint padding = 0;
  gboolean done;

  if (frame->tables->len == 0)
    return TRUE;
  if (!flow_end_cell (flow, error))
    return FALSE;
  table = g_ptr_array_steal_index (frame->tables, frame->tables->len - 1);
  if (is_box (table)) {
    done = put_box (flow, table, error);
    flow_free_table (table);
    return done && flow_put_waiting (flow, error);
  }
  block = flow_block_new (BLOCK_TABLE, 0, flow->page, NULL, NULL);
  block->rows = g_ptr_array_new_with_free_func (unref_array);
  for (guint i = 0; i < table->rows->len; i++)
    g_ptr_array_add (block->rows, row_texts (g_ptr_array_index (table->rows, i), &padding));
  flow_free_table (table);
  block->has_header = header == FLOW_HEADER_SURE ||
                      (header == FLOW_HEADER_LIKELY && looks_like_header (block->rows));
  blocks = flow_blocks_new ();
  g_ptr_array_add (blocks, block);
  return flow_put_blocks (flow, g_steal_pointer (&blocks), error) && flow_put_waiting (flow, error);
}
