#include "cli.h"

#include "client.h"
#include "formats.h"
#include "sandbox.h"
#include "worker.h"

#include "chunker/document-json.h"
#include "chunker/file-name.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORKER_FD 3
#define COPY_BYTES (256u << 10)

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3 };

typedef struct {
  ExtractLimits limits;
  gint64 max_file_bytes; /* GOption has no unsigned numbers */
  gint64 max_text_bytes;
  gint64 max_inflated_bytes;
  int max_inflate_ratio;
  int max_pages;
  int timeout_ms;
  int memory_mb;
  gboolean json;
  gboolean worker;
  gboolean version;
  char *type;
  char **files;
} CliOptions;

static void
cli_options_clear (CliOptions *options)
{
  g_free (options->type);
  g_strfreev (options->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliOptions, cli_options_clear)

/* --- the command line ------------------------------------------------------------------------- */

static void
set_defaults (CliOptions *options)
{
  options->limits = (ExtractLimits)EXTRACT_LIMITS_INIT;
  options->max_file_bytes = (gint64)options->limits.max_file_bytes;
  options->max_text_bytes = (gint64)options->limits.max_text_bytes;
  options->max_inflated_bytes = (gint64)options->limits.max_inflated_bytes;
  options->max_inflate_ratio = (int)options->limits.max_inflate_ratio;
  options->max_pages = (int)options->limits.max_pages;
  options->timeout_ms = (int)options->limits.timeout_ms;
  options->memory_mb = (int)options->limits.memory_mb;
}

static gboolean
take_limits (CliOptions *options, GError **error)
{
  if (options->max_file_bytes < 1 || options->max_text_bytes < 1 ||
      options->max_inflated_bytes < 1 || options->max_inflate_ratio < 2 || options->max_pages < 1 ||
      options->timeout_ms < 1 || options->memory_mb < 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "limits are whole numbers above 0 (--max-inflate-ratio above 1)");
    return FALSE;
  }
  options->limits = (ExtractLimits){
      .max_file_bytes = (guint64)options->max_file_bytes,
      .max_text_bytes = (guint64)options->max_text_bytes,
      .max_inflated_bytes = (guint64)options->max_inflated_bytes,
      .max_inflate_ratio = (guint)options->max_inflate_ratio,
      .max_pages = (guint)options->max_pages,
      .timeout_ms = (guint)options->timeout_ms,
      .memory_mb = (guint)options->memory_mb,
  };
  return TRUE;
}

static const char description[] =
    "With no FILE, or when FILE is -, standard input is read. Text goes to standard output, notes\n"
    "and errors to standard error.\n"
    "\n"
    "Exit codes: 0 all read, 1 failed, 2 usage, 3 finished but some files were refused.";

static gboolean
parse (int *argc, char ***argv, CliOptions *options, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("[FILE...]");
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &options->json,
       "One JSON object a file: metadata, text, blocks", NULL},
      {"type", 't', 0, G_OPTION_ARG_STRING, &options->type,
       "MIME type as declared: a hint, the content decides", "MIME"},
      {"max-file-bytes", 0, 0, G_OPTION_ARG_INT64, &options->max_file_bytes, "Refuse larger files",
       "N"},
      {"max-text-bytes", 0, 0, G_OPTION_ARG_INT64, &options->max_text_bytes,
       "Cut off text beyond it", "N"},
      {"max-inflated-bytes", 0, 0, G_OPTION_ARG_INT64, &options->max_inflated_bytes,
       "What a compressed file may become", "N"},
      {"max-inflate-ratio", 0, 0, G_OPTION_ARG_INT, &options->max_inflate_ratio,
       "And how many times its size", "N"},
      {"max-pages", 0, 0, G_OPTION_ARG_INT, &options->max_pages, "Cut off pages beyond it", "N"},
      {"timeout-ms", 0, 0, G_OPTION_ARG_INT, &options->timeout_ms, "Time for one file", "N"},
      {"memory-mb", 0, 0, G_OPTION_ARG_INT, &options->memory_mb, "Memory of the worker", "N"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version,
       "Version, formats and state of the sandbox", NULL},
      {"worker", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &options->worker, NULL, NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, NULL},
      {0},
  };

  g_option_context_set_summary (context, "Prints the text of files as Markdown. They are read by a "
                                         "sandboxed process of their own.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  set_defaults (options);
  return g_option_context_parse (context, argc, argv, error) && take_limits (options, error);
}

