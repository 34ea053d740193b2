#include "packer.h"

#include "cohesion.h"
#include "cuts.h"

#include <string.h>

/* What a place costs by its kind. A place of the next kind is not looked for while a better one
 * costs less than that kind does at least. */
static const gint kind_cost[CUT_KINDS] = {
    [CUT_END] = 0,     [CUT_SECTION] = 0,    [CUT_BLOCK] = 300,     [CUT_LINE] = 350,
    [CUT_ROW] = 450,   [CUT_ITEM] = 450,     [CUT_SENTENCE] = 600,  [CUT_CLAUSE] = 2500,
    [CUT_WORD] = 4500, [CUT_HEADING] = 8000, [CUT_GRAPHEME] = 16000};

#define HEADING_LEVEL_COST 60 /* each level of headings */
#define ITEM_LEVEL_COST 25    /* each of lists */
#define SEVER_COST 500        /* an introduction from what it introduces */
#define SPLIT_COST 400        /* a list, table or code that would fit a chunk */
#define OPEN_GAIN 200         /* before what looks like a title */
#define SHORT_COST 1200       /* an empty chunk; less by the square of what it has */
#define LONG_COST 1000        /* a chunk of max; less by the square */
#define RUNT_COST 1500        /* a chunk below min */
#define REST_COST 500         /* as SHORT_COST, of the rest of a section */
#define SAME_COST 2           /* a thousandth of the words that come again behind the place */
#define SAME_COST_MAX 500
#define HASH_COST 80    /* at most, by a hash of the text around: where words tell nothing apart */
#define RECORD_COST 400 /* the same, between rows and items: their words tell nothing */
#define HASH_BYTES 16   /* of the text on each side */
#define TEXT_COST_MAX (SAME_COST_MAX + HASH_COST) /* the most of all these */
#define STRIKES_UNSORTED 8                        /* places tried before they are sorted */
#define FIRST_WEIGHED 3 /* places of the lowest cost, one after the other */

/* White space of so many bytes is long. */
#define LONG_BLANK 64

struct Packer {
  const Document *document;
  const ChunkerOptions *options;
  Boundaries *boundaries;
  Window *window;
  Cohesion *cohesion;
  const PackerChunk *chunk;
  gsize solid;        /* first of the new text that is no white space */
  gsize until;        /* no place that fits lies beyond */
  gsize section_end;  /* of the section at hand, if it is near enough to matter; else 0 */
  gsize section_size; /* up to there */
  gsize whole_start;  /* what splits_small was asked of last, and what it said */
  gsize whole_end;
  gboolean is_small;
  GArray *places; /* (element-type CutPlace) */
  gboolean has_structure;
};

Packer *
packer_new (const Document *document, const ChunkerOptions *options, Boundaries *boundaries,
            Window *window)
{
  Packer *packer = g_new0 (Packer, 1);

  packer->document = document;
  packer->options = options;
  packer->boundaries = boundaries;
  packer->window = window;
  packer->cohesion = cohesion_new (document->text->str, document->text->len);
  packer->places = g_array_new (FALSE, FALSE, sizeof (CutPlace));
  return packer;
}

void
packer_free (Packer *packer)
{
  if (packer == NULL)
    return;
  cohesion_free (packer->cohesion);
  g_array_unref (packer->places);
  g_free (packer);
}

/* --- what a place costs ------------------------------------------------------------------------
 */

static guint64
mix (guint64 hash, const char *bytes)
{
  guint64 word;

  memcpy (&word, bytes, sizeof word);
  hash = (hash ^ word) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return hash ^ hash >> 32;
}

/* By the HASH_BYTES on both sides, white space aside. */
static gint
hash_cost (const Packer *packer, gsize end, gint most)
{
  const GString *text = packer->document->text;
  char around[2 * HASH_BYTES] = {0};
  gsize before = end, behind = MIN (HASH_BYTES, text->len - end);
  guint64 hash = 0;

  while (before > 0 && g_ascii_isspace (text->str[before - 1]))
    before--;
  gsize shown = MIN (before, HASH_BYTES);
  memcpy (around, text->str + before - shown, shown);
  memcpy (around + HASH_BYTES, text->str + end, behind);
  for (gsize i = 0; i < sizeof around; i += sizeof (guint64))
    hash = mix (hash, around + i);
  return (gint)((hash >> 32) * (guint64)most >> 32);
}

