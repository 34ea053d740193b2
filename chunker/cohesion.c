#include "cohesion.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Shorter words say little of the subject; longer ones mean the same by their beginning. */
#define WORD_BYTES 5
/* The text is read in blocks, of which a word may begin in so many bytes: it is seen whole. */
#define BLOCK 56
#define BLOCK_BITS ((G_GUINT64_CONSTANT (1) << BLOCK) - 1)
#define ID_BITS 11
/* Words before those needed are dropped when so many are kept. */
#define KEPT_WORDS 4096

/* Where a word begins, and a hash of it in the lowest bits. */
typedef guint64 Word;
#define WORD_START(word) ((gsize)((word) >> ID_BITS))
#define WORD_ID(word) ((word) & ((1u << ID_BITS) - 1))

struct Cohesion {
  const char *text;
  gsize bytes;
  Word *words; /* of text[from..to), in order */
  guint n_words;
  guint room;
  gsize from;
  gsize to;
  guint64 within; /* 1: the byte before `to` is a letter */
  guint32 round;  /* of the stamps */
  guint32 before[1 << ID_BITS];
  guint32 behind[1 << ID_BITS];
};

Cohesion *
cohesion_new (const char *text, gsize bytes)
{
  Cohesion *cohesion = g_new0 (Cohesion, 1);

  cohesion->text = text;
  cohesion->bytes = bytes;
  return cohesion;
}

void
cohesion_free (Cohesion *cohesion)
{
  if (cohesion == NULL)
    return;
  g_free (cohesion->words);
  g_free (cohesion);
}

/* --- words -------------------------------------------------------------------------------------
 */

/* What a byte is to a word: part of it, of a character of several bytes in it, or of Chinese,
 * Japanese and Korean, whose characters are words two by two. */
enum { OTHER, LEAD, MORE, WIDE };

static const guint8 meaning[256] = {[0x80 ... 0xBF] = MORE,
                                    [0xC2 ... 0xE1] = LEAD,
                                    [0xE3 ... 0xED] = WIDE,
                                    [0xEF] = LEAD,
                                    [0xF0 ... 0xF4] = LEAD};

/* There is room. */
static inline void
add_word (Cohesion *cohesion, gsize start, guint64 word)
{
  word = (word ^ word >> 29) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  cohesion->words[cohesion->n_words++] = (Word)start << ID_BITS | word >> (64 - ID_BITS);
}

#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* The upper bit of each byte that is from `first` to `last`, both below 0x80; no byte of `word` is
 * above. */
static inline guint64
in_range (guint64 word, guchar first, guchar last)
{
  return (word + EACH (0x80 - first)) & ~(word + EACH (0x7F - last));
}

/* The upper bits of the bytes, as the lowest bits. */
static inline guint64
gather (guint64 word)
{
  return (word >> 7 & EACH (1)) * G_GUINT64_CONSTANT (0x0102040810204080) >> 56;
}

/* Up to eight bytes, the first lowest, of which `left` are text; read at once where there are so
 * many: what was just written in parts is slow to read as a whole. */
static inline guint64
load (const guchar *text, gsize left, gsize bytes)
{
  guint64 word = 0;

  if (G_LIKELY (left >= sizeof word))
    memcpy (&word, text, sizeof word);
  else
    memcpy (&word, text, MIN (bytes, left));
  word = GUINT64_FROM_LE (word);
  return bytes < sizeof word ? word & ((G_GUINT64_CONSTANT (1) << 8 * bytes) - 1) : word;
}

