#include "chunk-json.h"

#include <string.h>

/* --- writing ---------------------------------------------------------------------------------- */

struct ChunkJsonWriter {
  const Document *document;
  const DocumentSource *source;
  const char *fingerprint;
  ChunkJsonLineFunc func;
  gpointer user_data;
  json_object *pending; /* the line before: it may be the last */
  gboolean begun;
};

ChunkJsonWriter *
chunk_json_writer_new (const Document *document, const DocumentSource *source,
                       const char *fingerprint, ChunkJsonLineFunc func, gpointer user_data)
{
  ChunkJsonWriter *writer = g_new0 (ChunkJsonWriter, 1);

  writer->document = document;
  writer->source = source;
  writer->fingerprint = fingerprint;
  writer->func = func;
  writer->user_data = user_data;
  return writer;
}

void
chunk_json_writer_free (ChunkJsonWriter *writer)
{
  if (writer == NULL)
    return;
  json_object_put (writer->pending);
  g_free (writer);
}

/* A line's beginning; the document's first one says what document it is. (transfer full) */
static json_object *
new_line (ChunkJsonWriter *writer)
{
  json_object *line = json_object_new_object ();

  json_object_object_add (line, "version", json_object_new_int (DOCUMENT_JSON_VERSION));
  if (!writer->begun) {
    json_object_object_add (line, "document",
                            document_to_json_without_blocks (writer->document, writer->source));
    json_object_object_add (line, "chunker", json_object_new_string (writer->fingerprint));
    writer->begun = TRUE;
  }
  return line;
}

static gboolean
flush (ChunkJsonWriter *writer, GError **error)
{
  if (writer->pending == NULL)
    return TRUE;

  gboolean taken =
      writer->func (json_object_to_json_string_ext (
                        writer->pending, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
                    writer->user_data, error);
  g_clear_pointer (&writer->pending, json_object_put);
  return taken;
}

static json_object *
pages_of (const Chunk *chunk)
{
  if (chunk->page_first == 0)
    return NULL;

  json_object *pages = json_object_new_array_ext (2);
  json_object_array_add (pages, json_object_new_int64 (chunk->page_first));
  json_object_array_add (pages, json_object_new_int64 (chunk->page_last));
  return pages;
}

static json_object *
headings_of (const Chunk *chunk)
{
  json_object *headings = json_object_new_array_ext ((int)chunk->n_headings);

  for (guint i = 0; i < chunk->n_headings; i++)
    json_object_array_add (headings, json_object_new_string (chunk->heading_path[i]));
  return headings;
}

static json_object *
kinds_of (const Chunk *chunk)
{
  json_object *kinds = json_object_new_array ();

  for (int kind = BLOCK_HEADING; kind <= BLOCK_KIND_LAST; kind++)
    if (chunk->kinds & 1u << kind)
      json_object_array_add (kinds, json_object_new_string (block_kind_name ((BlockKind)kind)));
  return kinds;
}

static void
add_span (json_object *line, const Chunk *chunk)
{
  json_object_object_add (line, "prefix_chars", json_object_new_int64 (chunk->prefix_chars));
  json_object_object_add (line, "start_char", json_object_new_uint64 (chunk->start_char));
  json_object_object_add (line, "end_char", json_object_new_uint64 (chunk->end_char));
  json_object_object_add (line, "overlap_chars", json_object_new_int64 (chunk->overlap_chars));
}

gboolean
chunk_json_writer_add (const Chunk *chunk, gpointer user_data, GError **error)
{
  ChunkJsonWriter *writer = user_data;
  g_autofree char *hash = g_compute_checksum_for_data (
      G_CHECKSUM_SHA256, (const guchar *)chunk->content, chunk->content_bytes);

  if (!flush (writer, error))
    return FALSE;

  json_object *line = new_line (writer);
  json_object_object_add (line, "position", json_object_new_int64 (chunk->position));
  json_object_object_add (line, "content",
                          json_object_new_string_len (chunk->content, (int)chunk->content_bytes));
  add_span (line, chunk);
  json_object_object_add (line, "token_count", json_object_new_int64 (chunk->token_count));
  json_object_object_add (line, "pages", pages_of (chunk));
  json_object_object_add (line, "heading_path", headings_of (chunk));
  json_object_object_add (line, "kinds", kinds_of (chunk));
  json_object_object_add (line, "language",
                          chunk->language ? json_object_new_string (chunk->language) : NULL);
  json_object_object_add (line, "cut", json_object_new_string (cut_kind_name (chunk->cut.kind)));
  json_object_object_add (line, "content_hash", json_object_new_string (hash));
  writer->pending = line;
  return TRUE;
}

gboolean
chunk_json_writer_end (ChunkJsonWriter *writer, GError **error)
{
  if (writer->pending == NULL)
    writer->pending = new_line (writer);
  json_object_object_add (writer->pending, "last", json_object_new_boolean (TRUE));
  return flush (writer, error);
}

/* --- reading ---------------------------------------------------------------------------------- */

struct ChunkJsonReader {
  const ChunkJsonFuncs *funcs;
  gpointer user_data;
  Document *document; /* the callback's; NULL between documents */
  guint next_position;
  gsize at_byte; /* where the next chunk must begin at the latest */
  gsize at_char;
  guint64 n_lines;
};

ChunkJsonReader *
chunk_json_reader_new (const ChunkJsonFuncs *funcs, gpointer user_data)
{
  ChunkJsonReader *reader = g_new0 (ChunkJsonReader, 1);

  reader->funcs = funcs;
  reader->user_data = user_data;
  return reader;
}

void
chunk_json_reader_free (ChunkJsonReader *reader)
{
  g_free (reader);
}

static gboolean G_GNUC_PRINTF (2, 3) wrong (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, message);
  return FALSE;
}

