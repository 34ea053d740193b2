#include "local.h"

#include "error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LOCAL_PORT "5432" /* of the socket's name only */
#define SOCKET_NAME "/.s.PGSQL." LOCAL_PORT

struct DbLocal {
  char *folder;
  char *data;
  char *log;
  char *url;
  char *bindir; /* of the server's programs; NULL until looked for */
  uid_t uid;    /* who the server runs as */
  gid_t gid;
};

static void
set_owner (DbLocal *local)
{
  local->uid = geteuid ();
  local->gid = getegid ();
  if (local->uid != 0)
    return;

  const struct passwd *user = getpwnam ("postgres");
  if (user == NULL)
    user = getpwnam ("nobody");
  local->uid = user ? user->pw_uid : 65534;
  local->gid = user ? user->pw_gid : 65534;
}

/* (transfer full) */
static char *
default_folder (void)
{
  const char *given = g_getenv ("INGEST_LOCAL_DIR");

  if (given != NULL && *given != '\0')
    return g_canonicalize_filename (given, NULL);
  if (geteuid () == 0)
    return g_strdup ("/var/lib/ingest");
  return g_build_filename (g_get_user_data_dir (), "ingest", NULL);
}

static void
forget_other_servers (void)
{
  PQconninfoOption *options = PQconndefaults ();

  for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
    if (option->envvar != NULL)
      g_unsetenv (option->envvar);
  PQconninfoFree (options);
}

DbLocal *
db_local_new (GError **error)
{
  g_autoptr (DbLocal) local = g_new0 (DbLocal, 1);

  forget_other_servers ();
  local->folder = default_folder ();
  local->data = g_build_filename (local->folder, "data", NULL);
  local->log = g_build_filename (local->folder, "postgres.log", NULL);
  set_owner (local);
  if (strlen (local->folder) + strlen (SOCKET_NAME) >=
      sizeof ((struct sockaddr_un *)NULL)->sun_path) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "the folder of the private database, %s, has too long a path for a unix socket; "
                 "set INGEST_LOCAL_DIR to a shorter one",
                 local->folder);
    return NULL;
  }

  /* a comma separates hosts for libpq, a quote ends the setting in postgresql.auto.conf */
  if (strpbrk (local->folder, ",'\\\n") != NULL) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "the folder of the private database, %s, has a comma, quote or backslash in its "
                 "path; set INGEST_LOCAL_DIR to another",
                 local->folder);
    return NULL;
  }

  g_autofree char *host = g_uri_escape_string (local->folder, NULL, FALSE);
  local->url = g_strdup_printf ("postgresql://postgres@/postgres?host=%s&port=" LOCAL_PORT, host);
  return g_steal_pointer (&local);
}

void
db_local_free (DbLocal *local)
{
  if (local == NULL)
    return;
  g_free (local->folder);
  g_free (local->data);
  g_free (local->log);
  g_free (local->url);
  g_free (local->bindir);
  g_free (local);
}

const char *
db_local_folder (const DbLocal *local)
{
  return local->folder;
}

const char *
db_local_url (const DbLocal *local)
{
  return local->url;
}

/* The major version of the server that made the cluster. (transfer full) (nullable) when there is
 * none yet */
static char *
cluster_major (const DbLocal *local)
{
  g_autofree char *path = g_build_filename (local->data, "PG_VERSION", NULL);
  g_autofree char *major = NULL;

  if (!g_file_get_contents (path, &major, NULL, NULL))
    return NULL;
  return g_strchomp (g_steal_pointer (&major));
}

/* Debian keeps the server's programs out of PATH, a folder a major version, several beside each
 * other: the one that made the cluster is taken, for a new cluster the newest.
 * (transfer full) (nullable) */
