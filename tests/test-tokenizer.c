/* Exact token counts: the same as tiktoken's, and what else chunker/token-counter.h promises. */
#include "chunker/bpe.h"
#include "chunker/chunker.h"
#include "chunker/token-table.h"
#include "random-text.h"
#include "slow-bpe.h"

static const char *const names[] = {"cl100k_base", "o200k_base"};

/* (nullable) */
static const BpeEncoding *
encoding (const char *name)
{
  gsize bytes;
  gconstpointer table = token_table_linked (&bytes);

  return bpe_table_find (table, bytes, name);
}

/* At work. */
static Bpe *
bpe (const char *name)
{
  return bpe_new (encoding (name));
}

static TokenCounter
counter (const char *name)
{
  gsize bytes;
  gconstpointer table = token_table_linked (&bytes);
  TokenCounter opened;
  g_autoptr (GError) error = NULL;

  token_counter_open (&opened, name, table, bytes, &error);
  g_assert_no_error (error);
  return opened;
}

static int
rounds (int quick)
{
  return g_strcmp0 (g_getenv ("INGEST_TESTS"), "full") == 0 ? quick * 20 : quick;
}

/* --- the same as tiktoken ----------------------------------------------------------------------
 */

static void
assert_ids (const char *name, const char *text, const guint32 *ids, guint n)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_autoptr (Bpe) b = bpe (name);

  bpe_encode (b, text, strlen (text), found);
  g_assert_cmpmem (found->data, found->len * sizeof (guint32), ids, n * sizeof (guint32));
  g_assert_cmpuint (bpe_count (b, text, strlen (text)), ==, n);
}
#define ASSERT_IDS(name, text, ...)                                                                \
  assert_ids (name, text, (const guint32[]){__VA_ARGS__},                                          \
              sizeof ((const guint32[]){__VA_ARGS__}) / sizeof (guint32))

static void
test_known_vectors (void)
{
  ASSERT_IDS ("cl100k_base", "hello world", 15339, 1917);
  ASSERT_IDS ("cl100k_base", "tiktoken is great!", 83, 1609, 5963, 374, 2294, 0);
  ASSERT_IDS ("o200k_base", "hello world", 24912, 2375);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (Bpe) b = bpe (names[i]);
    g_assert_cmpuint (bpe_count (b, "", 0), ==, 0);
  }
}

static void
test_special_tokens_are_text (void)
{
  ASSERT_IDS ("cl100k_base", "<|endoftext|>", 27, 91, 8862, 728, 428, 91, 29);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (Bpe) b = bpe (names[i]);
    g_assert_cmpuint (bpe_count (b, "<|endofprompt|>", 15), >, 1);
  }
}

static void
test_same_as_slow_reference (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint e = 0; e < G_N_ELEMENTS (names); e++) {
    SlowBpe *slow = slow_bpe_new (encoding (names[e]));
    g_autoptr (Bpe) b = bpe (names[e]);
    for (int i = 0; i < rounds (20000); i++) {
      random_text (random, text, g_rand_int_range (random, 1, 24));
      g_autoptr (GArray) wanted = slow_bpe_encode (slow, text->str, text->len);
      g_array_set_size (ids, 0);
      bpe_encode (b, text->str, text->len, ids);
      g_assert_cmpmem (ids->data, ids->len * 4, wanted->data, wanted->len * 4);
      g_assert_cmpuint (bpe_count (b, text->str, text->len), ==, wanted->len);
    }
    slow_bpe_free (slow);
  }
}

/* --- prefix, growth ----------------------------------------------------------------------------
 */

static gsize
longest_prefix (const TokenCounter *c, const GString *text, gsize max)
{
  for (gsize end = text->len; end > 0; end--)
    if ((end == text->len || (text->str[end] & 0xC0) != 0x80) &&
        c->count (c->data, text->str, end) <= max)
      return end;
  return 0;
}

static void
test_prefix_is_the_longest (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint e = 0; e < G_N_ELEMENTS (names); e++) {
    g_auto (TokenCounter) c = counter (names[e]);
    for (int i = 0; i < rounds (5000); i++) {
      random_text (random, text, g_rand_int_range (random, 1, 20));
      gsize all = c.count (c.data, text->str, text->len);
      for (gsize max = 0; max <= all + 1; max++)
        g_assert_cmpuint (c.prefix (c.data, text->str, text->len, max), ==,
                          longest_prefix (&c, text, max));
    }
  }
}

