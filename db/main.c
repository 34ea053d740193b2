/* ingest-load: the lines of `ingest-chunk --json` in, rows of documents and document_chunks out. */
#include "db/push/schema.h"
#include "file.h"
#include "report.h"

#include "chunker/chunk-json.h"
#include "chunker/file-name.h"
#include "chunker/members.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_LATER = 4 };

typedef struct {
  DbOptions db;
  char *folder;
  char *user;
  gint64 batch_bytes;
  int batch_ms;
  int connect_timeout_ms;
  int statement_timeout_ms;
  gboolean fail_partial;
  gboolean json;
  gboolean version;
} LoadOptions;

/* What is on its way from the stream to the database. */
typedef struct {
  const LoadOptions *options;
  const char *folder_path;
  DbConnection *connection;
  DbBatch *batch;
  Uuid user;
  DbItem *item;       /* the document at hand */
  GPtrArray *group;   /* (element-type DbItem) a file, then its members, as far as they came */
  guint n_members;    /* of the document at hand */
  guint members_left; /* how many are to come */
  gboolean skipping;  /* its name is taken: they are left out with it */
  char *file_name;    /* (nullable) the file's */
  GHashTable *names;  /* of the stream's documents */
  gint64 batch_born_us;
  gboolean refused;
} Load;

/* --- out -------------------------------------------------------------------------------------- */

static void
print_report (Load *load, const Report *report)
{
  g_autofree char *line = load->options->json ? report_to_json (report) : report_to_text (report);

  load->refused |= report->result == REPORT_FAILED;
  fputs (line, stdout);
  fflush (stdout);
}

static void
report_loaded (const DbItem *item, const Uuid *id, DbLoaded loaded, gpointer tag,
               gpointer user_data)
{
  Report report = report_of_loaded (item, id, loaded);

  print_report (user_data, &report);
}

static gboolean
commit (Load *load, GError **error)
{
  return db_batch_commit (load->batch, report_loaded, load, error);
}

/* A file is its folder and name: the second would overwrite the first. */
static void
report_name_taken (Load *load, const DbItem *item)
{
  Report report = {
      .path = item->name,
      .result = REPORT_FAILED,
      .folder = load->folder_path,
      .error_code = "name_taken",
      .error_message = "another document of this stream has the same name; rename one, or load it "
                       "into another folder",
  };

  print_report (load, &report);
}

/* --- a file and its members ------------------------------------------------------------------- */

static gboolean
commit_if_due (Load *load, GError **error)
{
  gint64 age_us = g_get_monotonic_time () - load->batch_born_us;

  if (db_batch_bytes (load->batch) < (gsize)load->options->batch_bytes &&
      age_us < (gint64)load->options->batch_ms * 1000)
    return TRUE;
  return commit (load, error);
}

/* The file and all its members are here. Unchanged ones are recognised at the commit. */
static gboolean
add_group (Load *load, GError **error)
{
  if (load->group->len == 0)
    return TRUE;
  if (db_batch_length (load->batch) == 0)
    load->batch_born_us = g_get_monotonic_time ();
  return db_file_add (load->batch, load->connection, &load->user, load->group, NULL, NULL, NULL,
                      error) &&
         commit_if_due (load, error);
}

/* FALSE: it is left out, which is reported. */
static gboolean
name_is_free (Load *load)
{
  if (g_hash_table_add (load->names, g_strdup (load->item->name)))
    return TRUE;
  report_name_taken (load, load->item);
  return FALSE;
}

static gboolean
begin_file (Load *load, GError **error)
{
  if (load->members_left > 0) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
                 "%u members of %s are missing before %s", load->members_left, load->file_name,
                 load->item->name);
    return FALSE;
  }
  g_free (load->file_name);
  load->file_name = g_strdup (load->item->name);
  load->members_left = load->n_members;
  load->skipping = !name_is_free (load);
  if (!load->skipping)
    g_ptr_array_add (load->group, g_steal_pointer (&load->item));
  return TRUE;
}

static gboolean
add_member (Load *load, GError **error)
{
  const DbItem *item = load->item;
  g_autofree char *prefix = members_prefix (item->container);

  if (load->members_left == 0 || strcmp (load->file_name, item->container) != 0 ||
      !g_str_has_prefix (item->name, prefix)) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
                 "%s does not follow the file that it is in, %s", item->name, item->container);
    return FALSE;
  }
  load->members_left--;
  if (!load->skipping && name_is_free (load))
    g_ptr_array_add (load->group, g_steal_pointer (&load->item));
  return TRUE;
}

/* The document at hand is complete. */
static gboolean
add_item (Load *load, GError **error)
{
  gboolean fine =
      load->item->container == NULL ? begin_file (load, error) : add_member (load, error);

  g_clear_pointer (&load->item, db_item_free);
  return fine && (load->members_left > 0 || add_group (load, error));
}

static gboolean
check_whole (const Load *load, GError **error)
{
  if (load->members_left == 0)
    return TRUE;
  g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX,
               "the stream stops within %s: %u of its members are missing", load->file_name,
               load->members_left);
  return FALSE;
}

