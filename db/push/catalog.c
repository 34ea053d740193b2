#include "catalog.h"

#include <string.h>

extern const char db_catalog_sql[];

enum { KIND, NAME, PARENT, DEFINITION, CREATE_SQL, DROP_SQL, DETAIL, ORD };

struct Catalog {
  GPtrArray *objects; /* (element-type CatalogObject) by kind and name */
  GHashTable *by_key; /* key -> CatalogObject, borrowed from objects */
};

static void
object_free (gpointer data)
{
  CatalogObject *object = data;

  g_free ((char *)object->key);
  g_free (object->kind);
  g_free (object->name);
  g_free (object->parent);
  g_free (object->definition);
  g_free (object->reprinted);
  g_free (object->create_sql);
  g_free (object->drop_sql);
  json_object_put (object->detail);
  g_free (object);
}

/* (transfer full) (nullable) */
static char *
field (const PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column) ? NULL : g_strdup (PQgetvalue (result, row, column));
}

static CatalogObject *
object_new (const PGresult *result, int row)
{
  CatalogObject *object = g_new0 (CatalogObject, 1);

  object->kind = field (result, row, KIND);
  object->name = field (result, row, NAME);
  object->key = g_strconcat (object->kind, " ", object->name, NULL);
  object->parent = field (result, row, PARENT);
  object->definition = field (result, row, DEFINITION);
  object->create_sql = field (result, row, CREATE_SQL);
  object->drop_sql = field (result, row, DROP_SQL);
  object->ord = (guint32)g_ascii_strtoull (PQgetvalue (result, row, ORD), NULL, 10);
  if (!PQgetisnull (result, row, DETAIL))
    object->detail = json_tokener_parse (PQgetvalue (result, row, DETAIL));
  return object;
}

Catalog *
catalog_new (const PGresult *result)
{
  Catalog *catalog = g_new0 (Catalog, 1);

  catalog->objects = g_ptr_array_new_with_free_func (object_free);
  catalog->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  for (int row = 0; row < PQntuples (result); row++) {
    CatalogObject *object = object_new (result, row);
    g_ptr_array_add (catalog->objects, object);
    g_hash_table_insert (catalog->by_key, (gpointer)object->key, object);
  }
  return catalog;
}

const char *
catalog_sql (void)
{
  return db_catalog_sql;
}

Catalog *
catalog_read (DbConnection *connection, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (connection, "reading the catalogs", db_catalog_sql, 0, NULL, error);

  return result ? catalog_new (result) : NULL;
}

void
catalog_free (Catalog *catalog)
{
  if (catalog == NULL)
    return;
  g_hash_table_unref (catalog->by_key);
  g_ptr_array_unref (catalog->objects);
  g_free (catalog);
}

guint
catalog_length (const Catalog *catalog)
{
  return catalog->objects->len;
}

const CatalogObject *
catalog_nth (const Catalog *catalog, guint nth)
{
  return g_ptr_array_index (catalog->objects, nth);
}

void
catalog_note_reprints (Catalog *catalog, const Catalog *again)
{
  for (guint i = 0; i < catalog->objects->len; i++) {
    CatalogObject *object = g_ptr_array_index (catalog->objects, i);
    const CatalogObject *other = catalog_find (again, object->key);

    if (other != NULL && strcmp (other->definition, object->definition) != 0)
      object->reprinted = g_strdup (other->definition);
  }
}

gboolean
catalog_same (const CatalogObject *live, const CatalogObject *wanted)
{
  return strcmp (live->definition, wanted->definition) == 0 ||
         g_strcmp0 (live->definition, wanted->reprinted) == 0;
}

const CatalogObject *
catalog_find (const Catalog *catalog, const char *key)
{
  return key ? g_hash_table_lookup (catalog->by_key, key) : NULL;
}

char *
catalog_hash (const Catalog *catalog)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  /* the NULs between keep "a", "bc" apart from "ab", "c" */
  for (guint i = 0; i < catalog->objects->len; i++) {
    const CatalogObject *object = g_ptr_array_index (catalog->objects, i);
    g_checksum_update (sum, (const guchar *)object->key, (gssize)strlen (object->key) + 1);
    g_checksum_update (sum, (const guchar *)object->definition,
                       (gssize)strlen (object->definition) + 1);
  }
  return g_strdup (g_checksum_get_string (sum));
}

const char *
catalog_detail (const CatalogObject *object, const char *name)
{
  json_object *value = NULL;

  if (object->detail == NULL || !json_object_object_get_ex (object->detail, name, &value) ||
      value == NULL)
    return NULL;
  return json_object_get_string (value);
}

gboolean
catalog_detail_differs (const CatalogObject *a, const CatalogObject *b, const char *name)
{
  return g_strcmp0 (catalog_detail (a, name), catalog_detail (b, name)) != 0;
}

gboolean
catalog_flag (const CatalogObject *object, const char *name)
{
  json_object *value = NULL;

  return object->detail != NULL && json_object_object_get_ex (object->detail, name, &value) &&
         json_object_get_boolean (value);
}

gboolean
catalog_is (const CatalogObject *object, const char *kind)
{
  return strcmp (object->kind, kind) == 0;
}
