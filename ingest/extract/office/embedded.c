#include "embedded.h"

#include "ingest/extract/ole/compound.h"

#include <string.h>

#define NATIVE_STREAM "\001Ole10Native"
#define PATH_BYTES_MAX 4096

static guint32
read_u32 (const guint8 *at)
{
  return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

/* A string that ends with NUL, from *at on; *at is set behind it. FALSE: it does not end. */
static gboolean
take_string (const guint8 *data, gsize bytes, gsize *at, const char **string)
{
  const guint8 *end =
      *at < bytes ? memchr (data + *at, '\0', MIN (bytes - *at, PATH_BYTES_MAX)) : NULL;

  if (end == NULL)
    return FALSE;
  *string = (const char *)data + *at;
  *at = (gsize)(end - data) + 1;
  return TRUE;
}

/* What the Object Packager wrapped (Ole10Native): size, flags, label, path, two numbers, path,
 * size, file. NULL: it is something else. */
static GBytes *
unwrap_native (GBytes *stream, char **name)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (stream, &bytes);
  gsize at = 6;
  const char *label, *path;
  guint32 size;

  if (bytes < 12 || read_u32 (data) > bytes || !take_string (data, bytes, &at, &label) ||
      !take_string (data, bytes, &at, &path) || at + 8 > bytes)
    return NULL;
  /* the path's length is before it */
  at += 8;
  if (read_u32 (data + at - 4) > PATH_BYTES_MAX || bytes - at < 4 + read_u32 (data + at - 4))
    return NULL;
  at += read_u32 (data + at - 4);
  size = read_u32 (data + at);
  at += 4;
  if (size == 0 || size > bytes - at)
    return NULL;
  *name = g_strdup (*label != '\0' ? label : path);
  return g_bytes_new_from_bytes (stream, at, size);
}

static gboolean
read_native (const ExtractInput *input, const Compound *compound, const char *name,
             ExtractSink *sink, GError **error)
{
  g_autoptr (GBytes) stream = compound_read (compound, NATIVE_STREAM, NULL);
  g_autofree char *inner_name = NULL;
  g_autoptr (GBytes) inner = stream == NULL ? NULL : unwrap_native (stream, &inner_name);

  return inner == NULL || extract_member (input, inner_name, "", inner, sink, error);
}

gboolean
embedded_read_object (const ExtractInput *input, const char *name, GBytes *bytes, ExtractSink *sink,
                      GError **error)
{
  /* streams that hold a file as it is; names of the object's own kinds are known to the sniffer */
  static const char *const streams[] = {"Package", "CONTENTS", "EmbeddedOdf"};
  static const char *const documents[] = {
      "WordDocument",        "Workbook",         "Book",
      "PowerPoint Document", "EncryptedPackage", "__properties_version1.0"};
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_autoptr (Compound) compound = NULL;

  if (!compound_is (data, size))
    return extract_member (input, name, "", bytes, sink, error);
  compound = compound_open (bytes, NULL);
  if (compound == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (documents); i++)
    if (compound_has (compound, documents[i]))
      return extract_member (input, name, "", bytes, sink, error);
  for (guint i = 0; i < G_N_ELEMENTS (streams); i++) {
    g_autoptr (GBytes) stream =
        compound_has (compound, streams[i]) ? compound_read (compound, streams[i], NULL) : NULL;

    if (stream != NULL && g_bytes_get_size (stream) > 0)
      return extract_member (input, name, "", stream, sink, error);
  }
  return read_native (input, compound, name, sink, error);
}

/* Types of relationships (ECMA-376 part 1, 15.2); the last is of w:altChunk. */
static gboolean
is_embedded (const char *type)
{
  static const char *const types[] = {"package", "oleObject", "aFChunk", NULL};

  return g_strv_contains (types, type);
}

gboolean
embedded_read (const ExtractInput *input, Package *package, const OpcRelationships *relationships,
               GHashTable *seen, ExtractSink *sink, GError **error)
{
  for (guint i = 0; i < opc_relationships_count (relationships); i++) {
    const OpcRelationship *relationship = opc_relationships_nth (relationships, i);
    g_autoptr (GBytes) part = NULL;

    if (relationship->is_external || !is_embedded (relationship->type))
      continue;
    if (!g_hash_table_add (seen, g_strdup (relationship->target)))
      continue;
    if (!opc_read_part (package, relationship->target, sink, &part, error))
      return FALSE;
    if (part != NULL && g_bytes_get_size (part) > 0 &&
        !embedded_read_object (input, relationship->target, part, sink, error))
      return FALSE;
  }
  return TRUE;
}
