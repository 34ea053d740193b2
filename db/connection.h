/* connection.h: which database, and a connection to it.
 *
 * The address comes from DATABASE_URL (a URI or key=value string) or libpq's own variables, never
 * from argv: it may hold a password. A socket or loopback address is refused unless allow_local.
 */
#pragma once

#include "error.h"

typedef struct {
  gboolean allow_local;       /* accept a socket or loopback address */
  guint connect_timeout_ms;   /* for one attempt */
  guint statement_timeout_ms; /* 0: the server's; SET LOCAL in each transaction of ours */
} DbOptions;

#define DB_OPTIONS_INIT                                                                            \
  {                                                                                                \
    .allow_local = FALSE, .connect_timeout_ms = 10000, .statement_timeout_ms = 120000              \
  }

typedef struct DbConnection DbConnection;

/* `url` NULL: DATABASE_URL, else PGHOST, PGSERVICE, ... Errors: DB_ERROR_ADDRESS, _AUTH, _AWAY. */
DbConnection *db_connection_open (const char *url, const DbOptions *options, GError **error);
void db_connection_close (DbConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DbConnection, db_connection_close)

/* "db.example.org:5432/postgres as postgres", for people; never a password. */
const char *db_connection_name (const DbConnection *connection);

PGconn *db_connection_pq (DbConnection *connection);
const DbOptions *db_connection_options (const DbConnection *connection);

/* TRUE when the host of a connection string is a socket or a loopback address; also for the
 * default that libpq takes when there is none. */
gboolean db_host_is_local (const char *host);

/* One statement (extended protocol, unnamed: fine behind a pooler in transaction mode), text
 * results. NULL on error. `doing` completes "while ...". (transfer full) */
PGresult *db_query (DbConnection *connection, const char *doing, const char *sql, int n_params,
                    const char *const *params, GError **error);

/* One or more statements in one simple query, results dropped. */
gboolean db_exec (DbConnection *connection, const char *doing, const char *sql, GError **error);

/* Ends a transaction that failed, so that the connection can be used again. */
void db_rollback (DbConnection *connection);
