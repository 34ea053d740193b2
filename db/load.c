#include "load.h"

#include "columns.h"
#include "copy.h"
#include "pipeline.h"
#include "text-array.h"

#include "chunker/members.h"

#include <string.h>

#define CONFLICT_TRIES 8

typedef struct {
  DbItem *item;
  DbKnown known;
  gpointer tag;
  GDestroyNotify tag_free;
  gboolean same;    /* nothing is to be written: it stands there already */
  GHashTable *kept; /* (element-type Uuid) chunk ids that stand in the database already */
  Uuid *chunk_ids;  /* one for each chunk of the item */
} Entry;

struct DbBatch {
  DbConnection *connection;
  Uuid user;
  GPtrArray *entries; /* (element-type Entry) */
  GPtrArray *held;    /* (element-type Entry) members that are written, and told after their file */
  GHashTable *folders; /* path -> Uuid; what this batch has made sure of */
  gsize bytes;
};

static guint
uuid_hash (gconstpointer key)
{
  guint hash;

  memcpy (&hash, key, sizeof hash); /* SHA-1 bytes: any four will do */
  return hash;
}

static gboolean
uuid_same (gconstpointer a, gconstpointer b)
{
  return uuid_equal (a, b);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  if (entry == NULL)
    return;
  db_item_free (entry->item);
  db_known_clear (&entry->known);
  g_clear_pointer (&entry->kept, g_hash_table_unref);
  g_free (entry->chunk_ids);
  if (entry->tag_free != NULL)
    entry->tag_free (entry->tag);
  g_free (entry);
}

DbBatch *
db_batch_new (DbConnection *connection, const Uuid *user)
{
  DbBatch *batch = g_new0 (DbBatch, 1);

  batch->connection = connection;
  batch->user = *user;
  batch->entries = g_ptr_array_new_with_free_func (entry_free);
  batch->held = g_ptr_array_new_with_free_func (entry_free);
  batch->folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return batch;
}

void
db_batch_free (DbBatch *batch)
{
  if (batch == NULL)
    return;
  g_ptr_array_unref (batch->entries);
  g_ptr_array_unref (batch->held);
  g_hash_table_unref (batch->folders);
  g_free (batch);
}

void
db_batch_add (DbBatch *batch, DbItem *item, const DbKnown *known, gpointer tag,
              GDestroyNotify tag_free)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->item = item;
  entry->known = *known;
  entry->known.folder_path = item->folder_path;
  entry->known.name = item->name;
  entry->known.fingerprint = g_strdup (known->fingerprint);
  entry->known.status = g_strdup (known->status);
  entry->known.error_code = g_strdup (known->error_code);
  entry->known.error_message = g_strdup (known->error_message);
  entry->tag = tag;
  entry->tag_free = tag_free;
  g_ptr_array_add (batch->entries, entry);
  batch->bytes += db_item_bytes (item);
}

gsize
db_batch_bytes (const DbBatch *batch)
{
  return batch->bytes;
}

guint
db_batch_length (const DbBatch *batch)
{
  return batch->entries->len;
}

/* --- before the transaction ---------------------------------------------------------------- */

static gboolean
is_same (const Entry *entry)
{
  const DbKnown *known = &entry->known;
  const DbItem *item = entry->item;

  if (!known->exists || !known->has_checksum ||
      memcmp (known->checksum, item->checksum, DB_CHECKSUM_BYTES) != 0)
    return FALSE;
  /* these bytes could be read before: what failed now (time, memory) is no reason to lose the text
   */
  if (item->error_code != NULL && db_known_is_completed (known))
    return TRUE;
  return g_strcmp0 (known->fingerprint, item->fingerprint) == 0 &&
         g_strcmp0 (known->status, columns_status (item)) == 0 &&
         g_strcmp0 (known->error_message, item->error_message) == 0;
}

static void
derive_chunk_ids (Entry *entry)
{
  const GArray *chunks = entry->item->chunks;

  g_free (entry->chunk_ids);
  entry->chunk_ids = g_new (Uuid, chunks->len);
  for (guint i = 0; i < chunks->len; i++) {
    const DbItemChunk *chunk = &g_array_index (chunks, DbItemChunk, i);
    entry->chunk_ids[i] = uuid_for_chunk (&entry->known.id, chunk->content_sha256, chunk->nth);
  }
}

static gboolean
ensure_folders (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  for (guint i = 0; i < n; i++) {
    const char *path = entries[i]->item->folder_path;
    Uuid id;

    if (g_hash_table_contains (batch->folders, path))
      continue;
    if (!db_folder_ensure (batch->connection, &batch->user, path, &id, error))
      return FALSE;
    g_hash_table_insert (batch->folders, g_strdup (path), g_memdup2 (&id, sizeof id));
  }
  return TRUE;
}

