#include "connection.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>

struct DbConnection {
  PGconn *conn;
  DbOptions options;
  char *name;
};

typedef PQconninfoOption ConninfoList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConninfoList, PQconninfoFree)

static const char no_address[] =
    "no database is configured. Set DATABASE_URL (postgresql://USER@HOST:PORT/DATABASE, the "
    "password in it, in PGPASSWORD or in ~/.pgpass) or libpq's PGHOST, PGUSER, ...; or say --local "
    "to use a private database on this machine";

static const char local_refused[] =
    "the configured database (%s) is on this machine. A local database is used only when asked "
    "for: set `allow_local = true` in [database] of pipeline.ini for a tunnel, a sidecar pooler or "
    "a self-hosted server; or say --local to use the private database";

static const char malformed[] =
    "DATABASE_URL is not a connection string. It reads "
    "postgresql://USER:PASSWORD@HOST:PORT/DATABASE; characters such as @ / : # % in the password "
    "must be percent-encoded";

/* 127.0.0.0/8, ::1, and the unspecified addresses, which connect to loopback too. */
static gboolean
address_is_loopback (const char *address)
{
  struct in_addr v4;
  struct in6_addr v6;

  if (inet_pton (AF_INET, address, &v4) == 1)
    return (ntohl (v4.s_addr) >> 24) == 127 || v4.s_addr == 0;
  if (inet_pton (AF_INET6, address, &v6) != 1)
    return FALSE;
  if (IN6_IS_ADDR_V4MAPPED (&v6))
    return v6.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK (&v6) || IN6_IS_ADDR_UNSPECIFIED (&v6);
}

gboolean
db_host_is_local (const char *host)
{
  if (host == NULL || *host == '\0' || *host == '/' || *host == '@')
    return TRUE;
  return g_ascii_strcasecmp (host, "localhost") == 0 ||
         g_ascii_strcasecmp (host, "localhost.") == 0 || g_str_has_suffix (host, ".localhost") ||
         address_is_loopback (host);
}

static const char *
option_value (const PQconninfoOption *options, const char *keyword)
{
  for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
    if (strcmp (option->keyword, keyword) == 0)
      return option->val;
  return NULL;
}

/* libpq takes lists of hosts: one local one is enough to be local. */
static gboolean
any_host_is_local (const PQconninfoOption *options)
{
  const char *addresses = option_value (options, "hostaddr");
  const char *hosts = addresses && *addresses ? addresses : option_value (options, "host");

  if (hosts == NULL || *hosts == '\0')
    return TRUE;

  g_auto (GStrv) list = g_strsplit (hosts, ",", -1);

  for (char **host = list; *host != NULL; host++)
    if (db_host_is_local (*host))
      return TRUE;
  return FALSE;
}

/* Merges the string (if any) over libpq's defaults and variables, as libpq itself would.
 * (transfer full) */
static ConninfoList *
conninfo_resolve (const char *url, GError **error)
{
  ConninfoList *defaults = PQconndefaults ();
  char *message = NULL;

  if (defaults == NULL) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "libpq's settings cannot be read: check PGSERVICE and the service file");
    return NULL;
  }
  if (url == NULL)
    return defaults;

  g_autoptr (ConninfoList) given = PQconninfoParse (url, &message);
  /* the message may quote a part of the string, and with it the password */
  PQfreemem (message);
  if (given == NULL) {
    PQconninfoFree (defaults);
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, "%s", malformed);
    return NULL;
  }
  for (PQconninfoOption *option = defaults; option->keyword != NULL; option++) {
    const char *value = option_value (given, option->keyword);
    if (value == NULL || *value == '\0')
      continue;
    PQfreemem (option->val);
    option->val = strdup (value);
  }
  return defaults;
}

static gboolean
address_is_configured (const char *url)
{
  static const char *const variables[] = {"PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE"};

  if (url != NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    if (g_getenv (variables[i]) != NULL && *g_getenv (variables[i]) != '\0')
      return TRUE;
  return FALSE;
}

static const char *
or_else (const char *value, const char *fallback)
{
  return value != NULL && *value != '\0' ? value : fallback;
}

/* libpq would say so only when it connects, as if it were the network. */
static gboolean
check_parts (const PQconninfoOption *options, GError **error)
{
  const char *port = or_else (option_value (options, "port"), "");
  const char *host = or_else (option_value (options, "host"), "");
  const char *database = or_else (option_value (options, "dbname"), "");

  /* an @ here comes from a password that was not encoded, and would be shown with the name */
  if (port[strspn (port, "0123456789,")] == '\0' && strchr (database, '@') == NULL &&
      (*host == '/' || *host == '@' || strchr (host, '@') == NULL))
    return TRUE;
  g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, "%s", malformed);
  return FALSE;
}

/* (transfer full) */
static char *
name_of (const PQconninfoOption *options)
{
  const char *host = or_else (option_value (options, "host"),
                              or_else (option_value (options, "hostaddr"), "the local socket"));
  const char *user = or_else (option_value (options, "user"), "?");

  return g_strdup_printf ("%s:%s/%s as %s", host, or_else (option_value (options, "port"), "5432"),
                          or_else (option_value (options, "dbname"), user), user);
}

/* What libpq leaves open: a network that dies silently is noticed within a minute or two, also
 * while we send. */