#ifdef __SSE2__
/* As ascii_letters, of 64 bytes: sixteen at a time. */
static guint64
ascii_letters_of_64 (const guchar *text, guint64 *others)
{
  guint64 bits = 0;

  *others = 0;
  for (int i = 0; i < 64; i += 16) {
    __m128i bytes = _mm_loadu_si128 ((const __m128i *)(gconstpointer)(text + i));
    __m128i lower = _mm_or_si128 (bytes, _mm_set1_epi8 (0x20));
    /* compared as signed: those that are no ASCII are below all */
    __m128i letter = _mm_and_si128 (_mm_cmpgt_epi8 (lower, _mm_set1_epi8 ('a' - 1)),
                                    _mm_cmplt_epi8 (lower, _mm_set1_epi8 ('z' + 1)));
    __m128i digit = _mm_and_si128 (_mm_cmpgt_epi8 (bytes, _mm_set1_epi8 ('0' - 1)),
                                   _mm_cmplt_epi8 (bytes, _mm_set1_epi8 ('9' + 1)));
    bits |= (guint64)(guint)_mm_movemask_epi8 (_mm_or_si128 (letter, digit)) << i;
    *others |= (guint64)(guint)_mm_movemask_epi8 (bytes) << i;
  }
  return bits;
}
#endif

/* The bits of those bytes of a block that are letters and digits of ASCII, and in *others of those
 * that are no ASCII. Bytes of no text are none. */
static guint64
ascii_letters (const guchar *text, gsize bytes, guint64 *others)
{
  guint64 bits = 0;

#ifdef __SSE2__
  if (bytes == 64)
    return ascii_letters_of_64 (text, others);
#endif
  *others = 0;
  for (gsize i = 0; i < bytes; i += 8) {
    guint64 word = load (text + i, bytes - i, sizeof word);
    guint64 ascii = word & EACH (0x7F);
    guint64 found = in_range (ascii | EACH (0x20), 'a', 'z') | in_range (ascii, '0', '9');
    bits |= gather (found & ~word) << i;
    *others |= gather (word) << i;
  }
  return bits;
}

/* The bits of those bytes of a block, up to 64, that mean `kind`. */
static guint64
bits_of (const guchar *text, gsize bytes, guint8 kind)
{
  guint64 bits = 0;

  for (gsize i = 0; i < bytes; i++)
    bits |= (guint64)(meaning[text[i]] == kind) << i;
  return bits;
}

/* Each bit that begins a run of WORD_BYTES letters and more, behind none. `last`: whether the byte
 * before the block is a letter. */
static guint64
long_words (guint64 letters, guint64 last)
{
  guint64 runs = letters & letters >> 1;

  runs &= runs >> 2;    /* four */
  runs &= letters >> 4; /* five */
  return runs & ~(letters << 1 | last);
}

/* Characters of more than one byte belong to words with all their bytes. */
static guint64
with_characters (const guchar *text, gsize bytes, guint64 letters)
{
  guint64 begin = letters | bits_of (text, bytes, LEAD);
  guint64 more = bits_of (text, bytes, MORE);
  guint64 follow = begin << 1 & more;

  /* adding carries through each run that a beginning leads to */
  return begin | (more & ~(more + follow)) | follow;
}

/* Reads the words that begin in the block's first BLOCK bytes. */
static void
read_words_of_block (Cohesion *cohesion, gsize at, gsize bytes, guint64 letters)
{
  const guchar *text = (const guchar *)cohesion->text + at;

  for (guint64 found = long_words (letters, cohesion->within) & BLOCK_BITS; found != 0;
       found &= found - 1) {
    gsize start = (gsize)__builtin_ctzll (found);
    /* other scripts take two bytes a character */
    gboolean is_double =
        text[start] >= 0x80 && start + 8 <= bytes && (~(letters >> start) & 0xFF) == 0;
    guint64 word = load (text + start, bytes - start, is_double ? 8 : WORD_BYTES);

    add_word (cohesion, at + start, word | EACH (0x20));
  }
  cohesion->within = letters >> (BLOCK - 1) & 1;
}

/* Pairs of wide characters, three bytes each, the first of which begins in the first BLOCK bytes.
 * One in four is kept, by its hash. */
