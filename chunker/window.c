#include "window.h"

#include "document.h"

#include <string.h>

/* Steps end where the text says so: this far on, behind one of so many commas, points and line
 * breaks, by a hash of what follows. So the same text soon has the same marks wherever a chunk
 * began, and the same sizes are guessed there. */
#define STEP_MIN 96
#define STEP_CHANCE 3
/* At most so many bytes a step, and more for long chunks: one word without end, which each step
 * counts anew, costs little then. */
#define STEP_MAX 1024
#define STEP_SHARE 6

typedef struct {
  gsize end; /* in the content */
  gsize size;
  TokenGrowth growth;
} Mark;

struct Window {
  const TokenCounter *measure;
  const char *text;
  gsize bytes;
  gsize start;
  gsize prefix;     /* bytes */
  GString *content; /* when there is a prefix */
  GArray *marks;    /* (element-type Mark) rising; the first is the prefix alone */
  GArray *old;      /* of the place before */
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

const TokenCounter window_characters = {
    "characters", characters_count, characters_prefix, characters_count_grown, NULL, NULL};

/* --- steps --------------------------------------------------------------------------------------
 */

Window *
window_new (const TokenCounter *measure, const char *text, gsize bytes)
{
  Window *window = g_new0 (Window, 1);

  window->measure = measure;
  window->text = text;
  window->bytes = bytes;
  window->content = g_string_new (NULL);
  window->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  window->old = g_array_new (FALSE, FALSE, sizeof (Mark));
  return window;
}

void
window_free (Window *window)
{
  if (window == NULL)
    return;
  g_string_free (window->content, TRUE);
  g_array_unref (window->marks);
  g_array_unref (window->old);
  g_free (window);
}

static const Mark *
mark_at (const Window *window, guint i)
{
  return &g_array_index (window->marks, Mark, i);
}

static const Mark *
last_mark (const Window *window)
{
  return mark_at (window, window->marks->len - 1);
}

/* The content, of which `end` bytes can be read. */
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

  while (at < window->bytes && ((guchar)window->text[at] & 0xC0) == 0x80)
    at--;
  return at - window->start + window->prefix;
}