static gboolean
prepare (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  for (guint i = 0; i < n; i++) {
    entries[i]->same = is_same (entries[i]);
    g_clear_pointer (&entries[i]->kept, g_hash_table_unref);
    derive_chunk_ids (entries[i]);
  }
  return ensure_folders (batch, entries, n, error);
}

/* After a conflict: the rows are not what they were. */
static gboolean
look_again (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  g_autofree DbKnown *known = g_new (DbKnown, n);

  g_hash_table_remove_all (batch->folders);
  for (guint i = 0; i < n; i++)
    known[i] = entries[i]->known;

  gboolean found = db_lookup (batch->connection, &batch->user, known, n, error);
  for (guint i = 0; i < n; i++)
    entries[i]->known = known[i];
  return found;
}

/* --- changed documents --------------------------------------------------------------------- */

static gboolean
is_changed (const Entry *entry)
{
  return entry->known.exists && !entry->same;
}

static gboolean
is_new (const Entry *entry)
{
  return !entry->known.exists;
}

/* Opens the transaction; locks the changed documents and reads which chunks they have. */
static gboolean
lock_changed (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  g_autoptr (DbPipeline) pipeline =
      db_pipeline_new (batch->connection, "reading changed documents");
  char user[UUID_TEXT_BYTES], id[UUID_TEXT_BYTES], version[16];

  uuid_format (&batch->user, user);
  db_pipeline_begin (pipeline);
  for (guint i = 0; i < n; i++) {
    if (!is_changed (entries[i]))
      continue;
    uuid_format (&entries[i]->known.id, id);
    g_snprintf (version, sizeof version, "%d", entries[i]->known.version);
    const char *const params[] = {user, id, version};
    db_pipeline_add (pipeline,
                     "select from " DOCUMENTS_TABLE
                     " where user_id = $1 and id = $2 and version = $3"
                     " for update",
                     3, params);
    db_pipeline_add (pipeline,
                     "select id from " DOCUMENT_CHUNKS_TABLE
                     " where user_id = $1 and document_id = $2",
                     2, params);
  }
  if (!db_pipeline_sync (pipeline, error))
    return FALSE;

  guint at = DB_PIPELINE_BEGIN_RESULTS;
  for (guint i = 0; i < n; i++) {
    if (!is_changed (entries[i]))
      continue;
    if (PQntuples (db_pipeline_result (pipeline, at++)) != 1) {
      g_set_error (error, DB_ERROR, DB_ERROR_CONFLICT,
                   "the document was changed by another session at the same time");
      return FALSE;
    }
    const PGresult *ids = db_pipeline_result (pipeline, at++);
    entries[i]->kept = g_hash_table_new_full (uuid_hash, uuid_same, g_free, NULL);
    for (int row = 0; row < PQntuples (ids); row++) {
      Uuid chunk;
      if (uuid_parse (PQgetvalue (ids, row, 0), &chunk))
        g_hash_table_add (entries[i]->kept, g_memdup2 (&chunk, sizeof chunk));
    }
  }
  return TRUE;
}

static gboolean
write_changed (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  g_autoptr (DbPipeline) pipeline = db_pipeline_new (batch->connection, "changing documents");

  for (guint i = 0; i < n; i++) {
    Entry *entry = entries[i];
    if (!is_changed (entry))
      continue;
    const Uuid *folder = g_hash_table_lookup (batch->folders, entry->item->folder_path);
    columns_update_document (pipeline, &batch->user, folder, &entry->known.id, entry->item);
    columns_update_chunks (pipeline, &batch->user, &entry->known.id, entry->item, entry->chunk_ids,
                           entry->kept);
  }
  return db_pipeline_sync (pipeline, error);
}

/* --- new rows ------------------------------------------------------------------------------ */

static gboolean
is_new_chunk (const Entry *entry, guint i)
{
  return entry->kept == NULL || !g_hash_table_contains (entry->kept, &entry->chunk_ids[i]);
}

static gboolean
has_new_chunks (const Entry *entry)
{
  if (entry->same)
    return FALSE;
  for (guint i = 0; i < entry->item->chunks->len; i++)
    if (is_new_chunk (entry, i))
      return TRUE;
  return FALSE;
}

static gboolean
copy_documents (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  g_auto (DbCopy) copy = {0};

  db_copy_begin (&copy, db_connection_pq (batch->connection), "loading documents");
  for (guint i = 0; i < n; i++)
    if (is_new (entries[i]))
      columns_copy_document (&copy, &batch->user,
                             g_hash_table_lookup (batch->folders, entries[i]->item->folder_path),
                             &entries[i]->known.id, entries[i]->item);
  return db_copy_end (&copy, error);
}

