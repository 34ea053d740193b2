#include "overlap.h"

#include "cuts.h"

#include <string.h>

/* How far back so much overlap is looked for, in bytes a token or character: real text has fewer.
 */
#define BYTES_EACH 8

static int
compare_ends (gconstpointer a, gconstpointer b)
{
  const CutPlace *x = a, *y = b;

  return (x->end > y->end) - (x->end < y->end);
}

static const CutPlace *
place_at (const Overlap *overlap, guint i)
{
  return &g_array_index (overlap->places, CutPlace, i);
}

static gboolean
fits (const Overlap *overlap, gsize from, gsize end, gsize most)
{
  const TokenCounter *measure = overlap->measure;

  return measure->count (measure->data, overlap->document->text->str + from, end - from) <= most;
}

/* The text at the boundaries begins at `base`. */
static gboolean
holds (const Overlap *overlap, const CutPlace *place, gsize base)
{
  const GString *text = overlap->document->text;

  return boundaries_is_grapheme (overlap->boundaries, place->end - base) &&
         (place->kind != CUT_SENTENCE ||
          boundaries_is_sentence (overlap->boundaries, text->str, text->len, place->end));
}

/* The first of the places, which are in order, from which on the text fits; `end` when there is
 * none. */
static gsize
first_that_fits (const Overlap *overlap, gsize base, gsize end, gsize most)
{
  guint low = 0, high = overlap->places->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (fits (overlap, place_at (overlap, middle)->end, end, most))
      high = middle;
    else
      low = middle + 1;
  }
  for (; low < overlap->places->len; low++) {
    const CutPlace *place = place_at (overlap, low);
    if (holds (overlap, place, base) && fits (overlap, place->end, end, most))
      return place->end;
  }
  return end;
}

/* A token, and a character, is at least a byte. */
static gsize
last_bytes (const Overlap *overlap, gsize start, gsize end, gsize most)
{
  gsize from = end - MIN (end - start, most);

  while (from < end && ((guchar)overlap->document->text->str[from] & 0xC0) == 0x80)
    from++;
  from = start + boundaries_next_grapheme (overlap->boundaries, MAX (from - start, 1) - 1);
  return from > start ? MIN (from, end) : end;
}

static gboolean
is_blank (const char *text, gsize bytes)
{
  const char *end = text + bytes;

  for (; text < end; text = g_utf8_next_char (text))
    if (!g_unichar_isspace (g_utf8_get_char (text)))
      return FALSE;
  return TRUE;
}

gsize
overlap_start (const Overlap *overlap, guint unit, gsize start, gsize end, gsize most)
{
  static const CutKind kinds[] = {CUT_SENTENCE, CUT_CLAUSE, CUT_WORD};
  const GString *text = overlap->document->text;
  gsize back = end - MIN (end - start, most * BYTES_EACH);
  gsize until = end - 1; /* places before the end */
  gsize shown = MIN (text->len, end + 256);
  CutSearch search = {.document = overlap->document,
                      .boundaries = overlap->boundaries,
                      .base = start,
                      .unit = unit,
                      .solid = start,
                      .until = end,
                      .places = overlap->places};

  while (shown < text->len && ((guchar)text->str[shown] & 0xC0) == 0x80)
    shown--;
  while (back > start && ((guchar)text->str[back] & 0xC0) == 0x80)
    back--;
  while (((guchar)text->str[until] & 0xC0) == 0x80)
    until--;
  boundaries_set_text (overlap->boundaries, text->str + start, shown - start);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_array_set_size (overlap->places, 0);
    if (i == 0)
      cuts_of_structure (overlap->document, unit, back, until, overlap->places);
    search.in_lines = i > 0;
    cuts_within (&search, kinds[i], back, until);
    g_array_sort (overlap->places, compare_ends);

    gsize from = first_that_fits (overlap, start, end, most);
    if (from < end && !is_blank (text->str + from, end - from))
      return from;
  }
  return last_bytes (overlap, start, end, most);
}
