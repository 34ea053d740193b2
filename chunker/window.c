#include "window.h"

#include "document.h"

#include <string.h>

/* The text is looked at in steps of so many bytes, or a share of what there is: one word without
 * end, which each step counts anew, costs little then. */
#define STEP 2048
#define STEP_SHARE 6
/* The first steps are short: the pieces are soon those of the place before. */
#define STEP_FIRST 32
/* A word longer than this may be all that is left of the chunk. */
#define LONG_PIECE 512

struct Window {
  const TokenCounter *measure;
  const char *text;
  gsize bytes;
  gsize start;
  gsize prefix;     /* bytes */
  GString *content; /* when there is a prefix */
  GArray *pieces;   /* (element-type TokenPiece) of the content; the first is {0} */
  GArray *old;      /* of the place before */
  gssize shift;     /* so much further on in its content the same text stands */
  gsize old_prefix;
  gboolean is_same; /* the pieces are those of the place before, as far as they go */
  guint n_pieces;   /* up to the limit */
  TokenPiece seen;  /* as far as it was looked at; not for good */
  gsize limit;      /* in the content */
};

/* --- characters --------------------------------------------------------------------------------
 */

static gsize
characters_count (gpointer data, const char *text, gsize bytes)
{
  return text_count_chars (text, bytes);
}

static gsize
characters_prefix (gpointer data, const char *text, gsize bytes, gsize max)
{
  gsize at = 0;

  /* so many characters are at least as many bytes */
  while (max > 0 && bytes - at > max) {
    gsize step = max;
    max -= text_count_chars (text + at, step);
    at += step;
  }
  if (max > 0)
    return bytes;
  while (at < bytes && ((guchar)text[at] & 0xC0) == 0x80)
    at++;
  return at;
}

static gsize
characters_count_grown (gpointer data, TokenGrowth *growth, const char *text, gsize bytes)
{
  growth->tokens += text_count_chars (text + growth->bytes, bytes - growth->bytes);
  growth->bytes = bytes;
  return growth->tokens;
}

const TokenCounter window_characters = {.name = "characters",
                                        .count = characters_count,
                                        .prefix = characters_prefix,
                                        .count_grown = characters_count_grown,
                                        .pieces = token_counter_blocks,
                                        .units = 1,
                                        .adds_up = TRUE};

/* --- pieces --------------------------------------------------------------------------------------
 */

Window *
window_new (const TokenCounter *measure, const char *text, gsize bytes)
{
  Window *window = g_new0 (Window, 1);

  window->measure = measure;
  window->text = text;
  window->bytes = bytes;
  window->content = g_string_new (NULL);
  window->pieces = g_array_new (FALSE, FALSE, sizeof (TokenPiece));
  window->old = g_array_new (FALSE, FALSE, sizeof (TokenPiece));
  return window;
}

void
window_free (Window *window)
{
  if (window == NULL)
    return;
  g_string_free (window->content, TRUE);
  g_array_unref (window->pieces);
  g_array_unref (window->old);
  g_free (window);
}

static const TokenPiece *
piece_at (const Window *window, guint i)
{
  return &g_array_index (window->pieces, TokenPiece, i);
}

static TokenPiece
last_piece (const Window *window)
{
  return *piece_at (window, window->pieces->len - 1);
}

/* The content, as far as it was filled. */
static const char *
content (const Window *window)
{
  return window->prefix > 0 ? window->content->str : window->text + window->start;
}

/* Back to a character's beginning. */
static gsize
at_character (const Window *window, gsize end)
{
  gsize at = window->start + end - window->prefix;

  if (end < window->prefix)
    return window->prefix;
  while (at < window->bytes && ((guchar)window->text[at] & 0xC0) == 0x80)
    at--;
  return at - window->start + window->prefix;
}

/* Makes the content readable up to `end`. */
static void
fill (Window *window, gsize end)
{
  if (window->prefix > 0 && end > window->content->len)
    g_string_append_len (window->content,
                         window->text + window->start + window->content->len - window->prefix,
                         (gssize)(end - window->content->len));
}

/* Looks on to `end`; keeps the pieces that are for good. */
static void
look (Window *window, gsize end)
{
  guint n = window->pieces->len;
  TokenPiece last = last_piece (window);

  fill (window, end);
  g_array_set_size (window->pieces, n + (guint)(end - last.end));
  gsize more = window->measure->pieces (window->measure->data, last, content (window), end,
                                        &g_array_index (window->pieces, TokenPiece, n));
  window->seen = more > 0 ? *piece_at (window, n + (guint)more - 1) : last;
  if (!window->measure->adds_up && window->start + end - window->prefix < window->bytes)
    more -= MIN (more, TOKEN_PIECES_OPEN);
  g_array_set_size (window->pieces, n + (guint)more);
}

/* The last piece, of the first n, that ends at `end` or before. */
static guint
piece_of_place (const GArray *all, guint n, gsize end)
{
  const TokenPiece *pieces = (const TokenPiece *)(gpointer)all->data;
  guint low = 0;

  while (n > 1) {
    guint half = n / 2;
    low += pieces[low + half].end <= end ? half : 0;
    n -= half;
  }
  return low;
}

/* The last one of at most so much. */
static guint
piece_of_size (const GArray *all, guint n, gsize tokens)
{
  const TokenPiece *pieces = (const TokenPiece *)(gpointer)all->data;
  guint low = 0;

  while (n > 1) {
    guint half = n / 2;
    low += pieces[low + half].tokens <= tokens ? half : 0;
    n -= half;
  }
  return low;
}

