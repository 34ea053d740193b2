#include "tnef.h"

#include <string.h>

#define HEADER_BYTES 6 /* signature, key (2.1.3.1) */
#define ATTACHMENTS_MAX 10000
#define VALUES_MAX 65536

/* 2.1.3.3: attributes that are read */
enum {
  ATTRIBUTE_SUBJECT = 0x00018004,
  ATTRIBUTE_BODY = 0x0002800c,
  ATTRIBUTE_FROM = 0x00008000,
  ATTRIBUTE_CODE_PAGE = 0x00069007,
  ATTRIBUTE_MESSAGE_PROPERTIES = 0x00069003,
  ATTRIBUTE_NEW_ATTACHMENT = 0x00069002,
  ATTRIBUTE_ATTACHMENT_TITLE = 0x00018010,
  ATTRIBUTE_ATTACHMENT_DATA = 0x0006800f,
  ATTRIBUTE_ATTACHMENT_PROPERTIES = 0x00069005,
};

typedef struct {
  GBytes *bytes; /* of all */
  const guint8 *start;
  const guint8 *at;
  const guint8 *end;
} Cursor;

static gboolean
read_uint (Cursor *cursor, guint bytes, guint32 *value)
{
  if ((gsize)(cursor->end - cursor->at) < bytes)
    return FALSE;
  *value = 0;
  for (guint i = 0; i < bytes; i++)
    *value |= (guint32)*cursor->at++ << 8 * i;
  return TRUE;
}

/* (transfer full) (nullable) */
static GBytes *
read_bytes (Cursor *cursor, gsize bytes)
{
  GBytes *value;

  if ((gsize)(cursor->end - cursor->at) < bytes)
    return NULL;
  value = g_bytes_new_from_bytes (cursor->bytes, (gsize)(cursor->at - cursor->start), bytes);
  cursor->at += bytes;
  return value;
}

static gboolean
skip (Cursor *cursor, gsize bytes)
{
  if ((gsize)(cursor->end - cursor->at) < bytes)
    return FALSE;
  cursor->at += bytes;
  return TRUE;
}

/* --- MAPI properties (2.1.3.4) -----------------------------------------------------------------
 */

static gsize
padded (gsize bytes)
{
  return (bytes + 3) & ~(gsize)3;
}

/* Of a type of fixed size; 0: it has its size with it. */
static gsize
fixed_bytes (guint type)
{
  switch (type) {
  case MAPI_INTEGER16:
  case MAPI_BOOLEAN:
  case MAPI_INTEGER32:
  case MAPI_FLOAT32:
  case MAPI_ERROR:
    return 4;
  case MAPI_FLOAT64:
  case MAPI_CURRENCY:
  case MAPI_APP_TIME:
  case MAPI_INTEGER64:
  case MAPI_TIME:
    return 8;
  case MAPI_GUID:
    return 16;
  default:
    return 0;
  }
}

/* The set and number, or name, of a named property. *id: with MAPI_LID where it is a number. */
static gboolean
read_name (Cursor *cursor, guint32 *id)
{
  guint32 kind, value;

  if (!skip (cursor, 16) || !read_uint (cursor, 4, &kind) || !read_uint (cursor, 4, &value))
    return FALSE;
  if (kind != 0)
    return skip (cursor, padded (value));
  if (value < MAPI_LID)
    *id = MAPI_LID | value;
  return TRUE;
}

/* The first of the values is kept. */
static gboolean
read_values (Cursor *cursor, guint32 id, guint type, MapiProperties *properties)
{
  gsize fixed = fixed_bytes (type & ~(guint)MAPI_MULTIPLE);
  guint32 n = 1;

  if ((fixed == 0 || (type & MAPI_MULTIPLE) != 0) && (!read_uint (cursor, 4, &n) || n > VALUES_MAX))
    return FALSE;
  for (guint32 i = 0; i < n; i++) {
    g_autoptr (GBytes) value = NULL;
    guint32 size = (guint32)fixed;

    if (fixed == 0 && !read_uint (cursor, 4, &size))
      return FALSE;
    value = read_bytes (cursor, size);
    if (value == NULL || !skip (cursor, padded (size) - size))
      return FALSE;
    if (type == MAPI_OBJECT && size > 16) { /* an interface's identifier comes first */
      g_autoptr (GBytes) object = g_bytes_new_from_bytes (value, 16, size - 16);

      mapi_add (properties, id, MAPI_BINARY, object);
    } else if ((type & MAPI_MULTIPLE) == 0) {
      mapi_add (properties, id, type, value);
    }
  }
  return TRUE;
}

