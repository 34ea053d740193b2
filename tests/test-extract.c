/* What sink, sniffing, character sets, text and .gz promise. */
#include "ingest/extract/charset.h"
#include "ingest/extract/inflate.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sniff.h"
#include "tests/extract-reading.h"

#include <zlib.h>

/* --- the sink -----------------------------------------------------------------------------------
 */

typedef struct {
  ExtractLimits limits;
  Document *document;
  ExtractSink *sink;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->limits = default_limits;
  fixture->document = document_new ();
  fixture->sink = extract_sink_new_for_document (&fixture->limits, fixture->document);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  extract_sink_free (fixture->sink);
  document_free (fixture->document);
}

static void
paragraph (Fixture *fixture, const char *text, gssize len)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (extract_paragraph (fixture->sink, 0, text, len, &error));
  g_assert_no_error (error);
}

static void
test_sink_cleans (Fixture *fixture, gconstpointer data)
{
  paragraph (fixture,
             "\xef\xbb\xbf"
             "a\0b\x01"
             "c\x7f\td",
             11);
  paragraph (fixture, "one\r\ntwo\rthree\ffour", -1);
  paragraph (fixture, "bad \xff\xfe and cut \xe2\x82", -1);
  paragraph (fixture, "surrogate \xed\xa0\x80.", -1);
  g_assert_cmpstr (fixture->document->text->str, ==,
                   "abc\td\n\none\ntwo\nthree\nfour\n\n"
                   "bad \xef\xbf\xbd\xef\xbf\xbd and cut \xef\xbf\xbd\n\n"
                   "surrogate \xef\xbf\xbd.");
}

static void
test_sink_renders (Fixture *fixture, gconstpointer data)
{
  ExtractSink *sink = fixture->sink;

  extract_heading (sink, 2, 0, "A\n title ", -1, NULL);
  extract_paragraph (sink, 0, "  \n", -1, NULL);
  extract_list_item (sink, 1, 0, "1.", "one\ntwo", -1, NULL);
  extract_list_item (sink, 2, 0, NULL, "deep", -1, NULL);
  extract_list_item (sink, 1, 0, "2.", "last", -1, NULL);
  extract_code (sink, 0, "c", "a = ```;\n", -1, NULL);
  g_assert_cmpstr (fixture->document->text->str, ==,
                   "## A title\n\n1. one\n   two\n   - deep\n2. last\n\n````c\na = ```;\n````");
  g_assert_cmpuint (fixture->document->blocks->len, ==, 5);
}

static void
unref_row (gpointer row)
{
  g_ptr_array_unref (row);
}

static void
test_sink_tables (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (unref_row);

  for (guint i = 0; i < 2; i++) {
    GPtrArray *row = g_ptr_array_new ();

    g_ptr_array_add (row, (gpointer) "a|b");
    if (i == 0)
      g_ptr_array_add (row, (gpointer) "line\nbreak");
    g_ptr_array_add (rows, row);
  }
  g_assert_true (extract_table (fixture->sink, 0, rows, TRUE, NULL));
  g_assert_cmpstr (fixture->document->text->str, ==,
                   "| a\\|b | line break |\n| --- | --- |\n| a\\|b | |");
}

