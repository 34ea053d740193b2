#include "search.h"

#include <json-c/json.h>

static const char search_sql[] =
    "select document_id, name, folder_path, storage_path, title, chunk_id, snippet, content,"
    " array_to_json(heading_path), chunk_position, page_first, page_last, start_char, end_char,"
    " score, total_count"
    " from public.search_documents($1, $2, $3::int, 1, $4::uuid)";

enum {
  DOCUMENT_ID,
  NAME,
  FOLDER_PATH,
  STORAGE_PATH,
  TITLE,
  CHUNK_ID,
  SNIPPET,
  CONTENT,
  HEADING_PATH,
  POSITION,
  PAGE_FIRST,
  PAGE_LAST,
  START_CHAR,
  END_CHAR,
  SCORE,
  TOTAL
};

static const char *
text_of (const PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column) ? NULL : PQgetvalue (result, row, column);
}

static gint64
int_of (const PGresult *result, int row, int column)
{
  return g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

/* (transfer full) */
static GStrv
strings_of (const char *json_text)
{
  json_object *json = json_tokener_parse (json_text ? json_text : "[]");
  gsize n = json_object_is_type (json, json_type_array) ? json_object_array_length (json) : 0;
  GStrv strings = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    strings[i] = g_strdup (json_object_get_string (json_object_array_get_idx (json, i)));
  json_object_put (json);
  return strings;
}

static void
report_hit (const PGresult *result, int row, DbHitFunc func, gpointer user_data)
{
  g_auto (GStrv) headings = strings_of (text_of (result, row, HEADING_PATH));
  DbHit hit = {
      .document_id = text_of (result, row, DOCUMENT_ID),
      .name = text_of (result, row, NAME),
      .folder_path = text_of (result, row, FOLDER_PATH),
      .storage_path = text_of (result, row, STORAGE_PATH),
      .title = text_of (result, row, TITLE),
      .chunk_id = text_of (result, row, CHUNK_ID),
      .snippet = text_of (result, row, SNIPPET),
      .content = text_of (result, row, CONTENT),
      .heading_path = headings,
      .position = int_of (result, row, POSITION),
      .page_first = int_of (result, row, PAGE_FIRST),
      .page_last = int_of (result, row, PAGE_LAST),
      .start_char = int_of (result, row, START_CHAR),
      .end_char = int_of (result, row, END_CHAR),
      .score = g_ascii_strtod (PQgetvalue (result, row, SCORE), NULL),
  };

  func (&hit, user_data);
}

gboolean
db_search (DbConnection *connection, const Uuid *user, const DbSearch *search, DbHitFunc func,
           gpointer user_data, gint64 *total, GError **error)
{
  char user_text[UUID_TEXT_BYTES], limit[16];

  uuid_format (user, user_text);
  g_snprintf (limit, sizeof limit, "%u", search->limit);

  const char *const params[] = {search->query, search->folder, limit, user_text};
  g_autoptr (PGresult) result =
      db_query (connection, "searching", search_sql, G_N_ELEMENTS (params), params, error);
  if (result == NULL)
    return FALSE;
  *total = PQntuples (result) > 0 ? int_of (result, 0, TOTAL) : 0;
  for (int row = 0; row < PQntuples (result); row++)
    report_hit (result, row, func, user_data);
  return TRUE;
}
