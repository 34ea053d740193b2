#include "cli.h"

#include "client.h"
#include "formats.h"
#include "helpers.h"
#include "sandbox.h"
#include "worker.h"

#include "chunker/document-json.h"
#include "chunker/file-name.h"
#include "chunker/members.h"

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
  gboolean json;
  gboolean worker;
  gboolean version;
  gboolean formats;
  char *type;
  char *password_file;
  char **files;
} CliOptions;

static void
cli_options_clear (CliOptions *options)
{
  g_free (options->type);
  g_free (options->password_file);
  g_strfreev (options->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliOptions, cli_options_clear)

/* --- the command line ------------------------------------------------------------------------- */

/* Reads a limit's option; its name says which. */
static gboolean
take_limit (const char *name, const char *value, gpointer data, GError **error)
{
  ExtractLimits *limits = data;
  const ExtractLimitOption *option = extract_limit_options;
  gint64 number;

  while (strcmp (option->option, name + strlen ("--")) != 0)
    option++;
  if (g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &number, NULL) &&
      extract_limit_set (limits, option, number))
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "%s: %s is out of range; it is a whole number from %" G_GUINT64_FORMAT
               " to %" G_GUINT64_FORMAT,
               name, value, option->min, option->max);
  return FALSE;
}

/* The group's entries. (transfer full) */
static GOptionEntry *
limit_entries (void)
{
  GArray *entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  for (const ExtractLimitOption *option = extract_limit_options; option->option != NULL; option++) {
    GOptionEntry entry = {option->option, 0,  0, G_OPTION_ARG_CALLBACK, take_limit,
                          option->help,   "N"};

    g_array_append_val (entries, entry);
  }
  return (GOptionEntry *)(gpointer)g_array_free (entries, FALSE);
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
  GOptionGroup *main_group = g_option_group_new ("", "", "", &options->limits, NULL);
  g_autofree GOptionEntry *limits = limit_entries ();
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &options->json,
       "One JSON object a document: metadata, text, blocks", NULL},
      {"type", 't', 0, G_OPTION_ARG_STRING, &options->type,
       "MIME type as declared: a hint, the content decides", "MIME"},
      {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &options->password_file,
       "Passwords to try on encrypted files, one a line (else INGEST_EXTRACT_PASSWORD_FILE)",
       "FILE"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version,
       "Version, formats and state of the sandbox", NULL},
      {"formats", 0, 0, G_OPTION_ARG_NONE, &options->formats,
       "What is read, as a table in Markdown", NULL},
      {"worker", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &options->worker, NULL, NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, NULL},
      {0},
  };

  g_option_context_set_summary (context, "Prints the text of files as Markdown. They are read by a "
                                         "sandboxed process of their own.");
  g_option_context_set_description (context, description);
  g_option_context_set_main_group (context, main_group);
  g_option_group_add_entries (main_group, entries);
  g_option_group_add_entries (main_group, limits);
  options->limits = (ExtractLimits)EXTRACT_LIMITS_INIT;
  options->limits.helpers = MIN (g_get_num_processors () - 1, HELPERS_MAX);
  options->password_file = g_strdup (g_getenv ("INGEST_EXTRACT_PASSWORD_FILE"));
  return g_option_context_parse (context, argc, argv, error);
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

static int
print_formats (void)
{
  puts ("| format | file names | what comes out |\n|---|---|---|");
  for (const ExtractFormat *format = extract_formats; format->name != NULL; format++) {
    g_auto (GStrv) names = g_strsplit (format->names, " ", -1);
    g_autofree char *endings = g_strjoinv ("`, `.", names);

    printf ("| %s | %s%s%s | %s |\n", format->title, *endings != '\0' ? "`." : "", endings,
            *endings != '\0' ? "`" : "", format->what);
  }
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
  if (strcmp (document_outcome (document), "empty") == 0)
    g_printerr ("ingest-extract: %s: empty: there is no text in it\n", shown);
  for (guint i = 0; i < document->warnings->len; i++)
    g_printerr ("ingest-extract: %s: note: %s\n", shown,
                (char *)g_ptr_array_index (document->warnings, i));
}

static void
print_failure (const char *path, const char *reason)
{
  g_autofree char *shown = file_name_printable (path);
  g_autofree char *shown_reason = file_name_printable (reason);

  g_printerr ("ingest-extract: %s: %s\n", shown, shown_reason);
}

/* The documents inside of a file, after it. FALSE: one of them failed, which is said. */
static gboolean
print_members (const CliOptions *options, const char *path, const char *name,
               const DocumentSource *file, const GPtrArray *members)
{
  gboolean fine = TRUE;

  for (guint i = 0; i < members->len; i++) {
    const Document *member = g_ptr_array_index (members, i);
    g_autofree char *shown = g_strconcat (path, member->name + strlen (name), NULL);
    gboolean failed = member->error_code != NULL;
    g_auto (DocumentSource) source = {0};

    if (options->json) {
      document_source_of_member (file, name, member, &source);
      print_json (member, member->name, &source);
    } else if (!failed) {
      printf ("\n==> %s <==\n\n", member->name);
      print_text (member, TRUE);
    }
    if (failed)
      print_failure (shown, member->error_message);
    else
      print_notes (shown, member);
    fine = fine && !failed;
  }
  return fine;
}

/* TRUE: something came of the file, which is printed. *all: nothing in it failed. */
static gboolean
extract_file (ExtractClient *client, const CliOptions *options, const char *path, gboolean first,
              gboolean *all, GError **error)
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

  g_autoptr (GPtrArray) members = members_take (document);
  gboolean failed = document->error_code != NULL;
  if (options->json)
    print_json (document, name, &source);
  else if (!failed)
    print_text (document, first);
  if (failed)
    print_failure (path, document->error_message);
  else
    print_notes (path, document);
  *all = print_members (options, path, name, &source, members) && !failed;
  return TRUE;
}

static int
extract_files (const CliOptions *options)
{
  static const char *const standard_input[] = {"-", NULL};
  const char *const *files = options->files ? (const char *const *)options->files : standard_input;
  g_autoptr (ExtractClient) client = extract_client_new ("/proc/self/exe", &options->limits);
  g_autoptr (GError) usage = NULL;
  gboolean first = TRUE;
  int exit_code = EXIT_OK;

  if (options->password_file != NULL && *options->password_file != '\0' &&
      !extract_client_read_passwords (client, options->password_file, &usage)) {
    g_printerr ("ingest-extract: %s\n", usage->message);
    return EXIT_USAGE;
  }
  for (const char *const *file = files; *file != NULL; file++) {
    g_autoptr (GError) error = NULL;
    gboolean all = FALSE;

    if (extract_file (client, options, *file, first, &all, &error)) {
      first = FALSE;
      exit_code = all ? exit_code : EXIT_REFUSED;
      continue;
    }

    print_failure (*file, error->message);
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
    return worker_run (&(WorkerOptions){
        .fd = WORKER_FD, .limits = &options.limits, .run = extract_run, .help = extract_help});
  if (options.formats)
    return print_formats ();
  return options.version ? print_version (&options.limits) : extract_files (&options);
}
