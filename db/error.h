/* error.h: how the database fails, by what a caller can do about it. */
#pragma once

#include <glib.h>
#include <libpq-fe.h>

#define DB_ERROR (db_error_quark ())
GQuark db_error_quark (void);

typedef enum {
  DB_ERROR_ADDRESS,    /* none given, malformed, or local without leave: change the settings */
  DB_ERROR_AUTH,       /* wrong password, unknown role or database: change the settings */
  DB_ERROR_AWAY,       /* not reachable, shutting down, full, timed out: try again later */
  DB_ERROR_LOCKED,     /* another session holds a lock for longer than lock_timeout: try again */
  DB_ERROR_SCHEMA,     /* our tables are missing or other than this program's: `ingest db status` */
  DB_ERROR_PERMISSION, /* the role may not do this: use another role */
  DB_ERROR_CONFLICT,   /* somebody else changed the same rows: look again and retry */
  DB_ERROR_DATA,       /* the server refuses a value: skip this document */
  DB_ERROR_INPUT,      /* a user, folder or option that does not exist or cannot be */
  DB_ERROR_QUERY,      /* anything else */
} DbError;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGconn, PQfinish)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PGresult, PQclear)

/* What the SQLSTATE (5 characters; NULL: the connection broke) asks of the caller. */
DbError db_error_from_sqlstate (const char *sqlstate);

/* Sets error from a failed result, or from the connection when result is NULL or has no SQLSTATE:
 * "while <doing>: <message> (SQLSTATE 42P01). <next step>". Always FALSE. Not the DETAIL or CONTEXT
 * lines: they quote rows. */
gboolean db_error_set (GError **error, PGconn *conn, const PGresult *result, const char *doing);

/* The same for a connection that could not be made; host is what to name. Always FALSE. */
gboolean db_error_set_connect (GError **error, PGconn *conn, const char *host);
