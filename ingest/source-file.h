/* source-file.h: a file on this machine as the pipeline takes it: open, measured, hashed. */
#pragma once

#include "db/item.h"

typedef struct {
  char *path; /* as given */
  char *name; /* the document's: last part of the path, invalid UTF-8 as \xNN */
  int fd;     /* read-only; -1 when closed */
  guint64 size_bytes;
  gint64 mtime_us; /* since 1970 */
  guint8 checksum[DB_CHECKSUM_BYTES];
} SourceFile;

/* Opens regular files only (symlinks are followed; nothing else is waited for), reads and hashes.
 * Errors: INGEST_ERROR_FILE, worded to follow "FILE: ". */
SourceFile *source_file_open (const char *path, guint64 max_bytes, GError **error);
void source_file_free (SourceFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SourceFile, source_file_free)

/* TRUE when its size or time is no longer what was hashed. */
gboolean source_file_has_changed (const SourceFile *file);
