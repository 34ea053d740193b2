/* drop.h: takes the schema out again. */
#pragma once

#include "db/connection.h"

typedef struct {
  char *table; /* "public.documents" */
  gint64 rows;
} DbTableCount;

/* What a drop would lose. */
typedef struct {
  GArray *tables;    /* (element-type DbTableCount) that came from schema.sql */
  GPtrArray *others; /* (element-type utf8) what somebody else built on it: "view public.names" */
} DbDropPreview;

void db_drop_preview_clear (DbDropPreview *preview);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DbDropPreview, db_drop_preview_clear)

/* By dropping all and rolling back. */
gboolean db_drop_preview (DbConnection *connection, DbDropPreview *preview, GError **error);

/* Removes all that schema.sql made, the private schema, and the stand-in for Supabase's auth schema
 * where it is ours; roles and extensions stay. What others built on it (views, foreign keys) goes
 * with it. *dropped is FALSE when there was nothing to do. */
gboolean db_drop (DbConnection *connection, gboolean *dropped, GError **error);