static gboolean
copy_chunks (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  g_auto (DbCopy) copy = {0};

  db_copy_begin (&copy, db_connection_pq (batch->connection), "loading chunks");
  for (guint i = 0; i < n; i++) {
    Entry *entry = entries[i];
    if (entry->same)
      continue;
    for (guint c = 0; c < entry->item->chunks->len; c++)
      if (is_new_chunk (entry, c))
        columns_copy_chunk (&copy, &batch->user, &entry->known.id, &entry->chunk_ids[c],
                            entry->item, c);
  }
  return db_copy_end (&copy, error);
}

/* Reads results until the next COPY wants data (*copying) or all is done. */
static gboolean
next_copy (DbBatch *batch, const char *doing, gboolean *copying, GError **error)
{
  PGconn *conn = db_connection_pq (batch->connection);

  *copying = FALSE;
  while (TRUE) {
    g_autoptr (PGresult) result = PQgetResult (conn);
    if (result == NULL)
      return TRUE;
    ExecStatusType status = PQresultStatus (result);
    if (status == PGRES_COPY_IN) {
      *copying = TRUE;
      return TRUE;
    }
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      return db_error_set (error, conn, result, doing);
  }
}

/* Members that are in the file no more. */
static void
append_prune (DbBatch *batch, const Entry *entry, GString *sql)
{
  PGconn *conn = db_connection_pq (batch->connection);
  const GPtrArray *members = entry->item->members;
  g_autofree char *prefix = members_prefix (entry->item->name);
  GString *names = text_array_begin ();
  char user[UUID_TEXT_BYTES], folder[UUID_TEXT_BYTES];

  for (guint i = 0; i < members->len; i++)
    text_array_add (names, g_ptr_array_index (members, i));
  uuid_format (&batch->user, user);
  uuid_format (g_hash_table_lookup (batch->folders, entry->item->folder_path), folder);

  g_autofree char *array = text_array_end (names);
  char *prefix_literal = PQescapeLiteral (conn, prefix, strlen (prefix));
  char *array_literal = PQescapeLiteral (conn, array, strlen (array));
  if (prefix_literal != NULL && array_literal != NULL) /* they are UTF-8: else no memory */
    g_string_append_printf (sql,
                            "delete from " DOCUMENTS_TABLE
                            " where user_id = '%s' and folder_id = '%s' and bucket is null"
                            " and starts_with(name, %s) and name <> all (%s::text[]);",
                            user, folder, prefix_literal, array_literal);
  PQfreemem (prefix_literal);
  PQfreemem (array_literal);
}

static gboolean
may_have_old_members (const Entry *entry)
{
  const GPtrArray *members = entry->item->members;

  return !entry->same && members != NULL && (entry->known.exists || members->len > 0);
}

typedef gboolean (*CopyFunc) (DbBatch *, Entry *const *, guint, GError **);

/* One simple query, so that begin, the COPYs and commit share their round trips. */
static gboolean
write_new (DbBatch *batch, Entry *const *entries, guint n, gboolean in_transaction, GError **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  CopyFunc copies[2];
  guint n_copies = 0;
  gboolean documents = FALSE, chunks = FALSE, copying;

  for (guint i = 0; i < n; i++) {
    documents |= is_new (entries[i]);
    chunks |= has_new_chunks (entries[i]);
  }
  if (!in_transaction)
    db_pipeline_begin_sql (batch->connection, sql);
  if (documents) {
    g_string_append (sql, DB_COPY_SQL (DOCUMENTS) ";");
    copies[n_copies++] = copy_documents;
  }
  if (chunks) {
    g_string_append (sql, DB_COPY_SQL (DOCUMENT_CHUNKS) ";");
    copies[n_copies++] = copy_chunks;
  }
  for (guint i = 0; i < n; i++)
    if (may_have_old_members (entries[i]))
      append_prune (batch, entries[i], sql);
  g_string_append (sql, "commit");
  if (PQsendQuery (db_connection_pq (batch->connection), sql->str) != 1)
    return db_error_set (error, db_connection_pq (batch->connection), NULL, "loading");
  for (guint i = 0; i < n_copies; i++)
    if (!next_copy (batch, "loading", &copying, error) || !copies[i](batch, entries, n, error))
      return FALSE;
  return next_copy (batch, chunks ? "loading chunks" : "loading documents", &copying, error);
}

/* --- the whole ----------------------------------------------------------------------------- */

