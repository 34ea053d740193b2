/* read-files same|other [-PASSES] FILE...: extracts the files as one user's or each as another
 * user's, as a pipeline would, and throws the text away; several times over with the same worker,
 * if so told. For measuring; prints processor seconds of all processes and the number of documents.
 */
#include "ingest/extract/client.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static double
seconds (struct timeval time)
{
  return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double
processor_seconds (int who)
{
  struct rusage used;

  getrusage (who, &used);
  return seconds (used.ru_utime) + seconds (used.ru_stime);
}

/* 1: it gave a document. */
static guint
read_file (ExtractClient *client, const char *owner, const char *path)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0) {
    perror (path);
    return 0;
  }

  ExtractJob job = {.owner = owner,
                    .name = strrchr (path, '/') ?: path,
                    .fd = fd,
                    .size_bytes = (guint64)info.st_size};
  g_autoptr (Document) document = extract_client_run (client, &job, NULL);

  close (fd);
  return document != NULL;
}

/* The number of documents. */
static guint
read_all (ExtractClient *client, gboolean same, char **paths)
{
  guint documents = 0;

  for (guint i = 0; paths[i] != NULL; i++) {
    g_autofree char *owner = g_strdup_printf ("%u", same ? 0 : i);

    documents += read_file (client, owner, paths[i]);
  }
  return documents;
}

int
main (int argc, char **argv)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autofree char *worker =
      g_build_filename (g_getenv ("INGEST_BUILD") ?: "build/release", "ingest-extract", NULL);
  ExtractClient *client = extract_client_new (worker, &limits);
  gboolean repeat = argc > 2 && argv[2][0] == '-';
  int passes = repeat ? atoi (argv[2] + 1) : 1;
  guint documents = 0;

  if (argc < (repeat ? 4 : 3)) {
    g_printerr ("usage: read-files same|other [-PASSES] FILE...\n");
    return 2;
  }
  while (passes-- > 0)
    documents += read_all (client, strcmp (argv[1], "other") != 0, argv + (repeat ? 3 : 2));
  extract_client_free (client);
  printf ("%.3f %u\n", processor_seconds (RUSAGE_SELF) + processor_seconds (RUSAGE_CHILDREN),
          documents);
  return 0;
}
