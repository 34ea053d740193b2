/* Archives: each file in them is a member, its name is the archive's own text. And files that are
 * compressed: what is in them stands for them. */
#include "archive-filter.h"
#include "archive-reader.h"
#include "ingest/extract/formats.h"

#include <archive.h>
#include <string.h>

/* What a system puts beside the files of a person. */
static gboolean
is_by_system (const char *name)
{
  const char *slash = strrchr (name, '/');
  const char *base = slash != NULL ? slash + 1 : name;

  return g_str_has_prefix (name, "__MACOSX/") || strcmp (base, ".DS_Store") == 0 ||
         g_ascii_strcasecmp (base, "Thumbs.db") == 0 || *base == '\0';
}

/* Is it of the whole file, not of this member alone? */
static gboolean
ends_all (const GError *failure)
{
  return g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_BOMB) ||
         g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT) ||
         g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_MEMORY);
}

static gboolean
read_member (const ExtractInput *input, ArchiveReader *reader, ExtractSink *sink, GError **error)
{
  const char *name = archive_reader_name (reader);
  g_autoptr (GBytes) partial = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) failure = NULL;

  if (!extract_list_item (sink, 1, 0, NULL, name, -1, error))
    return FALSE;
  bytes = archive_reader_read (reader, &partial, &failure);
  if (bytes != NULL)
    return extract_member (input, name, "", bytes, sink, error);
  if (ends_all (failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return extract_member_failed (input, name, failure, sink, error);
}

/* The archive is damaged: what was found stays. */
static gboolean
end_damaged (guint members, GError *failure, GError **error)
{
  if (members == 0) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  extract_limit_error (error, "only %u members; the archive is damaged: %s", members,
                       failure->message);
  g_error_free (failure);
  return FALSE;
}

static gboolean
read_members (const ExtractInput *input, ArchiveReader *reader, ArchiveStep step, ExtractSink *sink,
              GError **error)
{
  GError *failure = NULL;
  guint members = 0;

  for (; step != ARCHIVE_END; step = archive_reader_next (reader, &failure)) {
    if (step == ARCHIVE_FAILED_READ)
      return end_damaged (members, failure, error);
    if (extract_time_is_up (sink))
      return extract_limit_error (error, "only what could be unpacked in time");
    if (step != ARCHIVE_MEMBER || is_by_system (archive_reader_name (reader)))
      continue;
    members++;
    if (!read_member (input, reader, sink, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
extract_read_archive (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (ArchiveReader) reader = archive_reader_open (input, ARCHIVE_FILTER_NONE, sink, error);
  ArchiveStep step;

  if (reader == NULL)
    return FALSE;
  step = archive_reader_next (reader, error);
  return step != ARCHIVE_FAILED_READ && read_members (input, reader, step, sink, error);
}

/* One file, compressed. */
static gboolean
read_inner (const ExtractInput *input, ArchiveReader *reader, ExtractSink *sink, GError **error)
{
  g_autofree char *name = archive_filter_inner_name (input->name);
  g_autoptr (GBytes) partial = NULL;
  g_autoptr (GError) damage = NULL;
  g_autoptr (GBytes) bytes = archive_reader_read (reader, &partial, &damage);

  if (bytes != NULL)
    return extract_inner (input, name, bytes, sink, error);
  if (partial == NULL) {
    g_propagate_error (error, g_steal_pointer (&damage));
    return FALSE;
  }
  return extract_inner (input, name, partial, sink, error) &&
         extract_limit_error (error, "its compressed data is damaged: %s", damage->message);
}

gboolean
extract_read_compressed (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (input->bytes, &size);
  const ArchiveFilter *filter = archive_filter_of (data, size);
  g_autoptr (ArchiveReader) reader = NULL;
  ArchiveStep step;

  if (filter == NULL) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED,
                 "it is compressed in no known way");
    return FALSE;
  }
  reader = archive_reader_open (input, filter->code, sink, error);
  if (reader == NULL)
    return FALSE;
  step = archive_reader_next (reader, error);
  if (step == ARCHIVE_FAILED_READ)
    return FALSE;
  if (archive_reader_is_raw (reader))
    return step == ARCHIVE_END || read_inner (input, reader, sink, error);
  /* what is inside of the compression is an archive: that is what the file is */
  extract_meta (sink, "format", archive_reader_format (reader));
  return read_members (input, reader, step, sink, error);
}
