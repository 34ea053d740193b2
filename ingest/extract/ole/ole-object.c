#include "ole-object.h"

#include "ingest/extract/bytes.h"
#include "ingest/extract/codepage.h"

#include <string.h>

/* --- what the Packager packs -------------------------------------------------------------------
 */

/* (transfer full) (nullable) up to its NUL */
static char *
next_string (ByteReader *reader)
{
  const guint8 *start = reader->at;
  const guint8 *nul = memchr (start, 0, (gsize)(reader->end - start));

  if (nul == NULL)
    return NULL;
  reader->at = nul + 1;
  return g_strndup ((const char *)start, (gsize)(nul - start));
}

/* "C:\TEMP\a.txt": a.txt, as UTF-8. (transfer full) */
static char *
base_name (const char *path)
{
  const char *slash = strrchr (path, '\\');
  GString *name = g_string_new (NULL);
  Codepages *codepages = codepages_new ();

  path = slash != NULL ? slash + 1 : path;
  if (g_utf8_validate (path, -1, NULL))
    g_string_append (name, path);
  else
    codepages_append (codepages, CODEPAGE_DEFAULT, path, strlen (path), name);
  codepages_free (codepages);
  return g_string_free (name, FALSE);
}

/* Newer packages repeat temporary path, label and file name in UTF-16 behind the file: the label is
 * its name. (transfer full) (nullable) */
static char *
wide_name (ByteReader *reader)
{
  g_autoptr (GString) name = g_string_new (NULL);
  guint32 units = byte_read_u32 (reader);

  byte_skip (reader, (gsize)units * 2);
  units = byte_read_u32 (reader);
  if (reader->is_short || units == 0 || units > byte_left (reader) / 2)
    return NULL;
  codepage_append_utf16 (name, reader->at, units);
  return base_name (name->str);
}

/* The data of a package: signature 2, label, file name, two words, temporary path, the file. FALSE
 * only when nothing more is wanted. */
static gboolean
read_package (const ExtractInput *input, GBytes *package, ExtractSink *sink, GError **error)
{
  ByteReader reader;
  g_autofree char *label = NULL;
  g_autofree char *file = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GBytes) content = NULL;
  guint32 size;

  byte_reader_init_bytes (&reader, package);
  if (byte_read_u16 (&reader) != 2 || (label = next_string (&reader)) == NULL ||
      (file = next_string (&reader)) == NULL)
    return TRUE;
  byte_skip (&reader, 2);
  if (byte_read_u16 (&reader) != 3) /* a link */
    return TRUE;
  byte_skip (&reader, byte_read_u32 (&reader));
  size = byte_read_u32 (&reader);
  if (reader.is_short || size == 0)
    return TRUE;
  size = (guint32)MIN (size, byte_left (&reader));
  content = g_bytes_new_from_bytes (
      package, (gsize)(reader.at - (const guint8 *)g_bytes_get_data (package, NULL)), size);
  byte_skip (&reader, size);
  name = wide_name (&reader);
  if (name == NULL)
    name = base_name (*file != '\0' ? file : label);
  return extract_member (input, name, "", content, sink, error);
}

/* --- OLE2 --------------------------------------------------------------------------------------
 */

static gboolean
is_document (const Compound *storage)
{
  static const char *const streams[] = {
      "WordDocument",    "Workbook", "Book", "PowerPoint Document", "__properties_version1.0",
      "EncryptedPackage"};

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    if (compound_has (storage, streams[i]))
      return TRUE;
  return FALSE;
}

static gboolean
read_native (const ExtractInput *input, GBytes *stream, ExtractSink *sink, GError **error)
{
  gsize bytes = g_bytes_get_size (stream);
  g_autoptr (GBytes) package = NULL;

  if (bytes <= 4)
    return TRUE;
  package = g_bytes_new_from_bytes (stream, 4, bytes - 4);
  return read_package (input, package, sink, error);
}

/* file: (nullable) the storage as it is */
static gboolean
read_object (const ExtractInput *input, const Compound *storage, GBytes *file, const char *name,
             ExtractSink *sink, GError **error)
{
  static const char *const wholes[] = {"Package", "CONTENTS", "EmbeddedOdf"};
  g_autoptr (GBytes) content = NULL;

  if (is_document (storage)) {
    content = file != NULL ? g_bytes_ref (file) : compound_save (storage);
    return content == NULL || extract_member (input, name, "", content, sink, error);
  }
  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    if (compound_has (storage, wholes[i]) &&
        (content = compound_read (storage, wholes[i], NULL)) != NULL)
      return extract_member (input, name, "", content, sink, error);
  if (!compound_has (storage, "\001Ole10Native"))
    return TRUE;
  content = compound_read (storage, "\001Ole10Native", NULL);
  return content == NULL || read_native (input, content, sink, error);
}

gboolean
ole_object_read_storage (const ExtractInput *input, const Compound *storage, const char *name,
                         ExtractSink *sink, GError **error)
{
  return read_object (input, storage, NULL, name, sink, error);
}

gboolean
ole_object_read_file (const ExtractInput *input, GBytes *file, const char *name, ExtractSink *sink,
                      GError **error)
{
  g_autoptr (Compound) storage = NULL;
  gsize bytes;
  const guint8 *data = g_bytes_get_data (file, &bytes);

  if (compound_is (data, bytes))
    storage = compound_open (file, NULL);
  return storage == NULL || read_object (input, storage, file, name, sink, error);
}

/* --- OLE1 --------------------------------------------------------------------------------------
 */

/* MS-OLEDS 2.1.4: its length first. (transfer full) (nullable) */
static char *
read_ansi_string (ByteReader *reader)
{
  guint32 length = byte_read_u32 (reader);

  if (reader->is_short || length > byte_left (reader))
    return NULL;
  reader->at += length;
  return g_strndup ((const char *)reader->at - length, length);
}

gboolean
ole_object_read_ole1 (const ExtractInput *input, GBytes *object, const char *name,
                      ExtractSink *sink, GError **error)
{
  ByteReader reader;
  g_autofree char *class_name = NULL;
  g_autofree char *item = NULL;
  g_autoptr (GBytes) native = NULL;
  guint32 format, size;

  byte_reader_init_bytes (&reader, object);
  byte_skip (&reader, 4); /* version */
  format = byte_read_u32 (&reader);
  if (format != 2) /* MS-OLEDS 2.2.4: embedded */
    return TRUE;
  class_name = read_ansi_string (&reader);
  g_free (read_ansi_string (&reader)); /* topic */
  item = read_ansi_string (&reader);
  size = byte_read_u32 (&reader);
  if (reader.is_short || class_name == NULL || item == NULL)
    return TRUE;
  size = (guint32)MIN (size, byte_left (&reader));
  native = g_bytes_new_from_bytes (
      object, (gsize)(reader.at - (const guint8 *)g_bytes_get_data (object, NULL)), size);
  if (strcmp (class_name, "Package") == 0)
    return read_package (input, native, sink, error);
  return ole_object_read_file (input, native, name, sink, error);
}
