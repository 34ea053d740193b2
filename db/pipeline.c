#include "pipeline.h"

struct DbPipeline {
  DbConnection *connection;
  const char *doing;
  gboolean open;   /* in pipeline mode */
  gboolean broken; /* libpq refused a statement */
  guint n_sent;
  GPtrArray *results; /* (element-type PGresult) */
};

static void
result_free (gpointer result)
{
  PQclear (result);
}

DbPipeline *
db_pipeline_new (DbConnection *connection, const char *doing)
{
  DbPipeline *pipeline = g_new0 (DbPipeline, 1);

  pipeline->connection = connection;
  pipeline->doing = doing;
  pipeline->results = g_ptr_array_new_with_free_func (result_free);
  pipeline->open = PQenterPipelineMode (db_connection_pq (connection)) == 1;
  pipeline->broken = !pipeline->open;
  return pipeline;
}

void
db_pipeline_free (DbPipeline *pipeline)
{
  if (pipeline == NULL)
    return;
  if (pipeline->open && !db_pipeline_sync (pipeline, NULL))
    g_debug ("the pipeline was given up");
  g_ptr_array_unref (pipeline->results);
  g_free (pipeline);
}

/* The time-out is ours, not the pooler's next client's: SET LOCAL. A search_path of pg_catalog
 * alone keeps our SQL from meeting somebody's functions. */
static char *
settings_sql (DbConnection *connection)
{
  return g_strdup_printf ("select set_config('statement_timeout', '%u', true),"
                          " set_config('search_path', 'pg_catalog', true)",
                          db_connection_options (connection)->statement_timeout_ms);
}

void
db_pipeline_begin (DbPipeline *pipeline)
{
  g_autofree char *settings = settings_sql (pipeline->connection);

  db_pipeline_add (pipeline, "begin", 0, NULL);
  db_pipeline_add (pipeline, settings, 0, NULL);
}

void
db_pipeline_begin_sql (DbConnection *connection, GString *sql)
{
  g_autofree char *settings = settings_sql (connection);

  g_string_append_printf (sql, "begin;%s;", settings);
}

void
db_pipeline_add (DbPipeline *pipeline, const char *sql, int n_params, const char *const *params)
{
  db_pipeline_add_binary (pipeline, sql, n_params, params, NULL, NULL);
}

void
db_pipeline_add_binary (DbPipeline *pipeline, const char *sql, int n_params,
                        const char *const *params, const int *lengths, const int *formats)
{
  if (pipeline->broken)
    return;
  if (PQsendQueryParams (db_connection_pq (pipeline->connection), sql, n_params, NULL, params,
                         lengths, formats, 0) == 1)
    pipeline->n_sent++;
  else
    pipeline->broken = TRUE;
}

/* Of one statement; a result that is no error is kept. */
static gboolean
collect_one (DbPipeline *pipeline, GError **error)
{
  PGconn *conn = db_connection_pq (pipeline->connection);
  g_autoptr (PGresult) result = PQgetResult (conn);
  ExecStatusType status = PQresultStatus (result);

  if (result == NULL || (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK))
    return db_error_set (error, conn, result, pipeline->doing);
  g_ptr_array_add (pipeline->results, g_steal_pointer (&result));

  g_autoptr (PGresult) end = PQgetResult (conn); /* NULL ends a statement's results */
  return TRUE;
}

/* Until the sync's own result, so that the connection is usable again. */
static void
drain (PGconn *conn)
{
  gboolean synced = FALSE;

  while (!synced && PQstatus (conn) == CONNECTION_OK) {
    g_autoptr (PGresult) result = PQgetResult (conn);
    synced = result != NULL && PQresultStatus (result) == PGRES_PIPELINE_SYNC;
  }
}

gboolean
db_pipeline_sync (DbPipeline *pipeline, GError **error)
{
  PGconn *conn = db_connection_pq (pipeline->connection);
  gboolean fine = !pipeline->broken;

  if (!pipeline->open)
    return db_error_set (error, conn, NULL, pipeline->doing);
  if (PQpipelineSync (conn) != 1) {
    pipeline->open = FALSE;
    return db_error_set (error, conn, NULL, pipeline->doing);
  }
  if (!fine)
    db_error_set (error, conn, NULL, pipeline->doing);
  for (guint i = 0; fine && i < pipeline->n_sent; i++)
    fine = collect_one (pipeline, error);
  drain (conn);
  pipeline->open = FALSE;
  if (PQexitPipelineMode (conn) != 1 && fine)
    return db_error_set (error, conn, NULL, pipeline->doing);
  return fine;
}

const PGresult *
db_pipeline_result (const DbPipeline *pipeline, guint nth)
{
  return g_ptr_array_index (pipeline->results, nth);
}

guint
db_pipeline_n_done (const DbPipeline *pipeline)
{
  return pipeline->results->len;
}
