/* What the readers of markup and of text with a structure promise, each as a function of bytes. */
#include "ingest/extract/image/image-size.h"
#include "tests/extract-reading.h"

/* --- HTML ------------------------------------------------------------------------------------- */

static void
test_html_spans (void)
{
  assert_text ("a.html",
               "<table><tr><th>Year<th>Month<th>Cost</tr><tr><th rowspan=3>2025</tr>"
               "<tr><td>May<td>1</tr><tr><td colspan=2>none</tr></table>",
               "| Year | Month | Cost |\n| --- | --- | --- |\n| 2025 | May | 1 |\n"
               "| 2025 | none | none |");
  /* across the whole table: once */
  assert_text ("a.html", "<table><tr><td>a<td>b</tr><tr><td colspan=2>all of it</tr></table>",
               "| a | b |\n| all of it | |");
}

static void
test_html_links (void)
{
  const char *prose = "A paragraph that is long enough to be prose, with one link in it, which "
                      "leads <a href='https://example.org/a'>elsewhere</a>.";
  g_autoptr (Document) document = read_text ("a.html", prose);

  g_assert_true (g_str_has_suffix (document->text->str, "leads elsewhere.\nhttps://example.org/a"));
  /* a list of links is no prose; what leads within the site says nothing */
  assert_text ("a.html", "<p><a href='https://example.org/a'>one</a>, <a href='/b'>two</a></p>",
               "one, two");
}

static void
test_html_shown (void)
{
  assert_text ("a.html",
               "<p><q>said</q> <ruby>\xe6\xbc\xa2<rt>kan</rt></ruby> <input value='typed'>"
               "<input type=hidden value=no><input type=submit value=Send>",
               "“said” 漢(kan) typed Send");
}

static void
test_html_navigation_is_last (void)
{
  assert_text ("a.html", "<body><nav><a href=/>Home</a></nav><h1>Head</h1><p>body",
               "# Head\n\nbody\n\nHome");
}

static void
test_html_dates (void)
{
  g_autoptr (Document) document =
      read_text ("a.html", "<html lang=en_GB><meta property='article:published_time' "
                           "content='2024-03-01'><meta name=author content=Ada><p>text");

  g_assert_cmpstr (document->author, ==, "Ada");
  g_assert_cmpstr (document->language, ==, "en-GB");
}

/* --- XML -------------------------------------------------------------------------------------- */

static void
test_xml_lists_and_tables (void)
{
  assert_text ("a.xml",
               "<?xml version='1.0'?><article><title>T</title><list list-type='order'>"
               "<list-item><p>one</p></list-item><list-item><p>two</p></list-item></list>"
               "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
               "<preformat>x\n  y</preformat></article>",
               "# T\n\n1. one\n2. two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\nx\n  y\n```");
}

static void
test_xml_titles_of_paragraphs (void)
{
  assert_text ("a.fb2",
               "<?xml version='1.0'?><FictionBook><body><section><title><p>Part</p><p>one</p>"
               "</title><p>Text.</p></section></body></FictionBook>",
               "# Part one\n\nText.");
}

static void
test_xml_feed_of_html (void)
{
  assert_text ("a.rss",
               "<?xml version='1.0'?><rss><channel><title>F</title><item><description>"
               "<![CDATA[<p>one&nbsp;two</p><ul><li>x</li></ul>]]></description></item></channel>"
               "</rss>",
               "# F\n\none two\n\n- x");
}

static void
test_xml_several_roots (void)
{
  assert_text ("a.xml",
               "<?xml version='1.0'?><log>a</log>\n<log>b</log>\n<?xml version='1.0'?><log>c</log>",
               "a\nb\nc");
}

static void
test_xml_cut_off (void)
{
  g_autoptr (GError) error = NULL;
  const char *xml = "<?xml version='1.0'?><rss><item><description><![CDATA[the last words";
  g_autoptr (Document) document =
      read_limited ("a.xml", xml, strlen (xml), &default_limits, &error);

  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpstr (document->text->str, ==, "the last words");
}

/* --- text with a structure -------------------------------------------------------------------- */

static void
test_code (void)
{
  g_autoptr (GString) long_code = g_string_new (NULL);
  g_autoptr (Document) document = NULL;

  assert_text ("a.py", "import os\n", "```python\nimport os\n```");
  assert_text ("run", "#!/usr/bin/env bash\nls", "```bash\n#!/usr/bin/env bash\nls\n```");
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (long_code, "x[%u] = 1\n", i);
  document = read_text ("a.py", long_code->str);
  g_assert_cmpuint (document->blocks->len, >, 3);
  for (guint i = 0; i < document->blocks->len; i++)
    g_assert_cmpint (g_array_index (document->blocks, Block, i).kind, ==, BLOCK_CODE);
}

