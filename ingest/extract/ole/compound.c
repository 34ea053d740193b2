/* The reader of MS-CFB. Everything follows chains of sectors; none is longer than the file has
 * sectors, so that loops end, and what leads out of the file ends there. */
#include "compound.h"

#include "ingest/extract/bytes.h"
#include "ingest/extract/codepage.h"

#include <string.h>

/* Header (2.2) */
#define HEADER_BYTES 512
#define AT_VERSION 26
#define AT_SECTOR_SHIFT 30
#define AT_MINI_SHIFT 32
#define AT_DIRECTORY 48
#define AT_MINI_CUTOFF 56
#define AT_MINI_FAT 60
#define AT_DIFAT 68
#define AT_DIFAT_ARRAY 76
#define DIFAT_ARRAY 109
#define SECTOR_LAST 0xfffffffa /* 2.1: larger ones say that there is none */

#define ENTRY_BYTES 128
#define ENTRIES_MAX (1u << 20)
#define ENTRY_NONE 0xffffffff
#define ENTRY_STORAGE 1
#define ENTRY_STREAM 2
#define ENTRY_ROOT 5

typedef struct {
  char *name; /* UTF-8 */
  guint8 type;
  guint32 left, right, child;
  guint32 start;
  guint64 bytes;
} Entry;

/* What all storages of a file share. */
typedef struct {
  gatomicrefcount references;
  GBytes *bytes;
  guint sector_shift, mini_shift;
  guint32 mini_cutoff;
  GArray *fat;      /* (element-type guint32) the sector after each */
  GArray *mini_fat; /* the same of mini sectors */
  GBytes *mini;     /* (nullable) the stream that those lie in, once it was wanted */
  GArray *entries;  /* (element-type Entry) */
  gboolean is_cut;  /* the directory names entries that it has not */
} File;

struct Compound {
  File *file;
  GArray *children; /* (element-type guint32) numbers of entries */
};

gboolean
compound_is (const guint8 *data, gsize bytes)
{
  static const guint8 signature[] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};

  return bytes >= sizeof signature && memcmp (data, signature, sizeof signature) == 0;
}

/* --- sectors -----------------------------------------------------------------------------------
 */

/* Whole ones and what there is of the last. */
static guint32
count_sectors (const File *file)
{
  gsize sector = (gsize)1 << file->sector_shift, bytes = g_bytes_get_size (file->bytes);

  return bytes <= sector ? 0 : (guint32)MIN ((bytes - 1) >> file->sector_shift, SECTOR_LAST);
}

/* Its bytes; fewer at the end of the file. */
static ByteReader
sector_at (const File *file, guint32 sector)
{
  gsize size, offset = ((gsize)sector + 1) << file->sector_shift;
  const guint8 *data = g_bytes_get_data (file->bytes, &size);
  ByteReader reader;

  offset = MIN (offset, size);
  byte_reader_init (&reader, data + offset, MIN ((gsize)1 << file->sector_shift, size - offset));
  return reader;
}

static guint32
next_sector (const GArray *fat, guint32 sector)
{
  return sector < fat->len ? g_array_index (fat, guint32, sector) : G_MAXUINT32;
}

/* The sectors from `start` on lie one after another: no need to copy them. */
static gboolean
is_contiguous (const File *file, guint32 start, gsize bytes)
{
  gsize n = (bytes + ((gsize)1 << file->sector_shift) - 1) >> file->sector_shift;

  for (gsize i = 0; i + 1 < n; i++)
    if (next_sector (file->fat, start + (guint32)i) != start + (guint32)i + 1)
      return FALSE;
  return n > 0 && (((gsize)start + n) << file->sector_shift) < g_bytes_get_size (file->bytes);
}

