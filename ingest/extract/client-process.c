#include "client-process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* --- its end ---------------------------------------------------------------------------------- */

int
worker_process_end (WorkerProcess *process)
{
  int status = 0;

  if (process->pid == 0)
    return 0;
  kill (process->pid, SIGKILL);
  kill (-process->pid, SIGKILL); /* its group, while the number is sure to be its own */
  while (waitpid (process->pid, &status, 0) < 0 && errno == EINTR)
    ;
  /* what was its own (helpers, a sanitizer's tracer) has become ours */
  do
    errno = 0;
  while (waitpid (-process->pid, NULL, 0) > 0 || errno == EINTR);
  close (process->fd);
  *process = (WorkerProcess){.fd = -1};
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

gboolean
worker_process_start (WorkerProcess *process, ExtractLauncher *launcher, guint n_helpers,
                      GError **error)
{
  process->n_helpers = n_helpers;
  return extract_launcher_spawn (launcher, n_helpers, &process->pid, &process->fd, error);
}

/* --- a file ---------------------------------------------------------------------------------- */

guint64
worker_process_cpu_ms (const WorkerProcess *process)
{
  struct timespec used;
  clockid_t clock;

  if (clock_getcpuclockid (process->pid, &clock) != 0 || clock_gettime (clock, &used) != 0)
    return 0;
  return (guint64)used.tv_sec * 1000 + (guint64)used.tv_nsec / 1000000;
}

void
worker_process_grant_cpu (const WorkerProcess *process, guint cpu_ms)
{
  rlim_t seconds = (rlim_t)(worker_process_cpu_ms (process) / 1000) + cpu_ms / 1000 + 1;
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
