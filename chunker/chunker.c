#include "chunker.h"

#include "boundaries.h"

#include <string.h>
#include <unicode/uvernum.h>

/* To be raised whenever the same document may be cut elsewhere. */
#define CHUNKER_REVISION 1
#define HEADING_LEVELS 6

GQuark
chunker_error_quark (void)
{
  return g_quark_from_static_string ("chunker-error");
}

/* The run over one document. `at` is where the chunk at hand begins. */
typedef struct {
  const Document *document;
  const ChunkerOptions *options;
  const TokenCounter *counter;
  Boundaries *boundaries;
  ChunkFunc func;
  gpointer user_data;
  gsize at;
  gsize at_char;
  guint block;                    /* the block that `at` lies in, or the gap behind it */
  guint position;                 /* of the next chunk */
  char *headings[HEADING_LEVELS]; /* in force at `at`; NULL where there is none */
  GString *content;               /* of a chunk with a prefix */
  GString *prefix;                /* of the chunk at hand */
} Run;

/* --- the document ----------------------------------------------------------------------------- */

static const Block *
block_at (const Run *run, guint i)
{
  return &g_array_index (run->document->blocks, Block, i);
}

/* A block owns the gap behind it; the last one all that is left. */
static gsize
block_end (const Run *run, guint i)
{
  return i + 1 < run->document->blocks->len ? block_at (run, i + 1)->start_byte
                                            : run->document->text->len;
}

static gboolean
is_heading (const Run *run, guint i)
{
  return i < run->document->blocks->len && block_at (run, i)->kind == BLOCK_HEADING;
}

static gboolean
is_character_start (const GString *text, gsize at)
{
  return at == text->len || ((guchar)text->str[at] & 0xC0) != 0x80;
}

static gboolean
check_document (const Document *document, GError **error)
{
  gsize end = 0;

  if (!g_utf8_validate_len (document->text->str, document->text->len, NULL)) {
    g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT, "the text is not valid UTF-8");
    return FALSE;
  }
  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    if (block->start_byte < end || block->end_byte < block->start_byte ||
        block->end_byte > document->text->len || block->kind < BLOCK_HEADING ||
        block->kind > BLOCK_KIND_LAST || !is_character_start (document->text, block->start_byte) ||
        !is_character_start (document->text, block->end_byte)) {
      g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT,
                   "block %u is out of order or out of the text", i);
      return FALSE;
    }
    end = block->end_byte;
  }
  return TRUE;
}

static gboolean
check_options (const ChunkerOptions *options, GError **error)
{
  if (options->max_tokens >= CHUNKER_MAX_MIN && options->max_tokens <= CHUNKER_MAX_MAX &&
      options->target_tokens >= 1 && options->target_tokens <= options->max_tokens)
    return TRUE;
  g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS,
               "target %u and max %u do not go together: 1 <= target <= max, %d <= max <= %d",
               options->target_tokens, options->max_tokens, CHUNKER_MAX_MIN, CHUNKER_MAX_MAX);
  return FALSE;
}

