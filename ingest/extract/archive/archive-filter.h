/* archive-filter.h: how a file is compressed as a whole. */
#pragma once

#include <glib.h>

typedef struct {
  int code; /* ARCHIVE_FILTER_... */
  const char *magic;
  gsize magic_bytes;
  const char *format; /* in extract_formats */
  const char *mime_type;
} ArchiveFilter;

/* By its first bytes. NULL when it is not compressed, or by gzip (inflate.h). */
const ArchiveFilter *archive_filter_of (const guint8 *data, gsize bytes);

/* File name without ".xz" and the like; ".tbz2" becomes ".tar". (transfer full) */
char *archive_filter_inner_name (const char *name);
