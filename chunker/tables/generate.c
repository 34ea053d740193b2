/* generate NAME:PATTERN:FILE... OUTPUT: turns rank files into the table of chunker/bpe-table.h.
 *
 * A rank file has one token a line: base64 of its bytes, a space, its rank. Runs at build time. */
#include "chunker/bpe-table.h"

#include "classes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  GBytes *bytes;
  guint32 rank;
} Token;

typedef struct {
  GArray *by_rank;  /* (element-type Token) */
  GArray *sorted;   /* the same by bytes */
  GHashTable *rank; /* GBytes -> rank + 1 */
  GArray *nodes;    /* (element-type guint64) */
  GArray *pairs;
  GArray *words;
  GArray *long_words;
  GArray *tokens;
} Encoding;

static void die (const char *format, ...) G_GNUC_NORETURN G_GNUC_PRINTF (1, 2);

static void
die (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_printerr ("generate: %s\n", message);
  exit (1);
}

/* --- rank files --------------------------------------------------------------------------------
 */

static int
compare_tokens (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (((const Token *)a)->bytes, ((const Token *)b)->bytes);
}

static void
add_line (Encoding *encoding, const char *file, const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, " ", 2);
  gsize n;

  if (g_strv_length (fields) != 2)
    die ("%s: not a token and its rank: %s", file, line);
  guint8 *bytes = g_base64_decode (fields[0], &n);
  Token token = {g_bytes_new_take (bytes, n), (guint32)g_ascii_strtoull (fields[1], NULL, 10)};
  if (n == 0 || n > BPE_TOKEN_BYTES_MAX || token.rank != encoding->by_rank->len ||
      token.rank > BPE_RANK_MASK)
    die ("%s: rank %s is out of order, or its token too long", file, fields[1]);
  g_array_append_val (encoding->by_rank, token);
  g_hash_table_insert (encoding->rank, token.bytes, GUINT_TO_POINTER (token.rank + 1));
}

static void
read_ranks (Encoding *encoding, const char *file)
{
  g_autofree char *text = NULL;
  GError *error = NULL;

  if (!g_file_get_contents (file, &text, NULL, &error))
    die ("%s", error->message);
  encoding->by_rank = g_array_new (FALSE, FALSE, sizeof (Token));
  encoding->rank = g_hash_table_new (g_bytes_hash, g_bytes_equal);

  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      add_line (encoding, file, *line);
  for (guint byte = 0; byte < 256; byte++) {
    guint8 value = (guint8)byte;
    g_autoptr (GBytes) single = g_bytes_new (&value, 1);
    if (!g_hash_table_contains (encoding->rank, single))
      die ("%s: byte %u is no token", file, byte);
  }
  encoding->sorted = g_array_copy (encoding->by_rank);
  g_array_sort (encoding->sorted, compare_tokens);
}

/* --- the trie ----------------------------------------------------------------------------------
 */

/* Tokens sorted[low..high) share their first `depth` bytes, which lead to `node`. */
typedef struct {
  guint32 node;
  guint low;
  guint high;
  gsize depth;
} Branch;

typedef struct {
  GArray *nodes;
  GByteArray *base_taken;
  guint32 first_free;
} Trie;

static void
trie_reserve (Trie *trie, gsize n)
{
  if (trie->nodes->len < n)
    g_array_set_size (trie->nodes, (guint)n);
  while (trie->base_taken->len < n)
    g_byte_array_append (trie->base_taken, (const guint8[1024]){0}, 1024);
}

static guint64 *
trie_node (Trie *trie, guint32 i)
{
  return &g_array_index (trie->nodes, guint64, i);
}

#define TRIE_LOOK 256

/* A base at which all the labels are free. What is before `first_free` is nearly full and is not
 * looked at again: a search that was long moves it on. */
static guint32
trie_find_base (Trie *trie, const guint8 *labels, guint n)
{
  for (guint32 slot = trie->first_free;; slot++) {
    trie_reserve (trie, slot + 512);
    if (slot > trie->first_free + TRIE_LOOK)
      trie->first_free = slot - TRIE_LOOK / 2;
    if (slot <= labels[0] || trie->base_taken->data[slot - labels[0]])
      continue;

    guint32 base = slot - labels[0];
    guint i = 0;
    while (i < n && !(*trie_node (trie, base + labels[i]) & BPE_USED))
      i++;
    if (i == n) {
      trie->base_taken->data[base] = 1;
      return base;
    }
  }
}

