/* What the readers of OLE2 files promise: the container, doc, ppt, and the parts they share. */
#include "ingest/extract/codepage.h"
#include "ingest/extract/ole/compound.h"
#include "ingest/extract/ole/numbering.h"
#include "ingest/extract/ole/word-field.h"
#include "tests/extract-reading.h"

/* --- code pages
 * ----------------------------------------------------------------------------------
 */

static void
assert_decodes (guint code_page, const char *text, gsize bytes, const char *expected)
{
  g_autoptr (Codepages) codepages = codepages_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  codepages_append (codepages, code_page, text, bytes, out);
  g_assert_cmpstr (out->str, ==, expected);
}

static void
test_code_pages (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  assert_decodes (1252, "a\x80\xe4", 3, "a€ä");
  assert_decodes (932, "\x82\xa0", 2, "あ");
  assert_decodes (1361, "a\x88\x61\xd3\xbd", 5, "a가힣");
  assert_decodes (10007, "\x8f\xf0\xe8", 3, "При");
  assert_decodes (4711, "\xe4", 1, "ä"); /* not known: 1252 */
  assert_decodes (932, "\x82", 1, "\xef\xbf\xbd");
  assert_decodes (CODEPAGE_SYMBOL, "a\xb0", 2, "α°");
  /* over the converter's buffer, with pairs of surrogates at its end */
  for (guint i = 0; i < 3000; i++) {
    g_string_append_len (many, i % 3 == 0 ? "a" : "\x95\x32\x90\x32", i % 3 == 0 ? 1 : 4);
    g_string_append (expected, i % 3 == 0 ? "a" : "𠂂");
  }
  {
    g_autoptr (Codepages) codepages = codepages_new ();
    g_autoptr (GString) out = g_string_new (NULL);

    codepages_append (codepages, 936, many->str, many->len, out);
    g_assert_true (g_utf8_validate (out->str, (gssize)out->len, NULL));
    g_assert_cmpint (g_utf8_strlen (out->str, -1), ==, 3000);
  }
}

static void
test_utf16 (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autofree guint8 *text = g_malloc (4000);

  codepage_append_utf16 (out, (const guint8 *)"a\0\x3d\xd8\x00\xde\x3d\xd8z\0", 5);
  g_assert_cmpstr (out->str, ==, "a😀\xef\xbf\xbdz");
  /* pairs wherever the buffer ends */
  g_string_truncate (out, 0);
  for (guint i = 0; i < 4000; i++)
    text[i] = (const guint8[]){0x3d, 0xd8, 0x00, 0xde}[i % 4];
  codepage_append_utf16 (out, text, 2000);
  g_assert_cmpint (g_utf8_strlen (out->str, -1), ==, 1000);
  g_assert_null (strstr (out->str, "\xef\xbf\xbd"));
}

/* --- the container
 * -------------------------------------------------------------------------------
 */

static GBytes *
read_fixture (const char *path)
{
  char *data;
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  return g_bytes_new_take (data, size);
}

static void
assert_same_streams (const Compound *left, const Compound *right)
{
  g_assert_cmpuint (compound_count (left), ==, compound_count (right));
  for (guint i = 0; i < compound_count (left); i++) {
    const char *name = compound_name (left, i);

    g_assert_true (compound_has (right, name));
    if (compound_is_storage (left, i)) {
      g_autoptr (Compound) inner_left = compound_open_storage (left, name);
      g_autoptr (Compound) inner_right = compound_open_storage (right, name);

      assert_same_streams (inner_left, inner_right);
    } else {
      g_autoptr (GBytes) stream_left = compound_read (left, name, NULL);
      g_autoptr (GBytes) stream_right = compound_read (right, name, NULL);

      g_assert_true (g_bytes_equal (stream_left, stream_right));
    }
  }
}

static void
test_compound_save (void)
{
  g_autoptr (GBytes) file = read_fixture ("fixtures/inspection.doc");
  g_autoptr (Compound) compound = compound_open (file, NULL);
  g_autoptr (GBytes) saved = compound_save (compound);
  g_autoptr (Compound) again = compound_open (saved, NULL);

  g_assert_cmpuint (compound_count (compound), ==, 3);
  g_assert_true (compound_has (compound, "worddocument"));
  assert_same_streams (compound, again);
}

/* Each byte of the tables damaged in turn: an end, never a crash or a loop. */
static void
test_compound_damage (void)
{
  g_autoptr (GBytes) file = read_fixture ("fixtures/inspection.doc");
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  for (gsize i = 0; i < size; i += i < 600 ? 1 : 97) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) damaged = NULL;
    g_autoptr (Compound) compound = NULL;

    copy[i] ^= 0xff;
    damaged = g_bytes_new_take (g_steal_pointer (&copy), size);
    compound = compound_open (damaged, NULL);
    for (guint j = 0; compound != NULL && j < compound_count (compound); j++) {
      g_autoptr (GBytes) stream = compound_read (compound, compound_name (compound, j), NULL);

      g_assert_true (stream == NULL || g_bytes_get_size (stream) <= size * 16);
    }
  }
}

