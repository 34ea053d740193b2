#include "flow-private.h"

#include <string.h>

/* as the sink has them */
#define MARKER_BYTES 32

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

FlowBlocks *
flow_blocks_new (void)
{
  return g_ptr_array_new_with_free_func (free_block);
}

FlowBlock *
flow_block_new (BlockKind kind, guint level, guint page, const char *marker, const char *text)
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
        blocks, 0,
        flow_block_new (BLOCK_PARAGRAPH, 0, first == NULL ? 0 : first->page, NULL, prefix));
    return;
  }
  for (text = first->text; g_ascii_isspace (*text);)
    text++;
  text = g_strconcat (prefix, text, NULL);
  g_free (first->text);
  first->text = text;
}

/* A table inside of a cell, and a list's marker there, are text. */
void
flow_block_append_text (GString *out, const FlowBlock *block)
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

FlowFrame *
flow_top_frame (const Flow *flow)
{
  return g_ptr_array_index (flow->frames, flow->frames->len - 1);
}

FlowTable *
flow_open_table (const FlowFrame *frame)
{
  return frame->tables->len == 0 ? NULL : g_ptr_array_index (frame->tables, frame->tables->len - 1);
}

/* The blocks that whatever ends now is put to; NULL: the sink. */
static FlowBlocks *
destination (const Flow *flow)
{
  const FlowFrame *frame = flow_top_frame (flow);
  const FlowTable *table = flow_open_table (frame);

  if (table != NULL && table->in_cell) {
    GPtrArray *row = g_ptr_array_index (table->rows, table->rows->len - 1);

    return ((FlowCell *)g_ptr_array_index (row, row->len - 1))->blocks;
  }
  if (flow->frames->len > 1)
    return ((FlowFrame *)g_ptr_array_index (flow->frames, flow->frames->len - 2))->asides;
  return flow->sink == NULL ? flow->collected : NULL;
}

/* (transfer full) */
gboolean
flow_put_blocks (Flow *flow, FlowBlocks *blocks, GError **error)
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
  return flow->frames->len == 1 && flow_top_frame (flow)->tables->len == 0;
}

/* What waited for the end of a paragraph or table. */
gboolean
flow_put_waiting (Flow *flow, GError **error)
{
  FlowFrame *frame = flow_top_frame (flow);

  if (frame->asides->len > 0) {
    FlowBlocks *asides = g_steal_pointer (&frame->asides);

    frame->asides = flow_blocks_new ();
    if (!flow_put_blocks (flow, asides, error))
      return FALSE;
  }
  if (flow->notes->len > 0 && is_outermost (flow)) {
    FlowBlocks *notes = g_steal_pointer (&flow->notes);

    flow->notes = flow_blocks_new ();
    return flow_put_blocks (flow, notes, error);
  }
  return TRUE;
}

gboolean
flow_text_is_blank (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return *text == '\0';
}

void
flow_begin_link (Flow *flow, const char *href)
{
  FlowFrame *frame = flow_top_frame (flow);

  html_links_begin (frame->links, href, frame->text->len);
}

void
flow_end_link (Flow *flow)
{
  FlowFrame *frame = flow_top_frame (flow);

  html_links_end (frame->links, frame->text->len);
}

gboolean
flow_end_paragraph (Flow *flow, BlockKind kind, guint level, const char *marker, GError **error)
{
  GString *text = flow_top_frame (flow)->text;
  FlowBlocks *to = destination (flow);
  gboolean done = TRUE;

  if (marker != NULL && *marker != '\0' && !flow_text_is_blank (text->str) &&
      (kind != BLOCK_LIST_ITEM || strlen (marker) > MARKER_BYTES)) {
    g_string_prepend_c (text, ' ');
    g_string_prepend (text, marker);
    if (kind == BLOCK_LIST_ITEM)
      kind = BLOCK_PARAGRAPH;
    marker = NULL;
  }
  if (kind == BLOCK_PARAGRAPH && flow_top_frame (flow)->tables->len == 0)
    html_links_append (flow_top_frame (flow)->links, text);
  html_links_clear (flow_top_frame (flow)->links);
  /* an empty line of code is one */
  if (kind == BLOCK_CODE ? to == NULL && (text->len > 0 || flow->code->len > 0)
                         : to == NULL && !flow_text_is_blank (text->str))
    done = send_text (flow, kind, level, flow->page, marker, text->str, text->len, error);
  else if (to != NULL && !flow_text_is_blank (text->str))
    g_ptr_array_add (to,
                     flow_block_new (kind == BLOCK_CODE ? BLOCK_PARAGRAPH : kind, level, flow->page,
                                     kind == BLOCK_LIST_ITEM ? marker : NULL, text->str));
  g_string_truncate (text, 0);
  return done && flow_put_waiting (flow, error);
}

/* --- asides and notes --------------------------------------------------------------------------
 */

static void
free_frame (gpointer data)
{
  FlowFrame *frame = data;

  g_string_free (frame->text, TRUE);
  html_links_free (frame->links);
  g_ptr_array_unref (frame->asides);
  g_ptr_array_unref (frame->tables);
  g_free (frame);
}

void
flow_begin_aside (Flow *flow)
{
  FlowFrame *frame = g_new0 (FlowFrame, 1);

  frame->text = g_string_new (NULL);
  frame->links = html_links_new ();
  frame->asides = flow_blocks_new ();
  frame->tables = g_ptr_array_new_with_free_func (flow_free_table);
  g_ptr_array_add (flow->frames, frame);
}

static gboolean
end_open_tables (Flow *flow, GError **error)
{
  while (flow_open_table (flow_top_frame (flow)) != NULL)
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
  g_ptr_array_extend_and_steal (flow_top_frame (flow)->asides, blocks);
}

void
flow_add_aside_text (Flow *flow, const char *text)
{
  if (!flow_text_is_blank (text))
    g_ptr_array_add (flow_top_frame (flow)->asides,
                     flow_block_new (BLOCK_PARAGRAPH, 0, flow->page, NULL, text));
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
    flow_block_append_text (text, block);
    if (!is_page_number (text->str) && g_hash_table_add (said, g_strdup (text->str)))
      g_ptr_array_add (flow_top_frame (flow)->asides, block);
    else
      free_block (block);
  }
  g_ptr_array_unref (blocks);
}

/* --- the flow ----------------------------------------------------------------------------------
 */

Flow *
flow_new (ExtractSink *sink)
{
  Flow *flow = g_new0 (Flow, 1);

  flow->sink = sink;
  flow->frames = g_ptr_array_new_with_free_func (free_frame);
  flow->collected = flow_blocks_new ();
  flow->notes = flow_blocks_new ();
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
  return flow_top_frame (flow)->text;
}

gboolean
flow_is_open (const Flow *flow)
{
  return !is_outermost (flow) || flow_top_frame (flow)->text->len > 0;
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

  flow->collected = flow_blocks_new ();
  return blocks;
}
