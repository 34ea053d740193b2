#include "helpers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ_BYTES (256u << 10)
#define WAIT_US 500000
#define PASSWORD_MAX 4096

/* What goes over the socket before the bytes. */
typedef struct {
  guint32 ask; /* of an answer: the part */
  guint32 n;   /* bytes that follow; of PART, the part */
} Header;

typedef struct {
  int fd; /* -1: gone */
  guint owes;
  gboolean takes_part;
  GByteArray *bytes; /* received, from `at` on */
  gsize at;
} Helper;

struct ExtractHelpers {
  guint n;
  int file_fd;
  Helper helpers[HELPERS_MAX];
};

/* --- the worker's side ------------------------------------------------------------------------ */

/* Of a helper: what is the worker's goes. */
static int
begin_life (int fd, pid_t worker)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid () != worker || dup2 (fd, 3) < 0 || syscall (SYS_close_range, 4u, ~0u, 0) != 0)
    _exit (1);
  return 3;
}

ExtractHelpers *
extract_helpers_fork (guint n, int *fd)
{
  const struct timeval timeout = {.tv_usec = WAIT_US};
  ExtractHelpers *helpers = g_new0 (ExtractHelpers, 1);
  pid_t worker = getpid ();

  *fd = -1;
  helpers->file_fd = -1;
  for (guint i = 0; i < MIN (n, HELPERS_MAX); i++) {
    int ends[2];
    pid_t pid;

    if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      break;
    pid = fork ();
    if (pid == 0) {
      *fd = begin_life (ends[1], worker);
      g_free (helpers);
      return NULL;
    }
    close (ends[1]);
    if (pid < 0) {
      close (ends[0]);
      break;
    }
    setsockopt (ends[0], SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    helpers->helpers[helpers->n].fd = ends[0];
    helpers->helpers[helpers->n++].bytes = g_byte_array_new ();
  }
  return helpers;
}

guint
extract_helpers_fds (const ExtractHelpers *helpers, int fds[HELPERS_MAX])
{
  for (guint i = 0; i < helpers->n; i++)
    fds[i] = helpers->helpers[i].fd;
  return helpers->n;
}

void
extract_helpers_free (ExtractHelpers *helpers)
{
  for (guint i = 0; i < helpers->n; i++) {
    if (helpers->helpers[i].fd >= 0)
      close (helpers->helpers[i].fd);
    g_byte_array_unref (helpers->helpers[i].bytes);
  }
  g_free (helpers);
}

void
extract_helpers_set_file (ExtractHelpers *helpers, int fd)
{
  helpers->file_fd = fd;
}

/* It is gone, or lies. */
static void
drop (Helper *helper)
{
  if (helper->fd >= 0)
    close (helper->fd);
  helper->fd = -1;
  helper->owes = 0;
  helper->takes_part = FALSE;
  g_byte_array_set_size (helper->bytes, 0);
  helper->at = 0;
}

static gboolean
send_ask (Helper *helper, HelperAsk ask, guint32 n, const char *bytes, int fd)
{
  Header header = {ask, n};
  char control[CMSG_SPACE (sizeof (int))] = {0};
  struct iovec vectors[] = {
      {.iov_base = &header, .iov_len = sizeof header},
      {.iov_base = (gpointer)bytes, .iov_len = bytes != NULL ? n : 0},
  };
  struct msghdr message = {.msg_iov = vectors, .msg_iovlen = 2};
  gssize sent;

  if (fd >= 0) {
    struct cmsghdr *cmsg;

    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsg = CMSG_FIRSTHDR (&message);
    cmsg->cmsg_level = SOL_SOCKET;
    cmsg->cmsg_type = SCM_RIGHTS;
    cmsg->cmsg_len = CMSG_LEN (sizeof fd);
    memcpy (CMSG_DATA (cmsg), &fd, sizeof fd);
  }
  /* what a helper has not read yet is little: it never blocks */
  sent = sendmsg (helper->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent == (gssize)(vectors[0].iov_len + vectors[1].iov_len))
    return TRUE;
  drop (helper);
  return FALSE;
}

guint
extract_helpers_begin (ExtractHelpers *helpers, const char *password)
{
  const guint8 *bytes;
  gsize n_bytes;
  guint32 part;

  for (guint i = 0; i < helpers->n; i++) {
    Helper *helper = &helpers->helpers[i];

    /* what the file before had asked for */
    while (helper->owes > 0 && extract_helper_receive (helpers, i, FALSE, &part, &bytes, &n_bytes))
      ;
    helper->takes_part =
        helper->fd >= 0 && helper->owes == 0 && helpers->file_fd >= 0 &&
        send_ask (helper, HELPER_FILE, password != NULL ? (guint32)strlen (password) + 1 : 0,
                  password, helpers->file_fd);
  }
  return helpers->n;
}

gboolean
extract_helper_ask (ExtractHelpers *helpers, guint number, guint32 part)
{
  Helper *helper = &helpers->helpers[number];

  if (!helper->takes_part || !send_ask (helper, HELPER_PART, part, NULL, -1))
    return FALSE;
  helper->owes++;
  return TRUE;
}

guint
extract_helper_owes (const ExtractHelpers *helpers, guint helper)
{
  return helpers->helpers[helper].owes;
}

/* Takes an answer out of what has come. FALSE: it is not there as a whole. */
static gboolean
take_answer (Helper *helper, guint32 *part, const guint8 **bytes, gsize *n_bytes)
{
  gsize left = helper->bytes->len - helper->at;
  Header header;

  if (left < sizeof header)
    return FALSE;
  memcpy (&header, helper->bytes->data + helper->at, sizeof header);
  if (header.n > HELPER_ANSWER_MAX || helper->owes == 0) {
    drop (helper);
    return FALSE;
  }
  if (left - sizeof header < header.n)
    return FALSE;
  *part = header.ask;
  *bytes = helper->bytes->data + helper->at + sizeof header;
  *n_bytes = header.n;
  helper->at += sizeof header + header.n;
  helper->owes--;
  return TRUE;
}

/* FALSE: nothing has come. */
static gboolean
receive_more (Helper *helper, gboolean wait)
{
  guint before;
  gssize n;

  if (helper->at > 0)
    g_byte_array_remove_range (helper->bytes, 0, (guint)helper->at);
  helper->at = 0;
  before = helper->bytes->len;
  g_byte_array_set_size (helper->bytes, before + READ_BYTES);
  do
    n = recv (helper->fd, helper->bytes->data + before, READ_BYTES, wait ? 0 : MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  g_byte_array_set_size (helper->bytes, before + (guint)MAX (n, 0));
  if (n == 0 || (n < 0 && errno != EAGAIN))
    drop (helper);
  return n > 0;
}

gboolean
extract_helper_receive (ExtractHelpers *helpers, guint number, gboolean wait, guint32 *part,
                        const guint8 **bytes, gsize *n_bytes)
{
  Helper *helper = &helpers->helpers[number];

  while (helper->fd >= 0) {
    if (take_answer (helper, part, bytes, n_bytes))
      return TRUE;
    if (helper->fd < 0 || !receive_more (helper, wait))
      return FALSE;
  }
  return FALSE;
}

void
extract_helpers_end (ExtractHelpers *helpers)
{
  for (guint i = 0; i < helpers->n; i++)
    if (helpers->helpers[i].takes_part) {
      helpers->helpers[i].takes_part = FALSE;
      send_ask (&helpers->helpers[i], HELPER_DONE, 0, NULL, -1);
    }
  helpers->file_fd = -1;
}

/* --- a helper's side -------------------------------------------------------------------------- */

gboolean
helper_await_work (int fd)
{
  struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

  while (poll (&poll_fd, 1, -1) < 0)
    if (errno != EINTR)
      return FALSE;
  return (poll_fd.revents & POLLIN) != 0;
}

static gboolean
read_rest (int fd, void *bytes, gsize n_bytes)
{
  for (gsize at = 0; at < n_bytes;) {
    gssize n = recv (fd, (guint8 *)bytes + at, n_bytes - at, 0);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    at += (gsize)n;
  }
  return TRUE;
}

/* A descriptor comes with the first byte. */
static gboolean
receive_header (int fd, Header *header, int *file_fd)
{
  char control[CMSG_SPACE (sizeof (int))];
  struct iovec vector = {.iov_base = header, .iov_len = sizeof *header};
  struct msghdr message = {
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control,
      .msg_controllen = sizeof control,
  };
  struct cmsghdr *cmsg;
  gssize n;

  *file_fd = -1;
  do
    n = recvmsg (fd, &message, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  cmsg = n > 0 ? CMSG_FIRSTHDR (&message) : NULL;
  if (cmsg != NULL && cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS)
    memcpy (file_fd, CMSG_DATA (cmsg), sizeof *file_fd);
  return n > 0 && read_rest (fd, (guint8 *)header + n, sizeof *header - (gsize)n);
}

gboolean
helper_receive (int fd, HelperMessage *message)
{
  Header header;

  *message = (HelperMessage){.fd = -1};
  if (!receive_header (fd, &header, &message->fd))
    return FALSE;
  message->ask = (HelperAsk)header.ask;
  message->part = header.n;
  if (message->ask != HELPER_FILE || header.n == 0)
    return TRUE;
  if (header.n > PASSWORD_MAX)
    return FALSE;
  message->password = g_malloc0 (header.n + 1);
  return read_rest (fd, message->password, header.n);
}

gboolean
helper_answer (int fd, guint32 part, const guint8 *bytes, gsize n_bytes)
{
  Header header = {part, n_bytes <= HELPER_ANSWER_MAX ? (guint32)n_bytes : 0};
  struct iovec vectors[] = {
      {.iov_base = &header, .iov_len = sizeof header},
      {.iov_base = (gpointer)bytes, .iov_len = header.n},
  };
  struct msghdr message = {.msg_iov = vectors, .msg_iovlen = 2};

  while (vectors[0].iov_len + vectors[1].iov_len > 0) {
    gssize n = sendmsg (fd, &message, MSG_NOSIGNAL);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
      gsize part_bytes = MIN ((gsize)n, vectors[i].iov_len);

      vectors[i].iov_base = (guint8 *)vectors[i].iov_base + part_bytes;
      vectors[i].iov_len -= part_bytes;
      n -= (gssize)part_bytes;
    }
  }
  return TRUE;
}
