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
#define SOURCE_MAX ((gsize)512 << 20)
G_STATIC_ASSERT (SOURCE_MAX <= G_MAXUINT32);
/* Container markers of one line, and bytes of them, beyond which they are text. */
#define MARKERS_MAX 100
#define INDENT_MAX 1000
/* Columns of a table beyond which it is none. */
#define COLUMNS_MAX 1000
/* What cmark may do about tables, in bytes and cells for each byte of the source, and at first. */
#define TABLE_COST_RATIO 4
#define TABLE_COST_FREE ((gsize)1 << 20)
#define FRONT_MATTER_MAX ((gsize)64 << 10)
#define LINES_PER_DRAIN 1024

typedef struct {
  guint32 start;
  guint32 end; /* without the line end */
} Line;

typedef struct {
  const char *source;
  gsize bytes;
  MarkdownBlockFunc func;
  gpointer user_data;

  cmark_parser *parser;
  GArray *lines;    /* (element-type Line) those fed since lines_base */
  guint lines_base; /* cmark's number of the first of them */
  guint lines_undrained;
  GByteArray *masked; /* a line as fed, where it differs */
  guint blank_run;
  gsize since_blank; /* bytes since the last blank line */
  gsize columns;     /* of the table that this line may be in; 0: none */
  gsize table_cost;  /* bytes cmark has read for table headers, and cells it has made */

  Block pending; /* kind 0: none */
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
  walk->pending = (Block){
      .start_byte = start,
      .end_byte = end,
      .kind = (guint8)kind,
      .level = (guint8)MIN (level, 255),
  };
}

static const Line *
line_at (const Walk *walk, int number)
{
  guint index = (guint)MAX (number, 0);

  index = index > walk->lines_base ? index - walk->lines_base : 0;
  return &g_array_index (walk->lines, Line, MIN (index, walk->lines->len - 1));
}

static gsize
node_start (const Walk *walk, cmark_node *node)
{
  const Line *line = line_at (walk, cmark_node_get_start_line (node));
  gsize at = line->start + (gsize)MAX (cmark_node_get_start_column (node) - 1, 0);

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

  if (cmark_node_get_fenced (node, &(int){0}, &(int){0}, &(char){0}))
    return at;
  while (indent > line_start &&
         (walk->source[indent - 1] == ' ' || walk->source[indent - 1] == '\t'))
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

  for (int i = first + 1; i < (int)(walk->lines_base + walk->lines->len); i++) {
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
    while (start < end && (walk->source[start] == ' ' || walk->source[start] == '\t' ||
                           walk->source[start] == '>'))
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
    push_block (walk, BLOCK_HEADING, (guint)cmark_node_get_heading_level (node),
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
    const gboolean deeper = visit (walk, node, depth);

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
      if (walk->pending_item != node)
        walk->pending_item = NULL; /* freed now, with what it is in */
      cmark_node_free (child);
    }
    node = child;
  }
}

/* Forgets the lines before the first that an unreported block may begin on. */
static void
forget_lines (Walk *walk)
{
  int first = (int)(walk->lines_base + walk->lines->len);
  guint unused;

  for (cmark_node *node = walk->parser->root; node != NULL; node = cmark_node_last_child (node)) {
    const cmark_node_type type = cmark_node_get_type (node);
    const gboolean leaf = type != CMARK_NODE_DOCUMENT && type != CMARK_NODE_LIST &&
                          type != CMARK_NODE_BLOCK_QUOTE &&
                          !(type == CMARK_NODE_ITEM && cmark_node_get_user_data (node) != NULL);

    if (leaf)
      first = MIN (first, cmark_node_get_start_line (node));
  }
  if (first <= (int)walk->lines_base)
    return;
  unused = (guint)first - walk->lines_base;
  if (unused < walk->lines->len / 2)
    return;
  unused = MIN (unused, walk->lines->len - 1);
  g_array_remove_range (walk->lines, 0, unused);
  walk->lines_base += unused;
}

/* Length of a list marker with the blank after it, 0 if there is none. */
static gsize
list_marker (const char *at, const char *end)
{
  const char *p = at;

  if (p < end && (*p == '-' || *p == '+' || *p == '*')) {
    p++;
  } else {
    while (p < end && p - at < 9 && g_ascii_isdigit (*p))
      p++;
    if (p == at || p == end || (*p != '.' && *p != ')'))
      return 0;
    p++;
  }
  return p == end || *p == ' ' || *p == '\t' ? (gsize)(p - at) : 0;
}

