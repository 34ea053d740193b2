/* How it is done: cmark-gfm is fed line by line, and only its block phase is used. Inline parsing
 * (emphasis, links) moves no block, costs most of the time and is where hostile input is
 * quadratic; therefore cmark_parser_finish() is never called, and the tree is read through
 * <cmark-gfm/parser.h>. For the same reason only the table extension is attached: strikethrough,
 * autolinks and task lists are inline.
 *
 * Closed nodes are reported and freed while feeding, so that memory holds the open ones only. A
 * line that would make cmark quadratic is fed with some bytes masked by 'x' (see feed_line): its
 * length, and so every position, stays. */
#include "markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm/parser.h>
#include <string.h>

/* Longer sources are read as paragraphs beyond it: cmark counts in int. */
#define SOURCE_MAX ((gsize) 512 << 20)
/* Container markers of one line, and bytes of them, beyond which they are text. */
#define MARKERS_MAX 100
#define INDENT_MAX 1000
#define FRONT_MATTER_MAX ((gsize) 64 << 10)
#define LINES_PER_DRAIN 1024

typedef struct {
  gsize start;
  gsize end; /* without the line end */
} Line;

typedef struct {
  const char *source;
  gsize bytes;
  MarkdownBlockFunc func;
  gpointer user_data;

  cmark_parser *parser;
  GArray *lines;       /* (element-type Line) those fed since lines_base */
  guint lines_base;    /* cmark's number of the first of them */
  guint lines_fed;
  GByteArray *masked;  /* a line as fed, where it differs */
  guint blank_run;
  gsize since_blank;   /* bytes since the last blank line */
  gsize rule_cost;     /* bytes cmark has read to look for table headers */

  Block pending;       /* kind 0: none */
  cmark_node *pending_item;
} Walk;

static gsize
trim_end (const char *source, gsize start, gsize end)
{
  while (end > start && g_ascii_isspace (source[end - 1]))
    end--;
  return end;
}

static void
flush_pending (Walk *walk)
{
  Block *block = &walk->pending;

  if (block->kind != 0) {
    block->end_byte = trim_end (walk->source, block->start_byte, block->end_byte);
    if (block->end_byte > block->start_byte)
      walk->func (block, walk->user_data);
  }
  block->kind = 0;
  walk->pending_item = NULL;
}

/* Order and disjointness hold here, whatever positions cmark reports. */
static void
push_block (Walk *walk, BlockKind kind, guint level, gsize start, gsize end)
{
  Block *last = &walk->pending;
  gsize floor = last->end_byte;

  if (last->kind != 0 && start >= last->start_byte)
    floor = last->end_byte = MIN (last->end_byte, start);
  start = MAX (start, floor);
  if (end <= start)
    return;
  flush_pending (walk);
  walk->pending = (Block) {
      .start_byte = start,
      .end_byte = end,
      .kind = (guint8) kind,
      .level = (guint8) MIN (level, 255),
  };
}

static const Line *
line_at (const Walk *walk, int number)
{
  guint index = (guint) MAX (number, 0);

  index = index > walk->lines_base ? index - walk->lines_base : 0;
  return &g_array_index (walk->lines, Line, MIN (index, walk->lines->len - 1));
}

static gsize
node_start (const Walk *walk, cmark_node *node)
{
  const Line *line = line_at (walk, cmark_node_get_start_line (node));
  gsize at = line->start + (gsize) MAX (cmark_node_get_start_column (node) - 1, 0);

  at = MIN (at, line->end);
  while (at < line->end && (walk->source[at] == ' ' || walk->source[at] == '\t'))
    at++;
  return at;
}

static gsize
node_end (const Walk *walk, cmark_node *node)
{
  if (node->flags & CMARK_NODE__OPEN)
    return walk->bytes;
  return line_at (walk, cmark_node_get_end_line (node))->end;
}

/* An indented code block begins with its indentation. */
static gsize
code_start (const Walk *walk, cmark_node *node)
{
  const gsize line_start = line_at (walk, cmark_node_get_start_line (node))->start;
  gsize at = node_start (walk, node);
  gsize indent = at;

  if (cmark_node_get_fenced (node, &(int) { 0 }, &(int) { 0 }, &(char) { 0 }))
    return at;
  while (indent > line_start && (walk->source[indent - 1] == ' ' || walk->source[indent - 1] == '\t'))
    indent--;
  return indent == line_start ? indent : at;
}

/* A list item's text is one block, from the marker to the last of its paragraphs that no other
 * block precedes. */
