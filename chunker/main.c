/* ingest-chunk: Markdown, or what `ingest-extract --json` prints, in; chunks out. */
#include "chunk-json.h"
#include "chunk-stats.h"
#include "explain.h"
#include "file-name.h"
#include "markdown.h"
#include "token-table.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3 };

typedef struct {
  ChunkerOptions chunker;
  TokenCounter counter;
  gboolean json;
  gboolean stats;
  gboolean explain;
  int exit_code;
  ChunkStats *counts; /* for --stats */
} Program;

/* --- chunks out ------------------------------------------------------------------------------- */

static gboolean
print_line (const char *line, gpointer user_data, GError **error)
{
  puts (line);
  return TRUE;
}

static void
print_text (const Chunk *chunk)
{
  fwrite (chunk->content, 1, chunk->content_bytes, stdout);
  if (chunk->content_bytes > 0 && chunk->content[chunk->content_bytes - 1] != '\n')
    putchar ('\n');
}

static void
print_head (const Chunk *chunk)
{
  printf ("--- chunk %u  characters %" G_GSIZE_FORMAT "-%" G_GSIZE_FORMAT "  %u tokens",
          chunk->position, chunk->start_char, chunk->end_char, chunk->token_count);
  if (chunk->page_first > 0)
    printf ("  page%s %u%s", chunk->page_first == chunk->page_last ? "" : "s", chunk->page_first,
            chunk->page_first == chunk->page_last ? "" : "-");
  if (chunk->page_first != chunk->page_last)
    printf ("%u", chunk->page_last);
  for (guint i = 0; i < chunk->n_headings; i++)
    printf ("%s%s", i == 0 ? "  " : " › ", chunk->heading_path[i]);
  putchar ('\n');
}

/* With --json on standard error, and with --stats the text is left out. */
static void
explain (const Program *program, const Chunk *chunk)
{
  g_autofree char *why = explain_cut (chunk, &program->chunker);

  fprintf (program->json ? stderr : stdout, "chunk %u %s\n", chunk->position, why);
}

typedef struct {
  Program *program;
  ChunkJsonWriter *writer; /* NULL: for eyes */
} Output;

static gboolean
take_chunk (const Chunk *chunk, gpointer user_data, GError **error)
{
  Output *output = user_data;

  const Program *program = output->program;

  chunk_stats_add (program->counts, chunk);
  if (!program->json && !program->stats) {
    print_head (chunk);
    print_text (chunk);
  }
  if (program->explain)
    explain (program, chunk);
  return output->writer == NULL || chunk_json_writer_add (chunk, output->writer, error);
}

static gboolean
chunk_document (Program *program, const Document *document, const DocumentSource *source,
                GError **error)
{
  g_autofree char *fingerprint = chunker_fingerprint (&program->chunker);
  g_autoptr (ChunkJsonWriter) writer =
      program->json ? chunk_json_writer_new (document, source, fingerprint, print_line, NULL)
                    : NULL;
  Output output = {program, writer};

  return chunker_run (document, &program->chunker, take_chunk, &output, error) &&
         (writer == NULL || chunk_json_writer_end (writer, error));
}

/* --- documents in ----------------------------------------------------------------------------- */

static void
refuse (Program *program, const char *path, const GError *error)
{
  g_autofree char *shown = file_name_printable (path);

  g_printerr ("ingest-chunk: %s: %s\n", shown, error->message);
  program->exit_code = EXIT_REFUSED;
}

