#include "error.h"

#include <string.h>

GQuark
db_error_quark (void)
{
  return g_quark_from_static_string ("db-error");
}

typedef struct {
  const char *sqlstate; /* whole, or the class (2 characters) */
  DbError code;
} StateMeaning;

/* PostgreSQL, Appendix A. The first match counts. */
static const StateMeaning meanings[] = {
    {"57014", DB_ERROR_DATA},       /* statement_timeout: too much for one statement */
    {"0A000", DB_ERROR_PERMISSION}, /* COPY under row-level security */
    {"23505", DB_ERROR_CONFLICT},   {"23503", DB_ERROR_CONFLICT},   {"40", DB_ERROR_CONFLICT},
    {"08", DB_ERROR_AWAY},          {"28", DB_ERROR_AUTH},          {"3D000", DB_ERROR_AUTH},
    {"42P01", DB_ERROR_SCHEMA},     {"42703", DB_ERROR_SCHEMA},     {"42883", DB_ERROR_SCHEMA},
    {"3F000", DB_ERROR_SCHEMA},     {"42501", DB_ERROR_PERMISSION}, {"53", DB_ERROR_AWAY},
    {"55P03", DB_ERROR_LOCKED},     {"57", DB_ERROR_AWAY},          {"58", DB_ERROR_AWAY},
    {"25P03", DB_ERROR_AWAY}, /* the server closed an idle transaction */
    {"25P04", DB_ERROR_AWAY},       {"25006", DB_ERROR_AWAY}, /* read-only: a standby, or a database
                                                                 over its quota */
    {"22", DB_ERROR_DATA},          {"23", DB_ERROR_DATA},          {"54", DB_ERROR_DATA},
    {"XX000", DB_ERROR_DATA},       {"P0001", DB_ERROR_INPUT},
};

DbError
db_error_from_sqlstate (const char *sqlstate)
{
  if (sqlstate == NULL)
    return DB_ERROR_AWAY;
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_str_has_prefix (sqlstate, meanings[i].sqlstate))
      return meanings[i].code;
  return DB_ERROR_QUERY;
}

static const char *
next_step (DbError code)
{
  switch (code) {
  case DB_ERROR_AUTH:
    return "check user, password and database name in DATABASE_URL";
  case DB_ERROR_AWAY:
  case DB_ERROR_LOCKED:
    return "try again later";
  case DB_ERROR_SCHEMA:
    return "see what differs with `ingest db status`";
  case DB_ERROR_PERMISSION:
    return "connect as a role that may write past row-level security (Supabase: postgres or "
           "service_role)";
  default:
    return NULL;
  }
}

/* libpq ends its messages with a newline and may add lines of detail. */
static char *
first_line (const char *message)
{
  const char *text = message;

  while (g_ascii_isspace (*text))
    text++;
  return g_strchomp (g_strndup (text, strcspn (text, "\n")));
}

/* Which objects stand in the way: details of other errors hold values of rows, which belong in no
 * log. (transfer full) (nullable) */
static char *
dependents (const PGresult *result)
{
  const char *sqlstate = result ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  const char *detail = sqlstate ? PQresultErrorField (result, PG_DIAG_MESSAGE_DETAIL) : NULL;

  if (detail == NULL || (strcmp (sqlstate, "2BP01") != 0 && strcmp (sqlstate, "0A000") != 0 &&
                         strcmp (sqlstate, "42804") != 0))
    return NULL;
  return g_strdelimit (g_strdup (detail), "\n", ',');
}

gboolean
db_error_set (GError **error, PGconn *conn, const PGresult *result, const char *doing)
{
  const char *sqlstate = result ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
  const char *primary = result ? PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
  g_autofree char *message = first_line (primary ? primary : PQerrorMessage (conn));
  g_autofree char *detail = dependents (result);
  DbError code = db_error_from_sqlstate (sqlstate);

  if (sqlstate == NULL && PQstatus (conn) == CONNECTION_OK)
    code = DB_ERROR_QUERY; /* libpq itself refused, the connection is fine */

  /* this state with dependents is no COPY under row-level security */
  if (detail != NULL && code == DB_ERROR_PERMISSION)
    code = DB_ERROR_QUERY;

  const char *step = next_step (code);
  if (g_strcmp0 (sqlstate, "57014") == 0)
    step = "raise statement_timeout_ms in [database]";
  else if (detail != NULL)
    step = detail;
  if (*message == '\0') {
    g_free (message);
    message = g_strdup ("the connection to the database was lost");
  }
  g_set_error (error, DB_ERROR, (int)code, "while %s: %s%s%s%s%s%s", doing, message,
               sqlstate ? " (SQLSTATE " : "", sqlstate ? sqlstate : "", sqlstate ? ")" : "",
               step ? "; " : "", step ? step : "");
  return FALSE;
}

/* The SQLSTATE of a refused connection stands in the verbose message only:
 * "FATAL:  28P01: password authentication failed ...". (transfer full) (nullable) */
static char *
sqlstate_of_connect_message (const char *message)
{
  const char *at = strstr (message, "FATAL:  ");

  if (at == NULL)
    return NULL;
  at += strlen ("FATAL:  ");
  for (int i = 0; i < 5; i++)
    if (!g_ascii_isdigit (at[i]) && !g_ascii_isupper (at[i]))
      return NULL;
  return at[5] == ':' ? g_strndup (at, 5) : NULL;
}

gboolean
db_error_set_connect (GError **error, PGconn *conn, const char *host)
{
  const char *whole = conn ? PQerrorMessage (conn) : "out of memory";
  g_autofree char *sqlstate = sqlstate_of_connect_message (whole);
  DbError code = db_error_from_sqlstate (sqlstate);
  g_autofree char *message = NULL;

  /* poolers refuse with states of their own: whatever it is, nothing was done yet */
  if (code != DB_ERROR_AUTH && code != DB_ERROR_PERMISSION)
    code = DB_ERROR_AWAY;

  const char *step = next_step (code);

  if (sqlstate != NULL) {
    g_autofree char *mark = g_strdup_printf ("%s: ", sqlstate);
    message = first_line (strstr (whole, mark) + strlen (mark));
  } else {
    message = g_strdup (whole);
    g_strdelimit (g_strchomp (message), "\n\t", ' ');
    step = "check that the database runs and that host and port in DATABASE_URL are right, or try "
           "again later";
  }
  g_set_error (error, DB_ERROR, (int)code, "cannot connect to the database at %s: %s%s%s%s%s%s",
               host, message, sqlstate ? " (SQLSTATE " : "", sqlstate ? sqlstate : "",
               sqlstate ? ")" : "", step ? "; " : "", step ? step : "");
  return FALSE;
}
