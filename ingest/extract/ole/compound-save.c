/* A storage as a file of its own (MS-CFB): sectors of streams one after another, the directory, the
 * FAT. There are no mini sectors: the header says that streams of any size go without. */
#include "compound.h"

#include <string.h>

#define SECTOR_BYTES 512
#define ENTRY_BYTES 128
#define NAME_UNITS_MAX 31
#define SECTOR_NONE 0xffffffffu
#define SECTOR_END 0xfffffffeu
#define SECTOR_FAT 0xfffffffdu
#define SECTOR_DIFAT 0xfffffffcu
#define ENTRY_NONE 0xffffffffu
#define DIFAT_ARRAY 109
#define NUMBERS_A_SECTOR (SECTOR_BYTES / 4)

#define SAVE_BYTES_MAX (256u << 20)
#define SAVE_DEPTH_MAX 8
#define SAVE_ENTRIES_MAX 4096

typedef struct {
  GByteArray *sectors;   /* after the header */
  GByteArray *directory; /* entries */
  GArray *fat;           /* (element-type guint32) */
} Writer;

static void
put (guint8 *at, guint32 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++)
    at[i] = (guint8)(value >> (8 * i));
}

static void
pad (GByteArray *array)
{
  static const guint8 zeros[SECTOR_BYTES];
  guint over = array->len % SECTOR_BYTES;

  if (over != 0)
    g_byte_array_append (array, zeros, SECTOR_BYTES - over);
}

/* A chain of consecutive sectors. Returns the first, SECTOR_END of none. */
static guint32
add_chain (Writer *writer, const guint8 *data, gsize bytes)
{
  guint32 first = writer->fat->len;

  if (bytes == 0)
    return SECTOR_END;
  g_byte_array_append (writer->sectors, data, (guint)bytes);
  pad (writer->sectors);
  for (guint32 next = first + 1; next <= writer->sectors->len / SECTOR_BYTES; next++) {
    guint32 last = SECTOR_END;

    g_array_append_val (writer->fat,
                        *(next == writer->sectors->len / SECTOR_BYTES ? &last : &next));
  }
  return first;
}

/* Returns its number. */
static guint32
add_entry (Writer *writer, const char *name, guint8 type)
{
  guint8 entry[ENTRY_BYTES] = {0};
  glong units;
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (name, -1, NULL, &units, NULL);
  guint32 number = writer->directory->len / ENTRY_BYTES;

  units = wide == NULL ? 0 : MIN (units, NAME_UNITS_MAX);
  for (glong i = 0; i < units; i++)
    put (entry + i * 2, wide[i], 2);
  put (entry + 64, (guint32)(units + 1) * 2, 2);
  entry[66] = type;
  entry[67] = 1; /* black */
  put (entry + 68, ENTRY_NONE, 4);
  put (entry + 72, ENTRY_NONE, 4);
  put (entry + 76, ENTRY_NONE, 4);
  g_byte_array_append (writer->directory, entry, ENTRY_BYTES);
  return number;
}

static void
set_entry (Writer *writer, guint32 number, guint offset, guint32 value)
{
  put (writer->directory->data + (gsize)number * ENTRY_BYTES + offset, value, 4);
}

static gboolean
add_storage (Writer *writer, const Compound *storage, guint32 number, guint depth)
{
  guint32 before = ENTRY_NONE;

  for (guint i = 0; i < compound_count (storage); i++) {
    const char *name = compound_name (storage, i);
    gboolean is_storage = compound_is_storage (storage, i);
    guint32 entry = add_entry (writer, name, is_storage ? 1 : 2);

    if (entry >= SAVE_ENTRIES_MAX || writer->sectors->len > SAVE_BYTES_MAX ||
        (is_storage && depth == SAVE_DEPTH_MAX))
      return FALSE;
    /* the tree is a list: each is to the right of the one before */
    set_entry (writer, before == ENTRY_NONE ? number : before, before == ENTRY_NONE ? 76 : 72,
               entry);
    before = entry;
    if (is_storage) {
      g_autoptr (Compound) inner = compound_open_storage (storage, name);

      if (inner != NULL && !add_storage (writer, inner, entry, depth + 1))
        return FALSE;
    } else {
      g_autoptr (GBytes) stream = compound_read (storage, name, NULL);
      gsize bytes = stream == NULL ? 0 : g_bytes_get_size (stream);

      if (bytes > SAVE_BYTES_MAX)
        return FALSE;
      set_entry (writer, entry, 116,
                 add_chain (writer, bytes == 0 ? NULL : g_bytes_get_data (stream, NULL), bytes));
      set_entry (writer, entry, 120, (guint32)bytes);
    }
  }
  return TRUE;
}

