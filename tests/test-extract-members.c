/* What the sink promises of documents inside of a document: each ends in its own way, and what is
 * limited is limited for all of them together. */
#include "tests/extract-reading.h"

typedef struct {
  ExtractLimits limits;
  Document *document;
  ExtractSink *sink;
  GBytes *nothing;
  ExtractInput input;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->limits = default_limits;
  fixture->document = document_new ();
  fixture->sink = extract_sink_new_for_document (&fixture->limits, fixture->document);
  fixture->nothing = g_bytes_new_static ("", 0);
  fixture->input = (ExtractInput){
      .name = "a.zip", .declared = "", .bytes = fixture->nothing, .limits = &fixture->limits};
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  extract_sink_free (fixture->sink);
  document_free (fixture->document);
  g_bytes_unref (fixture->nothing);
}

static gboolean
member (Fixture *fixture, const char *name, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return extract_member (&fixture->input, name, "", bytes, fixture->sink, error);
}

static const Document *
nth (const Fixture *fixture, guint i)
{
  g_assert_cmpuint (i, <, fixture->document->members->len);
  return g_ptr_array_index (fixture->document->members, i);
}

static void
test_have_what_is_theirs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (extract_paragraph (fixture->sink, 0, "the archive", -1, &error));
  g_assert_true (member (fixture, "dir/one\x01\n.md", "# One\n", &error));
  g_assert_true (member (fixture, "bad \xff name.txt", "two", &error));
  g_assert_true (member (fixture, "", "", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->document->text->str, ==, "the archive");
  g_assert_cmpstr (nth (fixture, 0)->name, ==, "dir/one .md");
  g_assert_cmpstr (nth (fixture, 0)->format, ==, "markdown");
  g_assert_cmpstr (nth (fixture, 0)->text->str, ==, "# One");
  g_assert_cmpuint (nth (fixture, 0)->size_bytes, ==, 6);
  g_assert_cmpstr (nth (fixture, 0)->checksum, ==,
                   "5add2e4a6306bb1bb52c92869f20756aa1c9d514dbb2c9c4d2a94bc8378b0eb5");
  g_assert_cmpstr (nth (fixture, 1)->name, ==, "bad \xef\xbf\xbd name.txt");
  g_assert_cmpstr (nth (fixture, 2)->name, ==, "");
  g_assert_cmpuint (nth (fixture, 2)->text->len, ==, 0);
  g_assert_nonnull (nth (fixture, 2)->checksum);
}