/* Once a piece ends where one of the place before does, takes over those behind it. `first`: of the
 * pieces that are new. */
static void
take_old_pieces (Window *window, guint first)
{
  const TokenPiece *old = (const TokenPiece *)(gpointer)window->old->data;
  gssize own = MAX ((gssize)window->prefix + window->shift, (gssize)window->old_prefix);
  guint i = first, j = own > 0 ? piece_of_place (window->old, window->old->len, (gsize)own) : 0;

  while (i < window->pieces->len && j < window->old->len) {
    gssize end = (gssize)piece_at (window, i)->end + window->shift;

    if (end == old[j].end && end >= own)
      break;
    if (end < old[j].end)
      i++;
    else
      j++;
  }
  if (i == window->pieces->len || j == window->old->len)
    return;

  TokenPiece same = *piece_at (window, i), same_old = old[j];
  guint n = i + 1, end = window->old->len;
  window->is_same = TRUE;
  g_array_set_size (window->pieces, n + end - j);
  TokenPiece *pieces = (TokenPiece *)(gpointer)window->pieces->data;
  while (++j < end && (gssize)old[j].end - window->shift <= (gssize)window->limit)
    pieces[n++] = (TokenPiece){(guint32)((gssize)old[j].end - window->shift),
                               old[j].tokens - same_old.tokens + same.tokens};
  g_array_set_size (window->pieces, n);
  if (pieces[n - 1].end > window->seen.end)
    window->seen = pieces[n - 1];
}

/* Looks on until there is more than `most`. */
static void
look_for (Window *window, gsize most)
{
  while (last_piece (window).tokens <= most && window->seen.end < window->limit) {
    guint n = window->pieces->len;
    gboolean may_be_same = !window->is_same && window->old->len > 1;
    gsize step = may_be_same ? MAX (STEP_FIRST, window->seen.end) : STEP;
    gsize end = window->seen.end + MAX (step, window->seen.end / STEP_SHARE);

    look (window, end < window->limit ? at_character (window, end) : window->limit);
    if (may_be_same)
      take_old_pieces (window, n);
    if (window->seen.tokens > most && window->seen.end - last_piece (window).end > LONG_PIECE)
      break;
  }
  if (last_piece (window).tokens > most) {
    window->n_pieces = piece_of_size (window->pieces, window->pieces->len, most) + 2;
    window->limit = piece_at (window, window->n_pieces - 1)->end;
  } else {
    window->n_pieces = window->pieces->len;
    window->limit = window->seen.end;
  }
}

void
window_place (Window *window, const GString *prefix, gsize start, gsize max, gsize max_bytes)
{
  GArray *pieces = window->old;
  TokenPiece none = {0};
  gsize room = MIN (window->bytes - start, max_bytes - MIN (prefix->len, max_bytes));

  window->shift = (gssize)(start - prefix->len) - (gssize)(window->start - window->prefix);
  window->old_prefix = window->prefix;
  window->old = window->pieces;
  window->pieces = pieces;
  g_array_set_size (pieces, 0);
  g_array_append_val (pieces, none);
  window->start = start;
  window->prefix = prefix->len;
  g_string_truncate (window->content, 0);
  g_string_append_len (window->content, prefix->str, (gssize)prefix->len);
  window->seen = none;
  window->is_same = FALSE;
  window->limit = at_character (window, prefix->len + room);
  look_for (window, max * window->measure->units);
  fill (window, window->limit);
}

/* --- sizes --------------------------------------------------------------------------------------
 */

gsize
window_limit (const Window *window)
{
  return window->limit - MIN (window->limit, window->prefix);
}

gsize
window_place_of (const Window *window, gsize size)
{
  guint i = piece_of_size (window->pieces, window->n_pieces, size * window->measure->units);
  gsize end = piece_at (window, i)->end;

  return end - MIN (end, window->prefix);
}

/* Exactly, of the content up to `end`. */
static gsize
size_at (const Window *window, gsize end)
{
  guint i = piece_of_place (window->pieces, window->n_pieces, end);

  if (!window->measure->adds_up)
    i -= MIN (i, 2 * TOKEN_PIECES_OPEN);
  const TokenPiece *piece = piece_at (window, i);
  TokenGrowth growth = {piece->end, piece->tokens};
  return window->measure->count_grown (window->measure->data, &growth, content (window), end);
}

gsize
window_guess (const Window *window, gsize end)
{
  gsize place = end + window->prefix;

  if (window->measure->adds_up && place <= window->limit)
    return size_at (window, place);

  guint i = piece_of_place (window->pieces, window->n_pieces, place);
  TokenPiece before = *piece_at (window, i), after = window->seen;
  if (i + 1 < window->n_pieces)
    after = *piece_at (window, i + 1);
  else if (before.end == window->limit || before.end >= after.end) {
    after = before; /* beyond: at the rate of all before */
    before = (TokenPiece){0};
  }
  gsize units = before.tokens;
  if (place > before.end && after.end > before.end)
    units += (place - before.end) * (after.tokens - MIN (before.tokens, after.tokens)) /
             (after.end - before.end);
  return (units + window->measure->units - 1) / window->measure->units;
}

gsize
window_size (const Window *window, gsize end)
{
  return size_at (window, end + window->prefix);
}

gsize
window_reach (const Window *window, gsize max)
{
  gsize fits =
      window->measure->prefix (window->measure->data, content (window), window->limit, max);

  return fits - MIN (fits, window->prefix);
}

const char *
window_content (const Window *window, gsize end, gsize *bytes)
{
  *bytes = window->prefix + end;
  return content (window);
}
