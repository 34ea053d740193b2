#include "embedded-object.h"

#include "ingest/extract/charset.h"

#include <string.h>

#define NAME_BYTES_MAX 1024

static guint32
get_u32 (const guint8 *at)
{
  return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

/* Past a NUL-terminated text; NULL: it does not end. */
static const guint8 *
skip_text (const guint8 *at, const guint8 *end)
{
  const guint8 *nul = at >= end ? NULL : memchr (at, 0, (gsize)(end - at));

  return nul == NULL ? NULL : nul + 1;
}

/* u32 size, u16 type, label, path, u16, u16, u32 and a temporary path, u32 and the file. name:
 * (transfer full) the label. NULL: there is no file. */
static GBytes *
unwrap_native (GBytes *stream, char **name)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (stream, &bytes), *end = data + bytes;
  const guint8 *label = data + 6, *at;
  guint32 size;

  if (bytes < 16)
    return NULL;
  at = skip_text (label, end);
  at = at == NULL ? NULL : skip_text (at, end);
  if (at == NULL || end - at < 8 || get_u32 (at + 4) > (gsize)(end - at) - 8)
    return NULL;
  *name = g_strndup ((const char *)label, MIN (strlen ((const char *)label), NAME_BYTES_MAX));
  at += 8 + get_u32 (at + 4);
  if (end - at < 4 || (size = get_u32 (at)) > (gsize)(end - at) - 4)
    return NULL;
  return g_bytes_new_from_bytes (stream, (gsize)(at + 4 - data), size);
}

/* The label is in the code page of who embedded it. (transfer full) */
static char *
decode_name (const char *name)
{
  g_autoptr (GBytes) raw = g_bytes_new (name, strlen (name));
  g_autoptr (GBytes) utf8 = NULL;
  Charset charset;
  guint64 replaced;
  gsize bytes;
  const char *text;

  charset_guess ((const guint8 *)name, strlen (name), NULL, &charset);
  utf8 = charset_to_utf8 (raw, &charset, &replaced);
  text = g_bytes_get_data (utf8, &bytes);
  return g_strndup (text, bytes);
}

/* A stream that is a file, whatever its name: "CONTENTS" of a PDF, "Package" of OOXML. */
static gboolean
read_stream (const ExtractInput *outer, const char *name, const Compound *storage,
             const char *stream, ExtractSink *sink, GError **error)
{
  g_autoptr (GBytes) bytes = compound_read (storage, stream, NULL);
  gsize size = 0;
  const char *data = bytes == NULL ? NULL : g_bytes_get_data (bytes, &size);

  if (size < 5 || (memcmp (data, "%PDF-", 5) != 0 && memcmp (data, "PK\3\4", 4) != 0))
    return TRUE;
  return extract_member (outer, name, "", bytes, sink, error);
}

gboolean
embedded_storage_read (const ExtractInput *outer, const char *name, const Compound *storage,
                       ExtractSink *sink, GError **error)
{
  static const char *const streams[] = {"CONTENTS", "Package", "EmbeddedOdf"};
  g_autoptr (GBytes) native = compound_read (storage, "\001Ole10Native", NULL);
  g_autofree char *label = NULL;
  g_autoptr (GBytes) file = native == NULL ? NULL : unwrap_native (native, &label);

  if (file != NULL) {
    g_autofree char *decoded = decode_name (label);

    return extract_member (outer, *decoded != '\0' ? decoded : name, "", file, sink, error);
  }
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    if (compound_has (storage, streams[i]) &&
        !read_stream (outer, name, storage, streams[i], sink, error))
      return FALSE;
  return TRUE;
}

/* An OLE2 file that is a document itself. */
static gboolean
is_document (const Compound *compound)
{
  static const char *const streams[] = {
      "WordDocument",    "Workbook", "Book", "PowerPoint Document", "__properties_version1.0",
      "EncryptedPackage"};

  for (guint i = 0; i < G_N_ELEMENTS (streams); i++)
    if (compound_has (compound, streams[i]))
      return TRUE;
  return FALSE;
}

gboolean
embedded_object_read (const ExtractInput *outer, const char *name, GBytes *bytes, ExtractSink *sink,
                      GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (Compound) compound = NULL;

  if (size == 0)
    return TRUE;
  if (!compound_is (data, size))
    return extract_member (outer, name, "", bytes, sink, error);
  compound = compound_open (bytes, NULL);
  if (compound == NULL)
    return TRUE;
  if (is_document (compound))
    return extract_member (outer, name, "", bytes, sink, error);
  return embedded_storage_read (outer, name, compound, sink, error);
}
