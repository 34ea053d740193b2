/* archive-reader.h: the members of an archive in turn, over libarchive.
 *
 * From memory: no file is opened. Its filters are named one by one, for some of them would start a
 * program. */
#pragma once

#include "ingest/extract/extract.h"

typedef struct ArchiveReader ArchiveReader;

/* Of which bytes it reads, and how they are compressed (ARCHIVE_FILTER_NONE: not, as a whole). With
 * a filter, what is no tar or cpio comes as one member without a name: archive_reader_is_raw.
 * input, sink: borrowed. Errors: EXTRACT_ERROR_CORRUPT, _MEMORY. (transfer full) */
ArchiveReader *archive_reader_open (const ExtractInput *input, int filter, ExtractSink *sink,
                                    GError **error);
void archive_reader_free (ArchiveReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveReader, archive_reader_free)

typedef enum {
  ARCHIVE_MEMBER, /* a file */
  ARCHIVE_OTHER,  /* a folder, a link, a device */
  ARCHIVE_END,
  ARCHIVE_FAILED_READ, /* error set: EXTRACT_ERROR_CORRUPT, _ENCRYPTED, _UNSUPPORTED */
} ArchiveStep;

/* The next one. */
ArchiveStep archive_reader_next (ArchiveReader *reader, GError **error);

gboolean archive_reader_is_raw (const ArchiveReader *reader);

/* Of what kind it is, as in extract_formats: "tar", "cpio". Static. */
const char *archive_reader_format (const ArchiveReader *reader);

/* Its name, UTF-8. Borrowed, until the next step. */
const char *archive_reader_name (const ArchiveReader *reader);

/* Its bytes. NULL with error set: EXTRACT_ERROR_CORRUPT (*partial: what there was before the
 * damage, (transfer full) (nullable)), _ENCRYPTED, _UNSUPPORTED (how it is compressed), _BOMB,
 * _LIMIT, _MEMORY. (transfer full) */
GBytes *archive_reader_read (ArchiveReader *reader, GBytes **partial, GError **error);
