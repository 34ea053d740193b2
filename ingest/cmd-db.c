#include "cmd-db.h"

#include "db/local.h"
#include "db/push/drop.h"
#include "db/push/schema.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
db_command_options_clear (DbCommandOptions *options)
{
  common_options_clear (&options->common);
  g_free (options->schema_path);
  g_strfreev (options->force);
  g_free (options->language);
  g_free (options->output_path);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DbCommandOptions, db_command_options_clear)

DbConnection *
db_command_connect (const DbCommandOptions *options, GError **error)
{
  g_autoptr (Config) config = config_load (options->common.config_path, error);
  g_autoptr (DbLocal) local = NULL;
  const char *url = NULL;

  if (config == NULL)
    return NULL;
  if (options->common.local) {
    local = db_local_new (error);
    if (local == NULL || !db_local_start (local, error))
      return NULL;
    url = db_local_url (local);
    config->db.allow_local = TRUE;
  }

  DbConnection *connection = db_connection_open (url, &config->db, error);
  if (connection != NULL)
    g_printerr ("database: %s\n", db_connection_name (connection));
  return connection;
}

static gboolean
confirmed (const DbCommandOptions *options, const DbConnection *connection,
           const DbDropPreview *preview, GError **error)
{
  char answer[16] = "";

  printf ("This removes from %s:\n", db_connection_name (connection));
  for (guint i = 0; i < preview->tables->len; i++) {
    const DbTableCount *count = &g_array_index (preview->tables, DbTableCount, i);
    printf ("  %-24s %" G_GINT64_FORMAT " rows\n", count->table, count->rows);
  }
  if (preview->others->len > 0)
    puts ("and with it what is not ours but hangs on it:");
  for (guint i = 0; i < preview->others->len; i++)
    printf ("  %s\n", (const char *)preview->others->pdata[i]);
  if (options->yes)
    return TRUE;
  if (!isatty (STDIN_FILENO)) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
                 "nothing was removed: nobody can be asked; say --yes");
    return FALSE;
  }
  printf ("Remove them? Type yes: ");
  fflush (stdout);
  if (fgets (answer, sizeof answer, stdin) != NULL && strcmp (g_strstrip (answer), "yes") == 0)
    return TRUE;
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_FAILED, "nothing was removed");
  return FALSE;
}

static int
drop (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbConnection) connection = db_command_connect (options, error);
  g_auto (DbSchemaMark) mark = {0};
  gboolean dropped;

  if (connection == NULL || !db_schema_read_mark (connection, schema_built_in (), &mark, error))
    return -1;
  if (mark.state == DB_SCHEMA_MISSING) {
    puts ("nothing to do");
    return EXIT_OK;
  }

  g_auto (DbDropPreview) preview = {0};
  if (!db_drop_preview (connection, &preview, error) ||
      !confirmed (options, connection, &preview, error) || !db_drop (connection, &dropped, error))
    return -1;
  puts (dropped ? "removed" : "nothing to do");
  return EXIT_OK;
}

static DbLocal *
require_local (const DbCommandOptions *options, const char *what, GError **error)
{
  if (options->common.local)
    return db_local_new (error);
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
               "`ingest db %s` is for the private database: say --local", what);
  return NULL;
}

static int
url (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "url", error);

  if (local == NULL || !db_local_start (local, error))
    return -1;
  puts (db_local_url (local));
  return EXIT_OK;
}

static int
start (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "start", error);

  if (local == NULL || !db_local_start (local, error))
    return -1;
  printf ("the private database runs in %s\n", db_local_folder (local));
  return EXIT_OK;
}

static int
stop (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "stop", error);

  return local != NULL && db_local_stop (local, error) ? EXIT_OK : -1;
}

static int
remove_local (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "remove", error);

  if (local == NULL)
    return -1;
  if (!options->yes) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
                 "nothing was removed: this deletes the private database in %s and all that is "
                 "loaded into it; say --yes",
                 db_local_folder (local));
    return -1;
  }
  return db_local_remove (local, error) ? EXIT_OK : -1;
}

