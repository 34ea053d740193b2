/* What the reader of RTF promises, and the two layers that mail programs put around a message. */
#include "ingest/extract/rtf/rtf-compressed.h"
#include "ingest/extract/rtf/rtf-html.h"
#include "tests/extract-reading.h"

/* --- compressed
 * ----------------------------------------------------------------------------------
 */

/* MS-OXRTFCP 4.1.1 and 4.1.2 */
static const guint8 simple[] = {0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a,
                                0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00,
                                0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a,
                                0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77,
                                0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0};
static const guint8 crossing[] = {0x1a, 0x00, 0x00, 0x00, 0x1c, 0x00, 0x00, 0x00, 0x4c, 0x5a,
                                  0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20,
                                  0x57, 0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0};

static void
assert_unpacks (const guint8 *data, gsize size, const char *expected)
{
  g_autoptr (GBytes) packed = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) rtf = rtf_decompress (packed, &error);
  gsize bytes;
  const char *text;

  g_assert_no_error (error);
  text = g_bytes_get_data (rtf, &bytes);
  g_assert_cmpmem (text, bytes, expected, strlen (expected));
}

static void
test_compressed (void)
{
  assert_unpacks (simple, sizeof simple, "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  assert_unpacks (crossing, sizeof crossing, "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
}

static void
test_compressed_damaged (void)
{
  guint8 data[sizeof simple];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) rtf = NULL;

  /* cut short: what there is */
  assert_unpacks (simple, 24, "{\\rtf1\\ansi\\ansicpg");
  memcpy (data, simple, sizeof simple);
  data[8] = 'X';
  packed = g_bytes_new_static (data, sizeof data);
  rtf = rtf_decompress (packed, &error);
  g_assert_null (rtf);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT);
}

/* --- HTML in RTF
 * ---------------------------------------------------------------------------------
 */

static void
assert_html (const char *rtf, const char *expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (rtf, strlen (rtf));
  g_autoptr (GBytes) html = rtf_to_html (bytes);
  gsize size;
  const char *text;

  if (expected == NULL) {
    g_assert_null (html);
    return;
  }
  g_assert_nonnull (html);
  text = g_bytes_get_data (html, &size);
  g_assert_cmpmem (text, size, expected, strlen (expected));
}

static void
test_html (void)
{
  assert_html ("{\\rtf1\\ansi\\ansicpg1251\\fromhtml1 \\deff0{\\fonttbl\r\n{\\f0\\fswiss Arial;}"
               "{\\f1\\fcharset128 MS Mincho;}}\n{\\colortbl\\red0;}"
               "{\\*\\htmltag18 <html>}{\\*\\mhtmltag84 <no>}\\htmlrtf \\par no \\htmlrtf0 "
               "{\\*\\htmltag64 <p title=\"\\'cf\\{\">}\\htmlrtf {\\htmlrtf0 "
               "\\'cf\\'f0\\u8364 ?\\u8364\\'80 a{\\f1\\'82\\'a0}\\ldblquote\\~"
               "{\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0\\htmlrtf }\\htmlrtf0 "
               "{\\*\\htmltag27 </html>}}",
               "<html><p title=\"П{\">Пр€€ aあ&ldquo;&nbsp;&lt;</html>");
  assert_html ("{\\rtf1\\ansi\\ansicpg1252 plain}", NULL);
  assert_html ("<html>", NULL);
}

static void
test_html_deep_nesting (void)
{
  g_autoptr (GString) rtf = g_string_new ("{\\rtf1\\fromhtml1 ");

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (rtf, '{');
  g_string_append (rtf, "deep");
  assert_html (rtf->str, "deep");
}

/* --- RTF
 * -----------------------------------------------------------------------------------------
 */

#define HEAD                                                                                       \
  "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}"             \
  "{\\f2\\fcharset128 MS Mincho;}{\\f3\\fcharset2 Symbol;}}"

