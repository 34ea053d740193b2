#include "columns.h"

#include "text-array.h"

#include <json-c/json.h>
#include <string.h>

#define N_DOCUMENT_COLUMNS 21
#define N_CHUNK_COLUMNS 14

static const char *
status_of (const DbItem *item)
{
  return item->error_code != NULL ? "failed" : "completed";
}

static void
copy_int4_or_null (DbCopy *copy, gint32 value)
{
  if (value == 0)
    db_copy_null (copy);
  else
    db_copy_int4 (copy, value);
}

void
columns_copy_document (DbCopy *copy, const Uuid *user, const Uuid *folder, const Uuid *id,
                       const DbItem *item)
{
  static const Document nothing; /* of a failed file */
  const Document *document = item->document ? item->document : &nothing;

  db_copy_row (copy, N_DOCUMENT_COLUMNS);
  db_copy_uuid (copy, id);
  db_copy_uuid (copy, user);
  db_copy_uuid (copy, folder);
  db_copy_text (copy, item->name);
  db_copy_bytea (copy, item->checksum, sizeof item->checksum);
  db_copy_int8 (copy, (gint64)item->size_bytes);
  db_copy_text (copy, document->mime_type);
  db_copy_text (copy, document->format);
  db_copy_text (copy, document->title);
  db_copy_text (copy, document->author);
  db_copy_text (copy, document->language);
  copy_int4_or_null (copy, (gint32)document->page_count);
  if (document->text == NULL)
    db_copy_null (copy);
  else
    db_copy_text_parts (copy, document->text->str, document->text->len, "", 0);
  db_copy_text (copy, status_of (item));
  db_copy_text (copy, item->error_code);
  db_copy_text (copy, item->error_message);
  db_copy_bool (copy, document->partial != NULL);
  db_copy_text (copy, document->partial);
  if (document->warnings == NULL)
    db_copy_text_array (copy, NULL, 0);
  else
    db_copy_text_array (copy, (const char *const *)document->warnings->pdata,
                        document->warnings->len);
  if (item->mtime_us == 0)
    db_copy_null (copy);
  else
    db_copy_timestamptz (copy, item->mtime_us);
  db_copy_text (copy, item->fingerprint);
}

static const char *const *
heading_path (const DbItem *item, const DbItemChunk *chunk)
{
  return g_ptr_array_index (item->headings, chunk->headings);
}

void
columns_copy_chunk (DbCopy *copy, const Uuid *user, const Uuid *document, const Uuid *id,
                    const DbItem *item, guint nth)
{
  const DbItemChunk *chunk = &g_array_index (item->chunks, DbItemChunk, nth);
  const char *const *headings = heading_path (item, chunk);

  db_copy_row (copy, N_CHUNK_COLUMNS);
  db_copy_uuid (copy, id);
  db_copy_uuid (copy, user);
  db_copy_uuid (copy, document);
  db_copy_int4 (copy, chunk->position);
  db_copy_text_parts (copy, item->prefixes->str + chunk->prefix_offset, chunk->prefix_bytes,
                      item->document->text->str + chunk->start_byte,
                      chunk->end_byte - chunk->start_byte);
  db_copy_text_array (copy, headings, g_strv_length ((char **)(guintptr)headings));
  copy_int4_or_null (copy, chunk->page_first);
  copy_int4_or_null (copy, chunk->page_last);
  db_copy_int4 (copy, chunk->start_char);
  db_copy_int4 (copy, chunk->end_char);
  db_copy_int4 (copy, chunk->prefix_chars);
  db_copy_bytea (copy, chunk->content_sha256, sizeof chunk->content_sha256);
  db_copy_int4 (copy, chunk->token_count);
  db_copy_text (copy, item->document->language);
}

/* --- changes ------------------------------------------------------------------------------- */

