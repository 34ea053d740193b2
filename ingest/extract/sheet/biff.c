#include "biff.h"

#include <string.h>

#define HEADER_BYTES 4

/* flags of a text, MS-XLS 2.5.293 */
#define TEXT_WIDE 0x01
#define TEXT_PHONETIC 0x04
#define TEXT_RICH 0x08

static guint
get_u16 (const guint8 *at)
{
  return (guint)at[0] | (guint)at[1] << 8;
}

gboolean
biff_next (Biff *biff)
{
  const guint8 *header = biff->data + biff->next;
  gsize left = biff->bytes - biff->next, length;

  if (left < HEADER_BYTES)
    return FALSE;
  length = get_u16 (header + 2);
  if (length > left - HEADER_BYTES)
    length = left - HEADER_BYTES;
  biff->start = biff->next;
  biff->type = get_u16 (header);
  biff->at = header + HEADER_BYTES;
  biff->end = biff->at + length;
  biff->next += HEADER_BYTES + length;
  return TRUE;
}

gboolean
biff_is_bof (const guint8 *data, gsize bytes, gsize offset, guint *version)
{
  guint type, found = 0, length;

  if (offset > bytes || bytes - offset < HEADER_BYTES + 4)
    return FALSE;
  data += offset;
  type = get_u16 (data);
  length = get_u16 (data + 2);
  if (length < 4 || length > 64)
    return FALSE;
  if (type == 0x0009)
    found = 2;
  else if (type == 0x0209)
    found = 3;
  else if (type == 0x0409)
    found = 4;
  else if (type == 0x0809)
    found = get_u16 (data + HEADER_BYTES) == 0x0600 ? 8 : 5;
  if (version != NULL)
    *version = found;
  return found != 0;
}

gsize
biff_left (const Biff *biff)
{
  return (gsize)(biff->end - biff->at);
}

void
biff_skip (Biff *biff, gsize bytes)
{
  biff->at += MIN (bytes, biff_left (biff));
}

guint
biff_u8 (Biff *biff)
{
  return biff->at < biff->end ? *biff->at++ : 0;
}

guint
biff_u16 (Biff *biff)
{
  guint value;

  if (biff_left (biff) < 2) {
    biff->at = biff->end;
    return 0;
  }
  value = get_u16 (biff->at);
  biff->at += 2;
  return value;
}

guint32
biff_u32 (Biff *biff)
{
  guint32 low = biff_u16 (biff);

  return low | (guint32)biff_u16 (biff) << 16;
}

double
biff_double (Biff *biff)
{
  guint64 bits = biff_u32 (biff);
  double value;

  bits |= (guint64)biff_u32 (biff) << 32;
  memcpy (&value, &bits, sizeof value);
  return value;
}

double
biff_rk (guint32 rk)
{
  guint64 bits = (guint64)(rk & ~3u) << 32;
  gint32 whole = (gint32)(rk & ~3u) / 4;
  double value;

  if ((rk & 2) != 0)
    value = whole;
  else
    memcpy (&value, &bits, sizeof value);
  return (rk & 1) != 0 ? value / 100 : value;
}

/* --- texts -------------------------------------------------------------------------------------
 */

gboolean
biff_continue (Biff *biff)
{
  gsize left = biff->bytes - biff->next;

  return left >= HEADER_BYTES && get_u16 (biff->data + biff->next) == BIFF_CONTINUE &&
         biff_next (biff);
}

/* Past `bytes`, in CONTINUE records, too. */
static void
skip_through (Biff *biff, gsize bytes)
{
  while (bytes > 0) {
    gsize step = MIN (bytes, biff_left (biff));

    biff_skip (biff, step);
    bytes -= step;
    if (bytes > 0 && !biff_continue (biff))
      return;
  }
}

static void
append_latin1 (GString *out, const guint8 *text, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (text[i] < 0x80)
      g_string_append_c (out, (char)text[i]);
    else
      g_string_append_unichar (out, text[i]);
}

static void
append_units (Biff *biff, guint units, guint flags, GString *out)
{
  while (units > 0) {
    guint width = (flags & TEXT_WIDE) != 0 ? 2 : 1;
    guint n = (guint)MIN (units, biff_left (biff) / width);

    if (width == 2)
      codepage_append_utf16 (out, biff->at, n);
    else
      append_latin1 (out, biff->at, n);
    biff_skip (biff, (gsize)n * width);
    units -= n;
    if (units == 0)
      return;
    if (!biff_continue (biff))
      return;
    flags = biff_u8 (biff);
  }
}

void
biff_append_characters (Biff *biff, guint units, GString *out)
{
  if (biff_left (biff) == 0 && !biff_continue (biff))
    return;
  append_units (biff, units, biff_u8 (biff), out);
}

static void
append_rich_text (Biff *biff, guint units, GString *out)
{
  guint flags = biff_u8 (biff);
  guint runs = (flags & TEXT_RICH) != 0 ? biff_u16 (biff) : 0;
  guint32 phonetic = (flags & TEXT_PHONETIC) != 0 ? biff_u32 (biff) : 0;

  append_units (biff, units, flags, out);
  skip_through (biff, (gsize)runs * 4 + phonetic);
}

void
biff_append_text (Biff *biff, guint length_bytes, GString *out)
{
  guint length;

  /* the texts of SST may begin in a CONTINUE of their own */
  if (biff_left (biff) == 0 && biff->version >= 8)
    biff_continue (biff);
  length = length_bytes == 1 ? biff_u8 (biff) : biff_u16 (biff);
  if (biff->version >= 8) {
    append_rich_text (biff, length, out);
    return;
  }
  while (length > 0) {
    gsize n = MIN (length, biff_left (biff));

    codepages_append (biff->codepages, biff->code_page, biff->at, n, out);
    biff_skip (biff, n);
    length -= (guint)n;
    if (length > 0 && !biff_continue (biff))
      return;
  }
}
