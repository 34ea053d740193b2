/* catalog.h: the objects of the schemas `public` and `ingest`, as catalog.sql reads them: what
 * `ingest db push` compares. */
#pragma once

#include "db/connection.h"

#include <json-c/json.h>

typedef struct {
  const char *key; /* "kind name" */
  char *kind;
  char *name;
  char *parent;     /* (nullable) key of what it belongs to */
  char *definition; /* equal when the objects are */
  char *reprinted;  /* (nullable) the same in other words: made from the text of `definition` */
  char *create_sql; /* (nullable) one statement */
  char *drop_sql;   /* (nullable) */
  json_object *detail;
  guint32 ord; /* rises in the order in which the objects were made */
} CatalogObject;

typedef struct Catalog Catalog;

/* What is there now. Inside a transaction with search_path = ''. (transfer full) */
Catalog *catalog_read (DbConnection *connection, GError **error);

/* From a result of catalog_sql(). (transfer full) */
Catalog *catalog_new (const PGresult *result);

/* The query whose result catalog_new() takes. */
const char *catalog_sql (void);

void catalog_free (Catalog *catalog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Catalog, catalog_free)

guint catalog_length (const Catalog *catalog);
const CatalogObject *catalog_nth (const Catalog *catalog, guint nth);

/* `again` holds the same objects, made from their printed text: sets `reprinted` where it differs.
 */
void catalog_note_reprints (Catalog *catalog, const Catalog *again);

/* Whether what stands there is what is wanted. */
gboolean catalog_same (const CatalogObject *live, const CatalogObject *wanted);

/* NULL where there is none. */
const CatalogObject *catalog_find (const Catalog *catalog, const char *key);

/* Equal for equal catalogs: SHA-256 over all names and definitions, as hex. (transfer full) */
char *catalog_hash (const Catalog *catalog);

/* A string of object->detail, NULL where it is absent or null. Borrowed. */
const char *catalog_detail (const CatalogObject *object, const char *field);

gboolean catalog_detail_differs (const CatalogObject *a, const CatalogObject *b, const char *field);

/* FALSE where it is absent. */
gboolean catalog_flag (const CatalogObject *object, const char *field);

gboolean catalog_is (const CatalogObject *object, const char *kind);
