/* The parts of db/ that need no database. */
#include "chunker/file-name.h"
#include "db/connection.h"
#include "db/item.h"
#include "db/lookup.h"
#include "db/text-array.h"
#include "db/uuid.h"

#include <string.h>

/* RFC 9562, appendix A.4: the name www.example.com in the DNS namespace. */
static void
test_uuid_is_version_5 (void)
{
  char text[UUID_TEXT_BYTES];
  Uuid dns, uuid;

  g_assert_true (uuid_parse ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", &dns));
  uuid = uuid_v5 (&dns, "www.example.com", NULL);
  uuid_format (&uuid, text);
  g_assert_cmpstr (text, ==, "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

static void
test_uuid_refuses_what_is_none (void)
{
  static const char *const wrong[] = {"",
                                      "x",
                                      "6ba7b810-9dad-11d1-80b4-00c04fd430c",
                                      "6ba7b810-9dad-11d1-80b4-00c04fd430c88",
                                      "6ba7b8109dad11d180b400c04fd430c8",
                                      "6ba7b810-9dad-11d1-80b4-00c04fd430cg"};
  Uuid uuid;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (uuid_parse (wrong[i], &uuid));
}

/* Rows loaded by every version rest on these: a change here is a change of all ids. */
static void
test_ids_stay_what_they_are (void)
{
  static const guint8 hash[32] = {1, 2, 3};
  char text[UUID_TEXT_BYTES];
  Uuid owner, document, other, chunk;

  g_assert_true (uuid_parse ("00000000-0000-4000-8000-000000000001", &owner));
  document = uuid_for_document (&owner, "A/B", "c.pdf", 0);
  uuid_format (&document, text);
  g_assert_cmpstr (text, ==, "7844b4d3-90b6-5429-b86b-66b24831b238");
  chunk = uuid_for_chunk (&document, hash, 0);
  uuid_format (&chunk, text);
  g_assert_cmpstr (text, ==, "48f476a7-849b-58f3-bbd7-65dc3e29ab07");

  other = uuid_for_document (&owner, "A/B", "c.pdf", 1);
  g_assert_false (uuid_equal (&document, &other));
  other = uuid_for_document (&owner, "A", "B/c.pdf", 0);
  g_assert_false (uuid_equal (&document, &other));
  other = uuid_for_chunk (&document, hash, 1);
  g_assert_false (uuid_equal (&chunk, &other));
}

static void
test_folder_paths_are_normalised (void)
{
  static const char *const pairs[][2] = {
      {"A", "A"}, {"/A/B/", "A/B"}, {"A//B", "A/B"}, {"Größe/日本", "Größe/日本"}, {"...", "..."}};
  static const char *const wrong[] = {"",       "/",     "//",   ".",     "..",
                                      "A/../B", "A/./B", "A\nB", "A\x7f", "\xff"};

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = db_folder_path_normalise (pairs[i][0], &error);
    g_assert_no_error (error);
    g_assert_cmpstr (path, ==, pairs[i][1]);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (db_folder_path_normalise (wrong[i], &error));
    g_assert_error (error, DB_ERROR, DB_ERROR_INPUT);
  }
}

static void
test_local_hosts_are_known (void)
{
  static const char *const local[] = {"",          "/tmp",         "@abstract", "localhost",
                                      "LOCALHOST", "db.localhost", "127.0.0.1", "127.255.0.9",
                                      "::1",       "0.0.0.0",      "::",        "::ffff:127.0.0.1"};
  static const char *const remote[] = {"db.example.org", "10.0.0.1",        "128.0.0.1",
                                       "2001:db8::1",    "::ffff:10.0.0.1", "localhost.example.org",
                                       "mylocalhost"};

  g_assert_true (db_host_is_local (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (local); i++)
    g_assert_true (db_host_is_local (local[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (remote); i++)
    g_assert_false (db_host_is_local (remote[i]));
}

static void
test_sqlstates_ask_for_the_right_thing (void)
{
  static const struct {
    const char *sqlstate;
    DbError code;
  } pairs[] = {
      {NULL, DB_ERROR_AWAY},        {"08006", DB_ERROR_AWAY},       {"57P01", DB_ERROR_AWAY},
      {"53300", DB_ERROR_AWAY},     {"28P01", DB_ERROR_AUTH},       {"3D000", DB_ERROR_AUTH},
      {"42P01", DB_ERROR_SCHEMA},   {"42501", DB_ERROR_PERMISSION}, {"0A000", DB_ERROR_PERMISSION},
      {"23505", DB_ERROR_CONFLICT}, {"40P01", DB_ERROR_CONFLICT},   {"22021", DB_ERROR_DATA},
      {"23514", DB_ERROR_DATA},     {"54000", DB_ERROR_DATA},       {"42601", DB_ERROR_QUERY},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_assert_cmpint (db_error_from_sqlstate (pairs[i].sqlstate), ==, pairs[i].code);
}

static void
test_text_arrays_are_quoted (void)
{
  static const char *const items[] = {"a", "b \"c\"", "\\", "", "NULL", "{,}", NULL};
  GString *array = text_array_begin ();
  for (const char *const *item = items; *item != NULL; item++)
    text_array_add (array, *item);
  g_autofree char *all = text_array_end (array);
  g_autofree char *none = text_array_end (text_array_begin ());

  g_assert_cmpstr (all, ==, "{\"a\",\"b \\\"c\\\"\",\"\\\\\",\"\",\"NULL\",\"{,}\"}");
  g_assert_cmpstr (none, ==, "{}");
}

static void
test_names_of_any_bytes_become_text (void)
{
  static const char *const pairs[][2] = {{"/a/b.pdf", "b.pdf"},
                                         {"b\xff.pdf", "b\\xff.pdf"},
                                         {"日本.txt", "日本.txt"},
                                         {"a\nb", "a\nb"}};

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autofree char *name = file_name_for_document (pairs[i][0]);
    g_assert_cmpstr (name, ==, pairs[i][1]);
  }

  g_autofree char *shown = file_name_printable ("a\nb\033[2J\xff\xe2\x80\xae");
  g_assert_cmpstr (shown, ==, "a\\nb\\u001b[2J\\xff\\u202e");
}

static void
test_equal_chunks_are_counted (void)
{
  static const char *const path[] = {NULL};
  g_autoptr (DbItem) item = db_item_new ("A", "b", document_new ());
  Chunk chunk = {.content = "same", .content_bytes = 4, .heading_path = path};

  for (guint i = 0; i < 3; i++) {
    chunk.position = i;
    g_assert_true (db_item_add_chunk (&chunk, item, NULL));
    g_assert_cmpuint (g_array_index (item->chunks, DbItemChunk, i).nth, ==, i);
  }
  chunk.content = "else";
  g_assert_true (db_item_add_chunk (&chunk, item, NULL));
  g_assert_cmpuint (g_array_index (item->chunks, DbItemChunk, 3).nth, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/uuid/is-version-5", test_uuid_is_version_5);
  g_test_add_func ("/uuid/refuses-what-is-none", test_uuid_refuses_what_is_none);
  g_test_add_func ("/uuid/ids-stay-what-they-are", test_ids_stay_what_they_are);
  g_test_add_func ("/lookup/folder-paths-are-normalised", test_folder_paths_are_normalised);
  g_test_add_func ("/connection/local-hosts-are-known", test_local_hosts_are_known);
  g_test_add_func ("/error/sqlstates-ask-for-the-right-thing",
                   test_sqlstates_ask_for_the_right_thing);
  g_test_add_func ("/text-array/is-quoted", test_text_arrays_are_quoted);
  g_test_add_func ("/file-name/any-bytes-become-text", test_names_of_any_bytes_become_text);
  g_test_add_func ("/item/equal-chunks-are-counted", test_equal_chunks_are_counted);
  return g_test_run ();
}