static gboolean
write_once (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  gboolean any_changed = FALSE, any_new = FALSE;

  if (!prepare (batch, entries, n, error))
    return FALSE;
  for (guint i = 0; i < n; i++) {
    any_changed |= is_changed (entries[i]);
    any_new |= is_new (entries[i]);
  }
  if (!any_changed && !any_new)
    return TRUE;
  if (any_changed &&
      (!lock_changed (batch, entries, n, error) || !write_changed (batch, entries, n, error)))
    return FALSE;
  return write_new (batch, entries, n, any_changed, error);
}

/* As write_once, but another session that was first is no error. */
static gboolean
write_retrying (DbBatch *batch, Entry *const *entries, guint n, GError **error)
{
  for (guint try = 1;; try++) {
    g_autoptr (GError) failure = NULL;

    if (write_once (batch, entries, n, &failure))
      return TRUE;
    db_rollback (batch->connection);
    if (!g_error_matches (failure, DB_ERROR, DB_ERROR_CONFLICT) || try == CONFLICT_TRIES) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    g_debug ("try %u: %s", try, failure->message);
    g_usleep ((gulong)g_random_int_range (1, 20 << try) * 1000);
    if (!look_again (batch, entries, n, error))
      return FALSE;
  }
}

static DbLoaded
loaded_as (const Entry *entry)
{
  if (entry->item->error_code != NULL)
    return DB_LOADED_FAILED;
  if (entry->same)
    return DB_LOADED_UNCHANGED;
  return entry->known.exists ? DB_LOADED_CHANGED : DB_LOADED_NEW;
}

static void
tell (const Entry *entry, DbLoadedFunc func, gpointer user_data)
{
  func (entry->item, &entry->known.id, loaded_as (entry), entry->tag, user_data);
}

static void
tell_held (DbBatch *batch, DbLoadedFunc func, gpointer user_data)
{
  for (guint i = 0; i < batch->held->len; i++)
    tell (g_ptr_array_index (batch->held, i), func, user_data);
  g_ptr_array_set_size (batch->held, 0);
}

/* What is written is told at once, a member right after its file, and leaves the batch: a later
 * failure does not change it. */
static void
settle (DbBatch *batch, guint n, DbLoadedFunc func, gpointer user_data)
{
  for (guint i = 0; i < n; i++) {
    Entry *entry = g_ptr_array_index (batch->entries, i);

    if (entry->item->container != NULL) {
      g_ptr_array_add (batch->held, entry);
      batch->entries->pdata[i] = NULL;
    } else {
      tell (entry, func, user_data);
      tell_held (batch, func, user_data);
    }
  }
  g_ptr_array_remove_range (batch->entries, 0, n);
}

static gboolean
is_of_a_row (const GError *error)
{
  return g_error_matches (error, DB_ERROR, DB_ERROR_DATA) ||
         g_error_matches (error, DB_ERROR, DB_ERROR_CONFLICT);
}

/* One document that the server refuses is put on record as failed; if even that is refused (its
 * name, say), it is reported without a row. */
static gboolean
write_refused (DbBatch *batch, const GError *refusal, GError **error)
{
  Entry *const *entries = (Entry *const *)batch->entries->pdata;
  g_autoptr (GError) failure = NULL;

  if (entries[0]->item->error_code != NULL)
    return TRUE;
  db_item_fail (entries[0]->item, "database", refusal->message);
  if (write_retrying (batch, entries, 1, &failure) ||
      g_error_matches (failure, DB_ERROR, DB_ERROR_DATA))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The first n. Something that the server refuses, or that others keep changing: halves are tried
 * until the one document is found. */
static gboolean
write_splitting (DbBatch *batch, guint n, DbLoadedFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean written = write_retrying (batch, (Entry *const *)batch->entries->pdata, n, &failure);

  if (!written && n > 1 && is_of_a_row (failure))
    return write_splitting (batch, n / 2, func, user_data, error) &&
           write_splitting (batch, n - n / 2, func, user_data, error);
  if (!written && n == 1 && g_error_matches (failure, DB_ERROR, DB_ERROR_DATA)) {
    if (!write_refused (batch, failure, error))
      return FALSE;
    written = TRUE;
  }
  if (!written) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  settle (batch, n, func, user_data);
  return TRUE;
}

gboolean
db_batch_commit (DbBatch *batch, DbLoadedFunc func, gpointer user_data, GError **error)
{
  gboolean written = batch->entries->len == 0 ||
                     write_splitting (batch, batch->entries->len, func, user_data, error);

  tell_held (batch, func, user_data);
  if (written)
    batch->bytes = 0;
  return written;
}

void
db_finish (DbConnection *connection)
{
  g_autoptr (GError) error = NULL;

  if (!db_exec (connection, "clearing pending lists", "select ingest.finish_batch()", &error))
    g_debug ("%s", error->message);
}