static char *
find_bindir (const DbLocal *local)
{
  static const char debian[] = "/usr/lib/postgresql";
  const char *given = g_getenv ("INGEST_PG_BINDIR");
  g_autofree char *made_by = cluster_major (local);
  g_autofree char *best = NULL;
  guint64 best_major = 0;

  if (given != NULL && *given != '\0')
    return g_strdup (given);

  g_autoptr (GDir) folder = g_dir_open (debian, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;) {
    guint64 major =
        g_strcmp0 (name, made_by) == 0 ? G_MAXUINT64 : g_ascii_strtoull (name, NULL, 10);
    g_autofree char *bindir = g_build_filename (debian, name, "bin", NULL);
    g_autofree char *initdb = g_build_filename (bindir, "initdb", NULL);

    if (major > best_major && g_file_test (initdb, G_FILE_TEST_IS_EXECUTABLE)) {
      best_major = major;
      g_free (best);
      best = g_steal_pointer (&bindir);
    }
  }
  if (best != NULL)
    return g_steal_pointer (&best);

  g_autofree char *initdb = g_find_program_in_path ("initdb");
  return initdb ? g_path_get_dirname (initdb) : NULL;
}

/* Between fork and exec: system calls only. */
static void
become_owner (gpointer user_data)
{
  const DbLocal *local = user_data;

  if (geteuid () == 0) {
    if (setgroups (0, NULL) != 0 || setresgid (local->gid, local->gid, local->gid) != 0 ||
        setresuid (local->uid, local->uid, local->uid) != 0)
      _exit (126);
  }
  umask (077);
}

/* Runs one of the server's programs as the cluster's owner. *status: its exit status. */
static gboolean
run (DbLocal *local, const char *program, const char *const *arguments, int *status, char **output,
     GError **error)
{
  /* the server keeps its environment for life, for all who may see /proc: no password in it */
  char *environment[] = {(char[]){"PATH=/usr/bin:/bin"}, (char[]){"LANG=C.UTF-8"}, NULL};
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (GError) failure = NULL;

  if (local->bindir == NULL)
    local->bindir = find_bindir (local);
  if (local->bindir == NULL) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "the private database needs the PostgreSQL server, which is not installed; "
                 "install it (Debian: apt-get install postgresql) or set INGEST_PG_BINDIR");
    return FALSE;
  }
  g_ptr_array_add (argv, g_build_filename (local->bindir, program, NULL));
  for (const char *const *argument = arguments; *argument != NULL; argument++)
    g_ptr_array_add (argv, g_strdup (*argument));
  g_ptr_array_add (argv, NULL);
  if (!g_spawn_sync ("/", (char **)argv->pdata, environment, G_SPAWN_DEFAULT, become_owner, local,
                     &out, &err, status, &failure)) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, "cannot run %s: %s", program, failure->message);
    return FALSE;
  }
  if (output != NULL)
    *output = g_strconcat (out, err, NULL);
  return TRUE;
}

/* As run, and the program must succeed. */
static gboolean
run_checked (DbLocal *local, const char *doing, const char *program, const char *const *arguments,
             GError **error)
{
  g_autofree char *output = NULL;
  int status = 0;

  if (!run (local, program, arguments, &status, &output, error))
    return FALSE;
  if (status == 0)
    return TRUE;
  g_strdelimit (g_strchomp (output), "\n", ' ');
  g_set_error (error, DB_ERROR, DB_ERROR_AWAY,
               "cannot %s the private database in %s: %s; its log is %s", doing, local->folder,
               *output ? output : "it says nothing", local->log);
  return FALSE;
}

static gboolean
is_running (DbLocal *local, gboolean *running, GError **error)
{
  const char *const arguments[] = {"status", "-D", local->data, NULL};
  int status = 0;

  *running = FALSE;
  if (!g_file_test (local->data, G_FILE_TEST_IS_DIR) && geteuid () != 0)
    return TRUE;
  if (!run (local, "pg_ctl", arguments, &status, NULL, error))
    return FALSE;
  *running = status == 0; /* 3: not running, 4: no data folder */
  return TRUE;
}