static int
print_version (const ExtractLimits *limits)
{
  g_autofree char *fingerprint = extract_fingerprint (limits);
  guint landlock = sandbox_landlock_version ();

  printf ("ingest-extract %s\nextractor: %s\nformats:", INGEST_VERSION, fingerprint);
  for (const ExtractFormat *format = extract_formats; format->name != NULL; format++)
    printf (" %s%s", format->title, format[1].name != NULL ? "," : "\n");
  if (landlock > 0)
    printf ("sandbox: seccomp, Landlock %u, limits", landlock);
  else
    printf ("sandbox: seccomp (this kernel has no Landlock: no file can be opened), limits");
  printf ("%s%s\n", *sandbox_build_notes () ? "; leaves out: " : "", sandbox_build_notes ());
  return EXIT_OK;
}

/* --- files ------------------------------------------------------------------------------------ */

static gboolean
read_error (GError **error, const char *reason)
{
  g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_READ, reason);
  return FALSE;
}

/* Copies standard input. FALSE on error. */
static gboolean
copy_stdin (int to, guint64 max_bytes, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (COPY_BYTES);
  guint64 total = 0;
  gssize n;

  while ((n = read (STDIN_FILENO, buffer, COPY_BYTES)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_READ, "standard input cannot be read: %s",
                   g_strerror (errno));
      return FALSE;
    }
    total += (guint64)n;
    if (total > max_bytes) {
      g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_TOO_LARGE,
                           "standard input is larger than --max-file-bytes allows");
      return FALSE;
    }
    if (write (to, buffer, (gsize)n) != n)
      return read_error (error, "standard input cannot be kept: no memory");
  }
  return TRUE;
}

/* Standard input, which may be a pipe, as a file: kept in memory, bounded, and from here on
 * read-only. -1 on error. */
static int
spool_stdin (guint64 max_bytes, GError **error)
{
  int fd = memfd_create ("stdin", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  int read_only = -1;

  if (fd < 0) {
    read_error (error, "standard input cannot be kept: no memory");
    return -1;
  }
  if (copy_stdin (fd, max_bytes, error)) {
    read_only = open (path, O_RDONLY | O_CLOEXEC);
    if (read_only < 0)
      read_error (error, "standard input cannot be kept: /proc is not there");
  }
  close (fd);
  return read_only;
}

static int
open_file (const char *path, guint64 max_bytes, struct stat *info, GError **error)
{
  int fd = strcmp (path, "-") == 0 ? spool_stdin (max_bytes, error)
                                   : open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  if (fd < 0) {
    if (*error == NULL)
      read_error (error, file_name_open_reason (errno));
    return -1;
  }
  if (fstat (fd, info) == 0 && S_ISREG (info->st_mode))
    return fd;
  read_error (error, S_ISDIR (info->st_mode) ? "it is a directory; name the files in it"
                                             : "it is a pipe, socket or device, not a file");
  close (fd);
  return -1;
}

/* (transfer full) (nullable) */
static char *
checksum_of (int fd)
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (COPY_BYTES);
  off_t at = 0;
  gssize n;

  while ((n = pread (fd, buffer, COPY_BYTES, at)) > 0) {
    g_checksum_update (sha256, buffer, n);
    at += n;
  }
  return n == 0 ? g_strdup (g_checksum_get_string (sha256)) : NULL;
}

static gint64
mtime_of (const struct stat *info)
{
  /* what would not fit is no time that a clock has shown */
  if (ABS ((gint64)info->st_mtim.tv_sec) > G_MAXINT64 / 2000000)
    return 0;
  return (gint64)info->st_mtim.tv_sec * 1000000 + info->st_mtim.tv_nsec / 1000;
}

