/* What a presentation links to and what is embedded in it (MS-PPT 2.10). */
#include "ole-object.h"
#include "ppt.h"

#include <string.h>
#include <zlib.h>

#define LINKS_MAX 20000
#define OBJECTS_MAX 2000

static char *
child_string (ByteReader container, gint instance)
{
  PptRecord record;

  return ppt_find (container, PPT_CSTRING, instance, &record) ? ppt_string (&record) : NULL;
}

void
ppt_read_links (Ppt *ppt, ByteReader document)
{
  PptRecord list, record, atom;

  if (!ppt_find (document, PPT_EX_OBJ_LIST, -1, &list))
    return;
  while (ppt_next (&list.data, &record) && g_hash_table_size (ppt->links) < LINKS_MAX) {
    g_autofree char *target = NULL;

    if (record.type != PPT_EX_HYPERLINK ||
        !ppt_find (record.data, PPT_EX_HYPERLINK_ATOM, -1, &atom))
      continue;
    target = child_string (record.data, 1);
    if (target != NULL && (strstr (target, "://") != NULL || g_str_has_prefix (target, "mailto:")))
      g_hash_table_insert (ppt->links, GUINT_TO_POINTER (byte_read_u32 (&atom.data)),
                           g_steal_pointer (&target));
  }
}

/* --- objects -----------------------------------------------------------------------------------
 */

/* size: what it says it becomes. What can be read of it; NULL: nothing, or it is a bomb. */
static GBytes *
inflate_object (const Ppt *ppt, ByteReader data, guint32 size)
{
  const ExtractLimits *limits = ppt->input->limits;
  guint64 most = MIN (limits->max_inflated_bytes,
                      MAX ((guint64)byte_left (&data) * limits->max_inflate_ratio, 1u << 20));
  z_stream stream = {.next_in = (Bytef *)data.at, .avail_in = (uInt)byte_left (&data)};
  g_autofree guint8 *out = NULL;
  gsize done;

  if (size == 0 || size > most || inflateInit (&stream) != Z_OK)
    return NULL;
  out = g_try_malloc (size);
  stream.next_out = out;
  stream.avail_out = out == NULL ? 0 : size;
  inflate (&stream, Z_FINISH);
  done = size - stream.avail_out;
  inflateEnd (&stream);
  return out == NULL || done == 0 ? NULL : g_bytes_new_take (g_steal_pointer (&out), done);
}

static gboolean
read_object (Ppt *ppt, ByteReader embedded, GError **error)
{
  PptRecord atom, storage;
  g_autofree char *menu = child_string (embedded, 1);
  g_autofree char *name = NULL;
  g_autoptr (GBytes) file = NULL;

  if (!ppt_find (embedded, PPT_EX_OLE_OBJ_ATOM, -1, &atom))
    return TRUE;
  byte_skip (&atom.data, 16);
  if (!ppt_object (ppt, byte_read_u32 (&atom.data), &storage) || storage.type != PPT_EX_OLE_OBJ_STG)
    return TRUE;
  if (storage.instance == 1) {
    guint32 size = byte_read_u32 (&storage.data);

    file = inflate_object (ppt, storage.data, size);
  } else {
    file = g_bytes_new (storage.data.at, byte_left (&storage.data));
  }
  name = g_strdup_printf ("%s %u", menu != NULL && *menu != '\0' ? menu : "object", ++ppt->members);
  if (file == NULL) {
    extract_warn (ppt->sink, "the embedded %s is damaged", name);
    return TRUE;
  }
  return ole_object_read_file (ppt->input, file, name, ppt->sink, error);
}

gboolean
ppt_read_objects (Ppt *ppt, ByteReader document, GError **error)
{
  PptRecord list, record;

  if (!ppt_find (document, PPT_EX_OBJ_LIST, -1, &list))
    return TRUE;
  while (ppt->members < OBJECTS_MAX && ppt_next (&list.data, &record))
    if (record.type == PPT_EX_EMBED && !read_object (ppt, record.data, error))
      return FALSE;
  return TRUE;
}
