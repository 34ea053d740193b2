/* search.h: what is loaded, found: the schema's search_documents(), for one user. */
#pragma once

#include "connection.h"
#include "uuid.h"

typedef struct {
  const char *query;
  const char *folder; /* (nullable) with its subfolders */
  guint limit;        /* 1..100 */
} DbSearch;

/* Borrowed; dies when the callback returns. NULL where the document has none. */
typedef struct {
  const char *document_id;
  const char *name;
  const char *folder_path;
  const char *storage_path;
  const char *title;
  const char *chunk_id;
  const char *snippet; /* <mark>...</mark> around what was found */
  const char *content;
  GStrv heading_path;
  gint64 position;
  gint64 page_first; /* 0: no pages */
  gint64 page_last;
  gint64 start_char;
  gint64 end_char;
  double score;
} DbHit;

typedef void (*DbHitFunc) (const DbHit *hit, gpointer user_data);

/* *total: how many there are beside those shown. */
gboolean db_search (DbConnection *connection, const Uuid *user, const DbSearch *search,
                    DbHitFunc func, gpointer user_data, gint64 *total, GError **error);
