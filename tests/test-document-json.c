/* The two NDJSON forms between the staged programs: document-json.h and chunk-json.h. */
#include "chunker/chunk-json.h"

#include <string.h>

static const char text[] = "# T\u00eate\n\nA \U0001F600 b.\n\n- \u4e2d\n";

static Document *
sample (void)
{
  Document *document = document_new ();

  document->name = g_strdup ("a \"b\".pdf");
  document->format = g_strdup ("pdf");
  document->mime_type = g_strdup ("application/pdf");
  document->title = g_strdup ("T\u00eate");
  document->language = g_strdup ("fr");
  document->created = g_strdup ("2025-06-18T09:30:00Z");
  document->extractor = g_strdup ("test/1");
  document->page_count = 2;
  g_ptr_array_add (document->warnings, g_strdup ("one font is missing"));
  document_append (document, BLOCK_HEADING, 1, 1, "", 0, "# T\u00eate", 7);
  document_append (document, BLOCK_PARAGRAPH, 0, 1, "\n\n", 2, "A \U0001F600 b.", 9);
  document_append (document, BLOCK_LIST_ITEM, 1, 2, "\n\n", 2, "- \u4e2d", 5);
  g_string_append_c (document->text, '\n');
  g_assert_cmpstr (document->text->str, ==, text);
  return document;
}

