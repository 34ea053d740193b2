#include "file.h"

/* For the deletion of what is in the file no more. */
static void
name_members (const GPtrArray *items)
{
  DbItem *file = g_ptr_array_index (items, 0);

  file->members = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 1; i < items->len; i++)
    g_ptr_array_add (file->members, g_strdup (((DbItem *)g_ptr_array_index (items, i))->name));
}

static gboolean
look_up (DbConnection *connection, const Uuid *user, const GPtrArray *items, guint from,
         DbKnown *known, GError **error)
{
  for (guint i = from; i < items->len; i++) {
    const DbItem *item = g_ptr_array_index (items, i);

    known[i].folder_path = item->folder_path;
    known[i].name = item->name;
  }
  return from == items->len || db_lookup (connection, user, known + from, items->len - from, error);
}

gboolean
db_file_add (DbBatch *batch, DbConnection *connection, const Uuid *user, GPtrArray *items,
             const DbKnown *file, gpointer *tags, GDestroyNotify tag_free, GError **error)
{
  const guint n = items->len;
  g_autofree DbKnown *known = g_new0 (DbKnown, n);
  gboolean found;

  name_members (items);
  found = look_up (connection, user, items, file != NULL ? 1 : 0, known, error);
  for (guint i = 1; i <= n; i++) { /* the file last */
    guint at = i % n;
    gpointer tag = tags != NULL ? tags[at] : NULL;

    if (found) {
      db_batch_add (batch, g_ptr_array_index (items, at),
                    at == 0 && file != NULL ? file : &known[at], tag, tag_free);
      items->pdata[at] = NULL;
    } else if (tag != NULL && tag_free != NULL) {
      tag_free (tag);
    }
    db_known_clear (&known[at]);
  }
  g_ptr_array_set_size (items, 0);
  return found;
}
