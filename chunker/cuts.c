#include "cuts.h"

#include <string.h>

/* Nobody wraps lines so wide: such a line is a paragraph of its own. */
#define LONG_LINE 160
/* And no title is longer. */
#define TITLE_LINE 100

guint
cuts_n_units (const Document *document)
{
  return document->blocks->len + 1;
}

Unit
cuts_unit (const Document *document, guint i)
{
  const GArray *blocks = document->blocks;
  const Block *block = i > 0 ? &g_array_index (blocks, Block, i - 1) : NULL;
  gsize end = i < blocks->len ? g_array_index (blocks, Block, i).start_byte : document->text->len;

  if (block == NULL)
    return (Unit){0, end, end, BLOCK_PARAGRAPH, 0};
  return (Unit){block->start_byte, block->end_byte, end, block->kind, block->level};
}

static CutPlace *
add (GArray *places, gsize end, CutKind kind, guint level)
{
  CutPlace place = {.end = end, .kind = (guint8)kind, .level = (guint8)level};

  g_array_append_val (places, place);
  return &g_array_index (places, CutPlace, places->len - 1);
}

static void
splits (CutPlace *place, gsize start, gsize end)
{
  place->whole_start = start;
  place->whole_end = end;
}

/* --- between units -----------------------------------------------------------------------------
 */

/* Text without the white space and marks at its end. */
static gsize
trimmed (const char *text, gsize start, gsize end)
{
  while (end > start && (g_ascii_isspace (text[end - 1]) || text[end - 1] == '*'))
    end--;
  return end;
}

static gboolean
ends_with (const char *text, gsize start, gsize end, const char *last)
{
  gsize bytes = strlen (last);

  return end - start >= bytes && memcmp (text + end - bytes, last, bytes) == 0;
}

/* A short line that is no sentence, though its text has no mark of a heading. */
static gboolean
is_title (const char *text, gsize start, gsize end)
{
  end = trimmed (text, start, end);
  return end > start && end - start <= TITLE_LINE && strchr (".!?:;,|", text[end - 1]) == NULL &&
         !ends_with (text, start, end, "\xE3\x80\x82") && /* 。 */
         memchr (text + start, '\n', end - start) == NULL;
}

/* "as follows:", before a list, a table or code. */
static gboolean
introduces (const Document *document, const Unit *unit, const Unit *next)
{
  const char *text = document->text->str;
  gsize end = trimmed (text, unit->start, unit->content_end);

  return unit->kind == BLOCK_PARAGRAPH &&
         (next->kind == BLOCK_LIST_ITEM || next->kind == BLOCK_TABLE || next->kind == BLOCK_CODE) &&
         (ends_with (text, unit->start, end, ":") ||
          ends_with (text, unit->start, end, "\xEF\xBC\x9A")); /* ： */
}

/* Whether a paragraph looks like a title of what follows, which is longer. */
static gboolean
is_title_unit (const Document *document, const Unit *unit, const Unit *next)
{
  return unit->kind == BLOCK_PARAGRAPH && next->kind != BLOCK_HEADING &&
         next->content_end - next->start > 2 * (unit->content_end - unit->start) &&
         is_title (document->text->str, unit->start, unit->content_end);
}

/* The list at hand. */
typedef struct {
  gsize start; /* of its introduction, or first item */
  gsize end;   /* 0: none, or it began before what is looked at */
} List;

/* No list that fits a chunk is longer. */
static gsize
list_end (const Document *document, guint first)
{
  Unit begin = cuts_unit (document, first), unit = begin;

  for (guint i = first; i < cuts_n_units (document); i++) {
    Unit next = cuts_unit (document, i);
    if (next.kind != BLOCK_LIST_ITEM || next.start - begin.start > CHUNKER_CONTENT_MAX)
      break;
    unit = next;
  }
  return unit.end;
}

