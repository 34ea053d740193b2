/* What members.h promises of names, and document-json.h of members. */
#include "chunker/document-json.h"
#include "chunker/members.h"

#include <string.h>

static Document *
add (Document *outer, const char *name)
{
  Document *member = document_new ();

  member->name = g_strdup (name);
  member->format = g_strdup ("text");
  g_ptr_array_add (outer->members, member);
  return member;
}

static Document *
new_file (const char *name)
{
  Document *file = document_new ();

  file->name = g_strdup (name);
  file->format = g_strdup ("zip");
  return file;
}

static void
test_flattens (void)
{
  static const char *const expected[] = {"a.zip!/one", "a.zip!/two.eml", "a.zip!/two.eml!/member-1",
                                         "a.zip!/two.eml!/x/y.pdf", "a.zip!/member-3"};
  g_autoptr (Document) file = new_file ("a.zip");
  Document *mail;

  add (file, "one");
  mail = add (file, "two.eml");
  add (mail, "");
  add (mail, "x/y.pdf");
  add (file, "");

  g_autoptr (GPtrArray) members = members_take (file);
  g_assert_cmpuint (members->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < members->len; i++)
    g_assert_cmpstr (((Document *)g_ptr_array_index (members, i))->name, ==, expected[i]);
  g_assert_cmpuint (file->n_members, ==, 5);
  g_assert_cmpuint (mail->n_members, ==, 2);
  g_assert_cmpuint (file->members->len, ==, 0);
  g_assert_cmpuint (mail->members->len, ==, 0);
}

static void
test_gives_each_its_name (void)
{
  static const char *const names[] = {
      "a.b/c",        "x.tar.gz", "x.tar.gz", ".profile",  ".profile",
      "x.tar (2).gz", "x.tar.gz", "a.b/c",    "member-10", ""};
  static const char *const expected[] = {
      "f!/a.b/c",        "f!/x.tar.gz",         "f!/x.tar (2).gz", "f!/.profile",
      "f!/.profile (2)", "f!/x.tar (2) (2).gz", "f!/x.tar (3).gz", "f!/a.b/c (2)",
      "f!/member-10",    "f!/member-10 (2)"};
  g_autoptr (Document) file = new_file ("f");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    add (file, names[i]);

  g_autoptr (GPtrArray) members = members_take (file);
  for (guint i = 0; i < members->len; i++)
    g_assert_cmpstr (((Document *)g_ptr_array_index (members, i))->name, ==, expected[i]);
}

/* Thousands of one name take no quadratic time, and are all different. */
static void
test_is_not_slow (void)
{
  g_autoptr (Document) file = new_file ("f");
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < 50000; i++)
    add (file, "image.png");

  g_autoptr (GPtrArray) members = members_take (file);
  for (guint i = 0; i < members->len; i++)
    g_assert_true (g_hash_table_add (seen, ((Document *)g_ptr_array_index (members, i))->name));
}

static void
test_shortens (void)
{
  g_autoptr (Document) file = new_file ("archive.zip");
  g_autoptr (GString) name = g_string_new (NULL);
  const Document *first, *second;

  for (guint i = 0; i < 2000; i++)
    g_string_append (name, "ü€");
  add (file, name->str);
  g_string_append (name, "end.pdf");
  add (file, name->str);

  g_autoptr (GPtrArray) members = members_take (file);
  first = g_ptr_array_index (members, 0);
  second = g_ptr_array_index (members, 1);
  g_assert_cmpuint (strlen (first->name), <=, MEMBER_NAME_MAX_BYTES + 40);
  g_assert_cmpstr (first->name, !=, second->name);
  g_assert_true (g_utf8_validate (first->name, -1, NULL));
  g_assert_true (g_str_has_prefix (second->name, "archive.zip!/ü€"));
  g_assert_true (g_str_has_suffix (second->name, "ü€end.pdf"));
}

/* What is written as lines comes back. */
static void
test_lines (void)
{
  g_auto (DocumentSource)
      file_source = {.checksum = g_strnfill (64, 'a'), .size_bytes = 7, .mtime_us = 5};
  g_auto (DocumentSource) source = {0};
  g_auto (DocumentSource) read_source = {0};
  g_autoptr (Document) file = new_file ("a.zip");
  g_autoptr (Document) read = NULL;
  g_autoptr (GError) error = NULL;
  Document *member = add (file, "b");

  document_append (member, BLOCK_PARAGRAPH, 0, 0, "", 0, "text", 4);
  add (file, "c");

  g_autoptr (GPtrArray) members = members_take (file);
  document_source_of_member (&file_source, "a.zip", member, &source);

  g_autoptr (json_object) json = document_to_json (member, member->name, &source);
  g_assert_true (document_from_json (json, &read, &read_source, &error));
  g_assert_cmpstr (read->name, ==, "a.zip!/b");
  g_assert_cmpstr (read_source.container, ==, "a.zip");
  g_assert_cmpstr (read_source.checksum, ==, file_source.checksum);
  g_assert_cmpuint (read_source.mtime_us, ==, 5);
  g_clear_pointer (&read, document_free);

  g_autoptr (json_object) outer = document_to_json (file, "a.zip", &file_source);
  document_source_clear (&read_source);
  g_assert_true (document_from_json (outer, &read, &read_source, &error));
  g_assert_cmpuint (read->n_members, ==, 2);
  g_assert_null (read_source.container);
}

static void
test_outcomes (void)
{
  g_autoptr (Document) file = new_file ("a.zip");

  g_assert_cmpstr (document_outcome (file), ==, "empty");
  document_append (file, BLOCK_PARAGRAPH, 0, 0, "", 0, " \n", 2);
  g_assert_cmpstr (document_outcome (file), ==, "empty");
  add (file, "b");
  g_assert_cmpstr (document_outcome (file), ==, "ok");
  g_ptr_array_unref (members_take (file));
  g_assert_cmpstr (document_outcome (file), ==, "ok");
  file->partial = g_strdup ("only the first page");
  g_assert_cmpstr (document_outcome (file), ==, "partial");
  document_fail (file, "crash", "it crashed");
  g_assert_cmpstr (document_outcome (file), ==, "crash");
  g_assert_cmpuint (file->text->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/members/flatten-in-order", test_flattens);
  g_test_add_func ("/members/have-a-name-each", test_gives_each_its_name);
  g_test_add_func ("/members/are-named-in-linear-time", test_is_not_slow);
  g_test_add_func ("/members/have-names-of-bounded-length", test_shortens);
  g_test_add_func ("/members/are-lines", test_lines);
  g_test_add_func ("/members/outcomes", test_outcomes);
  return g_test_run ();
}
