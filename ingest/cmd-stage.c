/* extract, chunk and load are programs of their own; these commands hand them the settings. */
#include "command.h"

#include "db/local.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void
add_option (GPtrArray *argv, const char *name, guint64 value)
{
  g_ptr_array_add (argv, g_strdup_printf ("--%s=%" G_GUINT64_FORMAT, name, value));
}

static void
add_extract_options (GPtrArray *argv, const Config *config)
{
  extract_limits_to_arguments (&config->extract, argv);
  if (config->password_file != NULL)
    g_ptr_array_add (argv, g_strconcat ("--password-file=", config->password_file, NULL));
}

static void
add_chunk_options (GPtrArray *argv, const Config *config)
{
  const ChunkerOptions *options = &config->chunker;

  add_option (argv, "target", options->target);
  add_option (argv, "max", options->max);
  add_option (argv, "min", options->min);
  add_option (argv, "overlap", options->overlap);
  if (options->context_prefix)
    g_ptr_array_add (argv, g_strdup ("--context-prefix"));
  g_ptr_array_add (argv, g_strconcat ("--unit=", chunker_unit_name (options->unit), NULL));
  g_ptr_array_add (argv, g_strconcat ("--tokenizer=", config->tokenizer.name, NULL));
}

static void
add_load_options (GPtrArray *argv, const Config *config)
{
  if (config->user != NULL)
    g_ptr_array_add (argv, g_strconcat ("--user=", config->user, NULL));
  if (config->db.allow_local)
    g_ptr_array_add (argv, g_strdup ("--allow-local"));
  if (config->partial_fails)
    g_ptr_array_add (argv, g_strdup ("--fail-partial"));
  add_option (argv, "connect-timeout-ms", config->db.connect_timeout_ms);
  add_option (argv, "statement-timeout-ms", config->db.statement_timeout_ms);
  add_option (argv, "batch-bytes", config->batch_bytes);
  add_option (argv, "batch-ms", config->batch_ms);
}

/* --local is this program's business: the loader gets the address in its environment. */
static gboolean
use_local (const Config *config, const CommonOptions *common, GPtrArray *argv, GError **error)
{
  g_autoptr (DbLocal) local = NULL;
  Uuid user;
  char user_text[UUID_TEXT_BYTES];

  if (!common->local)
    return TRUE;

  g_autoptr (DbConnection) connection = command_connect (config, common, error);
  if (connection == NULL || !command_user (connection, config, common, &user, error))
    return FALSE;
  local = db_local_new (error);
  if (local == NULL)
    return FALSE;
  uuid_format (&user, user_text);
  g_setenv ("DATABASE_URL", db_local_url (local), TRUE);
  g_ptr_array_add (argv, g_strdup ("--allow-local"));
  g_ptr_array_add (argv, g_strconcat ("--user=", user_text, NULL));
  return TRUE;
}

/* Takes --config (and for load --local) out of what the person said; the rest is the stage's. */
static gboolean
take_own_options (int *argc, char **argv, CommonOptions *common, GError **error)
{
  int kept = 1;

  for (int i = 1; i < *argc; i++) {
    if (strcmp (argv[i], "--") == 0) {
      while (i < *argc)
        argv[kept++] = argv[i++];
    } else if (strcmp (argv[i], "--local") == 0 && strcmp (argv[0], "load") == 0) {
      common->local = TRUE;
    } else if (g_str_has_prefix (argv[i], "--config=")) {
      g_free (common->config_path);
      common->config_path = g_strdup (argv[i] + strlen ("--config="));
    } else if (strcmp (argv[i], "--config") == 0 || strcmp (argv[i], "-c") == 0) {
      if (i + 1 >= *argc) {
        g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE, "%s takes a file", argv[i]);
        return FALSE;
      }
      g_free (common->config_path);
      common->config_path = g_strdup (argv[++i]);
    } else {
      argv[kept++] = argv[i];
    }
  }
  *argc = kept;
  return TRUE;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (CommonOptions) common = {0};
  g_autoptr (GPtrArray) stage = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *name = g_strconcat ("ingest-", argv[0], NULL);
  g_autofree char *program = command_sibling (name);

  if (!take_own_options (&argc, argv, &common, error))
    return FALSE;

  g_autoptr (Config) config = config_load (common.config_path, error);
  if (config == NULL)
    return FALSE;
  g_ptr_array_add (stage, g_strdup (name));
  if (strcmp (argv[0], "extract") == 0)
    add_extract_options (stage, config);
  else if (strcmp (argv[0], "chunk") == 0)
    add_chunk_options (stage, config);
  else
    add_load_options (stage, config);
  if (!use_local (config, &common, stage, error))
    return FALSE;
  for (int i = 1; i < argc; i++)
    g_ptr_array_add (stage, g_strdup (argv[i]));
  g_ptr_array_add (stage, NULL);
  execv (program, (char **)stage->pdata);
  g_set_error (error, INGEST_ERROR, INGEST_ERROR_FAILED,
               "cannot run %s: %s; install it beside "
               "ingest",
               program, g_strerror (errno));
  return FALSE;
}

int
cmd_stage (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  return run (argc, argv, &error) ? EXIT_OK : command_fail (error);
}