static gboolean
read_properties (Cursor *cursor, MapiProperties *properties)
{
  guint32 n;

  if (!read_uint (cursor, 4, &n) || n > VALUES_MAX)
    return FALSE;
  for (guint32 i = 0; i < n; i++) {
    guint32 type, id;

    if (!read_uint (cursor, 2, &type) || !read_uint (cursor, 2, &id) ||
        (id >= MAPI_NAMED && !read_name (cursor, &id)) ||
        !read_values (cursor, id, type, properties))
      return FALSE;
  }
  return TRUE;
}

/* --- attributes (2.1.3.1) ----------------------------------------------------------------------
 */

static void
attachment_free (gpointer data)
{
  TnefAttachment *attachment = data;

  mapi_properties_free (attachment->properties);
  g_free (attachment);
}

static void
begin_attachment (Tnef *tnef)
{
  TnefAttachment *attachment = g_new0 (TnefAttachment, 1);

  attachment->properties = mapi_properties_new ();
  mapi_set_code_page (attachment->properties, mapi_code_page (tnef->properties));
  g_ptr_array_add (tnef->attachments, attachment);
}

/* attFrom (2.1.3.3.3): lengths, then the name, NUL, "SMTP:address". */
static void
take_from (Tnef *tnef, GBytes *value)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (value, &size);
  gsize name = size < 8 ? 0 : data[4] | (gsize)data[5] << 8;
  g_autoptr (GBytes) text = NULL;

  if (name == 0 || name > size - 8)
    return;
  text = g_bytes_new_from_bytes (value, 8, name);
  mapi_add (tnef->properties, MAPI_SENDER_NAME, MAPI_STRING8, text);
}

static gboolean
take_attribute (Tnef *tnef, guint32 attribute, GBytes *value)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (value, &size);
  Cursor cursor = {value, data, data, data + size};
  guint32 code_page;
  TnefAttachment *attachment =
      tnef->attachments->len == 0
          ? NULL
          : g_ptr_array_index (tnef->attachments, tnef->attachments->len - 1);

  if (attribute == ATTRIBUTE_CODE_PAGE && read_uint (&cursor, 4, &code_page))
    mapi_set_code_page (tnef->properties, code_page);
  else if (attribute == ATTRIBUTE_SUBJECT)
    mapi_add (tnef->properties, MAPI_SUBJECT, MAPI_STRING8, value);
  else if (attribute == ATTRIBUTE_BODY)
    mapi_add (tnef->properties, MAPI_BODY, MAPI_STRING8, value);
  else if (attribute == ATTRIBUTE_FROM)
    take_from (tnef, value);
  else if (attribute == ATTRIBUTE_MESSAGE_PROPERTIES)
    return read_properties (&cursor, tnef->properties);
  else if (attribute == ATTRIBUTE_NEW_ATTACHMENT && tnef->attachments->len < ATTACHMENTS_MAX)
    begin_attachment (tnef);
  else if (attachment != NULL && attribute == ATTRIBUTE_ATTACHMENT_TITLE)
    mapi_add (attachment->properties, MAPI_ATTACH_FILE_NAME, MAPI_STRING8, value);
  else if (attachment != NULL && attribute == ATTRIBUTE_ATTACHMENT_DATA)
    mapi_add (attachment->properties, MAPI_ATTACH_DATA, MAPI_BINARY, value);
  else if (attachment != NULL && attribute == ATTRIBUTE_ATTACHMENT_PROPERTIES)
    return read_properties (&cursor, attachment->properties);
  return TRUE;
}

/* Level, identifier, length, data, check sum. */
static gboolean
read_attribute (Tnef *tnef, Cursor *cursor)
{
  guint32 attribute, size;
  g_autoptr (GBytes) value = NULL;

  if (!skip (cursor, 1) || !read_uint (cursor, 4, &attribute) || !read_uint (cursor, 4, &size))
    return FALSE;
  value = read_bytes (cursor, size);
  return value != NULL && take_attribute (tnef, attribute, value) && skip (cursor, 2);
}

Tnef *
tnef_read (GBytes *bytes)
{
  Tnef *tnef = g_new0 (Tnef, 1);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Cursor cursor = {bytes, data, data + MIN (size, HEADER_BYTES), data + size};

  tnef->properties = mapi_properties_new ();
  tnef->attachments = g_ptr_array_new_with_free_func (attachment_free);
  while (cursor.at < cursor.end)
    if (!read_attribute (tnef, &cursor)) {
      tnef->is_cut_short = TRUE;
      break;
    }
  return tnef;
}

void
tnef_free (Tnef *tnef)
{
  if (tnef == NULL)
    return;
  mapi_properties_free (tnef->properties);
  g_ptr_array_unref (tnef->attachments);
  g_free (tnef);
}