/* No more than max_bytes. */
static GBytes *
read_chain (const File *file, guint32 start, guint64 max_bytes)
{
  guint32 left = count_sectors (file);
  gsize offset = ((gsize)start + 1) << file->sector_shift, size = g_bytes_get_size (file->bytes);
  GByteArray *stream;

  if (start < SECTOR_LAST && offset < size && max_bytes <= size - offset &&
      is_contiguous (file, start, (gsize)max_bytes))
    return g_bytes_new_from_bytes (file->bytes, offset, (gsize)max_bytes);
  stream = g_byte_array_new ();
  for (guint32 sector = start; sector < SECTOR_LAST && stream->len < max_bytes && left > 0;
       left--, sector = next_sector (file->fat, sector)) {
    ByteReader reader = sector_at (file, sector);

    g_byte_array_append (stream, reader.at,
                         (guint)MIN (byte_left (&reader), max_bytes - stream->len));
    if (byte_left (&reader) == 0)
      break;
  }
  return g_byte_array_free_to_bytes (stream);
}

static GBytes *
read_mini_chain (const File *file, guint32 start, guint64 max_bytes)
{
  GByteArray *stream = g_byte_array_new ();
  gsize size, sector_bytes = (gsize)1 << file->mini_shift;
  const guint8 *mini = g_bytes_get_data (file->mini, &size);
  guint32 left = (guint32)MIN (file->mini_fat->len, (size >> file->mini_shift) + 1);

  for (guint32 sector = start; sector < SECTOR_LAST && stream->len < max_bytes && left > 0;
       left--, sector = next_sector (file->mini_fat, sector)) {
    gsize offset = (gsize)sector << file->mini_shift;

    if (offset >= size)
      break;
    g_byte_array_append (stream, mini + offset,
                         (guint)MIN (MIN (sector_bytes, size - offset), max_bytes - stream->len));
  }
  return g_byte_array_free_to_bytes (stream);
}

/* --- tables ------------------------------------------------------------------------------------
 */

/* One sector of the FAT, as the next in a row; what is missing of it leads nowhere. */
static void
add_fat_sector (File *file, guint32 sector)
{
  ByteReader reader = sector_at (file, sector);
  guint n = 1u << (file->sector_shift - 2);

  for (guint i = 0; i < n && file->fat->len < count_sectors (file); i++) {
    guint32 next = byte_left (&reader) >= 4 ? byte_read_u32 (&reader) : G_MAXUINT32;

    g_array_append_val (file->fat, next);
  }
}

/* The DIFAT says where the FAT is: 109 sectors in the header, others in a chain of its own. */
static void
read_fat (File *file, const guint8 *header)
{
  guint n = (1u << (file->sector_shift - 2)) - 1;
  guint32 difat = byte_at (header, HEADER_BYTES, AT_DIFAT, 4), left = count_sectors (file);

  for (guint i = 0; i < DIFAT_ARRAY; i++) {
    guint32 sector = byte_at (header, HEADER_BYTES, AT_DIFAT_ARRAY + i * 4, 4);

    if (sector < SECTOR_LAST)
      add_fat_sector (file, sector);
  }
  for (; difat < SECTOR_LAST && left > 0; left--) {
    ByteReader reader = sector_at (file, difat);

    for (guint i = 0; i < n && byte_left (&reader) > 4; i++) {
      guint32 sector = byte_read_u32 (&reader);

      if (sector < SECTOR_LAST)
        add_fat_sector (file, sector);
    }
    difat = byte_left (&reader) >= 4 ? byte_read_u32 (&reader) : G_MAXUINT32;
  }
}

static void
read_mini_fat (File *file, guint32 start)
{
  g_autoptr (GBytes) table = read_chain (file, start, G_MAXUINT32);
  ByteReader reader;

  byte_reader_init_bytes (&reader, table);
  while (byte_left (&reader) >= 4) {
    guint32 next = byte_read_u32 (&reader);

    g_array_append_val (file->mini_fat, next);
  }
}

static void
clear_entry (gpointer data)
{
  g_free (((Entry *)data)->name);
}