/* bytea's hex format. (transfer full) */
static char *
bytea_literal (const guint8 *bytes, gsize n_bytes)
{
  GString *hex = g_string_new ("\\x");

  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

/* (transfer full) */
static char *
warnings_literal (const Document *document)
{
  GString *array = text_array_begin ();

  for (guint i = 0; document->warnings != NULL && i < document->warnings->len; i++)
    text_array_add (array, g_ptr_array_index (document->warnings, i));
  return text_array_end (array);
}

static const char update_document_sql[] =
    "update public.documents set folder_id = $3, checksum = $4, file_size = $5, mime_type = $6,"
    " format = $7, title = $8, author = $9, language = $10, page_count = nullif($11::int, 0),"
    " content_text = $12, indexing_status = $13, error_code = $14, error_message = $15,"
    " partial = $16::text is not null, partial_reason = $16, warnings = $17,"
    " source_mtime = to_timestamp(nullif($18::float8, 0)), fingerprint = $19"
    " where user_id = $1 and id = $2";

void
columns_update_document (DbPipeline *pipeline, const Uuid *user, const Uuid *folder, const Uuid *id,
                         const DbItem *item)
{
  static const Document nothing;
  const Document *document = item->document ? item->document : &nothing;
  char user_text[UUID_TEXT_BYTES], folder_text[UUID_TEXT_BYTES], id_text[UUID_TEXT_BYTES];
  char size[24], pages[16], mtime[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *checksum = bytea_literal (item->checksum, sizeof item->checksum);
  g_autofree char *warnings = warnings_literal (document);

  uuid_format (user, user_text);
  uuid_format (folder, folder_text);
  uuid_format (id, id_text);
  g_snprintf (size, sizeof size, "%" G_GUINT64_FORMAT, item->size_bytes);
  g_snprintf (pages, sizeof pages, "%u", document->page_count);
  g_ascii_dtostr (mtime, sizeof mtime, (double)item->mtime_us / 1e6);

  const char *const params[] = {
      user_text,
      id_text,
      folder_text,
      checksum,
      size,
      document->mime_type,
      document->format,
      document->title,
      document->author,
      document->language,
      pages,
      document->text ? document->text->str : NULL,
      status_of (item),
      item->error_code,
      item->error_message,
      document->partial,
      warnings,
      mtime,
      item->fingerprint,
  };
  db_pipeline_add (pipeline, update_document_sql, G_N_ELEMENTS (params), params);
}

/* Only rows where something differs are touched. The content is the same by its id. */
static const char update_chunks_sql[] =
    "update public.document_chunks c set position = v.position, start_char = v.start_char,"
    " end_char = v.end_char, page_first = v.page_first, page_last = v.page_last,"
    " prefix_chars = v.prefix_chars, token_count = v.token_count, language = $3,"
    " heading_path = v.heading_path"
    " from (select u.id, u.position, u.start_char, u.end_char, nullif(u.page_first, 0),"
    "   nullif(u.page_last, 0), u.prefix_chars, u.token_count,"
    "   array(select jsonb_array_elements_text(u.headings))"
    "  from unnest($4::uuid[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::int[],"
    "   $11::int[], $12::jsonb[]) as u (id, position, start_char, end_char, page_first, page_last,"
    "   prefix_chars, token_count, headings))"
    "  as v (id, position, start_char, end_char, page_first, page_last, prefix_chars, token_count,"
    "   heading_path)"
    " where c.user_id = $1 and c.document_id = $2 and c.id = v.id"
    " and (c.position, c.start_char, c.end_char, c.page_first, c.page_last, c.prefix_chars,"
    "  c.token_count, c.language, c.heading_path)"
    " is distinct from (v.position, v.start_char, v.end_char, v.page_first, v.page_last,"
    "  v.prefix_chars, v.token_count, $3, v.heading_path)";

enum { ID, POSITION, START, END, PAGE_FIRST, PAGE_LAST, PREFIX, TOKENS, HEADINGS, N_ARRAYS };

static void
add_heading_path (GString *array, const char *const *headings)
{
  json_object *json = json_object_new_array ();

  for (const char *const *heading = headings; *heading != NULL; heading++)
    json_object_array_add (json, json_object_new_string (*heading));
  text_array_add (array, json_object_to_json_string_ext (json, JSON_C_TO_STRING_PLAIN));
  json_object_put (json);
}

static void
add_kept_chunk (GString *arrays[N_ARRAYS], const DbItem *item, const DbItemChunk *chunk,
                const Uuid *id)
{
  char text[UUID_TEXT_BYTES];

  uuid_format (id, text);
  text_array_add (arrays[ID], text);
  text_array_add_int (arrays[POSITION], chunk->position);
  text_array_add_int (arrays[START], chunk->start_char);
  text_array_add_int (arrays[END], chunk->end_char);
  text_array_add_int (arrays[PAGE_FIRST], chunk->page_first);
  text_array_add_int (arrays[PAGE_LAST], chunk->page_last);
  text_array_add_int (arrays[PREFIX], chunk->prefix_chars);
  text_array_add_int (arrays[TOKENS], chunk->token_count);
  add_heading_path (arrays[HEADINGS], heading_path (item, chunk));
}

void
columns_update_chunks (DbPipeline *pipeline, const Uuid *user, const Uuid *document,
                       const DbItem *item, const Uuid *chunk_ids, GHashTable *kept)
{
  GString *arrays[N_ARRAYS];
  char *literals[N_ARRAYS];
  char user_text[UUID_TEXT_BYTES], document_text[UUID_TEXT_BYTES];

  for (int i = 0; i < N_ARRAYS; i++)
    arrays[i] = text_array_begin ();
  for (guint i = 0; i < item->chunks->len; i++)
    if (g_hash_table_contains (kept, &chunk_ids[i]))
      add_kept_chunk (arrays, item, &g_array_index (item->chunks, DbItemChunk, i), &chunk_ids[i]);
  for (int i = 0; i < N_ARRAYS; i++)
    literals[i] = text_array_end (arrays[i]);
  uuid_format (user, user_text);
  uuid_format (document, document_text);

  const char *const gone[] = {user_text, document_text, literals[ID]};
  db_pipeline_add (pipeline,
                   "delete from public.document_chunks"
                   " where user_id = $1 and document_id = $2 and id <> all ($3::uuid[])",
                   3, gone);

  const char *const stay[] = {
      user_text,        document_text,        item->document ? item->document->language : NULL,
      literals[ID],     literals[POSITION],   literals[START],
      literals[END],    literals[PAGE_FIRST], literals[PAGE_LAST],
      literals[PREFIX], literals[TOKENS],     literals[HEADINGS]};
  db_pipeline_add (pipeline, update_chunks_sql, G_N_ELEMENTS (stay), stay);
  for (int i = 0; i < N_ARRAYS; i++)
    g_free (literals[i]);
}
