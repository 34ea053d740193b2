/* copy.h: rows for COPY ... FROM STDIN (FORMAT binary): PostgreSQL's documentation of COPY, "Binary
 * Format", and each type's receive function. Rows are sent as they grow, so that a long document
 * is never held twice. */
#pragma once

#include "connection.h"
#include "uuid.h"

typedef struct {
  PGconn *conn;
  GByteArray *buffer;
  const char *doing; /* for errors: completes "while ..." */
  gboolean broken;   /* libpq refused data; db_copy_end says why */
} DbCopy;

/* The connection is in COPY IN (PGRES_COPY_IN was seen). */
void db_copy_begin (DbCopy *copy, PGconn *conn, const char *doing);

void db_copy_row (DbCopy *copy, guint16 n_columns);
void db_copy_null (DbCopy *copy);
void db_copy_bool (DbCopy *copy, gboolean value);
void db_copy_int4 (DbCopy *copy, gint32 value);
void db_copy_int8 (DbCopy *copy, gint64 value);
void db_copy_uuid (DbCopy *copy, const Uuid *uuid);
void db_copy_bytea (DbCopy *copy, gconstpointer data, gsize bytes);
void db_copy_timestamptz (DbCopy *copy, gint64 unix_us);

/* text and varchar; NULL is null. */
void db_copy_text (DbCopy *copy, const char *text);

/* A text of two parts, put together on the way. */
void db_copy_text_parts (DbCopy *copy, const char *head, gsize head_bytes, const char *tail,
                         gsize tail_bytes);

/* One-dimensional text[]; empty: '{}'. */
void db_copy_text_array (DbCopy *copy, const char *const *items, gsize n_items);

/* Sends the trailer and what is left; the next result is the COPY's. */
gboolean db_copy_end (DbCopy *copy, GError **error);

/* Frees the buffer; a COPY not ended is broken off by the server's ROLLBACK. */
void db_copy_clear (DbCopy *copy);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DbCopy, db_copy_clear)
