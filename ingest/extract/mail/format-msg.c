/* Outlook's messages (MS-OXMSG): properties in streams of an OLE2 file, a storage for each
 * recipient, each attachment, and each message in it. */
#include "ingest/extract/formats.h"
#include "ingest/extract/member-inside.h"
#include "ingest/extract/ole/compound.h"
#include "mapi-message.h"

#include <string.h>

#define PROPERTIES "__properties_version1.0"
#define VALUE "__substg1.0_"
#define NAMES "__nameid_version1.0"
#define RECIPIENT "__recip_version1.0_"
#define ATTACHMENT "__attach_version1.0_"
#define ENTRIES_MAX 65536

/* MS-OXMSG 2.4.1: what is before the first property */
enum { HEADER_OF_FILE = 32, HEADER_OF_MESSAGE = 24, HEADER_OF_PART = 8 };

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  GHashTable *names; /* id of a named property: its long identifier */
} MsgReader;

static guint32
uint_at (const guint8 *data, guint bytes)
{
  guint32 value = 0;

  for (guint i = 0; i < bytes; i++)
    value |= (guint32)data[i] << 8 * i;
  return value;
}

/* --- properties --------------------------------------------------------------------------------
 */

/* MS-OXMSG 2.2.3.1.2: entries of identifier, kind and set, index. Those known by a string are none
 * of ours. (transfer full) */
static GHashTable *
read_names (const Compound *file)
{
  GHashTable *names = g_hash_table_new (NULL, NULL);
  g_autoptr (Compound) storage = compound_open_storage (file, NAMES);
  g_autoptr (GBytes) stream =
      storage == NULL ? NULL : compound_read (storage, VALUE "00030102", NULL);
  gsize bytes = 0;
  const guint8 *data = stream == NULL ? NULL : g_bytes_get_data (stream, &bytes);

  for (gsize i = 0; i + 8 <= bytes && i / 8 < ENTRIES_MAX; i += 8) {
    guint32 identifier = uint_at (data + i, 4);

    if ((data[i + 4] & 1) == 0 && identifier < MAPI_LID)
      g_hash_table_insert (names, GUINT_TO_POINTER (MAPI_NAMED + uint_at (data + i + 6, 2)),
                           GUINT_TO_POINTER (MAPI_LID | identifier));
  }
  return names;
}

static guint32
named_id (const MsgReader *reader, guint32 id)
{
  gpointer lid =
      id >= MAPI_NAMED ? g_hash_table_lookup (reader->names, GUINT_TO_POINTER (id)) : NULL;

  return lid != NULL ? GPOINTER_TO_UINT (lid) : id;
}

/* Values of fixed size: entries of type, id, flags, value (2.4.2.1). */
static void
read_fixed (const MsgReader *reader, const Compound *storage, gsize header,
            MapiProperties *properties)
{
  g_autoptr (GBytes) stream = compound_read (storage, PROPERTIES, NULL);
  gsize bytes = 0;
  const guint8 *data = stream == NULL ? NULL : g_bytes_get_data (stream, &bytes);

  for (gsize i = header; i + 16 <= bytes && i / 16 < ENTRIES_MAX; i += 16) {
    guint type = uint_at (data + i, 2);
    g_autoptr (GBytes) value = g_bytes_new_from_bytes (stream, i + 8, 8);

    /* the others are in a stream of their own; here stands their size */
    if (type != MAPI_STRING && type != MAPI_STRING8 && type != MAPI_BINARY && type != MAPI_OBJECT &&
        (type & MAPI_MULTIPLE) == 0)
      mapi_add (properties, named_id (reader, uint_at (data + i + 2, 2)), type, value);
  }
}

/* Values in streams of their own: "__substg1.0_" id type (2.4.2.2), eight digits. */
static void
read_streams (const MsgReader *reader, const Compound *storage, MapiProperties *properties)
{
  guint n = compound_count (storage);

  for (guint i = 0; i < n; i++) {
    const char *name = compound_name (storage, i);
    g_autoptr (GBytes) value = NULL;
    guint32 tag;

    if (name == NULL || g_ascii_strncasecmp (name, VALUE, strlen (VALUE)) != 0 ||
        strlen (name) != strlen (VALUE) + 8)
      continue;
    tag = (guint32)g_ascii_strtoull (name + strlen (VALUE), NULL, 16);
    if ((tag & 0xffff) == MAPI_OBJECT || (tag & MAPI_MULTIPLE) != 0 ||
        (value = compound_read (storage, name, NULL)) == NULL)
      continue;
    mapi_add (properties, named_id (reader, tag >> 16), tag & 0xffff, value);
  }
}

