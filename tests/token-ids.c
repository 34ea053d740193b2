/* token-ids ENCODING: texts in, token ids out, for tests/t21. On both sides a number of 4 bytes
 * (the machine's order), then so many bytes or ids. token-ids ENCODING FILE BYTES: for
 * measuring: processor time of counting FILE in texts of so many bytes; prints megabytes a
 * second and the sum of the counts. */
#include "chunker/bpe.h"
#include "chunker/token-table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
processor_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int
measure (Bpe *bpe, const char *file, gsize step)
{
  g_autofree char *text = NULL;
  gsize bytes, tokens = 0;
  GError *error = NULL;

  if (!g_file_get_contents (file, &text, &bytes, &error)) {
    g_printerr ("token-ids: %s\n", error->message);
    return 1;
  }

  double began = processor_seconds ();
  for (gsize at = 0, end; at < bytes; at = end) {
    end = MIN (at + step, bytes);
    while (end < bytes && (text[end] & 0xC0) == 0x80)
      end++;
    tokens += bpe_count (bpe, text + at, end - at);
  }
  printf ("%.2f %" G_GSIZE_FORMAT "\n", (double)bytes / 1e6 / (processor_seconds () - began),
          tokens);
  return 0;
}

static int
print_ids (Bpe *bpe)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GString) text = g_string_new (NULL);
  guint32 n;

  while (fread (&n, sizeof n, 1, stdin) == 1) {
    g_string_set_size (text, n);
    if (fread (text->str, 1, n, stdin) != n)
      return 1;
    g_array_set_size (ids, 0);
    bpe_encode (bpe, text->str, text->len, ids);
    if (bpe_count (bpe, text->str, text->len) != ids->len) {
      g_printerr ("token-ids: the count is not the number of ids\n");
      return 1;
    }
    fwrite (&ids->len, sizeof ids->len, 1, stdout);
    fwrite (ids->data, sizeof (guint32), ids->len, stdout);
  }
  return 0;
}

int
main (int argc, char **argv)
{
  gsize bytes;
  gconstpointer table = token_table_linked (&bytes);
  const BpeEncoding *encoding = argc >= 2 ? bpe_table_find (table, bytes, argv[1]) : NULL;

  if (encoding == NULL) {
    g_printerr ("token-ids: no such encoding; built without rank tables?\n");
    return 2;
  }

  g_autoptr (Bpe) bpe = bpe_new (encoding);

  return argc == 4 ? measure (bpe, argv[2], strtoul (argv[3], NULL, 10)) : print_ids (bpe);
}
