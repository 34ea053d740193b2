#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_TIMEOUT_MS 20000

struct ExtractLauncher {
  guint references;
  char *worker_path;
  ExtractLimits limits;
  pid_t pid;                 /* 0: none */
  int fd;                    /* our end of the control socket; -1 with no launcher */
  ExtractLauncher *with_ocr; /* (nullable) owned */
};

ExtractLauncher *
extract_launcher_new (const char *worker_path, const ExtractLimits *limits)
{
  ExtractLauncher *launcher = g_new0 (ExtractLauncher, 1);

  launcher->references = 1;
  launcher->worker_path = g_strdup (worker_path);
  launcher->limits = *limits;
  launcher->fd = -1;
  return launcher;
}

ExtractLauncher *
extract_launcher_ref (ExtractLauncher *launcher)
{
  launcher->references++;
  return launcher;
}

/* Kills what is left of it, and waits. Returns its wait status. */
static int
reap (ExtractLauncher *launcher)
{
  int status = 0;

  if (launcher->pid == 0)
    return 0;
#ifndef INGEST_COV /* there it ends by itself, and then writes what it has counted */
  kill (launcher->pid, SIGKILL);
#endif
  close (launcher->fd);
  while (waitpid (launcher->pid, &status, 0) < 0 && errno == EINTR)
    ;
  launcher->pid = 0;
  launcher->fd = -1;
  return status;
}

void
extract_launcher_unref (ExtractLauncher *launcher)
{
  if (launcher == NULL || --launcher->references > 0)
    return;
  reap (launcher);
  extract_launcher_unref (launcher->with_ocr);
  g_free (launcher->worker_path);
  g_free (launcher);
}

ExtractLauncher *
extract_launcher_with_ocr (ExtractLauncher *launcher)
{
  if (launcher->with_ocr == NULL) {
    launcher->with_ocr = extract_launcher_new (launcher->worker_path, &launcher->limits);
    launcher->with_ocr->limits.ocr_engine = 1;
  }
  return launcher->with_ocr;
}

const char *
extract_launcher_path (const ExtractLauncher *launcher)
{
  return launcher->worker_path;
}

const ExtractLimits *
extract_launcher_limits (const ExtractLauncher *launcher)
{
  return &launcher->limits;
}

/* --- its start ---------------------------------------------------------------------------------
 */

/* Of the parent's environment only what workers need: no address, no password.
 * (transfer full) */
static char **
make_environment (void)
{
  static const char *const kept[] = {"PATH",         "ASAN_OPTIONS", "UBSAN_OPTIONS",
                                     "LSAN_OPTIONS", "GCOV_PREFIX",  "GCOV_PREFIX_STRIP"};
  GPtrArray *environment = g_ptr_array_new ();

  g_ptr_array_add (environment, g_strdup ("LANG=C.UTF-8"));
  /* Tesseract's threads: the sandbox allows none */
  g_ptr_array_add (environment, g_strdup ("OMP_THREAD_LIMIT=1"));
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++)
    if (g_getenv (kept[i]) != NULL)
      g_ptr_array_add (environment, g_strconcat (kept[i], "=", g_getenv (kept[i]), NULL));
  g_ptr_array_add (environment, NULL);
  return (char **)g_ptr_array_free (environment, FALSE);
}

/* (transfer full) */
static char **
make_arguments (const ExtractLauncher *launcher)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, g_strdup ("ingest-extract"));
  g_ptr_array_add (argv, g_strdup ("--worker"));
  extract_limits_to_arguments (&launcher->limits, argv);
  g_ptr_array_add (argv, NULL);
  return (char **)g_ptr_array_free (argv, FALSE);
}

/* Where the workers' stderr goes: poppler talks there, and nobody listens. A sanitizer's report is
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
become_launcher (const char *path, int fd, int null_fd, gboolean keep_stderr, char **argv,
                 char **environment)
{
  sigset_t none;

  fd = fcntl (fd, F_DUPFD, LAUNCHER_FD + 1); /* away from where the others go */
  null_fd = fcntl (null_fd, F_DUPFD_CLOEXEC, LAUNCHER_FD + 1);
  sigemptyset (&none);
  /* a group of its own: ^C is for the parent to act upon */
  if (fd < 0 || null_fd < 0 || setpgid (0, 0) != 0 || sigprocmask (SIG_SETMASK, &none, NULL) != 0 ||
      dup2 (null_fd, STDIN_FILENO) < 0 || dup2 (null_fd, STDOUT_FILENO) < 0 ||
      (!keep_stderr && dup2 (null_fd, STDERR_FILENO) < 0) || dup2 (fd, LAUNCHER_FD) < 0 ||
      close (fd) != 0)
    _exit (127);
  execve (path, argv, environment);
  _exit (127);
}

