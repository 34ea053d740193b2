/* Budgets, overlap and context: what holds for every setting of the chunker, by exact counters. */
#include "kept-chunks.h"
#include "random-document.h"

/* The exact ones only where the rank tables are built in. */
static gboolean
open_counter (TokenCounter *counter, const char *name)
{
  gsize bytes;
  gconstpointer table = token_table_linked (&bytes);

  return token_counter_open (counter, name, table, bytes, NULL);
}

static ChunkerOptions
random_options (GRand *random, const TokenCounter *counter)
{
  ChunkerOptions options = {.counter = counter};

  options.unit = (ChunkerUnit)g_rand_int_range (random, 0, 2);
  options.max = (guint)g_rand_int_range (random, CHUNKER_MAX_MIN, 700);
  options.target = (guint)g_rand_int_range (random, 1, (gint32)options.max + 1);
  options.min = (guint)g_rand_int_range (random, 0, (gint32)options.target + 1);
  if (g_rand_boolean (random))
    options.overlap = (guint)g_rand_int_range (random, 0, (gint32)options.max / 2 + 1);
  options.context_prefix = g_rand_boolean (random);
  return options;
}

static void
check_same (const GArray *a, const GArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++) {
    g_assert_cmpstr (KEPT (a, i)->content, ==, KEPT (b, i)->content);
    g_assert_cmpuint (KEPT (a, i)->start_byte, ==, KEPT (b, i)->start_byte);
  }
}

/* No two chunks span the same text. */
static void
check_different (const GArray *chunks)
{
  for (guint i = 1; i < chunks->len; i++) {
    g_assert_cmpuint (KEPT (chunks, i)->end_byte, >, KEPT (chunks, i - 1)->end_byte);
    g_assert_cmpuint (KEPT (chunks, i)->start_byte, >, KEPT (chunks, i - 1)->start_byte);
  }
}

static void
test_holds_for_all_settings (void)
{
  static const char *const names[] = {"estimate", "cl100k_base", "o200k_base"};
  g_autoptr (GRand) random = g_rand_new_with_seed (4711);

  for (int round = 0; round < 150; round++) {
    g_auto (TokenCounter) counter = {0};
    if (!open_counter (&counter, names[round % 3]))
      continue;

    g_autoptr (Document) document =
        random_document (random, (guint)g_rand_int_range (random, 1, 60));
    ChunkerOptions options = random_options (random, &counter);
    document->title = g_strdup (round % 4 == 0 ? "A title of the whole" : NULL);
    g_autoptr (GArray) chunks = run_with (document, &options);
    g_autoptr (GArray) again = run_with (document, &options);

    g_assert_cmpuint (chunks->len, >, 0);
    check_with (document, &options, chunks);
    check_graphemes (document, chunks);
    check_different (chunks);
    check_same (chunks, again);
  }
}

/* --- overlap ---------------------------------------------------------------------------------- */

static Document *
prose (guint n)
{
  Document *document = document_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "Sentence number %u says a little of its own. ", i);
  document_append (document, BLOCK_PARAGRAPH, 0, 1, "", 0, text->str, text->len - 1);
  return document;
}

static void
test_overlap_is_of_whole_sentences (void)
{
  ChunkerOptions options = {.target = 100, .max = 128, .overlap = 40};
  g_autoptr (Document) document = prose (300);
  g_autoptr (GArray) chunks = run_with (document, &options);

  check_with (document, &options, chunks);
  g_assert_cmpuint (chunks->len, >, 20);
  for (guint i = 1; i < chunks->len; i++) {
    const Kept *kept = KEPT (chunks, i);
    g_assert_true (g_str_has_prefix (kept->content, "Sentence number"));
    g_assert_cmpuint (kept->overlap_chars, >, 40);
    g_assert_cmpuint (kept->overlap_chars, <=, 40 * 4);
    g_assert_cmpuint (kept->start_byte + kept->overlap_chars, ==, KEPT (chunks, i - 1)->end_byte);
  }
}