/* --- in --------------------------------------------------------------------------------------- */

static gboolean
set_checksum (DbItem *item, const char *hex, GError **error)
{
  if (hex != NULL && db_item_set_checksum (item, hex))
    return TRUE;
  g_set_error (error, DB_ERROR, DB_ERROR_DATA, "%s has no \"checksum\" (SHA-256, hex)", item->name);
  return FALSE;
}

static gboolean
new_item (Load *load, const char *name, Document *document, const DocumentSource *source,
          const char *fingerprint, GError **error)
{
  load->item = db_item_new (load->folder_path, name, document);
  load->item->fingerprint = g_strdup (fingerprint);
  load->item->container = g_strdup (source->container);
  load->item->size_bytes = source->size_bytes;
  db_item_set_mtime (load->item, (gint64)source->mtime_us);
  if (*name == '\0') {
    g_set_error (error, DB_ERROR, DB_ERROR_DATA, "a document has no name");
    return FALSE;
  }
  return set_checksum (load->item, source->checksum, error);
}

static gboolean
take_document (Document *document, const DocumentSource *source, const char *chunker,
               gpointer user_data, GError **error)
{
  g_autofree char *fingerprint =
      g_strjoin (" | ", document->extractor ? document->extractor : "", chunker, NULL);

  ((Load *)user_data)->n_members = (guint)source->n_members;
  return new_item (user_data, document->name ? document->name : "", document, source, fingerprint,
                   error);
}

static gboolean
take_chunk (const Chunk *chunk, gpointer user_data, GError **error)
{
  Load *load = user_data;

  return db_item_add_chunk (chunk, load->item, error);
}

static gboolean
take_end (gpointer user_data, GError **error)
{
  Load *load = user_data;

  if (load->item->document->partial != NULL && load->options->fail_partial) {
    g_autofree char *reason = g_strdup (load->item->document->partial);
    db_item_fail (load->item, "partial", reason);
  }
  return add_item (load, error);
}

/* A file that could not be read at all has no checksum and leaves no row, as for `ingest FILE`. */
static gboolean
take_failed (const char *name, const DocumentSource *source, gpointer user_data, GError **error)
{
  Load *load = user_data;

  load->n_members = (guint)source->n_members;
  if (source->checksum == NULL && load->members_left == 0) {
    Report report = {
        .path = name,
        .result = REPORT_FAILED,
        .folder = load->folder_path,
        .error_code = source->error_code,
        .error_message = source->error_message ? source->error_message : source->error_code,
    };
    print_report (load, &report);
    return TRUE;
  }
  if (!new_item (load, name, NULL, source, NULL, error))
    return FALSE;
  db_item_fail (load->item, source->error_code,
                source->error_message ? source->error_message : source->error_code);
  return add_item (load, error);
}

static gboolean
read_stream (Load *load, FILE *stream, GError **error)
{
  static const ChunkJsonFuncs funcs = {take_document, take_chunk, take_end, take_failed};
  g_autoptr (ChunkJsonReader) reader = chunk_json_reader_new (&funcs, load);
  char *line = NULL;
  size_t capacity = 0;
  gboolean fine = TRUE;
  gssize bytes;

  while (fine && (bytes = getline (&line, &capacity, stream)) >= 0)
    fine = chunk_json_reader_line (reader, line, (gsize)bytes, error);
  free (line);
  if (fine && ferror (stream)) {
    g_set_error (error, DB_ERROR, DB_ERROR_QUERY, "it cannot be read: %s", g_strerror (errno));
    fine = FALSE;
  }
  fine = fine && chunk_json_reader_finish (reader, error) && check_whole (load, error);
  if (!fine)
    g_prefix_error (error, "standard input: ");
  return fine;
}

/* Documents that came whole before the stream broke are loaded: each is complete in itself. */
static gboolean
load_stream (Load *load, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean whole = read_stream (load, stdin, &failure);
  gboolean loaded = FALSE;

  /* what the database refused once is not tried again on the way out */
  if (whole || failure->domain != DB_ERROR)
    loaded = commit (load, whole ? error : NULL);
  if (!whole)
    g_propagate_error (error, g_steal_pointer (&failure));
  g_clear_pointer (&load->item, db_item_free);
  g_clear_pointer (&load->file_name, g_free);
  return whole && loaded;
}

/* --- the program ------------------------------------------------------------------------------ */

static const char description[] =
    "Reads what `ingest-chunk --json` prints. The database is DATABASE_URL, or libpq's PGHOST,\n"
    "PGUSER, ...\n"
    "\n"
    "Exit codes: 0 all loaded (or unchanged), 1 failed, 2 usage or configuration,\n"
    "3 finished but some files were refused, 4 database away: try again later.";

