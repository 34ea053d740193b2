#include "biff12.h"

#include "ingest/extract/codepage.h"

#include <string.h>

void
biff12_init (Biff12 *biff, GBytes *part)
{
  gsize bytes;

  memset (biff, 0, sizeof *biff);
  biff->next = g_bytes_get_data (part, &bytes);
  biff->end_of_part = biff->next + bytes;
}

/* A number of at most `max` bytes of 7 bits, the low ones first. */
static gboolean
read_number (Biff12 *biff, guint max, guint32 *value)
{
  *value = 0;
  for (guint i = 0; i < max; i++) {
    guint8 byte;

    if (biff->next == biff->end_of_part)
      return FALSE;
    byte = *biff->next++;
    *value |= (guint32)(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0)
      return TRUE;
  }
  return TRUE;
}

gboolean
biff12_next (Biff12 *biff)
{
  guint32 type, length;

  if (!read_number (biff, 2, &type) || !read_number (biff, 4, &length))
    return FALSE;
  biff->type = type;
  biff->at = biff->next;
  if (length > (gsize)(biff->end_of_part - biff->next))
    length = (guint32)(biff->end_of_part - biff->next);
  biff->next += length;
  biff->end = biff->next;
  return TRUE;
}

void
biff12_skip (Biff12 *biff, gsize bytes)
{
  gsize left = (gsize)(biff->end - biff->at);

  biff->at += MIN (bytes, left);
}

guint
biff12_u8 (Biff12 *biff)
{
  return biff->at < biff->end ? *biff->at++ : 0;
}

guint
biff12_u16 (Biff12 *biff)
{
  guint low = biff12_u8 (biff);

  return low | biff12_u8 (biff) << 8;
}

guint32
biff12_u32 (Biff12 *biff)
{
  guint32 low = biff12_u16 (biff);

  return low | (guint32)biff12_u16 (biff) << 16;
}

double
biff12_double (Biff12 *biff)
{
  guint64 bits = biff12_u32 (biff);
  double value;

  bits |= (guint64)biff12_u32 (biff) << 32;
  memcpy (&value, &bits, sizeof value);
  return value;
}

gboolean
biff12_append_text (Biff12 *biff, GString *out)
{
  guint32 units = biff12_u32 (biff);
  gsize left = (gsize)(biff->end - biff->at) / 2;

  if (units == G_MAXUINT32)
    return FALSE;
  units = (guint32)MIN (units, left);
  codepage_append_utf16 (out, biff->at, units);
  biff12_skip (biff, (gsize)units * 2);
  return TRUE;
}
