/* flow.h: the blocks of an office document on their way to the sink.
 *
 * A reader appends text to the paragraph that is open and ends it; the flow knows where it goes:
 *
 *     paragraph ──► sink                 or, in a table, its cell
 *     aside     ──► after the paragraph it hangs on (text boxes, charts, comments)
 *     note      ──► after the paragraph or the outermost table it hangs on
 *     table     ──► sink, when it ends; one inside of a cell becomes the cell's text; one of a
 *                   single column is no table but a box: its blocks go on as they are
 *
 * Asides and tables nest as they like; nothing here recurses deeper than XML_PARTS_DEPTH_MAX.
 */
#pragma once

#include "ingest/extract/extract.h"

typedef struct Flow Flow;

/* Blocks that wait, (element-type FlowBlock): opaque but to the flow. */
typedef GPtrArray FlowBlocks;

/* sink: (nullable) without one the blocks are collected for flow_take(). */
Flow *flow_new (ExtractSink *sink);
void flow_free (Flow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Flow, flow_free)

/* Of the blocks that end from now on; 0: the format has none. */
void flow_set_page (Flow *flow, guint page);

/* The open paragraph's text, to append to. Another one after each begin and end of an aside. */
GString *flow_text (Flow *flow);

/* Ends the paragraph: its text goes as a block and is empty again. marker: as extract_list_item
 * takes it; of a heading or paragraph it is put before the text. A paragraph of BLOCK_CODE grows
 * the one before. */
gboolean flow_end_paragraph (Flow *flow, BlockKind kind, guint level, const char *marker,
                             GError **error);

/* A link begins and ends in the open paragraph. href: (nullable). Where it leads stands behind the
 * paragraph, if that is prose. */
void flow_begin_link (Flow *flow, const char *href);
void flow_end_link (Flow *flow);

/* What comes in between hangs on the paragraph that is open. */
void flow_begin_aside (Flow *flow);
gboolean flow_end_aside (Flow *flow, GError **error);

/* (transfer full) */
void flow_add_aside (Flow *flow, FlowBlocks *blocks);
void flow_add_aside_text (Flow *flow, const char *text);
void flow_add_note (Flow *flow, FlowBlocks *blocks);

/* What is said of a picture; not when it is only the name of a file. */
void flow_add_description (Flow *flow, const char *text);

/* Of running heads and the like: only those blocks whose text is not in the set `said`
 * (element-type utf8) yet, which takes them, and no mere page numbers. (transfer full) */
void flow_add_new (Flow *flow, FlowBlocks *blocks, GHashTable *said);

void flow_begin_table (Flow *flow);
void flow_begin_row (Flow *flow);
/* span: columns it is wide, at least 1. A cell that belongs to one above or before it is begun and
 * ended like others and stays empty. */
void flow_begin_cell (Flow *flow, guint span);
void flow_set_span (Flow *flow, guint span);
gboolean flow_end_cell (Flow *flow, GError **error);
/* is_dropped: as if it had not been (a deleted row). */
void flow_end_row (Flow *flow, gboolean is_dropped);

typedef enum {
  FLOW_HEADER_NONE,
  FLOW_HEADER_LIKELY, /* the first row, where it looks like one */
  FLOW_HEADER_SURE,
} FlowHeader;

gboolean flow_end_table (Flow *flow, FlowHeader header, GError **error);

/* Is a cell, an aside or a paragraph open? Members may be read only when none is. */
gboolean flow_is_open (const Flow *flow);

/* Ends what a damaged part left open. */
gboolean flow_finish (Flow *flow, GError **error);

/* What was collected; the flow is empty again. (transfer full) */
FlowBlocks *flow_take (Flow *flow);

/* Puts `prefix` before the first block's text. */
void flow_blocks_prefix (FlowBlocks *blocks, const char *prefix);