static void
test_sink_limits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->limits.max_text_bytes = 8;
  g_assert_false (extract_paragraph (fixture->sink, 0, "1234567\xc3\xa4rest", -1, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpstr (fixture->document->text->str, ==, "1234567");
  g_clear_error (&error);
  g_assert_false (extract_paragraph (fixture->sink, 0, "more", -1, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpuint (fixture->document->blocks->len, ==, 1);
}

static void
test_sink_pages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->limits.max_pages = 2;
  g_assert_true (extract_paragraph (fixture->sink, 2, "two", -1, NULL));
  g_assert_false (extract_paragraph (fixture->sink, 3, "three", -1, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpstr (fixture->document->text->str, ==, "two");
}

static void
test_sink_warns_once (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    extract_warn (fixture->sink, "the same\nthing");
  g_assert_cmpuint (fixture->document->warnings->len, ==, 1);
  for (guint i = 0; i < 1000; i++)
    extract_warn (fixture->sink, "thing %u", i);
  g_assert_cmpuint (fixture->document->warnings->len, <, 50);
}

static void
test_sink_long_gap (Fixture *fixture, gconstpointer data)
{
  g_autofree char *gap = g_strnfill (200000, 'x');

  paragraph (fixture, "first", -1);
  g_assert_true (
      extract_verbatim (fixture->sink, BLOCK_PARAGRAPH, 0, 0, gap, 200000, "last", 4, NULL));
  g_assert_cmpuint (fixture->document->text->len, ==, 5 + 200000 + 4);
  for (guint i = 1; i < fixture->document->blocks->len; i++) {
    const Block *blocks = (const Block *)(gpointer)fixture->document->blocks->data;

    g_assert_cmpuint (blocks[i].start_byte - blocks[i - 1].end_byte, <=, EXTRACT_GAP_MAX);
  }
}

/* --- types ---------------------------------------------------------------------------------------
 */

static const char *
kind_of (const char *name, const char *text)
{
  Sniff found;

  sniff ((const guint8 *)text, strlen (text), name, "", &found);
  return found.format;
}

static void
test_sniff_content_decides (void)
{
  g_assert_cmpstr (kind_of ("a.html", "%PDF-1.4\n"), ==, "pdf");
  g_assert_cmpstr (kind_of ("a.txt", "<!DOCTYPE html><p>x"), ==, "html");
  g_assert_cmpstr (kind_of ("a", "<?xml version='1.0'?><html xmlns='x'/>"), ==, "html");
  g_assert_cmpstr (kind_of ("a", "<?xml version='1.0'?><!-- <html> --><a/>"), ==, "xml");
  g_assert_cmpstr (kind_of ("a.txt", "Of %PDF-1.4 it is said that"), ==, "text");
  g_assert_cmpstr (kind_of ("a", "<svg xmlns='http://www.w3.org/2000/svg'/>"), ==, "xml");
}

static void
test_sniff_hints_choose (void)
{
  g_assert_cmpstr (kind_of ("a.md", "# x"), ==, "markdown");
  g_assert_cmpstr (kind_of ("a.txt", "# x"), ==, "text");
  g_assert_cmpstr (kind_of ("a.md", "<p align=center>x</p>"), ==, "markdown");
  g_assert_cmpstr (kind_of ("a.htm", "<p>x</p>"), ==, "html");
  g_assert_cmpstr (kind_of ("a.c", "#include <html>"), ==, "code");
}

static void
test_sniff_refuses_binaries (void)
{
  guint8 noise[4000];
  guint32 state = 1;
  g_autoptr (GError) error = NULL;
  static const char sound[] = "RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\x88\x58\1\0";

  for (guint i = 0; i < sizeof noise; i++)
    noise[i] = (guint8)((state = state * 1664525u + 1013904223u) >> 24);
  assert_fails ("noise.txt", noise, sizeof noise, EXTRACT_ERROR_UNSUPPORTED);
  document_free (read_limited ("a.txt", sound, sizeof sound, &default_limits, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "RIFF"));
  g_assert_nonnull (strstr (error->message, "no reader for"));
}

static void
test_empty_file_is_a_document (void)
{
  g_autoptr (Document) document = read_text ("a.pdf", "");

  g_assert_cmpstr (document->format, ==, "text");
  g_assert_cmpstr (document->mime_type, ==, "inode/x-empty");
  g_assert_cmpuint (document->warnings->len, ==, 1);
}

/* --- character sets
 * -------------------------------------------------------------------------------- */

static void
assert_charset (const void *data, gsize size, const char *declared, const char *expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) utf8 = NULL;
  Charset charset;
  guint64 replaced;
  gsize length;
  const char *text;

  charset_guess (data, size, declared, &charset);
  utf8 = charset_to_utf8 (bytes, &charset, &replaced);
  text = g_bytes_get_data (utf8, &length);
  g_assert_cmpmem (text, length, expected, strlen (expected));
  g_assert_cmpuint (replaced, ==, 0);
}

static void
test_charset_guesses (void)
{
  assert_charset ("\xef\xbb\xbf\xc3\xa4", 5, NULL, "ä");
  assert_charset ("\xff\xfe"
                  "a\0\xe4\0",
                  6, NULL, "aä");
  assert_charset ("\xfe\xff"
                  "\0a\0\xe4",
                  6, NULL, "aä");
  assert_charset ("H\0e\0l\0l\0o\0 \0w\0", 14, NULL, "Hello w");
  assert_charset ("\0H\0e\0l\0l\0o\0 \0w", 14, NULL, "Hello w");
  assert_charset ("H\0\0\0i\0\0\0!\0\0\0", 12, NULL, "Hi!");
  assert_charset ("\xcf\xf0\xe8\xe2\xe5\xf2", 6, "windows-1251", "Привет");
  assert_charset ("stra\xc3\x9f"
                  "e",
                  7, "iso-8859-1", "straße");
  assert_charset ("\x1b$B$3$l\x1b(B", 10, NULL, "これ");
}

/* A declaration that the bytes contradict is not believed. */
static void
test_charset_doubts_declarations (void)
{
  static const char text[] = "Die \xdc"
                             "berpr\xfc"
                             "fung f\xfc"
                             "r Gr\xf6\xdf"
                             "en \xe4ndert M\xe4nner.";
  Charset charset;

  charset_guess ((const guint8 *)text, strlen (text), "utf-16", &charset);
  g_assert_false (g_str_has_prefix (charset.name, "U"));
  assert_charset (text, strlen (text), "utf-8", "Die Überprüfung für Größen ändert Männer.");
}

typedef struct {
  GString *text;
  gsize longest;
} Slices;

static gboolean
take_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  Slices *slices = user_data;

  g_assert_true (g_utf8_validate (slice, (gssize)bytes, NULL));
  g_assert_false (bytes > 0 && slice[bytes - 1] == '\r');
  g_string_append_len (slices->text, slice, (gssize)bytes);
  slices->longest = MAX (slices->longest, bytes);
  return TRUE;
}

static void
test_charset_slices (void)
{
  g_autoptr (GString) source = g_string_new (NULL);
  g_autoptr (GString) got = g_string_new (NULL);
  Slices slices = {got, 0};
  Charset charset;
  guint64 replaced;

  while (source->len < 500000)
    g_string_append (source, "ä€\r\n𝄞");
  charset_guess ((const guint8 *)source->str, source->len, NULL, &charset);
  g_assert_true (charset_decode ((const guint8 *)source->str, source->len, &charset, take_slice,
                                 &slices, &replaced, NULL));
  g_assert_cmpstr (got->str, ==, source->str);
  g_assert_cmpuint (slices.longest, <=, 65540);
}

/* --- text
 * ------------------------------------------------------------------------------------------- */

static void
test_text_paragraphs (void)
{
  g_autoptr (Document) document = read_text ("a.txt", "\n\n  one\r\ntwo\r\n\r\n \r\nthree\n\n\n");
  const Block *blocks = (const Block *)(gpointer)document->blocks->data;

  g_assert_cmpstr (document->text->str, ==, "  one\ntwo\n\n \nthree");
  g_assert_cmpuint (document->blocks->len, ==, 2);
  g_assert_cmpuint (blocks[1].start_byte, ==, 13);
}

static void
test_text_one_long_line (void)
{
  gsize size = 3000000;
  g_autofree char *line = g_strnfill (size, 'x');
  g_autoptr (Document) document = NULL;

  for (gsize i = 100; i < size; i += 100)
    line[i] = ' ';
  document = read_bytes ("a.txt", line, size);
  g_assert_cmpmem (document->text->str, document->text->len, line, size);
  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    g_assert_cmpuint (block->end_byte - block->start_byte, <=, 65536);
  }
}

static void
test_text_keeps_going_after_nul (void)
{
  g_autoptr (Document) document = read_bytes ("a.txt", "one\0two \xff three", 15);

  g_assert_cmpstr (document->text->str, ==, "onetwo \xc3\xbf three");
}

/* --- gzip
 * ------------------------------------------------------------------------------------------------
 */

static GByteArray *
gzip (const void *data, gsize size)
{
  GByteArray *out = g_byte_array_new ();
  z_stream zlib = {0};

  g_assert_cmpint (deflateInit2 (&zlib, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), ==, Z_OK);
  g_byte_array_set_size (out, (guint)deflateBound (&zlib, size));
  zlib.next_in = (Bytef *)(guintptr)data;
  zlib.avail_in = (uInt)size;
  zlib.next_out = out->data;
  zlib.avail_out = out->len;
  g_assert_cmpint (deflate (&zlib, Z_FINISH), ==, Z_STREAM_END);
  g_byte_array_set_size (out, (guint)zlib.total_out);
  deflateEnd (&zlib);
  return out;
}

static void
test_gzip_members (void)
{
  g_autoptr (GByteArray) packed = gzip ("# one\n", 6);
  g_autoptr (GByteArray) second = gzip ("two", 3);
  g_autoptr (Document) document = NULL;

  g_byte_array_append (packed, second->data, second->len);
  document = read_bytes ("a.md.gz", packed->data, packed->len);
  g_assert_cmpstr (document->text->str, ==, "# one\ntwo");
  g_assert_cmpstr (document->format, ==, "markdown");
}

static void
test_gzip_bomb (void)
{
  gsize size = 20u << 20;
  g_autofree char *zeros = g_strnfill (size, 'a');
  g_autoptr (GByteArray) packed = gzip (zeros, size);
  g_autoptr (GByteArray) inner = gzip ("x", 1);

  assert_fails ("a.gz", packed->data, packed->len, EXTRACT_ERROR_BOMB);
  for (guint i = 0; i < default_limits.max_depth; i++) {
    GByteArray *outer = gzip (inner->data, inner->len);

    g_byte_array_unref (inner);
    inner = outer;
  }
  assert_fails ("a.gz", inner->data, inner->len, EXTRACT_ERROR_BOMB);
}

static void
test_gzip_cut_short (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GByteArray) packed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "line %u\n", i * 7919);
  packed = gzip (text->str, text->len);
  document = read_limited ("a.gz", packed->data, packed->len / 2, &default_limits, &error);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_cmpuint (document->text->len, >, 1000);
  assert_fails ("a.gz", packed->data, 12, EXTRACT_ERROR_CORRUPT);
}

