/* chunk-speed WHAT TOKENIZER FILE [DOCUMENT_KB]: how fast this program's own parts are, on one
 * core.
 *
 * The file is cut into documents of so many kB (100), at line ends; all go through once to warm up,
 * then as often as takes about a second. Prints processor time as one JSON object. WHAT is
 *
 *     count       tokens of the text
 *     sentences   ICU's own sentence iterator over the text
 *     tokens      chunks of documents that are parsed, by tokens
 *     characters  the same, by characters (target 1000)
 *     markdown    chunks of Markdown, parsed as well, by characters
 */
#include "chunker/chunker.h"
#include "chunker/markdown.h"
#include "chunker/token-table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#define SECONDS 1.0

typedef struct {
  const char *what;
  TokenCounter counter;
  ChunkerOptions options;
  GPtrArray *documents; /* (element-type Document) */
  UBreakIterator *sentences;
  gsize bytes;
  guint64 found; /* chunks, tokens or sentences */
} Speed;

static double
processor_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static gboolean
count_chunk (const Chunk *chunk, gpointer user_data, GError **error)
{
  Speed *speed = user_data;

  speed->found++;
  return TRUE;
}

static void
count_sentences (Speed *speed, const GString *text)
{
  UErrorCode status = U_ZERO_ERROR;
  UText utext = UTEXT_INITIALIZER;

  utext_openUTF8 (&utext, text->str, (gint64)text->len, &status);
  ubrk_setUText (speed->sentences, &utext, &status);
  while (ubrk_next (speed->sentences) != UBRK_DONE)
    speed->found++;
  utext_close (&utext);
}

static void
run_document (Speed *speed, const Document *document)
{
  g_autoptr (Document) parsed = strcmp (speed->what, "markdown") == 0
                                    ? markdown_document (document->text->str, document->text->len)
                                    : NULL;
  g_autoptr (GError) error = NULL;

  if (strcmp (speed->what, "count") == 0) {
    speed->found +=
        speed->counter.count (speed->counter.data, document->text->str, document->text->len);
    return;
  }
  if (strcmp (speed->what, "sentences") == 0) {
    count_sentences (speed, document->text);
    return;
  }
  if (!chunker_run (parsed != NULL ? parsed : document, &speed->options, count_chunk, speed,
                    &error)) {
    fprintf (stderr, "chunk-speed: %s\n", error->message);
    exit (1);
  }
}

static void
run_all (Speed *speed)
{
  for (guint i = 0; i < speed->documents->len; i++)
    run_document (speed, g_ptr_array_index (speed->documents, i));
}

static void
read_documents (Speed *speed, const char *path, gsize document_bytes)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &text, &speed->bytes, &error) ||
      !g_utf8_validate_len (text, speed->bytes, NULL)) {
    fprintf (stderr, "chunk-speed: %s: %s\n", path, error ? error->message : "it is not UTF-8");
    exit (1);
  }
  for (gsize at = 0; at < speed->bytes;) {
    gsize end = MIN (speed->bytes, at + document_bytes);
    const char *line = memchr (text + end, '\n', speed->bytes - end);
    end = line != NULL ? (gsize)(line - text) + 1 : speed->bytes;
    g_ptr_array_add (speed->documents, markdown_document (text + at, end - at));
    at = end;
  }
}

static void
set_up (Speed *speed, const char *tokenizer)
{
  gsize table_bytes;
  gconstpointer table = token_table_linked (&table_bytes);
  UErrorCode status = U_ZERO_ERROR;
  g_autoptr (GError) error = NULL;

  if (!token_counter_open (&speed->counter, tokenizer, table, table_bytes, &error)) {
    fprintf (stderr, "chunk-speed: %s\n", error->message);
    exit (1);
  }
  speed->options = (ChunkerOptions)CHUNKER_OPTIONS_INIT;
  if (strcmp (speed->what, "tokens") != 0) {
    speed->options.unit = CHUNKER_UNIT_CHARACTERS;
    speed->options.target = 1000;
    speed->options.max = 1140;
  }
  speed->options.counter = &speed->counter;
  speed->sentences = ubrk_open (UBRK_SENTENCE, "en", NULL, 0, &status);
}

int
main (int argc, char **argv)
{
  Speed speed = {.documents = g_ptr_array_new_with_free_func ((GDestroyNotify)document_free)};

  if (argc < 4) {
    fprintf (stderr, "usage: chunk-speed count|sentences|tokens|characters|markdown TOKENIZER FILE "
                     "[DOCUMENT_KB]\n");
    return 2;
  }
  speed.what = argv[1];
  set_up (&speed, argv[2]);
  read_documents (&speed, argv[3], (argc > 4 ? (gsize)atoi (argv[4]) : 100) * 1000);
  run_all (&speed);
  speed.found = 0;

  double start = processor_seconds (), spent;
  guint rounds = 0;
  do {
    run_all (&speed);
    rounds++;
    spent = processor_seconds () - start;
  } while (spent < SECONDS);

  printf ("{\"what\":\"%s\",\"tokenizer\":\"%s\",\"bytes\":%zu,\"rounds\":%u,\"seconds\":%.3f,"
          "\"mb_per_second\":%.2f,\"found\":%" G_GUINT64_FORMAT "}\n",
          speed.what, argv[2], speed.bytes, rounds, spent,
          (double)speed.bytes * rounds / spent / 1e6, speed.found / rounds);
  ubrk_close (speed.sentences);
  token_counter_clear (&speed.counter);
  g_ptr_array_unref (speed.documents);
  return 0;
}