static gboolean
get_number (json_object *line, const char *key, gsize *number, GError **error)
{
  json_object *value = json_object_object_get (line, key);

  if (!json_object_is_type (value, json_type_int) || json_object_get_int64 (value) < 0)
    return wrong (error, "\"%s\" is missing or no whole number", key);
  *number = (gsize)json_object_get_int64 (value);
  return TRUE;
}

static gboolean
get_pages (json_object *line, Chunk *chunk, GError **error)
{
  json_object *pages = json_object_object_get (line, "pages");

  if (pages == NULL)
    return TRUE;
  if (!json_object_is_type (pages, json_type_array) || json_object_array_length (pages) != 2)
    return wrong (error, "\"pages\" is neither null nor [first, last]");

  gint64 first = json_object_get_int64 (json_object_array_get_idx (pages, 0));
  gint64 last = json_object_get_int64 (json_object_array_get_idx (pages, 1));
  if (first < 1 || last < first || last > G_MAXINT32)
    return wrong (error, "\"pages\" are no pages");
  chunk->page_first = (guint)first;
  chunk->page_last = (guint)last;
  return TRUE;
}

/* *headings (transfer container). */
static gboolean
get_headings (json_object *line, Chunk *chunk, const char ***headings, GError **error)
{
  json_object *path = json_object_object_get (line, "heading_path");

  if (!json_object_is_type (path, json_type_array))
    return wrong (error, "\"heading_path\" is missing or no list");
  chunk->n_headings = (guint)json_object_array_length (path);
  *headings = g_new0 (const char *, chunk->n_headings + 1);
  chunk->heading_path = *headings;
  for (guint i = 0; i < chunk->n_headings; i++) {
    json_object *heading = json_object_array_get_idx (path, i);
    if (!json_object_is_type (heading, json_type_string))
      return wrong (error, "\"heading_path\" has something else than texts");
    (*headings)[i] = json_object_get_string (heading);
  }
  return TRUE;
}

/* Byte offset of a character, counted from a known place; FALSE past the text's end. */
static gboolean
find_char (const GString *text, gsize *byte, gsize *at_char, gsize wanted)
{
  while (*at_char < wanted && *byte < text->len) {
    *byte = (gsize)(g_utf8_next_char (text->str + *byte) - text->str);
    (*at_char)++;
  }
  while (*at_char > wanted) {
    *byte = (gsize)(g_utf8_prev_char (text->str + *byte) - text->str);
    (*at_char)--;
  }
  return *at_char == wanted;
}

