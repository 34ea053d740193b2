#include "archive-reader.h"

#include "archive-name.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#define MEMBER_BYTES_MAX G_MAXINT32
#define SIZE_HINT_MAX (1u << 20) /* of a size that only the archive says */
#define RETRIES_MAX 65536        /* blocks passed over in search of the next member */
#define NAME_MAX_BYTES 4096
#define SPARSE_BYTES_MAX (64u << 20)

struct ArchiveReader {
  ExtractSink *sink;
  struct archive *archive;
  struct archive_entry *entry; /* of the last step; the archive owns it */
  ArchiveNames names;
  char *name;
  gboolean names_begun;
  gboolean is_damaged; /* something was passed over */
};

/* --- errors ------------------------------------------------------------------------------------
 */

static gboolean
mentions (const char *message, const char *what)
{
  return strcasestr (message, what) != NULL;
}

/* libarchive tells kinds of failure apart by its words alone. */
static ExtractCode
code_of (ArchiveReader *reader, const char *message)
{
  if (archive_errno (reader->archive) == ENOMEM)
    return EXTRACT_ERROR_MEMORY;
  if (mentions (message, "passphrase") || mentions (message, "encrypted") ||
      mentions (message, "crypto codec"))
    return EXTRACT_ERROR_ENCRYPTED;
  if (mentions (message, "unsupported") || mentions (message, "not supported"))
    return EXTRACT_ERROR_UNSUPPORTED;
  return EXTRACT_ERROR_CORRUPT;
}

static void
set_error (ArchiveReader *reader, GError **error)
{
  const char *said = archive_error_string (reader->archive);
  g_autofree char *message = g_utf8_make_valid (said != NULL ? said : "it is damaged", -1);
  ExtractCode code = code_of (reader, message);

  if (code == EXTRACT_ERROR_ENCRYPTED)
    g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                         "it is encrypted, and none of the passwords given opens it");
  else
    g_set_error (error, EXTRACT_ERROR, (int)code, "%s", message);
}

/* --- opening -----------------------------------------------------------------------------------
 */

static void
support_formats (struct archive *archive)
{
  archive_read_support_format_tar (archive);
  archive_read_support_format_zip (archive);
  archive_read_support_format_7zip (archive);
  archive_read_support_format_rar (archive);
  archive_read_support_format_rar5 (archive);
  archive_read_support_format_ar (archive);
  archive_read_support_format_cpio (archive);
  archive_read_support_format_cab (archive);
  archive_read_support_format_iso9660 (archive);
  archive_read_support_format_lha (archive);
  archive_read_support_format_xar (archive);
}

/* Those that are made to be read from one end to the other; the rest is for its own reader. */
static void
support_streams (struct archive *archive)
{
  archive_read_support_format_tar (archive);
  archive_read_support_format_cpio (archive);
  archive_read_support_format_raw (archive);
}

static gboolean
open_bytes (ArchiveReader *reader, const ExtractInput *input, int filter)
{
  gsize size;
  const void *data = g_bytes_get_data (input->bytes, &size);

  if (filter == ARCHIVE_FILTER_NONE) {
    support_formats (reader->archive);
  } else {
    support_streams (reader->archive);
    if (archive_read_support_filter_by_code (reader->archive, filter) < ARCHIVE_WARN)
      return FALSE;
  }
  for (const char *const *password = input->passwords; password != NULL && *password != NULL;
       password++)
    archive_read_add_passphrase (reader->archive, *password);
  return archive_read_open_memory (reader->archive, data, size) >= ARCHIVE_WARN;
}

ArchiveReader *
archive_reader_open (const ExtractInput *input, int filter, ExtractSink *sink, GError **error)
{
  g_autoptr (ArchiveReader) reader = g_new0 (ArchiveReader, 1);

  reader->sink = sink;
  reader->archive = archive_read_new ();
  if (reader->archive == NULL) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_MEMORY, "no memory to open it");
    return NULL;
  }
  if (!open_bytes (reader, input, filter)) {
    set_error (reader, error);
    return NULL;
  }
  return g_steal_pointer (&reader);
}

void
archive_reader_free (ArchiveReader *reader)
{
  if (reader == NULL)
    return;
  if (reader->archive != NULL)
    archive_read_free (reader->archive);
  archive_names_clear (&reader->names);
  g_free (reader->name);
  g_free (reader);
}

/* --- members -----------------------------------------------------------------------------------
 */

gboolean
archive_reader_is_raw (const ArchiveReader *reader)
{
  return archive_format (reader->archive) == ARCHIVE_FORMAT_RAW;
}

