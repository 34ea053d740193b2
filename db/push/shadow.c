#include "shadow.h"

#include "seed.h"

#include <string.h>

extern const char db_reprint_sql[];

void
shadow_clear (Shadow *shadow)
{
  g_clear_pointer (&shadow->catalog, catalog_free);
  g_clear_pointer (&shadow->rows, g_ptr_array_unref);
}

/* What new objects in public are given by default (on Supabase everything, to everyone) belongs to
 * the schema and must be so in the empty one, for schema.sql to be seen to take it back. */
static const char copy_default_privileges[] =
    "do $$\n"
    "declare d record;\n"
    "begin\n"
    "  for d in\n"
    "    select case a.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'\n"
    "                when 'f' then 'functions' when 'T' then 'types' end as what,\n"
    "           x.privilege_type as privilege, x.is_grantable,\n"
    "           case when x.grantee = 0 then 'public'\n"
    "                else quote_ident(pg_get_userbyid(x.grantee)) end as grantee\n"
    "      from pg_default_acl a, aclexplode(a.defaclacl) x\n"
    "     where a.defaclnamespace = to_regnamespace('ingest_live_public')\n"
    "       and a.defaclrole = (select oid from pg_roles where rolname = current_user)\n"
    "  loop\n"
    "    execute format('alter default privileges in schema public grant %s on %s to %s%s',\n"
    "                   d.privilege, d.what, d.grantee,\n"
    "                   case when d.is_grantable then ' with grant option' else '' end);\n"
    "  end loop;\n"
    "end $$;\n";

/* (transfer full) */
static char *
shadow_sql (const char *schema_sql, const Catalog *live, gboolean watch_storage)
{
  GString *sql = g_string_new ("savepoint shadow;\nalter schema public rename to "
                               "ingest_live_public;\n");

  if (catalog_find (live, "schema ingest") != NULL)
    g_string_append (sql, "alter schema ingest rename to ingest_live_ingest;\n");
  /* in its own order every body can be checked */
  g_string_append_printf (sql,
                          "create schema public;\n%sset local check_function_bodies = on;\n%s\n;\n",
                          copy_default_privileges, schema_sql);
  if (watch_storage)
    g_string_append (sql, "select ingest.watch_storage();\n");
  g_string_append_printf (sql,
                          "set local search_path = '';\n"
                          "create temporary table ingest_catalog as\n%s;\n"
                          "select * from pg_temp.ingest_catalog;\n%s;\n%s;\n%s",
                          catalog_sql (), db_reprint_sql, catalog_sql (), seed_sql);
  g_string_append (sql, "rollback to savepoint shadow;\nrelease savepoint shadow;\n");
  return g_string_free (sql, FALSE);
}

static gboolean
has_columns (const PGresult *result, const char *last_column)
{
  int n = PQnfields (result);

  return PQresultStatus (result) == PGRES_TUPLES_OK && n > 0 &&
         strcmp (PQfname (result, n - 1), last_column) == 0;
}

/* The first answer is what schema.sql makes, the second the same made again from its text. */
static void
take_catalog (Shadow *shadow, const PGresult *result)
{
  g_autoptr (Catalog) catalog = catalog_new (result);

  if (shadow->catalog == NULL)
    shadow->catalog = g_steal_pointer (&catalog);
  else
    catalog_note_reprints (shadow->catalog, catalog);
}

gboolean
shadow_read (DbConnection *connection, const char *schema_sql, const Catalog *live,
             gboolean watch_storage, Shadow *shadow, GError **error)
{
  g_autofree char *sql = shadow_sql (schema_sql, live, watch_storage);
  PGconn *conn = db_connection_pq (connection);
  gboolean fine = PQsendQuery (conn, sql) == 1;

  if (!fine)
    db_error_set (error, conn, NULL, "sending schema.sql");
  while (TRUE) {
    g_autoptr (PGresult) result = PQgetResult (conn);
    if (result == NULL)
      break;
    ExecStatusType status = PQresultStatus (result);
    if (fine && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
      fine = db_error_set (error, conn, result, "trying schema.sql beside the live schema");
    if (has_columns (result, "ord"))
      take_catalog (shadow, result);
    else if (has_columns (result, "row"))
      shadow->rows = seed_rows_new (result);
  }
  if (fine && (shadow->catalog == NULL || shadow->rows == NULL)) {
    g_set_error (error, DB_ERROR, DB_ERROR_QUERY, "the catalogs of schema.sql were not answered");
    fine = FALSE;
  }
  return fine;
}