static gboolean
has_words (const CutPlace *place)
{
  return place->kind != CUT_ROW && place->kind != CUT_ITEM;
}

/* What is not below `limit` may be the most of all. */
static gint
text_cost (const Packer *packer, const CutPlace *place, gint limit)
{
  if (!has_words (place))
    return hash_cost (packer, place->end, RECORD_COST);

  gint hash = hash_cost (packer, place->end, HASH_COST);
  gint same_limit = MAX (limit - hash, 0);
  guint share =
      cohesion_at (packer->cohesion, place->end,
                   same_limit > SAME_COST_MAX ? G_MAXUINT : (guint)same_limit / SAME_COST + 1);
  gint same = MIN ((gint)share * SAME_COST, SAME_COST_MAX);
  return same >= same_limit ? TEXT_COST_MAX : same + hash;
}

/* whole * (1 - size / target) squared, for a size of at most the target. */
static gint
short_cost (gint whole, gsize size, gsize target)
{
  gint64 missing = (gint64)(target - MIN (size, target));

  return (gint)(whole * missing * missing / ((gint64)target * (gint64)target));
}

static gint
size_cost (const Packer *packer, gsize size)
{
  const ChunkerOptions *options = packer->options;

  if (size <= options->target)
    return short_cost (SHORT_COST, size, options->target) + (size < options->min ? RUNT_COST : 0);

  gint64 over = (gint64)(size - options->target);
  gint64 range = MAX ((gint64)options->max - options->target, 1);
  return (gint)MIN (LONG_COST * over * over / (range * range), 4 * LONG_COST);
}

/* What is left up to the section's end will be a chunk, or the last of several. */
static gint
rest_cost (const Packer *packer, gsize end, gsize size)
{
  if (packer->section_end <= end)
    return 0;

  gsize rest = packer->section_size - MIN (size, packer->section_size);
  if (rest >= packer->options->target)
    return 0;
  return short_cost (REST_COST, rest, packer->options->target) +
         (rest < packer->options->min ? RUNT_COST / 2 : 0);
}

/* Whether a table, code, or list that would fit a chunk as a whole is split. */
static gboolean
splits_small (Packer *packer, const CutPlace *place)
{
  gsize start = packer->chunk->start;

  if (place->whole_end == 0 || place->whole_start < start)
    return FALSE;
  /* one row after the other asks the same */
  if (place->whole_start != packer->whole_start || place->whole_end != packer->whole_end) {
    packer->whole_start = place->whole_start;
    packer->whole_end = place->whole_end;
    packer->is_small = window_guess (packer->window, place->whole_end - start) -
                           window_guess (packer->window, place->whole_start - start) <=
                       packer->options->max;
  }
  return packer->is_small;
}

static gint
kind_cost_of (Packer *packer, const CutPlace *place)
{
  gint level = place->kind == CUT_ITEM ? ITEM_LEVEL_COST : HEADING_LEVEL_COST;

  return kind_cost[place->kind] + level * MAX (place->level - 1, 0) +
         (place->severs ? SEVER_COST : 0) - (place->opens ? OPEN_GAIN : 0) +
         (splits_small (packer, place) ? SPLIT_COST : 0);
}

static void
weigh (Packer *packer, CutPlace *place)
{
  gsize size = window_guess (packer->window, place->end - packer->chunk->start);

  place->cost = kind_cost_of (packer, place) + size_cost (packer, size) +
                rest_cost (packer, place->end, size);
}

/* Where the next heading stands, or the text ends, if that is so near that what a cut leaves could
 * be too small. */