static gboolean
is_blank (const GString *text, gsize start, gsize end)
{
  for (gsize i = start; i < end; i = (gsize)(g_utf8_next_char (text->str + i) - text->str))
    if (!g_unichar_isspace (g_utf8_get_char (text->str + i)))
      return FALSE;
  return TRUE;
}

/* From the end of the chunk before, backwards where it overlaps. */
static gboolean
place_span (const ChunkJsonReader *reader, Chunk *chunk, GError **error)
{
  const GString *text = reader->document->text;
  gsize byte = reader->at_byte;
  gsize at_char = reader->at_char;

  if (chunk->end_char < chunk->start_char)
    return wrong (error, "chunk %u ends before it begins", chunk->position);
  if (!find_char (text, &byte, &at_char, chunk->start_char))
    return wrong (error, "chunk %u begins outside of the text", chunk->position);
  chunk->start_byte = byte;
  if (byte > reader->at_byte && !is_blank (text, reader->at_byte, byte))
    return wrong (error, "chunk %u leaves characters out before it", chunk->position);
  if (reader->at_char > chunk->start_char)
    chunk->overlap_chars = (guint)(reader->at_char - chunk->start_char);
  if (!find_char (text, &byte, &at_char, chunk->end_char))
    return wrong (error, "chunk %u ends outside of the text", chunk->position);
  chunk->end_byte = byte;
  return TRUE;
}

static gboolean
check_content (const ChunkJsonReader *reader, Chunk *chunk, GError **error)
{
  gsize own_bytes = chunk->end_byte - chunk->start_byte;

  if (chunk->content_bytes < own_bytes || chunk->content_bytes > CHUNKER_CONTENT_MAX)
    return wrong (error, "chunk %u is not as long as its span says", chunk->position);
  chunk->prefix_bytes = chunk->content_bytes - own_bytes;
  if (memcmp (chunk->content + chunk->prefix_bytes, reader->document->text->str + chunk->start_byte,
              own_bytes) != 0 ||
      (gsize)g_utf8_strlen (chunk->content, (gssize)chunk->prefix_bytes) != chunk->prefix_chars)
    return wrong (error, "chunk %u is not what the text says at its span", chunk->position);
  return TRUE;
}

static gboolean
read_chunk (ChunkJsonReader *reader, json_object *line, GError **error)
{
  json_object *content = json_object_object_get (line, "content");
  g_autofree const char **headings = NULL;
  gsize position = 0, prefix_chars = 0, tokens = 0;
  Chunk chunk = {0};

  if (!json_object_is_type (content, json_type_string))
    return wrong (error, "\"content\" is missing or no text");
  chunk.content = json_object_get_string (content);
  chunk.content_bytes = (gsize)json_object_get_string_len (content);
  if (!g_utf8_validate_len (chunk.content, chunk.content_bytes, NULL))
    return wrong (error, "\"content\" is not UTF-8");
  if (!get_number (line, "position", &position, error) ||
      !get_number (line, "prefix_chars", &prefix_chars, error) ||
      !get_number (line, "token_count", &tokens, error) ||
      !get_number (line, "start_char", &chunk.start_char, error) ||
      !get_number (line, "end_char", &chunk.end_char, error) || !get_pages (line, &chunk, error) ||
      !get_headings (line, &chunk, &headings, error))
    return FALSE;
  if (position != reader->next_position)
    return wrong (error, "chunk %u is missing", reader->next_position);
  chunk.position = (guint)position;
  chunk.prefix_chars = (guint)prefix_chars;
  chunk.token_count = (guint)MIN (tokens, G_MAXINT32);
  if (!place_span (reader, &chunk, error) || !check_content (reader, &chunk, error))
    return FALSE;
  reader->next_position++;
  reader->at_byte = chunk.end_byte;
  reader->at_char = chunk.end_char;
  return reader->funcs->chunk (&chunk, reader->user_data, error);
}

