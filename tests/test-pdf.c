/* What reading a PDF promises beyond the order of its words, which t23 measures. */
#include "tests/extract-reading.h"

static Document *
read_with_passwords (const char *path, const char *const *passwords, GError **error)
{
  g_autofree char *data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  Document *document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, document);
  ExtractInput input = {.name = "a.pdf", .declared = "", .limits = &default_limits};
  gsize size;

  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  bytes = g_bytes_new (data, size);
  input.bytes = bytes;
  input.passwords = passwords;
  extract_run (&input, sink, error);
  g_assert_true (extract_sink_finish (sink, NULL));
  return document;
}

static gboolean
holds (const Document *document, const char *text)
{
  return strstr (document->text->str, text) != NULL;
}

static void
test_passwords (void)
{
  const char *const wrong[] = {"no", "neither", NULL};
  const char *const right[] = {"no", "secret", NULL};
  g_autoptr (GError) none_given = NULL;
  g_autoptr (GError) none_fits = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) a =
      read_with_passwords ("fixtures/hostile/encrypted.pdf", NULL, &none_given);
  g_autoptr (Document) b =
      read_with_passwords ("fixtures/hostile/encrypted.pdf", wrong, &none_fits);
  g_autoptr (Document) c = read_with_passwords ("fixtures/hostile/encrypted.pdf", right, &error);
  g_autoptr (Document) d =
      read_with_passwords ("fixtures/hostile/owner-password.pdf", NULL, &error);

  g_assert_error (none_given, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED);
  g_assert_nonnull (strstr (none_given->message, "--password-file"));
  g_assert_error (none_fits, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED);
  g_assert_no_error (error);
  g_assert_cmpuint (c->text->len, >, 0);
  g_assert_cmpuint (d->text->len, >, 0);
}

static void
test_metadata (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = read_with_passwords ("fixtures/annotated.pdf", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (document->title, ==, "Pumping station");
  g_assert_cmpstr (document->author, ==, "Harbour office");
  g_assert_cmpstr (document->created, ==, "2025-06-18T09:30:00Z");
  g_assert_cmpstr (document->modified, ==, "2025-07-02T12:00:00+02:00");
}

static void
test_beside_the_content (void)
{
  g_autoptr (Document) document = read_with_passwords ("fixtures/annotated.pdf", NULL, NULL);

  g_assert_true (holds (document, "harbour office. (https://pumps.example/manual?type=7)\n"));
  g_assert_true (holds (document, "\nInspector J. Okafor\n"));
  g_assert_true (holds (document, "\n[x] The valves are closed\n"));
  g_assert_true (holds (document, "\nChecked in spring\n"));
  g_assert_true (holds (document, "[Mara Lind] Since March it runs by day too."));
  g_assert_false (holds (document, "nobody"));
}

static void
test_attachments_are_members (void)
{
  g_autoptr (Document) document = read_with_passwords ("fixtures/annotated.pdf", NULL, NULL);
  const Document *member;

  g_assert_cmpuint (document->members->len, ==, 1);
  member = g_ptr_array_index (document->members, 0);
  g_assert_cmpstr (member->name, ==, "rota.txt");
  g_assert_cmpstr (member->text->str, ==, "Week 12: Lind\nWeek 13: Okafor\n");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/pdf/passwords-are-tried-in-turn", test_passwords);
  g_test_add_func ("/pdf/metadata", test_metadata);
  g_test_add_func ("/pdf/what-stands-beside-the-content", test_beside_the_content);
  g_test_add_func ("/pdf/attachments-are-members", test_attachments_are_members);
  return g_test_run ();
}
