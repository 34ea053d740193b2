/* ingest-extract: the text of a file, read in a sandbox. */
#include "cli.h"

#include <locale.h>

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_set_prgname ("ingest-extract");
  return cli_run (argc, argv);
}
