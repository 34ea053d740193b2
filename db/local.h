/* local.h: the private cluster, a Postgres of this person's own for trying out and for tests.
 *
 * Its own data folder, a unix socket inside it, no TCP, mode 0700: only its owner (and root) can
 * reach it. As root it belongs to `postgres`, or `nobody` where that user is missing, since
 * Postgres refuses to run as root.
 *
 *     $INGEST_LOCAL_DIR, or as root /var/lib/ingest, else $XDG_DATA_HOME/ingest (~/.local/share)
 *       data/            the cluster       .s.PGSQL.5432    the socket
 *       postgres.log     the server's log  lock             one start at a time
 */
#pragma once

#include <glib.h>

typedef struct DbLocal DbLocal;

/* Where it is; nothing is made yet. libpq's variables (PGHOST, PGPORT, ...) are about some other
 * server: they are unset, so that nothing that is meant for the private one can reach that.
 * Errors: DB_ERROR_ADDRESS. */
DbLocal *db_local_new (GError **error);
void db_local_free (DbLocal *local);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DbLocal, db_local_free)

const char *db_local_folder (const DbLocal *local);

/* Connection string for libpq and psql: postgresql://postgres@/postgres?host=... */
const char *db_local_url (const DbLocal *local);

/* Makes the cluster where there is none and starts it where it does not run. */
gboolean db_local_start (DbLocal *local, GError **error);

/* Stops it (fast: open transactions are rolled back). Fine when it does not run. */
gboolean db_local_stop (DbLocal *local, GError **error);

/* Stops it and deletes the folder and all in it. Refuses where there is no cluster, and keeps the
 * folder when it holds anything else. */
gboolean db_local_remove (DbLocal *local, GError **error);