static void
put_numbers (GByteArray *out, const guint32 *numbers, guint n, guint of)
{
  for (guint i = 0; i < of; i++) {
    guint8 number[4];

    put (number, i < n ? numbers[i] : SECTOR_NONE, 4);
    g_byte_array_append (out, number, 4);
  }
}

/* The FAT comes last and is in itself; so is the DIFAT, where the header has not room for it. */
static GBytes *
finish (Writer *writer, guint32 directory)
{
  guint32 used = writer->fat->len, n_fat = 0, n_difat = 0, total;
  GByteArray *file = g_byte_array_new ();
  guint8 header[76] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
  g_autofree guint32 *fat_sectors = NULL;

  do {
    total = used + n_fat + n_difat;
    n_fat = (total + NUMBERS_A_SECTOR) / NUMBERS_A_SECTOR;
    n_difat = n_fat <= DIFAT_ARRAY
                  ? 0
                  : (n_fat - DIFAT_ARRAY + NUMBERS_A_SECTOR - 2) / (NUMBERS_A_SECTOR - 1);
  } while (used + n_fat + n_difat > total);
  put (header + 24, 0x3e, 2);
  put (header + 26, 3, 2);
  put (header + 28, 0xfffe, 2);
  put (header + 30, 9, 2);
  put (header + 32, 6, 2);
  put (header + 44, n_fat, 4);
  put (header + 48, directory, 4);
  put (header + 60, SECTOR_END, 4);
  put (header + 68, n_difat == 0 ? SECTOR_END : used + n_fat, 4);
  put (header + 72, n_difat, 4);
  g_byte_array_append (file, header, sizeof header);
  fat_sectors = g_new (guint32, n_fat);
  for (guint32 i = 0; i < n_fat; i++) {
    guint32 mark = SECTOR_FAT;

    fat_sectors[i] = used + i;
    g_array_append_val (writer->fat, mark);
  }
  for (guint32 i = 0; i < n_difat; i++) {
    guint32 mark = SECTOR_DIFAT;

    g_array_append_val (writer->fat, mark);
  }
  put_numbers (file, fat_sectors, MIN (n_fat, DIFAT_ARRAY), DIFAT_ARRAY);
  g_byte_array_append (file, writer->sectors->data, writer->sectors->len);
  put_numbers (file, (const guint32 *)(gconstpointer)writer->fat->data, writer->fat->len,
               n_fat * NUMBERS_A_SECTOR);
  for (guint32 i = 0; i < n_difat; i++) {
    guint32 from = DIFAT_ARRAY + i * (NUMBERS_A_SECTOR - 1);
    guint32 next = i + 1 == n_difat ? SECTOR_END : used + n_fat + i + 1;

    put_numbers (file, fat_sectors + from, MIN (n_fat - from, NUMBERS_A_SECTOR - 1),
                 NUMBERS_A_SECTOR - 1);
    put_numbers (file, &next, 1, 1);
  }
  return g_byte_array_free_to_bytes (file);
}

GBytes *
compound_save (const Compound *storage)
{
  Writer writer = {g_byte_array_new (), g_byte_array_new (),
                   g_array_new (FALSE, FALSE, sizeof (guint32))};
  GBytes *file = NULL;

  add_entry (&writer, "Root Entry", 5);
  set_entry (&writer, 0, 116, SECTOR_END);
  if (compound_count (storage) > 0 && add_storage (&writer, storage, 0, 0))
    file = finish (&writer, add_chain (&writer, writer.directory->data, writer.directory->len));
  g_byte_array_unref (writer.sectors);
  g_byte_array_unref (writer.directory);
  g_array_unref (writer.fat);
  return file;
}
