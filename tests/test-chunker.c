/* What the chunker promises (chunker.h), for made-up documents of every kind and hostile ones. */
#include "kept-chunks.h"

#include "chunker/markdown.h"
#include "random-document.h"

static GArray *
run (const Document *document, guint target, guint max)
{
  ChunkerOptions options = {.target = target, .max = max};

  return run_with (document, &options);
}

static void
check (const Document *document, const GArray *chunks, guint max)
{
  ChunkerOptions options = {.target = max, .max = max};

  check_with (document, &options, chunks);
}

static void
test_holds_for_random_documents (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (int round = 0; round < 60; round++) {
    g_autoptr (Document) document =
        random_document (random, (guint)g_rand_int_range (random, 1, 60));
    guint max = (guint)g_rand_int_range (random, CHUNKER_MAX_MIN, 600);
    guint target = (guint)g_rand_int_range (random, 1, (gint32)max + 1);
    g_autoptr (GArray) chunks = run (document, target, max);
    g_autoptr (GArray) again = run (document, target, max);

    g_assert_cmpuint (chunks->len, >, 0);
    check (document, chunks, max);
    check_graphemes (document, chunks);
    g_assert_cmpuint (again->len, ==, chunks->len);
    for (guint i = 0; i < chunks->len; i++)
      g_assert_cmpstr (KEPT (chunks, i)->content, ==, KEPT (again, i)->content);
  }
}

static void
test_heading_never_ends_a_chunk (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 40; round++) {
    g_autoptr (Document) document = random_document (random, 50);
    g_autoptr (GArray) chunks = run (document, 200, 256);

    for (guint i = 0; i + 1 < chunks->len; i++)
      for (guint b = 0; b < document->blocks->len; b++) {
        const Block *block = &g_array_index (document->blocks, Block, b);
        if (block->kind != BLOCK_HEADING || block->start_byte == KEPT (chunks, i)->start_byte)
          continue;
        gsize end = KEPT (chunks, i)->end_byte;
        g_assert_false (end > block->start_byte && end <= block->end_byte + 2);
      }
  }
}

static Document *
document_of (BlockKind kind, const char *text, gsize bytes)
{
  Document *document = document_new ();

  document_append (document, kind, 1, 1, "", 0, text, bytes);
  return document;
}

/* Nothing but headings: a chunk must end with one, but it need not be one. */
static void
test_a_run_of_headings_is_packed (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (text, "## Entry %d\n\n", i);

  g_autoptr (Document) document = markdown_document (text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 100, 128);
  check (document, chunks, 128);
  g_assert_cmpuint (chunks->len, <, 80);
  for (guint i = 0; i < chunks->len; i++)
    g_assert_true (g_str_has_prefix (KEPT (chunks, i)->content, "## Entry"));
}

/* U+0600 and the digit after it are one cluster, though the digit is ASCII. */
static void
test_a_prepended_mark_keeps_its_digit (void)
{
  g_autoptr (GString) text = g_string_new ("a");

  for (int i = 0; i < 2000; i++)
    g_string_append (text, "\u06001");

  g_autoptr (Document) document = document_of (BLOCK_PARAGRAPH, text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 16, 16);
  check (document, chunks, 16);
  check_graphemes (document, chunks);
}

static void
test_prose_ends_at_sentences (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 400; i++)
    g_string_append_printf (text, "Sentence number %d has a few words and then%cit ends. ", i,
                            i % 3 == 0 ? '\n' : ' ');

  g_autoptr (Document) document = document_of (BLOCK_PARAGRAPH, text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 100, 128);
  check (document, chunks, 128);
  g_assert_cmpuint (chunks->len, >, 10);
  for (guint i = 0; i < chunks->len; i++)
    g_assert_true (g_str_has_suffix (KEPT (chunks, i)->content, "ends. "));
}

static void
test_words_are_whole (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (int i = 0; i < 3000; i++)
    g_string_append_printf (text, "word%d ", i); /* no sentence, no clause */

  g_autoptr (Document) document = document_of (BLOCK_PARAGRAPH, text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 100, 128);
  check (document, chunks, 128);
  for (guint i = 0; i < chunks->len; i++) {
    g_assert_true (g_str_has_prefix (KEPT (chunks, i)->content, "word"));
    g_assert_true (g_str_has_suffix (KEPT (chunks, i)->content, " "));
  }
}

