#include "seed.h"

#include <string.h>

/* A function of the session is the only way to read from tables that are named in a row. */
const char seed_sql[] =
    "create function pg_temp.ingest_rows(t regclass) returns setof jsonb language plpgsql as "
    "$$begin return query execute pg_catalog.format('select to_jsonb(t.*) from %s t', t); end$$;\n"
    "select c.oid::regclass::text, k.columns,"
    " (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a"
    "   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''),"
    " r.row from pg_class c, lateral ("
    " select string_agg(quote_ident(a.attname), ', ' order by u.n) from pg_index i"
    " cross join lateral unnest(i.indkey::int2[]) with ordinality u (attnum, n)"
    " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum"
    " where i.indrelid = c.oid and i.indisprimary) k (columns),"
    " lateral pg_temp.ingest_rows(c.oid) r (row)"
    " where c.relnamespace = 'ingest'::regnamespace and c.relkind = 'r' and k.columns is not null"
    " order by 1, 4;\n";

static void
row_free (gpointer data)
{
  SeedRow *row = data;

  g_free (row->table);
  g_free (row->key);
  g_free (row->columns);
  g_free (row->json);
  g_free (row);
}

GPtrArray *
seed_rows_new (const PGresult *result)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);

  for (int i = 0; i < PQntuples (result); i++) {
    SeedRow *row = g_new0 (SeedRow, 1);
    row->table = g_strdup (PQgetvalue (result, i, 0));
    row->key = g_strdup (PQgetvalue (result, i, 1));
    row->columns = g_strdup (PQgetvalue (result, i, 2));
    row->json = g_strdup (PQgetvalue (result, i, 3));
    g_ptr_array_add (rows, row);
  }
  return rows;
}

static gboolean
is_there (DbConnection *connection, const SeedRow *row, gboolean *there, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "select exists (select from %s t where (%s) = (select %s from jsonb_populate_record(null::%s,"
      " $1::jsonb)))",
      row->table, row->key, row->key, row->table);
  const char *const params[] = {row->json};
  g_autoptr (PGresult) result = db_query (connection, "looking for rows", sql, 1, params, error);

  if (result != NULL)
    *there = *PQgetvalue (result, 0, 0) == 't';
  return result != NULL;
}

/* As an SQL literal. (transfer full) */
static char *
quote (DbConnection *connection, const char *text)
{
  char *quoted = PQescapeLiteral (db_connection_pq (connection), text, strlen (text));
  char *copy = g_strdup (quoted);

  PQfreemem (quoted);
  return copy;
}

gboolean
seed_plan (DbConnection *connection, const GPtrArray *rows, const Catalog *live, Plan *plan,
           GError **error)
{
  for (guint i = 0; i < rows->len; i++) {
    const SeedRow *row = g_ptr_array_index (rows, i);
    g_autofree char *table_key = g_strconcat ("table ", row->table, NULL);
    gboolean there = FALSE;

    if (catalog_find (live, table_key) != NULL && !is_there (connection, row, &there, error))
      return FALSE;
    if (there)
      continue;

    g_autofree char *name = g_strdup_printf ("%s of %s", row->json, row->table);
    g_autofree char *literal = quote (connection, row->json);
    const CatalogObject object = {.kind = (char *)"row", .name = name, .ord = i};
    plan_action_add_sqlf (plan_add (plan, "add", &object, PHASE_ROW),
                          "insert into %s (%s) overriding system value"
                          " select %s from jsonb_populate_record(null::%s, %s)",
                          row->table, row->columns, row->columns, row->table, literal);
  }
  return TRUE;
}