/* A file that could not be extracted goes on to the loader, which puts it on record. */
static void
pass_failed (Program *program, json_object *json, const DocumentSource *source)
{
  json_object *name = json_object_object_get (json, "name");
  g_autofree char *shown = file_name_printable (name ? json_object_get_string (name) : "?");

  if (program->json)
    puts (json_object_to_json_string_ext (json,
                                          JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
  g_autofree char *reason =
      file_name_printable (source->error_message ? source->error_message : source->error_code);
  g_printerr ("ingest-chunk: %s: %s\n", shown, reason);
  program->exit_code = EXIT_REFUSED;
}

static gboolean
chunk_json_line (Program *program, const char *line, gsize bytes, GError **error)
{
  json_tokener *tokener = json_tokener_new ();
  g_autoptr (json_object) json = json_tokener_parse_ex (tokener, line, (int)MIN (bytes, G_MAXINT));
  g_autoptr (Document) document = NULL;
  g_auto (DocumentSource) source = {0};

  json_tokener_free (tokener);
  if (json == NULL) {
    g_set_error (error, DOCUMENT_JSON_ERROR, DOCUMENT_JSON_ERROR_SYNTAX, "not JSON");
    return FALSE;
  }
  if (!document_from_json (json, &document, &source, error))
    return FALSE;
  if (document == NULL) {
    pass_failed (program, json, &source);
    return TRUE;
  }
  g_clear_pointer (&json, json_object_put); /* it holds the text once more */
  return chunk_document (program, document, &source, error);
}

/* One document a line. A line that is none ends the run: what follows cannot be trusted. */
static gboolean
chunk_json_lines (Program *program, const char *path, FILE *stream, char *first, gsize first_bytes)
{
  g_autoptr (GError) error = NULL;
  char *line = first;
  size_t capacity = first_bytes + 1;
  gssize bytes = (gssize)first_bytes;
  guint64 number = 0;

  while (bytes >= 0) {
    number++;
    if (bytes > 1 && !chunk_json_line (program, line, (gsize)bytes, &error)) {
      g_autofree char *shown = file_name_printable (path);
      g_printerr ("ingest-chunk: %s: line %" G_GUINT64_FORMAT ": %s\n", shown, number,
                  error->message);
      free (line);
      return FALSE;
    }
    bytes = getline (&line, &capacity, stream);
  }
  free (line);
  if (!ferror (stream))
    return TRUE;

  g_autofree char *shown = file_name_printable (path);
  g_printerr ("ingest-chunk: %s: it cannot be read: %s\n", shown, g_strerror (errno));
  return FALSE;
}

static gboolean
is_json_document (const char *line, gsize bytes)
{
  gsize blank = strspn (line, " \t");

  return blank < bytes && line[blank] == '{' &&
         g_strstr_len (line, (gssize)bytes, "\"version\"") != NULL;
}

static gboolean
check_text (const GString *text, GError **error)
{
  const char *end;

  if (g_utf8_validate_len (text->str, text->len, &end))
    return TRUE;
  g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT,
               "it is not text in UTF-8 (byte %" G_GSIZE_FORMAT "); extract it first: ingest "
               "extract FILE --json | ingest chunk",
               (gsize)(end - text->str));
  return FALSE;
}

static void
set_source (DocumentSource *source, const GString *text, FILE *stream)
{
  struct stat info;

  source->checksum =
      g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text->str, text->len);
  source->size_bytes = text->len;
  if (fstat (fileno (stream), &info) == 0 && S_ISREG (info.st_mode) && info.st_mtim.tv_sec > 0)
    source->mtime_us =
        (guint64)info.st_mtim.tv_sec * 1000000 + (guint64)info.st_mtim.tv_nsec / 1000;
}

/* Appends what is left of the stream. */
static gboolean
read_rest (FILE *stream, GString *text, GError **error)
{
  char buffer[65536];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, stream)) > 0)
    g_string_append_len (text, buffer, (gssize)n);
  if (!ferror (stream))
    return TRUE;
  g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT, "it cannot be read: %s",
               g_strerror (errno));
  return FALSE;
}