/* Between units i and i + 1. */
static void
add_between (const Document *document, guint i, List *list, GArray *places)
{
  Unit unit = cuts_unit (document, i), next = cuts_unit (document, i + 1);
  gboolean severs = introduces (document, &unit, &next) || is_title_unit (document, &unit, &next);

  if (next.kind != BLOCK_LIST_ITEM)
    *list = (List){0};
  else if (unit.kind != BLOCK_LIST_ITEM)
    *list = (List){severs ? unit.start : next.start, list_end (document, i + 1)};
  if (unit.kind == BLOCK_HEADING)
    return;
  if (next.kind == BLOCK_HEADING)
    add (places, unit.end, CUT_SECTION, next.level);
  else if (unit.kind == BLOCK_LIST_ITEM && next.kind == BLOCK_LIST_ITEM)
    splits (add (places, unit.end, CUT_ITEM, next.level), list->start, list->end);
  else {
    CutPlace *place = add (places, unit.end, CUT_BLOCK, 0);
    place->severs = severs;
    if (!severs && i + 2 < cuts_n_units (document)) {
      Unit behind = cuts_unit (document, i + 2);
      place->opens = is_title_unit (document, &next, &behind);
    }
  }
}

/* --- lines -------------------------------------------------------------------------------------
 */

static gsize
line_length (const char *text, gsize bytes)
{
  const char *newline = memchr (text, '\n', bytes);

  return newline != NULL ? (gsize)(newline - text) + 1 : bytes;
}

gsize
cuts_table_header (const char *table, gsize bytes)
{
  gsize row = line_length (table, bytes);
  gsize rule = line_length (table + row, bytes - row);

  if (rule < 4 || table[row + rule - 1] != '\n')
    return 0;
  for (gsize i = row; i + 1 < row + rule; i++)
    if (strchr ("|-: \t\r", table[i]) == NULL)
      return 0;
  return memchr (table + row, '-', rule) != NULL ? row + rule : 0;
}

static gboolean
is_blank_line (const char *text, gsize start, gsize end)
{
  while (start < end && g_ascii_isspace (text[start]))
    start++;
  return start == end;
}

/* Behind each line of a table or code; behind a table's header only where nothing else will do. A
 * header that is longer than a chunk is none. */
static void
add_lines (const Document *document, const Unit *unit, gsize after, gsize until, GArray *places)
{
  const char *text = document->text->str;
  gsize last = MIN (until, unit->content_end);
  gsize at = MAX (unit->start, after), header_end = 0;

  if (unit->kind == BLOCK_TABLE && after < unit->start + CHUNKER_CONTENT_MAX)
    header_end = unit->start +
                 cuts_table_header (text + unit->start,
                                    MIN (unit->content_end - unit->start, CHUNKER_CONTENT_MAX));
  if (header_end > after && header_end > unit->start && header_end < last)
    add (places, header_end, CUT_ROW, 0)->severs = TRUE;
  for (at = MAX (at, header_end); at < last;) {
    const char *newline = memchr (text + at, '\n', last - at);
    if (newline == NULL)
      return;

    gsize end = (gsize)(newline - text) + 1;
    gboolean blank = unit->kind == BLOCK_CODE && is_blank_line (text, at, end);
    if (end > after && end < unit->content_end)
      splits (add (places, end, blank ? CUT_LINE : CUT_ROW, 0), unit->start, unit->end);
    at = end;
  }
}

/* Whether the line that begins at `start` looks like the title of a long one. */
static gboolean
is_title_line (const char *text, gsize start, gsize end)
{
  gsize line = line_length (text + start, MIN (end - start, TITLE_LINE + 8));
  gsize next = start + line;

  while (next < end && g_ascii_isspace (text[next]))
    next++;
  return is_title (text, start, start + line) && end - next > LONG_LINE &&
         memchr (text + next, '\n', LONG_LINE) == NULL;
}

/* A line that ends in a letter, digit or comma goes on in the next. */
static gboolean
goes_on (const char *text, gsize start, gsize end)
{
  gunichar last;

  end = trimmed (text, start, end);
  if (end == start)
    return TRUE;
  last = g_utf8_get_char (g_utf8_prev_char (text + end));
  return g_unichar_isalnum (last) || last == ',' || last == '-';
}