/* (transfer full) */
static MapiProperties *
read_properties (const MsgReader *reader, const Compound *storage, gsize header, guint code_page)
{
  MapiProperties *properties = mapi_properties_new ();
  guint own;

  read_fixed (reader, storage, header, properties);
  read_streams (reader, storage, properties);
  own = mapi_uint (properties, MAPI_CODE_PAGE);
  if (own == 0)
    own = mapi_uint (properties, MAPI_INTERNET_CODE_PAGE);
  mapi_set_code_page (properties, own != 0 ? own : code_page);
  return properties;
}

/* --- parts -------------------------------------------------------------------------------------
 */

static gboolean read_message (MsgReader *reader, const Compound *storage, gsize header,
                              GError **error);

typedef struct {
  MsgReader *outer;
  const Compound *storage;
} Embedded;

static gboolean
read_embedded (const ExtractInput *input, gpointer user_data, ExtractSink *sink, GError **error)
{
  Embedded *embedded = user_data;
  MsgReader reader = {input, sink, embedded->outer->names};

  return read_message (&reader, embedded->storage, HEADER_OF_MESSAGE, error);
}

static gboolean
read_storage_attachment (MsgReader *reader, const Compound *attachment, const char *name,
                         GError **error)
{
  g_autoptr (Compound) storage = compound_open_storage (attachment, VALUE "3701000D");
  g_autoptr (GError) failure = NULL;
  Embedded embedded = {reader, storage};

  if (storage != NULL && compound_has (storage, PROPERTIES))
    return extract_member_inside (reader->input, name, "msg", "application/vnd.ms-outlook",
                                  read_embedded, &embedded, reader->sink, error);
  g_set_error (&failure, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED,
               storage != NULL ? "it is an object of another program"
                               : "only a reference to it is in the message");
  return extract_member_failed (reader->input, name, failure, reader->sink, error);
}

static gboolean
read_attachment (MsgReader *reader, const Compound *storage, guint code_page, guint number,
                 GError **error)
{
  g_autoptr (MapiProperties) properties =
      read_properties (reader, storage, HEADER_OF_PART, code_page);
  g_autofree char *name = mapi_attachment_name (properties, number);
  g_autofree char *type = mapi_string (properties, MAPI_ATTACH_MIME_TYPE);
  GBytes *bytes = mapi_bytes (properties, MAPI_ATTACH_DATA);

  if (mapi_attachment_is_resource (properties))
    return TRUE;
  if (bytes == NULL)
    return read_storage_attachment (reader, storage, name, error);
  return extract_member (reader->input, name, type != NULL ? type : "", bytes, reader->sink, error);
}

static gboolean
has_prefix (const char *name, const char *prefix)
{
  return name != NULL && g_ascii_strncasecmp (name, prefix, strlen (prefix)) == 0;
}

static gboolean
read_attachments (MsgReader *reader, const Compound *storage, guint code_page, GError **error)
{
  guint n = compound_count (storage), number = 0;

  for (guint i = 0; i < n; i++) {
    const char *name = compound_name (storage, i);
    g_autoptr (Compound) attachment = NULL;

    if (!has_prefix (name, ATTACHMENT) ||
        (attachment = compound_open_storage (storage, name)) == NULL)
      continue;
    if (!read_attachment (reader, attachment, code_page, ++number, error))
      return FALSE;
  }
  return TRUE;
}

static void
free_properties (gpointer data)
{
  mapi_properties_free (data);
}

/* (transfer full) */
static GPtrArray *
read_recipients (const MsgReader *reader, const Compound *storage, guint code_page)
{
  GPtrArray *recipients = g_ptr_array_new_with_free_func (free_properties);
  guint n = compound_count (storage);

  for (guint i = 0; i < n; i++) {
    const char *name = compound_name (storage, i);
    g_autoptr (Compound) recipient = NULL;

    if (has_prefix (name, RECIPIENT) && (recipient = compound_open_storage (storage, name)) != NULL)
      g_ptr_array_add (recipients, read_properties (reader, recipient, HEADER_OF_PART, code_page));
  }
  return recipients;
}

static gboolean
read_message (MsgReader *reader, const Compound *storage, gsize header, GError **error)
{
  g_autoptr (MapiProperties) properties = read_properties (reader, storage, header, 0);
  guint code_page = mapi_code_page (properties);
  g_autoptr (GPtrArray) recipients = read_recipients (reader, storage, code_page);
  MapiMessage message = {properties, recipients};

  return mapi_message_read (reader->input, &message, reader->sink, error) &&
         read_attachments (reader, storage, code_page, error);
}

gboolean
extract_read_msg (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (Compound) file = compound_open (input->bytes, error);
  g_autoptr (GHashTable) names = NULL;

  if (file == NULL)
    return FALSE;
  if (!compound_has (file, PROPERTIES)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                 "it is a damaged message: its properties are missing");
    return FALSE;
  }
  names = read_names (file);
  return read_message (&(MsgReader){input, sink, names}, file, HEADER_OF_FILE, error);
}
