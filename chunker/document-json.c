#include "document-json.h"

#include <string.h>

GQuark
document_json_error_quark (void)
{
  return g_quark_from_static_string ("document-json-error");
}

void
document_source_clear (DocumentSource *source)
{
  g_clear_pointer (&source->container, g_free);
  g_clear_pointer (&source->checksum, g_free);
  g_clear_pointer (&source->error_code, g_free);
  g_clear_pointer (&source->error_message, g_free);
  source->n_members = 0;
  source->size_bytes = 0;
  source->mtime_us = 0;
}

void
document_source_of_member (const DocumentSource *file, const char *file_name,
                           const Document *member, DocumentSource *source)
{
  gboolean known = member->checksum != NULL;

  *source = (DocumentSource){
      .container = g_strdup (file_name),
      .checksum = g_strdup (known ? member->checksum : file->checksum),
      .size_bytes = known ? member->size_bytes : 0,
      .mtime_us = file->mtime_us,
      .error_code = g_strdup (member->error_code),
      .error_message = g_strdup (member->error_message),
  };
}

static json_object *
nullable_string (const char *string)
{
  return string != NULL ? json_object_new_string (string) : NULL;
}

/* Code points of [text, text + bytes). */
static gsize
count_chars (const char *text, gsize bytes)
{
  gsize chars = 0;

  for (gsize i = 0; i < bytes; i++)
    chars += ((guchar)text[i] & 0xC0) != 0x80;
  return chars;
}

static json_object *
blocks_to_json (const Document *document)
{
  json_object *blocks = json_object_new_array_ext ((int)document->blocks->len);
  gsize at = 0;
  gsize chars = 0;

  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);
    json_object *entry = json_object_new_object ();

    json_object_object_add (entry, "kind", json_object_new_string (block_kind_name (block->kind)));
    if (block->level != 0)
      json_object_object_add (entry, "level", json_object_new_int (block->level));
    if (block->page != 0)
      json_object_object_add (entry, "page", json_object_new_int64 (block->page));
    chars += count_chars (document->text->str + at, block->start_byte - at);
    json_object_object_add (entry, "start_char", json_object_new_uint64 (chars));
    chars +=
        count_chars (document->text->str + block->start_byte, block->end_byte - block->start_byte);
    json_object_object_add (entry, "end_char", json_object_new_uint64 (chars));
    at = block->end_byte;
    json_object_array_add (blocks, entry);
  }
  return blocks;
}

static void
add_document (json_object *json, const Document *document)
{
  json_object *warnings = json_object_new_array_ext ((int)document->warnings->len);

  for (guint i = 0; i < document->warnings->len; i++)
    json_object_array_add (warnings, json_object_new_string (document->warnings->pdata[i]));
  json_object_object_add (json, "format", nullable_string (document->format));
  json_object_object_add (json, "mime_type", nullable_string (document->mime_type));
  json_object_object_add (json, "title", nullable_string (document->title));
  json_object_object_add (json, "author", nullable_string (document->author));
  json_object_object_add (json, "language", nullable_string (document->language));
  json_object_object_add (json, "created", nullable_string (document->created));
  json_object_object_add (json, "modified", nullable_string (document->modified));
  json_object_object_add (json, "extractor", nullable_string (document->extractor));
  json_object_object_add (json, "pages", json_object_new_int64 (document->page_count));
  json_object_object_add (json, "partial", nullable_string (document->partial));
  json_object_object_add (json, "warnings", warnings);
}

static json_object *
error_to_json (const char *code, const char *message)
{
  json_object *error = json_object_new_object ();

  json_object_object_add (error, "code", nullable_string (code));
  json_object_object_add (error, "message", nullable_string (message));
  return error;
}

static void
add_text (json_object *json, const Document *document, gboolean with_blocks)
{
  json_object *text;

  g_assert (document->text->len <= G_MAXINT);
  text = json_object_new_string_len (document->text->str, (int)document->text->len);
  json_object_object_add (json, "blocks",
                          with_blocks ? blocks_to_json (document) : json_object_new_array ());
  json_object_object_add (json, "text", text);
}