/* Where a line's text begins, after indentation and markers; *too_deep when that is only where
 * they were given up. */
static gsize
skip_markers (const char *line, gsize bytes, gboolean *too_deep)
{
  guint markers = 0;
  gsize at = 0;

  *too_deep = FALSE;
  while (at < bytes) {
    gsize marker = line[at] == '>' ? 1 : list_marker (line + at, line + bytes);

    if (line[at] == ' ' || line[at] == '\t') {
      at++;
      continue;
    }
    if (marker == 0)
      break;
    if (++markers > MARKERS_MAX || at > INDENT_MAX) {
      *too_deep = TRUE;
      break;
    }
    at += marker;
  }
  return at;
}

/* TRUE when the line is a rule that may not begin a table: too wide, or such rules have made cmark
 * read the paragraphs above them too often. */
static gboolean
refuse_rule (Walk *walk, const char *line, gsize bytes, gsize start)
{
  gsize columns = 1;

  for (gsize i = 0; i < bytes; i++)
    columns += line[i] == '|';
  walk->table_cost += walk->since_blank;
  if (columns > COLUMNS_MAX || walk->table_cost > TABLE_COST_RATIO * start + TABLE_COST_FREE)
    return TRUE;
  walk->columns = MAX (walk->columns, columns);
  return FALSE;
}

/* The byte of a line to mask, or -1. Masked are: the marker that nests too deep (each line costs
 * its depth); '[' at the start of a text, which may begin a link reference definition (cmark would
 * drop it, though it is text, and keep it in memory); a dash of a refused table rule. */
static gssize
byte_to_mask (Walk *walk, const char *line, gsize bytes, gsize start)
{
  gboolean too_deep;
  const gsize at = skip_markers (line, bytes, &too_deep);

  if (too_deep || (at < bytes && line[at] == '['))
    return (gssize)at;
  if ((at == bytes || strchr ("|:-", line[at]) != NULL) && is_table_rule (line, bytes) &&
      refuse_rule (walk, line, bytes, start))
    return (gssize)((const char *)memrchr (line, '-', bytes) - line);
  return -1;
}

/* cmark fills up every row to the table's columns: a table of short rows ends when that is too
 * much, at this row. */
static gboolean
row_ends_table (Walk *walk, gsize start)
{
  walk->table_cost += walk->columns;
  if (walk->columns == 0 || walk->table_cost <= TABLE_COST_RATIO * start + TABLE_COST_FREE)
    return FALSE;
  walk->columns = 0;
  return TRUE;
}

static gboolean
is_blank (const char *line, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++)
    if (line[i] != ' ' && line[i] != '\t')
      return FALSE;
  return TRUE;
}

/* Feeds source[start..next), a line with its end. Of a run of blank lines two mean the same as
 * all, and each of them costs the depth of the lists around it. */
static void
feed_line (Walk *walk, gsize start, gsize end, gsize next)
{
  const char *line = walk->source + start;
  const Line entry = {(guint32)start, (guint32)end};
  gssize mask;

  if (is_blank (line, end - start)) {
    walk->since_blank = 0;
    walk->columns = 0;
    if (++walk->blank_run > 2)
      return;
  } else {
    walk->blank_run = 0;
    walk->since_blank += next - start;
  }
  g_array_append_val (walk->lines, entry);
  if (row_ends_table (walk, start)) {
    cmark_parser_feed (walk->parser, "\n", 1);
    return;
  }
  mask = walk->blank_run > 0 ? -1 : byte_to_mask (walk, line, end - start, start);
  if (mask >= 0) {
    g_byte_array_set_size (walk->masked, 0);
    g_byte_array_append (walk->masked, (const guint8 *)line, (guint)(next - start));
    walk->masked->data[mask] = 'x';
    line = (const char *)walk->masked->data;
  }
  cmark_parser_feed (walk->parser, line, next - start);
  if (end == next)
    cmark_parser_feed (walk->parser, "\n", 1);
  if (++walk->lines_undrained >= LINES_PER_DRAIN) {
    walk->lines_undrained = 0;
    drain (walk);
    forget_lines (walk);
  }
}