static gboolean
start (ExtractLauncher *launcher, GError **error)
{
  g_auto (GStrv) argv = make_arguments (launcher);
  g_auto (GStrv) environment = make_environment ();
  gboolean keep_stderr = stderr_is_kept ();
  int ends[2];

  if (prctl (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0 ||
      access (launcher->worker_path, X_OK) != 0 ||
      socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "cannot start %s: %s",
                 launcher->worker_path, g_strerror (errno));
    return FALSE;
  }

  int null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  pid_t pid = null_fd >= 0 ? fork () : -1;

  if (pid == 0)
    become_launcher (launcher->worker_path, ends[1], null_fd, keep_stderr, argv, environment);
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
  launcher->pid = pid;
  launcher->fd = ends[0];
  return TRUE;
}

/* --- a worker ----------------------------------------------------------------------------------
 */

static gboolean
send_socket (int control_fd, int fd, guint8 n_helpers)
{
  char control[CMSG_SPACE (sizeof (int))] = {0};
  struct iovec vector = {.iov_base = &n_helpers, .iov_len = 1};
  struct msghdr message = {
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control,
      .msg_controllen = sizeof control,
  };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);
  gssize n;

  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof fd);
  memcpy (CMSG_DATA (header), &fd, sizeof fd);
  do
    n = sendmsg (control_fd, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n == 1;
}

/* Bytes of the answer; 0 when the launcher is gone; -1 with error set when it does not answer. */
static gssize
receive_answer (ExtractLauncher *launcher, guint8 packet[LAUNCHER_ANSWER_MAX], GError **error)
{
  struct pollfd poll_fd = {.fd = launcher->fd, .events = POLLIN};
  gint64 end_us = g_get_monotonic_time () + START_TIMEOUT_MS * 1000;
  gint64 left_ms;

  while ((left_ms = (end_us - g_get_monotonic_time ()) / 1000) > 0)
    if (poll (&poll_fd, 1, (int)left_ms) > 0) {
      gssize n = recv (launcher->fd, packet, LAUNCHER_ANSWER_MAX, 0);

      return MAX (n, 0);
    }
  reap (launcher);
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
               "the worker %s does not get ready; try again when the machine is less busy",
               launcher->worker_path);
  return -1;
}

static gboolean
fail_to_start (ExtractLauncher *launcher, GError **error)
{
  int status = reap (launcher);

  if (WIFSIGNALED (status))
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                 "the worker %s cannot start: it was killed by signal %d (%s)",
                 launcher->worker_path, WTERMSIG (status), sigdescr_np (WTERMSIG (status)));
  else
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                 "the worker %s cannot start (exit code %d)", launcher->worker_path,
                 WEXITSTATUS (status));
  return FALSE;
}

/* worker_fd: the worker's end. */
static gboolean
ask_for_worker (ExtractLauncher *launcher, int worker_fd, guint n_helpers, pid_t *pid,
                GError **error)
{
  guint8 packet[LAUNCHER_ANSWER_MAX + 1];
  gint32 answer;
  gssize n = send_socket (launcher->fd, worker_fd, (guint8)n_helpers)
                 ? receive_answer (launcher, packet, error)
                 : 0;

  if (n < 0)
    return FALSE;
  if (n < (gssize)sizeof answer)
    return fail_to_start (launcher, error);
  memcpy (&answer, packet, sizeof answer);
  packet[n] = '\0';
  if (answer <= 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "cannot start a worker: %s",
                 (const char *)packet + sizeof answer);
    return FALSE;
  }
  *pid = answer;
  return TRUE;
}

/* Has it died since? Then another is started. */
static void
drop_if_dead (ExtractLauncher *launcher)
{
  struct pollfd poll_fd = {.fd = launcher->fd, .events = POLLIN};

  if (launcher->pid != 0 && poll (&poll_fd, 1, 0) != 0)
    reap (launcher);
}

gboolean
extract_launcher_spawn (ExtractLauncher *launcher, guint n_helpers, pid_t *pid, int *fd,
                        GError **error)
{
  gboolean asked;
  int ends[2];

  drop_if_dead (launcher);
  if (launcher->pid == 0 && !start (launcher, error))
    return FALSE;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "cannot start a worker: %s",
                 g_strerror (errno));
    return FALSE;
  }
  asked = ask_for_worker (launcher, ends[1], n_helpers, pid, error);
  close (ends[1]);
  if (!asked) {
    close (ends[0]);
    return FALSE;
  }
  fcntl (ends[0], F_SETFL, O_NONBLOCK);
  *fd = ends[0];
  return TRUE;
}
