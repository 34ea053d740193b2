#include "cohesion.h"

/* Shorter words say little of the subject; longer ones mean the same by their beginning. */
#define WORD_CHARS 5
#define ID_BITS 12
/* Words before those needed are dropped when so many are kept. */
#define KEPT_WORDS 4096

typedef struct {
  gsize end;
  guint16 id; /* a hash */
} Word;

struct Cohesion {
  const char *text;
  gsize bytes;
  GArray *words; /* (element-type Word) of text[from..to), in order */
  gsize from;
  gsize to;
  guint32 round; /* of the stamps */
  guint32 before[1 << ID_BITS];
  guint32 behind[1 << ID_BITS];
};

Cohesion *
cohesion_new (const char *text, gsize bytes)
{
  Cohesion *cohesion = g_new0 (Cohesion, 1);

  cohesion->text = text;
  cohesion->bytes = bytes;
  cohesion->words = g_array_new (FALSE, FALSE, sizeof (Word));
  return cohesion;
}

void
cohesion_free (Cohesion *cohesion)
{
  if (cohesion == NULL)
    return;
  g_array_unref (cohesion->words);
  g_free (cohesion);
}

/* --- words -------------------------------------------------------------------------------------
 */

/* What a byte is to a word. Chinese, Japanese and Korean characters are words two by two. */
enum { NONE, LETTER, MORE, WIDE };

static const guint8 meaning[256] = {['0' ... '9'] = LETTER,   ['A' ... 'Z'] = LETTER,
                                    ['a' ... 'z'] = LETTER,   [0x80 ... 0xBF] = MORE,
                                    [0xC0 ... 0xE2] = LETTER, [0xE3 ... 0xED] = WIDE,
                                    [0xEE ... 0xEF] = LETTER, [0xF0 ... 0xF4] = WIDE};

static void
add_word (Cohesion *cohesion, gsize end, guint32 hash)
{
  Word word = {.end = end};

  hash ^= hash >> 15;
  hash *= 0x85EBCA6Bu;
  word.id = (guint16)(hash >> (32 - ID_BITS));
  g_array_append_val (cohesion->words, word);
}

static guint32
mix (guint32 hash, guchar byte)
{
  return (hash ^ byte) * 16777619u;
}

#define HASH_BEGIN 2166136261u

/* Reads the word at `at`, whose first byte is a LETTER. (returns) its end. */
static gsize
read_word (Cohesion *cohesion, gsize at)
{
  const guchar *text = (const guchar *)cohesion->text;
  guint32 hash = HASH_BEGIN;
  guint chars = 0;

  for (; at < cohesion->bytes; at++) {
    guint8 is = meaning[text[at]];
    if (is != LETTER && is != MORE)
      break;
    chars += is == LETTER;
    if (chars <= WORD_CHARS) /* capitals as small letters */
      hash = mix (hash, text[at] < 0x80 ? text[at] | 0x20 : text[at]);
  }
  if (chars >= WORD_CHARS)
    add_word (cohesion, at, hash);
  return at;
}

/* Reads the wide characters at `at`. (returns) their end. */
static gsize
read_wide (Cohesion *cohesion, gsize at)
{
  const char *text = cohesion->text;
  guint32 last = 0;

  while (at < cohesion->bytes && meaning[(guchar)text[at]] == WIDE) {
    gsize next = at + (gsize)(g_utf8_next_char (text + at) - (text + at));
    guint32 hash = HASH_BEGIN;

    for (; at < next; at++)
      hash = mix (hash, (guchar)text[at]);
    if (last != 0)
      add_word (cohesion, at, last * 31 + hash);
    last = hash;
  }
  return at;
}

/* Goes on to `to`, and to the end of the word there. */
static void
read_words (Cohesion *cohesion, gsize to)
{
  gsize at = cohesion->to;

  while (at < to) {
    guint8 is = meaning[(guchar)cohesion->text[at]];
    if (is == LETTER)
      at = read_word (cohesion, at);
    else if (is == WIDE)
      at = read_wide (cohesion, at);
    else
      at++;
  }
  cohesion->to = MAX (cohesion->to, at);
}

/* The first word that ends behind `at`. */
static guint
word_behind (const Cohesion *cohesion, gsize at)
{
  guint low = 0, high = cohesion->words->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index (cohesion->words, Word, middle).end > at)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* --- places ------------------------------------------------------------------------------------
 */

void
cohesion_cover (Cohesion *cohesion, gsize first, gsize last)
{
  gsize from = first - MIN (first, COHESION_REACH);
  gsize to = last + MIN (cohesion->bytes - last, COHESION_REACH);

  if (from < cohesion->from || from > cohesion->to) {
    g_array_set_size (cohesion->words, 0);
    /* not within a word */
    while (from > 0 && from < first && meaning[(guchar)cohesion->text[from - 1]] != NONE)
      from++;
    cohesion->from = cohesion->to = from;
  }
  if (cohesion->words->len > KEPT_WORDS) {
    g_array_remove_range (cohesion->words, 0, word_behind (cohesion, from));
    cohesion->from = from;
  }
  read_words (cohesion, to);
}

guint
cohesion_at (Cohesion *cohesion, gsize place)
{
  const Word *words = (const Word *)(gconstpointer)cohesion->words->data;
  guint middle = word_behind (cohesion, place);
  guint n_before = 0, n_behind = 0, n_both = 0;
  guint32 round = ++cohesion->round;

  for (guint i = middle; i-- > 0 && place - words[i].end <= COHESION_REACH;) {
    n_before += cohesion->before[words[i].id] != round;
    cohesion->before[words[i].id] = round;
  }
  for (guint i = middle; i < cohesion->words->len && words[i].end - place <= COHESION_REACH; i++) {
    if (cohesion->behind[words[i].id] == round)
      continue;
    cohesion->behind[words[i].id] = round;
    n_behind++;
    n_both += cohesion->before[words[i].id] == round;
  }
  guint fewer = MIN (n_before, n_behind);
  return fewer > 0 ? n_both * COHESION_ALL / fewer : 0;
}
