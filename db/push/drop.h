/* drop.h: takes the schema out again. */
#pragma once

#include "db/connection.h"

/* What a drop would lose. */
typedef struct {
  char *table; /* "public.documents" */
  gint64 rows;
} DbTableCount;

/* Tables that came from schema.sql. (element-type DbTableCount) (transfer full); NULL on error. */
GArray *db_table_counts (DbConnection *connection, GError **error);

/* Removes all that schema.sql made, the private schema, and the stand-in for Supabase's auth schema
 * where it is ours; roles and extensions stay. What others built on it (views, foreign keys) goes
 * with it. *dropped is FALSE when there was nothing to do. */
gboolean db_drop (DbConnection *connection, gboolean *dropped, GError **error);