static const guint8 *
token_data (const Encoding *encoding, guint i, gsize *n)
{
  return g_bytes_get_data (g_array_index (encoding->sorted, Token, i).bytes, n);
}

static void
trie_add_children (Trie *trie, const Encoding *encoding, Branch branch, GQueue *todo)
{
  guint8 labels[256];
  guint starts[257];
  guint n = 0;
  gsize bytes;

  if (token_data (encoding, branch.low, &bytes) && bytes == branch.depth) {
    guint32 rank = g_array_index (encoding->sorted, Token, branch.low).rank;
    *trie_node (trie, branch.node) |= BPE_NODE (0, 0, rank + 1);
    branch.low++;
  }
  for (guint i = branch.low; i < branch.high; i++) {
    guint8 label = token_data (encoding, i, &bytes)[branch.depth];
    if (n > 0 && labels[n - 1] == label)
      continue;
    labels[n] = label;
    starts[n++] = i;
  }
  if (n == 0)
    return;
  starts[n] = branch.high;

  guint32 base = trie_find_base (trie, labels, n);
  *trie_node (trie, branch.node) |= BPE_NODE (0, base, 0);
  for (guint i = 0; i < n; i++) {
    *trie_node (trie, base + labels[i]) = BPE_NODE (labels[i] | BPE_USED, 0, 0);
    Branch *child = g_new (Branch, 1);
    *child = (Branch){base + labels[i], starts[i], starts[i + 1], branch.depth + 1};
    g_queue_push_tail (todo, child);
  }
}

/* Breadth first: the nodes that every look-up passes lie together. */
static void
make_nodes (Encoding *encoding)
{
  Trie trie = {g_array_new (FALSE, TRUE, sizeof (guint64)), g_byte_array_new (), 1};
  GQueue todo = G_QUEUE_INIT;
  Branch *root = g_new0 (Branch, 1);

  trie_reserve (&trie, 512);
  *trie_node (&trie, 0) = BPE_USED;
  root->high = encoding->sorted->len;
  g_queue_push_tail (&todo, root);
  while (!g_queue_is_empty (&todo)) {
    g_autofree Branch *branch = g_queue_pop_head (&todo);
    trie_add_children (&trie, encoding, *branch, &todo);
  }
  *trie_node (&trie, 0) &= ~(guint64)BPE_USED;

  guint32 last = trie.nodes->len - 1;
  while (*trie_node (&trie, last) == 0)
    last--;
  /* a base is at most the last node: every byte after it is inside */
  g_array_set_size (trie.nodes, last + 257);
  encoding->nodes = trie.nodes;
  g_byte_array_unref (trie.base_taken);
}

/* --- hash sets ---------------------------------------------------------------------------------
 */

static void
put (GArray *set, guint width, guint64 key, const guint64 *values, guint64 none)
{
  guint32 n = set->len / width;
  guint32 slot = bpe_slot (key, n);

  while (g_array_index (set, guint64, slot * width + width - 1) != none)
    slot = (slot + 1) % n;
  memcpy (&g_array_index (set, guint64, slot * width), values, width * sizeof *values);
}

static GArray *
make_set (guint n, guint width, guint64 none)
{
  GArray *set = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; i < MAX (n * 2, 8) * width; i++)
    g_array_append_val (set, none);
  return set;
}

static guint64
little_endian (const guint8 *data, gsize n)
{
  guint64 value = 0;

  for (gsize i = 0; i < n; i++)
    value |= (guint64)data[i] << 8 * i;
  return value;
}

static void
make_words (Encoding *encoding)
{
  guint n_short = 0, n_long = 0;
  gsize n;

  for (guint i = 0; i < encoding->sorted->len; i++) {
    token_data (encoding, i, &n);
    n_short += n <= BPE_WORD_MAX;
    n_long += n > BPE_WORD_MAX && n <= BPE_LONG_WORD_MAX;
  }
  encoding->words = make_set (n_short, 1, 0);
  encoding->long_words = make_set (n_long, 2, 0);
  for (guint i = 0; i < encoding->by_rank->len; i++) {
    const guint8 *data = g_bytes_get_data (g_array_index (encoding->by_rank, Token, i).bytes, &n);
    if (n <= BPE_WORD_MAX) {
      guint64 word = BPE_WORD (little_endian (data, n), n);
      put (encoding->words, 1, word, &word, 0);
    } else if (n <= BPE_LONG_WORD_MAX) {
      guint64 word[2] = {little_endian (data, 8), BPE_WORD (little_endian (data + 8, n - 8), n)};
      put (encoding->long_words, 2, word[0] ^ word[1], word, 0);
    }
  }
}

