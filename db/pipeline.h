/* pipeline.h: many statements, one round trip (libpq's pipeline mode), and all their results. */
#pragma once

#include "connection.h"

typedef struct DbPipeline DbPipeline;

/* `doing` (borrowed) completes "while ..." in errors. */
DbPipeline *db_pipeline_new (DbConnection *connection, const char *doing);
void db_pipeline_free (DbPipeline *pipeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DbPipeline, db_pipeline_free)

/* Adds `begin` and our SET LOCALs: this many results stand before the caller's. */
#define DB_PIPELINE_BEGIN_RESULTS 2
void db_pipeline_begin (DbPipeline *pipeline);

/* The same as text for a simple query. */
void db_pipeline_begin_sql (DbConnection *connection, GString *sql);

/* Text parameters, copied. */
void db_pipeline_add (DbPipeline *pipeline, const char *sql, int n_params,
                      const char *const *params);

/* The same with parameters in binary format (their formats are 1) and their lengths, copied. */
void db_pipeline_add_binary (DbPipeline *pipeline, const char *sql, int n_params,
                             const char *const *params, const int *lengths, const int *formats);

/* Waits for all. FALSE: the first error; the statements after it did not run, and an open
 * transaction has failed. */
gboolean db_pipeline_sync (DbPipeline *pipeline, GError **error);

/* After a sync: how many statements succeeded; the next one, if any, is the one that failed. */
guint db_pipeline_n_done (const DbPipeline *pipeline);

/* Of the nth statement, after a sync that succeeded. */
const PGresult *db_pipeline_result (const DbPipeline *pipeline, guint nth);
