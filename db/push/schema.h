/* schema.h: which schema stands in the database, and what of it an earlier push put there.
 *
 * The mark is the comment on schema `ingest`: "ingest VERSION schema SHA-256-of-schema.sql catalog
 * HASH", the hash of the catalogs as the push left them. The manifest is ingest.schema_objects: the
 * keys (catalog.h) of all that schema.sql made.
 */
#pragma once

#include "catalog.h"

/* schema.sql, as it was when the program was built. */
const char *schema_built_in (void);

typedef enum {
  DB_SCHEMA_MISSING,
  DB_SCHEMA_CURRENT,
  DB_SCHEMA_OTHER, /* pushed from another schema.sql */
} DbSchemaState;

typedef struct {
  DbSchemaState state;
  char *by;           /* (nullable) "ingest 0.1.0": what pushed it */
  char *catalog_hash; /* (nullable) */
} DbSchemaMark;

void db_schema_mark_clear (DbSchemaMark *mark);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DbSchemaMark, db_schema_mark_clear)

/* Against `schema_sql`. */
gboolean db_schema_read_mark (DbConnection *connection, const char *schema_sql, DbSchemaMark *mark,
                              GError **error);
gboolean db_schema_write_mark (DbConnection *connection, const char *schema_sql,
                               const Catalog *live, GError **error);

/* That there is none, with the next step. DB_ERROR_SCHEMA. */
void db_schema_set_missing_error (const DbConnection *connection, GError **error);

/* As an error with the next step, unless the built-in schema is there. DB_ERROR_SCHEMA. */
gboolean db_schema_require (DbConnection *connection, GError **error);

/* (element-type utf8 utf8) (transfer full): a set; empty where there is no manifest. */
GHashTable *db_manifest_read (DbConnection *connection, const Catalog *live, GError **error);

/* Replaces what is there, if it differs. */
gboolean db_manifest_write (DbConnection *connection, const Catalog *wanted, GError **error);
