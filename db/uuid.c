#include "uuid.h"

#include <stdarg.h>
#include <string.h>

/* Our own namespace, made once at random. It must never change: every id rests on it. */
static const Uuid ingest_namespace = {{0x6b, 0x1f, 0x0a, 0x52, 0x9c, 0x3e, 0x4d, 0x87, 0xb5, 0x40,
                                       0x3a, 0xd1, 0x7e, 0x26, 0xf8, 0x09}};

gboolean
uuid_parse (const char *text, Uuid *uuid)
{
  const char *at = text;

  if (!g_uuid_string_is_valid (text))
    return FALSE;
  for (gsize i = 0; i < sizeof uuid->bytes; i++) {
    if (*at == '-')
      at++;
    uuid->bytes[i] = (guint8)(g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));
    at += 2;
  }
  return TRUE;
}

void
uuid_format (const Uuid *uuid, char text[static UUID_TEXT_BYTES])
{
  static const char hex[] = "0123456789abcdef";
  char *at = text;

  for (gsize i = 0; i < sizeof uuid->bytes; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      *at++ = '-';
    *at++ = hex[uuid->bytes[i] >> 4];
    *at++ = hex[uuid->bytes[i] & 15];
  }
  *at = '\0';
}

gboolean
uuid_equal (const Uuid *a, const Uuid *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static Uuid
uuid_from_checksum (GChecksum *checksum)
{
  guint8 digest[20];
  gsize length = sizeof digest;
  Uuid uuid;

  g_checksum_get_digest (checksum, digest, &length);
  memcpy (uuid.bytes, digest, sizeof uuid.bytes);
  uuid.bytes[6] = (guint8)((uuid.bytes[6] & 0x0f) | 0x50); /* version 5 */
  uuid.bytes[8] = (guint8)((uuid.bytes[8] & 0x3f) | 0x80); /* variant 10 */
  return uuid;
}

Uuid
uuid_v5 (const Uuid *space, const char *part, ...)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  va_list more;

  g_checksum_update (checksum, space->bytes, sizeof space->bytes);
  g_checksum_update (checksum, (const guchar *)part, -1);
  va_start (more, part);
  for (const char *next = va_arg (more, const char *); next != NULL;
       next = va_arg (more, const char *)) {
    g_checksum_update (checksum, (const guchar *)"", 1);
    g_checksum_update (checksum, (const guchar *)next, -1);
  }
  va_end (more);
  return uuid_from_checksum (checksum);
}

Uuid
uuid_for_document (const Uuid *owner, const char *folder_path, const char *name, guint series)
{
  char owner_text[UUID_TEXT_BYTES];

  uuid_format (owner, owner_text);
  if (series == 0)
    return uuid_v5 (&ingest_namespace, owner_text, "folder", folder_path, name, NULL);

  g_autofree char *number = g_strdup_printf ("%u", series);
  return uuid_v5 (&ingest_namespace, owner_text, "folder", folder_path, name, number, NULL);
}

Uuid
uuid_for_chunk (const Uuid *document, const guint8 content_sha256[static 32], guint nth)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint32 nth_be = GUINT32_TO_BE (nth);

  g_checksum_update (checksum, document->bytes, sizeof document->bytes);
  g_checksum_update (checksum, content_sha256, 32);
  g_checksum_update (checksum, (const guchar *)&nth_be, sizeof nth_be);
  return uuid_from_checksum (checksum);
}