static void
test_table_header_is_repeated (void)
{
  static const char header[] = "| name | value |\n| --- | --- |\n";
  g_autoptr (GString) text = g_string_new (header);

  for (int i = 0; i < 300; i++)
    g_string_append_printf (text, "| name %d | value %d |\n", i, i);

  g_autoptr (Document) document = document_of (BLOCK_TABLE, text->str, text->len - 1);
  g_autoptr (GArray) chunks = run (document, 100, 128);
  check (document, chunks, 128);
  g_assert_cmpuint (chunks->len, >, 5);
  for (guint i = 0; i < chunks->len; i++) {
    g_assert_true (g_str_has_prefix (KEPT (chunks, i)->content, header));
    g_assert_cmpuint (KEPT (chunks, i)->prefix_bytes, ==, i == 0 ? 0 : strlen (header));
  }
}

static void
test_code_is_cut_between_lines (void)
{
  g_autoptr (GString) text = g_string_new ("```c\n");

  for (int i = 0; i < 300; i++)
    g_string_append_printf (text, "  call (argument_%d); /* why. */\n", i);
  g_string_append (text, "```");

  g_autoptr (Document) document = document_of (BLOCK_CODE, text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 100, 128);
  check (document, chunks, 128);
  for (guint i = 0; i + 1 < chunks->len; i++)
    g_assert_true (g_str_has_suffix (KEPT (chunks, i)->content, "\n"));
}

static void
test_heading_path_and_pages (void)
{
  g_autoptr (Document) document = document_new ();
  g_autoptr (GString) body = g_string_new (NULL);

  for (int i = 0; i < 40; i++)
    g_string_append (body, "Some words in a row. ");
  document_append (document, BLOCK_HEADING, 1, 1, "", 0, "# One", 5);
  document_append (document, BLOCK_HEADING, 2, 1, "\n\n", 2, "## Two ##", 9);
  document_append (document, BLOCK_PARAGRAPH, 0, 1, "\n\n", 2, body->str, body->len);
  document_append (document, BLOCK_HEADING, 2, 2, "\n\n", 2, "## Three", 8);
  document_append (document, BLOCK_PARAGRAPH, 0, 2, "\n\n", 2, body->str, body->len);
  document_append (document, BLOCK_HEADING, 1, 3, "\n\n", 2, "# Four", 6);
  document_append (document, BLOCK_PARAGRAPH, 0, 3, "\n\n", 2, body->str, body->len);

  g_autoptr (GArray) chunks = run (document, 250, 300);
  g_assert_cmpuint (chunks->len, ==, 3);
  g_assert_cmpstr (KEPT (chunks, 0)->path, ==, "One > Two");
  g_assert_cmpstr (KEPT (chunks, 1)->path, ==, "One > Three");
  g_assert_cmpstr (KEPT (chunks, 2)->path, ==, "Four");
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpuint (KEPT (chunks, i)->page_first, ==, i + 1);
    g_assert_cmpuint (KEPT (chunks, i)->page_last, ==, i + 1);
  }
}

static void
test_heading_path_is_of_the_whole_chunk (void)
{
  g_autoptr (Document) document = document_new ();

  document_append (document, BLOCK_HEADING, 1, 1, "", 0, "# One", 5);
  document_append (document, BLOCK_HEADING, 2, 1, "\n\n", 2, "## Two", 6);
  document_append (document, BLOCK_PARAGRAPH, 0, 1, "\n\n", 2, "text", 4);
  document_append (document, BLOCK_HEADING, 3, 1, "\n\n", 2, "### Three", 9);
  document_append (document, BLOCK_PARAGRAPH, 0, 1, "\n\n", 2, "text", 4);

  g_autoptr (GArray) deeper = run (document, 450, 512);
  g_assert_cmpuint (deeper->len, ==, 1);
  g_assert_cmpstr (KEPT (deeper, 0)->path, ==, "One > Two");

  document_append (document, BLOCK_HEADING, 2, 1, "\n\n", 2, "## Four", 7);
  document_append (document, BLOCK_PARAGRAPH, 0, 1, "\n\n", 2, "text", 4);

  g_autoptr (GArray) beside = run (document, 450, 512);
  g_assert_cmpuint (beside->len, ==, 1);
  g_assert_cmpstr (KEPT (beside, 0)->path, ==, "One");
}

static void
test_small_neighbours_are_merged (void)
{
  g_autoptr (Document) document = document_new ();

  for (int i = 0; i < 1000; i++)
    document_append (document, BLOCK_PARAGRAPH, 0, 0, "\n\n", i == 0 ? 0 : 2, "A few words.", 12);

  g_autoptr (GArray) chunks = run (document, 100, 128);
  check (document, chunks, 128);
  for (guint i = 0; i + 1 < chunks->len; i++)
    g_assert_cmpuint (KEPT (chunks, i)->tokens, >=, 90);
}