static void
read_wide (Cohesion *cohesion, gsize at)
{
  const guchar *text = (const guchar *)cohesion->text;
  gsize end = MIN (at + BLOCK, cohesion->bytes);

  while (at < end) {
    if (meaning[text[at]] != WIDE) {
      at++;
      continue;
    }
    if (at + 6 <= cohesion->bytes && meaning[text[at + 3]] == WIDE) {
      guint64 pair = load (text + at, cohesion->bytes - at, 6);
      guint n = cohesion->n_words;

      /* always written: whether it stays cannot be foretold */
      add_word (cohesion, at, pair);
      cohesion->n_words = n + (pair * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15) >> 62 == 0);
    }
    at += 3;
  }
}

/* Which meanings there are among the bytes, as bits. */
static guint
meanings_of (const guchar *text, gsize bytes)
{
  guint meanings = 0;

  for (gsize i = 0; i < bytes; i++)
    meanings |= 1u << meaning[text[i]];
  return meanings;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Word *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

static void
read_block (Cohesion *cohesion, gsize at)
{
  const guchar *text = (const guchar *)cohesion->text + at;
  gsize bytes = MIN (64, cohesion->bytes - at);
  guint first = cohesion->n_words;
  guint64 others, letters = ascii_letters (text, bytes, &others);
  guint meanings = others != 0 ? meanings_of (text, bytes) : 0;

  if (meanings & 1u << LEAD || (meanings & 1u << MORE && cohesion->within))
    letters = with_characters (text, bytes, letters);
  read_words_of_block (cohesion, at, bytes, letters);
  if (!(meanings & 1u << WIDE))
    return;

  guint middle = cohesion->n_words;
  read_wide (cohesion, at);
  if (middle > first)
    qsort (cohesion->words + first, cohesion->n_words - first, sizeof (Word), compare_places);
}

/* Goes on to `to`, a little further. */
static void
read_words (Cohesion *cohesion, gsize to)
{
  for (; cohesion->to < to; cohesion->to += BLOCK) {
    if (cohesion->room - cohesion->n_words < BLOCK) {
      cohesion->room = 2 * cohesion->room + BLOCK;
      cohesion->words = g_renew (Word, cohesion->words, cohesion->room);
    }
    read_block (cohesion, cohesion->to);
  }
}

/* The first word that begins at `at` or behind. */
static guint
word_behind (const Cohesion *cohesion, gsize at)
{
  guint low = 0, high = cohesion->n_words;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (WORD_START (cohesion->words[middle]) >= at)
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
    cohesion->n_words = 0;
    cohesion->from = cohesion->to = from;
    cohesion->within = 1; /* what the first letters belong to is not known */
  }
  if (cohesion->n_words > KEPT_WORDS) {
    guint dropped = word_behind (cohesion, from);
    cohesion->n_words -= dropped;
    memmove (cohesion->words, cohesion->words + dropped, cohesion->n_words * sizeof (Word));
    cohesion->from = from;
  }
  read_words (cohesion, to);
}

guint
cohesion_at (Cohesion *cohesion, gsize place, guint limit)
{
  const Word *words = cohesion->words;
  guint middle = word_behind (cohesion, place);
  guint n_before = 0, n_behind = 0, n_both = 0;
  guint32 round = ++cohesion->round;

  for (guint i = middle; i-- > 0 && place - WORD_START (words[i]) <= COHESION_REACH;) {
    guint32 *before = &cohesion->before[WORD_ID (words[i])];
    n_before += *before != round;
    *before = round;
  }
  /* so many say enough, whatever the side behind has */
  guint enough = (guint)(((guint64)limit * n_before + COHESION_ALL - 1) / COHESION_ALL);
  for (guint i = middle; i < cohesion->n_words && WORD_START (words[i]) - place <= COHESION_REACH;
       i++) {
    guint32 *behind = &cohesion->behind[WORD_ID (words[i])];
    guint is_new = *behind != round;

    *behind = round;
    n_behind += is_new;
    n_both += is_new & (cohesion->before[WORD_ID (words[i])] == round);
    if (n_both > enough)
      return COHESION_ALL;
  }
  guint fewer = MIN (n_before, n_behind);
  return fewer > 0 ? n_both * COHESION_ALL / fewer : 0;
}
