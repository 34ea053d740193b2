/* markdown.h's promises: which spans are blocks, and that they are sound whatever the source. */
#include "chunker/markdown.h"

#include <string.h>

/* "kind level:text" for each block, joined by '|'. */
static char *
blocks_of (const char *source)
{
  g_autoptr (Document) document = markdown_document (source, strlen (source));
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    g_string_append_printf (all, "%s%s%u:", i > 0 ? "|" : "", block_kind_name (block->kind),
                            block->level);
    g_string_append_len (all, source + block->start_byte,
                         (gssize)(block->end_byte - block->start_byte));
  }
  return g_string_free (all, FALSE);
}

static void
assert_blocks (const char *source, const char *expected)
{
  g_autofree char *got = blocks_of (source);

  g_assert_cmpstr (got, ==, expected);
}

static void
test_headings (void)
{
  assert_blocks ("# A\n\ntext\n", "heading1:# A|paragraph0:text");
  assert_blocks ("###### F ##\n", "heading6:###### F ##");
  assert_blocks ("A\nB\n===\n\nC\n---\nd\n", "heading1:A\nB\n===|heading2:C\n---|paragraph0:d");
  assert_blocks ("#no\n", "paragraph0:#no");
}

static void
test_lists (void)
{
  assert_blocks ("- a\n- b\n", "list_item1:- a|list_item1:- b");
  assert_blocks ("1. a\n   - b\n2. c\n", "list_item1:1. a|list_item2:- b|list_item1:2. c");
  assert_blocks ("- a\n\n  more\n\n  - b\n\n  tail\n",
                 "list_item1:- a\n\n  more|list_item2:- b|paragraph0:tail");
  assert_blocks ("- [ ] open\n- [x] done\n", "list_item1:- [ ] open|list_item1:- [x] done");
  assert_blocks ("- a\n  ```\n  x\n  ```\n", "list_item1:- a|code0:```\n  x\n  ```");
  assert_blocks ("-\n- b\n", "list_item1:- b");
}

static void
test_quotes (void)
{
  assert_blocks ("> a\n> b\nlazy\n\n> > c\n", "paragraph0:a\n> b\nlazy|paragraph0:c");
  assert_blocks ("> # H\n> - i\n", "heading1:# H|list_item1:- i");
}

static void
test_code (void)
{
  assert_blocks ("```sh\nls\n\n# x\n```\nt\n", "code0:```sh\nls\n\n# x\n```|paragraph0:t");
  assert_blocks ("~~~\nopen\n", "code0:~~~\nopen");
  assert_blocks ("p\n\n    a\n\n      b\n\nq\n",
                 "paragraph0:p|code0:    a\n\n      b|paragraph0:q");
}

static void
test_tables (void)
{
  assert_blocks ("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 |\n\nt\n",
                 "table0:| a | b |\n|---|---|\n| 1 | 2 |\n| 3 ||paragraph0:t");
  assert_blocks ("intro\n| a |\n|---|\n| 1 |\n", "paragraph0:intro|table0:| a |\n|---|\n| 1 |");
  assert_blocks ("> q | r\n> --|--\n> 1 | 2\n", "table0:q | r\n> --|--\n> 1 | 2");
  assert_blocks ("| a | b |\n|---|\n", "paragraph0:| a | b |\n|---|");
}

static void
test_no_blocks (void)
{
  assert_blocks ("", "");
  assert_blocks (" \n\t\n\r\n", "");
  assert_blocks ("***\n- - -\n", "");
}

static void
test_text_of_html_and_references (void)
{
  assert_blocks ("<div>\na\n</div>\n\nb\n", "paragraph0:<div>\na\n</div>|paragraph0:b");
  assert_blocks ("[a]: http://b/ \"c\"\n", "paragraph0:[a]: http://b/ \"c\"");
}

static void
test_front_matter (void)
{
  assert_blocks ("---\ntitle: x\n---\n# A\n", "heading1:# A");
  assert_blocks ("\xEF\xBB\xBF---\ntitle: x\n...\nb\n", "paragraph0:b");
  assert_blocks ("---\n\nno: yaml\n\n---\n", "paragraph0:no: yaml");
  assert_blocks ("---\nnever closed\n", "paragraph0:never closed");
}