/* --- merges ------------------------------------------------------------------------------------
 */

/* The rank of data[0..n), or -1. */
static gint64
rank_of (const Encoding *encoding, const guint8 *data, gsize n)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, n);

  return (gint64)GPOINTER_TO_UINT (g_hash_table_lookup (encoding->rank, bytes)) - 1;
}

/* The two tokens that merging leaves of a token's bytes before its own merge, the last one:
 * straight byte pair encoding, by lowest rank, by the leftmost of equals. */
static void
split_token (const Encoding *encoding, guint32 rank, const guint8 *data, gsize n, guint32 parts[2])
{
  gsize ends[BPE_TOKEN_BYTES_MAX + 1]; /* ends[i]: where part i begins; the last one: n */
  gsize n_parts = n;

  for (gsize i = 0; i <= n; i++)
    ends[i] = i;
  while (n_parts > 2) {
    gint64 lowest = -1;
    gsize at = 0;
    for (gsize i = 0; i + 1 < n_parts; i++) {
      gint64 found = rank_of (encoding, data + ends[i], ends[i + 2] - ends[i]);
      if (found >= 0 && (lowest < 0 || found < lowest)) {
        lowest = found;
        at = i;
      }
    }
    if (lowest < 0 || lowest >= rank)
      die ("token %u cannot be merged of its bytes", rank);
    memmove (ends + at + 1, ends + at + 2, (n_parts - at - 1) * sizeof *ends);
    n_parts--;
  }
  parts[0] = (guint32)rank_of (encoding, data, ends[1]);
  parts[1] = (guint32)rank_of (encoding, data + ends[1], n - ends[1]);
}

static guint32
longest_shorter (const Encoding *encoding, guint32 rank, const guint8 *data, gsize n)
{
  while (--n > 0) {
    gint64 found = rank_of (encoding, data, n);
    if (found >= 0)
      return (guint32)found;
  }
  return rank;
}

static void
make_tokens (Encoding *encoding)
{
  encoding->tokens = g_array_new (FALSE, FALSE, sizeof (guint64));
  encoding->pairs = make_set (encoding->by_rank->len, 1, BPE_PAIR_NONE);
  for (guint32 rank = 0; rank < encoding->by_rank->len; rank++) {
    gsize n;
    const guint8 *data =
        g_bytes_get_data (g_array_index (encoding->by_rank, Token, rank).bytes, &n);
    guint32 parts[2] = {rank, rank};

    if (n > 1) {
      split_token (encoding, rank, data, n, parts);
      guint64 key = BPE_PAIR_KEY (parts[0], parts[1]);
      guint64 pair = BPE_PAIR (key, rank);
      put (encoding->pairs, 1, key, &pair, BPE_PAIR_NONE);
    }
    guint64 token = BPE_TOKEN (parts[0], parts[1], longest_shorter (encoding, rank, data, n), n);
    g_array_append_val (encoding->tokens, token);
  }
}

/* --- classes -----------------------------------------------------------------------------------
 */

static guint8
class_of (const ClassRange *range, guint32 code)
{
  static const guint8 of_kind[] = {CLASS_UPPER, CLASS_LOWER,  CLASS_OTHER,
                                   CLASS_MARK,  CLASS_NUMBER, CLASS_SPACE};

  if (range->kind == CASED)
    return (code - range->first) % 2 == 0 ? CLASS_UPPER : CLASS_LOWER;
  if (code == '\n' || code == '\r')
    return CLASS_SPACE | CLASS_NEWLINE;
  return of_kind[range->kind];
}

/* Blocks that are the same are there once. (transfer full) */
static GByteArray *
make_classes (void)
{
  g_autofree guint8 *all = g_malloc0 (0x110000);
  BpeClasses *classes = g_malloc0 (sizeof *classes);
  GByteArray *blocks = g_byte_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (class_ranges); i++)
    for (guint32 code = class_ranges[i].first; code <= class_ranges[i].last; code++)
      all[code] = class_of (&class_ranges[i], code);
  memset (classes->bytes, CLASS_MULTIBYTE, sizeof classes->bytes);
  memcpy (classes->bytes, all, 128);
  for (guint i = 0; i < G_N_ELEMENTS (classes->index); i++) {
    guint block = 0;
    while (block < blocks->len / 256 &&
           memcmp (blocks->data + block * 256, all + i * 256, 256) != 0)
      block++;
    if (block == blocks->len / 256)
      g_byte_array_append (blocks, all + i * 256, 256);
    classes->index[i] = (guint16)block;
  }

  GByteArray *out = g_byte_array_new_take ((guint8 *)classes, sizeof *classes);
  g_byte_array_append (out, blocks->data, blocks->len);
  g_byte_array_unref (blocks);
  return out;
}