/* The document of an open file. (transfer full) */
static Document *
read_document (ExtractClient *client, const CliOptions *options, const char *name, int fd,
               const struct stat *info, DocumentSource *source, GError **error)
{
  struct stat after;
  ExtractJob job = {
      .owner = "",
      .name = name,
      .declared = options->type,
      .fd = fd,
      .size_bytes = (guint64)info->st_size,
  };

  source->size_bytes = job.size_bytes;
  source->mtime_us = (guint64)MAX (mtime_of (info), 0);
  if (options->json)
    source->checksum = checksum_of (fd);

  g_autoptr (Document) document = extract_client_run (client, &job, error);
  if (document != NULL && (fstat (fd, &after) != 0 || after.st_size != info->st_size ||
                           mtime_of (&after) != mtime_of (info))) {
    read_error (error, "it changed while it was read; try again when it is complete");
    return NULL;
  }
  return g_steal_pointer (&document);
}

/* --- output ----------------------------------------------------------------------------------- */

static void
print_json (const Document *document, const char *name, const DocumentSource *source)
{
  g_autoptr (json_object) json = document_to_json (document, name, source);

  puts (json_object_to_json_string_ext (json,
                                        JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void
print_text (const Document *document, gboolean first)
{
  if (!first)
    putchar ('\n');
  fwrite (document->text->str, 1, document->text->len, stdout);
  if (document->text->len > 0 && document->text->str[document->text->len - 1] != '\n')
    putchar ('\n');
}

static void
print_notes (const char *path, const Document *document)
{
  g_autofree char *shown = file_name_printable (path);

  if (document->partial != NULL)
    g_printerr ("ingest-extract: %s: partial: %s\n", shown, document->partial);
  for (guint i = 0; i < document->warnings->len; i++)
    g_printerr ("ingest-extract: %s: note: %s\n", shown,
                (char *)g_ptr_array_index (document->warnings, i));
}

/* TRUE: the file gave a document, which is printed. */
static gboolean
extract_file (ExtractClient *client, const CliOptions *options, const char *path, gboolean first,
              GError **error)
{
  g_auto (DocumentSource) source = {0};
  g_autofree char *name = file_name_for_document (path);
  g_autoptr (Document) document = NULL;
  struct stat info;
  int fd = open_file (path, options->limits.max_file_bytes, &info, error);

  if (fd >= 0) {
    document = read_document (client, options, name, fd, &info, &source, error);
    close (fd);
  }
  if (document == NULL && options->json &&
      !g_error_matches (*error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER)) {
    source.error_code = g_strdup (extract_code_name ((ExtractCode)(*error)->code));
    source.error_message = g_strdup ((*error)->message);
    print_json (NULL, name, &source);
  }
  if (document == NULL)
    return FALSE;
  if (options->json)
    print_json (document, name, &source);
  else
    print_text (document, first);
  print_notes (path, document);
  return TRUE;
}

static int
extract_files (const CliOptions *options)
{
  static const char *const standard_input[] = {"-", NULL};
  const char *const *files = options->files ? (const char *const *)options->files : standard_input;
  g_autoptr (ExtractClient) client = extract_client_new ("/proc/self/exe", &options->limits);
  gboolean first = TRUE;
  int exit_code = EXIT_OK;

  for (const char *const *file = files; *file != NULL; file++) {
    g_autoptr (GError) error = NULL;

    if (extract_file (client, options, *file, first, &error)) {
      first = FALSE;
      continue;
    }

    g_autofree char *shown = file_name_printable (*file);
    g_printerr ("ingest-extract: %s: %s\n", shown, error->message);
    exit_code = EXIT_REFUSED;
    if (g_error_matches (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER))
      return EXIT_FAILED;
  }
  if (fflush (stdout) != 0 || ferror (stdout)) {
    g_printerr ("ingest-extract: standard output cannot be written: %s\n", g_strerror (errno));
    return EXIT_FAILED;
  }
  return exit_code;
}

int
cli_run (int argc, char **argv)
{
  g_auto (CliOptions) options = {0};
  g_autoptr (GError) error = NULL;

  if (!parse (&argc, &argv, &options, &error)) {
    g_printerr ("ingest-extract: %s (see ingest-extract --help)\n", error->message);
    return EXIT_USAGE;
  }
  if (options.worker)
    return worker_run (
        &(WorkerOptions){.fd = WORKER_FD, .limits = &options.limits, .run = extract_run});
  return options.version ? print_version (&options.limits) : extract_files (&options);
}