static void
test_line_ends (void)
{
  assert_blocks ("# A\r\n\r\nb\r\nc\r\n", "heading1:# A|paragraph0:b\r\nc");
  assert_blocks ("# A\r\rb\rc", "heading1:# A|paragraph0:b\rc");
  assert_blocks ("\xEF\xBB\xBF# A\n", "heading1:# A");
  assert_blocks ("a\n\n\n\n\n\n\n# B\n\n\n\nc", "paragraph0:a|heading1:# B|paragraph0:c");
}

static void
assert_heading_text (const char *heading, const char *expected)
{
  g_autofree char *text = block_heading_text (heading, strlen (heading));

  g_assert_cmpstr (text, ==, expected);
}

static void
test_heading_text (void)
{
  g_autoptr (GString) wide = g_string_new ("# x");

  assert_heading_text ("# A  b ##", "A b");
  assert_heading_text ("## C#", "C#");
  assert_heading_text ("#", "");
  assert_heading_text ("#hash", "#hash");
  assert_heading_text ("A\nb\n===", "A b");
  assert_heading_text ("plain", "plain");
  assert_heading_text ("", "");
  for (guint i = 0; i < BLOCK_HEADING_TEXT_MAX; i++)
    g_string_append (wide, "\u00e9");
  g_autofree char *text = block_heading_text (wide->str, wide->len);
  g_assert_cmpuint (strlen (text), <=, BLOCK_HEADING_TEXT_MAX);
  g_assert_cmpuint (strlen (text), >, BLOCK_HEADING_TEXT_MAX - 4);
  g_assert_true (g_utf8_validate (text, -1, NULL));
}

static void
test_document (void)
{
  const char *source = "intro\n\n## Two\n\n# The *title* #\n\n# Later\n";
  g_autoptr (Document) document = markdown_document (source, strlen (source));

  g_assert_cmpstr (document->text->str, ==, source);
  g_assert_cmpstr (document->format, ==, "markdown");
  g_assert_cmpstr (document->title, ==, "The *title*");
}

/* In order, disjoint, not empty, no white space at the end, whole characters. */
static void
assert_sound (const char *source, gsize bytes)
{
  g_autoptr (Document) document = markdown_document (source, bytes);
  gsize end = 0;

  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    g_assert_cmpuint (block->start_byte, >=, end);
    g_assert_cmpuint (block->end_byte, >, block->start_byte);
    g_assert_cmpuint (block->end_byte, <=, bytes);
    g_assert_true (g_utf8_validate_len (source + block->start_byte,
                                        block->end_byte - block->start_byte, NULL));
    g_assert_false (g_ascii_isspace (source[block->end_byte - 1]));
    if (block->kind == BLOCK_HEADING)
      g_assert_true (block->level >= 1 && block->level <= 6);
    end = block->end_byte;
  }
}