/* One bit for each pair. (transfer full) */
static GByteArray *
make_filter (const GArray *pairs)
{
  guint32 n_bits = pairs->len * BPE_FILTER_BITS_A_SLOT;
  GByteArray *filter = g_byte_array_new ();

  g_byte_array_set_size (filter, n_bits / 8);
  memset (filter->data, 0, filter->len);
  for (guint i = 0; i < pairs->len; i++) {
    guint64 pair = g_array_index (pairs, guint64, i);
    guint32 bit = bpe_slot (pair >> BPE_RANK_BITS, n_bits);

    if (pair != BPE_PAIR_NONE)
      filter->data[bit / 8] |= (guint8)(1u << bit % 8);
  }
  return filter;
}

/* --- the file ----------------------------------------------------------------------------------
 */

static guint32
append (GByteArray *out, gconstpointer data, gsize bytes)
{
  while (out->len % 8 != 0)
    g_byte_array_append (out, (const guint8 *)"", 1);

  guint32 offset = out->len;
  g_byte_array_append (out, data, (guint)bytes);
  return offset;
}

static guint32
append_array (GByteArray *out, const GArray *array)
{
  return append (out, array->data, array->len * sizeof (guint64));
}

/* what: NAME:PATTERN:FILE */
static void
append_encoding (GByteArray *out, const char *what, guint i, guint32 classes)
{
  g_auto (GStrv) fields = g_strsplit (what, ":", 3);
  Encoding e = {0};
  BpeEncoding record = {.classes = classes};

  if (g_strv_length (fields) != 3)
    die ("not NAME:PATTERN:FILE: %s", what);
  record.self = (guint32)(G_STRUCT_OFFSET (BpeTable, encodings) + i * sizeof record);
  g_strlcpy (record.name, fields[0], sizeof record.name);
  record.pattern = (guint32)g_ascii_strtoull (fields[1], NULL, 10);
  read_ranks (&e, fields[2]);
  make_nodes (&e);
  make_words (&e);
  make_tokens (&e);

  g_autoptr (GByteArray) filter = make_filter (e.pairs);

  record.n_tokens = e.tokens->len;
  record.n_nodes = e.nodes->len;
  record.n_pairs = e.pairs->len;
  record.n_words = e.words->len;
  record.n_long_words = e.long_words->len / 2;
  record.nodes = append_array (out, e.nodes);
  record.pairs = append_array (out, e.pairs);
  record.filter = append (out, filter->data, filter->len);
  record.n_filter_bits = filter->len * 8;
  record.words = append_array (out, e.words);
  record.long_words = append_array (out, e.long_words);
  record.tokens = append_array (out, e.tokens);
  memcpy (out->data + record.self, &record, sizeof record);
}

int
main (int argc, char **argv)
{
  BpeTable header = {.magic = BPE_TABLE_MAGIC, .version = BPE_TABLE_VERSION};
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) classes = make_classes ();
  GError *error = NULL;

  if (argc < 3 || argc - 2 > BPE_ENCODINGS_MAX)
    die ("usage: generate NAME:PATTERN:FILE... OUTPUT");
  g_byte_array_append (out, (const guint8 *)&header, sizeof header);

  guint32 classes_at = append (out, classes->data, classes->len);
  for (int i = 1; i < argc - 1; i++)
    append_encoding (out, argv[i], (guint)i - 1, classes_at);
  append (out, NULL, 0);
  memcpy (&header, out->data, sizeof header);
  header.n_encodings = (guint32)argc - 2;
  header.bytes = out->len;
  header.checksum = bpe_table_checksum (out->data, out->len);
  memcpy (out->data, &header, G_STRUCT_OFFSET (BpeTable, encodings));
  if (!g_file_set_contents (argv[argc - 1], (const char *)out->data, out->len, &error))
    die ("%s", error->message);
  return 0;
}
