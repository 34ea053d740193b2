#include "client.h"

#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKER_FD 3
#define READ_BYTES (256u << 10)
#define READS_A_PUMP 16
#define START_TIMEOUT_MS 20000
/* a worker is replaced after so many files: what its libraries leak stays bounded */
#define FILES_MAX 500

struct ExtractClient {
  char *worker_path;
  ExtractLimits limits;
  char *fingerprint; /* of the last worker that said HELLO */
  pid_t pid;         /* 0: none */
  int fd;            /* our end of the socketpair; -1 with no worker */
  guint n_files;     /* given to this worker */
  char *owner;
  FrameReader *reader;
  gboolean busy; /* a file is with the worker, or its outcome was not taken */
  gboolean done;
  gint64 deadline_us;
  GError *failure; /* of the file at hand */
};

ExtractClient *
extract_client_new (const char *worker_path, const ExtractLimits *limits)
{
  ExtractClient *client = g_new0 (ExtractClient, 1);

  client->worker_path = g_strdup (worker_path);
  client->limits = *limits;
  client->fd = -1;
  return client;
}

/* --- the end of a worker -------------------------------------------------------------------- */

/* Kills what is left of it, and waits. Returns its wait status: a process that is ending by itself
 * keeps its own, also when it is killed on the way. */
static int
reap (ExtractClient *client)
{
  int status = 0;

  if (client->pid == 0)
    return 0;
  kill (client->pid, SIGKILL);
  while (waitpid (client->pid, &status, 0) < 0 && errno == EINTR)
    ;
  close (client->fd);
  client->pid = 0;
  client->fd = -1;
  client->n_files = 0;
  g_clear_pointer (&client->owner, g_free);
  g_clear_pointer (&client->reader, frame_reader_free);
  return status;
}

/* An idle worker of a coverage build ends by itself at the end of its input, and then writes what
 * it has counted. */
static void
let_it_write_coverage (ExtractClient *client)
{
#ifdef INGEST_COV
  struct pollfd poll_fd = {.fd = client->fd, .events = 0};

  if (client->pid != 0 && !client->busy && shutdown (client->fd, SHUT_WR) == 0)
    poll (&poll_fd, 1, START_TIMEOUT_MS); /* POLLHUP: its end is closed */
#endif
}

void
extract_client_free (ExtractClient *client)
{
  if (client == NULL)
    return;
  let_it_write_coverage (client);
  reap (client);
  g_clear_error (&client->failure);
  g_free (client->fingerprint);
  g_free (client->worker_path);
  g_free (client);
}

/* It ended before it said HELLO, and gave no reason. (transfer full) */
static GError *
error_of_start (const ExtractClient *client, int status)
{
  if (WIFSIGNALED (status))
    return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                        "the worker %s cannot start: it was killed by signal %d (%s)",
                        client->worker_path, WTERMSIG (status), sigdescr_np (WTERMSIG (status)));
  return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                      "the worker %s cannot start (exit code %d)", client->worker_path,
                      WEXITSTATUS (status));
}

/* The connection ended in the middle of a file: how the process ended says why. */
static GError *
error_from_status (int status)
{
  if (!WIFSIGNALED (status))
    return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_CRASH,
                        "the worker ended in the middle of the file (exit code %d)",
                        WIFEXITED (status) ? WEXITSTATUS (status) : -1);

  int number = WTERMSIG (status);
  if (number == SIGBUS)
    return g_error_new_literal (EXTRACT_ERROR, EXTRACT_ERROR_READ,
                                "it changed while it was read; try again when it is complete");
  if (number == SIGXCPU)
    return g_error_new_literal (EXTRACT_ERROR, EXTRACT_ERROR_TIMEOUT,
                                "reading it took more processor time than timeout_ms allows");
  return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_CRASH,
                      "reading it crashed the worker, which was killed by signal %d (%s); no "
                      "other file is affected",
                      number, sigdescr_np (number));
}

/* --- the start of a worker ------------------------------------------------------------------ */

/* Of the parent's environment only what a worker needs: no address, no password.
 * (transfer full) */
static char **
make_environment (void)
{
  static const char *const kept[] = {"PATH",         "ASAN_OPTIONS", "UBSAN_OPTIONS",
                                     "LSAN_OPTIONS", "GCOV_PREFIX",  "GCOV_PREFIX_STRIP"};
  GPtrArray *environment = g_ptr_array_new ();

  g_ptr_array_add (environment, g_strdup ("LANG=C.UTF-8"));
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_getenv (kept[i]) != NULL)
      g_ptr_array_add (environment, g_strconcat (kept[i], "=", g_getenv (kept[i]), NULL));
  g_ptr_array_add (environment, NULL);
  return (char **)g_ptr_array_free (environment, FALSE);
}

/* (transfer full) */
static char **
make_arguments (const ExtractClient *client)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, g_strdup ("ingest-extract"));
  g_ptr_array_add (argv, g_strdup ("--worker"));
  extract_limits_to_arguments (&client->limits, argv);
  g_ptr_array_add (argv, NULL);
  return (char **)g_ptr_array_free (argv, FALSE);
}

