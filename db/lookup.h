/* lookup.h: what the database knows already: users, folders, documents. Read before extraction, so
 * that what did not change costs nothing more. */
#pragma once

#include "connection.h"
#include "item.h"

/* `who`: a UUID or an e-mail address of auth.users. Errors: DB_ERROR_INPUT when there is none. */
gboolean db_user_resolve (DbConnection *connection, const char *who, Uuid *user, GError **error);

/* The private cluster's own user, made where missing: demo@example.com. */
gboolean db_user_ensure_demo (DbConnection *connection, Uuid *user, GError **error);

/* "/A//B/" -> "A/B". Errors: DB_ERROR_INPUT for "", ".", "..", control characters, invalid UTF-8.
 * (transfer full) */
char *db_folder_path_normalise (const char *path, GError **error);

/* The folder's id; its ancestors and itself are made where missing, safely beside other sessions.
 */
gboolean db_folder_ensure (DbConnection *connection, const Uuid *user, const char *path, Uuid *id,
                           GError **error);

/* What is known of one file. */
typedef struct {
  const char *folder_path; /* in: borrowed */
  const char *name;        /* in: borrowed */
  gboolean exists;
  Uuid id; /* of the row, or for a new one the derived id that is free */
  gint32 version;
  gboolean has_checksum;
  guint8 checksum[DB_CHECKSUM_BYTES];
  char *fingerprint; /* (nullable) */
  char *status;      /* (nullable) documents.indexing_status */
  char *error_code;  /* (nullable) */
  char *error_message;
  gint32 page_count;
} DbKnown;

void db_known_clear (DbKnown *known);

/* It is there and its text is loaded. */
gboolean db_known_is_completed (const DbKnown *known);

/* Fills all in one round trip (two where a document that moved away holds a derived id). */
gboolean db_lookup (DbConnection *connection, const Uuid *user, DbKnown *known, gsize n_known,
                    GError **error);
