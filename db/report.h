/* report.h: what became of a file, as one line for a person or one JSON object for a program. */
#pragma once

#include "load.h"

typedef enum {
  REPORT_LOADED,
  REPORT_CHANGED,
  REPORT_EMPTY, /* loaded or changed, but there is no text in it */
  REPORT_UNCHANGED,
  REPORT_FAILED,
  N_REPORT_RESULTS
} ReportResult;

typedef struct {
  const char *path; /* as the person gave it; of a member with its place in the file */
  ReportResult result;
  const Uuid *id;     /* (nullable) the document's */
  const DbItem *item; /* (nullable) when it was loaded or failed in extraction */
  const char *folder; /* (nullable) */
  guint page_count;
  gint64 elapsed_us;         /* spent on this file; 0: not told */
  const char *error_code;    /* REPORT_FAILED */
  const char *error_message; /* REPORT_FAILED */
} Report;

/* "loaded", "changed", "empty", "unchanged", "failed". */
const char *report_result_name (ReportResult result);

/* Of an item as a DbLoadedFunc gets it; path and elapsed_us are the caller's to set. Borrows all.
 */
Report report_of_loaded (const DbItem *item, const Uuid *id, DbLoaded loaded);

/* With the newline; names are shown with control characters and invalid bytes escaped.
 * (transfer full) */
char *report_to_text (const Report *report);
char *report_to_json (const Report *report);
