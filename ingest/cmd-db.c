#include "cmd-db-codegen.h"
#include "command.h"

#include "db/local.h"
#include "db/push.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  CommonOptions common;
  gboolean yes;
  char *language;
  char *output;
} DbCommandOptions;

static void
db_command_options_clear (DbCommandOptions *options)
{
  common_options_clear (&options->common);
  g_free (options->language);
  g_free (options->output);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DbCommandOptions, db_command_options_clear)

typedef gboolean (*DbCommandFunc) (const DbCommandOptions *options, GError **error);

/* Says first which database it will touch. (transfer full) */
static DbConnection *
connect_and_say (const DbCommandOptions *options, GError **error)
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
push (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbConnection) connection = connect_and_say (options, error);
  gboolean pushed, with_stand_in;

  if (connection == NULL || !db_push (connection, &pushed, &with_stand_in, error))
    return FALSE;
  if (with_stand_in)
    printf ("created a stand-in for Supabase's auth schema (auth.users, auth.uid(), roles)\n");
  puts (pushed ? "created the schema: 7 tables, row-level security, triggers, indexes"
               : "nothing to do");
  return TRUE;
}

static gboolean
confirmed (const DbCommandOptions *options, const DbConnection *connection, const GArray *counts,
           GError **error)
{
  char answer[16] = "";

  printf ("This removes from %s:\n", db_connection_name (connection));
  for (guint i = 0; i < counts->len; i++) {
    const DbTableCount *count = &g_array_index (counts, DbTableCount, i);
    printf ("  %-16s %" G_GINT64_FORMAT " rows\n", count->table, count->rows);
  }
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

static gboolean
drop (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbConnection) connection = connect_and_say (options, error);
  g_autofree char *by = NULL;
  DbSchemaState state;
  gboolean dropped;

  if (connection == NULL || !db_schema_state (connection, &state, &by, error))
    return FALSE;
  if (state == DB_SCHEMA_MISSING) {
    puts ("nothing to do");
    return TRUE;
  }

  g_autoptr (GArray) counts = db_table_counts (connection, error);
  if (counts == NULL || !confirmed (options, connection, counts, error) ||
      !db_drop (connection, &dropped, error))
    return FALSE;
  puts ("removed");
  return TRUE;
}

static gboolean
codegen (const DbCommandOptions *options, GError **error)
{
  DbCodegenLanguage language = DB_CODEGEN_C;

  if (options->language != NULL && !db_codegen_language_parse (options->language, &language, error))
    return FALSE;

  g_autoptr (DbConnection) connection = connect_and_say (options, error);
  return connection != NULL && db_codegen_command (connection, language, options->output, error);
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

static gboolean
url (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "url", error);

  if (local == NULL || !db_local_start (local, error))
    return FALSE;
  puts (db_local_url (local));
  return TRUE;
}

static gboolean
start (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "start", error);

  if (local == NULL || !db_local_start (local, error))
    return FALSE;
  printf ("the private database runs in %s\n", db_local_folder (local));
  return TRUE;
}

static gboolean
stop (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "stop", error);

  return local != NULL && db_local_stop (local, error);
}

static gboolean
remove_local (const DbCommandOptions *options, GError **error)
{
  g_autoptr (DbLocal) local = require_local (options, "remove", error);

  if (local == NULL)
    return FALSE;
  if (!options->yes) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
                 "nothing was removed: this deletes the private database in %s and all that is "
                 "loaded into it; say --yes",
                 db_local_folder (local));
    return FALSE;
  }
  return db_local_remove (local, error);
}

static const struct {
  const char *name;
  DbCommandFunc run;
} subcommands[] = {
    {"push", push},   {"drop", drop}, {"codegen", codegen},     {"url", url},
    {"start", start}, {"stop", stop}, {"remove", remove_local},
};

static const char description[] =
    "Commands:\n"
    "  push            creates the schema where there is none\n"
    "  drop            removes it with all its rows; names the host and asks\n"
    "  codegen         writes the live schema as code: --lang c, typescript (supabase-js's type\n"
    "                  Database) or drizzle (schema.ts)\n"
    "  url --local     prints the private database's connection string, for psql and scripts\n"
    "  start --local   makes and starts the private database; stop --local stops it\n"
    "  remove --local --yes   stops and deletes it\n"
    "\n"
    "The database is DATABASE_URL (or libpq's PGHOST, PGUSER, ...), or with --local a private one\n"
    "in $INGEST_LOCAL_DIR (else ~/.local/share/ingest, as root /var/lib/ingest).\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 usage or configuration, 4 database away: try again later.";

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (DbCommandOptions) options = {0};
  const GOptionEntry entries[] = {
      {"yes", 'y', 0, G_OPTION_ARG_NONE, &options.yes, "Do not ask", NULL},
      {"lang", 0, 0, G_OPTION_ARG_STRING, &options.language,
       "codegen: the language, c, typescript or drizzle", "LANGUAGE"},
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
       "codegen: the file to write (else standard output)", "FILE"},
      {0},
  };

  if (!command_parse (&argc, &argv, "push|drop|codegen|url|start|stop|remove",
                      "Puts the schema into a database, and looks after the private one.",
                      description, entries, &options.common, error))
    return FALSE;
  for (gsize i = 0; argc == 2 && i < G_N_ELEMENTS (subcommands); i++)
    if (strcmp (subcommands[i].name, argv[1]) == 0)
      return subcommands[i].run (&options, error);
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
               "ingest db takes one of push, drop, codegen, url, start, stop, remove (see ingest "
               "db --help)");
  return FALSE;
}

int
cmd_db (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  return run (argc, argv, &error) ? EXIT_OK : command_fail (error);
}