/* Pieces too long to be counted whole before they are known to fit. */
static void
test_prefix_within_a_long_piece (void)
{
  static const char *const units[] = {"a",
                                      ("\xC2\xAA"
                                       "AB"),
                                      " ",
                                      " \n",
                                      "\xE4\xB8\xAD\xE6\x96\x87",
                                      "\xCC\x81",
                                      "!",
                                      "ab",
                                      "\xE3\x80\x80 ",
                                      "xyzzy"};
  static const char *const ends[] = {"",
                                     "d",
                                     "'re",
                                     " x",
                                     "  1",
                                     "\n",
                                     ("\xCC\x81"
                                      "B")};

  for (guint e = 0; e < G_N_ELEMENTS (names); e++) {
    g_auto (TokenCounter) c = counter (names[e]);
    for (guint u = 0; u < G_N_ELEMENTS (units); u++)
      for (guint k = 0; k < G_N_ELEMENTS (ends); k++) {
        g_autoptr (GString) text = g_string_new ("Z");
        while (text->len < 300)
          g_string_append (text, units[u]);
        g_string_append (text, ends[k]);
        gsize all = c.count (c.data, text->str, text->len);
        for (gsize max = 0; max <= all; max += max + 5 < all ? 1 + all / 8 : 1)
          g_assert_cmpuint (c.prefix (c.data, text->str, text->len, max), ==,
                            longest_prefix (&c, text, max));
      }
  }
}

static void
test_growing_is_counting_anew (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint e = 0; e <= G_N_ELEMENTS (names); e++) {
    g_auto (TokenCounter) c = counter (e < G_N_ELEMENTS (names) ? names[e] : "estimate");
    for (int i = 0; i < rounds (3000); i++) {
      TokenGrowth growth = {0};
      g_string_truncate (text, 0);
      for (int n = 0; n < 24; n++) {
        random_text_add (random, text);
        g_assert_cmpuint (c.count_grown (c.data, &growth, text->str, text->len), ==,
                          c.count (c.data, text->str, text->len));
      }
    }
  }
}

/* The pieces of a text that goes on are those of its beginning, but for the open ones; from a few
 * before any place on, the rest up to there is counted as in the whole. */
static void
check_pieces (const TokenCounter *c, const GString *text)
{
  g_autofree TokenPiece *all = g_new0 (TokenPiece, text->len + 1);
  g_autofree TokenPiece *shown = g_new0 (TokenPiece, text->len + 1);
  gsize n = 1 + c->pieces (c->data, all[0], text->str, text->len, all + 1);
  gsize open = c->adds_up ? 0 : TOKEN_PIECES_OPEN;

  g_assert_cmpuint (all[n - 1].end, ==, text->len);
  g_assert_cmpuint ((all[n - 1].tokens + c->units - 1) / c->units, ==,
                    c->count (c->data, text->str, text->len));
  for (gsize end = 1, i = 0; end < text->len; end++) {
    if (((guchar)text->str[end] & 0xC0) == 0x80)
      continue;
    while (all[i + 1].end <= end)
      i++;
    const TokenPiece *known = &all[i - MIN (i, 2 * open)];
    TokenGrowth growth = {known->end, known->tokens};
    g_assert_cmpuint (c->count_grown (c->data, &growth, text->str, end), ==,
                      c->count (c->data, text->str, end));
    if (open == 0)
      continue;
    gsize n_shown = c->pieces (c->data, (TokenPiece){0}, text->str, end, shown);
    n_shown -= MIN (n_shown, open);
    g_assert_cmpmem (shown, n_shown * sizeof *shown, all + 1, n_shown * sizeof *shown);
  }
}

static void
test_pieces_hold_wherever_the_text_ends (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint e = 0; e <= G_N_ELEMENTS (names); e++) {
    g_auto (TokenCounter) c = counter (e < G_N_ELEMENTS (names) ? names[e] : "estimate");
    for (int i = 0; i < rounds (3000); i++) {
      g_string_truncate (text, 0);
      for (int n = 0; n < 12; n++)
        random_text_add (random, text);
      check_pieces (&c, text);
    }
  }
}

/* --- hard texts --------------------------------------------------------------------------------
 */

/* Ten times as long takes at most thirty times as long: linear, on a machine that does other things
 * too.
 */
