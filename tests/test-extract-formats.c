/* What the readers of Markdown, HTML, XML and PDF promise, each as a function of bytes. */
#include "tests/extract-reading.h"

#include <glib/gstdio.h>

/* --- Markdown
 * ---------------------------------------------------------------------------------------- */

static void
test_markdown_is_verbatim (void)
{
  static const char source[] =
      "---\ntitle: \"A title\"\nlang: en_GB\n---\n\n# Head\n\n- one *two*\n\n[a]: http://x/";
  g_autoptr (Document) document = read_text ("a.md", source);

  g_assert_cmpstr (document->text->str, ==, source);
  g_assert_cmpstr (document->title, ==, "A title");
  g_assert_cmpstr (document->language, ==, "en-GB");
  g_assert_cmpstr (document->format, ==, "markdown");
}

/* --- HTML
 * ---------------------------------------------------------------------------------------------- */

static void
test_html_blocks (void)
{
  assert_text (
      "a.html",
      "<!doctype html><title>T</title><style>no</style><h1>A <b>b</b></h1>text  with\n spaces"
      "<p>one<br>two<script>no</script><p>a&amp;b &eacute;<pre> x\n  y</pre>"
      "<blockquote>quoted</blockquote><img alt='a picture'>",
      "# A b\n\ntext with spaces\n\none\ntwo\n\na&b é\n\n```\n x\n  y\n```\n\nquoted\n\na picture");
}

static void
test_html_lists (void)
{
  assert_text ("a.html", "<ol start=3><li>three<ul><li>deep</ul><li><p>four</p><p>more</p></ol>end",
               "3. three\n   - deep\n4. four\n   more\n\nend");
}

static void
test_html_tables (void)
{
  assert_text ("a.html",
               "<table><caption>Cap</caption><tr><th>a<th>b</tr><tr><td rowspan=2>1<td>2</tr>"
               "<tr><td>x|y</tr></table>",
               "Cap\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n| 1 | x\\|y |");
}

static void
test_html_layout_tables (void)
{
  assert_text (
      "a.html",
      "<table><tr><td>left<td><h2>Head</h2><p>body</p><table><tr><td>1<td>2</table></table>",
      "left\n\n## Head\n\nbody\n\n| 1 | 2 |");
}

static void
test_html_hidden (void)
{
  assert_text (
      "a.html",
      "<p>a<p hidden>b<p style='display : none'>c<div style=\"DISPLAY:none\"><h1>d</h1></div>e",
      "a\n\ne");
}

static void
test_html_navigation (void)
{
  assert_text ("a.html", "<body><nav>menu</nav><p>text<footer>foot</footer>",
               "text\n\nfoot\n\nmenu");
  assert_text (
      "a.html",
      "<body><nav>menu</nav><header><h1>H</h1></header><main><p>text<footer>f</footer></main>"
      "<footer>foot</footer>",
      "# H\n\ntext\n\nf");
}

static void
test_html_deep_nesting (void)
{
  g_autoptr (GString) html = g_string_new ("<html>");
  g_autoptr (Document) document = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (html, "<div>");
  g_string_append (html, "deep");
  document = read_text ("a.html", html->str);
  g_assert_cmpstr (document->text->str, ==, "deep");
}

static void
test_html_charset (void)
{
  assert_text ("a.html", "<html><meta charset=windows-1251><p>\xcf\xf0\xe8\xe2\xe5\xf2", "Привет");
  assert_text ("a.html", "<html lang=de><meta charset=windows-1251><p>\xc3\xa4", "ä");
}

/* --- XML
 * -----------------------------------------------------------------------------------------------
 */

static void
test_xml_blocks (void)
{
  assert_text ("a.xml",
               "<?xml version='1.0'?><book><title>Title</title><part><title>Part</title>"
               "<p>some <b>bold</b> text</p></part><item><name>x</name><price>2</price></item>"
               "<item><name>y</name><price>3</price></item></book>",
               "# Title\n\n## Part\n\nsome bold text\n\nx\n2\n\ny\n3");
}

static void
test_xml_entities_stay_closed (void)
{
  g_autofree char *canary = g_build_filename (g_get_tmp_dir (), "test-extract-canary", NULL);
  g_autofree char *xml = NULL;
  g_autoptr (Document) document = NULL;

  g_assert_true (g_file_set_contents (canary, "CANARY", -1, NULL));
  xml = g_strdup_printf ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file://%s'>"
                         "<!ENTITY %% p SYSTEM 'file://%s'> %%p; ]>"
                         "<a>before &x; after</a>",
                         canary, canary);
  document = read_text ("a.xml", xml);
  g_assert_cmpstr (document->text->str, ==, "before after");
  g_assert_null (strstr (document->text->str, "CANARY"));
  g_remove (canary);
  assert_text ("a.xml",
               "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY s 'short'>]><a>a &s; b&nbsp;c</a>",
               "a short b\xc2\xa0"
               "c");
}