static gboolean
usage_error (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

static gboolean
check_options (LoadOptions *options, GError **error)
{
  if (options->version)
    return TRUE;
  if (options->folder == NULL)
    return usage_error (error, "no folder is given; say --folder FOLDER");
  if (options->user == NULL)
    return usage_error (error, "no user is given; say whose documents these are with --user "
                               "UUID|E-MAIL or INGEST_USER");
  if (options->batch_bytes < 1 || options->batch_ms < 1 || options->connect_timeout_ms < 1 ||
      options->statement_timeout_ms < 0)
    return usage_error (error, "limits are whole numbers above 0");
  options->db.connect_timeout_ms = (guint)options->connect_timeout_ms;
  options->db.statement_timeout_ms = (guint)options->statement_timeout_ms;
  return TRUE;
}

static gboolean
parse (int *argc, char ***argv, LoadOptions *options, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("--folder FOLDER <CHUNKS");
  const GOptionEntry entries[] = {
      {"folder", 'f', 0, G_OPTION_ARG_STRING, &options->folder, "Folder to load into, as A or A/B",
       "FOLDER"},
      {"user", 'u', 0, G_OPTION_ARG_STRING, &options->user, "Whose documents (else INGEST_USER)",
       "UUID|E-MAIL"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, "One JSON object a file on stdout", NULL},
      {"allow-local", 0, 0, G_OPTION_ARG_NONE, &options->db.allow_local,
       "Accept a socket or loopback address", NULL},
      {"fail-partial", 0, 0, G_OPTION_ARG_NONE, &options->fail_partial,
       "A document that was cut off is a failure", NULL},
      {"batch-bytes", 0, 0, G_OPTION_ARG_INT64, &options->batch_bytes,
       "A transaction is closed when it holds this much", "N"},
      {"batch-ms", 0, 0, G_OPTION_ARG_INT, &options->batch_ms, "Or is this old", "N"},
      {"connect-timeout-ms", 0, 0, G_OPTION_ARG_INT, &options->connect_timeout_ms,
       "Time for one attempt to connect", "N"},
      {"statement-timeout-ms", 0, 0, G_OPTION_ARG_INT, &options->statement_timeout_ms,
       "Time for one statement; 0: no limit", "N"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Version", NULL},
      {0},
  };

  options->user = g_strdup (g_getenv ("INGEST_USER"));
  g_option_context_set_summary (context, "Loads chunks into the database.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error) && check_options (options, error);
}

static gboolean
run (const LoadOptions *options, gboolean *refused, GError **error)
{
  g_autofree char *folder = db_folder_path_normalise (options->folder, error);
  if (folder == NULL)
    return FALSE;

  g_autoptr (DbConnection) connection = db_connection_open (NULL, &options->db, error);
  Load load = {.options = options, .folder_path = folder, .connection = connection};
  if (connection == NULL || !db_schema_require (connection, error) ||
      !db_user_resolve (connection, options->user, &load.user, error))
    return FALSE;

  g_autoptr (DbBatch) batch = db_batch_new (connection, &load.user);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) group = g_ptr_array_new_with_free_func ((GDestroyNotify)db_item_free);
  load.batch = batch;
  load.group = group;
  load.names = names;

  gboolean finished = load_stream (&load, error);
  db_finish (connection);
  *refused = load.refused;
  return finished;
}

static int
exit_code_of (const GError *error)
{
  if (error->domain == G_OPTION_ERROR || g_error_matches (error, DB_ERROR, DB_ERROR_ADDRESS) ||
      g_error_matches (error, DB_ERROR, DB_ERROR_AUTH) ||
      g_error_matches (error, DB_ERROR, DB_ERROR_INPUT))
    return EXIT_USAGE;
  if (g_error_matches (error, DB_ERROR, DB_ERROR_AWAY) ||
      g_error_matches (error, DB_ERROR, DB_ERROR_LOCKED) ||
      g_error_matches (error, DB_ERROR, DB_ERROR_CONFLICT))
    return EXIT_LATER;
  return EXIT_FAILED;
}

int
main (int argc, char **argv)
{
  LoadOptions options = {
      .db = DB_OPTIONS_INIT,
      .batch_bytes = 8 << 20,
      .batch_ms = 2000,
      .connect_timeout_ms = 10000,
      .statement_timeout_ms = 120000,
  };
  g_autoptr (GError) error = NULL;
  gboolean refused = FALSE;
  int exit_code = EXIT_OK;

  setlocale (LC_ALL, "");
  g_set_prgname ("ingest-load");
  if (!parse (&argc, &argv, &options, &error)) {
    exit_code = EXIT_USAGE;
  } else if (options.version) {
    puts ("ingest-load " INGEST_VERSION);
  } else if (!run (&options, &refused, &error)) {
    exit_code = exit_code_of (error);
  } else if (refused) {
    exit_code = EXIT_REFUSED;
  }
  if (exit_code != EXIT_FAILED && (fflush (stdout) != 0 || ferror (stdout))) {
    g_printerr ("ingest-load: standard output cannot be written: %s\n", g_strerror (errno));
    exit_code = EXIT_FAILED;
  }
  if (error != NULL) {
    g_autofree char *message = file_name_printable (error->message);
    g_printerr ("ingest-load: %s%s\n", message,
                exit_code == EXIT_USAGE ? " (see ingest-load --help)" : "");
  }
  g_free (options.folder);
  g_free (options.user);
  return exit_code;
}