/* 2.6.1 */
static void
read_entry (File *file, ByteReader reader, gboolean is_large)
{
  const guint8 *at = reader.at;
  guint units = byte_at (at, ENTRY_BYTES, 64, 2) / 2;
  g_autoptr (GString) name = g_string_new (NULL);
  Entry entry = {
      .type = (guint8)byte_at (at, ENTRY_BYTES, 66, 1),
      .left = byte_at (at, ENTRY_BYTES, 68, 4),
      .right = byte_at (at, ENTRY_BYTES, 72, 4),
      .child = byte_at (at, ENTRY_BYTES, 76, 4),
      .start = byte_at (at, ENTRY_BYTES, 116, 4),
      .bytes = byte_at (at, ENTRY_BYTES, 120, 4),
  };

  if (is_large)
    entry.bytes |= (guint64)byte_at (at, ENTRY_BYTES, 124, 4) << 32;
  /* it ends with NUL, which counts */
  codepage_append_utf16 (name, at, units == 0 ? 0 : MIN (units, 32) - 1);
  entry.name = g_string_free (g_steal_pointer (&name), FALSE);
  g_array_append_val (file->entries, entry);
}

static void
read_directory (File *file, guint32 start, gboolean is_large)
{
  g_autoptr (GBytes) directory = read_chain (file, start, (guint64)ENTRIES_MAX * ENTRY_BYTES);
  ByteReader reader;

  byte_reader_init_bytes (&reader, directory);
  while (byte_left (&reader) >= ENTRY_BYTES) {
    read_entry (file, reader, is_large);
    byte_skip (&reader, ENTRY_BYTES);
  }
}

/* --- the file ----------------------------------------------------------------------------------
 */

static File *
file_new (GBytes *bytes)
{
  File *file = g_new0 (File, 1);

  g_atomic_ref_count_init (&file->references);
  file->bytes = g_bytes_ref (bytes);
  file->fat = g_array_new (FALSE, FALSE, sizeof (guint32));
  file->mini_fat = g_array_new (FALSE, FALSE, sizeof (guint32));
  file->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (file->entries, clear_entry);
  return file;
}

static void
file_unref (File *file)
{
  if (!g_atomic_ref_count_dec (&file->references))
    return;
  g_bytes_unref (file->bytes);
  g_array_unref (file->fat);
  g_array_unref (file->mini_fat);
  g_array_unref (file->entries);
  g_clear_pointer (&file->mini, g_bytes_unref);
  g_free (file);
}

static const Entry *
entry_at (const File *file, guint32 number)
{
  return number < file->entries->len ? &g_array_index (file->entries, Entry, number) : NULL;
}

/* The children of a storage are a binary tree (2.6.4). In its order, each once. */
static GArray *
list_children (File *file, const Entry *storage)
{
  GArray *children = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint8 *is_seen = g_malloc0 (file->entries->len);
  guint32 at = storage->child;

  for (;;) {
    const Entry *entry = entry_at (file, at);

    if (entry != NULL && !is_seen[at]) {
      is_seen[at] = 1;
      g_array_append_val (open, at);
      at = entry->left;
      continue;
    }
    file->is_cut |= entry == NULL && at != ENTRY_NONE;
    if (open->len == 0)
      return children;
    at = g_array_index (open, guint32, open->len - 1);
    g_array_set_size (open, open->len - 1);
    entry = entry_at (file, at);
    if (entry->type == ENTRY_STORAGE || entry->type == ENTRY_STREAM)
      g_array_append_val (children, at);
    at = entry->right;
  }
}

static Compound *
compound_new (File *file, const Entry *storage)
{
  Compound *compound = g_new0 (Compound, 1);

  g_atomic_ref_count_inc (&file->references);
  compound->file = file;
  compound->children = list_children (file, storage);
  return compound;
}

