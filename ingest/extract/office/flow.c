#include "flow.h"

#include <string.h>

/* a cell that is wider is damage */
#define SPAN_MAX 1024
/* of a table: the empty cells that spans make */
#define PADDING_MAX (1u << 20)
/* a longer text is no heading of a column */
#define HEADER_CELL_BYTES 200
/* as the sink has them */
#define MARKER_BYTES 32

typedef struct {
  BlockKind kind;
  guint level;
  guint page;
  char *marker; /* (nullable) */
  char *text;
  GPtrArray *rows; /* (nullable) of a table: cells' texts */
  gboolean has_header;
} FlowBlock;

typedef struct {
  FlowBlocks *blocks;
  guint span; /* columns */
} Cell;

typedef struct {
  GPtrArray *rows; /* (element-type GPtrArray of Cell) */
  gboolean in_row;
  gboolean in_cell;
} Table;

/* The paragraph that is open, and what waits for its end. */
typedef struct {
  GString *text;
  FlowBlocks *asides;
  GPtrArray *tables; /* (element-type Table) the innermost last */
} Frame;

struct Flow {
  ExtractSink *sink;
  guint page;
  GPtrArray *frames;     /* (element-type Frame) the innermost aside last */
  FlowBlocks *collected; /* without a sink */
  FlowBlocks *notes;
  GString *code; /* a block of code that may still grow */
  guint code_page;
};

/* --- blocks ------------------------------------------------------------------------------------
 */

static void
free_block (gpointer data)
{
  FlowBlock *block = data;

  g_free (block->marker);
  g_free (block->text);
  if (block->rows != NULL)
    g_ptr_array_unref (block->rows);
  g_free (block);
}

static FlowBlocks *
blocks_new (void)
{
  return g_ptr_array_new_with_free_func (free_block);
}

static FlowBlock *
block_new (BlockKind kind, guint level, guint page, const char *marker, const char *text)
{
  FlowBlock *block = g_new0 (FlowBlock, 1);

  block->kind = kind;
  block->level = level;
  block->page = page;
  block->marker = g_strdup (marker);
  block->text = g_strdup (text);
  return block;
}

void
flow_blocks_prefix (FlowBlocks *blocks, const char *prefix)
{
  FlowBlock *first = blocks->len == 0 ? NULL : g_ptr_array_index (blocks, 0);
  char *text;

  if (first == NULL || first->kind == BLOCK_TABLE || first->marker != NULL) {
    g_ptr_array_insert (
        blocks, 0, block_new (BLOCK_PARAGRAPH, 0, first == NULL ? 0 : first->page, NULL, prefix));
    return;
  }
  for (text = first->text; g_ascii_isspace (*text);)
    text++;
  text = g_strconcat (prefix, text, NULL);
  g_free (first->text);
  first->text = text;
}

/* A table inside of a cell, and a list's marker there, are text. */
static void
append_as_text (GString *out, const FlowBlock *block)
{
  if (out->len > 0)
    g_string_append_c (out, '\n');
  for (guint i = 0; block->rows != NULL && i < block->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (block->rows, i);

    for (guint j = 0; j < row->len; j++) {
      const char *cell = g_ptr_array_index (row, j);

      if (*cell == '\0')
        continue;
      if (out->len > 0 && !g_ascii_isspace (out->str[out->len - 1]))
        g_string_append_c (out, ' ');
      g_string_append (out, cell);
    }
    g_string_append_c (out, '\n');
  }
  if (block->kind == BLOCK_LIST_ITEM)
    g_string_append_printf (out, "%s ", block->marker != NULL ? block->marker : "-");
  if (block->text != NULL)
    g_string_append (out, block->text);
}

/* --- the way out -------------------------------------------------------------------------------
 */

static gboolean
flush_code (Flow *flow, GError **error)
{
  gboolean done;

  if (flow->code->len == 0)
    return TRUE;
  done = extract_code (flow->sink, flow->code_page, NULL, flow->code->str, (gssize)flow->code->len,
                       error);
  g_string_truncate (flow->code, 0);
  return done;
}

static gboolean
send_text (Flow *flow, BlockKind kind, guint level, guint page, const char *marker,
           const char *text, gsize bytes, GError **error)
{
  if (kind == BLOCK_CODE) {
    if (flow->code->len > 0)
      g_string_append_c (flow->code, '\n');
    flow->code_page = page;
    g_string_append_len (flow->code, text, (gssize)bytes);
    return TRUE;
  }
  if (!flush_code (flow, error))
    return FALSE;
  if (kind == BLOCK_LIST_ITEM)
    return extract_list_item (flow->sink, level, page, marker, text, (gssize)bytes, error);
  if (kind == BLOCK_HEADING)
    return extract_heading (flow->sink, level, page, text, (gssize)bytes, error);
  return extract_paragraph (flow->sink, page, text, (gssize)bytes, error);
}