/* In text of any kind, words or not, there is an overlap of at most what was asked for. */
static void
test_overlap_is_always_there (void)
{
  static const char *const pieces[] = {"x", "字", "a word ", "| a | b |\n", "ไทย", ". ", "é\n"};
  ChunkerOptions options = {
      .unit = CHUNKER_UNIT_CHARACTERS, .target = 90, .max = 100, .overlap = 20};

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (int kind = BLOCK_PARAGRAPH; kind <= BLOCK_KIND_LAST; kind++) {
      g_autoptr (Document) document = document_new ();
      g_autoptr (GString) text = g_string_new (NULL);
      while (text->len < 5000)
        g_string_append (text, pieces[i]);
      document_append (document, (BlockKind)kind, 1, 0, "", 0, text->str, text->len);

      g_autoptr (GArray) chunks = run_with (document, &options);
      check_with (document, &options, chunks);
      check_different (chunks);
      for (guint c = 1; c < chunks->len; c++) {
        g_assert_cmpuint (KEPT (chunks, c)->overlap_chars, >, 0);
        g_assert_cmpuint (KEPT (chunks, c)->overlap_chars, <=, 20);
      }
    }
}

static void
test_rows_overlap_below_the_header (void)
{
  static const char header[] = "| name | value |\n| --- | --- |\n";
  ChunkerOptions options = {.target = 100, .max = 128, .overlap = 30};
  g_autoptr (Document) document = document_new ();
  g_autoptr (GString) text = g_string_new (header);

  for (int i = 0; i < 300; i++)
    g_string_append_printf (text, "| name %d | value %d |\n", i, i);
  document_append (document, BLOCK_TABLE, 0, 0, "", 0, text->str, text->len - 1);

  g_autoptr (GArray) chunks = run_with (document, &options);
  check_with (document, &options, chunks);
  for (guint i = 1; i < chunks->len; i++) {
    const Kept *kept = KEPT (chunks, i);
    g_assert_true (g_str_has_prefix (kept->content, header));
    g_assert_true (g_str_has_prefix (kept->content + kept->prefix_bytes, "| name "));
    g_assert_cmpuint (kept->overlap_chars, >, 0);
  }
}

/* --- context ---------------------------------------------------------------------------------- */

static Document *
two_sections (void)
{
  Document *document = document_new ();
  g_autoptr (Document) body = prose (40);

  document->title = g_strdup ("The  Book\nof Tides");
  document_append (document, BLOCK_HEADING, 1, 1, "", 0, "# Harbour", 9);
  document_append (document, BLOCK_HEADING, 2, 1, "\n\n", 2, "## Ships", 8);
  document_append (document, BLOCK_PARAGRAPH, 0, 1, "\n\n", 2, body->text->str, body->text->len);
  document_append (document, BLOCK_HEADING, 2, 2, "\n\n", 2, "## Piers", 8);
  document_append (document, BLOCK_PARAGRAPH, 0, 2, "\n\n", 2, body->text->str, body->text->len);
  return document;
}

static void
test_context_names_what_stands_above (void)
{
  ChunkerOptions options = {.target = 100, .max = 128, .context_prefix = TRUE};
  g_autoptr (Document) document = two_sections ();
  g_autoptr (GArray) chunks = run_with (document, &options);
  gboolean piers = FALSE;

  check_with (document, &options, chunks);
  for (guint i = 0; i < chunks->len; i++) {
    const Kept *kept = KEPT (chunks, i);
    const char *own = kept->content + kept->prefix_bytes;
    const char *expected = "The Book of Tides > Harbour > Ships\n\n";

    if (i == 0)
      expected = "The Book of Tides\n\n";
    else if (g_str_has_prefix (own, "## Piers"))
      expected = "The Book of Tides > Harbour\n\n"; /* its own heading it has itself */
    else if (piers)
      expected = "The Book of Tides > Harbour > Piers\n\n";
    piers |= g_str_has_prefix (own, "## Piers");
    g_assert_true (g_str_has_prefix (kept->content, expected));
    g_assert_cmpuint (kept->prefix_bytes, ==, strlen (expected));
  }
  g_assert_true (piers);
}

static void
test_a_title_is_said_once (void)
{
  ChunkerOptions options = {.target = 100, .max = 128, .context_prefix = TRUE};
  g_autoptr (Document) document = two_sections ();

  g_free (document->title);
  document->title = g_strdup ("Harbour");
  g_autoptr (GArray) chunks = run_with (document, &options);
  g_assert_true (g_str_has_prefix (KEPT (chunks, 1)->content, "Harbour > Ships\n\n"));
}