static void
test_fail_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) failure =
      g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED, "it needs a password");
  g_autoptr (GBytes) noise = g_bytes_new ("\x01\x02\x7f\xfe\x00\x00\x10\x90", 8);

  g_assert_true (extract_member_failed (&fixture->input, "secret", failure, fixture->sink, &error));
  g_assert_true (extract_member (&fixture->input, "noise", "", noise, fixture->sink, &error));
  g_assert_true (member (fixture, "fine", "text", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (nth (fixture, 0)->error_code, ==, "encrypted");
  g_assert_cmpstr (nth (fixture, 0)->error_message, ==, "it needs a password");
  g_assert_cmpstr (nth (fixture, 1)->error_code, ==, "unsupported");
  g_assert_null (nth (fixture, 2)->error_code);
}

static void
expect_end (const GError *error, const char *part)
{
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_share_the_room_for_text (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->limits.max_text_bytes = 10;
  g_assert_true (member (fixture, "a", "1234567", &error));
  g_assert_false (member (fixture, "b", "abcdefg", &error));
  expect_end (error, "only the first 10 bytes");
  g_assert_cmpstr (nth (fixture, 1)->text->str, ==, "abc");
  g_assert_nonnull (nth (fixture, 1)->partial);
  g_clear_error (&error);
  g_assert_false (member (fixture, "c", "more", &error));
  expect_end (error, "only the first 10 bytes");
  g_assert_cmpuint (fixture->document->members->len, ==, 2);
}

static void
test_are_counted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->limits.max_members = 2;
  g_assert_true (member (fixture, "a", "1", &error));
  g_assert_true (member (fixture, "b", "2", &error));
  g_assert_false (member (fixture, "c", "3", &error));
  expect_end (error, "only the first 2 members");
  g_assert_cmpuint (fixture->document->members->len, ==, 2);
}

static void
test_have_a_depth (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->limits.max_depth = 3;
  fixture->input.depth = 2;
  g_assert_true (member (fixture, "a", "1", &error));
  fixture->input.depth = 3;
  g_assert_true (member (fixture, "b", "2", &error));
  g_assert_no_error (error);
  g_assert_null (nth (fixture, 0)->error_code);
  g_assert_cmpstr (nth (fixture, 1)->error_code, ==, "bomb");
}

static void
test_share_the_clock (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("text", 4);

  fixture->limits.timeout_ms = 4;
  sink = extract_sink_new_for_document (&fixture->limits, document);
  g_usleep (5000);
  g_assert_false (extract_member (&fixture->input, "a", "", bytes, sink, &error));
  expect_end (error, "only what could be read in");
  g_assert_cmpuint (document->members->len, ==, 0);
}

/* Many of them, none a bomb by itself. */
static void
test_inflate_together (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const guint64 mib = 1 << 20;

  fixture->limits.max_inflated_bytes = 3 * mib;
  g_assert_true (extract_inflated (fixture->sink, 2 * mib, &error));
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) none = NULL;
    ExtractSink *inner = extract_sink_new_member (fixture->sink, "a", &none);
    g_autoptr (GError) failure = NULL;

    g_assert_nonnull (inner);
    g_assert_cmpint (extract_inflated (inner, mib - i, &failure), ==, i == 0);
    g_assert_cmpint (extract_sink_end_member (inner, failure, &error), ==, i == 0);
  }
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB);
  g_assert_cmpstr (nth (fixture, 1)->error_code, ==, "bomb");
  g_clear_error (&error);
  g_assert_false (member (fixture, "b", "more", &error)); /* nothing comes after a bomb */
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB);
}

static void
test_inflate_by_ratio (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const guint64 mib = 1 << 20;

  fixture->limits.max_inflate_ratio = 10;
  extract_sink_set_file_bytes (fixture->sink, mib);
  g_assert_true (extract_inflated (fixture->sink, 10 * mib, &error));
  g_assert_true (extract_inflated (fixture->sink, 9, &error));
  g_assert_false (extract_inflated (fixture->sink, 1, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB);
}

static void
test_bound_their_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strnfill (5000, 'n');
  g_autofree char *warning = g_strnfill (2000, 'w');
  guint n = 0;

  while (error == NULL && n < fixture->limits.max_members) {
    ExtractSink *inner = extract_sink_new_member (fixture->sink, name, &error);

    for (guint i = 0; inner != NULL && i < 25; i++)
      extract_warn (inner, "%u %s", i, warning);
    if (inner != NULL)
      extract_sink_end_member (inner, NULL, &error);
    n++;
  }
  expect_end (error, "too long");
  g_assert_cmpuint (fixture->document->members->len, >, 1000);
  g_assert_cmpuint (strlen (nth (fixture, 0)->name), ==, 4096);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (NULL))
    return 1;
#define ADD(path, func)                                                                            \
  g_test_add ("/extract/members/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("have-what-is-theirs", test_have_what_is_theirs);
  ADD ("fail-alone", test_fail_alone);
  ADD ("share-the-room-for-text", test_share_the_room_for_text);
  ADD ("are-counted", test_are_counted);
  ADD ("have-a-depth", test_have_a_depth);
  ADD ("share-the-clock", test_share_the_clock);
  ADD ("inflate-together", test_inflate_together);
  ADD ("inflate-by-ratio", test_inflate_by_ratio);
  ADD ("bound-their-names", test_bound_their_names);
  return g_test_run ();
}
