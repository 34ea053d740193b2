#include "chunker.h"

#include "boundaries.h"
#include "cuts.h"
#include "heading-path.h"
#include "options.h"
#include "overlap.h"
#include "packer.h"
#include "prefix.h"
#include "window.h"

#include <string.h>

/* White space of so many bytes at a chunk's beginning is looked at: it may be too long for it. */
#define LONG_BLANK 64

/* The run over one document, between two chunks. */
typedef struct {
  const Document *document;
  ChunkerOptions options;
  const TokenCounter *measure; /* in the options' unit */
  Boundaries *boundaries;
  Window *window;
  Packer *packer;
  Prefix *prefix;
  Overlap overlap;
  ChunkFunc func;
  gpointer user_data;
  gsize start; /* of the last chunk's own text; then of the next */
  gsize fresh; /* all before is in chunks */
  gsize fresh_char;
  guint unit;              /* (cuts.h) that `fresh` lies in */
  guint start_unit;        /* that `start` lies in */
  guint position;          /* of the next chunk */
  HeadingPath path;        /* in force at `fresh` */
  gboolean is_within_word; /* `fresh` is */
} Run;

/* --- the document ----------------------------------------------------------------------------- */

static gboolean
is_character_start (const GString *text, gsize at)
{
  return at == text->len || ((guchar)text->str[at] & 0xC0) != 0x80;
}

#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* The first byte from `at` on that is no valid UTF-8, or NUL; most text is ASCII, which is looked
 * at eight bytes at a time. */
static gsize
find_invalid (const GString *text)
{
  gsize at = 0, rest = 0; /* from `rest` on it was not looked at */

  for (; text->len - at >= sizeof (guint64); at += sizeof (guint64)) {
    guint64 word;
    memcpy (&word, text->str + at, sizeof word);
    if (((word | (word - EACH (0x01))) & EACH (0x80)) != 0)
      continue;

    const char *end = text->str + at;
    if (rest < at && !g_utf8_validate_len (text->str + rest, at - rest, &end))
      return (gsize)(end - text->str);
    rest = at + sizeof word;
  }

  const char *end;
  g_utf8_validate_len (text->str + rest, text->len - rest, &end);
  return (gsize)(end - text->str);
}

