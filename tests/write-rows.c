/* write-rows: for tests/t17. Writes with everything that is generated: one row of each table of
 * schema.sql, and one of a table `encoded` that has a column of each type an encoder knows. The
 * database is DATABASE_URL; a user and the table are there already. */
#include "db/columns.h"

#include <locale.h>

#define LONG_BYTES 200001 /* more than is sent at once */

static const Uuid ids[] = {{{1}}, {{2}}, {{3}}, {{4}}, {{5}}};
static const char *const headings[] = {"a,b", "c \"d\"", "e\\f", "NULL", "", "{ü}"};
static const DbText empty_object = {"{}", 2, NULL, 0};

typedef void (*RowsFunc) (DbCopy *copy, const Uuid *user);

static void
write_profile (DbCopy *copy, const Uuid *user)
{
  UserProfilesRow row = {
      .user_id = user,
      .first_name = db_text ("Ada"),
      .plan = db_text (USER_PROFILES_PLAN_PRO),
      .subscription_status = db_text (USER_PROFILES_SUBSCRIPTION_STATUS_PAST_DUE),
  };
  user_profiles_row_copy (copy, &row);
}

static void
write_folder (DbCopy *copy, const Uuid *user)
{
  FoldersRow row = {.id = &ids[0], .user_id = user, .name = db_text ("Folder")};
  folders_row_copy (copy, &row);
}

static void
write_document (DbCopy *copy, const Uuid *user)
{
  g_autofree char *text = g_strnfill (LONG_BYTES, 'x');
  const guint8 checksum[DOCUMENTS_CHECKSUM_BYTES] = {0xff};
  DocumentsRow row = {
      .id = &ids[1],
      .user_id = user,
      .folder_id = &ids[0],
      .name = db_text ("name"),
      .checksum = {checksum, sizeof checksum},
      .file_size = {TRUE, G_GINT64_CONSTANT (5000000000)},
      .page_count = db_int_unless_0 (0),
      .content_text = {text, LONG_BYTES, "tail", 4},
      .indexing_status = db_text (DOCUMENTS_INDEXING_STATUS_COMPLETED),
      .warnings = {headings, G_N_ELEMENTS (headings)},
      .source_mtime = {TRUE, G_GINT64_CONSTANT (1234567890123456)},
  };
  documents_row_copy (copy, &row);
}

static DocumentChunksRow
chunk_row (const Uuid *user, const Uuid *id, gint32 position)
{
  static const guint8 hash[DOCUMENT_CHUNKS_CONTENT_HASH_BYTES] = {0};

  return (DocumentChunksRow){
      .id = id,
      .user_id = user,
      .document_id = &ids[1],
      .position = position,
      .content = {"prefix ", 7, "and text", 8},
      .end_char = 8,
      .prefix_chars = 7,
      .content_hash = {hash, sizeof hash},
  };
}

static void
write_chunks (DbCopy *copy, const Uuid *user)
{
  for (gint32 i = 0; i < 2; i++) {
    DocumentChunksRow row = chunk_row (user, &ids[2 + i], i);
    document_chunks_row_copy (copy, &row);
  }
}

static void
write_session (DbCopy *copy, const Uuid *user)
{
  AgentSessionsRow row = {
      .id = &ids[0],
      .user_id = user,
      .context_state = {"{\"a\": ", 6, "[1]}", 4},
      .status = db_text (AGENT_SESSIONS_STATUS_ARCHIVED),
  };
  agent_sessions_row_copy (copy, &row);
}

static void
write_request (DbCopy *copy, const Uuid *user)
{
  AgentRequestsRow row = {
      .id = &ids[0],
      .user_id = user,
      .session_id = &ids[0],
      .agent_type = db_text ("writer"),
      .question = db_text ("why?"),
      .status = db_text (AGENT_REQUESTS_STATUS_RUNNING),
      .progress = AGENT_REQUESTS_PROGRESS_MAX,
      .context_chunk_ids = {&ids[2], 2},
  };
  agent_requests_row_copy (copy, &row);
}

static void
write_event (DbCopy *copy, const Uuid *user)
{
  UsageEventsRow row = {
      .user_id = user,
      .kind = db_text ("test"),
      .quantity = "10000.05",
      .unit = db_text ("page"),
      .metadata = empty_object,
  };
  usage_events_row_copy (copy, &row);
}