static const struct {
  const char *name;
  DbCommandFunc run;
} subcommands[] = {
    {"push", cmd_db_push},
    {"status", cmd_db_status},
    {"drop", drop},
    {"deploy", cmd_db_deploy},
    {"codegen", cmd_db_codegen},
    {"url", url},
    {"start", start},
    {"stop", stop},
    {"remove", remove_local},
};

#define SUBCOMMANDS "push, status, drop, deploy, codegen, url, start, stop, remove"

static const char description[] =
    "Commands:\n"
    "  push            makes the live schema equal to schema.sql: shows what it will do and its "
    "SQL,\n"
    "                  and does it in one transaction. What can lose rows or take access away is\n"
    "                  refused, with the number of rows at stake, unless --force names its kind\n"
    "  status          says what differs from schema.sql; exit code 1 when anything does\n"
    "  deploy          functions and triggers only, and the trigger on Supabase's "
    "storage.objects;\n"
    "                  says how to deploy the Edge Function\n"
    "  drop            removes the schema with all its rows; names the host and asks\n"
    "  codegen         writes the live schema as code: --lang c, typescript (supabase-js's type\n"
    "                  Database) or drizzle (schema.ts)\n"
    "  url --local     prints the private database's connection string, for psql and scripts\n"
    "  start --local   makes and starts the private database; stop --local stops it\n"
    "  remove --local --yes   stops and deletes it\n"
    "\n"
    "Kinds of --force: drop-table, drop-column, narrow-type (values that do not fit are cut or "
    "the\n"
    "push fails), not-null, unique, check, foreign-key (rows that violate it are deleted, or for\n"
    "not-null get the default), drop-policy, disable-rls, revoke, drop-function, drop-view,\n"
    "drop-type, drop-sequence.\n"
    "\n"
    "The database is DATABASE_URL (or libpq's PGHOST, PGUSER, ...), or with --local a private one\n"
    "in $INGEST_LOCAL_DIR (else ~/.local/share/ingest, as root /var/lib/ingest).\n"
    "\n"
    "Exit codes: 0 done or nothing to do, 1 failed, refused or different, 2 usage or "
    "configuration,\n"
    "4 database away or locked: try again later.";

static int
run (int argc, char **argv, GError **error)
{
  g_auto (DbCommandOptions) options = {0};
  const GOptionEntry entries[] = {
      {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &options.dry_run,
       "push, deploy: only show what would be done", NULL},
      {"force", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.force,
       "push: allow changes of these kinds that can lose rows or access", "KIND[,KIND...]"},
      {"schema", 0, 0, G_OPTION_ARG_FILENAME, &options.schema_path,
       "push, status, deploy: this schema.sql instead of the built-in one", "FILE"},
      {"yes", 'y', 0, G_OPTION_ARG_NONE, &options.yes, "drop, remove: do not ask", NULL},
      {"lang", 0, 0, G_OPTION_ARG_STRING, &options.language,
       "codegen: the language, c, typescript or drizzle", "LANGUAGE"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output_path,
       "codegen: the file to write (else standard output)", "FILE"},
      {0},
  };

  if (!command_parse (&argc, &argv, "push|status|drop|deploy|codegen|url|start|stop|remove",
                      "Keeps the schema in a database, and looks after the private one.",
                      description, entries, &options.common, error))
    return -1;
  for (gsize i = 0; argc == 2 && i < G_N_ELEMENTS (subcommands); i++)
    if (strcmp (subcommands[i].name, argv[1]) == 0)
      return subcommands[i].run (&options, error);
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
               "ingest db takes one of " SUBCOMMANDS " (see ingest db --help)");
  return -1;
}

int
cmd_db (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int code = run (argc, argv, &error);

  return command_finish (code < 0 ? command_fail (error) : code);
}