/* text (transfer full) and the rest of the stream are Markdown, or plain text, as they are. */
static void
chunk_markdown (Program *program, const char *path, FILE *stream, GString *text)
{
  g_autoptr (GError) error = NULL;
  g_auto (DocumentSource) source = {0};

  if (!read_rest (stream, text, &error) || !check_text (text, &error)) {
    g_string_free (text, TRUE);
    refuse (program, path, error);
    return;
  }

  g_autoptr (Document) document = markdown_document_take (text);
  document->name = file_name_for_document (path);
  if (document->mime_type == NULL)
    document->mime_type = g_strdup ("text/markdown");
  if (document->extractor == NULL)
    document->extractor = g_strdup ("markdown as it is");
  set_source (&source, document->text, stream);
  if (!chunk_document (program, document, &source, &error))
    refuse (program, path, error);
}

/* FALSE: the run must stop. */
static gboolean
chunk_stream (Program *program, const char *path, FILE *stream)
{
  char *line = NULL;
  size_t capacity = 0;
  int first = getc (stream);

  if (first != EOF)
    ungetc (first, stream);
  /* a line that is no JSON may be the whole of a long text: it need not be in memory twice */
  if (first != '{' && first != ' ' && first != '\t') {
    chunk_markdown (program, path, stream, g_string_new (NULL));
    return TRUE;
  }
  gssize bytes = getline (&line, &capacity, stream);
  if (bytes > 0 && is_json_document (line, (gsize)bytes))
    return chunk_json_lines (program, path, stream, line, (gsize)bytes);

  GString *text = g_string_new_len (line, MAX (bytes, 0));
  free (line);
  chunk_markdown (program, path, stream, text);
  return TRUE;
}

static gboolean
chunk_file (Program *program, const char *path)
{
  if (strcmp (path, "-") == 0)
    return chunk_stream (program, path, stdin);

  FILE *stream = fopen (path, "re");
  struct stat info;
  if (stream == NULL || fstat (fileno (stream), &info) != 0 || S_ISDIR (info.st_mode)) {
    g_autofree char *shown = file_name_printable (path);
    g_printerr ("ingest-chunk: %s: %s\n", shown,
                stream == NULL ? g_strerror (errno) : "it is a directory; name the files in it");
    program->exit_code = EXIT_REFUSED;
    if (stream != NULL)
      fclose (stream);
    return TRUE;
  }

  gboolean fine = chunk_stream (program, path, stream);
  fclose (stream);
  return fine;
}

/* --- the program ------------------------------------------------------------------------------ */

static const char description[] =
    "A FILE is Markdown or plain text in UTF-8, whose characters the spans count, or the lines of\n"
    "`ingest-extract --json`. With no FILE, or when FILE is -, standard input is read.\n"
    "\n"
    "Exit codes: 0 all chunked, 1 failed, 2 usage, 3 finished but some files were refused.";

/* What the command line says of the chunker's options, before it is checked. */
typedef struct {
  int target;
  int max;
  int min;
  int overlap;
  char *unit;
  char *tokenizer;
} Sizes;

static void
sizes_clear (Sizes *sizes)
{
  g_free (sizes->unit);
  g_free (sizes->tokenizer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sizes, sizes_clear)

static gboolean
set_number (const char *option, int number, guint *target, GError **error)
{
  if (number < 0) {
    g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS, "%s = %d is less than 0", option,
                 number);
    return FALSE;
  }
  *target = (guint)number;
  return TRUE;
}

static gboolean
set_tokenizer (Program *program, const char *name, GError **error)
{
  gsize table_bytes;
  gconstpointer table = token_table_linked (&table_bytes);

  program->chunker.counter = &program->counter;
  if (name == NULL) {
    token_counter_open_default (&program->counter, table, table_bytes);
    return TRUE;
  }
  return token_counter_open (&program->counter, name, table, table_bytes, error);
}

static gboolean
set_options (Program *program, const Sizes *sizes, GError **error)
{
  ChunkerOptions *options = &program->chunker;

  if (sizes->unit != NULL && !chunker_unit_from_name (sizes->unit, &options->unit)) {
    g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS, "unit %s is not " CHUNKER_UNIT_NAMES,
                 sizes->unit);
    return FALSE;
  }
  return set_number ("target", sizes->target, &options->target, error) &&
         set_number ("max", sizes->max, &options->max, error) &&
         set_number ("min", sizes->min, &options->min, error) &&
         set_number ("overlap", sizes->overlap, &options->overlap, error) &&
         set_tokenizer (program, sizes->tokenizer, error) && chunker_options_check (options, error);
}