/* numerics of all shapes, then the types that no table of ours has, then their nulls */
static void
write_encoded (DbCopy *copy, const Uuid *user)
{
  static const char *const numerics[] = {"0",      "-1",          "9999",        "10000",
                                         "0.0001", "-123456.789", "100000000.5", ".05"};

  for (gsize i = 0; i < G_N_ELEMENTS (numerics); i++) {
    db_copy_row (copy, 9);
    db_copy_numeric (copy, numerics[i]);
    db_copy_text (copy, db_text (numerics[i]));
    db_copy_bool (copy, TRUE);
    db_copy_int2 (copy, -2);
    db_copy_float4 (copy, 0.5f);
    db_copy_float8 (copy, -1e300);
    db_copy_date (copy, 19716); /* 2023-12-25 */
    db_copy_maybe_text_array (copy, (DbTextArray){headings, 0});
    db_copy_maybe_uuid_array (copy, (DbUuidArray){ids, 2});
  }
  db_copy_row (copy, 9);
  db_copy_numeric (copy, NULL);
  db_copy_text (copy, db_text (NULL));
  db_copy_maybe_bool (copy, (DbMaybeBool){0});
  db_copy_maybe_int2 (copy, (DbMaybeInt){0});
  db_copy_maybe_float4 (copy, (DbMaybeDouble){0});
  db_copy_maybe_float8 (copy, (DbMaybeDouble){0});
  db_copy_maybe_date (copy, (DbMaybeInt){0});
  db_copy_maybe_text_array (copy, (DbTextArray){0});
  db_copy_maybe_uuid_array (copy, (DbUuidArray){0});
}

static gboolean
copy_table (DbConnection *connection, const char *sql, RowsFunc write, const Uuid *user,
            GError **error)
{
  PGconn *conn = db_connection_pq (connection);
  g_autoptr (PGresult) started = PQexec (conn, sql);
  g_auto (DbCopy) copy = {0};

  if (PQresultStatus (started) != PGRES_COPY_IN)
    return db_error_set (error, conn, started, sql);
  db_copy_begin (&copy, conn, sql);
  write (&copy, user);
  if (!db_copy_end (&copy, error))
    return FALSE;

  g_autoptr (PGresult) done = PQgetResult (conn);
  g_autoptr (PGresult) end = PQgetResult (conn);
  return PQresultStatus (done) == PGRES_COMMAND_OK || db_error_set (error, conn, done, sql);
}

/* Both chunks: headings that are hard to quote, and positions that pass through each other. */
static gboolean
update_chunks (DbConnection *connection, const Uuid *user, GError **error)
{
  const DbTable chunks = DB_TABLE (DOCUMENT_CHUNKS);
  g_autoptr (DbPipeline) pipeline = db_pipeline_new (connection, "updating chunks");
  g_auto (DbCopy) rows = {0};

  db_copy_begin_memory (&rows);
  for (gint32 i = 0; i < 2; i++) {
    DocumentChunksRow row = chunk_row (user, &ids[2 + i], 1 - i);
    row.content = db_text (NULL);
    row.page_first = row.page_last = (DbMaybeInt){i == 1, 7};
    if (i == 1)
      row.heading_path = (DbTextArray){headings, G_N_ELEMENTS (headings)};
    document_chunks_row_copy (&rows, &row);
  }
  db_rows_update_many (pipeline, &chunks, &rows, DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_USER_ID),
                       DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_ID),
                       DB_COLUMN (DOCUMENT_CHUNKS_COLUMN_CONTENT));
  return db_pipeline_sync (pipeline, error);
}

static gboolean
write_all (DbConnection *connection, const Uuid *user, GError **error)
{
  static const struct {
    const char *sql;
    RowsFunc write;
  } tables[] = {
      {DB_COPY_SQL (USER_PROFILES), write_profile},
      {DB_COPY_SQL (FOLDERS), write_folder},
      {DB_COPY_SQL (DOCUMENTS), write_document},
      {DB_COPY_SQL (DOCUMENT_CHUNKS), write_chunks},
      {DB_COPY_SQL (AGENT_SESSIONS), write_session},
      {DB_COPY_SQL (AGENT_REQUESTS), write_request},
      {DB_COPY_SQL (USAGE_EVENTS), write_event},
      {"copy encoded from stdin (format binary)", write_encoded},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!copy_table (connection, tables[i].sql, tables[i].write, user, error))
      return FALSE;
  return update_chunks (connection, user, error);
}

int
main (int argc, char **argv)
{
  DbOptions options = DB_OPTIONS_INIT;
  g_autoptr (GError) error = NULL;
  Uuid user;

  setlocale (LC_ALL, "");
  options.allow_local = TRUE;
  g_autoptr (DbConnection) connection = db_connection_open (NULL, &options, &error);
  if (argc == 2 && uuid_parse (argv[1], &user) && connection != NULL &&
      write_all (connection, &user, &error))
    return 0;
  g_printerr ("write-rows: %s\n", error ? error->message : "usage: write-rows USER");
  return 1;
}
