#include "word-flow.h"

#include "ingest/extract/office/flow.h"

#include <string.h>

#define STORIES_MAX 16
#define TABLES_MAX 12
/* A table goes out when it has so many cells, so that memory stays small. */
#define CELLS_MAX 50000
/* Word has at most 63 in a row. */
#define ROW_CELLS_MAX 1000
#define HEADERS_MAX 200
#define LINKS_MAX 100

typedef struct {
  FlowHeader header;
  gboolean has_rows; /* ended ones */
  gboolean is_in_cell;
  guint cells;
  guint row_cells;
} Table;

typedef struct {
  WordStory kind;
  Flow *flow;     /* NULL: headers and footers, which are plain text */
  GString *plain; /* their paragraphs */
  GString *text;  /* their open one */
  char *prefix;
  GPtrArray *links;
  guint depth;
  Table tables[TABLES_MAX];
} Story;

struct WordFlow {
  GPtrArray *stories; /* the innermost last; the first is the document's */
  GHashTable *headers;
  GPtrArray *footers;
};

static void
free_story (gpointer data)
{
  Story *story = data;

  flow_free (story->flow);
  g_string_free (story->plain, TRUE);
  g_string_free (story->text, TRUE);
  g_ptr_array_unref (story->links);
  g_free (story->prefix);
  g_free (story);
}

static Story *
push_story (WordFlow *flow, WordStory kind, Flow *blocks)
{
  Story *story = g_new0 (Story, 1);

  story->kind = kind;
  story->flow = blocks;
  story->plain = g_string_new (NULL);
  story->text = g_string_new (NULL);
  story->links = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (flow->stories, story);
  return story;
}

WordFlow *
word_flow_new (ExtractSink *sink)
{
  WordFlow *flow = g_new0 (WordFlow, 1);

  flow->stories = g_ptr_array_new_with_free_func (free_story);
  flow->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  flow->footers = g_ptr_array_new_with_free_func (g_free);
  push_story (flow, WORD_STORY_ASIDE, flow_new (sink));
  return flow;
}

void
word_flow_free (WordFlow *flow)
{
  if (flow == NULL)
    return;
  g_ptr_array_unref (flow->stories);
  g_hash_table_unref (flow->headers);
  g_ptr_array_unref (flow->footers);
  g_free (flow);
}

static Story *
top (const WordFlow *flow)
{
  return g_ptr_array_index (flow->stories, flow->stories->len - 1);
}

GString *
word_flow_text (WordFlow *flow)
{
  Story *story = top (flow);

  return story->flow != NULL ? flow_text (story->flow) : story->text;
}

void
word_flow_add_link (WordFlow *flow, const char *target)
{
  Story *story = top (flow);

  if (story->links->len < LINKS_MAX)
    g_ptr_array_add (story->links, g_strdup (target));
}

/* --- tables ------------------------------------------------------------------------------------
 */

/* The open paragraph is not of the table that ends. */
static gboolean
close_table (Story *story, GError **error)
{
  GString *text = flow_text (story->flow);
  g_autofree char *open = g_strndup (text->str, text->len);
  FlowHeader header = story->tables[--story->depth].header;

  g_string_truncate (text, 0);
  if (!flow_end_table (story->flow, header, error))
    return FALSE;
  g_string_append (text, open);
  return TRUE;
}

static gboolean
set_depth (Story *story, guint depth, GError **error)
{
  depth = MIN (depth, TABLES_MAX);
  while (story->depth > depth)
    if (!close_table (story, error))
      return FALSE;
  while (story->depth < depth) {
    if (story->depth > 0 && !story->tables[story->depth - 1].is_in_cell) {
      flow_begin_cell (story->flow, 1);
      story->tables[story->depth - 1].is_in_cell = TRUE;
    }
    flow_begin_table (story->flow);
    story->tables[story->depth++] = (Table){.header = FLOW_HEADER_LIKELY};
  }
  if (depth > 0 && !story->tables[depth - 1].is_in_cell) {
    flow_begin_cell (story->flow, 1);
    story->tables[depth - 1].is_in_cell = TRUE;
  }
  return TRUE;
}

/* --- paragraphs --------------------------------------------------------------------------------
 */

static void
append_links (Story *story, GString *text)
{
  for (guint i = 0; i < story->links->len; i++) {
    const char *link = g_ptr_array_index (story->links, i);

    if (strstr (text->str, link) == NULL)
      g_string_append_printf (text, " (%s)", link);
  }
  g_ptr_array_set_size (story->links, 0);
}

static void
end_plain (Story *story, char separator)
{
  g_string_append_len (story->plain, story->text->str, (gssize)story->text->len);
  g_string_append_c (story->plain, separator);
  g_string_truncate (story->text, 0);
}

/* After the mark of a note, which its prefix is, comes a blank or a tab. */
static void
trim_start (GString *text)
{
  gsize blanks = strspn (text->str, " \t");

  g_string_erase (text, 0, (gssize)blanks);
}

static gboolean
end_block (Story *story, const WordParagraph *paragraph, GError **error)
{
  BlockKind kind = paragraph->heading > 0      ? BLOCK_HEADING
                   : paragraph->list_level > 0 ? BLOCK_LIST_ITEM
                                               : BLOCK_PARAGRAPH;

  if (story->prefix != NULL)
    trim_start (flow_text (story->flow));
  if (kind != BLOCK_HEADING)
    append_links (story, flow_text (story->flow));
  g_ptr_array_set_size (story->links, 0);
  return flow_end_paragraph (story->flow, kind,
                             kind == BLOCK_HEADING     ? MIN (paragraph->heading, 6)
                             : kind == BLOCK_LIST_ITEM ? paragraph->list_level
                                                       : 0,
                             paragraph->marker, error);
}