static gboolean
send_block (Flow *flow, const FlowBlock *block, GError **error)
{
  if (block->kind == BLOCK_TABLE)
    return flush_code (flow, error) &&
           extract_table (flow->sink, block->page, block->rows, block->has_header, error);
  return send_text (flow, block->kind, block->level, block->page, block->marker, block->text,
                    strlen (block->text), error);
}

static Frame *
top_frame (const Flow *flow)
{
  return g_ptr_array_index (flow->frames, flow->frames->len - 1);
}

static Table *
open_table (const Frame *frame)
{
  return frame->tables->len == 0 ? NULL : g_ptr_array_index (frame->tables, frame->tables->len - 1);
}

/* The blocks that whatever ends now is put to; NULL: the sink. */
static FlowBlocks *
destination (const Flow *flow)
{
  const Frame *frame = top_frame (flow);
  const Table *table = open_table (frame);

  if (table != NULL && table->in_cell) {
    GPtrArray *row = g_ptr_array_index (table->rows, table->rows->len - 1);

    return ((Cell *)g_ptr_array_index (row, row->len - 1))->blocks;
  }
  if (flow->frames->len > 1)
    return ((Frame *)g_ptr_array_index (flow->frames, flow->frames->len - 2))->asides;
  return flow->sink == NULL ? flow->collected : NULL;
}