static gsize
find_section_end (const Packer *packer)
{
  const Document *document = packer->document;
  gsize limit = window_limit (packer->window);
  gsize near = packer->until + limit; /* twice as far as the chunk can reach */

  for (guint i = packer->chunk->unit; i < cuts_n_units (document); i++) {
    Unit unit = cuts_unit (document, i);
    if (unit.start > near)
      return 0;
    if (unit.start > packer->until && unit.kind == BLOCK_HEADING)
      return unit.start;
  }
  return document->text->len <= near ? document->text->len : 0;
}

/* --- choosing ----------------------------------------------------------------------------------
 */

/* Reads the words around the places that cost less than `limit`. */
static void
cover (Packer *packer, guint first, gint limit)
{
  gsize from = 0, to = 0;

  for (guint i = first; i < packer->places->len; i++) {
    const CutPlace *place = &g_array_index (packer->places, CutPlace, i);
    if (place->cost >= limit || !has_words (place))
      continue;
    from = to == 0 ? place->end : from;
    to = place->end;
  }
  if (to > 0)
    cohesion_cover (packer->cohesion, from, to);
}

/* Adds what the text says to the cost, if it can still be the lowest, else the most. */
static void
add_text_cost (const Packer *packer, CutPlace *place, gint *lowest)
{
  place->text_cost =
      place->cost < *lowest ? text_cost (packer, place, *lowest - place->cost) : TEXT_COST_MAX;
  place->cost += place->text_cost;
  *lowest = MIN (*lowest, place->cost);
}

/* Adds what the text says to the costs, to the lowest ones first: then most cannot become the
 * lowest. They are `places` from the first one on; `cheapest` is the lowest of them. */
static void
weigh_text (Packer *packer, guint first, CutPlace *cheapest)
{
  CutPlace *places = (CutPlace *)(gpointer)packer->places->data;
  gint lowest = G_MAXINT;

  cover (packer, first, cheapest->cost + TEXT_COST_MAX);
  for (guint n = 0;
       n < FIRST_WEIGHED && cheapest != NULL && has_words (cheapest) && cheapest->cost < lowest;
       n++) {
    add_text_cost (packer, cheapest, &lowest);
    cheapest = NULL;
    for (guint i = first; i < packer->places->len; i++)
      if (places[i].text_cost < 0 && (cheapest == NULL || places[i].cost < cheapest->cost))
        cheapest = &places[i];
  }
  for (guint i = first; i < packer->places->len; i++)
    if (places[i].text_cost < 0)
      add_text_cost (packer, &places[i], &lowest);
}

/* Weighs the places that came to the list, which are in order, and counts them. */
static void
weigh_new (Packer *packer, guint first, Cut *cut)
{
  CutPlace *places = (CutPlace *)(gpointer)packer->places->data;
  guint cheapest = first;

  for (guint i = first; i < packer->places->len; i++) {
    weigh (packer, &places[i]);
    places[i].text_cost = -1; /* not known */
    cut->rivals[places[i].kind]++;
    if (places[i].cost < places[cheapest].cost)
      cheapest = i;
  }
  if (first < packer->places->len)
    weigh_text (packer, first, &places[cheapest]);
}

static CutPlace *
find_cheapest (const Packer *packer)
{
  CutPlace *best = NULL;

  for (guint i = 0; i < packer->places->len; i++) {
    CutPlace *place = &g_array_index (packer->places, CutPlace, i);
    if (place->cost != G_MAXINT && (best == NULL || place->cost < best->cost))
      best = place;
  }
  return best;
}

/* What was only guessed so far. */
static gboolean
holds (Packer *packer, const CutPlace *place, Cut *cut)
{
  const GString *text = packer->document->text;
  gsize own = place->end - packer->chunk->start;

  if (!boundaries_is_grapheme (packer->boundaries, own) ||
      (place->kind == CUT_SENTENCE &&
       !boundaries_is_sentence (packer->boundaries, text->str, text->len, place->end)))
    return FALSE;
  cut->size = (guint)window_size (packer->window, own);
  return cut->size <= packer->options->max;
}

