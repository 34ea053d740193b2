#include "archive-filter.h"

#include <archive.h>
#include <string.h>

static const ArchiveFilter filters[] = {
    {ARCHIVE_FILTER_BZIP2, "BZh", 3, "bzip2", "application/x-bzip2"},
    {ARCHIVE_FILTER_XZ, "\xfd\x37zXZ\0", 6, "xz", "application/x-xz"},
    {ARCHIVE_FILTER_ZSTD, "\x28\xb5\x2f\xfd", 4, "zstd", "application/zstd"},
    {ARCHIVE_FILTER_COMPRESS, "\x1f\x9d", 2, "compress", "application/x-compress"},
    {ARCHIVE_FILTER_LZ4, "\x04\x22\x4d\x18", 4, "lz4", "application/x-lz4"},
    {ARCHIVE_FILTER_LZ4, "\x02\x21\x4c\x18", 4, "lz4", "application/x-lz4"},
    {ARCHIVE_FILTER_LZIP, "LZIP\1", 5, "lzip", "application/x-lzip"},
    /* properties 5d and a dictionary of a power of two */
    {ARCHIVE_FILTER_LZMA, "\x5d\0\0", 3, "lzma", "application/x-lzma"},
};

/* Three letters are little: the magic of a block, or of an empty file, must follow. */
static gboolean
is_bzip2 (const guint8 *data, gsize bytes)
{
  return bytes >= 10 && data[3] >= '1' && data[3] <= '9' &&
         (memcmp (data + 4, "1AY&SY", 6) == 0 ||
          memcmp (data + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* The size is unknown, or its upper bytes are 0; the stream begins with one. */
static gboolean
is_lzma (const guint8 *data, gsize bytes)
{
  return bytes >= 14 && data[13] == 0 &&
         (memcmp (data + 5, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == 0 ||
          memcmp (data + 10, "\0\0\0", 3) == 0);
}

const ArchiveFilter *
archive_filter_of (const guint8 *data, gsize bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++) {
    const ArchiveFilter *filter = &filters[i];

    if (bytes < filter->magic_bytes || memcmp (data, filter->magic, filter->magic_bytes) != 0)
      continue;
    if ((filter->code != ARCHIVE_FILTER_BZIP2 || is_bzip2 (data, bytes)) &&
        (filter->code != ARCHIVE_FILTER_LZMA || is_lzma (data, bytes)))
      return filter;
  }
  return NULL;
}

char *
archive_filter_inner_name (const char *name)
{
  static const char *const endings[][2] = {
      {".bz2", ""},     {".xz", ""},       {".zst", ""},     {".z", ""},        {".lz4", ""},
      {".lz", ""},      {".lzma", ""},     {".tbz", ".tar"}, {".tbz2", ".tar"}, {".tb2", ".tar"},
      {".txz", ".tar"}, {".tzst", ".tar"}, {".tlz", ".tar"}, {".taz", ".tar"},
  };
  gsize length = strlen (name);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++) {
    gsize ending = strlen (endings[i][0]);

    if (length > ending && g_ascii_strcasecmp (name + length - ending, endings[i][0]) == 0)
      return g_strdup_printf ("%.*s%s", (int)(length - ending), name, endings[i][1]);
  }
  return g_strdup (name);
}