/* (transfer full) */
static gboolean
put_blocks (Flow *flow, FlowBlocks *blocks, GError **error)
{
  g_autoptr (GPtrArray) owned = blocks;
  FlowBlocks *to = destination (flow);

  if (to != NULL) {
    g_ptr_array_extend_and_steal (to, g_steal_pointer (&owned));
    return TRUE;
  }
  for (guint i = 0; i < blocks->len; i++)
    if (!send_block (flow, g_ptr_array_index (blocks, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
is_outermost (const Flow *flow)
{
  return flow->frames->len == 1 && top_frame (flow)->tables->len == 0;
}

/* What waited for the end of a paragraph or table. */
static gboolean
put_waiting (Flow *flow, GError **error)
{
  Frame *frame = top_frame (flow);

  if (frame->asides->len > 0) {
    FlowBlocks *asides = g_steal_pointer (&frame->asides);

    frame->asides = blocks_new ();
    if (!put_blocks (flow, asides, error))
      return FALSE;
  }
  if (flow->notes->len > 0 && is_outermost (flow)) {
    FlowBlocks *notes = g_steal_pointer (&flow->notes);

    flow->notes = blocks_new ();
    return put_blocks (flow, notes, error);
  }
  return TRUE;
}

static gboolean
is_blank (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0';
}

gboolean
flow_end_paragraph (Flow *flow, BlockKind kind, guint level, const char *marker, GError **error)
{
  GString *text = top_frame (flow)->text;
  FlowBlocks *to = destination (flow);
  gboolean done = TRUE;

  if (marker != NULL && *marker != '\0' && !is_blank (text->str) &&
      (kind != BLOCK_LIST_ITEM || strlen (marker) > MARKER_BYTES)) {
    g_string_prepend_c (text, ' ');
    g_string_prepend (text, marker);
    if (kind == BLOCK_LIST_ITEM)
      kind = BLOCK_PARAGRAPH;
    marker = NULL;
  }
  /* an empty line of code is one */
  if (kind == BLOCK_CODE ? to == NULL && (text->len > 0 || flow->code->len > 0)
                         : to == NULL && !is_blank (text->str))
    done = send_text (flow, kind, level, flow->page, marker, text->str, text->len, error);
  else if (to != NULL && !is_blank (text->str))
    g_ptr_array_add (to, block_new (kind == BLOCK_CODE ? BLOCK_PARAGRAPH : kind, level, flow->page,
                                    kind == BLOCK_LIST_ITEM ? marker : NULL, text->str));
  g_string_truncate (text, 0);
  return done && put_waiting (flow, error);
}

/* --- asides and notes --------------------------------------------------------------------------
 */

static void
free_table (gpointer data)
{
  Table *table = data;

  g_ptr_array_unref (table->rows);
  g_free (table);
}

static void
free_frame (gpointer data)
{
  Frame *frame = data;

  g_string_free (frame->text, TRUE);
  g_ptr_array_unref (frame->asides);
  g_ptr_array_unref (frame->tables);
  g_free (frame);
}

void
flow_begin_aside (Flow *flow)
{
  Frame *frame = g_new0 (Frame, 1);

  frame->text = g_string_new (NULL);
  frame->asides = blocks_new ();
  frame->tables = g_ptr_array_new_with_free_func (free_table);
  g_ptr_array_add (flow->frames, frame);
}

static gboolean
end_open_tables (Flow *flow, GError **error)
{
  while (open_table (top_frame (flow)) != NULL)
    if (!flow_end_table (flow, FLOW_HEADER_NONE, error))
      return FALSE;
  return flow_end_paragraph (flow, BLOCK_PARAGRAPH, 0, NULL, error);
}

gboolean
flow_end_aside (Flow *flow, GError **error)
{
  if (flow->frames->len < 2)
    return TRUE;
  if (!end_open_tables (flow, error))
    return FALSE;
  g_ptr_array_set_size (flow->frames, (int)flow->frames->len - 1);
  return TRUE;
}

void
flow_add_aside (Flow *flow, FlowBlocks *blocks)
{
  g_ptr_array_extend_and_steal (top_frame (flow)->asides, blocks);
}

void
flow_add_aside_text (Flow *flow, const char *text)
{
  if (!is_blank (text))
    g_ptr_array_add (top_frame (flow)->asides,
                     block_new (BLOCK_PARAGRAPH, 0, flow->page, NULL, text));
}

void
flow_add_description (Flow *flow, const char *text)
{
  static const char *const endings[] = {".png", ".jpg", ".jpeg", ".gif", ".bmp",  ".emf",
                                        ".wmf", ".tif", ".tiff", ".svg", ".webp", ".eps"};
  g_autofree char *lower = g_ascii_strdown (text, -1);

  g_strchomp (lower);
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    if (g_str_has_suffix (lower, endings[i]))
      return;
  flow_add_aside_text (flow, text);
}

void
flow_add_note (Flow *flow, FlowBlocks *blocks)
{
  g_ptr_array_extend_and_steal (flow->notes, blocks);
}

/* Digits, Roman ones too, and what stands around them. */
static gboolean
is_page_number (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text)) {
    gunichar character = g_utf8_get_char (text);

    if (g_unichar_isalpha (character) &&
        (character > 0x7f || strchr ("ivxlcIVXLC", (int)character) == NULL))
      return FALSE;
  }
  return TRUE;
}

void
flow_add_new (Flow *flow, FlowBlocks *blocks, GHashTable *said)
{
  while (blocks->len > 0) {
    FlowBlock *block = g_ptr_array_steal_index (blocks, 0);
    g_autoptr (GString) text = g_string_new (NULL);

    /* a running head is no heading of what comes next */
    if (block->kind == BLOCK_HEADING)
      block->kind = BLOCK_PARAGRAPH;
    append_as_text (text, block);
    if (!is_page_number (text->str) && g_hash_table_add (said, g_strdup (text->str)))
      g_ptr_array_add (top_frame (flow)->asides, block);
    else
      free_block (block);
  }
  g_ptr_array_unref (blocks);
}

/* --- tables ------------------------------------------------------------------------------------
 */

static void
unref_array (gpointer array)
{
  g_ptr_array_unref (array);
}

static void
free_cell (gpointer data)
{
  Cell *cell = data;

  g_ptr_array_unref (cell->blocks);
  g_free (cell);
}

void
flow_begin_table (Flow *flow)
{
  Table *table = g_new0 (Table, 1);

  table->rows = g_ptr_array_new_with_free_func (unref_array);
  g_ptr_array_add (top_frame (flow)->tables, table);
}

void
flow_begin_row (Flow *flow)
{
  Table *table = open_table (top_frame (flow));

  if (table == NULL || table->in_row)
    return;
  table->in_row = TRUE;
  g_ptr_array_add (table->rows, g_ptr_array_new_with_free_func (free_cell));
}

void
flow_begin_cell (Flow *flow, guint span)
{
  Table *table = open_table (top_frame (flow));
  Cell *cell;

  if (table == NULL || table->in_cell)
    return;
  flow_begin_row (flow);
  cell = g_new0 (Cell, 1);
  cell->blocks = blocks_new ();
  cell->span = CLAMP (span, 1, SPAN_MAX);
  g_ptr_array_add (g_ptr_array_index (table->rows, table->rows->len - 1), cell);
  table->in_cell = TRUE;
}

void
flow_set_span (Flow *flow, guint span)
{
  const Table *table = open_table (top_frame (flow));
  GPtrArray *row;

  if (table == NULL || !table->in_cell)
    return;
  row = g_ptr_array_index (table->rows, table->rows->len - 1);
  ((Cell *)g_ptr_array_index (row, row->len - 1))->span = CLAMP (span, 1, SPAN_MAX);
}

gboolean
flow_end_cell (Flow *flow, GError **error)
{
  Table *table = open_table (top_frame (flow));

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
  Table *table = open_table (top_frame (flow));

  if (table == NULL || !table->in_row)
    return;
  table->in_row = table->in_cell = FALSE;
  if (is_dropped)
    g_ptr_array_set_size (table->rows, (int)table->rows->len - 1);
}

/* Is it a box drawn around text? Of one column, or the page's layout: headings over text. */
static gboolean
is_box (const Table *table)
{
  gboolean one_column = TRUE, has_heading = FALSE;
  guint longest = 0;

  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);

    one_column &= row->len <= 1;
    for (guint j = 0; j < row->len; j++) {
      FlowBlocks *blocks = ((Cell *)g_ptr_array_index (row, j))->blocks;

      longest = MAX (longest, blocks->len);
      for (guint k = 0; k < blocks->len; k++)
        has_heading |= ((FlowBlock *)g_ptr_array_index (blocks, k))->kind == BLOCK_HEADING;
    }
  }
  return one_column || (has_heading && longest > 2);
}

