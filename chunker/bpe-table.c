#include "bpe-table.h"

#include <string.h>

guint64
bpe_table_checksum (gconstpointer table, gsize bytes)
{
  const guint8 *at = (const guint8 *)table + sizeof (BpeTable);
  const guint8 *end = (const guint8 *)table + bytes;
  guint64 sum = G_GUINT64_CONSTANT (0xCBF29CE484222325);
  guint64 word;

  for (; end - at >= (gssize)sizeof word; at += sizeof word) {
    memcpy (&word, at, sizeof word);
    sum = (sum ^ GUINT64_FROM_LE (word)) * G_GUINT64_CONSTANT (0x100000001B3);
  }
  return sum;
}

const BpeEncoding *
bpe_table_find (gconstpointer table, gsize bytes, const char *name)
{
  const BpeTable *header = table;

  if (G_BYTE_ORDER != G_LITTLE_ENDIAN || bytes < sizeof *header ||
      memcmp (header->magic, BPE_TABLE_MAGIC, sizeof header->magic) != 0 ||
      header->version != BPE_TABLE_VERSION || header->bytes != bytes ||
      header->n_encodings > BPE_ENCODINGS_MAX)
    return NULL;
  for (guint32 i = 0; i < header->n_encodings; i++)
    if (strncmp (header->encodings[i].name, name, sizeof header->encodings[i].name) == 0)
      return &header->encodings[i];
  return NULL;
}