/* Of titles too long for it, the outermost go. */
static void
test_context_takes_a_quarter_at_most (void)
{
  ChunkerOptions options = {.target = 100, .max = 128, .context_prefix = TRUE};
  g_autoptr (Document) document = two_sections ();

  g_free (document->title);
  document->title = g_strnfill (400, 'T');
  g_autoptr (GArray) chunks = run_with (document, &options);
  check_with (document, &options, chunks);
  g_assert_true (g_str_has_prefix (KEPT (chunks, 1)->content, "Harbour > Ships\n\n"));

  options.max = options.target = 16;
  g_autoptr (GArray) small = run_with (document, &options);
  check_with (document, &options, small);
  g_assert_true (g_str_has_prefix (KEPT (small, 2)->content, "Ships\n\n"));
}

/* --- units and sizes -------------------------------------------------------------------------- */

static void
test_characters_are_code_points (void)
{
  ChunkerOptions options = {.unit = CHUNKER_UNIT_CHARACTERS, .target = 50, .max = 60};
  g_autoptr (Document) document = document_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 200; i++)
    g_string_append (text, "这是一个句子。");
  document_append (document, BLOCK_PARAGRAPH, 0, 0, "", 0, text->str, text->len);

  g_autoptr (GArray) chunks = run_with (document, &options);
  check_with (document, &options, chunks);
  for (guint i = 0; i + 1 < chunks->len; i++)
    g_assert_cmpuint (KEPT (chunks, i)->cut.size, >=, 28);
}

static void
test_min_merges_sections (void)
{
  ChunkerOptions options = {.target = 100, .max = 128, .min = 60};
  g_autoptr (Document) document = document_new ();

  for (int i = 0; i < 100; i++) {
    document_append (document, BLOCK_HEADING, 1, 0, "\n\n", i == 0 ? 0 : 2, "# Small", 7);
    document_append (document, BLOCK_PARAGRAPH, 0, 0, "\n\n", 2, "No more than a few words here.",
                     30);
  }
  g_autoptr (GArray) chunks = run_with (document, &options);
  check_with (document, &options, chunks);
  for (guint i = 0; i + 1 < chunks->len; i++) {
    g_assert_cmpuint (KEPT (chunks, i)->tokens, >=, 60);
    g_assert_cmpint (KEPT (chunks, i)->cut.kind, ==, CUT_SECTION);
  }
}

static void
test_default_counter_is_exact (void)
{
  gsize bytes;
  gconstpointer table = token_table_linked (&bytes);
  g_auto (TokenCounter) counter = {0}, exact = {0};

  token_counter_open_default (&counter, table, bytes);
  g_assert_cmpstr (counter.name, ==,
                   open_counter (&exact, "cl100k_base") ? "cl100k_base" : "estimate");
  token_counter_clear (&counter);
  token_counter_open_default (&counter, "", 0);
  g_assert_cmpstr (counter.name, ==, "estimate");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunker-options/holds-for-all-settings", test_holds_for_all_settings);
  g_test_add_func ("/chunker-options/overlap-is-of-whole-sentences",
                   test_overlap_is_of_whole_sentences);
  g_test_add_func ("/chunker-options/overlap-is-always-there", test_overlap_is_always_there);
  g_test_add_func ("/chunker-options/rows-overlap-below-the-header",
                   test_rows_overlap_below_the_header);
  g_test_add_func ("/chunker-options/context-names-what-stands-above",
                   test_context_names_what_stands_above);
  g_test_add_func ("/chunker-options/a-title-is-said-once", test_a_title_is_said_once);
  g_test_add_func ("/chunker-options/context-takes-a-quarter-at-most",
                   test_context_takes_a_quarter_at_most);
  g_test_add_func ("/chunker-options/characters-are-code-points", test_characters_are_code_points);
  g_test_add_func ("/chunker-options/min-merges-sections", test_min_merges_sections);
  g_test_add_func ("/chunker-options/default-counter-is-exact", test_default_counter_is_exact);
  return g_test_run ();
}
