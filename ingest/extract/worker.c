#include "worker.h"

#include "formats.h"
#include "frame.h"
#include "helpers.h"
#include "image/ocr.h"
#include "launch.h"
#include "map-file.h"
#include "sandbox.h"
#include "sink.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define OUT_OF_MEMORY "reading it takes more memory than memory_mb in [extract] allows"

/* --- out of memory --------------------------------------------------------------------------- */

#ifndef INGEST_ASAN
/* Only these two are told to the handler, which has no other way. */
static volatile sig_atomic_t handler_fd = -1;
static volatile sig_atomic_t handler_probe_mb;

/* A library that gets no memory aborts or writes through NULL. Whether that was it: is there a
 * quarter of the allowance left? Then the signal has its usual end. */
static void
on_fatal_signal (int number)
{
  gsize probe = (gsize)handler_probe_mb << 20;
  void *room = mmap (NULL, probe, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (room == MAP_FAILED) {
    frame_fail_now (handler_fd, EXTRACT_ERROR_MEMORY, OUT_OF_MEMORY);
    _exit (1);
  }
  raise (number); /* SA_RESETHAND: unhandled now, so that the parent learns which it was */
}

static void
watch_memory (int fd, const ExtractLimits *limits)
{
  struct sigaction action = {.sa_handler = on_fatal_signal, .sa_flags = (int)SA_RESETHAND};
  static const int signals[] = {SIGABRT, SIGTRAP, SIGSEGV};

  handler_fd = fd;
  handler_probe_mb = (sig_atomic_t)limits->memory_mb / 4;
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    sigaction (signals[i], &action, NULL);
}
#else
static void
watch_memory (int fd, const ExtractLimits *limits)
{
  signal (SIGBUS, SIG_DFL); /* a file that shrinks is no bug; the rest the sanitizer reports */
}
#endif

/* GLib's own writer would ask what standard error is, which the sandbox kills for. What it says is
 * for nobody, but for the last words before an abort. */
static GLogWriterOutput
drop_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  const WorkerOptions *options = user_data;

  for (gsize i = 0; (level & G_LOG_LEVEL_ERROR) != 0 && i < n_fields; i++)
    if (strcmp (fields[i].key, "MESSAGE") == 0 && fields[i].length < 0 &&
        strstr (fields[i].value, "failed to allocate") != NULL) {
      frame_fail_now (options->fd, EXTRACT_ERROR_MEMORY, OUT_OF_MEMORY);
      _exit (1);
    }
  return G_LOG_WRITER_HANDLED;
}

/* --- a job ------------------------------------------------------------------------------------ */

typedef struct {
  char *payload; /* (nullable) what the frame says points into it */
  gsize length;
  FrameJob frame;
  int fd;
} Job;