static void
test_xml_billion_laughs (void)
{
  g_autoptr (GString) xml = g_string_new ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY l0 'ha'>");
  gint64 start = g_get_monotonic_time ();
  g_autoptr (Document) document = NULL;

  for (guint i = 1; i < 30; i++)
    g_string_append_printf (xml, "<!ENTITY l%u '&l%u;&l%u;&l%u;&l%u;'>", i, i - 1, i - 1, i - 1,
                            i - 1);
  g_string_append (xml, "]><a>x &l29; y</a>");
  document = read_text ("a.xml", xml->str);
  g_assert_cmpuint (document->text->len, <, 100);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_USEC_PER_SEC);
}

static void
test_xml_not_well_formed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document =
      read_limited ("a.xml", "<?xml version='1.0'?><a><b>kept</b>", 35, &default_limits, &error);

  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpstr (document->text->str, ==, "kept");
  assert_fails ("a.xml", "<?xml version='1.0'?><", 22, EXTRACT_ERROR_CORRUPT);
}

static void
test_xml_feed_markup (void)
{
  assert_text (
      "a.rss",
      "<?xml version='1.0'?><rss><item><d>&lt;p&gt;one &lt;b&gt;two&lt;/b&gt;&lt;br/&gt;three"
      " a &lt; b &lt;T&gt;</d></item></rss>",
      "one two\nthree a < b <T>");
}

/* --- PDF
 * -------------------------------------------------------------------------------------------------
 */

static Document *
read_file (const char *path, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *data = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  return read_limited (name, data, size, &default_limits, error);
}

static void
test_pdf_structure (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = read_file ("fixtures/annual-report.pdf", &error);
  guint last_page = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (document->page_count, ==, 3);
  g_assert_cmpstr (document->title, ==, "Annual Report 2025");
  g_assert_nonnull (
      strstr (document->text->str, "\n\n## 2. Operations\n\n### 2.1. Hydropower\n\n"));
  g_assert_nonnull (strstr (document->text->str, "\n- Holm: ice barrier"));
  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    g_assert_cmpuint (block->page, >=, MAX (last_page, 1));
    last_page = block->page;
  }
  g_assert_cmpuint (last_page, ==, 3);
}

static void
test_pdf_is_deterministic (void)
{
  g_autoptr (Document) first = read_file ("fixtures/annual-report.pdf", NULL);
  g_autoptr (Document) second = read_file ("fixtures/annual-report.pdf", NULL);

  g_assert_cmpstr (first->text->str, ==, second->text->str);
}

static void
test_pdf_ends (void)
{
  g_autoptr (GError) encrypted = NULL;
  g_autoptr (GError) damaged = NULL;
  g_autoptr (GError) none = NULL;
  g_autoptr (Document) a = read_file ("fixtures/hostile/encrypted.pdf", &encrypted);
  g_autoptr (Document) b = read_file ("fixtures/hostile/truncated.pdf", &damaged);
  g_autoptr (Document) c = read_file ("fixtures/hostile/image-only.pdf", &none);

  g_assert_error (encrypted, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED);
  g_assert_error (damaged, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT);
  g_assert_no_error (none);
  g_assert_cmpuint (c->blocks->len, ==, 0);
  g_assert_nonnull (strstr (g_ptr_array_index (c->warnings, 0), "images only"));
}

static void
test_pdf_page_limit (void)
{
  g_autofree char *data = NULL;
  gsize size;
  ExtractLimits limits = default_limits;
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  limits.max_pages = 1;
  g_assert_true (g_file_get_contents ("fixtures/annual-report.pdf", &data, &size, NULL));
  document = read_limited ("a.pdf", data, size, &limits, &error);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_nonnull (strstr (document->text->str, "Letter to Shareholders"));
  g_assert_null (strstr (document->text->str, "Outlook"));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/extract/markdown/is-verbatim", test_markdown_is_verbatim);
  g_test_add_func ("/extract/html/blocks", test_html_blocks);
  g_test_add_func ("/extract/html/lists-nest", test_html_lists);
  g_test_add_func ("/extract/html/tables", test_html_tables);
  g_test_add_func ("/extract/html/layout-tables-are-text", test_html_layout_tables);
  g_test_add_func ("/extract/html/hidden-stays-hidden", test_html_hidden);
  g_test_add_func ("/extract/html/navigation-goes-only-beside-main", test_html_navigation);
  g_test_add_func ("/extract/html/deep-nesting-is-no-stack", test_html_deep_nesting);
  g_test_add_func ("/extract/html/charset", test_html_charset);
  g_test_add_func ("/extract/xml/blocks", test_xml_blocks);
  g_test_add_func ("/extract/xml/entities-stay-closed", test_xml_entities_stay_closed);
  g_test_add_func ("/extract/xml/billion-laughs-are-short", test_xml_billion_laughs);
  g_test_add_func ("/extract/xml/not-well-formed-is-partial", test_xml_not_well_formed);
  g_test_add_func ("/extract/xml/feed-markup-is-stripped", test_xml_feed_markup);
  g_test_add_func ("/extract/pdf/structure", test_pdf_structure);
  g_test_add_func ("/extract/pdf/is-deterministic", test_pdf_is_deterministic);
  g_test_add_func ("/extract/pdf/ends-by-kind", test_pdf_ends);
  g_test_add_func ("/extract/pdf/page-limit-is-partial", test_pdf_page_limit);
  return g_test_run ();
}
