#include "command.h"

#include "chunker/file-name.h"
#include "db/local.h"
#include "db/lookup.h"
#include "db/push/push.h"
#include "db/push/schema.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

void
common_options_clear (CommonOptions *options)
{
  g_free (options->config_path);
  g_free (options->user);
}

gboolean
command_parse (int *argc, char ***argv, const char *arguments, const char *summary,
               const char *description, const GOptionEntry *entries, CommonOptions *common,
               GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  const GOptionEntry common_entries[] = {
      {"user", 'u', 0, G_OPTION_ARG_STRING, &common->user,
       "Whose documents (else INGEST_USER, else [ingest] user)", "UUID|E-MAIL"},
      {"local", 0, 0, G_OPTION_ARG_NONE, &common->local,
       "Use the private database on this machine; starts it", NULL},
      {"json", 0, 0, G_OPTION_ARG_NONE, &common->json, "One JSON object a line on stdout", NULL},
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &common->config_path,
       "Settings (else INGEST_CONFIG, ./pipeline.ini, ~/.config/ingest/, /etc/ingest/)", "FILE"},
      {0},
  };

  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, common_entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
}

/* The private cluster is ours to fill: a schema that is missing is pushed. (transfer full) */
static DbConnection *
connect_local (const Config *config, GError **error)
{
  g_autoptr (DbLocal) local = db_local_new (error);
  DbOptions options = config->db;

  options.allow_local = TRUE;
  if (local == NULL || !db_local_start (local, error))
    return NULL;

  g_autoptr (DbConnection) connection = db_connection_open (db_local_url (local), &options, error);
  if (connection == NULL || !db_push_if_missing (connection, error))
    return NULL;
  return g_steal_pointer (&connection);
}

DbConnection *
command_connect (const Config *config, const CommonOptions *common, GError **error)
{
  g_autoptr (DbConnection) connection =
      common->local ? connect_local (config, error) : db_connection_open (NULL, &config->db, error);

  if (connection == NULL || !db_schema_require (connection, error))
    return NULL;
  return g_steal_pointer (&connection);
}

gboolean
command_user (DbConnection *connection, const Config *config, const CommonOptions *common,
              Uuid *user, GError **error)
{
  const char *who = common->user ? common->user : config->user;

  if (who != NULL)
    return db_user_resolve (connection, who, user, error);
  if (common->local)
    return db_user_ensure_demo (connection, user, error);
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
               "no user is given; say whose documents these are with --user UUID|E-MAIL, "
               "INGEST_USER or [ingest] user in pipeline.ini");
  return FALSE;
}

int
command_fail (const GError *error)
{
  g_autofree char *message = file_name_printable (error->message);

  g_printerr ("ingest: %s\n", message);
  return exit_code_from_error (error);
}

int
command_finish (int exit_code)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return exit_code;
  g_printerr ("ingest: standard output cannot be written: %s\n", g_strerror (errno));
  return EXIT_FAILED;
}

char *
command_sibling (const char *name)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self ? self : "");

  return g_build_filename (folder, name, NULL);
}
