/* Where chunks end: structure before sentences, sentences in every script, and in step again behind
 * a change. */
#include "kept-chunks.h"

#include "chunker/abbreviations.h"
#include "chunker/explain.h"
#include "chunker/markdown.h"
#include "random-document.h"

static GArray *
run (const Document *document, guint target, guint max)
{
  ChunkerOptions options = {.target = target, .max = max};
  GArray *chunks = run_with (document, &options);

  check_with (document, &options, chunks);
  return chunks;
}

static Document *
paragraph (const char *text, gsize bytes, const char *language)
{
  Document *document = document_new ();

  document->language = g_strdup (language);
  document_append (document, BLOCK_PARAGRAPH, 0, 0, "", 0, text, bytes);
  return document;
}

static Document *
repeated_paragraph (const char *piece, guint n, const char *language)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, piece);
  return paragraph (text->str, text->len, language);
}

/* --- sentences -------------------------------------------------------------------------------- */

/* Every cut stands behind `last`. */
static void
check_ends (const char *piece, const char *language, const char *last)
{
  g_autoptr (Document) document = repeated_paragraph (piece, 300, language);
  g_autoptr (GArray) chunks = run (document, 40, 60);

  g_assert_cmpuint (chunks->len, >, 3);
  for (guint i = 0; i + 1 < chunks->len; i++) {
    g_autofree char *text = g_strchomp (g_strdup (KEPT (chunks, i)->content));
    g_assert_true (g_str_has_suffix (text, last));
    g_assert_cmpint (KEPT (chunks, i)->cut.kind, ==, CUT_SENTENCE);
  }
}

static void
test_sentences_of_many_scripts (void)
{
  check_ends ("这是一个没有空格的句子，它有一点长。", "zh", "。");
  check_ends ("これは短い文ですが、そうですか？", "ja", "？");
  check_ends ("यह एक वाक्य है और यह थोड़ा लंबा है। ", "hi", "।");
  check_ends ("هل هذه جملة طويلة قليلا، نعم أم لا؟ ", "ar", "؟");
  check_ends ("Это предложение, которое немного длинно. ", "ru", ".");
  check_ends ("He said “it is done.” Nobody (at all!) asked him twice. ", "en", "twice.");
}

static void
test_abbreviations_end_no_sentence (void)
{
  check_ends ("Then Dr. Smith met Mr. J. R. Jones of the U.S. Army, cf. No. 5 there. ", "en",
              "there.");
  check_ends ("Das ist z.B. Nr. 7 von Prof. Weiß, vgl. Abb. 3 und S. 12 dort. ", "de", "dort.");
  check_ends ("Voir p.ex. M. Dupont et Mme. Curie, cf. art. 4 du texte. ", "fr", "texte.");
}

static void
test_abbreviations_are_in_order (void)
{
  static const char *const known[] = {"Abb", "approx", "z.B", "Dr", "e.g", "стр", "éd", "J", "U.S"};

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
    g_autofree char *text = g_strdup_printf ("(%s.", known[i]);
    g_assert_true (abbreviations_has (text, strlen (text) - 1));
  }
  g_assert_true (abbreviations_has ("3. ", 1));
  g_assert_true (abbreviations_has ("one\n12. ", 6));
  g_assert_false (abbreviations_has ("in 1999. ", 7));
  g_assert_false (abbreviations_has ("the end. ", 7));
  g_assert_false (abbreviations_has (". ", 0));
}

/* A stop within a name or number is none. */
static void
test_points_within_words (void)
{
  check_ends ("The value of 3.14 on www.Example.com is v1.2.Beta, they say. ", "en", "say.");
}