static gboolean
begin_document (ChunkJsonReader *reader, json_object *line, GError **error)
{
  json_object *fingerprint = json_object_object_get (line, "chunker");
  json_object *json = json_object_object_get (line, "document");
  g_auto (DocumentSource) source = {0};
  Document *document;

  if (reader->document != NULL)
    return wrong (error, "a document begins before the one before it ended");
  if (json == NULL || !json_object_is_type (fingerprint, json_type_string))
    return wrong (error, "a chunk comes before its document");
  if (!document_from_json (json, &document, &source, error))
    return FALSE;
  if (document == NULL)
    return wrong (error, "\"document\" is that of a file that failed");
  reader->document = document;
  reader->next_position = 0;
  reader->at_byte = 0;
  reader->at_char = 0;
  return reader->funcs->document (document, &source, json_object_get_string (fingerprint),
                                  reader->user_data, error);
}

static gboolean
end_document (ChunkJsonReader *reader, GError **error)
{
  const GString *text;

  if (reader->document == NULL)
    return wrong (error, "a document ends that has not begun");
  text = reader->document->text;
  if (!is_blank (text, reader->at_byte, text->len))
    return wrong (error, "the chunks leave out the end of the text");
  reader->document = NULL;
  return reader->funcs->end (reader->user_data, error);
}

static gboolean
read_failed (ChunkJsonReader *reader, json_object *line, GError **error)
{
  json_object *name = json_object_object_get (line, "name");
  g_auto (DocumentSource) source = {0};
  Document *document;

  if (reader->document != NULL)
    return wrong (error, "a file begins before the document before it ended");
  if (!json_object_is_type (name, json_type_string) ||
      !g_utf8_validate (json_object_get_string (name), -1, NULL))
    return wrong (error, "\"name\" is missing or no text");
  if (!document_from_json (line, &document, &source, error))
    return FALSE;
  return reader->funcs->failed (json_object_get_string (name), &source, reader->user_data, error);
}

static gboolean
read_object (ChunkJsonReader *reader, json_object *line, GError **error)
{
  json_object *version = json_object_object_get (line, "version");

  if (!json_object_is_type (version, json_type_int))
    return wrong (error, "there is no \"version\"");
  if (json_object_get_int64 (version) != DOCUMENT_JSON_VERSION) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_VERSION,
                 "version %" G_GINT64_FORMAT " of the format is not known",
                 json_object_get_int64 (version));
    return FALSE;
  }
  if (json_object_object_get (line, "error") != NULL)
    return read_failed (reader, line, error);
  if ((reader->document == NULL || json_object_object_get (line, "document") != NULL) &&
      !begin_document (reader, line, error))
    return FALSE;
  if (reader->document != NULL && json_object_object_get (line, "position") != NULL &&
      !read_chunk (reader, line, error))
    return FALSE;
  return !json_object_get_boolean (json_object_object_get (line, "last")) ||
         end_document (reader, error);
}

gboolean
chunk_json_reader_line (ChunkJsonReader *reader, const char *line, gsize bytes, GError **error)
{
  gsize blank = strspn (line, " \t\r\n");

  reader->n_lines++;
  if (blank >= bytes)
    return TRUE;

  json_tokener *tokener = json_tokener_new ();
  g_autoptr (json_object) object =
      json_tokener_parse_ex (tokener, line, (int)MIN (bytes, G_MAXINT));
  gboolean whole = json_tokener_get_error (tokener) == json_tokener_success;
  json_tokener_free (tokener);

  gboolean fine = whole && json_object_is_type (object, json_type_object)
                      ? read_object (reader, object, error)
                      : wrong (error, "it is no JSON object");
  if (!fine)
    g_prefix_error (error, "line %" G_GUINT64_FORMAT ": ", reader->n_lines);
  return fine;
}

gboolean
chunk_json_reader_finish (ChunkJsonReader *reader, GError **error)
{
  return reader->document == NULL ||
         wrong (error, "the stream stops within a document: its last line is missing");
}
