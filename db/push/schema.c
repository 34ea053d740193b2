#include "schema.h"

#include "db/text-array.h"

#include <string.h>

extern const char db_schema_sql[];

const char *
schema_built_in (void)
{
  return db_schema_sql;
}

/* --- the mark ------------------------------------------------------------------------------ */

void
db_schema_mark_clear (DbSchemaMark *mark)
{
  g_clear_pointer (&mark->by, g_free);
  g_clear_pointer (&mark->catalog_hash, g_free);
}

/* The word after `label` in "... label WORD ...". (transfer full) (nullable) */
static char *
word_after (const char *text, const char *label)
{
  const char *at = strstr (text, label);

  return at ? g_strndup (at + strlen (label), strcspn (at + strlen (label), " ")) : NULL;
}

gboolean
db_schema_read_mark (DbConnection *connection, const char *schema_sql, DbSchemaMark *mark,
                     GError **error)
{
  g_autofree char *wanted = g_compute_checksum_for_string (G_CHECKSUM_SHA256, schema_sql, -1);
  g_autoptr (PGresult) result =
      db_query (connection, "looking for the schema",
                /* to_regclass() fails for those who may not use the schema */
                "select obj_description(to_regnamespace('ingest')::oid, 'pg_namespace'),"
                " exists (select from pg_class where relname = 'schema_objects'"
                " and relnamespace = to_regnamespace('ingest'))",
                0, NULL, error);

  *mark = (DbSchemaMark){.state = DB_SCHEMA_MISSING};
  if (result == NULL)
    return FALSE;

  const char *found = PQgetvalue (result, 0, 0);
  g_autofree char *hash = word_after (found, " schema ");
  if (!g_str_has_prefix (found, "ingest ")) {
    /* the comment was lost, in a dump without comments perhaps: the tables are ours all the same */
    if (*PQgetvalue (result, 0, 1) == 't')
      *mark = (DbSchemaMark){.state = DB_SCHEMA_OTHER, .by = g_strdup ("an unknown version")};
    return TRUE;
  }
  mark->state = g_strcmp0 (hash, wanted) == 0 ? DB_SCHEMA_CURRENT : DB_SCHEMA_OTHER;
  mark->by = g_strndup (found, strcspn (found + strlen ("ingest "), " ") + strlen ("ingest "));
  mark->catalog_hash = word_after (found, " catalog ");
  return TRUE;
}

gboolean
db_schema_write_mark (DbConnection *connection, const char *schema_sql, const Catalog *live,
                      GError **error)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, schema_sql, -1);
  g_autofree char *catalog_sum = catalog_hash (live);
  g_autofree char *sql = g_strdup_printf ("comment on schema ingest is 'ingest " INGEST_VERSION
                                          " schema %s catalog %s'",
                                          sha256, catalog_sum);

  return db_exec (connection, "marking the schema", sql, error);
}

void
db_schema_set_missing_error (const DbConnection *connection, GError **error)
{
  g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
               "the database at %s has no tables of ingest yet; create them with `ingest db push`",
               db_connection_name (connection));
}

gboolean
db_schema_require (DbConnection *connection, GError **error)
{
  g_auto (DbSchemaMark) mark = {0};

  if (!db_schema_read_mark (connection, db_schema_sql, &mark, error))
    return FALSE;
  if (mark.state == DB_SCHEMA_CURRENT)
    return TRUE;
  if (mark.state == DB_SCHEMA_OTHER)
    g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
                 "the schema in the database at %s is another one than this program's (pushed by "
                 "%s; this is ingest " INGEST_VERSION
                 "); see what differs with `ingest db status`, "
                 "then bring it up to date with `ingest db push`, or use the program that pushed "
                 "it",
                 db_connection_name (connection), mark.by);
  else
    db_schema_set_missing_error (connection, error);
  return FALSE;
}

/* --- the manifest -------------------------------------------------------------------------- */

GHashTable *
db_manifest_read (DbConnection *connection, const Catalog *live, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (catalog_find (live, "table ingest.schema_objects") == NULL)
    return g_steal_pointer (&keys);

  g_autoptr (PGresult) result =
      db_query (connection, "reading what was pushed",
                "select kind || ' ' || name from ingest.schema_objects", 0, NULL, error);
  if (result == NULL)
    return NULL;
  for (int row = 0; row < PQntuples (result); row++)
    g_hash_table_add (keys, g_strdup (PQgetvalue (result, row, 0)));
  return g_steal_pointer (&keys);
}

gboolean
db_manifest_write (DbConnection *connection, const Catalog *wanted, GError **error)
{
  GString *kinds = text_array_begin ();
  GString *names = text_array_begin ();

  for (guint i = 0; i < catalog_length (wanted); i++) {
    const CatalogObject *object = catalog_nth (wanted, i);
    /* what was there before any push is not ours */
    if (catalog_is (object, "schema") || catalog_is (object, "extension"))
      continue;
    text_array_add (kinds, object->kind);
    text_array_add (names, object->name);
  }

  g_autofree char *kind_array = text_array_end (kinds);
  g_autofree char *name_array = text_array_end (names);
  const char *const params[] = {kind_array, name_array};
  g_autoptr (PGresult) result = db_query (
      connection, "writing down what was pushed",
      "with wanted (kind, name) as (select * from unnest($1::text[], $2::text[])), "
      "gone as (delete from ingest.schema_objects o where not exists (select from wanted w "
      "where (w.kind, w.name) = (o.kind, o.name))) "
      "insert into ingest.schema_objects (kind, name) select kind, name from wanted "
      "on conflict do nothing",
      G_N_ELEMENTS (params), params, error);
  return result != NULL;
}
