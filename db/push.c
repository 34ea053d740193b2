#include "push.h"

#include <string.h>

extern const char db_schema_sql[];
extern const char db_auth_stand_in_sql[];

/* Any constant of our own: pushes and drops wait for each other. */
#define PUSH_LOCK "select pg_advisory_xact_lock(7235419064411308)"
/* a sign-up waits behind us for the lock on auth.users: not for long */
#define BEGIN "begin; set local lock_timeout = '10s'; " PUSH_LOCK

static const char *const our_tables[] = {"user_profiles",   "folders",        "documents",
                                         "document_chunks", "agent_sessions", "agent_requests",
                                         "usage_events"};

/* "ingest 0.1.0 schema <sha256>", as the comment on schema `ingest`. (transfer full) */
static char *
schema_mark (void)
{
  g_autofree char *sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, db_schema_sql, -1);

  return g_strdup_printf ("ingest %s schema %s", INGEST_VERSION, sha256);
}

gboolean
db_schema_state (DbConnection *connection, DbSchemaState *state, char **by, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (connection, "looking for the schema",
                "select obj_description(to_regnamespace('ingest')::oid, 'pg_namespace'),"
                " to_regclass('public.document_chunks') is not null"
                " and to_regclass('public.documents') is not null",
                0, NULL, error);
  g_autofree char *mark = schema_mark ();

  *by = NULL;
  if (result == NULL)
    return FALSE;

  const char *found = PQgetvalue (result, 0, 0);
  gboolean tables = strcmp (PQgetvalue (result, 0, 1), "t") == 0;
  const char *mark_hash = strrchr (mark, ' ');
  const char *found_hash = strrchr (found, ' ');

  if (!tables || !g_str_has_prefix (found, "ingest "))
    *state = DB_SCHEMA_MISSING;
  else if (found_hash != NULL && strcmp (found_hash, mark_hash) == 0)
    *state = DB_SCHEMA_CURRENT;
  else
    *state = DB_SCHEMA_OTHER;
  if (*state != DB_SCHEMA_MISSING)
    *by = g_strndup (found, strcspn (found + strlen ("ingest "), " ") + strlen ("ingest "));
  return TRUE;
}

static void
set_other_schema_error (const DbConnection *connection, const char *by, GError **error)
{
  g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
               "the schema in the database at %s was pushed by another version (%s; this is ingest "
               "" INGEST_VERSION ") and differs; use that version, or remove it with `ingest db "
               "drop` (its rows are lost), push again and ingest the files again",
               db_connection_name (connection), by);
}

gboolean
db_schema_require (DbConnection *connection, GError **error)
{
  g_autofree char *by = NULL;
  DbSchemaState state;

  if (!db_schema_state (connection, &state, &by, error))
    return FALSE;
  if (state == DB_SCHEMA_CURRENT)
    return TRUE;
  if (state == DB_SCHEMA_OTHER)
    set_other_schema_error (connection, by, error);
  else
    g_set_error (
        error, DB_ERROR, DB_ERROR_SCHEMA,
        "the database at %s has no tables of ingest yet; create them with `ingest db push`",
        db_connection_name (connection));
  return FALSE;
}

/* Somebody's own table called `documents` must not be taken for ours, nor be in the way unseen. */
static gboolean
refuse_foreign_tables (DbConnection *connection, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (connection, "looking for tables in the way",
                "select string_agg(c.relname, ', ' order by c.relname) from pg_class c"
                " where c.relnamespace = 'public'::regnamespace and c.relname in"
                " ('user_profiles', 'folders', 'documents', 'document_chunks', 'agent_sessions',"
                " 'agent_requests', 'usage_events')",
                0, NULL, error);

  if (result == NULL)
    return FALSE;
  if (PQgetisnull (result, 0, 0))
    return TRUE;
  g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
               "the database at %s has tables of these names that ingest did not make: %s; rename "
               "them or use another database",
               db_connection_name (connection), PQgetvalue (result, 0, 0));
  return FALSE;
}

static gboolean
has_auth_schema (DbConnection *connection, gboolean *has, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (connection, "looking for Supabase's auth schema",
                "select to_regclass('auth.users') is not null", 0, NULL, error);

  if (result != NULL)
    *has = strcmp (PQgetvalue (result, 0, 0), "t") == 0;
  return result != NULL;
}

/* The mark is written last: with it the schema counts as whole. */
static gboolean
write_mark (DbConnection *connection, GError **error)
{
  g_autofree char *mark = schema_mark ();
  g_autofree char *sql = g_strdup_printf ("comment on schema ingest is '%s'", mark);

  return db_exec (connection, "marking the schema", sql, error);
}