static json_object *
to_json (const Document *document, const char *name, const DocumentSource *source,
         gboolean with_blocks)
{
  json_object *json = json_object_new_object ();
  const gboolean own = document != NULL && document->error_code != NULL;
  const char *code = own ? document->error_code : source->error_code;
  const gboolean whole = document != NULL && !own;

  json_object_object_add (json, "version", json_object_new_int (DOCUMENT_JSON_VERSION));
  json_object_object_add (json, "name", nullable_string (name));
  if (source->container != NULL)
    json_object_object_add (json, "container", json_object_new_string (source->container));
  json_object_object_add (json, "outcome",
                          nullable_string (whole ? document_outcome (document) : code));
  if (whole)
    add_document (json, document);
  else
    json_object_object_add (
        json, "error", error_to_json (code, own ? document->error_message : source->error_message));
  if (document != NULL)
    json_object_object_add (json, "members", json_object_new_int64 (document->n_members));
  json_object_object_add (json, "checksum", nullable_string (source->checksum));
  json_object_object_add (json, "size_bytes", json_object_new_uint64 (source->size_bytes));
  json_object_object_add (json, "mtime_us", json_object_new_uint64 (source->mtime_us));
  if (whole)
    add_text (json, document, with_blocks);
  return json;
}

json_object *
document_to_json (const Document *document, const char *name, const DocumentSource *source)
{
  return to_json (document, name, source, TRUE);
}

json_object *
document_to_json_without_blocks (const Document *document, const DocumentSource *source)
{
  return to_json (document, document->name, source, FALSE);
}

/* *bytes: (nullable) the length; with NULL the string may be no NUL's host. FALSE with error set
 * when the key holds something else than a string or null. */
static gboolean
get_string (json_object *json, const char *key, const char **string, gsize *bytes, GError **error)
{
  json_object *value = json_object_object_get (json, key);
  gsize length;

  *string = NULL;
  if (value == NULL)
    return TRUE;
  if (!json_object_is_type (value, json_type_string)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "\"%s\" is no string",
                 key);
    return FALSE;
  }
  *string = json_object_get_string (value);
  length = (gsize)json_object_get_string_len (value);
  if (!g_utf8_validate_len (*string, length, NULL)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
                 "\"%s\" is not valid UTF-8 or contains NUL", key);
    return FALSE;
  }
  if (bytes != NULL)
    *bytes = length;
  return TRUE;
}

static gboolean
copy_string (json_object *json, const char *key, char **copy, GError **error)
{
  const char *string;

  if (!get_string (json, key, &string, NULL, error))
    return FALSE;
  *copy = g_strdup (string);
  return TRUE;
}

/* Absent or null is 0. */
static gboolean
get_uint (json_object *json, const char *key, guint64 max, guint64 *number, GError **error)
{
  json_object *value = json_object_object_get (json, key);

  *number = 0;
  if (value == NULL)
    return TRUE;
  if (json_object_is_type (value, json_type_int) && json_object_get_int64 (value) >= 0)
    *number = json_object_get_uint64 (value);
  else
    max = 0;
  if (max == 0 || *number > max) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
                 "\"%s\" is no number or out of range", key);
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_text (json_object *json, Document *document, GError **error)
{
  const char *text;
  gsize bytes;

  if (!get_string (json, "text", &text, &bytes, error))
    return FALSE;
  if (text == NULL) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "there is no \"text\"");
    return FALSE;
  }
  g_string_append_len (document->text, text, (gssize)bytes);
  return TRUE;
}

/* A place in the text, in both units. */
typedef struct {
  gsize byte;
  guint64 chars;
} Place;

/* Moves on to character `chars`; FALSE when it lies before or behind the text. */
static gboolean
place_advance (Place *place, const GString *text, guint64 chars)
{
  if (chars < place->chars)
    return FALSE;
  while (place->chars < chars) {
    if (place->byte == text->len)
      return FALSE;
    place->byte += (gsize)(g_utf8_next_char (text->str + place->byte) - (text->str + place->byte));
    place->chars++;
  }
  return TRUE;
}

static gboolean
read_kind (json_object *json, Block *block, GError **error)
{
  const char *name;
  guint64 level;
  guint64 page;

  if (!get_string (json, "kind", &name, NULL, error) ||
      !get_uint (json, "level", G_MAXUINT8, &level, error) ||
      !get_uint (json, "page", G_MAXUINT32, &page, error))
    return FALSE;
  block->kind = name != NULL ? (guint8)block_kind_from_name (name) : 0;
  block->level = (guint8)level;
  block->page = (guint32)page;
  if (block->kind == 0) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "\"kind\" is none known");
    return FALSE;
  }
  if (block->kind == BLOCK_HEADING && (level < 1 || level > 6)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
                 "a heading's \"level\" is not 1 to 6");
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_block (json_object *json, Document *document, Place *place, GError **error)
{
  Block block = {0};
  guint64 start;
  guint64 end;

  if (!json_object_is_type (json, json_type_object)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "it is no object");
    return FALSE;
  }
  if (!read_kind (json, &block, error) ||
      !get_uint (json, "start_char", G_MAXINT64, &start, error) ||
      !get_uint (json, "end_char", G_MAXINT64, &end, error))
    return FALSE;
  if (place_advance (place, document->text, start)) {
    block.start_byte = place->byte;
    if (place_advance (place, document->text, end)) {
      block.end_byte = place->byte;
      g_array_append_val (document->blocks, block);
      return TRUE;
    }
  }
  g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
               "its span is out of order or out of the text");
  return FALSE;
}