static void
test_long_runs_take_linear_time (void)
{
  static const char *const units[] = {"a",
                                      " ",
                                      "\xCC\x81",
                                      "\n",
                                      "A",
                                      "\xC2\xAA",
                                      " \n",
                                      "ab",
                                      "\xE4\xB8\xAD",
                                      "\xF0\x9F\x98\x80",
                                      "'re",
                                      "/",
                                      ("\xC2\xAA"
                                       "AAAAAAAAAAAAAAAAAAAA")};

  for (guint e = 0; e < G_N_ELEMENTS (names); e++) {
    g_auto (TokenCounter) c = counter (names[e]);
    for (guint u = 0; u < G_N_ELEMENTS (units); u++) {
      double seconds[2];
      for (int big = 0; big < 2; big++) {
        gsize bytes = (gsize)rounds (500000) / (big ? 1 : 10);
        g_autoptr (GString) text = g_string_sized_new (bytes + 32);
        while (text->len < bytes)
          g_string_append (text, units[u]);
        g_autoptr (GTimer) timer = g_timer_new ();
        gsize all = c.count (c.data, text->str, text->len);
        gsize most = c.prefix (c.data, text->str, text->len, all / 2);
        seconds[big] = g_timer_elapsed (timer, NULL);
        g_assert_cmpuint (c.count (c.data, text->str, most), <=, all / 2);
        g_assert_cmpuint (all, >=, bytes / BPE_TOKEN_BYTES_MAX);
      }
      if (seconds[1] > 30 * seconds[0] + 0.5)
        g_error ("%s: ten times as many '%s' take %.2f s, not %.3f s", names[e], units[u],
                 seconds[1], seconds[0]);
    }
  }
}

/* --- the table ---------------------------------------------------------------------------------
 */

static void
test_table_is_whole (void)
{
  gsize bytes;
  const BpeTable *table = token_table_linked (&bytes);

  g_assert_cmpuint (bpe_table_checksum (table, bytes), ==, table->checksum);
  g_assert_cmpuint (encoding ("cl100k_base")->n_tokens, ==, 100256);
  g_assert_cmpuint (encoding ("o200k_base")->n_tokens, ==, 199998);
  g_assert_null (encoding ("cl100k"));
}

static void
test_other_tables_are_refused (void)
{
  BpeTable table = {.magic = BPE_TABLE_MAGIC, .version = BPE_TABLE_VERSION, .bytes = sizeof table};
  TokenCounter opened;
  g_autoptr (GError) error = NULL;

  g_assert_null (bpe_table_find ("", 0, "cl100k_base"));
  g_assert_null (bpe_table_find (&table, sizeof table - 1, "cl100k_base"));
  table.version++;
  g_assert_null (bpe_table_find (&table, sizeof table, "cl100k_base"));

  g_assert_false (token_counter_open (&opened, "cl100k_base", "", 0, &error));
  g_assert_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS);
  g_assert_nonnull (strstr (error->message, "make tokens"));
  g_clear_error (&error);
  g_assert_false (token_counter_open (&opened, "p50k", "", 0, &error));
  g_assert_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS);
  g_assert_true (token_counter_open (&opened, "estimate", "", 0, NULL));
}

/* --- chunks ------------------------------------------------------------------------------------
 */

static gboolean
check_chunk (const Chunk *chunk, gpointer user_data, GError **error)
{
  const ChunkerOptions *options = user_data;
  const TokenCounter *c = options->counter;
  gsize tokens = c->count (c->data, chunk->content, chunk->content_bytes);

  g_assert_cmpuint (tokens, ==, chunk->token_count);
  g_assert_cmpuint (tokens, <=, options->max);
  return TRUE;
}

static void
test_chunks_keep_exact_budgets (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (10);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint e = 0; e < G_N_ELEMENTS (names); e++) {
    g_auto (TokenCounter) c = counter (names[e]);
    ChunkerOptions options = {.target = 90, .max = 100, .counter = &c};
    for (int i = 0; i < rounds (20); i++) {
      g_autoptr (Document) document = document_new ();
      g_autoptr (GError) error = NULL;
      random_text (random, text, 2000);
      g_string_append_len (document->text, text->str, (gssize)text->len);
      chunker_run (document, &options, check_chunk, &options, &error);
      g_assert_no_error (error);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tokenizer/other-tables-are-refused", test_other_tables_are_refused);
  if (encoding (names[0]) != NULL) {
    g_test_add_func ("/tokenizer/table-is-whole", test_table_is_whole);
    g_test_add_func ("/tokenizer/known-vectors", test_known_vectors);
    g_test_add_func ("/tokenizer/special-tokens-are-text", test_special_tokens_are_text);
    g_test_add_func ("/tokenizer/same-as-slow-reference", test_same_as_slow_reference);
    g_test_add_func ("/tokenizer/prefix-is-the-longest", test_prefix_is_the_longest);
    g_test_add_func ("/tokenizer/prefix-within-a-long-piece", test_prefix_within_a_long_piece);
    g_test_add_func ("/tokenizer/growing-is-counting-anew", test_growing_is_counting_anew);
    g_test_add_func ("/tokenizer/pieces-hold-wherever-the-text-ends",
                     test_pieces_hold_wherever_the_text_ends);
    g_test_add_func ("/tokenizer/long-runs-take-linear-time", test_long_runs_take_linear_time);
    g_test_add_func ("/tokenizer/chunks-keep-exact-budgets", test_chunks_keep_exact_budgets);
  } else
    g_test_message ("SKIP the exact tokenizers: built without rank tables (npm, network)");
  return g_test_run ();
}