static gboolean
is_empty_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  return folder != NULL && g_dir_read_name (folder) == NULL;
}

/* The folder, made and owned by the server's user. As root an empty one is given to that user; one
 * that holds anything is left as it is. */
static gboolean
make_folder (const DbLocal *local, GError **error)
{
  struct stat info;

  if (g_mkdir_with_parents (local->folder, 0700) != 0 || stat (local->folder, &info) != 0 ||
      !S_ISDIR (info.st_mode)) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "cannot make %s for the private database: %s; set INGEST_LOCAL_DIR to a folder "
                 "that can be written",
                 local->folder, g_strerror (errno));
    return FALSE;
  }
  if (geteuid () == 0 && info.st_uid == 0 && is_empty_folder (local->folder) &&
      chmod (local->folder, 0700) == 0 && chown (local->folder, local->uid, local->gid) == 0 &&
      stat (local->folder, &info) != 0)
    info.st_uid = (uid_t)-1; /* gone meanwhile */
  if (info.st_uid != local->uid || (info.st_mode & 077) != 0) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "the folder of the private database, %s, must be empty or belong to user %u with "
                 "mode 0700; set INGEST_LOCAL_DIR to another folder",
                 local->folder, (guint)local->uid);
    return FALSE;
  }
  return TRUE;
}

/* What initdb does not know. fsync stays on: a private database is somebody's data too. */
static gboolean
write_settings (const DbLocal *local, const char *data, GError **error)
{
  g_autofree char *path = g_build_filename (data, "postgresql.auto.conf", NULL);
  g_autofree char *text = g_strdup_printf ("listen_addresses = ''\n"
                                           "port = " LOCAL_PORT "\n"
                                           "unix_socket_directories = '%s'\n"
                                           "unix_socket_permissions = 0700\n"
                                           "max_connections = 50\n"
                                           "shared_buffers = '128MB'\n"
                                           "log_min_messages = warning\n",
                                           local->folder);

  if (g_file_set_contents (path, text, -1, error) && geteuid () == 0 &&
      chown (path, local->uid, local->gid) != 0) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, "cannot write %s: %s", path,
                 g_strerror (errno));
    return FALSE;
  }
  return error == NULL || *error == NULL;
}

static gboolean remove_tree (const char *path);

/* initdb into a folder beside, renamed when whole: one that was interrupted is not taken for a
 * cluster. */
static gboolean
make_cluster (DbLocal *local, GError **error)
{
  g_autofree char *half = g_strconcat (local->data, ".new", NULL);
  const char *const arguments[] = {"-D",
                                   half,
                                   "-U",
                                   "postgres",
                                   "--auth=trust",
                                   "--encoding=UTF8",
                                   "--locale=C.UTF-8",
                                   "--no-sync",
                                   "--no-instructions",
                                   NULL};

  if (g_file_test (local->data, G_FILE_TEST_IS_DIR))
    return TRUE;
  remove_tree (half);
  if (!run_checked (local, "make", "initdb", arguments, error))
    return FALSE;
  if (!write_settings (local, half, error))
    return FALSE;
  if (g_rename (half, local->data) != 0) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, "cannot rename %s: %s", half,
                 g_strerror (errno));
    return FALSE;
  }
  return TRUE;
}

/* -1 with error set; closing it lets the next one start. */
static int
lock_folder (const DbLocal *local, GError **error)
{
  g_autofree char *path = g_build_filename (local->folder, "lock", NULL);
  int fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX) == 0)
    return fd;
  g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS, "cannot lock %s: %s", path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* An upgrade of the package takes the program away under the running server, whose next backend may
 * then load libraries of another version. */
