#include "command.h"
#include "pipeline.h"
#include "progress.h"

#include "db/lookup.h"

#include <stdio.h>

typedef struct {
  Progress progress;
  gboolean json;
  guint counts[N_REPORT_RESULTS];
  guint members; /* of them documents inside of a file */
} Output;

static void
show_progress (const char *stage, const char *path, guint done, guint total, gpointer user_data)
{
  Output *output = user_data;

  progress_show (&output->progress, stage, path, done, total);
}

static void
print_report (const Report *report, gpointer user_data)
{
  Output *output = user_data;
  g_autofree char *line = output->json ? report_to_json (report) : report_to_text (report);

  progress_clear (&output->progress);
  output->counts[report->result]++;
  output->members += report->item != NULL && report->item->container != NULL;
  fputs (line, stdout);
  fflush (stdout);
}

static void
print_summary (const Output *output)
{
  guint total = 0;

  for (int i = 0; i < N_REPORT_RESULTS; i++)
    total += output->counts[i];
  if (output->json || total < 2)
    return;
  total -= output->members;
  g_printerr ("%u file%s", total, total == 1 ? "" : "s");
  if (output->members > 0)
    g_printerr (" and %u document%s inside of %s", output->members, output->members == 1 ? "" : "s",
                total == 1 ? "it" : "them");
  g_printerr (":");
  for (int i = 0; i < N_REPORT_RESULTS; i++)
    if (output->counts[i] > 0)
      g_printerr (" %u %s", output->counts[i], report_result_name ((ReportResult)i));
  g_printerr (" in %.1f s\n", (double)(g_get_monotonic_time () - output->progress.start_us) / 1e6);
}

typedef struct {
  CommonOptions common;
  char *folder;
  char *mime_type;
  char *password_file;
  char **files;
} AddOptions;

static void
add_options_clear (AddOptions *options)
{
  common_options_clear (&options->common);
  g_free (options->folder);
  g_free (options->mime_type);
  g_free (options->password_file);
  g_strfreev (options->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AddOptions, add_options_clear)

static const char description[] =
    "A file is identified by user, folder and name: the same name with new content is a new\n"
    "version, the same content is left alone. Folders are made where missing.\n"
    "\n"
    "Exit codes: 0 all loaded (or unchanged), 1 failed, 2 usage or configuration,\n"
    "3 finished but some files were refused, 4 database away: try again later.\n"
    "\n"
    "The database is DATABASE_URL (or libpq's PGHOST, PGUSER, ...), or with --local a private one.";

static gboolean
parse (int argc, char **argv, AddOptions *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"folder", 'f', 0, G_OPTION_ARG_STRING, &options->folder, "Folder to load into, as A or A/B",
       "FOLDER"},
      {"type", 't', 0, G_OPTION_ARG_STRING, &options->mime_type,
       "MIME type as declared: a hint, the content decides", "MIME"},
      {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file,
       "Passwords to try on encrypted files, one a line", "FILE"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, NULL},
      {0},
  };

  if (!command_parse (&argc, &argv, "FILE... --folder FOLDER",
                      "Extracts the text of files, splits it into chunks and loads them, so that "
                      "they are found.",
                      description, entries, &options->common, error))
    return FALSE;
  if (options->files == NULL || options->folder == NULL) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_USAGE,
                 "%s; it reads: ingest FILE... --folder FOLDER (see ingest --help)",
                 options->files == NULL ? "no file is given" : "no folder is given");
    return FALSE;
  }
  return TRUE;
}

static gboolean
read_passwords (ExtractClient *client, const char *path, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (path == NULL || extract_client_read_passwords (client, path, &reason))
    return TRUE;
  g_set_error_literal (error, INGEST_ERROR, INGEST_ERROR_USAGE, reason->message);
  return FALSE;
}

static gboolean
add (const AddOptions *options, Output *output, GError **error)
{
  g_autoptr (Config) config = config_load (options->common.config_path, error);
  g_autofree char *folder =
      config != NULL ? db_folder_path_normalise (options->folder, error) : NULL;
  if (folder == NULL)
    return FALSE;

  const char *passwords = options->password_file ? options->password_file : config->password_file;
  g_autofree char *worker = command_sibling ("ingest-extract");
  g_autoptr (ExtractClient) client = extract_client_new (worker, &config->extract);
  if (!read_passwords (client, passwords, error))
    return FALSE;

  g_autoptr (DbConnection) connection = command_connect (config, &options->common, error);
  if (connection == NULL)
    return FALSE;

  Pipeline pipeline = {
      .config = config,
      .connection = connection,
      .client = client,
      .folder_path = folder,
      .mime_hint = options->mime_type,
      .progress = show_progress,
      .report = print_report,
      .user_data = output,
  };

  if (!command_user (connection, config, &options->common, &pipeline.user, error))
    return FALSE;
  return pipeline_run (&pipeline, (const char *const *)options->files,
                       g_strv_length (options->files), error);
}

int
cmd_add (int argc, char **argv)
{
  g_auto (AddOptions) options = {0};
  g_autoptr (GError) error = NULL;
  Output output = {0};

  if (!parse (argc, argv, &options, &error))
    return command_fail (error);
  output.json = options.common.json;
  progress_init (&output.progress, options.common.json);

  gboolean finished = add (&options, &output, &error);
  progress_clear (&output.progress);
  print_summary (&output);
  if (!finished)
    return command_fail (error);
  return command_finish (output.counts[REPORT_FAILED] > 0 ? EXIT_REFUSED : EXIT_OK);
}