static gboolean
put_box (Flow *flow, Table *table, GError **error)
{
  for (guint i = 0; i < table->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (table->rows, i);

    for (guint j = 0; j < row->len; j++) {
      Cell *cell = g_ptr_array_index (row, j);

      if (!put_blocks (flow, g_ptr_array_ref (cell->blocks), error))
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
    const Cell *cell = g_ptr_array_index (row, i);
    GString *text = g_string_new (NULL);

    for (guint j = 0; j < cell->blocks->len; j++)
      append_as_text (text, g_ptr_array_index (cell->blocks, j));
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

    if (is_blank (cell) || strlen (cell) > HEADER_CELL_BYTES)
      return FALSE;
  }
  return TRUE;
}

gboolean
flow_end_table (Flow *flow, FlowHeader header, GError **error)
{
  Frame *frame = top_frame (flow);
  g_autoptr (GPtrArray) blocks = NULL;
  FlowBlock *block;
  Table *table;
  guint padding = 0;
  gboolean done;

  if (frame->tables->len == 0)
    return TRUE;
  if (!flow_end_cell (flow, error))
    return FALSE;
  table = g_ptr_array_steal_index (frame->tables, frame->tables->len - 1);
  if (is_box (table)) {
    done = put_box (flow, table, error);
    free_table (table);
    return done && put_waiting (flow, error);
  }
  block = block_new (BLOCK_TABLE, 0, flow->page, NULL, NULL);
  block->rows = g_ptr_array_new_with_free_func (unref_array);
  for (guint i = 0; i < table->rows->len; i++)
    g_ptr_array_add (block->rows, row_texts (g_ptr_array_index (table->rows, i), &padding));
  free_table (table);
  block->has_header = header == FLOW_HEADER_SURE ||
                      (header == FLOW_HEADER_LIKELY && looks_like_header (block->rows));
  blocks = blocks_new ();
  g_ptr_array_add (blocks, block);
  return put_blocks (flow, g_steal_pointer (&blocks), error) && put_waiting (flow, error);
}

/* --- the flow ----------------------------------------------------------------------------------
 */

Flow *
flow_new (ExtractSink *sink)
{
  Flow *flow = g_new0 (Flow, 1);

  flow->sink = sink;
  flow->frames = g_ptr_array_new_with_free_func (free_frame);
  flow->collected = blocks_new ();
  flow->notes = blocks_new ();
  flow->code = g_string_new (NULL);
  flow_begin_aside (flow);
  return flow;
}

void
flow_free (Flow *flow)
{
  if (flow == NULL)
    return;
  g_ptr_array_unref (flow->frames);
  g_ptr_array_unref (flow->collected);
  g_ptr_array_unref (flow->notes);
  g_string_free (flow->code, TRUE);
  g_free (flow);
}

void
flow_set_page (Flow *flow, guint page)
{
  flow->page = page;
}

GString *
flow_text (Flow *flow)
{
  return top_frame (flow)->text;
}

gboolean
flow_is_open (const Flow *flow)
{
  return !is_outermost (flow) || top_frame (flow)->text->len > 0;
}

gboolean
flow_finish (Flow *flow, GError **error)
{
  while (flow->frames->len > 1)
    if (!flow_end_aside (flow, error))
      return FALSE;
  return end_open_tables (flow, error) && (flow->sink == NULL || flush_code (flow, error));
}

FlowBlocks *
flow_take (Flow *flow)
{
  FlowBlocks *blocks = g_steal_pointer (&flow->collected);

  flow->collected = blocks_new ();
  return blocks;
}