/* Measures the content up to `end` from the mark on. */
static gsize
grow (const Window *window, TokenGrowth *growth, gsize end)
{
  return window->measure->count_grown (window->measure->data, growth, content (window), end);
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

/* Counts on to `end` from what is known at a place before. */
static const Mark *
add_mark (Window *window, gsize end, TokenGrowth known)
{
  Mark mark = {.end = end, .growth = known};

  fill (window, end);
  mark.size = grow (window, &mark.growth, end);
  g_array_append_val (window->marks, mark);
  return last_mark (window);
}

#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* The upper bit of some byte is set when one of the word is zero. */
static inline guint64
has_zero (guint64 word)
{
  return (word - EACH (0x01)) & ~word & EACH (0x80);
}

/* A comma, point or line break, Chinese and Japanese ones included: its bytes; 0: it is none. */
static gsize
stop_bytes (const guchar *text)
{
  if (*text == ',' || *text == '.' || *text == '\n')
    return 1;
  return (*text == 0xE3 && text[1] == 0x80) || (*text == 0xEF && text[1] == 0xBC) ? 3 : 0;
}

static gboolean
is_chosen (const guchar *text)
{
  guint64 next;

  memcpy (&next, text, sizeof next);
  next *= G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  return (next >> 32) * STEP_CHANCE >> 32 == 0;
}

/* Where the step from `at`, a place in the text, ends: at `last` at most. */
static gsize
step_end (const Window *window, gsize at, gsize last)
{
  const guchar *text = (const guchar *)window->text;

  for (at += STEP_MIN; at < last;) {
    guint64 word;

    if (last - at >= sizeof word) {
      memcpy (&word, text + at, sizeof word);
      if (!(has_zero (word ^ EACH (',')) | has_zero (word ^ EACH ('.')) |
            has_zero (word ^ EACH ('\n')) | has_zero (word ^ EACH (0xE3)) |
            has_zero (word ^ EACH (0xEF)))) {
        at += sizeof word;
        continue;
      }
    }
    gsize bytes = stop_bytes (text + at);
    at += MAX (bytes, 1);
    if (bytes > 0 && at + 8 <= last && is_chosen (text + at))
      return at;
  }
  return last;
}

/* Takes over the marks of the place before, `shift` bytes further on in its content. Where counting
 * from here and from there have come to the same place for good, both go on alike: what lies behind
 * is not counted again. (returns) when a mark is past the limit or max, or there are no more. */
static void
take_old_marks (Window *window, gssize shift, gsize max)
{
  TokenGrowth same_old = {0}, same = {0};

  for (guint i = 1; i < window->old->len; i++) {
    const Mark *old = &g_array_index (window->old, Mark, i);
    gsize end = (gsize)((gssize)old->end - shift);
    TokenGrowth known = last_mark (window)->growth;

    if ((gssize)old->end - shift <= (gssize)last_mark (window)->end)
      continue;
    if (end > window->limit || last_mark (window)->size > max)
      return;
    if (same.bytes > 0) {
      known.bytes = (gsize)((gssize)old->growth.bytes - shift);
      known.tokens = old->growth.tokens - same_old.tokens + same.tokens;
    }

    const Mark *mark = add_mark (window, end, known);
    if (same.bytes == 0 && mark->growth.bytes > window->prefix &&
        (gssize)mark->growth.bytes == (gssize)old->growth.bytes - shift) {
      same = mark->growth;
      same_old = old->growth;
    }
  }
}

void
window_place (Window *window, const GString *prefix, gsize start, gsize max, gsize max_bytes)
{
  GArray *marks = window->old;
  gssize shift = (gssize)(start - prefix->len) - (gssize)(window->start - window->prefix);
  gsize room = MIN (window->bytes - start, max_bytes - MIN (prefix->len, max_bytes));

  window->old = window->marks;
  window->marks = marks;
  g_array_set_size (window->marks, 0);
  window->start = start;
  window->prefix = prefix->len;
  g_string_truncate (window->content, 0);
  g_string_append_len (window->content, prefix->str, (gssize)prefix->len);
  window->limit = at_character (window, prefix->len + room);
  add_mark (window, prefix->len, (TokenGrowth){0});
  take_old_marks (window, shift, max);
  for (;;) {
    const Mark *last = last_mark (window);
    gsize left = window->limit - last->end, step = MAX (STEP_MAX, last->end / STEP_SHARE);
    gsize at = window->start + last->end - window->prefix;

    if (left == 0 || last->size > max)
      break;
    gsize end = step_end (window, at, at + MIN (step, left)) - at + last->end;
    add_mark (window, end == window->limit ? end : at_character (window, end), last->growth);
  }
  window->limit = last_mark (window)->end;
}

gsize
window_limit (const Window *window)
{
  return window->limit - window->prefix;
}

/* The last mark for which is `size` or less; the first one when there is none. */
static guint
mark_of_size (const Window *window, gsize size)
{
  guint i = window->marks->len - 1;

  while (i > 0 && mark_at (window, i)->size > size)
    i--;
  return i;
}

static guint
mark_of_place (const Window *window, gsize end)
{
  guint i = window->marks->len - 1;

  while (i > 0 && mark_at (window, i)->end > end)
    i--;
  return i;
}

gsize
window_mark_before (const Window *window, gsize size)
{
  return mark_at (window, mark_of_size (window, size))->end - window->prefix;
}

gsize
window_guess (const Window *window, gsize end)
{
  gsize place = end + window->prefix;
  guint i = mark_of_place (window, place);

  if (i + 1 == window->marks->len) { /* beyond: at the rate of all before */
    const Mark *first = mark_at (window, 0), *last = last_mark (window);
    gsize bytes = last->end - first->end;
    return bytes == 0 ? last->size
                      : last->size + (place - last->end) *
                                         (last->size - MIN (first->size, last->size)) / bytes;
  }
  const Mark *before = mark_at (window, i), *after = mark_at (window, i + 1);
  gsize grown = after->size - MIN (before->size, after->size);
  return before->size + (place - before->end) * grown / (after->end - before->end);
}

gsize
window_size (const Window *window, gsize end)
{
  gsize place = end + window->prefix;
  const Mark *mark = mark_at (window, mark_of_place (window, place));

  if (mark->end == place)
    return mark->size;
  TokenGrowth growth = mark->growth;
  return grow (window, &growth, place);
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
