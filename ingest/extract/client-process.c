#include "client-process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKER_FD 3

/* --- its end ---------------------------------------------------------------------------------- */

int
worker_process_end (WorkerProcess *process)
{
  int status = 0;

  if (process->pid == 0)
    return 0;
  kill (process->pid, SIGKILL);
  while (waitpid (process->pid, &status, 0) < 0 && errno == EINTR)
    ;
  close (process->fd);
  process->pid = 0;
  process->fd = -1;
  return status;
}

GError *
worker_process_start_error (const char *path, int status)
{
  if (WIFSIGNALED (status))
    return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                        "the worker %s cannot start: it was killed by signal %d (%s)", path,
                        WTERMSIG (status), sigdescr_np (WTERMSIG (status)));
  return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                      "the worker %s cannot start (exit code %d)", path, WEXITSTATUS (status));
}

GError *
worker_process_error (int status)
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
    return g_error_new_literal (
        EXTRACT_ERROR, EXTRACT_ERROR_TIMEOUT,
        "reading it took more processor time than cpu_ms in [extract] allows");
  return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_CRASH,
                      "reading it crashed the worker, which was killed by signal %d (%s); no "
                      "other file is affected",
                      number, sigdescr_np (number));
}

/* --- its start -------------------------------------------------------------------------------- */

/* Of the parent's environment only what a worker needs: no address, no password.
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
make_arguments (const ExtractLimits *limits)
{
  GPtrArray *argv = g_ptr_array_new ();

  g_ptr_array_add (argv, g_strdup ("ingest-extract"));
  g_ptr_array_add (argv, g_strdup ("--worker"));
  extract_limits_to_arguments (limits, argv);
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

gboolean
worker_process_start (WorkerProcess *process, const char *path, const ExtractLimits *limits,
                      GError **error)
{
  g_auto (GStrv) argv = make_arguments (limits);
  g_auto (GStrv) environment = make_environment ();
  gboolean keep_stderr = stderr_is_kept ();
  int ends[2];

  if (access (path, X_OK) != 0 || socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "cannot start %s: %s", path,
                 g_strerror (errno));
    return FALSE;
  }

  int null_fd = open ("/dev/null", O_RDWR | O_CLOEXEC);
  pid_t pid = null_fd >= 0 ? fork () : -1;
  if (pid == 0)
    become_worker (path, ends[1], null_fd, keep_stderr, argv, environment);
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
  process->pid = pid;
  process->fd = ends[0];
  return TRUE;
}

/* --- a file ---------------------------------------------------------------------------------- */

void
worker_process_grant_cpu (const WorkerProcess *process, guint cpu_ms)
{
  struct timespec used;
  clockid_t clock;

  if (clock_getcpuclockid (process->pid, &clock) != 0 || clock_gettime (clock, &used) != 0)
    return;

  rlim_t seconds = (rlim_t)used.tv_sec + cpu_ms / 1000 + 1;
  struct rlimit limit = {.rlim_cur = seconds, .rlim_max = RLIM_INFINITY};
  struct rlimit old;
  if (prlimit (process->pid, RLIMIT_CPU, NULL, &old) == 0) {
    limit.rlim_max = old.rlim_max;
    prlimit (process->pid, RLIMIT_CPU, &limit, NULL);
  }
}

/* The frame and the descriptor in one message. */
gboolean
worker_process_send_job (const WorkerProcess *process, const FrameJob *job, int fd)
{
  g_autoptr (GByteArray) frame = frame_pack_job (job);
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
  memcpy (CMSG_DATA (header), &fd, sizeof (int));

  gssize sent = sendmsg (process->fd, &message, MSG_NOSIGNAL);
  gboolean whole = sent == (gssize)frame->len;
  explicit_bzero (frame->data, frame->len); /* it may hold passwords */
  return whole;
}