static guint
shift_at (const guint8 *header, gsize offset, guint least, guint most, guint usual)
{
  guint shift = byte_at (header, HEADER_BYTES, offset, 2);

  return shift < least || shift > most ? usual : shift;
}

Compound *
compound_open (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *header = g_bytes_get_data (bytes, &size);
  Compound *compound = NULL;
  File *file;

  if (size < HEADER_BYTES || !compound_is (header, size)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                 "it is a damaged OLE2 file: its header is cut short");
    return NULL;
  }
  file = file_new (bytes);
  file->sector_shift = shift_at (header, AT_SECTOR_SHIFT, 7, 16, 9);
  file->mini_shift = shift_at (header, AT_MINI_SHIFT, 3, file->sector_shift, 6);
  file->mini_cutoff = byte_at (header, HEADER_BYTES, AT_MINI_CUTOFF, 4);
  read_fat (file, header);
  read_mini_fat (file, byte_at (header, HEADER_BYTES, AT_MINI_FAT, 4));
  read_directory (file, byte_at (header, HEADER_BYTES, AT_DIRECTORY, 4),
                  byte_at (header, HEADER_BYTES, AT_VERSION, 2) >= 4);
  if (file->entries->len > 0)
    compound = compound_new (file, entry_at (file, 0));
  else
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                 "it is a damaged OLE2 file: its directory is missing");
  file_unref (file);
  return compound;
}

void
compound_free (Compound *compound)
{
  if (compound == NULL)
    return;
  g_array_unref (compound->children);
  file_unref (compound->file);
  g_free (compound);
}

gboolean
compound_is_cut (const Compound *compound)
{
  return compound->file->is_cut;
}

/* --- what is in it -----------------------------------------------------------------------------
 */

static const Entry *
child_at (const Compound *compound, guint index)
{
  return index < compound->children->len
             ? entry_at (compound->file, g_array_index (compound->children, guint32, index))
             : NULL;
}

/* (nullable) */
static const Entry *
find (const Compound *compound, const char *name)
{
  for (guint i = 0; i < compound->children->len; i++)
    if (g_ascii_strcasecmp (child_at (compound, i)->name, name) == 0)
      return child_at (compound, i);
  return NULL;
}

guint
compound_count (const Compound *compound)
{
  return compound->children->len;
}

const char *
compound_name (const Compound *compound, guint index)
{
  const Entry *entry = child_at (compound, index);

  return entry == NULL ? NULL : entry->name;
}

gboolean
compound_has (const Compound *compound, const char *name)
{
  return find (compound, name) != NULL;
}

gboolean
compound_is_storage (const Compound *compound, guint index)
{
  const Entry *entry = child_at (compound, index);

  return entry != NULL && entry->type == ENTRY_STORAGE;
}

Compound *
compound_open_storage (const Compound *compound, const char *name)
{
  const Entry *entry = find (compound, name);

  return entry == NULL || entry->type != ENTRY_STORAGE ? NULL
                                                       : compound_new (compound->file, entry);
}

/* The stream of small streams is the root's own. */
static void
read_mini (File *file)
{
  const Entry *root = entry_at (file, 0);

  if (file->mini == NULL)
    file->mini = read_chain (file, root->start, root->bytes);
}

GBytes *
compound_read (const Compound *compound, const char *name, GError **error)
{
  const Entry *entry = find (compound, name);
  File *file = compound->file;
  GBytes *stream;

  if (entry == NULL || entry->type != ENTRY_STREAM) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it has no stream %s", name);
    return NULL;
  }
  if (entry->bytes < file->mini_cutoff) {
    read_mini (file);
    stream = read_mini_chain (file, entry->start, entry->bytes);
  } else {
    stream = read_chain (file, entry->start, entry->bytes);
  }
  if (g_bytes_get_size (stream) == 0 && entry->bytes > 0) {
    g_bytes_unref (stream);
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "its stream %s is damaged", name);
    return NULL;
  }
  return stream;
}