/* Where the worker's stderr goes: poppler talks there, and nobody listens. A sanitizer's report is
 * wanted, but not in a regular file: RLIMIT_FSIZE would kill the writer. */
static gboolean
stderr_is_kept (void)
{
#ifdef INGEST_ASAN
  struct stat info;
  return fstat (STDERR_FILENO, &info) == 0 && !S_ISREG (info.st_mode);
#else
  return FALSE;
#endif
}

/* Between fork and exec: system calls only. */
static void
become_worker (const char *path, int fd, int null_fd, gboolean keep_stderr, char **argv,
               char **environment)
{
  sigset_t none;

  fd = fcntl (fd, F_DUPFD, WORKER_FD + 1); /* away from where the others go */
  null_fd = fcntl (null_fd, F_DUPFD_CLOEXEC, WORKER_FD + 1);
  sigemptyset (&none);
  /* a group of its own: ^C is for the parent to act upon */
  if (fd < 0 || null_fd < 0 || setpgid (0, 0) != 0 || sigprocmask (SIG_SETMASK, &none, NULL) != 0 ||
      dup2 (null_fd, STDIN_FILENO) < 0 || dup2 (null_fd, STDOUT_FILENO) < 0 ||
      (!keep_stderr && dup2 (null_fd, STDERR_FILENO) < 0) || dup2 (fd, WORKER_FD) < 0 ||
      close (fd) != 0)
    _exit (127);
  execve (path, argv, environment);
  _exit (127);
}

static gboolean
spawn (ExtractClient *client, GError **error)
{
  g_auto (GStrv) argv = make_arguments (client);
  g_auto (GStrv) environment = make_environment ();
  gboolean keep_stderr = stderr_is_kept ();
  int ends[2];

  if (access (client->worker_path, X_OK) != 0 ||
      socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "cannot start %s: %s",
                 client->worker_path, g_strerror (errno));
    return FALSE;
  }

  int null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  pid_t pid = null_fd >= 0 ? fork () : -1;
  if (pid == 0)
    become_worker (client->worker_path, ends[1], null_fd, keep_stderr, argv, environment);
  if (pid < 0)
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "cannot start a worker: %s",
                 g_strerror (errno));
  close (ends[1]);
  if (null_fd >= 0)
    close (null_fd);
  if (pid < 0) {
    close (ends[0]);
    return FALSE;
  }
  fcntl (ends[0], F_SETFL, O_NONBLOCK);
  client->pid = pid;
  client->fd = ends[0];
  client->reader = frame_reader_new (&client->limits);
  return TRUE;
}

/* --- what comes from it ---------------------------------------------------------------------- */

/* TRUE: all is well so far. FALSE with error: the worker is gone, killed and reaped. */
static gboolean
receive (ExtractClient *client, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);

  for (int i = 0; i < READS_A_PUMP; i++) {
    gssize n = read (client->fd, buffer, READ_BYTES);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN)
      return TRUE;
    if (n <= 0) {
      gboolean started = frame_reader_fingerprint (client->reader) != NULL;
      int status = reap (client);
      g_propagate_error (error,
                         started ? error_from_status (status) : error_of_start (client, status));
      return FALSE;
    }
    if (!frame_reader_feed (client->reader, buffer, (gsize)n, error)) {
      reap (client);
      return FALSE;
    }
    if (client->fingerprint == NULL && frame_reader_fingerprint (client->reader) != NULL)
      client->fingerprint = g_strdup (frame_reader_fingerprint (client->reader));
    if (frame_reader_done (client->reader))
      return TRUE;
  }
  return TRUE;
}

const char *
extract_client_fingerprint (ExtractClient *client, GError **error)
{
  gint64 end_us = g_get_monotonic_time () + START_TIMEOUT_MS * 1000;

  if (client->fingerprint == NULL && client->pid == 0 && !spawn (client, error))
    return NULL;
  while (client->fingerprint == NULL) {
    struct pollfd poll_fd = {.fd = client->fd, .events = POLLIN};
    gint64 left_ms = (end_us - g_get_monotonic_time ()) / 1000;

    if (left_ms <= 0) {
      reap (client);
      g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                   "the worker %s does not get ready; try again when the machine is less busy",
                   client->worker_path);
      return NULL;
    }
    poll (&poll_fd, 1, (int)left_ms);
    if (!receive (client, error))
      return NULL;
  }
  return client->fingerprint;
}

/* --- a file ---------------------------------------------------------------------------------- */

/* A worker that has something to say without being asked, or is gone. */
static gboolean
is_stale (const ExtractClient *client)
{
  struct pollfd poll_fd = {.fd = client->fd, .events = POLLIN};

  /* HELLO may still be on its way to us */
  return frame_reader_fingerprint (client->reader) != NULL && poll (&poll_fd, 1, 0) != 0;
}

