/* Where the objects of a presentation are (MS-PPT 2.1.2). */
#include "ppt.h"

#include <string.h>

#define RECORD_HEAD_BYTES 8
#define TOKEN_ENCRYPTED 0xf3d1c4df
#define EDITS_MAX 10000
#define OBJECTS_MAX (1u << 20)
#define NO_OFFSET 0
#define FOOTERS_MAX 1000

/* --- records -----------------------------------------------------------------------------------
 */

gboolean
ppt_next (ByteReader *reader, PptRecord *record)
{
  guint16 head;
  guint32 bytes;

  if (byte_left (reader) < RECORD_HEAD_BYTES)
    return FALSE;
  head = byte_read_u16 (reader);
  record->is_container = (head & 15) == 15;
  record->instance = head >> 4;
  record->type = byte_read_u16 (reader);
  bytes = byte_read_u32 (reader);
  byte_reader_init (&record->data, reader->at, MIN (bytes, byte_left (reader)));
  byte_skip (reader, bytes);
  return TRUE;
}

gboolean
ppt_find (ByteReader container, PptType type, gint instance, PptRecord *record)
{
  while (ppt_next (&container, record))
    if (record->type == type && (instance < 0 || record->instance == instance))
      return TRUE;
  return FALSE;
}

char *
ppt_string (const PptRecord *record)
{
  GString *text = g_string_new (NULL);

  codepage_append_utf16 (text, record->data.at, byte_left (&record->data) / 2);
  return g_string_free (text, FALSE);
}

static gboolean
record_at (const Ppt *ppt, guint32 offset, PptRecord *record)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (ppt->stream, &size);
  ByteReader reader;

  if (offset >= size)
    return FALSE;
  byte_reader_init (&reader, data + offset, size - offset);
  return ppt_next (&reader, record);
}

gboolean
ppt_object (const Ppt *ppt, guint32 number, PptRecord *record)
{
  gpointer offset;

  return g_hash_table_lookup_extended (ppt->persist, GUINT_TO_POINTER (number), NULL, &offset) &&
         record_at (ppt, GPOINTER_TO_UINT (offset), record);
}

/* --- edits -------------------------------------------------------------------------------------
 */

/* Later edits have been read before: theirs count. */
static void
read_directory (Ppt *ppt, ByteReader reader)
{
  while (byte_left (&reader) >= 4) {
    guint32 head = byte_read_u32 (&reader), number = head & 0xfffff;

    for (guint i = head >> 20; i > 0 && byte_left (&reader) >= 4; i--, number++) {
      gpointer key = GUINT_TO_POINTER (number);
      guint32 offset = byte_read_u32 (&reader);

      if (g_hash_table_size (ppt->persist) < OBJECTS_MAX &&
          !g_hash_table_contains (ppt->persist, key))
        g_hash_table_insert (ppt->persist, key, GUINT_TO_POINTER (offset));
    }
  }
}

static gboolean
fail_encrypted (GError **error)
{
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
               "it is encrypted with a password; save it without one and upload it again");
  return FALSE;
}

/* UserEditAtom (2.3.3) and those before it. FALSE only when encrypted. */
static gboolean
read_edits (Ppt *ppt, guint32 offset, GError **error)
{
  PptRecord edit, directory;

  for (guint i = 0; i < EDITS_MAX && record_at (ppt, offset, &edit); i++) {
    ByteReader reader = edit.data;
    guint32 directory_offset, document, before;

    if (edit.type != PPT_USER_EDIT)
      break;
    byte_skip (&reader, 8);
    before = byte_read_u32 (&reader);
    directory_offset = byte_read_u32 (&reader);
    document = byte_read_u32 (&reader);
    byte_skip (&reader, 8);
    if (ppt->document == 0)
      ppt->document = document;
    if (record_at (ppt, directory_offset, &directory) && directory.type == PPT_PERSIST_DIRECTORY)
      read_directory (ppt, directory.data);
    /* its last field is there only where the file is encrypted */
    if (byte_left (&edit.data) >= 0x20 && byte_read_u32 (&reader) != 0)
      return fail_encrypted (error);
    if (before == NO_OFFSET || before >= offset)
      break;
    offset = before;
  }
  return TRUE;
}

