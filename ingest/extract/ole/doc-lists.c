/* Lists (PlfLst, PlfLfo: MS-DOC 2.9.189 and 2.9.188). */
#include "doc.h"

#include <string.h>

#define LIST_BYTES 28
#define OVERRIDE_BYTES 16
#define LISTS_MAX 20000
#define NO_LIST 0x7ff /* an "ilfo" of Word 6 lists */

/* LVL (2.9.150) */
static void
read_level (ByteReader *reader, NumberingLevel *level)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint8 flags, character_bytes, paragraph_bytes;
  guint length;

  level->start = byte_read_u32 (reader);
  level->format = byte_read_u8 (reader);
  flags = byte_read_u8 (reader);
  level->is_legal = (flags & 4) != 0;
  byte_skip (reader, 9 + 1 + 4 + 4);
  character_bytes = byte_read_u8 (reader);
  paragraph_bytes = byte_read_u8 (reader);
  level->has_restart = (flags & 8) != 0;
  level->restart_below = byte_read_u8 (reader);
  byte_skip (reader, 1);
  byte_skip (reader, (gsize)paragraph_bytes + character_bytes);
  length = byte_read_u16 (reader);
  for (guint i = 0; i < length && !reader->is_short; i++) {
    guint16 unit = byte_read_u16 (reader);
    guint8 bytes[2] = {unit & 0xff, (guint8)(unit >> 8)};

    if (unit < NUMBERING_LEVELS)
      g_string_append_c (text, (char)(unit + 1));
    else if (unit >= 0x20)
      codepage_append_utf16 (text, bytes, 1);
  }
  g_free (level->text);
  level->text = g_string_free (g_steal_pointer (&text), FALSE);
}

/* The levels stand behind the table, beyond the size that the FIB gives. */
static void
read_lists (Doc *doc)
{
  const guint8 *end =
      (const guint8 *)g_bytes_get_data (doc->table, NULL) + g_bytes_get_size (doc->table);
  ByteReader reader, levels;
  guint n;

  doc_table (doc, DOC_TABLE_LISTS, &reader);
  n = byte_read_u16 (&reader);
  n = (guint)MIN (n, MIN (byte_left (&reader) / LIST_BYTES, LISTS_MAX));
  byte_reader_init (&levels, reader.at + n * LIST_BYTES, (gsize)(end - reader.at) - n * LIST_BYTES);
  for (guint i = 0; i < n && !levels.is_short; i++) {
    NumberingList *list = g_new0 (NumberingList, 1);
    guint32 id = byte_read_u32 (&reader);
    gboolean is_simple;

    byte_skip (&reader, 4 + 18);
    is_simple = (byte_read_u8 (&reader) & 1) != 0;
    byte_skip (&reader, 1);
    for (guint level = 0; level < (is_simple ? 1 : NUMBERING_LEVELS); level++)
      read_level (&levels, &list->levels[level]);
    g_hash_table_insert (doc->lists, GUINT_TO_POINTER (id), list);
  }
}

static void
free_level (NumberingLevel *level)
{
  if (level != NULL)
    g_free (level->text);
  g_free (level);
}

/* LFOLVL (2.9.133): the level may begin elsewhere, or be another. */
static void
read_override_level (ByteReader *reader, DocListOverride *override)
{
  guint32 start = byte_read_u32 (reader), flags = byte_read_u32 (reader);
  guint index = flags & 15;
  NumberingLevel *level = NULL;

  if (flags & 0x20) {
    level = g_new0 (NumberingLevel, 1);
    read_level (reader, level);
    start = level->start;
  }
  if (index >= NUMBERING_LEVELS || reader->is_short) {
    free_level (level);
    return;
  }
  free_level (override->levels[index]);
  override->levels[index] = level;
  if (flags & 0x10) {
    override->has_start[index] = TRUE;
    override->start[index] = start;
  }
}

void
doc_free_lists (Doc *doc)
{
  for (guint i = 0; i < doc->overrides->len; i++)
    for (guint j = 0; j < NUMBERING_LEVELS; j++)
      free_level (g_array_index (doc->overrides, DocListOverride, i).levels[j]);
  g_array_unref (doc->overrides);
  g_hash_table_unref (doc->lists);
}

void
doc_read_lists (Doc *doc)
{
  ByteReader reader, data;
  guint32 n;

  read_lists (doc);
  doc_table (doc, DOC_TABLE_LIST_OVERRIDES, &reader);
  n = byte_read_u32 (&reader);
  n = (guint32)MIN (n, MIN (byte_left (&reader) / OVERRIDE_BYTES, LISTS_MAX));
  byte_reader_init (&data, reader.at + n * OVERRIDE_BYTES,
                    byte_left (&reader) - n * OVERRIDE_BYTES);
  for (guint i = 0; i < n; i++) {
    DocListOverride override = {0};
    guint levels;

    override.list = g_hash_table_lookup (doc->lists, GUINT_TO_POINTER (byte_read_u32 (&reader)));
    byte_skip (&reader, 8);
    levels = byte_read_u8 (&reader);
    byte_skip (&reader, 3);
    byte_skip (&data, 4);
    for (guint j = 0; j < levels && !data.is_short; j++)
      read_override_level (&data, &override);
    g_array_append_val (doc->overrides, override);
  }
}

/* Word 6: a list without a table, of numbers or of bullets. */
static gboolean
is_old_item (const DocParagraph *paragraph)
{
  return paragraph->old_list == 10 || paragraph->old_list == 11;
}

/* The list counts with the levels that the override has of its own; then they are its own again. */
static void
swap_levels (DocListOverride *override)
{
  for (guint i = 0; i < NUMBERING_LEVELS; i++)
    if (override->levels[i] != NULL) {
      NumberingLevel other = *override->levels[i];

      *override->levels[i] = override->list->levels[i];
      override->list->levels[i] = other;
    }
}

gboolean
doc_next_marker (Doc *doc, const DocParagraph *paragraph, char **marker)
{
  DocListOverride *override;
  const NumberingLevel *level;
  gboolean is_bullet;

  *marker = NULL;
  if (paragraph->list == 0 || paragraph->list >= NO_LIST || paragraph->list > doc->overrides->len)
    return is_old_item (paragraph);
  override = &g_array_index (doc->overrides, DocListOverride, paragraph->list - 1u);
  if (override->list == NULL)
    return FALSE;
  swap_levels (override);
  for (guint i = 0; !override->is_used && i < NUMBERING_LEVELS; i++)
    if (override->has_start[i])
      numbering_restart (override->list, i, override->start[i]);
  override->is_used = TRUE;
  level = &override->list->levels[MIN (paragraph->level, NUMBERING_LEVELS - 1)];
  is_bullet = level->format == NUMBERING_BULLET && level->text != NULL && *level->text != '\0';
  *marker = numbering_next (override->list, paragraph->level);
  swap_levels (override);
  return *marker != NULL || is_bullet;
}
