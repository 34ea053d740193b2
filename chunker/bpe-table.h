/* bpe-table.h: the rank tables of tokenizers as one read-only block of bytes, used where it lies.
 *
 * chunker/tables/generate.c writes it at build time; nothing is parsed, copied or allocated to use
 * it. Little-endian, every part aligned to 8 bytes; offsets count bytes from the beginning:
 *
 *  - BpeTable: magic, version, size, checksum.
 *  - BpeEncoding, one for each encoding, with the offsets of its parts:
 *  - nodes: double-array trie of all tokens. The child of node n by byte c is base (n) + c, if its
 *    label is c. No two nodes have the same base, so that the label tells the parent.
 *  - pairs: hash set of merges, left and right token to the merged one.
 *  - filter: bits, one of them set for each merge: most that are asked for are none, and end here.
 *  - words: hash set of the tokens of 1-7 bytes, as numbers (BPE_WORD).
 *  - long_words: the same for 8-15 bytes, two numbers each.
 *  - tokens, by rank: the two that it is merged of, the longest that begins it, its length.
 *  - classes: Unicode classes of characters in two stages, the index of the block by the upper
 * bits, then the block; before them the classes of single bytes.
 */
#pragma once

#include <glib.h>

#define BPE_TABLE_MAGIC "INGTOKEN"
#define BPE_TABLE_VERSION 2
#define BPE_ENCODINGS_MAX 4

typedef enum { BPE_PATTERN_CL100K = 1, BPE_PATTERN_O200K = 2 } BpePattern;

typedef struct {
  char name[16];
  guint32 self;    /* offset of this record: leads back to the beginning */
  guint32 pattern; /* BpePattern */
  guint32 n_tokens;
  guint32 n_nodes;
  guint32 n_pairs; /* slots, as of the two sets below */
  guint32 n_words;
  guint32 n_long_words;
  guint32 nodes;
  guint32 pairs;
  guint32 words;
  guint32 long_words;
  guint32 tokens;
  guint32 classes;
  guint32 filter;
  guint32 n_filter_bits;
  guint32 unused;
} BpeEncoding;

typedef struct {
  char magic[8];
  guint32 version;
  guint32 n_encodings;
  guint64 bytes;    /* of all */
  guint64 checksum; /* bpe_table_checksum */
  BpeEncoding encodings[BPE_ENCODINGS_MAX];
} BpeTable;

/* --- parts ------------------------------------------------------------------------------------ */

/* A node: label with BPE_USED, base (0: no children), token + 1 (0: none ends here). */
#define BPE_USED 0x100u
#define BPE_NODE(label, base, token1)                                                              \
  ((guint64)(label) | (guint64)(base) << 9 | (guint64)(token1) << 40)
#define BPE_NODE_LABEL(node) ((guint32)(node)&0x1FFu)
#define BPE_NODE_BASE(node) ((guint32)((node) >> 9) & 0x7FFFFFFFu)
#define BPE_NODE_TOKEN1(node) ((guint32)((node) >> 40))

#define BPE_RANK_BITS 18
#define BPE_RANK_MASK ((1u << BPE_RANK_BITS) - 1)
#define BPE_TOKEN_BYTES_MAX 128

#define BPE_TOKEN(left, right, prefix, length)                                                     \
  ((guint64)(left) | (guint64)(right) << 18 | (guint64)(prefix) << 36 | (guint64)(length) << 54)
#define BPE_TOKEN_LEFT(t) ((guint32)(t)&BPE_RANK_MASK)
#define BPE_TOKEN_RIGHT(t) ((guint32)((t) >> 18) & BPE_RANK_MASK)
#define BPE_TOKEN_PREFIX(t) ((guint32)((t) >> 36) & BPE_RANK_MASK) /* itself: none is shorter */
#define BPE_TOKEN_LENGTH(t) ((guint32)((t) >> 54))

#define BPE_PAIR_KEY(left, right) ((guint64)(left) << BPE_RANK_BITS | (right))
#define BPE_PAIR(key, token) ((guint64)(key) << BPE_RANK_BITS | (token))
#define BPE_PAIR_NONE G_MAXUINT64

/* Up to 7 bytes as a number, the first lowest, the length on top. */
#define BPE_WORD(bytes, length) ((guint64)(bytes) | (guint64)(length) << 56)
#define BPE_WORD_MAX 7
#define BPE_LONG_WORD_MAX 15

/* Where a key is looked for first in so many slots; then in the next ones, round the end. */
static inline guint32
bpe_slot (guint64 key, guint32 n_slots)
{
  guint64 mixed = (key ^ key >> 29) * G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);

  return (guint32)((mixed >> 32) * n_slots >> 32);
}

/* The filter has this many bits for each slot of `pairs`: a bit in ten is set. */
#define BPE_FILTER_BITS_A_SLOT 8

/* Classes of characters; a symbol has none. */
enum {
  CLASS_UPPER = 1, /* Lu, Lt */
  CLASS_LOWER = 2, /* Ll */
  CLASS_OTHER = 4, /* Lm, Lo */
  CLASS_MARK = 8,
  CLASS_NUMBER = 16,
  CLASS_SPACE = 32,
  CLASS_NEWLINE = 64, /* CR and LF, which are CLASS_SPACE too */
  CLASS_MULTIBYTE = 128,
  CLASS_LETTER = CLASS_UPPER | CLASS_LOWER | CLASS_OTHER,
};

typedef struct {
  guint8 bytes[256]; /* of ASCII; all others are CLASS_MULTIBYTE */
  guint16 index[0x110000 >> 8];
  guint8 blocks[][256];
} BpeClasses;

/* --- the whole -------------------------------------------------------------------------------- */

/* FNV-1a over 8 bytes at a time of what follows the header. */
guint64 bpe_table_checksum (gconstpointer table, gsize bytes);

/* The encoding of that name; NULL when the table has none, or is none of this version. `table` is
 * aligned to 8 bytes. The checksum is the build's and the tests' to hold, not looked at here. */
const BpeEncoding *bpe_table_find (gconstpointer table, gsize bytes, const char *name);