static const char *
default_of (const char *keyword)
{
  static const char *const defaults[][2] = {
      {"application_name", "ingest"}, {"keepalives_idle", "30"},     {"keepalives_interval", "10"},
      {"keepalives_count", "3"},      {"tcp_user_timeout", "60000"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (strcmp (defaults[i][0], keyword) == 0)
      return defaults[i][1];
  return NULL;
}

/* (transfer full) */
static PGconn *
connect_start (const PQconninfoOption *options)
{
  g_autoptr (GPtrArray) keywords = g_ptr_array_new ();
  g_autoptr (GPtrArray) values = g_ptr_array_new ();

  for (const PQconninfoOption *option = options; option->keyword != NULL; option++) {
    const char *value = or_else (option->val, default_of (option->keyword));
    if (strcmp (option->keyword, "client_encoding") == 0)
      value = "UTF8";
    if (value == NULL || *value == '\0')
      continue;
    g_ptr_array_add (keywords, option->keyword);
    g_ptr_array_add (values, (gpointer)(guintptr)value);
  }
  g_ptr_array_add (keywords, NULL);
  g_ptr_array_add (values, NULL);
  return PQconnectStartParams ((const char *const *)keywords->pdata,
                               (const char *const *)values->pdata, 0);
}

/* FALSE: the time is up, or libpq gave up. */
static gboolean
connect_wait (PGconn *conn, guint timeout_ms)
{
  gint64 end = g_get_monotonic_time () + (gint64)timeout_ms * 1000;
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;

  while (status != PGRES_POLLING_OK) {
    gint64 left_ms = (end - g_get_monotonic_time ()) / 1000;
    struct pollfd poll_fd = {
        .fd = PQsocket (conn),
        .events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT,
    };

    if (PQstatus (conn) == CONNECTION_BAD || left_ms <= 0)
      return FALSE;
    if (poll (&poll_fd, 1, (int)left_ms) < 0 && errno != EINTR)
      return FALSE;
    if (poll_fd.revents != 0)
      status = PQconnectPoll (conn);
    if (status == PGRES_POLLING_FAILED)
      return FALSE;
  }
  return TRUE;
}

static void
drop_notice (void *arg, const PGresult *result)
{
  g_debug ("notice: %s", PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY));
}

static gboolean
connect_checked (DbConnection *connection, const PQconninfoOption *info, GError **error)
{
  const DbOptions *options = &connection->options;

  connection->conn = connect_start (info);
  if (connection->conn != NULL)
    PQsetErrorVerbosity (connection->conn, PQERRORS_VERBOSE);
  if (connection->conn == NULL || !connect_wait (connection->conn, options->connect_timeout_ms)) {
    if (connection->conn != NULL && PQstatus (connection->conn) != CONNECTION_BAD) {
      g_set_error (error, DB_ERROR, DB_ERROR_AWAY,
                   "no answer from the database at %s within %u ms; try again later, or raise "
                   "connect_timeout_ms in [database]",
                   connection->name, options->connect_timeout_ms);
      return FALSE;
    }
    return db_error_set_connect (error, connection->conn, connection->name);
  }
  PQsetErrorVerbosity (connection->conn, PQERRORS_DEFAULT);
  PQsetNoticeReceiver (connection->conn, drop_notice, NULL);

  /* a name can resolve to loopback */
  const char *address = PQhostaddr (connection->conn);
  if (!options->allow_local && address != NULL && address_is_loopback (address)) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, local_refused, connection->name);
    return FALSE;
  }
  return TRUE;
}

DbConnection *
db_connection_open (const char *url, const DbOptions *options, GError **error)
{
  const char *given = url ? url : or_else (g_getenv ("DATABASE_URL"), NULL);

  if (!address_is_configured (given)) {
    g_set_error_literal (error, DB_ERROR, DB_ERROR_ADDRESS, no_address);
    return NULL;
  }

  g_autoptr (ConninfoList) info = conninfo_resolve (given, error);
  if (info == NULL || !check_parts (info, error))
    return NULL;

  g_autoptr (DbConnection) connection = g_new0 (DbConnection, 1);
  connection->options = *options;
  connection->name = name_of (info);
  if (!options->allow_local && any_host_is_local (info)) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, local_refused, connection->name);
    return NULL;
  }
  if (!connect_checked (connection, info, error))
    return NULL;
  return g_steal_pointer (&connection);
}

void
db_connection_close (DbConnection *connection)
{
  if (connection == NULL)
    return;
  if (connection->conn != NULL)
    PQfinish (connection->conn);
  g_free (connection->name);
  g_free (connection);
}

const char *
db_connection_name (const DbConnection *connection)
{
  return connection->name;
}

PGconn *
db_connection_pq (DbConnection *connection)
{
  return connection->conn;
}

const DbOptions *
db_connection_options (const DbConnection *connection)
{
  return &connection->options;
}

PGresult *
db_query (DbConnection *connection, const char *doing, const char *sql, int n_params,
          const char *const *params, GError **error)
{
  g_autoptr (PGresult) result =
      PQexecParams (connection->conn, sql, n_params, NULL, params, NULL, NULL, 0);
  ExecStatusType status = PQresultStatus (result);

  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    db_error_set (error, connection->conn, result, doing);
    return NULL;
  }
  return g_steal_pointer (&result);
}

gboolean
db_exec (DbConnection *connection, const char *doing, const char *sql, GError **error)
{
  g_autoptr (PGresult) result = PQexec (connection->conn, sql);
  ExecStatusType status = PQresultStatus (result);

  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    return db_error_set (error, connection->conn, result, doing);
  return TRUE;
}

void
db_rollback (DbConnection *connection)
{
  if (PQtransactionStatus (connection->conn) == PQTRANS_IDLE)
    return;

  g_autoptr (PGresult) result = PQexec (connection->conn, "rollback");
  g_debug ("rollback: %s", PQresStatus (PQresultStatus (result)));
}