static gboolean
read_blocks (json_object *json, Document *document, GError **error)
{
  json_object *blocks = json_object_object_get (json, "blocks");
  Place place = {0};

  if (!json_object_is_type (blocks, json_type_array)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "there are no \"blocks\"");
    return FALSE;
  }
  for (gsize i = 0; i < json_object_array_length (blocks); i++) {
    if (!read_block (json_object_array_get_idx (blocks, i), document, &place, error)) {
      g_prefix_error (error, "block %" G_GSIZE_FORMAT ": ", i);
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
read_warnings (json_object *json, Document *document, GError **error)
{
  json_object *warnings = json_object_object_get (json, "warnings");

  if (warnings == NULL)
    return TRUE;
  if (json_object_is_type (warnings, json_type_array)) {
    gsize i = 0;

    for (; i < json_object_array_length (warnings); i++) {
      json_object *warning = json_object_array_get_idx (warnings, i);

      if (!json_object_is_type (warning, json_type_string) ||
          !g_utf8_validate (json_object_get_string (warning), -1, NULL))
        break;
      g_ptr_array_add (document->warnings, g_strdup (json_object_get_string (warning)));
    }
    if (i == json_object_array_length (warnings))
      return TRUE;
  }
  g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
               "\"warnings\" are no strings");
  return FALSE;
}

static gboolean
read_meta (json_object *json, Document *document, GError **error)
{
  guint64 pages;

  if (!copy_string (json, "name", &document->name, error) ||
      !copy_string (json, "format", &document->format, error) ||
      !copy_string (json, "mime_type", &document->mime_type, error) ||
      !copy_string (json, "title", &document->title, error) ||
      !copy_string (json, "author", &document->author, error) ||
      !copy_string (json, "language", &document->language, error) ||
      !copy_string (json, "created", &document->created, error) ||
      !copy_string (json, "modified", &document->modified, error) ||
      !copy_string (json, "extractor", &document->extractor, error) ||
      !copy_string (json, "partial", &document->partial, error) ||
      !get_uint (json, "pages", G_MAXUINT32, &pages, error) ||
      !read_warnings (json, document, error))
    return FALSE;
  document->page_count = (guint)pages;
  if (document->name == NULL || document->format == NULL) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "there is no \"%s\"",
                 document->name == NULL ? "name" : "format");
    return FALSE;
  }
  return TRUE;
}

static gboolean
check_version (json_object *json, GError **error)
{
  json_object *version;

  if (!json_object_is_type (json, json_type_object)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "not a JSON object");
    return FALSE;
  }
  version = json_object_object_get (json, "version");
  if (!json_object_is_type (version, json_type_int)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "there is no \"version\"");
    return FALSE;
  }
  if (json_object_get_int64 (version) != DOCUMENT_JSON_VERSION) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_VERSION,
                 "version %" G_GINT64_FORMAT " of the format is not known",
                 json_object_get_int64 (version));
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_source (json_object *json, DocumentSource *source, GError **error)
{
  json_object *failure = json_object_object_get (json, "error");

  if (!copy_string (json, "container", &source->container, error) ||
      !copy_string (json, "checksum", &source->checksum, error) ||
      !get_uint (json, "members", G_MAXINT32, &source->n_members, error) ||
      !get_uint (json, "size_bytes", G_MAXINT64, &source->size_bytes, error) ||
      !get_uint (json, "mtime_us", G_MAXINT64, &source->mtime_us, error))
    return FALSE;
  if (failure == NULL)
    return TRUE;
  if (!json_object_is_type (failure, json_type_object)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "\"error\" is no object");
    return FALSE;
  }
  if (!copy_string (failure, "code", &source->error_code, error) ||
      !copy_string (failure, "message", &source->error_message, error))
    return FALSE;
  if (source->error_code == NULL)
    source->error_code = g_strdup ("unknown");
  return TRUE;
}

gboolean
document_from_json (json_object *json, Document **document, DocumentSource *source, GError **error)
{
  g_auto (DocumentSource) from = {0};
  g_autoptr (Document) read = NULL;

  *document = NULL;
  if (!check_version (json, error) || !read_source (json, &from, error))
    return FALSE;
  if (from.error_code == NULL) {
    read = document_new ();
    if (!read_meta (json, read, error) || !read_text (json, read, error) ||
        !read_blocks (json, read, error))
      return FALSE;
    read->n_members = (guint)from.n_members;
  }
  *document = g_steal_pointer (&read);
  *source = from;
  from = (DocumentSource){0};
  return TRUE;
}
