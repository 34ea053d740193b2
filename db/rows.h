/* rows.h: UPDATEs whose values are rows as schema-rows.h encodes them.
 *
 * A field of a COPY, a parameter in binary format and an element of a binary array are the same
 * bytes. So rows are encoded once, by the generated encoders, into memory (db_copy_begin_memory),
 * and the parameters point into it.
 */
#pragma once

#include "copy.h"
#include "pipeline.h"

/* A table as schema-rows.h describes it: DB_TABLE (DOCUMENTS). */
typedef struct {
  const char *name;
  const char *columns; /* "id, user_id, ..." */
  const char *types;   /* "uuid, uuid, ..." */
  guint n_columns;
} DbTable;

#define DB_TABLE(table)                                                                            \
  ((DbTable){table##_TABLE, table##_COLUMNS, table##_TYPES, table##_N_COLUMNS})

#define DB_COPY_SQL(table) "copy " table##_TABLE " (" table##_COLUMNS ") from stdin (format binary)"

/* A set of columns: DB_COLUMN (DOCUMENTS_COLUMN_ID) | ... */
typedef guint64 DbColumns;
#define DB_COLUMN(column) (G_GUINT64_CONSTANT (1) << (column))

/* Adds `update ... set` of all columns but the keys, of the row that has these keys. */
void db_rows_update_one (DbPipeline *pipeline, const DbTable *table, const DbCopy *row,
                         DbColumns keys);

/* Adds one statement that updates many rows, each where something differs. same: keys that all of
 * the rows share; key: what tells them apart; left_out: neither set nor compared. */
void db_rows_update_many (DbPipeline *pipeline, const DbTable *table, const DbCopy *rows,
                          DbColumns same, DbColumns key, DbColumns left_out);
