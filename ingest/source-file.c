#include "source-file.h"

#include "error.h"

#include "chunker/file-name.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES (256u * 1024)

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, INGEST_ERROR, INGEST_ERROR_FILE, reason);
  return FALSE;
}

static gint64
mtime_of (const struct stat *info)
{
  /* what would not fit is no time that a clock has shown */
  if (ABS ((gint64)info->st_mtim.tv_sec) > G_MAXINT64 / 2000000)
    return 0;
  return (gint64)info->st_mtim.tv_sec * 1000000 + info->st_mtim.tv_nsec / 1000;
}

static gboolean
check_kind (const struct stat *info, guint64 max_bytes, GError **error)
{
  if (S_ISDIR (info->st_mode))
    return refuse (error, "it is a directory; name the files in it");
  if (!S_ISREG (info->st_mode))
    return refuse (error, "it is a pipe, socket or device, not a file");
  if ((guint64)info->st_size > max_bytes) {
    g_set_error (error, INGEST_ERROR, INGEST_ERROR_FILE,
                 "it has %" G_GINT64_FORMAT " bytes, more than max_file_bytes in [extract] allows "
                 "(%" G_GUINT64_FORMAT ")",
                 (gint64)info->st_size, max_bytes);
    return FALSE;
  }
  return TRUE;
}

static gboolean
hash (SourceFile *file, GError **error)
{
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  gsize length = sizeof file->checksum;
  guint64 at = 0;

  while (TRUE) {
    gssize n = pread (file->fd, buffer, READ_BYTES, (off_t)at);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0) {
      g_set_error (error, INGEST_ERROR, INGEST_ERROR_FILE, "it cannot be read: %s",
                   g_strerror (errno));
      return FALSE;
    }
    if (n == 0 || at + (guint64)n > file->size_bytes)
      break; /* the end, or it grows: the sizes differ then */
    g_checksum_update (sha256, buffer, n);
    at += (guint64)n;
  }
  if (at != file->size_bytes || source_file_has_changed (file))
    return refuse (error, "it changed while it was read; run again when it is complete");
  g_checksum_get_digest (sha256, file->checksum, &length);
  return TRUE;
}

SourceFile *
source_file_open (const char *path, guint64 max_bytes, GError **error)
{
  g_autoptr (SourceFile) file = g_new0 (SourceFile, 1);
  struct stat info;

  file->path = g_strdup (path);
  file->name = file_name_for_document (path);
  /* O_NONBLOCK: a named pipe without a writer would hold us here */
  file->fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (file->fd < 0 || fstat (file->fd, &info) != 0) {
    refuse (error, file_name_open_reason (errno));
    return NULL;
  }
  if (!check_kind (&info, max_bytes, error))
    return NULL;
  file->size_bytes = (guint64)info.st_size;
  file->mtime_us = mtime_of (&info);
  return hash (file, error) ? g_steal_pointer (&file) : NULL;
}

void
source_file_free (SourceFile *file)
{
  if (file == NULL)
    return;
  if (file->fd >= 0)
    close (file->fd);
  g_free (file->path);
  g_free (file->name);
  g_free (file);
}

gboolean
source_file_has_changed (const SourceFile *file)
{
  struct stat info;

  return fstat (file->fd, &info) != 0 || (guint64)info.st_size != file->size_bytes ||
         mtime_of (&info) != file->mtime_us;
}