static int
compare_costs (gconstpointer a, gconstpointer b)
{
  const CutPlace *x = a, *y = b;

  return x->cost != y->cost ? (x->cost < y->cost ? -1 : 1) : (x->end > y->end) - (x->end < y->end);
}

static gsize
take (Packer *packer, const CutPlace *place, Cut *cut)
{
  gsize size = window_guess (packer->window, place->end - packer->chunk->start);

  cut->kind = (CutKind)place->kind;
  cut->level = place->level;
  cut->cost = place->cost;
  cut->text_cost = place->text_cost;
  cut->rest_cost = rest_cost (packer, place->end, size);
  cut->size_cost = size_cost (packer, size);
  return place->end;
}

/* The best place, if it costs less than `limit`; 0: none. Places that do not hold are struck out;
 * where many do not, they are sorted first. */
static gsize
take_cheapest (Packer *packer, gint limit, Cut *cut)
{
  CutPlace *best;

  for (guint strikes = 0;
       (best = find_cheapest (packer)) != NULL && best->cost < limit && strikes < STRIKES_UNSORTED;
       strikes++) {
    if (holds (packer, best, cut))
      return take (packer, best, cut);
    cut->rivals[best->kind]--;
    best->cost = G_MAXINT;
  }
  if (best == NULL || best->cost >= limit)
    return 0;

  g_array_sort (packer->places, compare_costs);
  for (guint i = 0; i < packer->places->len; i++) {
    CutPlace *place = &g_array_index (packer->places, CutPlace, i);
    if (place->cost >= limit)
      return 0;
    if (holds (packer, place, cut))
      return take (packer, place, cut);
    cut->rivals[place->kind]--;
    place->cost = G_MAXINT;
  }
  return 0;
}

/* The places of one kind: those that make a chunk of some size, or all if there are none. */
static void
find_within (Packer *packer, CutKind kind, Cut *cut)
{
  const PackerChunk *chunk = packer->chunk;
  CutSearch search = {.document = packer->document,
                      .boundaries = packer->boundaries,
                      .base = chunk->start,
                      .unit = chunk->unit,
                      .solid = packer->solid,
                      .until = packer->until,
                      .in_lines = !packer->has_structure,
                      .places = packer->places};
  guint first = packer->places->len;
  gsize size = MAX (packer->options->min, packer->options->target / 2);
  gsize from = chunk->start + window_place_of (packer->window, size);

  from = MAX (from, packer->solid);
  cuts_within (&search, kind, from, packer->until);
  if (packer->places->len == first && from > packer->solid)
    cuts_within (&search, kind, packer->solid, from);
  weigh_new (packer, first, cut);
}

static void
find_headings (Packer *packer, Cut *cut)
{
  guint first = packer->places->len;

  cuts_of_headings (packer->document, packer->chunk->unit, packer->solid, packer->until,
                    packer->places);
  weigh_new (packer, first, cut);
}

static gsize
end_within_word (Packer *packer, Cut *cut)
{
  gsize start = packer->chunk->start, max = packer->options->max;
  gsize least = packer->solid - start;
  gsize at = window_reach (packer->window, max);

  if (at < window_limit (packer->window) || at == 0)
    at = boundaries_grapheme (packer->boundaries, least, at);
  while (at > least && (cut->size = (guint)window_size (packer->window, at)) > max)
    at = boundaries_grapheme (packer->boundaries, least, at - 1);
  cut->kind = CUT_GRAPHEME;
  cut->cost = kind_cost[CUT_GRAPHEME];
  return at > least ? start + at : 0;
}

/* TRUE when the text ends within the chunk. */
static gboolean
ends_here (Packer *packer, Cut *cut)
{
  gsize limit = window_limit (packer->window);

  if (packer->until < packer->document->text->len)
    return FALSE;
  cut->size = (guint)window_size (packer->window, limit);
  return cut->size <= packer->options->max;
}

static gsize
skip_blank (const GString *text, gsize at)
{
  while (at < text->len && g_unichar_isspace (g_utf8_get_char (text->str + at)))
    at += (gsize)(g_utf8_next_char (text->str + at) - (text->str + at));
  return at;
}

