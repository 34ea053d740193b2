#include "frame.h"

#include <string.h>

void
frame_put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

guint32
frame_get_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_LE (value);
}

guint32
frame_blocks_max (const ExtractLimits *limits)
{
  return (guint32)MIN (limits->max_text_bytes / 16 + 4096, (guint64)G_MAXINT32);
}

gsize
frame_cut (const char *text, gsize len, gsize max)
{
  gsize cut = max;

  if (len <= max)
    return len;
  while (cut > 0 && ((guchar)text[cut] & 0xC0) == 0x80)
    cut--;
  return cut > 0 ? cut : max; /* never 0 for what is no UTF-8: callers loop */
}

/* --- JOB ---------------------------------------------------------------------- */

GByteArray *
frame_pack_job (const char *name, const char *declared)
{
  GByteArray *frame = g_byte_array_new ();
  guint8 header[FRAME_HEADER_BYTES];
  gsize name_bytes = strlen (name);
  gsize declared_bytes = frame_cut (declared, strlen (declared), 255);

  if (name_bytes > FRAME_JOB_MAX / 2) { /* the end tells more: the file name extension */
    gsize skip = name_bytes - FRAME_JOB_MAX / 2;

    while (((guchar)name[skip] & 0xC0) == 0x80)
      skip++;
    name += skip;
    name_bytes -= skip;
  }
  frame_put_u32 (header, FRAME_JOB);
  frame_put_u32 (header + 4, (guint32)(name_bytes + 1 + declared_bytes));
  g_byte_array_append (frame, header, sizeof header);
  g_byte_array_append (frame, (const guint8 *)name, (guint)name_bytes + 1);
  g_byte_array_append (frame, (const guint8 *)declared, (guint)declared_bytes);
  return frame;
}

gboolean
frame_unpack_job (const char *payload, gsize length, const char **name, const char **declared)
{
  const char *end = memchr (payload, '\0', length);

  if (length > FRAME_JOB_MAX || end == NULL)
    return FALSE;
  *name = payload;
  *declared = end + 1;
  return g_utf8_validate (payload, end - payload, NULL) &&
         g_utf8_validate (end + 1, payload + length - (end + 1), NULL);
}

gboolean
frame_unpack_header (const guint8 *header, guint32 *type, guint32 *length)
{
  *type = frame_get_u32 (header);
  *length = frame_get_u32 (header + 4);
  return *length <= FRAME_PAYLOAD_MAX;
}