static void
test_text (void)
{
  assert_text ("a.rtf",
               HEAD "\\pard a\\'e4\\tab\\f1\\'cf\\'f0 \\f2\\'82\\'a0\\'83n\\f3 a\\f0\\par}",
               "aä\tПр あハ"
               "α");
  assert_text ("a.rtf", HEAD "\\uc1 \\u8364 ?x\\uc2\\u-10179\\'3f\\'3f\\u-8704 ??y{\\uc0\\u233 e}}",
               "€x😀yée");
  assert_text ("a.rtf", HEAD "a\r\nb\\~c\\_d\\-e\\ldblquote f\\rdblquote\\{\\}\\\\}",
               "ab\xc2\xa0"
               "c‑de“f”{}\\");
}

static void
test_hidden (void)
{
  assert_text ("a.rtf",
               HEAD "a{\\v hidden}b{\\deleted gone}c{\\*\\unknown x{y}}d{\\pict 00ff}e"
                    "\\bin3 }}}f}",
               "abcdef");
}

static void
test_headings (void)
{
  assert_text ("a.rtf",
               HEAD "{\\stylesheet{\\s0 Normal;}{\\s1\\outlinelevel0 \\'dcberschrift 1;}"
                    "{\\s2\\sbasedon1 Mine;}{\\s3 heading 3;}}"
                    "\\pard\\s1 One\\par\\pard\\s2 Two\\par\\pard\\s3 Three\\par"
                    "\\pard\\outlinelevel1 Four\\par\\pard text\\par}",
               "# One\n\n# Two\n\n### Three\n\n## Four\n\ntext");
}

static void
test_lists (void)
{
  /* as the file shows them */
  assert_text ("a.rtf",
               HEAD "\\pard{\\listtext\\f3\\'b7\\tab}\\ls1 a\\par{\\listtext\\f3\\'b7\\tab}b\\par"
                    "\\pard{\\listtext 2.1\\tab}\\ls1\\ilvl1 c\\par\\pard d\\par}",
               "- a\n- b\n  2.1 c\n\nd");
  /* counted from the tables */
  assert_text ("a.rtf",
               HEAD "{\\*\\listtable{\\list{\\listlevel\\levelnfc0\\levelstartat3"
                    "{\\leveltext\\'02\\'00.;}{\\levelnumbers\\'01;}}"
                    "{\\listlevel\\levelnfc2\\levelstartat1{\\leveltext\\'03(\\'01);}}\\listid7}}"
                    "{\\*\\listoverridetable{\\listoverride\\listid7\\ls1}}"
                    "\\pard\\ls1 a\\par\\ls1\\ilvl1 b\\par c\\par\\ilvl0 d\\par}",
               "3. a\n   (i) b\n   (ii) c\n4. d");
  /* Word 6 */
  assert_text ("a.rtf",
               HEAD
               "\\pard{\\pntext 9.\\tab}{\\*\\pn\\pnlvlbody{\\pntxta .}}a\\par b\\par\\pard c}",
               "9. a\n10. b\n\nc");
}

static void
test_tables (void)
{
  assert_text ("a.rtf",
               HEAD "\\trowd\\trhdr\\cellx1\\cellx2\\pard\\intbl a\\cell b\\cell\\row"
                    "\\trowd\\cellx1\\cellx2\\pard\\intbl c\\par d\\cell"
                    "\\pard\\intbl\\itap2 x\\nestcell y\\nestcell{\\*\\nesttableprops\\nestrow}"
                    "\\pard\\intbl e\\cell\\row\\pard end\\par}",
               "| a | b |\n| --- | --- |\n| c d | x y e |\n\nend");
}

static void
test_stories (void)
{
  assert_text (
      "a.rtf",
      HEAD
      "{\\header\\pard Head\\par}{\\footer\\pard Foot {\\field{\\*\\fldinst PAGE}"
      "{\\fldrslt 1}}\\par}\\pard word{\\super\\chftn{\\footnote\\pard\\chftn  note\\par}}"
      " more{\\*\\atnid XY}{\\*\\atnauthor Xenia Ypsilon}\\chatn{\\*\\annotation\\pard why\\par}"
      "{\\shp{\\*\\shpinst{\\sp{\\sn a}{\\sv 1}}{\\shptxt\\pard in a box\\par}}"
      "{\\shprslt no}}\\par{\\header\\pard Head\\par}\\pard end}",
      "Head\n\nword[1] more\n\nComment by Xenia Ypsilon: why\n\nin a box\n\n[1] note\n\n"
      "end\n\nFoot 1");
}