/* Thai has no stops: ICU's words, by its dictionary. */
static void
test_thai_words_are_whole (void)
{
  g_autoptr (Document) document = repeated_paragraph ("ประเทศไทยเป็นประเทศที่ตั้งอยู่ในเอเชีย", 80, "th");
  g_autoptr (GArray) chunks = run (document, 40, 50);
  UErrorCode status = U_ZERO_ERROR;
  UText text = UTEXT_INITIALIZER;
  UBreakIterator *words = ubrk_open (UBRK_WORD, "th", NULL, 0, &status);

  utext_openUTF8 (&text, document->text->str, (gint64)document->text->len, &status);
  ubrk_setUText (words, &text, &status);
  for (guint i = 0; i < chunks->len; i++)
    g_assert_true (ubrk_isBoundary (words, (int32_t)KEPT (chunks, i)->end_byte));
  ubrk_close (words);
  utext_close (&text);
}

/* --- structure -------------------------------------------------------------------------------- */

static void
append_words (GString *text, guint n, guint seed)
{
  static const char *const words[] = {"river",  "stone", "of",  "market", "winter", "and",
                                      "letter", "the",   "sea", "garden", "silver", "to"};
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))],
                            i + 1 == n     ? "."
                            : i % 12 == 11 ? ". And "
                                           : " ");
}

static void
test_higher_headings_are_stronger (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  /* both fit: the chapter's end is the better place, though the section's is the fuller chunk */
  g_string_append (text, "## First\n\n");
  append_words (text, 45, 1);
  g_string_append (text, "\n\n# Chapter\n\n");
  append_words (text, 25, 2);
  g_string_append (text, "\n\n###### Detail\n\n");
  append_words (text, 300, 3);

  g_autoptr (Document) document = markdown_document (text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 110, 128);
  g_assert_true (g_str_has_prefix (KEPT (chunks, 1)->content, "# Chapter"));
  g_assert_cmpint (KEPT (chunks, 0)->cut.kind, ==, CUT_SECTION);
  g_assert_cmpuint (KEPT (chunks, 0)->cut.level, ==, 1);
}

static void
test_a_list_keeps_its_introduction (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  append_words (text, 60, 4);
  g_string_append (text, "\n\nWhat is needed is this:\n\n");
  for (int i = 0; i < 12; i++) {
    g_string_append (text, "- ");
    append_words (text, 6, (guint)i + 10);
    g_string_append_c (text, '\n');
  }

  g_autoptr (Document) document = markdown_document (text->str, text->len);
  g_autoptr (GArray) chunks = run (document, 110, 160);
  g_assert_cmpuint (chunks->len, ==, 2);
  g_assert_true (g_str_has_prefix (KEPT (chunks, 1)->content, "What is needed"));
  g_assert_cmpuint (KEPT (chunks, 1)->kinds, ==, 1u << BLOCK_PARAGRAPH | 1u << BLOCK_LIST_ITEM);
}

/* A row that has room for itself, but not beside the header, is not cut. */
static void
test_a_row_is_whole_without_the_header (void)
{
  g_autoptr (GString) text = g_string_new ("| a rather long name | and a longer one of it |\n"
                                           "| --- | --- |\n");
  g_autofree char *cell = g_strnfill (190, 'c');

  for (int i = 0; i < 5; i++)
    g_string_append_printf (text, "| %d | %s |\n", i, cell);

  g_autoptr (Document) document = document_new ();
  document_append (document, BLOCK_TABLE, 0, 0, "", 0, text->str, text->len - 1);
  g_autoptr (GArray) chunks = run (document, 40, 52);
  for (guint i = 1; i < chunks->len; i++) {
    g_assert_true (g_str_has_prefix (KEPT (chunks, i)->content, "| "));
    g_assert_true (strstr (KEPT (chunks, i)->content, cell) != NULL);
    g_assert_cmpuint (KEPT (chunks, i)->prefix_bytes, ==, 0);
    g_assert_true (KEPT (chunks, i)->cut.header_dropped);
  }
}

