/* flow-private.h: what flow.c and flow-table.c share: the flow from inside. */
#pragma once

#include "flow.h"
#include "ingest/extract/markup/html-links.h"

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
} FlowCell;

typedef struct {
  GPtrArray *rows; /* (element-type GPtrArray of FlowCell) */
  gboolean in_row;
  gboolean in_cell;
} FlowTable;

/* The paragraph that is open, and what waits for its end. */
typedef struct {
  GString *text;
  HtmlLinks *links;
  FlowBlocks *asides;
  GPtrArray *tables; /* (element-type FlowTable) the innermost last */
} FlowFrame;

struct Flow {
  ExtractSink *sink;
  guint page;
  GPtrArray *frames;     /* (element-type FlowFrame) the innermost aside last */
  FlowBlocks *collected; /* without a sink */
  FlowBlocks *notes;
  GString *code; /* a block of code that may still grow */
  guint code_page;
};

FlowBlocks *flow_blocks_new (void);
FlowBlock *flow_block_new (BlockKind kind, guint level, guint page, const char *marker,
                           const char *text);

/* Appends a block as it reads within a cell: tables and markers become text. */
void flow_block_append_text (GString *out, const FlowBlock *block);

gboolean flow_text_is_blank (const char *text);

FlowFrame *flow_top_frame (const Flow *flow);

/* The table that is open in the frame; NULL: none. */
FlowTable *flow_open_table (const FlowFrame *frame);
void flow_free_table (gpointer table);

/* Blocks go where what ends now goes: cell, aside, sink. (transfer full) */
gboolean flow_put_blocks (Flow *flow, FlowBlocks *blocks, GError **error);

/* What waited for the end of a paragraph or table. */
gboolean flow_put_waiting (Flow *flow, GError **error);
