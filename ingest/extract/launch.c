#include "launch.h"

#include "launcher.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* -1: the parent has no more to ask, or is gone. */
static int
receive_socket (int control_fd, guint8 *n_helpers)
{
  char control[CMSG_SPACE (sizeof (int))];
  struct iovec vector = {.iov_base = n_helpers, .iov_len = 1};
  struct msghdr message = {
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control,
      .msg_controllen = sizeof control,
  };
  struct cmsghdr *header;
  int fd = -1;
  gssize n;

  do
    n = recvmsg (control_fd, &message, 0);
  while (n < 0 && errno == EINTR);
  header = n > 0 ? CMSG_FIRSTHDR (&message) : NULL;
  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
    memcpy (&fd, CMSG_DATA (header), sizeof fd);
  return fd;
}

static void
answer (int control_fd, gint32 pid, const char *reason)
{
  guint8 packet[LAUNCHER_ANSWER_MAX];
  gsize length = MIN (strlen (reason), sizeof packet - sizeof pid);

  memcpy (packet, &pid, sizeof pid);
  memcpy (packet + sizeof pid, reason, length);
  while (send (control_fd, packet, sizeof pid + length, MSG_NOSIGNAL) < 0 && errno == EINTR)
    ;
}

/* Of a worker: its parent has gone, so that it is an orphan, and adopted. Before that it must not
 * ask to die with its parent. */
static void
await_adoption (pid_t between)
{
  while (getppid () == between)
    sched_yield ();
}

/* Forks twice, once without a copy of the memory: what stands between does nothing with it but
 * fork. In the worker TRUE; here FALSE, *pid set, 0 with errno when there is none. */
static gboolean
fork_orphan (pid_t *pid)
{
  int ends[2];

  *pid = 0;
  if (pipe (ends) != 0)
    return FALSE;

  pid_t between = vfork (); /* NOLINT(clang-analyzer-security.insecureAPI.vfork) */

  if (between == 0) {
    pid_t self = getpid (); /* NOLINT(clang-analyzer-unix.Vfork) */
    pid_t worker = fork (); /* NOLINT(clang-analyzer-unix.Vfork) */

    if (worker == 0) {
      close (ends[0]);
      close (ends[1]);
      await_adoption (self);
      setpgid (0, 0); /* with what it forks, a group that can be killed as one */
      return TRUE;
    }
    _exit (worker > 0 && write (ends[1], &worker, sizeof worker) == sizeof worker ? 0 : 1);
  }
  close (ends[1]);
  if (between > 0 && read (ends[0], pid, sizeof *pid) != sizeof *pid)
    *pid = 0;
  close (ends[0]);
  while (between > 0 && waitpid (between, NULL, 0) < 0 && errno == EINTR)
    ;
  return FALSE;
}

int
launch_run (const LaunchOptions *options)
{
  g_autoptr (GError) cold = NULL;
  guint8 n_helpers = 0;
  pid_t pid;
  int fd;

  /* not when the parent is gone already: then recvmsg says so */
  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  options->warm_up (options->user_data, &cold);
  while ((fd = receive_socket (options->fd, &n_helpers)) >= 0) {
    if (cold != NULL) {
      answer (options->fd, 0, cold->message);
    } else if (fork_orphan (&pid)) {
      dup2 (fd, options->fd); /* a worker has no way to the launcher */
      close (fd);
      return options->live (options->user_data, n_helpers);
    } else {
      answer (options->fd, pid, pid > 0 ? "" : g_strerror (errno));
    }
    close (fd);
  }
  return 0;
}
