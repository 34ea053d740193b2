#include "bpe-merge.h"

Bpe *
bpe_new (const BpeEncoding *encoding)
{
  const guint8 *table = (const guint8 *)encoding - encoding->self;
  Bpe *bpe = g_new0 (Bpe, 1);

  bpe->nodes = (const guint64 *)(gconstpointer)(table + encoding->nodes);
  bpe->pairs = (const guint64 *)(gconstpointer)(table + encoding->pairs);
  bpe->filter = table + encoding->filter;
  bpe->words = (const guint64 *)(gconstpointer)(table + encoding->words);
  bpe->long_words = (const guint64 *)(gconstpointer)(table + encoding->long_words);
  bpe->tokens = (const guint64 *)(gconstpointer)(table + encoding->tokens);
  bpe->classes = (const BpeClasses *)(gconstpointer)(table + encoding->classes);
  bpe->pattern = (BpePattern)encoding->pattern;
  bpe->n_pairs = encoding->n_pairs;
  bpe->n_filter_bits = encoding->n_filter_bits;
  bpe->n_words = encoding->n_words;
  bpe->n_long_words = encoding->n_long_words;
  return bpe;
}

void
bpe_free (Bpe *bpe)
{
  g_free (bpe);
}

/* --- the table ---------------------------------------------------------------------------------
 */

/* The token that the two are merged to, or NO_TOKEN. */
static inline guint32
merged (const Bpe *bpe, guint32 left, guint32 right)
{
  guint64 key = BPE_PAIR_KEY (left, right);
  guint32 bit = bpe_slot (key, bpe->n_filter_bits);

  if (!(bpe->filter[bit / 8] >> bit % 8 & 1))
    return NO_TOKEN;

  guint32 slot = bpe_slot (key, bpe->n_pairs);

  for (;;) {
    guint64 pair = bpe->pairs[slot];
    if (pair >> BPE_RANK_BITS == key)
      return (guint32)pair & BPE_RANK_MASK;
    if (pair == BPE_PAIR_NONE)
      return NO_TOKEN;
    slot = slot + 1 < bpe->n_pairs ? slot + 1 : 0;
  }
}

guint32
bpe_longest_token (const Bpe *bpe, const guint8 *text, gsize bytes)
{
  guint64 node = bpe->nodes[0];
  guint32 token = NO_TOKEN;

  for (gsize i = 0; i < bytes; i++) {
    guint32 base = BPE_NODE_BASE (node);
    if (base == 0)
      break;
    node = bpe->nodes[base + text[i]];
    if (BPE_NODE_LABEL (node) != (text[i] | BPE_USED))
      break;
    if (BPE_NODE_TOKEN1 (node) != 0)
      token = BPE_NODE_TOKEN1 (node) - 1;
  }
  return token;
}

/* Whether merging would leave the two apart, side by side: the merges that made them are undone,
 * the last one first, and at no time may one across the border come before the one that was done.
 */
gboolean
bpe_find_whether_apart (const Bpe *bpe, guint32 left, guint32 right)
{
  guint32 limit = NO_TOKEN;

  for (;;) {
    guint32 both = merged (bpe, left, right);
    if (both != NO_TOKEN && both < limit)
      return FALSE;

    guint32 left_part = BPE_TOKEN_RIGHT (bpe->tokens[left]);
    guint32 right_part = BPE_TOKEN_LEFT (bpe->tokens[right]);
    gboolean is_left = left > right ? left_part != left : right_part == right;
    if (is_left) {
      if (left_part == left)
        return TRUE;
      limit = left;
      left = left_part;
    } else {
      if (right_part == right)
        return TRUE;
      limit = right + 1;
      right = right_part;
    }
  }
}
