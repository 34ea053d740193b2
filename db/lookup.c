#include "lookup.h"

#include "generated/schema-rows.h"
#include "text-array.h"

#include <string.h>

#define DEMO_EMAIL "demo@example.com"
/* documents that moved away from the same path; more is a sign of something else */
#define SERIES_MAX 100

static gboolean
parse_uuid_field (const PGresult *result, int row, int column, Uuid *uuid)
{
  return !PQgetisnull (result, row, column) && uuid_parse (PQgetvalue (result, row, column), uuid);
}

/* --- users --------------------------------------------------------------------------------- */

gboolean
db_user_resolve (DbConnection *connection, const char *who, Uuid *user, GError **error)
{
  const char *const params[] = {who};
  gboolean is_uuid = g_uuid_string_is_valid (who);
  g_autoptr (PGresult) result =
      db_query (connection, "looking up the user",
                is_uuid ? "select id from auth.users where id = $1::uuid"
                        : "select id from auth.users where lower(email) = lower($1)",
                1, params, error);

  if (result == NULL)
    return FALSE;
  if (PQntuples (result) != 1 || !parse_uuid_field (result, 0, 0, user)) {
    g_set_error (error, DB_ERROR, DB_ERROR_INPUT,
                 "no user %s in the database at %s; give the UUID or e-mail address of a user in "
                 "auth.users with --user",
                 who, db_connection_name (connection));
    return FALSE;
  }
  return TRUE;
}

gboolean
db_user_ensure_demo (DbConnection *connection, Uuid *user, GError **error)
{
  g_autoptr (PGresult) result =
      db_query (connection, "making the demo user",
                "insert into auth.users (email, raw_user_meta_data) "
                "values ('" DEMO_EMAIL "', '{\"first_name\": \"Demo\"}') on conflict do nothing",
                0, NULL, error);

  return result != NULL && db_user_resolve (connection, DEMO_EMAIL, user, error);
}

/* --- folders ------------------------------------------------------------------------------- */

/* What the checks of public.folders allow. */
static gboolean
segment_is_fine (const char *segment)
{
  g_autofree char *stripped = g_strstrip (g_strdup (segment));

  if (*stripped == '\0' || g_utf8_strlen (segment, -1) > FOLDERS_NAME_CHARS_MAX)
    return FALSE;
  for (const char *at = segment; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  return strcmp (segment, ".") != 0 && strcmp (segment, "..") != 0;
}

char *
db_folder_path_normalise (const char *path, GError **error)
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  g_auto (GStrv) segments = g_strsplit (path, "/", -1);
  gboolean fine = g_utf8_validate (path, -1, NULL);

  for (char **segment = segments; fine && *segment != NULL; segment++) {
    if (**segment == '\0')
      continue;
    fine = segment_is_fine (*segment);
    g_ptr_array_add (kept, *segment);
  }
  if (!fine || kept->len == 0 || strlen (path) > FOLDERS_PATH_BYTES_MAX) {
    g_autofree char *shown = g_strescape (path, NULL);
    g_set_error (
        error, DB_ERROR, DB_ERROR_INPUT,
        "\"%s\" cannot be a folder; a folder reads A or A/B, in UTF-8, each part at most %d "
        "characters and not blank, without control characters, \".\" and \"..\"",
        shown, FOLDERS_NAME_CHARS_MAX);
    return NULL;
  }
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **)kept->pdata);
}

gboolean
db_folder_ensure (DbConnection *connection, const Uuid *user, const char *path, Uuid *id,
                  GError **error)
{
  char user_text[UUID_TEXT_BYTES];

  uuid_format (user, user_text);

  const char *const params[] = {user_text, path};
  g_autoptr (PGresult) result =
      db_query (connection, "making the folder", "select ingest.ensure_folder($1::uuid, $2)", 2,
                params, error);
  if (result == NULL)
    return FALSE;
  if (PQntuples (result) != 1 || !parse_uuid_field (result, 0, 0, id)) {
    g_set_error (error, DB_ERROR, DB_ERROR_QUERY, "the folder \"%s\" could not be made", path);
    return FALSE;
  }
  return TRUE;
}

/* --- documents ----------------------------------------------------------------------------- */

void
db_known_clear (DbKnown *known)
{
  g_clear_pointer (&known->fingerprint, g_free);
  g_clear_pointer (&known->status, g_free);
  g_clear_pointer (&known->error_code, g_free);
  g_clear_pointer (&known->error_message, g_free);
}