/* Places the window for the chunk. The text is looked at a little beyond what fits: a grapheme
 * cluster is seen whole there. */
static void
begin (Packer *packer, const PackerChunk *chunk)
{
  const GString *text = packer->document->text;

  packer->chunk = chunk;
  window_place (packer->window, chunk->prefix, chunk->start, packer->options->max,
                CHUNKER_CONTENT_MAX);
  packer->until = chunk->start + window_limit (packer->window);
  packer->solid = MIN (skip_blank (text, chunk->fresh), packer->until);
  packer->whole_end = 0;
  g_array_set_size (packer->places, 0);

  gsize shown = MIN (text->len, packer->until + 256);
  while (shown < text->len && ((guchar)text->str[shown] & 0xC0) == 0x80)
    shown--;
  boundaries_set_text (packer->boundaries, text->str + chunk->start, shown - chunk->start);
}

/* White space that has no room, and is long, is left to the next chunk. */
static void
add_before_blank (Packer *packer)
{
  const char *text = packer->document->text->str;
  gsize end = packer->until;

  while (end > packer->solid) {
    gsize before = (gsize)(g_utf8_prev_char (text + end) - text);
    if (!g_unichar_isspace (g_utf8_get_char (text + before)))
      break;
    end = before;
  }
  if (end > packer->solid && packer->until - end >= LONG_BLANK) {
    CutPlace place = {.end = end, .kind = CUT_BLOCK};
    g_array_append_val (packer->places, place);
  }
}

gsize
packer_end (Packer *packer, const PackerChunk *chunk, PackerFlags flags, Cut *cut)
{
  static const CutKind within[] = {CUT_SENTENCE, CUT_CLAUSE, CUT_WORD};
  gsize end = 0;

  *cut = (Cut){0};
  begin (packer, chunk);
  if (ends_here (packer, cut))
    return packer->until;

  packer->section_end = find_section_end (packer);
  if (packer->section_end > chunk->start)
    packer->section_size = window_guess (packer->window, packer->section_end - chunk->start);
  cuts_of_structure (packer->document, chunk->unit, packer->solid, packer->until, packer->places);
  add_before_blank (packer);
  weigh_new (packer, 0, cut);
  end = take_cheapest (packer, kind_cost[CUT_SENTENCE], cut);
  packer->has_structure = find_cheapest (packer) != NULL;
  if (end != 0 || ((flags & PACKER_STRUCTURE_OR_NOT) && !packer->has_structure))
    return end;

  for (gsize i = 0; i < G_N_ELEMENTS (within) && end == 0; i++) {
    find_within (packer, within[i], cut);
    end = take_cheapest (packer,
                         i + 1 < G_N_ELEMENTS (within) ? kind_cost[within[i + 1]] : G_MAXINT, cut);
  }
  if (end == 0) {
    find_headings (packer, cut);
    end = take_cheapest (packer, G_MAXINT, cut);
  }
  return end == 0 && (flags & PACKER_WITHIN_WORDS) ? end_within_word (packer, cut) : end;
}

gsize
packer_end_of_cluster (Packer *packer, const PackerChunk *chunk, Cut *cut)
{
  const GString *text = packer->document->text;
  gsize bytes = MIN (text->len - chunk->start, CHUNKER_CONTENT_MAX);

  while (chunk->start + bytes < text->len &&
         ((guchar)text->str[chunk->start + bytes] & 0xC0) == 0x80)
    bytes--;
  boundaries_set_text (packer->boundaries, text->str + chunk->start, bytes);
  bytes = boundaries_next_grapheme (packer->boundaries, 0);
  window_place (packer->window, chunk->prefix, chunk->start, G_MAXUINT, bytes);
  *cut = (Cut){.kind = CUT_GRAPHEME,
               .cost = kind_cost[CUT_GRAPHEME],
               .size = (guint)window_size (packer->window, bytes)};
  return chunk->start + bytes;
}