/* --- numbers of lists
 * ----------------------------------------------------------------------------
 */

static void
assert_marker (NumberingList *list, guint level, const char *expected)
{
  g_autofree char *marker = numbering_next (list, level);

  g_assert_cmpstr (marker, ==, expected);
}

static void
test_numbering (void)
{
  NumberingList *list = g_new0 (NumberingList, 1);

  list->levels[0] = (NumberingLevel){.format = 1, .start = 3, .text = g_strdup ("\1.")};
  list->levels[1] =
      (NumberingLevel){.format = 0, .start = 1, .is_legal = TRUE, .text = g_strdup ("\1.\2")};
  list->levels[2] = (NumberingLevel){.format = NUMBERING_BULLET, .text = g_strdup ("•")};
  assert_marker (list, 0, "III.");
  assert_marker (list, 1, "3.1");
  assert_marker (list, 2, NULL);
  assert_marker (list, 1, "3.2");
  assert_marker (list, 0, "IV.");
  assert_marker (list, 1, "4.1");
  list->levels[1].has_restart = TRUE;
  assert_marker (list, 0, "V.");
  assert_marker (list, 1, "5.2");
  numbering_restart (list, 0, 9);
  assert_marker (list, 0, "IX.");
  assert_marker (list, 99, NULL);
  numbering_list_free (list);
}

/* --- fields
 * --------------------------------------------------------------------------------------
 */

static void
assert_shown (const char *instruction, const char *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_true (word_field_show (instruction, out) == (expected != NULL));
  g_assert_cmpstr (out->str, ==, expected == NULL ? "" : expected);
}

static void
assert_link (const char *instruction, const char *expected)
{
  g_autofree char *link = word_field_link (instruction);

  g_assert_cmpstr (link, ==, expected);
}

static void
test_fields (void)
{
  g_autofree char *deep = g_strnfill (100000, '(');
  g_autofree char *deep_equation = g_strconcat ("EQ \\f", deep, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  assert_link (" HYPERLINK \"http://a/b\\\\c\" \\o \"tip\"", "http://a/b\\c");
  assert_link (" hyperlink mailto:a@b.example ", "mailto:a@b.example");
  assert_link ("HYPERLINK \\l \"mark\"", NULL);
  assert_link ("HYPERLINKS \"http://a\"", NULL);
  assert_shown ("SYMBOL 183 \\f \"Symbol\"", "•");
  assert_shown ("SYMBOL 0x41", "A");
  assert_shown ("PAGE", NULL);
  assert_shown ("EQ \\f(1,2)", "1/2");
  assert_shown ("EQ \\r(3,x)", "√3x");
  assert_shown ("EQ \\* jc2 \\* \"Font:MS Mincho\" \\* hps10 \\o\\ad(\\s\\up 9(とう),東)",
                "東(とう)");
  word_field_show (deep_equation, out);
}

/* --- doc and ppt
 * ---------------------------------------------------------------------------------
 */

/* Bytes of the streams damaged, one at a time: read as far as may be, or refused. */
static void
assert_survives (const char *path, guint step)
{
  g_autoptr (GBytes) file = read_fixture (path);
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  for (gsize i = 512; i < size; i += step) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = NULL;

    copy[i] ^= (guint8)(1u << (i % 8)) | 0x80;
    document = read_limited (path, copy, size, &default_limits, &error);
    g_assert_true (error == NULL || error->domain == EXTRACT_ERROR);
    g_assert_nonnull (document);
  }
}

static void
test_doc_damage (void)
{
  assert_survives ("fixtures/inspection.doc", g_test_slow () ? 1 : 13);
}

static void
test_ppt_damage (void)
{
  assert_survives ("fixtures/review.ppt", g_test_slow () ? 1 : 13);
}

static void
test_ppt_pages (void)
{
  g_autoptr (GBytes) file = read_fixture ("fixtures/review.ppt");
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);
  g_autoptr (Document) document = read_bytes ("review.ppt", data, size);

  g_assert_cmpuint (document->page_count, ==, 2);
  g_assert_cmpstr (document->title, ==, "Review of the year");
  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    if (block->kind == BLOCK_TABLE)
      g_assert_cmpuint (block->page, ==, 2);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/ole/code-pages", test_code_pages);
  g_test_add_func ("/ole/utf-16", test_utf16);
  g_test_add_func ("/ole/compound/saves-a-storage", test_compound_save);
  g_test_add_func ("/ole/compound/damage-is-no-crash", test_compound_damage);
  g_test_add_func ("/ole/numbering", test_numbering);
  g_test_add_func ("/ole/fields", test_fields);
  g_test_add_func ("/ole/doc/damage-is-no-crash", test_doc_damage);
  g_test_add_func ("/ole/ppt/damage-is-no-crash", test_ppt_damage);
  g_test_add_func ("/ole/ppt/slides-are-pages", test_ppt_pages);
  return g_test_run ();
}