const char *
archive_reader_format (const ArchiveReader *reader)
{
  int format = archive_format (reader->archive) & ARCHIVE_FORMAT_BASE_MASK;

  return format == ARCHIVE_FORMAT_CPIO ? "cpio" : "tar";
}

const char *
archive_reader_name (const ArchiveReader *reader)
{
  return reader->name;
}

/* As it stands in the archive or, where that says what charset it is, as UTF-8 (the locale's, which
 * warm-up has set). */
static void
take_name (ArchiveReader *reader)
{
  const char *raw = archive_entry_pathname (reader->entry);
  g_autofree char *cut = NULL;

  if (!reader->names_begun) {
    int format = archive_format (reader->archive) & ARCHIVE_FORMAT_BASE_MASK;

    archive_names_init (&reader->names, format == ARCHIVE_FORMAT_ZIP);
    reader->names_begun = TRUE;
  }
  if (raw == NULL)
    raw = archive_entry_pathname_utf8 (reader->entry);
  cut = g_strndup (raw != NULL ? raw : "", NAME_MAX_BYTES);
  g_free (reader->name);
  reader->name = archive_names_decode (&reader->names, cut);
}

ArchiveStep
archive_reader_next (ArchiveReader *reader, GError **error)
{
  guint retries = 0;
  int result;

  while ((result = archive_read_next_header (reader->archive, &reader->entry)) == ARCHIVE_RETRY &&
         ++retries < RETRIES_MAX)
    reader->is_damaged = TRUE;
  if (result == ARCHIVE_EOF && !reader->is_damaged)
    return ARCHIVE_END;
  if (result == ARCHIVE_EOF) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "members could not be found");
    return ARCHIVE_FAILED_READ;
  }
  if (result < ARCHIVE_WARN) {
    set_error (reader, error);
    return ARCHIVE_FAILED_READ;
  }
  take_name (reader);
  if (archive_entry_filetype (reader->entry) != AE_IFREG ||
      archive_entry_hardlink (reader->entry) != NULL)
    return ARCHIVE_OTHER;
  return ARCHIVE_MEMBER;
}

/* Zeros, where a sparse file has a hole. FALSE: there is no room for them. */
static gboolean
fill_hole (ArchiveReader *reader, GByteArray *bytes, gint64 offset)
{
  guint length = bytes->len;

  /* the reader of xar counts on from the member before */
  if (archive_format (reader->archive) == ARCHIVE_FORMAT_XAR || offset <= (gint64)length)
    return TRUE;
  if (offset > MEMBER_BYTES_MAX || offset - (gint64)length > (gint64)SPARSE_BYTES_MAX)
    return FALSE;
  g_byte_array_set_size (bytes, (guint)offset);
  memset (bytes->data + length, 0, bytes->len - length);
  return TRUE;
}

/* One piece of it. FALSE at the end, and on error. */
static gboolean
read_piece (ArchiveReader *reader, GByteArray *bytes, GError **error)
{
  const void *data;
  guint length = bytes->len;
  size_t size;
  la_int64_t offset;
  int result = archive_read_data_block (reader->archive, &data, &size, &offset);

  if (result == ARCHIVE_EOF)
    return FALSE;
  if (result < ARCHIVE_WARN) {
    set_error (reader, error);
    return FALSE;
  }
  if (!fill_hole (reader, bytes, offset) || size > MEMBER_BYTES_MAX - bytes->len) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_TOO_LARGE, "it is larger than 2 GiB");
    return FALSE;
  }
  g_byte_array_append (bytes, data, (guint)size);
  if (!extract_inflated (reader->sink, bytes->len - length, error))
    return FALSE;
  return !extract_time_is_up (reader->sink) ||
         extract_limit_error (error, "only what could be unpacked in time");
}

/* The image of a disk, most of it holes: no bomb, and no text. */
static gboolean
check_sparse (ArchiveReader *reader, gint64 size, GError **error)
{
  if (archive_entry_sparse_count (reader->entry) == 0 || size <= (gint64)SPARSE_BYTES_MAX)
    return TRUE;
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_TOO_LARGE,
               "it is a sparse file of %" G_GINT64_FORMAT " bytes", size);
  return FALSE;
}

GBytes *
archive_reader_read (ArchiveReader *reader, GBytes **partial, GError **error)
{
  gint64 size = archive_entry_size_is_set (reader->entry) ? archive_entry_size (reader->entry) : 0;
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new ((guint)CLAMP (size, 0, SIZE_HINT_MAX));
  g_autoptr (GError) failure = NULL;

  *partial = NULL;
  if (!check_sparse (reader, size, error))
    return NULL;
  while (read_piece (reader, bytes, &failure))
    continue;
  if (failure == NULL)
    return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  if (bytes->len > 0 && g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT))
    *partial = g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
