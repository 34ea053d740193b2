/* ingest-chunk: Markdown, or what `ingest-extract --json` prints, in; chunks out. */
#include "chunk-json.h"
#include "file-name.h"
#include "markdown.h"
#include "token-table.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_REFUSED = 3 };

#define HISTOGRAM_BARS 10
#define BAR_WIDTH 40

typedef struct {
  ChunkerOptions chunker;
  TokenCounter counter;
  gboolean json;
  gboolean stats;
  int exit_code;
  GArray *sizes; /* (element-type guint) tokens of each chunk, for --stats */
} Program;

/* --- chunks out ------------------------------------------------------------------------------- */

static gboolean
print_line (const char *line, gpointer user_data, GError **error)
{
  puts (line);
  return TRUE;
}

static void
print_chunk (const Chunk *chunk)
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
  fwrite (chunk->content, 1, chunk->content_bytes, stdout);
  if (chunk->content_bytes > 0 && chunk->content[chunk->content_bytes - 1] != '\n')
    putchar ('\n');
}

typedef struct {
  Program *program;
  ChunkJsonWriter *writer; /* NULL: for eyes */
} Output;

static gboolean
take_chunk (const Chunk *chunk, gpointer user_data, GError **error)
{
  Output *output = user_data;

  g_array_append_val (output->program->sizes, chunk->token_count);
  if (output->writer != NULL)
    return chunk_json_writer_add (chunk, output->writer, error);
  if (!output->program->stats)
    print_chunk (chunk);
  return TRUE;
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

/* The rest of the stream is Markdown, or plain text, as it is. */
static void
chunk_markdown (Program *program, const char *path, FILE *stream, GString *text)
{
  g_autoptr (GError) error = NULL;
  g_auto (DocumentSource) source = {0};
  char buffer[65536];
  gsize n;

  while ((n = fread (buffer, 1, sizeof buffer, stream)) > 0)
    g_string_append_len (text, buffer, (gssize)n);
  if (ferror (stream))
    g_set_error (&error, CHUNKER_ERROR, CHUNKER_ERROR_TEXT, "it cannot be read: %s",
                 g_strerror (errno));
  if (error != NULL || !check_text (text, &error)) {
    refuse (program, path, error);
    return;
  }

  g_autoptr (Document) document = markdown_document (text->str, text->len);
  document->name = file_name_for_document (path);
  if (document->mime_type == NULL)
    document->mime_type = g_strdup ("text/markdown");
  if (document->extractor == NULL)
    document->extractor = g_strdup ("markdown as it is");
  set_source (&source, text, stream);
  if (!chunk_document (program, document, &source, &error))
    refuse (program, path, error);
}

/* FALSE: the run must stop. */
static gboolean
chunk_stream (Program *program, const char *path, FILE *stream)
{
  char *line = NULL;
  size_t capacity = 0;
  gssize bytes = getline (&line, &capacity, stream);

  if (bytes > 0 && is_json_document (line, (gsize)bytes))
    return chunk_json_lines (program, path, stream, line, (gsize)bytes);

  g_autoptr (GString) text = g_string_new_len (line, MAX (bytes, 0));
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

/* --- --stats ---------------------------------------------------------------------------------- */

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *)a, y = *(const guint *)b;

  return x < y ? -1 : x > y;
}

static void
print_stats (const Program *program)
{
  FILE *out = program->json ? stderr : stdout;
  GArray *sizes = program->sizes;
  guint bars[HISTOGRAM_BARS] = {0};
  guint most = 1;
  guint64 sum = 0;

  fprintf (out, "%u chunks", sizes->len);
  if (sizes->len == 0) {
    fputc ('\n', out);
    return;
  }
  g_array_sort (sizes, compare_sizes);

  guint largest = g_array_index (sizes, guint, sizes->len - 1);
  for (guint i = 0; i < sizes->len; i++) {
    guint size = g_array_index (sizes, guint, i);
    guint bar = (guint)((guint64)size * HISTOGRAM_BARS / (largest + 1));
    bars[bar]++;
    most = MAX (most, bars[bar]);
    sum += size;
  }
  fprintf (out, ", tokens: min %u, median %u, mean %.0f, max %u\n", g_array_index (sizes, guint, 0),
           g_array_index (sizes, guint, sizes->len / 2), (double)sum / sizes->len, largest);
  for (guint bar = 0; bar < HISTOGRAM_BARS; bar++) {
    guint width = bars[bar] * BAR_WIDTH / most;
    fprintf (out, "%6u-%-6u %7u ", bar * (largest + 1) / HISTOGRAM_BARS,
             (bar + 1) * (largest + 1) / HISTOGRAM_BARS, bars[bar]);
    for (guint i = 0; i < width; i++)
      fputc ('#', out);
    fputc ('\n', out);
  }
}

/* --- the program ------------------------------------------------------------------------------ */

static const char description[] =
    "A FILE is Markdown or plain text in UTF-8, whose characters the spans count, or the lines of\n"
    "`ingest-extract --json`. With no FILE, or when FILE is -, standard input is read.\n"
    "\n"
    "Exit codes: 0 all chunked, 1 failed, 2 usage, 3 finished but some files were refused.";

static gboolean
parse (int *argc, char ***argv, Program *program, gboolean *version, char ***files, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("[FILE...]");
  int target = CHUNKER_TARGET_DEFAULT, max = CHUNKER_MAX_DEFAULT;
  g_autofree char *tokenizer = NULL;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &program->json, "One JSON object a chunk", NULL},
      {"stats", 0, 0, G_OPTION_ARG_NONE, &program->stats,
       "How many chunks of what size (on standard error with --json)", NULL},
      {"target", 0, 0, G_OPTION_ARG_INT, &target, "Tokens that a chunk grows up to (450)", "N"},
      {"max", 0, 0, G_OPTION_ARG_INT, &max, "Tokens that a chunk never exceeds (512)", "N"},
      {"tokenizer", 0, 0, G_OPTION_ARG_STRING, &tokenizer,
       "What a token is: " TOKEN_COUNTER_NAMES " (estimate)", "NAME"},
      {"version", 0, 0, G_OPTION_ARG_NONE, version, "Version and settings", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, files, NULL, NULL},
      {0},
  };

  g_option_context_set_summary (context, "Splits documents into chunks.");
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  program->chunker.target_tokens = (guint)MAX (target, 0);
  program->chunker.max_tokens = (guint)MAX (max, 0);

  gsize table_bytes;
  gconstpointer table = token_table_linked (&table_bytes);
  if (!token_counter_open (&program->counter, tokenizer ? tokenizer : token_counter_estimate.name,
                           table, table_bytes, error))
    return FALSE;
  program->chunker.counter = &program->counter;

  /* an empty document: the options are checked all the same */
  g_autoptr (Document) nothing = document_new ();
  return chunker_run (nothing, &program->chunker, NULL, NULL, error);
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
    print_stats (program);
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
      .sizes = g_array_new (FALSE, FALSE, sizeof (guint)),
  };

  setlocale (LC_ALL, "");
  g_set_prgname ("ingest-chunk");

  int exit_code = run (argc, argv, &program);
  token_counter_clear (&program.counter);
  g_array_unref (program.sizes);
  return exit_code;
}
