/* error.h: the program's own errors, and the exit code that each kind of error ends in. */
#pragma once

#include <glib.h>

#define INGEST_ERROR (ingest_error_quark ())
GQuark ingest_error_quark (void);

typedef enum {
  INGEST_ERROR_USAGE,  /* command line or pipeline.ini: exit 2 */
  INGEST_ERROR_FILE,   /* this file cannot be read: skip it */
  INGEST_ERROR_FAILED, /* exit 1 */
} IngestError;

typedef enum {
  EXIT_OK = 0,
  EXIT_FAILED = 1,
  EXIT_USAGE = 2,   /* usage or configuration */
  EXIT_REFUSED = 3, /* finished, but some files were refused */
  EXIT_LATER = 4,   /* database or storage away: try again later */
} ExitCode;

ExitCode exit_code_from_error (const GError *error);