static gboolean
was_upgraded_under (const DbLocal *local)
{
  g_autofree char *pid_file = g_build_filename (local->data, "postmaster.pid", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (pid_file, &text, NULL, NULL))
    return FALSE;

  g_autofree char *link =
      g_strdup_printf ("/proc/%" G_GUINT64_FORMAT "/exe", g_ascii_strtoull (text, NULL, 10));
  g_autofree char *program = g_file_read_link (link, NULL);
  return program != NULL && g_str_has_suffix (program, " (deleted)");
}

/* A server reads the files of its own major version only, and says so in its log alone. */
static gboolean
check_major (DbLocal *local, GError **error)
{
  static const char before[] = "(PostgreSQL) ";
  const char *const arguments[] = {"--version", NULL};
  g_autofree char *made_by = cluster_major (local);
  g_autofree char *output = NULL;
  int status;

  if (made_by == NULL || !run (local, "postgres", arguments, &status, &output, error))
    return made_by == NULL;

  const char *version = strstr (output, before); /* "postgres (PostgreSQL) 15.20 (Debian ...)" */
  gsize length = version ? strspn (version + strlen (before), "0123456789") : 0;
  if (length == 0 || strtoul (made_by, NULL, 10) == strtoul (version + strlen (before), NULL, 10))
    return TRUE;
  g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
               "the private database in %s was made by PostgreSQL %s, but the server in %s is "
               "%.*s; install PostgreSQL %s beside it (or name its folder in INGEST_PG_BINDIR), or "
               "remove the database with `ingest db remove --local` and ingest the files again",
               local->folder, made_by, local->bindir, (int)length, version + strlen (before),
               made_by);
  return FALSE;
}

static gboolean
start_locked (DbLocal *local, GError **error)
{
  const char *const arguments[] = {"start", "-w", "-s", "-D", local->data, "-l", local->log, NULL};
  gboolean running;

  if (!make_cluster (local, error) || !is_running (local, &running, error))
    return FALSE;
  if (running && was_upgraded_under (local)) {
    if (!db_local_stop (local, error))
      return FALSE;
    running = FALSE;
  }
  if (running)
    return TRUE;
  return check_major (local, error) && run_checked (local, "start", "pg_ctl", arguments, error);
}

gboolean
db_local_start (DbLocal *local, GError **error)
{
  if (!make_folder (local, error))
    return FALSE;

  int lock = lock_folder (local, error);
  if (lock < 0)
    return FALSE;

  gboolean started = start_locked (local, error);
  close (lock);
  return started;
}

gboolean
db_local_stop (DbLocal *local, GError **error)
{
  const char *const arguments[] = {"stop", "-w", "-s", "-m", "fast", "-D", local->data, NULL};
  gboolean running;

  if (!g_file_test (local->folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (!is_running (local, &running, error))
    return FALSE;
  return !running || run_checked (local, "stop", "pg_ctl", arguments, error);
}

/* Follows no symlink. Errors show in the rmdir of the folder above. */
static gboolean
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_tree (child);
  }
  return g_remove (path) == 0;
}

gboolean
db_local_remove (DbLocal *local, GError **error)
{
  g_autofree char *half = g_strconcat (local->data, ".new", NULL);
  g_autofree char *lock = g_build_filename (local->folder, "lock", NULL);

  g_autofree char *version = g_build_filename (local->data, "PG_VERSION", NULL);

  if (!g_file_test (local->folder, G_FILE_TEST_IS_DIR))
    return TRUE;
  if (!g_file_test (version, G_FILE_TEST_EXISTS)) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "%s holds no private database; nothing is removed", local->folder);
    return FALSE;
  }
  if (!db_local_stop (local, error))
    return FALSE;
  remove_tree (local->data);
  remove_tree (half);
  g_remove (local->log);
  g_remove (lock);
  if (g_rmdir (local->folder) != 0 && errno != ENOENT) {
    g_set_error (error, DB_ERROR, DB_ERROR_ADDRESS,
                 "%s is not wholly removed: %s; look what else is in it", local->folder,
                 g_strerror (errno));
    return FALSE;
  }
  return TRUE;
}