/* --- hostile ---------------------------------------------------------------------------------- */

static void
check_hostile (BlockKind kind, GString *text)
{
  g_autoptr (Document) document = document_of (kind, text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 450, 512);

  check (document, chunks, 512);
}

static GString *
repeated (const char *piece, gsize total)
{
  GString *text = g_string_sized_new (total + 16);

  while (text->len < total)
    g_string_append (text, piece);
  return text;
}

static void
test_hostile_texts (void)
{
  static const char *const pieces[] = {
      "x",  "\xcc\x81", "\xe2\x80\x8d", "\n", " \n",  "\xf0\x9f\x91\xa9\xe2\x80\x8d",
      "字", "|",        "| a ",         ". ", "\r\n", "\t"};

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    for (int kind = BLOCK_HEADING; kind <= BLOCK_KIND_LAST; kind++) {
      g_autoptr (GString) text = repeated (pieces[i], 300000);
      check_hostile ((BlockKind)kind, text);
    }
}

static void
test_a_cluster_over_the_limit_is_cut (void)
{
  g_autoptr (GString) text = repeated ("\xcc\x81", 200000);
  g_string_prepend (text, "e");
  check_hostile (BLOCK_PARAGRAPH, text);
}

static void
test_many_blocks_and_rows (void)
{
  g_autoptr (Document) blocks = document_new ();
  g_autoptr (GString) rows = g_string_new ("| a | b |\n| --- | --- |\n");

  for (int i = 0; i < 200000; i++)
    document_append (blocks, BLOCK_PARAGRAPH, 0, 0, "\n", 1, "", 0);
  document_append (blocks, BLOCK_PARAGRAPH, 0, 0, "\n", 1, "end", 3);
  for (int i = 0; i < 200000; i++)
    g_string_append (rows, "| 1 | 2 |\n");

  g_autoptr (GArray) chunks = run (blocks, 450, 512);
  check (blocks, chunks, 512);
  check_hostile (BLOCK_TABLE, rows);
}

static void
test_blank_text_has_no_chunks (void)
{
  g_autoptr (Document) empty = document_new ();
  g_autoptr (Document) blank = document_of (BLOCK_PARAGRAPH, " \n\t ", 4);
  g_autoptr (GArray) of_empty = run (empty, 450, 512);
  g_autoptr (GArray) of_blank = run (blank, 450, 512);

  g_assert_cmpuint (of_empty->len + of_blank->len, ==, 0);
}

static void
test_text_without_blocks (void)
{
  g_autoptr (Document) document = document_new ();

  g_string_append (document->text, "No block, but text. And more of it.");

  g_autoptr (GArray) chunks = run (document, 450, 512);
  check (document, chunks, 512);
  g_assert_cmpuint (chunks->len, ==, 1);

  while (document->text->len < 50000)
    g_string_append (document->text, " Still no block, but ever more text.");

  g_autoptr (GArray) more = run (document, 450, 512);
  check (document, more, 512);
  g_assert_cmpuint (more->len, >, 20);
}

/* A rule of dashes or a row that does not end is looked at once, not for each chunk. */
static void
test_endless_table_header (void)
{
  g_autoptr (GString) rule = g_string_new ("| a |\n| ");
  g_autoptr (GString) row = g_string_new ("| a | b |\n");

  while (rule->len < 4000000)
    g_string_append (rule, "----------------");
  g_string_append (rule, " |\n| 1 |\n");
  while (row->len < 4000000)
    g_string_append (row, "| --------- ");

  check_hostile (BLOCK_TABLE, rule);
  check_hostile (BLOCK_TABLE, row);
}

/* The header must not cost a cell's only cluster its place. */
static void
test_a_header_gives_way (void)
{
  g_autoptr (GString) text = g_string_new ("| abcdefghij |\n| --- |\n");

  for (int i = 0; i < 20; i++) {
    g_string_append (text, "| e");
    for (int mark = 0; mark < 45; mark++)
      g_string_append (text, "\xcc\x81");
    g_string_append (text, " |\n");
  }

  g_autoptr (Document) document = document_of (BLOCK_TABLE, text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 12, 16);
  check (document, chunks, 16);
}