/* The end of the line at `start`, and in *next where the one after it begins: \n, \r\n or \r. */
static gsize
line_end (const char *source, gsize bytes, gsize start, gsize *next)
{
  gsize end = start;

  while (end < bytes && source[end] != '\n' && source[end] != '\r')
    end++;
  *next = end;
  if (*next < bytes && source[(*next)++] == '\r' && *next < bytes && source[*next] == '\n')
    (*next)++;
  return end;
}

static gboolean
is_line (const char *source, gsize start, gsize end, const char *text)
{
  const gsize length = strlen (text);

  end = trim_end (source, start, end);
  return end - start == length && memcmp (source + start, text, length) == 0;
}

/* YAML between --- and --- (or ...) at the very start: where the text after it begins, or 0. */
static gsize
skip_front_matter (const char *source, gsize bytes)
{
  const gsize from = bytes >= 3 && memcmp (source, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  gsize at;
  gsize end = line_end (source, bytes, from, &at);

  if (!is_line (source, from, end, "---"))
    return 0;
  for (guint n = 0; at < bytes && at < FRONT_MATTER_MAX; n++) {
    const gsize start = at;

    end = line_end (source, bytes, start, &at);
    if (n == 0 && is_blank (source + start, end - start))
      return 0;
    if (is_line (source, start, end, "---") || is_line (source, start, end, "..."))
      return at;
  }
  return 0;
}

/* What is beyond SOURCE_MAX: what blank lines separate. */
static void
push_plain (Walk *walk, gsize at)
{
  gsize start = at;

  while (at < walk->bytes) {
    gsize next;
    const gsize end = line_end (walk->source, walk->bytes, at, &next);

    if (is_blank (walk->source + at, end - at)) {
      push_block (walk, BLOCK_PARAGRAPH, 0, start, at);
      start = next;
    }
    at = next;
  }
  push_block (walk, BLOCK_PARAGRAPH, 0, start, walk->bytes);
}

static cmark_parser *
parser_new (void)
{
  cmark_parser *parser;

  cmark_gfm_core_extensions_ensure_registered ();
  parser = cmark_parser_new (CMARK_OPT_DEFAULT);
  cmark_parser_attach_syntax_extension (parser, cmark_find_syntax_extension ("table"));
  return parser;
}

void
markdown_blocks (const char *source, gsize bytes, MarkdownBlockFunc func, gpointer user_data)
{
  const gsize parsed = MIN (bytes, SOURCE_MAX);
  gsize at = skip_front_matter (source, bytes);
  Walk walk = {
      .source = source,
      .bytes = parsed,
      .func = func,
      .user_data = user_data,
      .parser = parser_new (),
      .lines = g_array_new (FALSE, FALSE, sizeof (Line)),
      .lines_base = 1,
      .masked = g_byte_array_new (),
  };

  while (at < parsed) {
    const gsize start = at;
    const gsize end = line_end (source, parsed, start, &at);

    feed_line (&walk, start, end, at);
  }
  if (walk.lines->len > 0)
    visit_tree (&walk, walk.parser->root, 0);
  if (parsed < bytes) {
    walk.bytes = bytes;
    push_plain (&walk, parsed);
  }
  flush_pending (&walk);
  cmark_parser_free (walk.parser);
  g_array_unref (walk.lines);
  g_byte_array_unref (walk.masked);
}

static void
append_block (const Block *block, gpointer user_data)
{
  Document *document = user_data;

  g_array_append_val (document->blocks, *block);
  if (document->title == NULL && block->kind == BLOCK_HEADING && block->level == 1)
    document->title = block_heading_text (document->text->str + block->start_byte,
                                          block->end_byte - block->start_byte);
}

Document *
markdown_document_take (GString *source)
{
  Document *document = document_new ();

  document->format = g_strdup ("markdown");
  document->mime_type = g_strdup ("text/markdown");
  document->extractor = g_strdup_printf ("markdown/1 cmark-gfm/%s", cmark_version_string ());
  g_string_free (document->text, TRUE);
  document->text = source;
  markdown_blocks (source->str, source->len, append_block, document);
  return document;
}
