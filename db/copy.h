/* copy.h: rows for COPY ... FROM STDIN (FORMAT binary): PostgreSQL's documentation of COPY, "Binary
 * Format", and each type's receive function. Rows are sent as they grow, so that a long document
 * is never held twice. A parameter in binary format reads the same: db_copy_begin_memory. */
#pragma once

#include "connection.h"
#include "uuid.h"

#include <string.h>

typedef struct {
  PGconn *conn; /* NULL: rows are kept in the buffer */
  GByteArray *buffer;
  const char *doing; /* for errors: completes "while ..." */
  gboolean broken;   /* libpq refused data; db_copy_end says why */
} DbCopy;

/* --- values: all borrowed; all zero is null -----------------------------------------------------
 */

/* A text of two parts that are put together on the way; tail may be nothing. */
typedef struct {
  const char *head; /* NULL: null */
  gsize head_bytes;
  const char *tail;
  gsize tail_bytes;
} DbText;

typedef struct {
  gconstpointer data; /* NULL: null */
  gsize bytes;
} DbBytes;

/* One-dimensional. A column that may be null is null when items is NULL; any other is '{}' then. */
typedef struct {
  const char *const *items;
  gsize n_items;
} DbTextArray;

typedef struct {
  const Uuid *items;
  gsize n_items;
} DbUuidArray;

/* What a column that may be null holds; not set: null. */
typedef struct {
  gboolean is_set;
  gboolean value;
} DbMaybeBool;

typedef struct {
  gboolean is_set;
  gint64 value;
} DbMaybeInt;

typedef struct {
  gboolean is_set;
  double value;
} DbMaybeDouble;

/* (nullable) */
static inline DbText
db_text (const char *text)
{
  return (DbText){.head = text, .head_bytes = text != NULL ? strlen (text) : 0};
}

/* 0 stands for unknown: null. */
static inline DbMaybeInt
db_int_unless_0 (gint64 value)
{
  return (DbMaybeInt){.is_set = value != 0, .value = value};
}

/* --- rows ---------------------------------------------------------------------------------------
 */

/* The connection is in COPY IN (PGRES_COPY_IN was seen). */
void db_copy_begin (DbCopy *copy, PGconn *conn, const char *doing);

/* Rows alone, without the header of a COPY, kept in the buffer. */
void db_copy_begin_memory (DbCopy *copy);

void db_copy_row (DbCopy *copy, guint16 n_columns);
void db_copy_null (DbCopy *copy);

void db_copy_bool (DbCopy *copy, gboolean value);
void db_copy_int2 (DbCopy *copy, gint16 value);
void db_copy_int4 (DbCopy *copy, gint32 value);
void db_copy_int8 (DbCopy *copy, gint64 value);
void db_copy_float4 (DbCopy *copy, float value);
void db_copy_float8 (DbCopy *copy, double value);
void db_copy_timestamptz (DbCopy *copy, gint64 unix_us);
void db_copy_date (DbCopy *copy, gint32 unix_days);

void db_copy_maybe_bool (DbCopy *copy, DbMaybeBool value);
void db_copy_maybe_int2 (DbCopy *copy, DbMaybeInt value);
void db_copy_maybe_int4 (DbCopy *copy, DbMaybeInt value);
void db_copy_maybe_int8 (DbCopy *copy, DbMaybeInt value);
void db_copy_maybe_float4 (DbCopy *copy, DbMaybeDouble value);
void db_copy_maybe_float8 (DbCopy *copy, DbMaybeDouble value);
void db_copy_maybe_timestamptz (DbCopy *copy, DbMaybeInt unix_us);
void db_copy_maybe_date (DbCopy *copy, DbMaybeInt unix_days);

void db_copy_uuid (DbCopy *copy, const Uuid *uuid);
void db_copy_bytea (DbCopy *copy, DbBytes bytes);
void db_copy_text (DbCopy *copy, DbText text); /* varchar, json and enums too */
void db_copy_jsonb (DbCopy *copy, DbText json);

/* A decimal as "-12.50", without exponent. (nullable) */
void db_copy_numeric (DbCopy *copy, const char *decimal);

void db_copy_text_array (DbCopy *copy, DbTextArray array);
void db_copy_uuid_array (DbCopy *copy, DbUuidArray array);
void db_copy_maybe_text_array (DbCopy *copy, DbTextArray array);
void db_copy_maybe_uuid_array (DbCopy *copy, DbUuidArray array);

/* Sends the trailer and what is left; the next result is the COPY's. */
gboolean db_copy_end (DbCopy *copy, GError **error);

/* Frees the buffer; a COPY not ended is broken off by the server's ROLLBACK. */
void db_copy_clear (DbCopy *copy);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DbCopy, db_copy_clear)
