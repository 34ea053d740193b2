#include "mapi.h"

#include "ingest/extract/codepage.h"
#include "mail-header.h"

#include <string.h>

/* FILETIME counts 100 ns from 1601. */
#define FILETIME_UNIX_EPOCH_S G_GINT64_CONSTANT (11644473600)
#define FILETIME_PER_S 10000000

typedef struct {
  guint type;
  GBytes *bytes;
} Value;

struct MapiProperties {
  GHashTable *values; /* id: Value */
  guint code_page;
};

static void
value_free (gpointer data)
{
  Value *value = data;

  g_bytes_unref (value->bytes);
  g_free (value);
}

MapiProperties *
mapi_properties_new (void)
{
  MapiProperties *properties = g_new0 (MapiProperties, 1);

  properties->values = g_hash_table_new_full (NULL, NULL, NULL, value_free);
  return properties;
}

void
mapi_properties_free (MapiProperties *properties)
{
  if (properties == NULL)
    return;
  g_hash_table_unref (properties->values);
  g_free (properties);
}

static const Value *
find (const MapiProperties *properties, guint32 id)
{
  return g_hash_table_lookup (properties->values, GUINT_TO_POINTER (id));
}

void
mapi_add (MapiProperties *properties, guint32 id, guint type, GBytes *bytes)
{
  const Value *old = find (properties, id);
  Value *value;

  if (old != NULL && !(old->type == MAPI_STRING8 && type == MAPI_STRING))
    return;
  value = g_new (Value, 1);
  value->type = type;
  value->bytes = g_bytes_ref (bytes);
  g_hash_table_insert (properties->values, GUINT_TO_POINTER (id), value);
}

gboolean
mapi_has (const MapiProperties *properties, guint32 id)
{
  return find (properties, id) != NULL;
}

void
mapi_set_code_page (MapiProperties *properties, guint code_page)
{
  properties->code_page = code_page;
}

guint
mapi_code_page (const MapiProperties *properties)
{
  return properties->code_page;
}

char *
mapi_charset (guint code_page)
{
  static const struct {
    guint code_page;
    const char *charset;
  } others[] = {
      {65001, "UTF-8"},       {65000, "UTF-7"},       {20127, "US-ASCII"},
      {20866, "KOI8-R"},      {21866, "KOI8-U"},      {50220, "ISO-2022-JP"},
      {50221, "ISO-2022-JP"}, {50222, "ISO-2022-JP"}, {50225, "ISO-2022-KR"},
      {51932, "EUC-JP"},      {51949, "EUC-KR"},      {52936, "HZ"},
      {54936, "GB18030"},     {38598, "ISO-8859-8"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    if (others[i].code_page == code_page)
      return g_strdup (others[i].charset);
  if (code_page > 28590 && code_page < 28606)
    return g_strdup_printf ("ISO-8859-%u", code_page - 28590);
  if (code_page == 0)
    return NULL;
  return g_strdup_printf (code_page < 874 ? "ibm-%u" : "windows-%u", code_page);
}

/* --- values ------------------------------------------------------------------------------------
 */

static char *
string8 (const guint8 *data, gsize bytes, guint code_page)
{
  g_autofree char *charset = mapi_charset (code_page);

  return g_string_free (mail_decode_bytes (data, bytes, charset), FALSE);
}

static char *
string16 (const guint8 *data, gsize bytes)
{
  GString *text = g_string_new (NULL);

  codepage_append_utf16 (text, data, bytes / 2);
  return g_string_free (text, FALSE);
}

char *
mapi_string (const MapiProperties *properties, guint32 id)
{
  const Value *value = find (properties, id);
  gsize bytes;
  const guint8 *data;

  if (value == NULL || (value->type != MAPI_STRING && value->type != MAPI_STRING8))
    return NULL;
  data = g_bytes_get_data (value->bytes, &bytes);
  if (value->type == MAPI_STRING) {
    while (bytes >= 2 && data[bytes - 1] == 0 && data[bytes - 2] == 0 && bytes % 2 == 0)
      bytes -= 2;
    return string16 (data, bytes);
  }
  while (bytes > 0 && data[bytes - 1] == 0)
    bytes--;
  return string8 (data, bytes, properties->code_page);
}

GBytes *
mapi_bytes (const MapiProperties *properties, guint32 id)
{
  const Value *value = find (properties, id);

  return value == NULL ? NULL : value->bytes;
}

static guint64
little_endian (const guint8 *data, gsize bytes)
{
  guint64 number = 0;

  for (gsize i = 0; i < MIN (bytes, 8); i++)
    number |= (guint64)data[i] << 8 * i;
  return number;
}

guint32
mapi_uint (const MapiProperties *properties, guint32 id)
{
  const Value *value = find (properties, id);
  gsize bytes;
  const guint8 *data;

  if (value == NULL || (value->type != MAPI_INTEGER32 && value->type != MAPI_INTEGER16 &&
                        value->type != MAPI_BOOLEAN))
    return 0;
  data = g_bytes_get_data (value->bytes, &bytes);
  return (guint32)little_endian (data, MIN (bytes, value->type == MAPI_INTEGER32 ? 4 : 2));
}

gboolean
mapi_boolean (const MapiProperties *properties, guint32 id)
{
  return mapi_uint (properties, id) != 0;
}

char *
mapi_time (const MapiProperties *properties, guint32 id)
{
  const Value *value = find (properties, id);
  g_autoptr (GDateTime) time = NULL;
  gsize bytes;
  const guint8 *data;
  gint64 seconds;

  if (value == NULL || value->type != MAPI_TIME)
    return NULL;
  data = g_bytes_get_data (value->bytes, &bytes);
  seconds = (gint64)(little_endian (data, bytes) / FILETIME_PER_S) - FILETIME_UNIX_EPOCH_S;
  /* 0, and Outlook's "none", which is in the year 4501 */
  if (bytes < 8 || seconds < -FILETIME_UNIX_EPOCH_S + 1)
    return NULL;
  time = g_date_time_new_from_unix_utc (seconds);
  if (time == NULL || g_date_time_get_year (time) >= 4500)
    return NULL;
  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}