static void
test_round_trip (void)
{
  g_autoptr (Document) document = sample ();
  DocumentSource source = {.checksum = (char *)"ab12", .size_bytes = G_MAXINT64};
  g_autoptr (json_object) json = document_to_json (document, document->name, &source);
  g_autoptr (json_object) parsed = json_tokener_parse (json_object_to_json_string (json));
  g_autoptr (Document) back = NULL;
  g_auto (DocumentSource) from = {0};
  g_autoptr (GError) error = NULL;

  g_assert_true (document_from_json (parsed, &back, &from, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (from.checksum, ==, "ab12");
  g_assert_cmpuint (from.size_bytes, ==, G_MAXINT64);
  g_assert_cmpstr (back->name, ==, document->name);
  g_assert_cmpstr (back->title, ==, document->title);
  g_assert_null (back->author);
  g_assert_cmpstr (back->created, ==, document->created);
  g_assert_null (back->modified);
  g_assert_null (back->partial);
  g_assert_cmpuint (back->page_count, ==, 2);
  g_assert_cmpuint (back->warnings->len, ==, 1);
  g_assert_cmpstr (back->text->str, ==, text);
  g_assert_cmpuint (back->blocks->len, ==, 3);
  g_assert_cmpmem (back->blocks->data, 3 * sizeof (Block), document->blocks->data,
                   3 * sizeof (Block));
}

static void
test_spans_are_characters (void)
{
  g_autoptr (Document) document = sample ();
  DocumentSource source = {0};
  g_autoptr (json_object) json = document_to_json (document, document->name, &source);
  json_object *block = json_object_array_get_idx (json_object_object_get (json, "blocks"), 2);

  g_assert_cmpint (json_object_get_int64 (json_object_object_get (block, "start_char")), ==, 16);
  g_assert_cmpint (json_object_get_int64 (json_object_object_get (block, "end_char")), ==, 19);
}

static void
test_a_failed_file_is_a_line (void)
{
  DocumentSource source = {.error_code = (char *)"encrypted", .error_message = (char *)"locked"};
  g_autoptr (json_object) json = document_to_json (NULL, "a.pdf", &source);
  g_auto (DocumentSource) from = {0};
  g_autoptr (GError) error = NULL;
  Document *document;

  g_assert_true (document_from_json (json, &document, &from, &error));
  g_assert_no_error (error);
  g_assert_null (document);
  g_assert_cmpstr (from.error_code, ==, "encrypted");
  g_assert_cmpstr (from.error_message, ==, "locked");
}

#define HEAD "{\"version\":1,\"name\":\"a\",\"format\":\"text\","

static void
assert_refused (const char *line, int code)
{
  g_autoptr (json_object) json = json_tokener_parse (line);
  g_auto (DocumentSource) source = {0};
  g_autoptr (GError) error = NULL;
  Document *document = NULL;

  g_test_message ("%s", line);
  g_assert_false (document_from_json (json, &document, &source, &error));
  g_assert_error (error, DOCUMENT_JSON_ERROR, code);
  g_assert_null (document);
}

static void
test_foreign_lines_are_checked (void)
{
  static const char *const lines[] = {
      "[]",
      "{\"name\":\"a\"}",
      HEAD "\"blocks\":[]}",
      HEAD "\"text\":\"a\"}",
      HEAD "\"text\":1,\"blocks\":[]}",
      HEAD "\"text\":\"a\\u0000b\",\"blocks\":[]}",
      HEAD "\"text\":\"\xff\",\"blocks\":[]}",
      HEAD "\"text\":\"ab\",\"blocks\":[1]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"poem\",\"start_char\":0,\"end_char\":1}]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"code\",\"start_char\":0,\"end_char\":3}]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"code\",\"start_char\":2,\"end_char\":1}]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"code\",\"start_char\":-1,\"end_char\":1}]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"heading\",\"start_char\":0,\"end_char\":1}]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"heading\",\"level\":7,\"end_char\":1}]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"code\",\"page\":4294967296,\"end_char\":1}]}",
      HEAD "\"text\":\"ab\",\"blocks\":[{\"kind\":\"code\",\"start_char\":1,\"end_char\":2},"
           "{\"kind\":\"code\",\"start_char\":0,\"end_char\":1}]}",
      HEAD "\"text\":\"\",\"blocks\":[],\"warnings\":[1]}",
      "{\"version\":1,\"format\":\"text\",\"text\":\"\",\"blocks\":[]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    assert_refused (lines[i], DOCUMENT_JSON_ERROR_SYNTAX);
  assert_refused ("{\"version\":2}", DOCUMENT_JSON_ERROR_VERSION);
}

static void
test_unknown_keys_are_ignored (void)
{
  g_autoptr (json_object) json =
      json_tokener_parse (HEAD "\"text\":\"ab\",\"blocks\":[],\"weather\":{\"rain\":[1]}}");
  g_auto (DocumentSource) source = {0};
  g_autoptr (Document) document = NULL;

  g_assert_true (document_from_json (json, &document, &source, NULL));
  g_assert_cmpstr (document->text->str, ==, "ab");
}

/* --- chunk-json.h ----------------------------------------------------------------------------- */

static gboolean
keep_line (const char *line, gpointer lines, GError **error)
{
  g_ptr_array_add (lines, g_strdup (line));
  return TRUE;
}

/* (transfer full) (element-type utf8) */
static GPtrArray *
lines_of (const Document *document)
{
  const ChunkerOptions options = {.target = 16, .max = 16};
  DocumentSource source = {.checksum = (char *)"ab12", .size_bytes = 7};
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *fingerprint = chunker_fingerprint (&options);
  g_autoptr (ChunkJsonWriter) writer =
      chunk_json_writer_new (document, &source, fingerprint, keep_line, lines);

  g_assert_true (chunker_run (document, &options, chunk_json_writer_add, writer, NULL));
  g_assert_true (chunk_json_writer_end (writer, NULL));
  return lines;
}

typedef struct {
  Document *document;
  GString *text; /* of the chunks, prefixes left out */
  guint ends;
  guint failed;
  gboolean origin_is_known;
} Read;

static gboolean
read_document (Document *document, const DocumentSource *source, const char *fingerprint,
               gpointer user_data, GError **error)
{
  Read *read = user_data;

  document_free (read->document);
  read->document = document;
  read->origin_is_known =
      g_strcmp0 (source->checksum, "ab12") == 0 && g_str_has_prefix (fingerprint, "chunker/");
  return TRUE;
}

static gboolean
read_chunk (const Chunk *chunk, gpointer user_data, GError **error)
{
  g_string_append_len (((Read *)user_data)->text, chunk->content + chunk->prefix_bytes,
                       (gssize)(chunk->content_bytes - chunk->prefix_bytes));
  return TRUE;
}

static gboolean
read_end (gpointer user_data, GError **error)
{
  ((Read *)user_data)->ends++;
  return TRUE;
}

static gboolean
read_failed (const char *name, const DocumentSource *source, gpointer user_data, GError **error)
{
  g_assert_cmpstr (name, ==, "bad.pdf");
  ((Read *)user_data)->failed++;
  return TRUE;
}

/* Reads all `lines` but the one at `skip`. */
static gboolean
read_lines (GPtrArray *lines, guint skip, Read *read, GError **error)
{
  static const ChunkJsonFuncs funcs = {read_document, read_chunk, read_end, read_failed};
  g_autoptr (ChunkJsonReader) reader = chunk_json_reader_new (&funcs, read);

  g_string_truncate (read->text, 0);
  for (guint i = 0; i < lines->len; i++)
    if (i != skip &&
        !chunk_json_reader_line (reader, lines->pdata[i], strlen (lines->pdata[i]), error))
      return FALSE;
  return chunk_json_reader_finish (reader, error);
}

static Document *
long_document (void)
{
  Document *document = sample ();

  for (guint i = 0; i < 40; i++)
    document_append (document, BLOCK_PARAGRAPH, 0, 2, "\n", 1, "Some words \u00e9t\u00e9.", 17);
  document_append (document, BLOCK_TABLE, 0, 2, "\n\n", 2, "| a |\n|---|\n", 12);
  for (guint i = 0; i < 40; i++)
    document_continue (document, "| row |\n", 8);
  return document;
}

static void
test_chunks_round_trip (void)
{
  g_autoptr (Document) document = long_document ();
  g_autoptr (Document) nothing = sample ();
  g_autoptr (GPtrArray) lines = lines_of (document);
  g_autoptr (GError) error = NULL;
  Read read = {.text = g_string_new (NULL)};

  g_assert_cmpuint (lines->len, >, 5);
  g_assert_true (read_lines (lines, G_MAXUINT, &read, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (read.text->str, ==, document->text->str);
  g_assert_cmpstr (read.document->text->str, ==, document->text->str);
  g_assert_cmpuint (read.ends, ==, 1);
  g_assert_true (read.origin_is_known);

  g_string_truncate (nothing->text, 0);
  g_array_set_size (nothing->blocks, 0);
  g_autoptr (GPtrArray) one = lines_of (nothing);
  g_assert_cmpuint (one->len, ==, 1);
  g_ptr_array_add (one,
                   g_strdup ("{\"version\":1,\"name\":\"bad.pdf\",\"error\":{\"code\":\"crash\","
                             "\"message\":\"m\"}}"));
  g_assert_true (read_lines (one, G_MAXUINT, &read, &error));
  g_assert_cmpuint (read.ends, ==, 2);
  g_assert_cmpuint (read.failed, ==, 1);
  document_free (read.document);
  g_string_free (read.text, TRUE);
}

static void
test_lost_lines_are_noticed (void)
{
  g_autoptr (Document) document = long_document ();
  g_autoptr (GPtrArray) lines = lines_of (document);
  Read read = {.text = g_string_new (NULL)};

  for (guint skip = 0; skip < lines->len; skip++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (read_lines (lines, skip, &read, &error));
    g_assert_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX);
  }
  document_free (read.document);
  g_string_free (read.text, TRUE);
}

/* Damaged lines: never a crash, and no chunk that is not the text's. */
static void
test_damaged_lines_are_refused (void)
{
  g_autoptr (Document) document = sample ();
  g_autoptr (GPtrArray) lines = lines_of (document);
  g_autofree char *line = g_strdup (lines->pdata[0]);
  Read read = {.text = g_string_new (NULL)};
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  const gsize bytes = strlen (line);

  for (guint run = 0; run < 3000; run++) {
    g_autoptr (GPtrArray) damaged = g_ptr_array_new_with_free_func (g_free);
    char *copy = g_strdup (line);

    copy[g_rand_int_range (random, 0, (gint32)bytes)] =
        "\"{}[],:0a9-\xff\\"[g_rand_int_range (random, 0, 13)];
    g_ptr_array_add (damaged, copy);
    g_clear_pointer (&read.document, document_free);
    if (read_lines (damaged, G_MAXUINT, &read, NULL) && read.document != NULL)
      g_assert_cmpuint (read.text->len, <=, read.document->text->len);
  }
  document_free (read.document);
  g_string_free (read.text, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document-json/round-trip", test_round_trip);
  g_test_add_func ("/document-json/spans-are-characters", test_spans_are_characters);
  g_test_add_func ("/document-json/a-failed-file-is-a-line", test_a_failed_file_is_a_line);
  g_test_add_func ("/document-json/foreign-lines-are-checked", test_foreign_lines_are_checked);
  g_test_add_func ("/document-json/unknown-keys-are-ignored", test_unknown_keys_are_ignored);
  g_test_add_func ("/chunk-json/round-trip", test_chunks_round_trip);
  g_test_add_func ("/chunk-json/lost-lines-are-noticed", test_lost_lines_are_noticed);
  g_test_add_func ("/chunk-json/damaged-lines-are-refused", test_damaged_lines_are_refused);
  return g_test_run ();
}
