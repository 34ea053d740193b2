/* push.h: the schema in the database: is it there, is it ours, put it in, take it out. */
#pragma once

#include "connection.h"

typedef enum {
  DB_SCHEMA_MISSING,
  DB_SCHEMA_CURRENT,
  DB_SCHEMA_OTHER, /* pushed by another version of this program */
} DbSchemaState;

/* `by` (transfer full) (nullable): which version pushed it. */
gboolean db_schema_state (DbConnection *connection, DbSchemaState *state, char **by,
                          GError **error);

/* As an error with the next step, unless it is current. DB_ERROR_SCHEMA. */
gboolean db_schema_require (DbConnection *connection, GError **error);

/* Puts schema.sql into a database that has none of it, in one transaction; the stand-in for
 * Supabase's auth schema first, where there is none. *pushed is FALSE when there was nothing to do.
 * Safe beside a second push. Errors: DB_ERROR_SCHEMA when another version or somebody else's tables
 * are there. */
gboolean db_push (DbConnection *connection, gboolean *pushed, gboolean *with_stand_in,
                  GError **error);

/* What a drop would lose. Missing tables are absent. */
typedef struct {
  const char *table;
  gint64 rows;
} DbTableCount;

/* (element-type DbTableCount) (transfer full); NULL on error. */
GArray *db_table_counts (DbConnection *connection, GError **error);

/* Removes the tables, functions, private schema and the stand-in where it is ours; roles and
 * extensions stay. *dropped is FALSE when there was nothing to do. */
gboolean db_drop (DbConnection *connection, gboolean *dropped, GError **error);