/* Behind each long line of prose, with the white space that follows. */
static void
add_long_lines (const Document *document, const Unit *unit, gsize after, gsize until,
                GArray *places)
{
  const char *text = document->text->str;
  gsize last = MIN (until, unit->content_end);
  gsize at = MAX (unit->start, after);

  while (at < last) {
    const char *newline = memchr (text + at, '\n', last - at);
    if (newline == NULL)
      return;

    gsize end = (gsize)(newline - text) + 1;
    gsize line = end - MIN (LONG_LINE, end - unit->start);
    gboolean is_long =
        end - unit->start > LONG_LINE && memchr (text + line, '\n', end - 1 - line) == NULL;
    while (end < last && g_ascii_isspace (text[end]))
      end++;
    if (is_long && end > after && end < unit->content_end && end <= until &&
        !goes_on (text, line, end))
      add (places, end, CUT_LINE, 0)->opens = is_title_line (text, end, unit->content_end);
    at = end;
  }
}

static gboolean
has_lines (const Unit *unit)
{
  return unit->kind == BLOCK_TABLE || unit->kind == BLOCK_CODE;
}

void
cuts_of_structure (const Document *document, guint first, gsize after, gsize until, GArray *places)
{
  guint n = cuts_n_units (document);
  List list = {0};

  for (guint i = first; i < n; i++) {
    Unit unit = cuts_unit (document, i);
    if (unit.start >= until)
      break;
    if (has_lines (&unit))
      add_lines (document, &unit, after, until, places);
    else if (unit.kind != BLOCK_HEADING)
      add_long_lines (document, &unit, after, until, places);
    if (i + 1 < n && unit.end > after && unit.end <= until)
      add_between (document, i, &list, places);
  }
}

void
cuts_of_headings (const Document *document, guint first, gsize after, gsize until, GArray *places)
{
  for (guint i = first; i + 1 < cuts_n_units (document); i++) {
    Unit unit = cuts_unit (document, i);
    if (unit.end > until)
      break;
    if (unit.kind == BLOCK_HEADING && unit.end > after)
      add (places, unit.end, CUT_HEADING, unit.level);
  }
}

/* --- within units ------------------------------------------------------------------------------
 */

typedef gsize (*NextFunc) (const char *text, gsize after, gsize until);

static void
add_each (const char *text, NextFunc next, CutKind kind, gsize after, gsize until, gsize end,
          GArray *places)
{
  while ((after = next (text, after, until)) != 0 && after < end)
    add (places, after, kind, 0);
}

/* Where words are written without spaces: ICU's, between them. */
static void
add_words (const CutSearch *search, gsize after, gsize until, gsize end)
{
  gsize at = after - search->base, last = until - search->base;

  while ((at = boundaries_next_word (search->boundaries, at, last)) != 0 && search->base + at < end)
    add (search->places, search->base + at, CUT_WORD, 0);
}

static gboolean
is_whole (const CutSearch *search, const Unit *unit)
{
  if (unit->kind == BLOCK_HEADING)
    return unit->start > search->solid || unit->end <= search->until;
  return has_lines (unit) && !search->in_lines;
}

void
cuts_within (const CutSearch *search, CutKind kind, gsize after, gsize until)
{
  static const NextFunc nexts[CUT_KINDS] = {[CUT_SENTENCE] = boundaries_next_stop,
                                            [CUT_CLAUSE] = boundaries_next_clause,
                                            [CUT_WORD] = boundaries_next_space};
  const char *text = search->document->text->str;

  for (guint i = search->unit; i < cuts_n_units (search->document); i++) {
    Unit unit = cuts_unit (search->document, i);
    gsize from = MAX (unit.start, after), to = MIN (until, unit.content_end);

    if (unit.start >= until)
      break;
    if (from >= to || is_whole (search, &unit))
      continue;

    guint before = search->places->len;
    add_each (text, nexts[kind], kind, from, to, unit.content_end, search->places);
    if (kind == CUT_WORD && search->places->len == before)
      add_words (search, from, to, unit.content_end);
  }
}