static gboolean
parse (int *argc, char ***argv, Program *program, gboolean *version, char ***files, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("[FILE...]");
  g_auto (Sizes) sizes = {.target = CHUNKER_TARGET_DEFAULT, .max = CHUNKER_MAX_DEFAULT};
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &program->json, "One JSON object a chunk", NULL},
      {"stats", 0, 0, G_OPTION_ARG_NONE, &program->stats,
       "How many chunks of what size, and where they end (on standard error with --json)", NULL},
      {"explain", 0, 0, G_OPTION_ARG_NONE, &program->explain,
       "Why each chunk ends where it does (on standard error with --json)", NULL},
      {"unit", 0, 0, G_OPTION_ARG_STRING, &sizes.unit,
       "What sizes count: " CHUNKER_UNIT_NAMES " (tokens)", "UNIT"},
      {"target", 0, 0, G_OPTION_ARG_INT, &sizes.target, "Size that chunks are about (450)", "N"},
      {"max", 0, 0, G_OPTION_ARG_INT, &sizes.max, "Size that a chunk never exceeds (512)", "N"},
      {"min", 0, 0, G_OPTION_ARG_INT, &sizes.min,
       "Smaller chunks are merged where they fit (0: a quarter of the target)", "N"},
      {"overlap", 0, 0, G_OPTION_ARG_INT, &sizes.overlap,
       "At most so much of the chunk before is repeated (0)", "N"},
      {"context-prefix", 0, 0, G_OPTION_ARG_NONE, &program->chunker.context_prefix,
       "Title and heading path are put before each chunk's text", NULL},
      {"tokenizer", 0, 0, G_OPTION_ARG_STRING, &sizes.tokenizer,
       "What a token is: " TOKEN_COUNTER_NAMES " (" TOKEN_COUNTER_DEFAULT ")", "NAME"},
      {"version", 0, 0, G_OPTION_ARG_NONE, version, "Version and settings", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, files, NULL, NULL},
      {0},
  };

  g_option_context_set_summary (context, "Splits documents into chunks.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error) &&
         set_options (program, &sizes, error);
}

static int
run (int argc, char **argv, Program *program)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) files = NULL;
  gboolean version = FALSE;

  if (!parse (&argc, &argv, program, &version, &files, &error)) {
    g_printerr ("ingest-chunk: %s (see ingest-chunk --help)\n", error->message);
    return EXIT_USAGE;
  }
  if (version) {
    g_autofree char *fingerprint = chunker_fingerprint (&program->chunker);
    printf ("ingest-chunk %s\nchunker: %s\n", INGEST_VERSION, fingerprint);
    return EXIT_OK;
  }
  if (files == NULL && !chunk_file (program, "-"))
    return EXIT_FAILED;
  for (char **file = files; file != NULL && *file != NULL; file++)
    if (!chunk_file (program, *file))
      return EXIT_FAILED;
  if (program->stats)
    chunk_stats_print (program->counts, &program->chunker, program->json ? stderr : stdout);
  if (fflush (stdout) != 0 || ferror (stdout)) {
    g_printerr ("ingest-chunk: standard output cannot be written: %s\n", g_strerror (errno));
    return EXIT_FAILED;
  }
  return program->exit_code;
}

int
main (int argc, char **argv)
{
  Program program = {
      .chunker = CHUNKER_OPTIONS_INIT,
      .counts = chunk_stats_new (),
  };

  setlocale (LC_ALL, "");
  g_set_prgname ("ingest-chunk");

  int exit_code = run (argc, argv, &program);
  chunk_stats_free (program.counts);
  token_counter_clear (&program.counter);
  return exit_code;
}
