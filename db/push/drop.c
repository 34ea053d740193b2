#include "drop.h"

#include "push.h"
#include "schema.h"
#include "shadow.h"

#include <string.h>

static void
count_clear (gpointer count)
{
  g_free (((DbTableCount *)count)->table);
}

/* Keys of all that a push made: it wrote them down; of an old one that did not, what schema.sql
 * makes now. (transfer full) */
static GHashTable *
read_ours (DbConnection *connection, const Catalog *live, GError **error)
{
  g_autoptr (GHashTable) keys = db_manifest_read (connection, live, error);
  g_auto (Shadow) shadow = {0};

  if (keys == NULL || g_hash_table_size (keys) > 0)
    return g_steal_pointer (&keys);
  if (!shadow_read (connection, schema_built_in (), live, FALSE, &shadow, error))
    return NULL;
  for (guint i = 0; i < catalog_length (shadow.catalog); i++)
    g_hash_table_add (keys, g_strdup (catalog_nth (shadow.catalog, i)->key));
  return g_steal_pointer (&keys);
}

static gboolean
count_table (DbConnection *connection, const char *table, GArray *counts, GError **error)
{
  g_autofree char *sql = g_strconcat ("select count(*) from ", table, NULL);
  g_autoptr (PGresult) rows = db_query (connection, "counting rows", sql, 0, NULL, error);

  if (rows == NULL)
    return FALSE;

  DbTableCount count = {g_strdup (table), g_ascii_strtoll (PQgetvalue (rows, 0, 0), NULL, 10)};
  g_array_append_val (counts, count);
  return TRUE;
}

static gboolean
count_tables (DbConnection *connection, const Catalog *live, GHashTable *ours, GArray *counts,
              GError **error)
{
  for (guint i = 0; i < catalog_length (live); i++) {
    const CatalogObject *object = catalog_nth (live, i);
    if (catalog_is (object, "table") && g_str_has_prefix (object->name, "public.") &&
        g_hash_table_contains (ours, object->key) &&
        !count_table (connection, object->name, counts, error))
      return FALSE;
  }
  return TRUE;
}

/* --- removing ------------------------------------------------------------------------------ */

/* In an order in which nothing is in the way of what comes after it; the rest goes by CASCADE.
 * Triggers on auth.users and storage.objects go with their functions: only their owner may drop
 * them by name. */
static const char *const droppable[] = {"view",
                                        "materialized view",
                                        "table",
                                        "function",
                                        "procedure",
                                        "domain",
                                        "type",
                                        "sequence",
                                        "text search configuration",
                                        "text search dictionary"};

/* The stand-in goes unless something else has come to refer to it. */
static const char drop_rest_sql[] =
    "drop schema if exists ingest cascade;\n"
    "do $drop$\n"
    "begin\n"
    "  if obj_description(to_regnamespace('auth')::oid, 'pg_namespace') like 'ingest: %' then\n"
    "    drop table if exists auth.users;\n"
    "    drop function if exists auth.uid(), auth.role();\n"
    "    drop schema auth;\n"
    "  end if;\n"
    "exception when dependent_objects_still_exist then\n"
    "  raise notice 'auth is kept: something else refers to it';\n"
    "end $drop$";

static gboolean
drop_kind (DbConnection *connection, const Catalog *live, GHashTable *ours, const char *kind,
           GError **error)
{
  for (guint i = 0; i < catalog_length (live); i++) {
    const CatalogObject *object = catalog_nth (live, i);

    if (!catalog_is (object, kind) || !g_str_has_prefix (object->name, "public.") ||
        object->parent != NULL || !g_hash_table_contains (ours, object->key))
      continue;
    g_autofree char *sql = g_strdup_printf ("drop %s if exists %s cascade", kind, object->name);
    if (!db_exec (connection, "removing the schema", sql, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
drop_objects (DbConnection *connection, const Catalog *live, GHashTable *ours, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (droppable); i++)
    if (!drop_kind (connection, live, ours, droppable[i], error))
      return FALSE;
  return db_exec (connection, "removing the schema", drop_rest_sql, error);
}

/* Opens the transaction. *live stays NULL where there is nothing of ours. */
static gboolean
read_all (DbConnection *connection, Catalog **live, GHashTable **ours, GError **error)
{
  g_auto (DbSchemaMark) mark = {0};

  if (!db_exec (connection, "opening a transaction", DB_PUSH_BEGIN, error) ||
      !db_schema_read_mark (connection, schema_built_in (), &mark, error))
    return FALSE;
  if (mark.state == DB_SCHEMA_MISSING)
    return TRUE;
  *live = catalog_read (connection, error);
  *ours = *live ? read_ours (connection, *live, error) : NULL;
  return *ours != NULL;
}

/* --- looking ahead ------------------------------------------------------------------------- */

void
db_drop_preview_clear (DbDropPreview *preview)
{
  g_clear_pointer (&preview->tables, g_array_unref);
  g_clear_pointer (&preview->others, g_ptr_array_unref);
}

/* Somebody else's, and no part of something else of theirs that goes. */
static gboolean
is_others (const Catalog *after, GHashTable *ours, const CatalogObject *object)
{
  if (g_hash_table_contains (ours, object->key) || catalog_is (object, "schema") ||
      catalog_is (object, "grant") || catalog_is (object, "comment"))
    return FALSE;
  return object->parent == NULL || g_hash_table_contains (ours, object->parent) ||
         catalog_find (after, object->parent) != NULL;
}

static gboolean
preview_all (DbConnection *connection, DbDropPreview *preview, GError **error)
{
  g_autoptr (Catalog) live = NULL;
  g_autoptr (GHashTable) ours = NULL;

  if (!read_all (connection, &live, &ours, error))
    return FALSE;
  if (live == NULL)
    return TRUE;
  if (!count_tables (connection, live, ours, preview->tables, error) ||
      !drop_objects (connection, live, ours, error))
    return FALSE;

  g_autoptr (Catalog) after = catalog_read (connection, error);
  for (guint i = 0; after != NULL && i < catalog_length (live); i++) {
    const CatalogObject *object = catalog_nth (live, i);
    if (catalog_find (after, object->key) == NULL && is_others (after, ours, object))
      g_ptr_array_add (preview->others, g_strdup (object->key));
  }
  return after != NULL;
}

gboolean
db_drop_preview (DbConnection *connection, DbDropPreview *preview, GError **error)
{
  gboolean fine;

  preview->tables = g_array_new (FALSE, FALSE, sizeof (DbTableCount));
  preview->others = g_ptr_array_new_with_free_func (g_free);
  g_array_set_clear_func (preview->tables, count_clear);
  fine = preview_all (connection, preview, error);
  db_rollback (connection);
  return fine;
}

/* --- the whole ----------------------------------------------------------------------------- */

static gboolean
drop_all (DbConnection *connection, gboolean *dropped, GError **error)
{
  g_autoptr (Catalog) live = NULL;
  g_autoptr (GHashTable) ours = NULL;

  if (!read_all (connection, &live, &ours, error))
    return FALSE;
  if (live == NULL)
    return TRUE;
  *dropped = drop_objects (connection, live, ours, error) &&
             db_exec (connection, "committing", "commit", error);
  return *dropped;
}

gboolean
db_drop (DbConnection *connection, gboolean *dropped, GError **error)
{
  gboolean fine;

  *dropped = FALSE;
  fine = drop_all (connection, dropped, error);
  db_rollback (connection);
  return fine;
}
