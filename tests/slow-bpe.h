/* slow-bpe.h: tiktoken's algorithm to the letter, to hold the fast one against: its regular
 * expression, and merging by lowest rank, pair by pair. For short texts. */
#pragma once

#include "chunker/bpe-table.h"

#include <string.h>

typedef struct {
  GRegex *pieces;
  GHashTable *ranks; /* GBytes -> rank + 1 */
} SlowBpe;

static const char *const slow_patterns[] = {
    [BPE_PATTERN_CL100K] = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                           "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    [BPE_PATTERN_O200K] =
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
};

/* The tokens' bytes, down every branch of the trie. */
static void
slow_bpe_collect (GHashTable *ranks, const guint64 *nodes, guint64 node, guint8 *bytes, gsize n)
{
  guint32 base = BPE_NODE_BASE (node);

  if (BPE_NODE_TOKEN1 (node) != 0)
    g_hash_table_insert (ranks, g_bytes_new (bytes, n), GUINT_TO_POINTER (BPE_NODE_TOKEN1 (node)));
  for (guint c = 0; base != 0 && c < 256; c++) {
    if (BPE_NODE_LABEL (nodes[base + c]) != (c | BPE_USED))
      continue;
    bytes[n] = (guint8)c;
    slow_bpe_collect (ranks, nodes, nodes[base + c], bytes, n + 1);
  }
}

static inline SlowBpe *
slow_bpe_new (const BpeEncoding *encoding)
{
  SlowBpe *slow = g_new0 (SlowBpe, 1);
  const guint8 *table = (const guint8 *)encoding - encoding->self;
  const guint64 *nodes = (const guint64 *)(gconstpointer)(table + encoding->nodes);
  guint8 bytes[BPE_TOKEN_BYTES_MAX + 1];

  slow->pieces = g_regex_new (slow_patterns[encoding->pattern], G_REGEX_OPTIMIZE, 0, NULL);
  slow->ranks =
      g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  slow_bpe_collect (slow->ranks, nodes, nodes[0], bytes, 0);
  return slow;
}

static inline void
slow_bpe_free (SlowBpe *slow)
{
  g_regex_unref (slow->pieces);
  g_hash_table_unref (slow->ranks);
  g_free (slow);
}

static guint32
slow_rank (const SlowBpe *slow, const char *text, gsize bytes)
{
  g_autoptr (GBytes) key = g_bytes_new_static (text, bytes);

  return GPOINTER_TO_UINT (g_hash_table_lookup (slow->ranks, key)) - 1;
}

static void
slow_merge (const SlowBpe *slow, const char *text, gsize bytes, GArray *ids)
{
  g_autofree gsize *starts = g_new (gsize, bytes + 1);
  gsize n = bytes;

  for (gsize i = 0; i <= bytes; i++)
    starts[i] = i;
  for (;;) {
    guint32 lowest = G_MAXUINT32;
    gsize at = 0;
    for (gsize i = 0; i + 1 < n; i++) {
      guint32 rank = slow_rank (slow, text + starts[i], starts[i + 2] - starts[i]);
      if (rank < lowest) {
        lowest = rank;
        at = i;
      }
    }
    if (lowest == G_MAXUINT32)
      break;
    memmove (starts + at + 1, starts + at + 2, (n - at - 1) * sizeof *starts);
    n--;
  }
  for (gsize i = 0; i < n; i++) {
    guint32 rank = slow_rank (slow, text + starts[i], starts[i + 1] - starts[i]);
    g_array_append_val (ids, rank);
  }
}

/* (transfer full) (element-type guint32) */
static inline GArray *
slow_bpe_encode (const SlowBpe *slow, const char *text, gsize bytes)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GMatchInfo) match = NULL;
  gsize done = 0;

  g_regex_match_full (slow->pieces, text, (gssize)bytes, 0, 0, &match, NULL);
  while (g_match_info_matches (match)) {
    int start, end;
    g_match_info_fetch_pos (match, 0, &start, &end);
    g_assert_cmpuint ((gsize)start, ==, done);
    slow_merge (slow, text + start, (gsize)(end - start), ids);
    done = (gsize)end;
    g_match_info_next (match, NULL);
  }
  g_assert_cmpuint (done, ==, bytes);
  return ids;
}
