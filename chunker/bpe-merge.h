/* bpe-merge.h: an encoding at work, as the parts of bpe.h share it: which bytes are tokens, which
 * tokens stay apart, how many tokens one piece makes. */
#pragma once

#include "bpe.h"

#define NO_TOKEN G_MAXUINT32

/* Answers given lately: words come again. Powers of two. */
#define CACHED_PIECES 8192
#define CACHED_BORDERS 32768

/* A piece of at most BPE_LONG_WORD_MAX bytes as two numbers; on top of the second the length in
 * bytes in the lower half of a byte, the tokens it makes in the upper half. */
typedef struct {
  guint64 low;
  guint64 high;
} Word;

#define WORD_TOKENS_SHIFT 60
#define WORD_KEY_MASK ((G_GUINT64_CONSTANT (1) << WORD_TOKENS_SHIFT) - 1)

struct Bpe {
  /* the parts of the encoding */
  const guint64 *nodes;
  const guint64 *pairs;
  const guint8 *filter;
  const guint64 *words;
  const guint64 *long_words;
  const guint64 *tokens;
  const BpeClasses *classes;
  BpePattern pattern;
  guint32 n_pairs;
  guint32 n_filter_bits;
  guint32 n_words;
  guint32 n_long_words;

  Word pieces[CACHED_PIECES];
  guint64 borders[CACHED_BORDERS]; /* BPE_PAIR_KEY + 1, and whether they stay apart as lowest bit */
};

/* Text that pieces are taken of. */
typedef struct {
  const guint8 *text;
  gsize end;
} Text;

/* A piece longer than this is not merged just to see whether it fits. */
#define SMALL_PIECE 256

/* Whether merging would leave the two apart, side by side; not remembered. */
gboolean bpe_find_whether_apart (const Bpe *bpe, guint32 left, guint32 right);

static inline gboolean
bpe_stay_apart (Bpe *bpe, guint32 left, guint32 right)
{
  guint64 key = BPE_PAIR_KEY (left, right) + 1;
  guint64 *cached = &bpe->borders[bpe_slot (key, CACHED_BORDERS)];

  if (*cached >> 1 != key)
    *cached = key << 1 | (bpe_find_whether_apart (bpe, left, right) ? 1 : 0);
  return *cached & 1;
}

/* The longest token that the text begins with; NO_TOKEN when it is empty. */
guint32 bpe_longest_token (const Bpe *bpe, const guint8 *text, gsize bytes);

/* The tokens of one piece. */
gsize bpe_count_piece (Bpe *bpe, const Text *text, gsize at, gsize bytes);