static gboolean
check_document (const Document *document, GError **error)
{
  gsize valid = find_invalid (document->text), end = 0;

  if (valid < document->text->len) {
    g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT,
                 "the text is not valid UTF-8 (byte %" G_GSIZE_FORMAT ")", valid);
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

/* The first character from `at` on that is no white space. */
static gsize
skip_blank (const GString *text, gsize at)
{
  while (at < text->len && g_unichar_isspace (g_utf8_get_char (text->str + at)))
    at = (gsize)(g_utf8_next_char (text->str + at) - text->str);
  return at;
}

static gsize
size_of (const Run *run, gsize start, gsize end)
{
  return run->measure->count (run->measure->data, run->document->text->str + start, end - start);
}

/* --- from chunk to chunk -----------------------------------------------------------------------
 */

/* To the unit that `fresh` lies in now. */
static void
find_unit (Run *run)
{
  while (run->unit + 1 < cuts_n_units (run->document) &&
         cuts_unit (run->document, run->unit + 1).start <= run->fresh)
    run->unit++;
}

/* White space that would take half of a chunk is in none. FALSE: nothing else is left. */
static gboolean
skip_long_blank (Run *run)
{
  const GString *text = run->document->text;
  gsize solid = skip_blank (text, run->fresh);
  gsize blank = solid - run->fresh;

  if (solid == text->len)
    return FALSE;
  if (blank < LONG_BLANK || (blank <= CHUNKER_CONTENT_MAX / 2 &&
                             size_of (run, run->fresh, solid) <= run->options.max / 2))
    return TRUE;
  run->fresh_char += text_count_chars (text->str + run->fresh, blank);
  run->fresh = solid;
  run->start = solid; /* what stands before cannot be repeated */
  find_unit (run);
  run->start_unit = run->unit;
  return TRUE;
}

/* Moves `start` from the last chunk's to the next one's, at most half a chunk before `fresh`. */
static void
set_start (Run *run, gsize prefix_size)
{
  gsize most = MIN (run->options.overlap, (run->options.max - prefix_size) / 2);

  if (run->start < run->fresh && most > 0)
    run->start = overlap_start (&run->overlap, run->start_unit, run->start, run->fresh, most);
  else
    run->start = run->fresh;
  run->start_unit = run->unit;
  while (cuts_unit (run->document, run->start_unit).start > run->start)
    run->start_unit--;
}

/* The heading that the new text begins with, white space aside, as a unit; 0: none. */
static guint
leading_heading (const Run *run)
{
  guint i = run->unit;

  while (i < cuts_n_units (run->document) && cuts_unit (run->document, i).start < run->fresh)
    i++;
  if (i == 0 || i == cuts_n_units (run->document))
    return 0;

  Unit unit = cuts_unit (run->document, i);
  return unit.kind == BLOCK_HEADING && unit.start <= skip_blank (run->document->text, run->fresh)
             ? i
             : 0;
}

static const Block *
block_of (const Run *run, guint unit)
{
  return &g_array_index (run->document->blocks, Block, unit - 1);
}

/* Enters the headings that the chunk begins with. (returns) the first unit that may hold others. */
static guint
enter_leading_headings (Run *run, guint leading, gsize end)
{
  guint i = leading;

  if (leading == 0)
    return run->unit + (cuts_unit (run->document, run->unit).start < run->fresh);
  for (; i < cuts_n_units (run->document); i++) {
    const Block *block = block_of (run, i);
    if (block->kind != BLOCK_HEADING || block->start_byte >= end)
      break;
    heading_path_enter (&run->path, run->document, block);
  }
  return i;
}

/* --- where a chunk ends ------------------------------------------------------------------------
 */

/* What the chunk gives up, in turn, so that what must be whole has room. */
typedef struct {
  PrefixParts parts;
  gboolean overlap;
  PackerFlags flags;
} Attempt;

static gsize
try_end (Run *run, const Attempt *attempt, const PackerChunk *whole, Cut *cut)
{
  PackerChunk chunk = *whole;

  if (!attempt->overlap) {
    chunk.start = chunk.fresh;
    chunk.start_unit = chunk.unit;
    /* the header was that of another start */
    prefix_set_header (run->prefix, chunk.unit, chunk.start);
  }
  chunk.prefix = prefix_text (run->prefix, attempt->parts);

  gsize end = packer_end (run->packer, &chunk, attempt->flags, cut);
  if (end != 0) {
    run->start = chunk.start;
    run->start_unit = chunk.start_unit;
  }
  return end;
}

/* `run->start` may move to `fresh`, when there is no room for the overlap. */
static gsize
choose_end (Run *run, Cut *cut)
{
  static const Attempt attempts[] = {
      {PREFIX_CONTEXT | PREFIX_HEADER, TRUE, PACKER_STRUCTURE_OR_NOT},
      {PREFIX_CONTEXT, TRUE, 0},
      {0, TRUE, 0},
      {0, FALSE, 0},
      {PREFIX_CONTEXT, TRUE, PACKER_WITHIN_WORDS},
      {0, FALSE, PACKER_WITHIN_WORDS},
  };
  PackerChunk chunk = {
      .start = run->start, .fresh = run->fresh, .unit = run->unit, .start_unit = run->start_unit};
  gboolean has_header = prefix_has_header (run->prefix);
  gboolean has_context = prefix_text (run->prefix, PREFIX_CONTEXT)->len > 0;
  gboolean has_overlap = run->start < run->fresh;

  for (gsize i = 0; i < G_N_ELEMENTS (attempts); i++) {
    const Attempt *attempt = &attempts[i];
    gboolean gives_overlap = has_overlap && !attempt->overlap;
    gboolean gives_context = has_context && !(attempt->parts & PREFIX_CONTEXT);

    /* the rest of a word that was cut need not stay whole */
    if (i == 0 ? !has_header
               : i > 1 && attempt->flags == 0 &&
                     ((!gives_overlap && !gives_context) || run->is_within_word))
      continue;
    gsize end = try_end (run, attempt, &chunk, cut);
    if (end != 0) {
      cut->header_dropped = has_header && i > 0;
      return end;
    }
  }
  chunk.start = run->start = run->fresh;
  chunk.start_unit = run->start_unit = run->unit;
  chunk.prefix = prefix_text (run->prefix, 0);
  return packer_end_of_cluster (run->packer, &chunk, cut);
}

/* --- chunks -------------------------------------------------------------------------------------
 */

static void
set_pages_and_kinds (const Run *run, Chunk *chunk)
{
  for (guint i = run->start_unit; i < cuts_n_units (run->document); i++) {
    Unit unit = cuts_unit (run->document, i);
    if (unit.start >= chunk->end_byte)
      break;
    if (i == 0 || unit.content_end <= chunk->start_byte || unit.content_end == unit.start)
      continue;
    chunk->kinds |= 1u << unit.kind;

    guint page = g_array_index (run->document->blocks, Block, i - 1).page;
    if (page == 0)
      continue;
    chunk->page_first = chunk->page_first == 0 ? page : MIN (chunk->page_first, page);
    chunk->page_last = MAX (chunk->page_last, page);
  }
  if (chunk->kinds == 0) /* text that no block claims */
    chunk->kinds = 1u << BLOCK_PARAGRAPH;
}

static void
set_content (const Run *run, const GString *prefix, Chunk *chunk)
{
  const TokenCounter *counter = run->options.counter;

  chunk->content =
      window_content (run->window, chunk->end_byte - chunk->start_byte, &chunk->content_bytes);
  chunk->prefix_bytes = prefix->len;
  chunk->prefix_chars = (guint)text_count_chars (prefix->str, prefix->len);
  chunk->token_count =
      run->options.unit == CHUNKER_UNIT_TOKENS
          ? chunk->cut.size
          : (guint)counter->count (counter->data, chunk->content, chunk->content_bytes);
}

/* Levels that are in force all through the new text: one that also holds the next section is not
 * "under" the first one's heading, but under what both are under. entered: the first unit that was
 * not entered yet. */
static guint
levels_in_force (const Run *run, guint entered, gsize end)
{
  guint levels = HEADING_LEVELS;

  for (guint i = MAX (entered, 1); i < cuts_n_units (run->document); i++) {
    const Block *block = block_of (run, i);
    if (block->start_byte >= end)
      break;
    if (block->kind == BLOCK_HEADING)
      levels = MIN (levels, heading_level (block) - 1);
  }
  return levels;
}

static gboolean
emit (Run *run, guint entered, gsize end, const Cut *cut, GError **error)
{
  const char *text = run->document->text->str;
  const char *path[HEADING_LEVELS + 1] = {NULL};
  gsize overlap = text_count_chars (text + run->start, run->fresh - run->start);
  Chunk chunk = {
      .position = run->position,
      .start_byte = run->start,
      .end_byte = end,
      .start_char = run->fresh_char - overlap,
      .end_char = run->fresh_char + text_count_chars (text + run->fresh, end - run->fresh),
      .overlap_chars = (guint)overlap,
      .language = run->document->language,
      .heading_path = path,
      .cut = *cut,
  };

  chunk.n_headings = heading_path_titles (&run->path, levels_in_force (run, entered, end), path);
  set_pages_and_kinds (run, &chunk);
  set_content (run, prefix_last (run->prefix), &chunk);
  run->position++;
  run->fresh_char = chunk.end_char;
  return run->func (&chunk, run->user_data, error);
}

/* Past the headings on the way. */
static void
advance (Run *run, guint entered, gsize end, const Cut *cut)
{
  for (guint i = MAX (entered, 1); i < cuts_n_units (run->document); i++) {
    const Block *block = block_of (run, i);
    if (block->start_byte >= end)
      break;
    heading_path_enter (&run->path, run->document, block);
  }
  run->fresh = end;
  run->is_within_word = cut->kind == CUT_GRAPHEME;
  find_unit (run);
}

static gboolean
next_chunk (Run *run, GError **error)
{
  const char *titles[HEADING_LEVELS];
  guint leading = leading_heading (run);
  guint above = leading != 0 ? heading_level (block_of (run, leading)) - 1 : HEADING_LEVELS;
  guint n_titles = heading_path_titles (&run->path, above, titles);
  Cut cut;

  prefix_set_context (run->prefix, titles, n_titles);
  const GString *context = prefix_text (run->prefix, PREFIX_CONTEXT);
  set_start (run, run->measure->count (run->measure->data, context->str, context->len));
  prefix_set_header (run->prefix, run->start_unit, run->start);

  gsize end = choose_end (run, &cut);
  guint entered = enter_leading_headings (run, leading, end);
  if (!emit (run, entered, end, &cut, error))
    return FALSE;
  advance (run, entered, end, &cut);
  return TRUE;
}

static void
run_clear (Run *run)
{
  heading_path_clear (&run->path);
  packer_free (run->packer);
  prefix_free (run->prefix);
  window_free (run->window);
  boundaries_free (run->boundaries);
  g_array_unref (run->overlap.places);
}

static void
run_init (Run *run)
{
  const Document *document = run->document;

  run->measure =
      run->options.unit == CHUNKER_UNIT_CHARACTERS ? &window_characters : run->options.counter;
  run->boundaries = boundaries_new (document->language);
  run->window = window_new (run->measure, document->text->str, document->text->len);
  run->packer = packer_new (document, &run->options, run->boundaries, run->window);
  run->prefix = prefix_new (document, &run->options, run->measure);
  run->overlap = (Overlap){document, run->measure, run->boundaries,
                           g_array_new (FALSE, FALSE, sizeof (CutPlace))};
}

gboolean
chunker_run (const Document *document, const ChunkerOptions *options, ChunkFunc func,
             gpointer user_data, GError **error)
{
  Run run = {.document = document, .func = func, .user_data = user_data};
  gboolean fine = TRUE;

  if (!chunker_options_check (options, error) || !check_document (document, error))
    return FALSE;
  run.options = chunker_options_resolved (options);
  run_init (&run);
  find_unit (&run);
  while (fine && skip_long_blank (&run))
    fine = next_chunk (&run, error);
  run_clear (&run);
  return fine;
}