gboolean
db_known_is_completed (const DbKnown *known)
{
  return known->exists && g_strcmp0 (known->status, DOCUMENTS_INDEXING_STATUS_COMPLETED) == 0;
}

/* `taken`: the derived id belongs to a document that is somewhere else by now. */
static const char lookup_sql[] =
    "select d.id, d.version, encode(d.checksum, 'hex'), d.fingerprint, d.indexing_status,"
    " d.error_code, d.error_message, coalesce(d.page_count, 0),"
    " d.id is null and exists (select from " DOCUMENTS_TABLE " m"
    "   where m.user_id = $1 and m.id = k.candidate) as taken"
    " from unnest($2::text[], $3::text[], $4::uuid[]) with ordinality"
    "   as k (folder, name, candidate, ord)"
    " left join " FOLDERS_TABLE " f on f.user_id = $1 and f.path = k.folder"
    " left join " DOCUMENTS_TABLE " d on d.user_id = $1 and d.folder_id = f.id"
    "   and d.name = k.name and d.bucket is null"
    " order by k.ord";

static void
decode_hex (const char *hex, guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] =
        (guint8)(g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
}

/* (transfer full) (nullable) */
static char *
field (const PGresult *result, int row, int column)
{
  return PQgetisnull (result, row, column) ? NULL : g_strdup (PQgetvalue (result, row, column));
}

static gint32
int_field (const PGresult *result, int row, int column)
{
  return (gint32)g_ascii_strtoll (PQgetvalue (result, row, column), NULL, 10);
}

static void
read_known (const PGresult *result, int row, DbKnown *known)
{
  db_known_clear (known);
  known->exists = parse_uuid_field (result, row, 0, &known->id);
  known->version = int_field (result, row, 1);
  known->has_checksum = PQgetlength (result, row, 2) == 2 * DB_CHECKSUM_BYTES;
  if (known->has_checksum)
    decode_hex (PQgetvalue (result, row, 2), known->checksum, DB_CHECKSUM_BYTES);
  known->fingerprint = field (result, row, 3);
  known->status = field (result, row, 4);
  known->error_code = field (result, row, 5);
  known->error_message = field (result, row, 6);
  known->page_count = int_field (result, row, 7);
}

static PGresult *
lookup_query (DbConnection *connection, const Uuid *user, const DbKnown *known, const guint *series,
              gsize n_known, GError **error)
{
  GString *folders = text_array_begin ();
  GString *names = text_array_begin ();
  GString *candidates = text_array_begin ();
  char text[UUID_TEXT_BYTES];

  for (gsize i = 0; i < n_known; i++) {
    Uuid id = uuid_for_document (user, known[i].folder_path, known[i].name, series[i]);
    uuid_format (&id, text);
    text_array_add (folders, known[i].folder_path);
    text_array_add (names, known[i].name);
    text_array_add (candidates, text);
  }
  uuid_format (user, text);

  g_autofree char *folder_array = text_array_end (folders);
  g_autofree char *name_array = text_array_end (names);
  g_autofree char *candidate_array = text_array_end (candidates);
  const char *const params[] = {text, folder_array, name_array, candidate_array};
  return db_query (connection, "looking up what is loaded already", lookup_sql, 4, params, error);
}

gboolean
db_lookup (DbConnection *connection, const Uuid *user, DbKnown *known, gsize n_known,
           GError **error)
{
  g_autofree guint *series = g_new0 (guint, n_known);
  gboolean again = n_known > 0;

  for (guint round = 0; again && round < SERIES_MAX; round++) {
    g_autoptr (PGresult) result = lookup_query (connection, user, known, series, n_known, error);
    if (result == NULL)
      return FALSE;
    again = FALSE;
    for (gsize i = 0; i < n_known; i++) {
      gboolean taken = strcmp (PQgetvalue (result, (int)i, 8), "t") == 0;
      read_known (result, (int)i, &known[i]);
      if (!known[i].exists)
        known[i].id = uuid_for_document (user, known[i].folder_path, known[i].name, series[i]);
      series[i] += taken;
      again |= taken;
    }
  }
  if (again)
    g_set_error (error, DB_ERROR, DB_ERROR_CONFLICT,
                 "more than %d documents were loaded under the same path and moved away",
                 SERIES_MAX);
  return !again;
}
