/* cli.h: the program `ingest-extract` for people: files in, Markdown or NDJSON out, through the
 * same sandboxed worker as everywhere. */
#pragma once

#include "extract.h"

/* argv as in main. Returns the exit code: 0 all read, 1 failed, 2 usage, 3 some files refused. */
int cli_run (int argc, char **argv);