static void
test_json (void)
{
  assert_text ("a.json", "{\n \"a\": \"\\u00e9\\/\"\n}", "```json\n{\n \"a\": \"é/\"\n}\n```");
  /* an escaped backslash begins no other escape; surrogates are one character */
  assert_text ("a.json", "[\"\\\\u00e9 \\ud83d\\ude00 \\ud83d\"]",
               "```json\n[\"\\\\u00e9 😀 \\ud83d\"]\n```");
}

static void
test_latex_arguments (void)
{
  assert_text ("a.tex",
               "\\section{A \\emph{b}}\n\\'Etude \\textbf{x\\footnote{note}} \\cite[p.~1]{k}"
               " $a\\$b$ \\unknown[o]{kept}",
               "# A b\n\nÉtude x [k] $a\\$b$ kept\n\nnote");
}

static void
test_hostile_latex (void)
{
  static const char *const units[] = {"\\section{", "{",       "\\footnote{", "\\begin{tabular}{l}",
                                      "$",          "\\item[", "\\def\\x",    "\\'"};

  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    g_autoptr (GString) text = g_string_new ("\\documentclass{a}\\begin{document}");
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = NULL;

    for (guint j = 0; j < 20000; j++)
      g_string_append (text, units[i]);
    document = read_limited ("a.tex", text->str, text->len, &default_limits, &error);
    g_assert_nonnull (document);
  }
}

static void
test_subtitles (void)
{
  assert_text ("a.vtt",
               "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada>One <b>a</b></v>\n\n"
               "00:02.000 --> 00:03.000\ntwo\n\n00:09.000 --> 00:10.000\nthree",
               "Ada: One a\ntwo\n\nthree");
}

static void
test_rst_paragraphs (void)
{
  assert_text ("a.rst", "T\n=\n\ntext ``a*b`` and\n- no item\n\n- item\n\n::\n\n  x\n\n.. gone\n",
               "T =\n\ntext a*b and - no item\n\n- item\n\n```\nx\n```");
}

/* --- pictures --------------------------------------------------------------------------------- */

static void
test_image_sizes (void)
{
  static const struct {
    const char *bytes;
    gsize size;
    guint width, height;
  } pictures[] = {
      {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\0\0\0\3", 24, 258, 3},
      {"GIF89a\x10\0\x20\0", 10, 16, 32},
      {"\xff\xd8\xff\xe0\0\4xx\xff\xc0\0\x0b\x08\0\x10\0\x20\0", 19, 32, 16},
      {"II*\0\x08\0\0\0\2\0\0\1\3\0\1\0\0\0\x40\0\0\0\1\1\3\0\1\0\0\0\x30\0\0\0\0\0\0\0", 38, 64,
       48},
  };
  guint width, height, pages;

  for (guint i = 0; i < G_N_ELEMENTS (pictures); i++) {
    g_assert_true (
        image_size ((const guint8 *)pictures[i].bytes, pictures[i].size, &width, &height, &pages));
    g_assert_cmpuint (width, ==, pictures[i].width);
    g_assert_cmpuint (height, ==, pictures[i].height);
    /* cut off anywhere, it is damaged or of the same size */
    for (gsize cut = 0; cut < pictures[i].size; cut++)
      image_size ((const guint8 *)pictures[i].bytes, cut, &width, &height, &pages);
  }
}

/* A picture that is no page is passed over, with or without OCR. */
static void
test_small_picture (void)
{
  g_autoptr (Document) document = read_bytes ("a.gif", "GIF89a\x10\0\x20\0", 10);

  g_assert_cmpuint (document->blocks->len, ==, 0);
  g_assert_cmpuint (document->warnings->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/markup/html/spans-are-repeated", test_html_spans);
  g_test_add_func ("/markup/html/links-stand-behind-prose", test_html_links);
  g_test_add_func ("/markup/html/what-is-shown", test_html_shown);
  g_test_add_func ("/markup/html/navigation-is-last", test_html_navigation_is_last);
  g_test_add_func ("/markup/html/metadata", test_html_dates);
  g_test_add_func ("/markup/xml/lists-tables-code", test_xml_lists_and_tables);
  g_test_add_func ("/markup/xml/titles-of-paragraphs", test_xml_titles_of_paragraphs);
  g_test_add_func ("/markup/xml/feeds-of-html", test_xml_feed_of_html);
  g_test_add_func ("/markup/xml/several-roots", test_xml_several_roots);
  g_test_add_func ("/markup/xml/cut-off", test_xml_cut_off);
  g_test_add_func ("/markup/code", test_code);
  g_test_add_func ("/markup/json", test_json);
  g_test_add_func ("/markup/latex", test_latex_arguments);
  g_test_add_func ("/markup/latex/hostile", test_hostile_latex);
  g_test_add_func ("/markup/subtitles", test_subtitles);
  g_test_add_func ("/markup/rst", test_rst_paragraphs);
  g_test_add_func ("/markup/image-sizes", test_image_sizes);
  g_test_add_func ("/markup/small-pictures", test_small_picture);
  return g_test_run ();
}
