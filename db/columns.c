#include "columns.h"

#include "text-array.h"

/* The chunker and the schema are of one mind, or no chunk would load. */
G_STATIC_ASSERT (CHUNKER_CONTENT_MAX <= DOCUMENT_CHUNKS_CONTENT_BYTES_MAX);
G_STATIC_ASSERT (DB_CHECKSUM_BYTES == DOCUMENTS_CHECKSUM_BYTES);
G_STATIC_ASSERT (DB_CHECKSUM_BYTES == DOCUMENT_CHUNKS_CONTENT_HASH_BYTES);

const char *
columns_status (const DbItem *item)
{
  return item->error_code != NULL ? DOCUMENTS_INDEXING_STATUS_FAILED
                                  : DOCUMENTS_INDEXING_STATUS_COMPLETED;
}

static DbText
text_of (const Document *document)
{
  if (document->text == NULL)
    return db_text (NULL);
  return (DbText){.head = document->text->str, .head_bytes = document->text->len};
}

static DbTextArray
warnings_of (const Document *document)
{
  const GPtrArray *warnings = document->warnings;

  if (warnings == NULL)
    return (DbTextArray){0};
  return (DbTextArray){(const char *const *)warnings->pdata, warnings->len};
}

/* bucket, storage_path, object_version and etag are null: the file is a person's. */
static DocumentsRow
document_row (const Uuid *user, const Uuid *folder, const Uuid *id, const DbItem *item)
{
  static const Document nothing; /* of a failed file */
  const Document *document = item->document ? item->document : &nothing;

  return (DocumentsRow){
      .id = id,
      .user_id = user,
      .folder_id = folder,
      .name = db_text (item->name),
      .checksum = {item->checksum, sizeof item->checksum},
      .file_size = {TRUE, (gint64)item->size_bytes},
      .mime_type = db_text (document->mime_type),
      .format = db_text (document->format),
      .title = db_text (document->title),
      .author = db_text (document->author),
      .language = db_text (document->language),
      .page_count = db_int_unless_0 (document->page_count),
      .content_text = text_of (document),
      .indexing_status = db_text (columns_status (item)),
      .error_code = db_text (item->error_code),
      .error_message = db_text (item->error_message),
      .partial = document->partial != NULL,
      .partial_reason = db_text (document->partial),
      .warnings = warnings_of (document),
      .source_mtime = db_int_unless_0 (item->mtime_us),
      .fingerprint = db_text (item->fingerprint),
  };
}

void
columns_copy_document (DbCopy *copy, const Uuid *user, const Uuid *folder, const Uuid *id,
                       const DbItem *item)
{
  DocumentsRow row = document_row (user, folder, id, item);

  documents_row_copy (copy, &row);
}

static DocumentChunksRow
chunk_row (const Uuid *user, const Uuid *document, const Uuid *id, const DbItem *item, guint nth)
{
  const DbItemChunk *chunk = &g_array_index (item->chunks, DbItemChunk, nth);
  const char *const *headings = g_ptr_array_index (item->headings, chunk->headings);

  return (DocumentChunksRow){
      .id = id,
      .user_id = user,
      .document_id = document,
      .position = chunk->position,
      .content = {item->prefixes->str + chunk->prefix_offset, chunk->prefix_bytes,
                  item->document->text->str + chunk->start_byte,
                  chunk->end_byte - chunk->start_byte},
      .heading_path = {headings, g_strv_length ((char **)(guintptr)headings)},
      .page_first = db_int_unless_0 (chunk->page_first),
      .page_last = db_int_unless_0 (chunk->page_last),
      .start_char = chunk->start_char,
      .end_char = chunk->end_char,
      .prefix_chars = chunk->prefix_chars,
      .content_hash = {chunk->content_sha256, sizeof chunk->content_sha256},
      .token_count = {TRUE, chunk->token_count},
      .language = db_text (item->document->language),
  };
}

void
columns_copy_chunk (DbCopy *copy, const Uuid *user, const Uuid *document, const Uuid *id,
                    const DbItem *item, guint nth)
{
  DocumentChunksRow row = chunk_row (user, document, id, item, nth);

  document_chunks_row_copy (copy, &row);
}

/* --- changes ------------------------------------------------------------------------------- */

void
columns_update_document (DbPipeline *pipeline, const Uuid *user, const Uuid *folder, const Uuid *id,
                         const DbItem *item)
{
  const DbTable documents = DB_TABLE (DOCUMENTS);
  g_auto (DbCopy) row = {0};

  db_copy_begin_memory (&row);
  columns_copy_document (&row, user, folder, id, item);
  db_rows_update_one (pipeline, &documents, &row,
                      DB_COLUMN (DOCUMENTS_COLUMN_USER_ID) | DB_COLUMN (DOCUMENTS_COLUMN_ID));
}

/* The content is the same by its id: it is not sent. */
static void
update_kept (DbPipeline *pipeline, const Uuid *user, const Uuid *document, const DbItem *item,
             const Uuid *chunk_ids, GHashTable *kept)
{
  const DbTable chunks = DB_TABLE (DOCUMENT_CHUNKS);
  g_auto (DbCopy) rows = {0};

  db_copy_begin_memory (&rows);
  for (guint i = 0; i < item->chunks->len; i++) {
    if (!g_hash_table_contains (kept, &chunk_ids[i]))
      continue;
    DocumentChunksRow row = chunk_row (user, document, &chunk_ids[i], item, i);
    row.content = db_text (NULL);
    document_chunks_row_copy (&rows, &row);
  }
  db_rows_update_many (
      pipeline, &chunks, &rows,
      DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_USER_ID) | DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_DOCUMENT_ID),
      DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_ID),
      DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_CONTENT) | DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_CONTENT_HASH));
}

void
columns_update_chunks (DbPipeline *pipeline, const Uuid *user, const Uuid *document,
                       const DbItem *item, const Uuid *chunk_ids, GHashTable *kept)
{
  char user_text[UUID_TEXT_BYTES], document_text[UUID_TEXT_BYTES], id_text[UUID_TEXT_BYTES];
  GString *ids = text_array_begin ();

  for (guint i = 0; i < item->chunks->len; i++)
    if (g_hash_table_contains (kept, &chunk_ids[i])) {
      uuid_format (&chunk_ids[i], id_text);
      text_array_add (ids, id_text);
    }
  uuid_format (user, user_text);
  uuid_format (document, document_text);

  g_autofree char *ids_text = text_array_end (ids);
  const char *const params[] = {user_text, document_text, ids_text};
  db_pipeline_add (pipeline,
                   "delete from " DOCUMENT_CHUNKS_TABLE
                   " where user_id = $1 and document_id = $2 and id <> all ($3::uuid[])",
                   G_N_ELEMENTS (params), params);
  update_kept (pipeline, user, document, item, chunk_ids, kept);
}
