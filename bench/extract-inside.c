/* extract-inside WHAT PASSES FILE...: what extraction costs without a process and a sandbox around
 * it. The files are in memory; prints the processor seconds of all passes and the number of
 * documents. WHAT is
 *
 *     read        the readers as functions, in this process: no worker, no frames, no sandbox
 *     validate    no extraction: each file is checked to be UTF-8, eight bytes at a time where they
 *                 are ASCII
 *     g-validate  the same by GLib's g_utf8_validate
 */
#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef gboolean (*Work) (const char *path, GBytes *bytes);

static double
processor_seconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static gboolean
read_document (const char *path, GBytes *bytes)
{
  static const ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&limits, document);
  g_autofree char *name = g_path_get_basename (path);
  ExtractInput input = {.name = name, .declared = "", .bytes = bytes, .limits = &limits};
  gboolean is_read = extract_run (&input, sink, NULL);

  return extract_sink_finish (sink, NULL) && is_read;
}

/* The length of the sequence at `at`, 0 if there is none (Unicode 15, table 3-7). */
static gsize
sequence_length (const guint8 *at, gsize left)
{
  static const guint8 first_min[] = {0, 0, 0x80, 0x80, 0x80};
  gsize length = *at < 0x80   ? 1
                 : *at < 0xC2 ? 0
                 : *at < 0xE0 ? 2
                 : *at < 0xF0 ? 3
                 : *at < 0xF5 ? 4
                              : 0;

  if (length < 2 || length > left)
    return length > left ? 0 : length;

  guint8 min = *at == 0xE0 ? 0xA0 : *at == 0xF0 ? 0x90 : first_min[length];
  guint8 max = *at == 0xED ? 0x9F : *at == 0xF4 ? 0x8F : 0xBF;

  if (at[1] < min || at[1] > max)
    return 0;
  for (gsize i = 2; i < length; i++)
    if ((at[i] & 0xC0) != 0x80)
      return 0;
  return length;
}

static gboolean
validate (const char *path, GBytes *bytes)
{
  gsize size;
  const guint8 *at = g_bytes_get_data (bytes, &size);
  const guint8 *end = at + size;

  while (at < end) {
    guint64 eight;
    gsize length;

    if (end - at >= 8) {
      memcpy (&eight, at, 8);
      if ((eight & G_GUINT64_CONSTANT (0x8080808080808080)) == 0) {
        at += 8;
        continue;
      }
    }
    length = sequence_length (at, (gsize)(end - at));
    if (length == 0)
      return FALSE;
    at += length;
  }
  return TRUE;
}

static gboolean
validate_by_glib (const char *path, GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return g_utf8_validate (data, (gssize)size, NULL);
}

static Work
work_named (const char *name)
{
  static const struct {
    const char *name;
    Work work;
  } works[] = {{"read", read_document}, {"validate", validate}, {"g-validate", validate_by_glib}};

  for (gsize i = 0; i < G_N_ELEMENTS (works); i++)
    if (strcmp (works[i].name, name) == 0)
      return works[i].work;
  return NULL;
}

/* Exits where a file cannot be had. (transfer full) */
static GBytes *
load (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, &error)) {
    g_printerr ("%s\n", error->message);
    exit (1);
  }
  return g_bytes_new_take (data, size);
}

int
main (int argc, char **argv)
{
  static const ExtractLimits limits = EXTRACT_LIMITS_INIT;
  Work work = argc > 3 ? work_named (argv[1]) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  guint documents = 0;
  double start;

  if (work == NULL) {
    g_printerr ("usage: extract-inside read|validate|g-validate PASSES FILE...\n");
    return 2;
  }
  if (work == read_document && !extract_warm_up (&error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  extract_set_limits (&limits);
  for (int i = 3; i < argc; i++)
    g_ptr_array_add (files, load (argv[i]));
  start = processor_seconds ();
  for (int pass = atoi (argv[2]); pass > 0; pass--)
    for (guint i = 0; i < files->len; i++)
      documents += work (argv[3 + i], files->pdata[i]) ? 1 : 0;
  printf ("%.6f %u\n", processor_seconds () - start, documents);
  return 0;
}