static void
push_paragraph (Walk *walk, cmark_node *node, guint depth)
{
  cmark_node *parent = cmark_node_parent (node);
  const gsize end = node_end (walk, node);

  if (cmark_node_get_type (parent) != CMARK_NODE_ITEM) {
    push_block (walk, BLOCK_PARAGRAPH, 0, node_start (walk, node), end);
  } else if (walk->pending_item == parent && walk->pending.kind == BLOCK_LIST_ITEM) {
    walk->pending.end_byte = MAX (walk->pending.end_byte, end);
  } else if (cmark_node_previous (node) == NULL && cmark_node_get_user_data (parent) == NULL) {
    push_block (walk, BLOCK_LIST_ITEM, depth, node_start (walk, parent), end);
    walk->pending_item = parent;
  } else {
    push_block (walk, BLOCK_PARAGRAPH, 0, node_start (walk, node), end);
  }
}

/* "|---|:--|" and nothing else, but for quote markers. */
static gboolean
is_table_rule (const char *line, gsize bytes)
{
  gboolean dash = FALSE;
  gboolean other = FALSE;

  for (gsize i = 0; i < bytes; i++) {
    if (line[i] == '-')
      dash = TRUE;
    else if (line[i] == '|' || line[i] == ':')
      other = TRUE;
    else if (!g_ascii_isspace (line[i]) && line[i] != '>' && line[i] != '\v')
      return FALSE;
  }
  return dash && other;
}

/* cmark lets a table begin where the paragraph above its header began. */
static void
push_table (Walk *walk, cmark_node *node)
{
  const int first = cmark_node_get_start_line (node);
  gsize start = node_start (walk, node);
  const gsize end = node_end (walk, node);
  int header = first;

  for (int i = first + 1; i < (int) (walk->lines_base + walk->lines->len); i++) {
    const Line *line = line_at (walk, i);

    if (line->start >= end)
      break;
    if (is_table_rule (walk->source + line->start, line->end - line->start)) {
      header = i - 1;
      break;
    }
  }
  if (header > first) {
    push_block (walk, BLOCK_PARAGRAPH, 0, start, line_at (walk, header - 1)->end);
    start = line_at (walk, header)->start;
    while (start < end && (walk->source[start] == ' ' || walk->source[start] == '\t'
                           || walk->source[start] == '>'))
      start++;
  }
  push_block (walk, BLOCK_TABLE, 0, start, end);
}

static gboolean
is_table (cmark_node *node)
{
  return strcmp (cmark_node_get_type_string (node), "table") == 0;
}

/* TRUE for a node whose children are to be visited. */
static gboolean
visit (Walk *walk, cmark_node *node, guint depth)
{
  switch (cmark_node_get_type (node)) {
  case CMARK_NODE_DOCUMENT:
  case CMARK_NODE_BLOCK_QUOTE:
  case CMARK_NODE_LIST:
  case CMARK_NODE_ITEM:
    return TRUE;
  case CMARK_NODE_HEADING:
    push_block (walk, BLOCK_HEADING, (guint) cmark_node_get_heading_level (node),
                node_start (walk, node), node_end (walk, node));
    return FALSE;
  case CMARK_NODE_CODE_BLOCK:
    push_block (walk, BLOCK_CODE, 0, code_start (walk, node), node_end (walk, node));
    return FALSE;
  case CMARK_NODE_HTML_BLOCK:
    push_block (walk, BLOCK_PARAGRAPH, 0, node_start (walk, node), node_end (walk, node));
    return FALSE;
  case CMARK_NODE_PARAGRAPH:
    push_paragraph (walk, node, depth);
    return FALSE;
  case CMARK_NODE_THEMATIC_BREAK:
    flush_pending (walk);
    return FALSE;
  default:
    if (is_table (node))
      push_table (walk, node);
    return FALSE;
  }
}

static gboolean
is_item (cmark_node *node)
{
  return cmark_node_get_type (node) == CMARK_NODE_ITEM;
}

/* Visits `top` and all below it. `depth` counts the list items above `top`. */
static void
visit_tree (Walk *walk, cmark_node *top, guint depth)
{
  cmark_node *node = top;

  for (;;) {
    const gboolean deeper = visit (walk, node, depth + (is_item (node) ? 1 : 0));

    if (deeper && cmark_node_first_child (node) != NULL) {
      depth += is_item (node) ? 1 : 0;
      node = cmark_node_first_child (node);
      continue;
    }
    while (node != top && cmark_node_next (node) == NULL) {
      node = cmark_node_parent (node);
      depth -= is_item (node) ? 1 : 0;
    }
    if (node == top)
      return;
    node = cmark_node_next (node);
  }
}

/* Reports and frees what is closed: every child but the last, down the chain of last children. */
static void
drain (Walk *walk)
{
  cmark_node *node = walk->parser->root;
  guint depth = 0;

  while (node != NULL && cmark_node_last_child (node) != NULL) {
    cmark_node *child;

    depth += is_item (node) ? 1 : 0;
    while ((child = cmark_node_first_child (node)) != cmark_node_last_child (node)) {
      if (!is_table (node))
        visit_tree (walk, child, depth);
      if (is_item (node))
        cmark_node_set_user_data (node, walk); /* its first child has been */
      if (walk->pending_item == child)
        walk->pending_item = NULL;
      cmark_node_free (child);
    }
    node = child;
  }
}