/* Passwords are kept no longer than the file that they are for. */
static void
job_clear (Job *job)
{
  if (job->payload != NULL)
    explicit_bzero (job->payload, job->length);
  g_free (job->payload);
  g_free ((gpointer)job->frame.passwords);
  if (job->fd >= 0)
    close (job->fd);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static gboolean
read_all (int fd, guint8 *bytes, gsize length)
{
  while (length > 0) {
    gssize n = read (fd, bytes, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    bytes += n;
    length -= (gsize)n;
  }
  return TRUE;
}

/* The descriptor comes with the first byte of the header. */
static gssize
receive_header (int socket_fd, guint8 header[FRAME_HEADER_BYTES], int *fd)
{
  char control[CMSG_SPACE (sizeof (int))];
  struct iovec vector = {.iov_base = header, .iov_len = FRAME_HEADER_BYTES};
  struct msghdr message = {
      .msg_iov = &vector,
      .msg_iovlen = 1,
      .msg_control = control,
      .msg_controllen = sizeof control,
  };
  gssize n;

  do
    n = recvmsg (socket_fd, &message, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  for (struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR (&message) : NULL; c != NULL;
       c = CMSG_NXTHDR (&message, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
      memcpy (fd, CMSG_DATA (c), sizeof (int));
  return n;
}

/* FALSE: the parent has no more, or is gone. */
static gboolean
receive_job (int socket_fd, Job *job)
{
  guint8 header[FRAME_HEADER_BYTES];
  guint32 type, length;
  gssize n = receive_header (socket_fd, header, &job->fd);

  if (n <= 0 || !read_all (socket_fd, header + n, FRAME_HEADER_BYTES - (gsize)n) ||
      !frame_unpack_header (header, &type, &length) || type != FRAME_JOB ||
      length > FRAME_JOB_MAX || job->fd < 0)
    return FALSE;
  job->payload = g_malloc0 ((gsize)length + 1);
  job->length = length;
  return read_all (socket_fd, (guint8 *)job->payload, length) &&
         frame_unpack_job (job->payload, length, &job->frame);
}

/* What a sink's functions get. */
typedef struct {
  const WorkerOptions *options;
  FrameWriter *writer;
  guint32 n_blocks; /* of this file, in all its documents */
} Answer;

static gboolean
send_block (gpointer user_data, BlockKind kind, guint level, guint page, const char *gap,
            gsize gap_bytes, const char *text, gsize text_bytes, GError **error)
{
  Answer *answer = user_data;
  Block block = {.page = page, .kind = (guint8)kind, .level = (guint8)level};
  guint32 blocks_max = frame_blocks_max (answer->options->limits);

  if (answer->n_blocks >= blocks_max)
    return extract_limit_error (error, "only the first %u blocks", blocks_max);
  answer->n_blocks++;
  return frame_write_block (answer->writer, &block, gap, gap_bytes, text, text_bytes, error);
}

static gboolean
send_more (gpointer user_data, const char *text, gsize text_bytes, GError **error)
{
  return frame_write_more (((Answer *)user_data)->writer, text, text_bytes, error);
}

static gboolean
send_meta (gpointer user_data, const char *key, const char *value, GError **error)
{
  return frame_write_meta (((Answer *)user_data)->writer, key, value, error);
}

static gboolean
send_warning (gpointer user_data, const char *message, GError **error)
{
  return frame_write_warn (((Answer *)user_data)->writer, message, error);
}

/* Only what a reader may say of a file: the parent takes the rest for a lie. */
static ExtractCode
code_of (const GError *error)
{
  static const ExtractCode readers[] = {
      EXTRACT_ERROR_ENCRYPTED, EXTRACT_ERROR_UNSUPPORTED, EXTRACT_ERROR_BOMB,
      EXTRACT_ERROR_TOO_LARGE, EXTRACT_ERROR_TIMEOUT,     EXTRACT_ERROR_MEMORY,
      EXTRACT_ERROR_READ,      EXTRACT_ERROR_NEEDS_OCR,
  };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_error_matches (error, EXTRACT_ERROR, (int)readers[i]))
      return readers[i];
  return EXTRACT_ERROR_CORRUPT;
}

/* Ends the innermost document. failure: (nullable) */
static gboolean
send_end (FrameWriter *writer, const ExtractSink *sink, const GError *failure, GError **error)
{
  const char *why = failure != NULL ? failure->message : "";

  if (failure != NULL && !g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT))
    return frame_write_fail (writer, code_of (failure), why, error);
  return frame_write_end (writer, extract_sink_text_bytes (sink), extract_sink_blocks (sink), why,
                          error);
}

static gboolean
send_member (gpointer user_data, const char *name, gpointer *child, GError **error)
{
  *child = user_data;
  return frame_write_member (((Answer *)user_data)->writer, name, error);
}

static gboolean
send_member_end (gpointer child, const ExtractSink *sink, const GError *failure, GError **error)
{
  return send_end (((Answer *)child)->writer, sink, failure, error);
}

static gboolean
send_alive (gpointer user_data, GError **error)
{
  return frame_write_alive (((Answer *)user_data)->writer, error);
}

static void
resume (ExtractSink *sink, const FrameResume *from)
{
  ExtractUsed used = {
      .elapsed_ms = from->elapsed_ms,
      .text_bytes = from->used.text_bytes,
      .side_bytes = from->used.side_bytes,
      .members = from->used.members,
  };

  extract_sink_resume (sink, &used, from->path, from->n_path);
}

/* The file's frames up to END or FAIL. FALSE: the parent is gone. */
static gboolean
answer (const WorkerOptions *options, FrameWriter *writer, const Job *job)
{
  static const ExtractSinkFuncs to_frames = {send_block,      send_meta, send_warning, send_member,
                                             send_member_end, send_more, send_alive};
  Answer to = {.options = options, .writer = writer, .n_blocks = job->frame.resume.used.blocks};
  g_autoptr (ExtractSink) sink = extract_sink_new (options->limits, &to_frames, &to);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = map_file (job->fd, options->limits->max_file_bytes, &error);
  ExtractInput input = {
      .name = job->frame.name,
      .declared = job->frame.declared,
      .bytes = bytes,
      .limits = options->limits,
      .passwords = job->frame.passwords,
      .helpers = options->helpers,
  };

  if (options->helpers != NULL)
    extract_helpers_set_file (options->helpers, job->fd);
  resume (sink, &job->frame.resume);
  errno = 0;
  if (bytes != NULL)
    options->run (&input, sink, &error);
  return extract_sink_finish (sink, NULL) && send_end (writer, sink, error, NULL);
}

/* --- the life --------------------------------------------------------------------------------- */

static gboolean
warm_up (gpointer user_data, GError **error)
{
  g_log_set_writer_func (drop_log, user_data, NULL);
  signal (SIGPIPE, SIG_IGN);
  if (!extract_warm_up (error))
    return FALSE;
  ocr_warm_up (((const WorkerOptions *)user_data)->limits);
  return TRUE;
}

/* fds: (in order) what stays open. */
static gboolean
raise_sandbox (const WorkerOptions *options, const int *fds, guint n_fds, GError **error)
{
  return sandbox_raise (
      &(SandboxOptions){
          .fds = fds,
          .n_fds = n_fds,
          .memory_mb = options->limits->memory_mb,
          /* until the parent says for the file */
          .cpu_seconds = options->limits->cpu_ms / 1000 + 5,
          .no_landlock = options->no_landlock,
      },
      error);
}

static gboolean
prepare (const WorkerOptions *options, FrameWriter *writer)
{
  g_autofree char *fingerprint = extract_fingerprint (options->limits);
  g_autoptr (GError) error = NULL;
  int fds[1 + HELPERS_MAX] = {options->fd};
  guint n_fds = 1;

  if (options->helpers != NULL)
    n_fds += extract_helpers_fds (options->helpers, fds + 1);
  watch_memory (options->fd, options->limits);
  extract_set_limits (options->limits);
  if (!raise_sandbox (options, fds, n_fds, &error)) {
    frame_write_fail (writer, EXTRACT_ERROR_WORKER, error->message, NULL);
    return FALSE;
  }
  return frame_write_hello (writer, fingerprint, NULL);
}

/* A helper's whole life. Nothing that the worker sends is looked at before the sandbox is up. */
static int
live_as_helper (const WorkerOptions *options, int fd)
{
  if (!helper_await_work (fd))
    return 0;
  extract_set_limits (options->limits);
  if (!raise_sandbox (options, &fd, 1, NULL))
    return 1;
  return options->help (fd, options->limits);
}

static int
live (gpointer user_data, guint n_helpers)
{
  WorkerOptions *options = user_data;
  g_autoptr (FrameWriter) writer = NULL;
  int fd = -1;

  if (options->live != NULL)
    return options->live ();
  if (n_helpers > 0 && options->help != NULL)
    options->helpers = extract_helpers_fork (n_helpers, &fd);
  if (fd >= 0)
    return live_as_helper (options, fd);
  writer = frame_writer_new (options->fd);
  if (!prepare (options, writer))
    return 1;
  while (TRUE) {
    g_auto (Job) job = {.fd = -1};

    if (!receive_job (options->fd, &job))
      return 0;
    if (!answer (options, writer, &job))
      return 1;
  }
}

int
worker_run (const WorkerOptions *options)
{
  WorkerOptions own = *options;

  return launch_run (
      &(LaunchOptions){.fd = options->fd, .warm_up = warm_up, .live = live, .user_data = &own});
}