static gboolean
is_blank (const GString *text)
{
  for (const char *at = text->str; at < text->str + text->len; at = g_utf8_next_char (at))
    if (!g_unichar_isspace (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

/* --- headings --------------------------------------------------------------------------------- */

static void
enter_heading (Run *run, guint i)
{
  const Block *block = block_at (run, i);
  guint level = CLAMP (block->level, 1, HEADING_LEVELS);

  for (guint l = level - 1; l < HEADING_LEVELS; l++)
    g_clear_pointer (&run->headings[l], g_free);
  run->headings[level - 1] = block_heading_text (run->document->text->str + block->start_byte,
                                                 block->end_byte - block->start_byte);
}

/* Headings that a chunk begins with are in force in it; those further in are not. (returns) the
 * first block that was not entered. */
static guint
enter_leading_headings (Run *run, gsize end)
{
  guint i = run->block;

  for (; is_heading (run, i) && block_at (run, i)->start_byte < end; i++)
    if (block_at (run, i)->start_byte >= run->at)
      enter_heading (run, i);
  return i;
}

/* --- a table's header ---------------------------------------------------------------------------
 */

static gsize
line_length (const char *text, gsize bytes)
{
  const char *newline = memchr (text, '\n', bytes);

  return newline != NULL ? (gsize)(newline - text) + 1 : bytes;
}

/* The header row and the |---| below it; 0 when there is none. */
static gsize
table_header_length (const char *text, gsize bytes)
{
  gsize row = line_length (text, bytes);
  gsize rule = line_length (text + row, bytes - row);

  if (rule < 4 || text[row + rule - 1] != '\n')
    return 0;
  for (gsize i = row; i + 1 < row + rule; i++)
    if (strchr ("|-: \t", text[i]) == NULL)
      return 0;
  return memchr (text + row, '-', rule) != NULL ? row + rule : 0;
}

/* A chunk that begins between a table's rows repeats the header, when that leaves room for rows. */
static void
set_prefix (Run *run)
{
  const Block *block = run->document->blocks->len > 0 ? block_at (run, run->block) : NULL;

  g_string_truncate (run->prefix, 0);
  if (block == NULL || block->kind != BLOCK_TABLE || run->at <= block->start_byte ||
      run->at >= block->end_byte)
    return;

  const char *table = run->document->text->str + block->start_byte;
  /* a header that is longer is none that can be repeated: it need not be looked through */
  gsize header = table_header_length (
      table, MIN (block->end_byte - block->start_byte, CHUNKER_CONTENT_MAX / 4));
  if (header == 0 || block->start_byte + header >= run->at ||
      run->counter->count (run->counter->data, table, header) > run->options->max_tokens / 2)
    return;
  /* in the middle of a row it would be no table */
  if (run->document->text->str[run->at - 1] == '\n')
    g_string_append_len (run->prefix, table, (gssize)header);
}

/* --- how far a chunk can go ---------------------------------------------------------------------
 */

/* How far it reaches from `at` within so many tokens, prefix included; a character boundary, `at`
 * itself when not even one character fits. */
static gsize
reach (Run *run, gsize tokens)
{
  const GString *text = run->document->text;
  gsize room = CHUNKER_CONTENT_MAX - run->prefix->len;
  gsize window = MIN (text->len - run->at, room);

  while (!is_character_start (text, run->at + window))
    window--;
  if (run->prefix->len == 0)
    return run->at + run->counter->prefix (run->counter->data, text->str + run->at, window, tokens);

  g_string_truncate (run->content, 0);
  g_string_append_len (run->content, run->prefix->str, (gssize)run->prefix->len);
  g_string_append_len (run->content, text->str + run->at, (gssize)window);
  gsize fits =
      run->counter->prefix (run->counter->data, run->content->str, run->content->len, tokens);
  return run->at + (fits > run->prefix->len ? fits - run->prefix->len : 0);
}

/* The three marks that a cut is chosen by. */
typedef struct {
  gsize enough; /* from here on a chunk is worth having */
  gsize target;
  gsize max;
} Marks;

static gboolean
may_end_at (Run *run, gsize end)
{
  const GString *text = run->document->text;

  boundaries_set_text (run->boundaries, text->str + run->at, MIN (text->len, end + 64) - run->at,
                       FALSE);
  return boundaries_is_grapheme (run->boundaries, end - run->at);
}

/* The last end of a block up to which the chunk is whole; 0: none. A heading ends no chunk; one
 * that follows when there is enough begins the next. */
static gsize
cut_at_block (Run *run, const Marks *marks)
{
  gsize best = 0;

  if (run->document->blocks->len == 0 && run->document->text->len <= marks->max)
    return run->document->text->len;
  for (guint i = run->block; i < run->document->blocks->len; i++) {
    gsize end = block_end (run, i);

    /* a small rest is taken along */
    if (end > marks->max ||
        (end > marks->target && best >= marks->enough && end < run->document->text->len))
      break;
    if ((is_heading (run, i) && end < run->document->text->len) || end <= run->at)
      continue;
    if (may_end_at (run, end))
      best = end;
    if (best >= marks->enough && (is_heading (run, i + 1) || best > marks->target))
      break;
  }
  return best;
}

typedef gsize (*BoundaryFunc) (Boundaries *boundaries, gsize after, gsize until);

/* What a block may be cut at, best first; 0 ends the list. */
static const BoundaryFunc *
cuts_of (guint kind)
{
  static const BoundaryFunc of_prose[] = {boundaries_sentence, boundaries_clause, boundaries_word,
                                          NULL};
  static const BoundaryFunc of_lines[] = {boundaries_line, boundaries_sentence, boundaries_clause,
                                          boundaries_word, NULL};

  return kind == BLOCK_TABLE || kind == BLOCK_CODE ? of_lines : of_prose;
}

/* Within the block that the marks fall into. Each kind of boundary is looked for where the chunk is
 * neither too small nor over its target, then up to the maximum, the last ones anywhere. */
static gsize
cut_in_block (Run *run, const Marks *marks)
{
  const GString *text = run->document->text;
  guint i = run->block;

  while (i + 1 < run->document->blocks->len && block_end (run, i) <= marks->enough)
    i++;

  guint kind = run->document->blocks->len > 0 ? block_at (run, i)->kind : BLOCK_PARAGRAPH;
  gsize window = MIN (text->len - run->at, marks->max - run->at + 256);
  while (!is_character_start (text, run->at + window))
    window--;
  boundaries_set_text (run->boundaries, text->str + run->at, window,
                       kind == BLOCK_PARAGRAPH || kind == BLOCK_LIST_ITEM);

  gsize enough = marks->enough - run->at;
  gsize target = marks->target - run->at;
  gsize max = marks->max - run->at;
  for (const BoundaryFunc *cut = cuts_of (kind); *cut != NULL; cut++) {
    gsize found = (*cut) (run->boundaries, enough, target);
    if (found == 0)
      found = (*cut) (run->boundaries, MAX (enough, target), max);
    if (found == 0 && (*cut == boundaries_word || *cut == boundaries_line))
      found = (*cut) (run->boundaries, 0, max);
    if (found > 0 && boundaries_is_grapheme (run->boundaries, found))
      return run->at + found;
  }
  gsize found = boundaries_grapheme (run->boundaries, 0, max);
  return found > 0 ? run->at + found : 0;
}

/* One grapheme cluster is more than the budget: it goes whole, up to what the database takes. */
static gsize
cut_after_grapheme (Run *run)
{
  const GString *text = run->document->text;
  gsize window = MIN (text->len - run->at, CHUNKER_CONTENT_MAX - run->prefix->len);

  while (!is_character_start (text, run->at + window))
    window--;
  boundaries_set_text (run->boundaries, text->str + run->at, window, FALSE);
  return run->at + boundaries_first_grapheme (run->boundaries);
}

/* A cut right behind headings goes before them: a heading ends no chunk. In a run of nothing but
 * headings it goes between two of them. */
static gsize
before_headings (Run *run, gsize cut)
{
  guint i = run->block;

  if (run->document->blocks->len == 0)
    return cut;
  gsize before = cut;

  while (i + 1 < run->document->blocks->len && block_end (run, i) < cut)
    i++;
  gsize between = cut < block_end (run, i) ? block_at (run, i)->start_byte : cut;
  while (is_heading (run, i) && block_at (run, i)->start_byte < before &&
         block_at (run, i)->start_byte > run->at &&
         may_end_at (run, block_at (run, i)->start_byte)) {
    before = block_at (run, i)->start_byte;
    if (i-- == 0)
      break;
  }
  if (before < cut && is_heading (run, i) && block_at (run, i)->start_byte <= run->at)
    return between > run->at ? between : cut;
  return before;
}

static gsize
choose_end (Run *run)
{
  guint max_tokens = run->options->max_tokens;
  guint target_tokens = run->options->target_tokens;
  Marks marks = {
      .enough = reach (run, (target_tokens + 1) / 2),
      .target = reach (run, target_tokens),
      .max = reach (run, max_tokens),
  };
  gsize end = cut_at_block (run, &marks);

  if (end >= marks.enough || end == run->document->text->len)
    return end;

  gsize inside = cut_in_block (run, &marks);
  if (inside > run->at)
    return before_headings (run, inside);
  if (end > run->at)
    return end;
  /* no room beside the repeated header: then without it */
  if (run->prefix->len > 0) {
    g_string_truncate (run->prefix, 0);
    return choose_end (run);
  }
  return cut_after_grapheme (run);
}

/* --- chunks -------------------------------------------------------------------------------------
 */

static void
set_pages (const Run *run, gsize end, Chunk *chunk)
{
  guint last = run->block;

  if (run->document->blocks->len == 0)
    return;
  while (last + 1 < run->document->blocks->len && block_at (run, last + 1)->start_byte < end)
    last++;
  for (guint i = run->block; i <= last; i++) {
    guint page = block_at (run, i)->page;
    if (page == 0)
      continue;
    chunk->page_first = chunk->page_first == 0 ? page : MIN (chunk->page_first, page);
    chunk->page_last = MAX (chunk->page_last, page);
  }
}

static void
set_content (Run *run, gsize end, Chunk *chunk)
{
  const char *own = run->document->text->str + run->at;
  gsize own_bytes = end - run->at;

  chunk->content = own;
  chunk->content_bytes = own_bytes;
  if (run->prefix->len > 0) {
    g_string_truncate (run->content, 0);
    g_string_append_len (run->content, run->prefix->str, (gssize)run->prefix->len);
    g_string_append_len (run->content, own, (gssize)own_bytes);
    chunk->content = run->content->str;
    chunk->content_bytes = run->content->len;
  }
  chunk->prefix_bytes = run->prefix->len;
  chunk->prefix_chars = (guint)g_utf8_strlen (run->prefix->str, (gssize)run->prefix->len);
  chunk->token_count =
      (guint)run->counter->count (run->counter->data, chunk->content, chunk->content_bytes);
}

/* Levels that are in force all through the chunk: one that also holds the next section is not
 * "under" the first one's heading, but under what both are under. entered: the first block that was
 * not entered yet. */
static guint
levels_in_force (const Run *run, guint entered, gsize end)
{
  guint levels = HEADING_LEVELS;

  for (guint i = MAX (run->block, entered);
       i < run->document->blocks->len && block_at (run, i)->start_byte < end; i++)
    if (is_heading (run, i) && block_at (run, i)->start_byte >= run->at)
      levels = MIN (levels, CLAMP (block_at (run, i)->level, 1, HEADING_LEVELS) - 1u);
  return levels;
}

static gboolean
emit (Run *run, guint entered, gsize end, GError **error)
{
  const char *path[HEADING_LEVELS + 1] = {NULL};
  guint levels = levels_in_force (run, entered, end);
  Chunk chunk = {
      .position = run->position,
      .start_byte = run->at,
      .end_byte = end,
      .start_char = run->at_char,
      .end_char =
          run->at_char + text_count_chars (run->document->text->str + run->at, end - run->at),
      .heading_path = path,
  };

  for (guint l = 0; l < levels; l++)
    if (run->headings[l] != NULL)
      path[chunk.n_headings++] = run->headings[l];
  set_pages (run, end, &chunk);
  set_content (run, end, &chunk);
  run->position++;
  run->at_char = chunk.end_char;
  return run->func (&chunk, run->user_data, error);
}

/* To the block that `end` lies in, past the headings on the way. */
static void
advance (Run *run, guint entered, gsize end)
{
  guint n = run->document->blocks->len;

  for (guint i = MAX (run->block, entered); i < n && block_at (run, i)->start_byte < end; i++)
    if (is_heading (run, i) && block_at (run, i)->start_byte >= run->at)
      enter_heading (run, i);
  while (run->block + 1 < n && block_at (run, run->block + 1)->start_byte <= end)
    run->block++;
  run->at = end;
}

static gboolean
cut_all (Run *run, GError **error)
{
  while (run->at < run->document->text->len) {
    set_prefix (run);

    gsize end = choose_end (run);
    guint entered = enter_leading_headings (run, end);
    if (!emit (run, entered, end, error))
      return FALSE;
    advance (run, entered, end);
  }
  return TRUE;
}

static void
run_clear (Run *run)
{
  for (guint l = 0; l < HEADING_LEVELS; l++)
    g_free (run->headings[l]);
  boundaries_free (run->boundaries);
  g_string_free (run->content, TRUE);
  g_string_free (run->prefix, TRUE);
}

static const TokenCounter *
counter_of (const ChunkerOptions *options)
{
  return options->counter != NULL ? options->counter : &token_counter_estimate;
}

gboolean
chunker_run (const Document *document, const ChunkerOptions *options, ChunkFunc func,
             gpointer user_data, GError **error)
{
  if (!check_options (options, error) || !check_document (document, error))
    return FALSE;
  if (is_blank (document->text))
    return TRUE;

  Run run = {
      .document = document,
      .options = options,
      .counter = counter_of (options),
      .boundaries = boundaries_new (document->language),
      .func = func,
      .user_data = user_data,
      .content = g_string_new (NULL),
      .prefix = g_string_new (NULL),
  };
  gboolean finished = cut_all (&run, error);

  run_clear (&run);
  return finished;
}

char *
chunker_fingerprint (const ChunkerOptions *options)
{
  return g_strdup_printf ("chunker/%d icu/%s %s target=%u max=%u", CHUNKER_REVISION, U_ICU_VERSION,
                          counter_of (options)->name, options->target_tokens, options->max_tokens);
}
