/* pipeline.h: files in, rows out.
 *
 *     open, hash ──► look up ──► extract ──► chunk ──► batch ──► commit
 *      a group        once a      worker     pure      until it is full or old
 *                     group
 *
 * What is unchanged (same content, same extractor, chunker and settings) is known after the look-up
 * and costs nothing more: a file that is unchanged has the members that it had. One file's failure
 * touches no other.
 */
#pragma once

#include "config.h"
#include "db/report.h"
#include "ingest/extract/client.h"

/* stage: "reading", "looking up", "extracting", "loading"; path: (nullable) of the file at hand. */
typedef void (*PipelineProgressFunc) (const char *stage, const char *path, guint done, guint total,
                                      gpointer user_data);

/* Called once for every file, and after it for each document inside of it, when its outcome is
 * certain (after the commit). */
typedef void (*PipelineReportFunc) (const Report *report, gpointer user_data);

typedef struct {
  const Config *config;
  DbConnection *connection;
  ExtractClient *client;
  Uuid user;
  const char *folder_path; /* normalised */
  const char *mime_hint;   /* (nullable) declared MIME type of all files */
  PipelineProgressFunc progress;
  PipelineReportFunc report;
  gpointer user_data;
} Pipeline;

/* TRUE: every path was reported. FALSE: the run had to stop (database away, no worker): what was
 * reported is in the database, of the rest nothing is. */
gboolean pipeline_run (const Pipeline *pipeline, const char *const *paths, guint n_paths,
                       GError **error);