gboolean
word_flow_end_paragraph (WordFlow *flow, const WordParagraph *paragraph, GError **error)
{
  Story *story = top (flow);

  if (story->flow == NULL) {
    end_plain (story, '\n');
    return TRUE;
  }
  return set_depth (story, paragraph->depth, error) && end_block (story, paragraph, error);
}

gboolean
word_flow_end_cell (WordFlow *flow, const WordParagraph *paragraph, GError **error)
{
  Story *story = top (flow);
  guint depth = CLAMP (paragraph->depth, 1, TABLES_MAX);
  Table *table = &story->tables[depth - 1];

  if (story->flow == NULL) {
    end_plain (story, '\t');
    return TRUE;
  }
  if (!set_depth (story, depth, error) || !end_block (story, paragraph, error) ||
      !flow_end_cell (story->flow, error))
    return FALSE;
  table->is_in_cell = FALSE;
  table->cells++;
  if (++table->row_cells >= ROW_CELLS_MAX)
    return word_flow_end_row (flow, depth, FALSE, FALSE, error);
  return TRUE;
}

gboolean
word_flow_end_row (WordFlow *flow, guint depth, gboolean is_header, gboolean is_dropped,
                   GError **error)
{
  Story *story = top (flow);
  Table *table;

  depth = CLAMP (depth, 1, TABLES_MAX);
  if (story->flow == NULL) {
    end_plain (story, '\n');
    return TRUE;
  }
  if (depth > story->depth)
    return TRUE;
  while (story->depth > depth)
    if (!close_table (story, error))
      return FALSE;
  table = &story->tables[depth - 1];
  if (table->is_in_cell && !flow_end_cell (story->flow, error))
    return FALSE;
  flow_end_row (story->flow, is_dropped);
  table->is_in_cell = FALSE;
  table->row_cells = 0;
  if (is_header && !table->has_rows)
    table->header = FLOW_HEADER_SURE;
  table->has_rows = TRUE;
  return table->cells < CELLS_MAX || set_depth (story, depth - 1, error);
}

/* --- stories -----------------------------------------------------------------------------------
 */

gboolean
word_flow_begin_story (WordFlow *flow, WordStory kind, const char *prefix)
{
  gboolean is_plain = kind == WORD_STORY_HEADER || kind == WORD_STORY_FOOTER;

  if (flow->stories->len >= STORIES_MAX)
    return FALSE;
  push_story (flow, kind, is_plain ? NULL : flow_new (NULL))->prefix = g_strdup (prefix);
  return TRUE;
}

/* A page number alone says nothing. */
static gboolean
says_something (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isalpha (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

static gboolean
is_new_header (WordFlow *flow, const char *text)
{
  return says_something (text) && g_hash_table_size (flow->headers) < HEADERS_MAX &&
         g_hash_table_add (flow->headers, g_strdup (text));
}

static gboolean
add_header (WordFlow *flow, Story *story, GError **error)
{
  Story *outer = top (flow);

  g_string_append (story->plain, story->text->str);
  g_strstrip (story->plain->str);
  if (!is_new_header (flow, story->plain->str))
    return TRUE;
  if (story->kind == WORD_STORY_FOOTER) {
    g_ptr_array_add (flow->footers, g_strdup (story->plain->str));
    return TRUE;
  }
  if (outer->flow == NULL)
    return TRUE;
  if (flow_is_open (outer->flow)) {
    flow_add_aside_text (outer->flow, story->plain->str);
    return TRUE;
  }
  g_string_append (flow_text (outer->flow), story->plain->str);
  return flow_end_paragraph (outer->flow, BLOCK_PARAGRAPH, 0, NULL, error);
}

static gboolean
finish_blocks (Story *story, GError **error)
{
  WordParagraph last = {.depth = story->depth};
  gboolean done = flow_text (story->flow)->len == 0 || end_block (story, &last, error);

  return done && flow_finish (story->flow, error);
}

gboolean
word_flow_end_story (WordFlow *flow, GError **error)
{
  Story *story, *outer;
  FlowBlocks *blocks;
  gboolean done = TRUE;

  if (flow->stories->len < 2)
    return TRUE;
  story = g_ptr_array_steal_index (flow->stories, flow->stories->len - 1);
  outer = top (flow);
  if (story->flow == NULL) {
    done = add_header (flow, story, error);
  } else if (outer->flow == NULL) {
    done = TRUE; /* a text box in a header says it there */
  } else if ((done = finish_blocks (story, error))) {
    blocks = flow_take (story->flow);
    if (story->prefix != NULL && blocks->len > 0)
      flow_blocks_prefix (blocks, story->prefix);
    if (story->kind == WORD_STORY_NOTE)
      flow_add_note (outer->flow, blocks);
    else
      flow_add_aside (outer->flow, blocks);
  }
  free_story (story);
  return done;
}

gboolean
word_flow_finish (WordFlow *flow, GError **error)
{
  Story *body;

  while (flow->stories->len > 1)
    if (!word_flow_end_story (flow, error))
      return FALSE;
  body = top (flow);
  if (!finish_blocks (body, error))
    return FALSE;
  for (guint i = 0; i < flow->footers->len; i++) {
    g_string_append (flow_text (body->flow), g_ptr_array_index (flow->footers, i));
    if (!flow_end_paragraph (body->flow, BLOCK_PARAGRAPH, 0, NULL, error))
      return FALSE;
  }
  return flow_finish (body->flow, error);
}