static gboolean
have_worker_for (ExtractClient *client, const char *owner, GError **error)
{
  gboolean other = client->owner != NULL && strcmp (client->owner, owner) != 0;

  if (client->pid != 0 && (other || client->n_files >= FILES_MAX || is_stale (client)))
    reap (client);
  if (client->pid == 0 && !spawn (client, error))
    return FALSE;
  if (client->owner == NULL)
    client->owner = g_strdup (owner);
  return TRUE;
}

/* Processor time counts over a worker's life: each file gets its share anew. Past it the kernel
 * kills the worker even if we were stopped. */
static void
grant_cpu_time (const ExtractClient *client)
{
  struct timespec used;
  clockid_t clock;

  if (clock_getcpuclockid (client->pid, &clock) != 0 || clock_gettime (clock, &used) != 0)
    return;

  rlim_t seconds = (rlim_t)used.tv_sec + client->limits.timeout_ms / 1000 + 5;
  struct rlimit limit = {.rlim_cur = seconds, .rlim_max = RLIM_INFINITY};
  struct rlimit old;
  if (prlimit (client->pid, RLIMIT_CPU, NULL, &old) == 0) {
    limit.rlim_max = old.rlim_max;
    prlimit (client->pid, RLIMIT_CPU, &limit, NULL);
  }
}

/* The frame and the descriptor in one message. */
static gboolean
send_job (const ExtractClient *client, const ExtractJob *job)
{
  g_autoptr (GByteArray) frame =
      frame_pack_job (job->name ? job->name : "", job->declared ? job->declared : "");
  char control[CMSG_SPACE (sizeof (int))] = {0};
  struct iovec vector = {.iov_base = frame->data, .iov_len = frame->len};
  struct msghdr message = {
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control,
      .msg_controllen = sizeof control,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);

  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (header), &job->fd, sizeof (int));
  return sendmsg (client->fd, &message, MSG_NOSIGNAL) == (gssize)frame->len;
}

gboolean
extract_client_start (ExtractClient *client, const ExtractJob *job, GError **error)
{
  g_return_val_if_fail (!client->busy, FALSE);

  if (job->size_bytes > client->limits.max_file_bytes) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_TOO_LARGE,
                 "it has %" G_GUINT64_FORMAT
                 " bytes, more than max_file_bytes allows (%" G_GUINT64_FORMAT ")",
                 job->size_bytes, client->limits.max_file_bytes);
    return FALSE;
  }
  if ((fcntl (job->fd, F_GETFL) & O_ACCMODE) != O_RDONLY) { /* -1 is none of them, either */
    g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_READ, "it is not open read-only");
    return FALSE;
  }
  for (int try = 1;; try++) {
    if (!have_worker_for (client, job->owner, error))
      return FALSE;
    if (send_job (client, job))
      break;
    /* it died between two files, which is no fault of this one */
    reap (client);
    if (try == 2) {
      g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "the worker %s does not take files",
                   client->worker_path);
      return FALSE;
    }
  }
  frame_reader_begin (client->reader, job->name ? job->name : "");
  grant_cpu_time (client);
  client->n_files++;
  client->busy = TRUE;
  client->done = FALSE;
  client->deadline_us = g_get_monotonic_time () + (gint64)client->limits.timeout_ms * 1000;
  return TRUE;
}

int
extract_client_fd (const ExtractClient *client)
{
  return client->busy ? client->fd : -1;
}

int
extract_client_timeout_ms (const ExtractClient *client)
{
  if (!client->busy)
    return -1;
  if (client->done)
    return 0;

  gint64 left_us = client->deadline_us - g_get_monotonic_time ();
  return left_us <= 0 ? 0 : (int)MIN ((left_us + 999) / 1000, G_MAXINT);
}

gboolean
extract_client_pump (ExtractClient *client)
{
  if (!client->busy || client->done)
    return TRUE;
  if (!receive (client, &client->failure)) {
    client->done = TRUE;
  } else if (frame_reader_done (client->reader)) {
    client->done = TRUE;
  } else if (g_get_monotonic_time () >= client->deadline_us) {
    reap (client);
    client->done = TRUE;
    g_set_error (&client->failure, EXTRACT_ERROR, EXTRACT_ERROR_TIMEOUT,
                 "reading it took longer than %.1f s; raise timeout_ms in [extract] if it is worth "
                 "the wait",
                 client->limits.timeout_ms / 1000.0);
  }
  return client->done;
}

Document *
extract_client_take (ExtractClient *client, GError **error)
{
  g_return_val_if_fail (client->busy && client->done, NULL);

  client->busy = FALSE;
  if (client->failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&client->failure));
    return NULL;
  }

  g_autoptr (GError) failure = NULL;
  Document *document = frame_reader_take (client->reader, &failure);
  /* it said so on its way out */
  if (g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_MEMORY))
    reap (client);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return document;
}

Document *
extract_client_run (ExtractClient *client, const ExtractJob *job, GError **error)
{
  if (!extract_client_start (client, job, error))
    return NULL;
  while (!extract_client_pump (client)) {
    struct pollfd poll_fd = {.fd = client->fd, .events = POLLIN};
    poll (&poll_fd, 1, extract_client_timeout_ms (client));
  }
  return extract_client_take (client, error);
}