/* --- language, fingerprint
 * ----------------------------------------------------------------------------------- */

static void
test_language (void)
{
  static const char *const texts[][2] = {
      {"en",
       "All human beings are born free and equal in dignity and rights. They are endowed with "
       "reason and conscience and should act towards one another in a spirit of brotherhood."},
      {"de",
       "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft "
       "und Gewissen begabt und sollen einander im Geiste der Brüderlichkeit begegnen."},
      {"zh",
       "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。"},
      {"ja",
       "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *found = language_detect (texts[i][1], strlen (texts[i][1]));

    g_assert_cmpstr (found, ==, texts[i][0]);
  }
  g_assert_null (language_detect ("too short", 9));
}

static void
test_language_tags (void)
{
  g_autofree char *tag = language_normalise ("EN_us");

  g_assert_cmpstr (tag, ==, "en-us");
  g_assert_null (language_normalise ("English, of course"));
  g_assert_null (language_normalise ("*"));
}

static void
test_fingerprint (void)
{
  ExtractLimits other = default_limits;
  g_autofree char *first = extract_fingerprint (&default_limits);
  g_autofree char *second = NULL;

  other.max_pages++;
  second = extract_fingerprint (&other);
  g_assert_cmpstr (first, !=, second);
  g_assert_nonnull (strstr (first, "poppler/"));
}

#define SINK_TEST(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  SINK_TEST ("/extract/sink/drops-nul-and-repairs", test_sink_cleans);
  SINK_TEST ("/extract/sink/writes-markdown", test_sink_renders);
  SINK_TEST ("/extract/sink/table-cells-are-escaped", test_sink_tables);
  SINK_TEST ("/extract/sink/cuts-at-a-character", test_sink_limits);
  SINK_TEST ("/extract/sink/counts-pages", test_sink_pages);
  SINK_TEST ("/extract/sink/warns-once", test_sink_warns_once);
  SINK_TEST ("/extract/sink/gaps-are-bounded", test_sink_long_gap);
  g_test_add_func ("/extract/sniff/content-decides", test_sniff_content_decides);
  g_test_add_func ("/extract/sniff/hints-choose", test_sniff_hints_choose);
  g_test_add_func ("/extract/sniff/refuses-binaries", test_sniff_refuses_binaries);
  g_test_add_func ("/extract/sniff/empty-is-a-document", test_empty_file_is_a_document);
  g_test_add_func ("/extract/charset/guesses", test_charset_guesses);
  g_test_add_func ("/extract/charset/doubts-declarations", test_charset_doubts_declarations);
  g_test_add_func ("/extract/charset/slices-are-whole", test_charset_slices);
  g_test_add_func ("/extract/text/paragraphs", test_text_paragraphs);
  g_test_add_func ("/extract/text/one-long-line-streams", test_text_one_long_line);
  g_test_add_func ("/extract/text/survives-nul", test_text_keeps_going_after_nul);
  g_test_add_func ("/extract/gzip/members", test_gzip_members);
  g_test_add_func ("/extract/gzip/bombs-are-refused", test_gzip_bomb);
  g_test_add_func ("/extract/gzip/cut-short-is-partial", test_gzip_cut_short);
  g_test_add_func ("/extract/language/detects", test_language);
  g_test_add_func ("/extract/language/tags", test_language_tags);
  g_test_add_func ("/extract/fingerprint/names-limits", test_fingerprint);
  return g_test_run ();
}