/* Lines so long that nobody wrapped them are paragraphs, and a short one above is their title. */
static void
test_long_lines_are_paragraphs (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 40; i++) {
    if (i % 4 == 0)
      g_string_append_printf (text, "= Title number %u =\n", i);
    append_words (text, 50, i);
    g_string_append_c (text, '\n');
  }

  g_autoptr (Document) document = paragraph (text->str, text->len, NULL);
  g_autoptr (GArray) chunks = run (document, 220, 300);
  g_assert_cmpuint (chunks->len, >, 5);
  for (guint i = 0; i + 1 < chunks->len; i++) {
    const char *last = strrchr (g_strchomp (KEPT (chunks, i)->content), '\n');
    g_assert_cmpint (KEPT (chunks, i)->cut.kind, ==, CUT_LINE);
    g_assert_nonnull (last);
    g_assert_false (g_str_has_prefix (last, "\n= Title"));
  }
}

static void
test_kinds_and_language_come_out (void)
{
  static const char text[] = "# One\n\ntext\n\n- item\n\n```\ncode\n```\n";
  g_autoptr (Document) document = markdown_document (text, strlen (text));

  g_autoptr (GArray) chunks = run (document, 100, 128);
  g_assert_cmpuint (chunks->len, ==, 1);
  g_assert_cmpuint (KEPT (chunks, 0)->kinds, ==,
                    1u << BLOCK_HEADING | 1u << BLOCK_PARAGRAPH | 1u << BLOCK_LIST_ITEM |
                        1u << BLOCK_CODE);
}

static gboolean
check_words (const Chunk *chunk, gpointer user_data, GError **error)
{
  const ChunkerOptions *options = user_data;
  g_autofree char *why = explain_cut (chunk, options);

  g_assert_true (g_str_has_prefix (why, "ends where "));
  g_assert_nonnull (strstr (why, chunk->cut.kind == CUT_END ? "document ends" : " costs "));
  return TRUE;
}

static void
test_every_cut_is_explained (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (12);
  ChunkerOptions options = {.target = 40, .max = 50, .overlap = 10};

  for (int i = 0; i < 10; i++) {
    g_autoptr (Document) document = random_document (random, 40);
    g_assert_true (chunker_run (document, &options, check_words, &options, NULL));
  }
}

/* --- white space ------------------------------------------------------------------------------ */

/* White space longer than a chunk is in none; all else is. */
static void
test_long_white_space_makes_no_chunks (void)
{
  static const char *const blanks[] = {" ", "\n", "\n\n", "\t", "\r\n", "\xE3\x80\x80", "\xC2\xA0"};

  for (gsize i = 0; i < G_N_ELEMENTS (blanks); i++) {
    g_autoptr (GString) text = g_string_new (NULL);
    for (int part = 0; part < 4; part++) {
      gsize until = text->len + (part == 2 ? 3000 : 200000);
      while (text->len < until)
        g_string_append (text, blanks[i]);
      if (part < 3)
        g_string_append (text, "Some words between.");
    }

    g_autoptr (Document) as_markdown = markdown_document (text->str, text->len);
    g_autoptr (Document) as_one = paragraph (text->str, text->len, NULL);
    g_autoptr (Document) as_none = document_new ();
    g_string_append_len (as_none->text, text->str, (gssize)text->len);
    g_autoptr (GArray) of_markdown = run (as_markdown, 100, 128);
    g_autoptr (GArray) of_one = run (as_one, 100, 128);
    g_autoptr (GArray) of_none = run (as_none, 100, 128);
    g_assert_cmpuint (of_markdown->len, <=, 6);
    g_assert_cmpuint (of_one->len, <=, 6);
    g_assert_cmpuint (of_none->len, <=, 6);
  }
}

/* --- in step again ---------------------------------------------------------------------------- */

/* Chunks of `after` whose content is in none of `before`. */
static guint
count_changed (const GArray *before, const GArray *after)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  guint changed = 0;

  for (guint i = 0; i < before->len; i++)
    g_hash_table_add (known, KEPT (before, i)->content);
  for (guint i = 0; i < after->len; i++)
    changed += !g_hash_table_contains (known, KEPT (after, i)->content);
  return changed;
}