static void
test_options_that_contradict (void)
{
  const ChunkerOptions wrong[] = {
      {.target = 0, .max = 512},
      {.target = 600, .max = 512},
      {.target = 1, .max = 15},
      {.target = 1, .max = 100000},
      {.target = 1, .max = 20000},
      {.unit = CHUNKER_UNIT_CHARACTERS, .target = 1, .max = 65537},
      {.target = 100, .max = 128, .min = 101},
      {.target = 100, .max = 128, .overlap = 65},
  };
  g_autoptr (Document) document = document_of (BLOCK_PARAGRAPH, "text", 4);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GArray) chunks = g_array_new (FALSE, FALSE, sizeof (Kept));
    g_autoptr (GError) error = NULL;
    g_assert_false (chunker_run (document, &wrong[i], keep, chunks, &error));
    g_assert_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS);
  }
}

static void
test_foreign_documents_are_checked (void)
{
  ChunkerOptions options = CHUNKER_OPTIONS_INIT;
  g_autoptr (GArray) chunks = g_array_new (FALSE, FALSE, sizeof (Kept));

  for (int i = 0; i < 4; i++) {
    g_autoptr (Document) document = document_of (BLOCK_PARAGRAPH, "t\xc3\xa4xt", 5);
    Block *block = &g_array_index (document->blocks, Block, 0);
    g_autoptr (GError) error = NULL;

    if (i == 0)
      document->text->str[1] = '\xff';
    if (i == 1)
      block->end_byte = 99;
    if (i == 2)
      block->start_byte = 2; /* within a character */
    if (i == 3)
      block->kind = 77;
    g_assert_false (chunker_run (document, &options, keep, chunks, &error));
    g_assert_error (error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT);
  }
}

static gboolean
refuse (const Chunk *chunk, gpointer user_data, GError **error)
{
  g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT, "enough");
  return FALSE;
}

static void
test_the_callback_can_stop (void)
{
  ChunkerOptions options = CHUNKER_OPTIONS_INIT;
  g_autoptr (Document) document = document_of (BLOCK_PARAGRAPH, "text", 4);
  g_autoptr (GError) error = NULL;

  g_assert_false (chunker_run (document, &options, refuse, NULL, &error));
  g_assert_cmpstr (error->message, ==, "enough");
}

static void
test_fingerprint_tells_settings (void)
{
  ChunkerOptions a = CHUNKER_OPTIONS_INIT, b = a;
  b.overlap = 1;
  g_autofree char *of_a = chunker_fingerprint (&a);
  g_autofree char *of_b = chunker_fingerprint (&b);

  g_assert_cmpstr (of_a, !=, of_b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunker/holds-for-random-documents", test_holds_for_random_documents);
  g_test_add_func ("/chunker/heading-never-ends-a-chunk", test_heading_never_ends_a_chunk);
  g_test_add_func ("/chunker/a-run-of-headings-is-packed", test_a_run_of_headings_is_packed);
  g_test_add_func ("/chunker/a-prepended-mark-keeps-its-digit",
                   test_a_prepended_mark_keeps_its_digit);
  g_test_add_func ("/chunker/prose-ends-at-sentences", test_prose_ends_at_sentences);
  g_test_add_func ("/chunker/words-are-whole", test_words_are_whole);
  g_test_add_func ("/chunker/table-header-is-repeated", test_table_header_is_repeated);
  g_test_add_func ("/chunker/code-is-cut-between-lines", test_code_is_cut_between_lines);
  g_test_add_func ("/chunker/heading-path-and-pages", test_heading_path_and_pages);
  g_test_add_func ("/chunker/heading-path-is-of-the-whole-chunk",
                   test_heading_path_is_of_the_whole_chunk);
  g_test_add_func ("/chunker/small-neighbours-are-merged", test_small_neighbours_are_merged);
  g_test_add_func ("/chunker/hostile-texts", test_hostile_texts);
  g_test_add_func ("/chunker/a-cluster-over-the-limit-is-cut",
                   test_a_cluster_over_the_limit_is_cut);
  g_test_add_func ("/chunker/many-blocks-and-rows", test_many_blocks_and_rows);
  g_test_add_func ("/chunker/blank-text-has-no-chunks", test_blank_text_has_no_chunks);
  g_test_add_func ("/chunker/text-without-blocks", test_text_without_blocks);
  g_test_add_func ("/chunker/endless-table-header", test_endless_table_header);
  g_test_add_func ("/chunker/a-header-gives-way", test_a_header_gives_way);
  g_test_add_func ("/chunker/options-that-contradict", test_options_that_contradict);
  g_test_add_func ("/chunker/foreign-documents-are-checked", test_foreign_documents_are_checked);
  g_test_add_func ("/chunker/the-callback-can-stop", test_the_callback_can_stop);
  g_test_add_func ("/chunker/fingerprint-tells-settings", test_fingerprint_tells_settings);
  return g_test_run ();
}