static void
test_sound_for_random_sources (void)
{
  static const char *const pieces[] = {
      "- ",
      "  ",
      "> ",
      "# ",
      "a",
      "\n",
      "\n\n",
      "```\n",
      "~~~",
      "|",
      "|-|",
      "---",
      "===",
      "1. ",
      "*",
      "<!--",
      "\t",
      "\u00e9",
      "\u4e2d",
      "    ",
      "\r\n",
      "\r",
      "x y",
      "<div>",
      "***",
      ":-",
      "\\",
      "`",
      " ",
      "- [ ] ",
      "---\n",
      "...",
      "\x0b",
      "\x0c",
      "\n\n",
      "\n",
      "[a]: b",
      "\n> ",
      "\n  - ",
      "\n\n  ",
      "|a|b|\n|-|-|\n|1|2|",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (20240229);

  for (guint run = 0; run < 1500; run++) {
    g_autoptr (GString) source = g_string_new (NULL);
    const guint length = (guint)g_rand_int_range (random, 1, run % 50 == 0 ? 5000 : 60);

    for (guint i = 0; i < length; i++)
      g_string_append (source, pieces[g_rand_int_range (random, 0, (gint32)G_N_ELEMENTS (pieces))]);
    assert_sound (source->str, source->len);
  }
}

static void
repeat (GString *text, const char *piece, gsize times)
{
  while (times-- > 0)
    g_string_append (text, piece);
}

/* Each of these made a plain use of cmark take minutes, or a stack overflow. */
static void
test_hostile_sources_take_linear_time (void)
{
  static const char *const repeated[] = {"[",    ">",    "> - ",    "- ",       "*",         "`a",
                                         "<!--", "*a_ ", "|-|-|\n", "x\n|-|\n", "[a]: b\n",  "a\n",
                                         ":-\n", "# \n", "\r",      "\t",       "a|b\n-|-\n"};
  const gsize bytes = 300000;
  const gint64 began = g_get_monotonic_time ();
  g_autoptr (GString) source = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (repeated); i++) {
    g_string_truncate (source, 0);
    repeat (source, repeated[i], bytes / strlen (repeated[i]));
    assert_sound (source->str, source->len);
  }
  /* a list that deepens line by line, then blank lines, each of which continues every item */
  g_string_truncate (source, 0);
  for (guint i = 0; i < 500; i++)
    g_string_append_printf (source, "%*s- a\n", (int)(2 * i), "");
  repeat (source, "\n", bytes);
  assert_sound (source->str, source->len);
  /* many columns, and rows that cmark would fill up to them */
  g_string_truncate (source, 0);
  repeat (source, "|a", 900);
  g_string_append (source, "|\n");
  repeat (source, "|-", 900);
  g_string_append (source, "|\n");
  repeat (source, "|\n", bytes / 2);
  assert_sound (source->str, source->len);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 60 * G_USEC_PER_SEC);
}

static void
test_wide_and_long_tables_are_tables (void)
{
  g_autoptr (GString) source = g_string_new ("| a | b | c |\n|---|---|---|\n");
  g_autoptr (Document) document = NULL;

  repeat (source, "| one | - | three |\n", 20000);
  document = markdown_document (source->str, source->len);
  g_assert_cmpuint (document->blocks->len, ==, 1);
  g_assert_cmpuint (g_array_index (document->blocks, Block, 0).kind, ==, BLOCK_TABLE);
  g_assert_cmpuint (g_array_index (document->blocks, Block, 0).end_byte, ==, source->len - 1);
}

/* What is freed while feeding must be reported the same. */
static void
test_long_sources_are_read_like_short_ones (void)
{
  const char *part = "# H\n\ntext\nmore\n\n- a\n\n  b\n  - c\n\n| x |\n|---|\n| y |\n\n> q\n\n";
  g_autofree char *once = blocks_of (part);
  g_autoptr (GString) source = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  for (guint i = 0; i < 1000; i++) {
    g_string_append (source, part);
    g_string_append_printf (expected, "%s%s", i > 0 ? "|" : "", once);
  }
  g_autofree char *all = blocks_of (source->str);
  g_assert_true (strcmp (all, expected->str) == 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/markdown/headings-with-level", test_headings);
  g_test_add_func ("/markdown/each-list-item-is-a-block", test_lists);
  g_test_add_func ("/markdown/quotes-are-flattened", test_quotes);
  g_test_add_func ("/markdown/code-with-its-fences", test_code);
  g_test_add_func ("/markdown/tables-are-whole", test_tables);
  g_test_add_func ("/markdown/blank-and-breaks-are-no-blocks", test_no_blocks);
  g_test_add_func ("/markdown/html-and-references-are-paragraphs",
                   test_text_of_html_and_references);
  g_test_add_func ("/markdown/front-matter-is-no-block", test_front_matter);
  g_test_add_func ("/markdown/line-ends-of-all-kinds", test_line_ends);
  g_test_add_func ("/markdown/heading-text", test_heading_text);
  g_test_add_func ("/markdown/the-text-is-the-source", test_document);
  g_test_add_func ("/markdown/sound-for-random-sources", test_sound_for_random_sources);
  g_test_add_func ("/markdown/hostile-sources-take-linear-time",
                   test_hostile_sources_take_linear_time);
  g_test_add_func ("/markdown/long-tables-are-tables", test_wide_and_long_tables_are_tables);
  g_test_add_func ("/markdown/long-sources-are-read-like-short-ones",
                   test_long_sources_are_read_like_short_ones);
  return g_test_run ();
}