static gboolean
push_in_transaction (DbConnection *connection, gboolean *pushed, gboolean *with_stand_in,
                     GError **error)
{
  g_autofree char *by = NULL;
  DbSchemaState state;
  gboolean has_auth = FALSE;

  if (!db_exec (connection, "opening a transaction", BEGIN, error) ||
      !db_schema_state (connection, &state, &by, error))
    return FALSE;
  if (state == DB_SCHEMA_CURRENT)
    return db_exec (connection, "closing the transaction", "commit", error);
  if (state == DB_SCHEMA_OTHER) {
    set_other_schema_error (connection, by, error);
    return FALSE;
  }
  if (!refuse_foreign_tables (connection, error) || !has_auth_schema (connection, &has_auth, error))
    return FALSE;
  if (!has_auth && !db_exec (connection, "creating the stand-in for Supabase's auth schema",
                             db_auth_stand_in_sql, error))
    return FALSE;
  if (!db_exec (connection, "creating the schema", db_schema_sql, error) ||
      !db_exec (connection, "creating profiles for the users there are",
                "select ingest.create_missing_profiles()", error) ||
      !write_mark (connection, error) ||
      !db_exec (connection, "committing the schema", "commit", error))
    return FALSE;
  *pushed = TRUE;
  *with_stand_in = !has_auth;
  return TRUE;
}

gboolean
db_push (DbConnection *connection, gboolean *pushed, gboolean *with_stand_in, GError **error)
{
  *pushed = FALSE;
  *with_stand_in = FALSE;
  if (push_in_transaction (connection, pushed, with_stand_in, error))
    return TRUE;
  db_rollback (connection);
  return FALSE;
}

/* --- drop ---------------------------------------------------------------------------------- */

static gboolean
count_table (DbConnection *connection, const char *table, GArray *counts, GError **error)
{
  g_autofree char *name = g_strconcat ("public.", table, NULL);
  const char *const params[] = {name};
  g_autoptr (PGresult) exists = db_query (connection, "looking for tables",
                                          "select to_regclass($1) is not null", 1, params, error);
  if (exists == NULL)
    return FALSE;
  if (strcmp (PQgetvalue (exists, 0, 0), "t") != 0)
    return TRUE;

  g_autofree char *sql = g_strconcat ("select count(*) from ", name, NULL);
  g_autoptr (PGresult) rows = db_query (connection, "counting rows", sql, 0, NULL, error);
  if (rows == NULL)
    return FALSE;

  DbTableCount count = {table, g_ascii_strtoll (PQgetvalue (rows, 0, 0), NULL, 10)};
  g_array_append_val (counts, count);
  return TRUE;
}

GArray *
db_table_counts (DbConnection *connection, GError **error)
{
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (DbTableCount));

  for (gsize i = 0; i < G_N_ELEMENTS (our_tables); i++)
    if (!count_table (connection, our_tables[i], counts, error))
      return NULL;
  return g_steal_pointer (&counts);
}

/* Functions in public are ours by their comment, which schema.sql gives them. Triggers on
 * auth.users go with their functions: only their owner may drop them by name. The stand-in's
 * tables go unless something else has come to refer to them. */
static const char drop_sql[] =
    "do $drop$\n"
    "declare f regprocedure;\n"
    "begin\n"
    "  drop table if exists public.usage_events, public.agent_requests, public.agent_sessions,\n"
    "    public.document_chunks, public.documents, public.folders, public.user_profiles cascade;\n"
    "  for f in select p.oid from pg_proc p where p.pronamespace = 'public'::regnamespace\n"
    "    and obj_description(p.oid, 'pg_proc') like 'ingest: %' loop\n"
    "    execute format('drop function if exists %s cascade', f);\n"
    "  end loop;\n"
    "  drop schema if exists ingest cascade;\n"
    "  if obj_description(to_regnamespace('auth')::oid, 'pg_namespace') like 'ingest: %' then\n"
    "    begin\n"
    "      drop table if exists auth.users;\n"
    "      drop function if exists auth.uid(), auth.role();\n"
    "      drop schema auth;\n"
    "    exception when dependent_objects_still_exist then\n"
    "      raise notice 'auth is kept: something else refers to it';\n"
    "    end;\n"
    "  end if;\n"
    "end $drop$";

gboolean
db_drop (DbConnection *connection, gboolean *dropped, GError **error)
{
  g_autofree char *by = NULL;
  DbSchemaState state;
  gboolean fine;

  *dropped = FALSE;
  fine = db_exec (connection, "opening a transaction", BEGIN, error) &&
         db_schema_state (connection, &state, &by, error);
  if (fine && state != DB_SCHEMA_MISSING) {
    fine = db_exec (connection, "removing the schema", drop_sql, error);
    *dropped = fine;
  }
  if (fine && db_exec (connection, "committing", "commit", error))
    return TRUE;
  db_rollback (connection);
  *dropped = FALSE;
  return FALSE;
}