static void
test_fields (void)
{
  assert_text ("a.rtf",
               HEAD
               "{\\field{\\*\\fldinst{HYPERLINK \"http://a.example/\\\\\\\\b\"}}{\\fldrslt here}}, "
               "{\\field{\\*\\fldinst SYMBOL 97 \\\\f \"Symbol\"}{\\fldrslt\\f3 a}} "
               "{\\field{\\*\\fldinst HYPERLINK \\\\l \"x\"}{\\fldrslt there}}}",
               "here, α there (http://a.example/\\b)");
}

static void
test_metadata (void)
{
  g_autoptr (Document) document =
      read_text ("a.rtf", HEAD "{\\info{\\title A \\'e4}{\\author B}{\\operator C}}text}");

  g_assert_cmpstr (document->title, ==, "A ä");
  g_assert_cmpstr (document->author, ==, "B");
  g_assert_cmpstr (document->format, ==, "rtf");
  g_assert_cmpstr (document->text->str, ==, "text");
}

static void
test_html_inside (void)
{
  assert_text ("a.rtf",
               "{\\rtf1\\ansi\\fromhtml1{\\*\\htmltag <h1>}Head{\\*\\htmltag </h1><p>}\\htmlrtf no"
               "\\htmlrtf0 text}",
               "# Head\n\ntext");
}

/* "hello" packed by the Packager: OLE1 around it, in hexadecimal. */
static void
test_objects (void)
{
  g_autoptr (Document) document = read_text (
      "a.rtf", HEAD "a{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata 0105000002000000\r\n"
                    "08000000"
                    "5061636b61676500"
                    "00000000"
                    "00000000"
                    "2a000000"
                    "0200"
                    "612e74787400"
                    "433a5c612e74787400"
                    "0000"
                    "0300"
                    "06000000"
                    "612e74787400"
                    "05000000"
                    "68656c6c6f"
                    "}{\\result b}}}");
  const Document *member;

  g_assert_cmpstr (document->text->str, ==, "ab");
  g_assert_cmpuint (document->members->len, ==, 1);
  member = g_ptr_array_index (document->members, 0);
  g_assert_cmpstr (member->name, ==, "a.txt");
}

static void
test_damage (void)
{
  g_autoptr (GString) rtf = g_string_new (HEAD);
  g_autoptr (Document) document = NULL;

  for (guint i = 0; i < 200000; i++)
    g_string_append (rtf, "{\\b{\\footnote x");
  document = read_text ("a.rtf", rtf->str);
  g_assert_nonnull (document);
  assert_text ("a.rtf", HEAD "cut\\par{\\field{\\*\\fldinst HYPER", "cut");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/rtf/compressed/unpacks", test_compressed);
  g_test_add_func ("/rtf/compressed/damaged", test_compressed_damaged);
  g_test_add_func ("/rtf/html/comes-out-as-it-was", test_html);
  g_test_add_func ("/rtf/html/deep-nesting-is-no-stack", test_html_deep_nesting);
  g_test_add_func ("/rtf/text", test_text);
  g_test_add_func ("/rtf/hidden-stays-hidden", test_hidden);
  g_test_add_func ("/rtf/headings-by-style-or-outline", test_headings);
  g_test_add_func ("/rtf/lists", test_lists);
  g_test_add_func ("/rtf/tables", test_tables);
  g_test_add_func ("/rtf/notes-comments-boxes-headers", test_stories);
  g_test_add_func ("/rtf/fields", test_fields);
  g_test_add_func ("/rtf/metadata", test_metadata);
  g_test_add_func ("/rtf/html-inside-is-read", test_html_inside);
  g_test_add_func ("/rtf/objects-are-members", test_objects);
  g_test_add_func ("/rtf/damage-is-no-crash", test_damage);
  return g_test_run ();
}