/* Without the way there: the last edit that is in the stream, and where the records lead to. */
static guint32
find_last_edit (const Ppt *ppt)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (ppt->stream, &size);
  guint32 last = 0;

  for (gsize i = 0; i + RECORD_HEAD_BYTES <= size; i++)
    if (data[i + 2] == (PPT_USER_EDIT & 0xff) && data[i + 3] == PPT_USER_EDIT >> 8 &&
        data[i] == 0 && data[i + 1] == 0 && (data[i + 4] == 0x1c || data[i + 4] == 0x20) &&
        data[i + 5] == 0 && data[i + 6] == 0 && data[i + 7] == 0)
      last = (guint32)i;
  return last;
}

static gboolean
read_current_user (Ppt *ppt, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  PptRecord record;
  ByteReader reader;
  guint32 token = 0, offset = 0;

  if (compound_has (ppt->compound, "Current User"))
    bytes = compound_read (ppt->compound, "Current User", NULL);
  if (bytes != NULL) {
    byte_reader_init_bytes (&reader, bytes);
    if (ppt_next (&reader, &record) && record.type == PPT_CURRENT_USER) {
      byte_skip (&record.data, 4);
      token = byte_read_u32 (&record.data);
      offset = byte_read_u32 (&record.data);
    }
  }
  if (token == TOKEN_ENCRYPTED)
    return fail_encrypted (error);
  if (!record_at (ppt, offset, &record) || record.type != PPT_USER_EDIT)
    offset = find_last_edit (ppt);
  return read_edits (ppt, offset, error);
}

void
ppt_add_footer (Ppt *ppt, char *text)
{
  g_strstrip (text);
  if (*text == '\0' || ppt->footers->len >= FOOTERS_MAX ||
      !g_hash_table_add (ppt->said, g_strdup (text)))
    g_free (text);
  else
    g_ptr_array_add (ppt->footers, text);
}

/* --- the file ----------------------------------------------------------------------------------
 */

static void
free_listed (gpointer data)
{
  PptListed *listed = data;

  g_array_unref (listed->texts);
  g_free (listed);
}

Ppt *
ppt_open (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (Ppt) ppt = g_new0 (Ppt, 1);
  Compound *dual;

  ppt->input = input;
  ppt->sink = sink;
  ppt->persist = g_hash_table_new (NULL, NULL);
  ppt->links = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  ppt->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  ppt->footers = g_ptr_array_new_with_free_func (g_free);
  ppt->slides = g_ptr_array_new_with_free_func (free_listed);
  ppt->notes = g_ptr_array_new_with_free_func (free_listed);
  ppt->masters = g_ptr_array_new_with_free_func (free_listed);
  ppt->compound = compound_open (input->bytes, error);
  if (ppt->compound == NULL)
    return NULL;
  compound_read_summary (ppt->compound, sink);
  /* saved for PowerPoint 95 and 97: the latter's is inside */
  dual = compound_open_storage (ppt->compound, "PP97_DUALSTORAGE");
  if (dual != NULL) {
    compound_free (ppt->compound);
    ppt->compound = dual;
  }
  if (!compound_has (ppt->compound, "PowerPoint Document") &&
      compound_has (ppt->compound, "PP40")) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED,
                 "it was written by PowerPoint 95 or older; save it in a newer format");
    return NULL;
  }
  ppt->stream = compound_read (ppt->compound, "PowerPoint Document", error);
  if (ppt->stream == NULL || !read_current_user (ppt, error))
    return NULL;
  return g_steal_pointer (&ppt);
}

void
ppt_free (Ppt *ppt)
{
  if (ppt == NULL)
    return;
  g_hash_table_unref (ppt->persist);
  g_hash_table_unref (ppt->links);
  g_hash_table_unref (ppt->said);
  g_ptr_array_unref (ppt->footers);
  g_ptr_array_unref (ppt->slides);
  g_ptr_array_unref (ppt->notes);
  g_ptr_array_unref (ppt->masters);
  g_clear_pointer (&ppt->stream, g_bytes_unref);
  compound_free (ppt->compound);
  g_free (ppt);
}