typedef enum { FLAT, SECTIONS, LIST } Form;

/* About 300 pages. */
static GString *
book (GRand *random, Form form)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; text->len < 900000; i++) {
    if (form == SECTIONS && i % 9 == 0)
      g_string_append_printf (text, "## Section %u\n\n", i);
    if (form == LIST)
      g_string_append (text, "- ");
    append_words (text, (guint)g_rand_int_range (random, 5, form == LIST ? 30 : 160),
                  g_rand_int (random));
    g_string_append (text, form == LIST ? "\n" : "\n\n");
  }
  return text;
}

static void
test_a_change_stays_where_it_is (void)
{
  static const char sentence[] = "One more sentence has been put in here by somebody. ";
  const guint n_edits = 16;
  gsize bytes;
  gconstpointer table = token_table_linked (&bytes);
  g_auto (TokenCounter) counter = {0};

  token_counter_open_default (&counter, table, bytes);
  ChunkerOptions options = {.target = 450, .max = 512, .counter = &counter};

  for (Form form = FLAT; form <= LIST; form++) {
    g_autoptr (GRand) random = g_rand_new_with_seed (form + 99u);
    g_autoptr (GString) text = book (random, form);
    g_autoptr (Document) document = markdown_document (text->str, text->len);
    g_autoptr (GArray) before = run_with (document, &options);
    guint changed = 0;

    for (guint i = 0; i < n_edits; i++) {
      gsize from = (gsize)g_rand_int_range (random, 0, (gint32)text->len - 2000);
      gsize at = (gsize)(strstr (text->str + from, ". ") - text->str) + 2;
      g_autoptr (GString) edited = g_string_new_len (text->str, (gssize)text->len);
      if (i % 2 == 0)
        g_string_insert (edited, (gssize)at, sentence);
      else
        g_string_erase (edited, (gssize)at,
                        strstr (text->str + at, ". ") + 2 - text->str - (gssize)at);

      g_autoptr (Document) other = markdown_document (edited->str, edited->len);
      g_autoptr (GArray) after = run_with (other, &options);
      changed += count_changed (before, after);
    }
    g_test_message ("%u chunks, %.2f changed by an edit", before->len, (double)changed / n_edits);
    g_assert_cmpuint (changed, <=, 3 * n_edits);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chunker-places/sentences-of-many-scripts", test_sentences_of_many_scripts);
  g_test_add_func ("/chunker-places/abbreviations-end-no-sentence",
                   test_abbreviations_end_no_sentence);
  g_test_add_func ("/chunker-places/abbreviations-are-in-order", test_abbreviations_are_in_order);
  g_test_add_func ("/chunker-places/points-within-words", test_points_within_words);
  g_test_add_func ("/chunker-places/thai-words-are-whole", test_thai_words_are_whole);
  g_test_add_func ("/chunker-places/higher-headings-are-stronger",
                   test_higher_headings_are_stronger);
  g_test_add_func ("/chunker-places/a-list-keeps-its-introduction",
                   test_a_list_keeps_its_introduction);
  g_test_add_func ("/chunker-places/a-row-is-whole-without-the-header",
                   test_a_row_is_whole_without_the_header);
  g_test_add_func ("/chunker-places/long-lines-are-paragraphs", test_long_lines_are_paragraphs);
  g_test_add_func ("/chunker-places/kinds-and-language-come-out", test_kinds_and_language_come_out);
  g_test_add_func ("/chunker-places/every-cut-is-explained", test_every_cut_is_explained);
  g_test_add_func ("/chunker-places/long-white-space-makes-no-chunks",
                   test_long_white_space_makes_no_chunks);
  g_test_add_func ("/chunker-places/a-change-stays-where-it-is", test_a_change_stays_where_it_is);
  return g_test_run ();
}
