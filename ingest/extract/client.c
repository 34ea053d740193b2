#include "client.h"

#include "client-process.h"
#include "client-rescue.h"
#include "passwords.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (256u << 10)
#define READS_A_PUMP 16
#define START_TIMEOUT_MS 20000
/* a worker is replaced after so many files: what its libraries leak stays bounded */
#define FILES_MAX 500
/* a smaller file has not the pages that helpers pay for */
#define HELPED_BYTES (100u << 10)
/* so many members of one file may kill a worker */
#define RESTARTS_MAX 20

/* The file that is with the worker, or whose outcome was not taken. */
typedef struct {
  char *owner;
  char *name;
  char *declared;
  guint64 size_bytes;
  int fd; /* our own, for another worker to go on with; -1: no file */
  gint64 start_us;
  gint64 deadline_us;
  gint64 heard_us;    /* when something came of it last */
  Document *kept;     /* (nullable) of it, by workers that are dead */
  FrameResume resume; /* where the worker at hand went on */
  GError *last_death; /* (nullable) */
  guint restarts;
  gboolean done;
  GError *failure; /* (nullable) there is no document */
} ClientFile;

struct ExtractClient {
  ExtractLauncher *launcher;
  ExtractLimits limits;
  char **passwords;  /* (nullable) */
  char *fingerprint; /* of the last worker that said HELLO */
  WorkerProcess process;
  gboolean with_ocr; /* workers are to have it: a file of this owner asked for it */
  guint n_files;     /* given to this worker */
  char *owner;       /* (nullable) of what this worker has read */
  FrameReader *reader;
  ClientFile file;
};

ExtractClient *
extract_client_new (const char *worker_path, const ExtractLimits *limits)
{
  ExtractClient *client = g_new0 (ExtractClient, 1);

  client->launcher = extract_launcher_new (worker_path, limits);
  client->limits = *limits;
  client->process.fd = -1;
  client->file.fd = -1;
  return client;
}

ExtractClient *
extract_client_new_beside (const ExtractClient *other)
{
  ExtractClient *client = g_new0 (ExtractClient, 1);

  client->launcher = extract_launcher_ref (other->launcher);
  client->limits = other->limits;
  client->passwords = g_strdupv (other->passwords);
  client->process.fd = -1;
  client->file.fd = -1;
  return client;
}

void
extract_client_set_passwords (ExtractClient *client, const char *const *passwords)
{
  passwords_free (client->passwords);
  client->passwords = g_strdupv ((char **)passwords);
}

gboolean
extract_client_read_passwords (ExtractClient *client, const char *path, GError **error)
{
  char **passwords = passwords_load (path, error);

  if (passwords == NULL)
    return FALSE;
  passwords_free (client->passwords);
  client->passwords = passwords;
  return TRUE;
}

/* --- the end of a worker -------------------------------------------------------------------- */

/* The reader stays, for what it has. */
static int
end_process (ExtractClient *client)
{
  client->n_files = 0;
  g_clear_pointer (&client->owner, g_free);
  return worker_process_end (&client->process);
}

static void
reap (ExtractClient *client)
{
  end_process (client);
  g_clear_pointer (&client->reader, frame_reader_free);
}

/* An idle worker of a coverage build ends by itself at the end of its input, and then writes what
 * it has counted. */
static void
let_it_write_coverage (ExtractClient *client)
{
#ifdef INGEST_COV
  struct pollfd poll_fd = {.fd = client->process.fd, .events = 0};

  if (client->process.pid != 0 && client->file.fd < 0 &&
      shutdown (client->process.fd, SHUT_WR) == 0)
    poll (&poll_fd, 1, START_TIMEOUT_MS); /* POLLHUP: its end is closed */
#endif
}

static void
file_clear (ClientFile *file)
{
  g_free (file->owner);
  g_free (file->name);
  g_free (file->declared);
  document_free (file->kept);
  g_clear_error (&file->last_death);
  g_clear_error (&file->failure);
  if (file->fd >= 0)
    close (file->fd);
  *file = (ClientFile){.fd = -1};
}

void
extract_client_free (ExtractClient *client)
{
  if (client == NULL)
    return;
  let_it_write_coverage (client);
  reap (client);
  file_clear (&client->file);
  passwords_free (client->passwords);
  g_free (client->fingerprint);
  extract_launcher_unref (client->launcher);
  g_free (client);
}

static gboolean
start_process (ExtractClient *client, guint n_helpers, GError **error)
{
  ExtractLauncher *launcher =
      client->with_ocr ? extract_launcher_with_ocr (client->launcher) : client->launcher;

  if (!worker_process_start (&client->process, launcher, n_helpers, error))
    return FALSE;
  client->reader = frame_reader_new (&client->limits);
  return TRUE;
}

/* --- what comes from it ---------------------------------------------------------------------- */

/* TRUE: all is well so far. FALSE with error: the process is ended; the reader is as it was. */
static gboolean
receive (ExtractClient *client, GError **error)
{
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);

  for (int i = 0; i < READS_A_PUMP; i++) {
    gssize n = read (client->process.fd, buffer, READ_BYTES);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0 && errno == EAGAIN)
      return TRUE;
    if (n <= 0) {
      gboolean started = frame_reader_fingerprint (client->reader) != NULL;
      int status = end_process (client);
      g_propagate_error (error, started ? worker_process_error (status)
                                        : worker_process_start_error (
                                              extract_launcher_path (client->launcher), status));
      return FALSE;
    }
    client->file.heard_us = g_get_monotonic_time ();
    if (!frame_reader_feed (client->reader, buffer, (gsize)n, error)) {
      end_process (client);
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

  if (client->fingerprint == NULL && client->process.pid == 0 && !start_process (client, 0, error))
    return NULL;
  while (client->fingerprint == NULL) {
    struct pollfd poll_fd = {.fd = client->process.fd, .events = POLLIN};
    gint64 left_ms = (end_us - g_get_monotonic_time ()) / 1000;

    if (left_ms <= 0) {
      reap (client);
      g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                   "the worker %s does not get ready; try again when the machine is less busy",
                   extract_launcher_path (client->launcher));
      return NULL;
    }
    poll (&poll_fd, 1, (int)left_ms);
    if (!receive (client, error)) {
      reap (client);
      return NULL;
    }
  }
  return client->fingerprint;
}

/* --- the start of a file ---------------------------------------------------------------------- */

/* A worker that has something to say without being asked, or is gone. */
static gboolean
is_stale (const ExtractClient *client)
{
  struct pollfd poll_fd = {.fd = client->process.fd, .events = POLLIN};

  /* HELLO may still be on its way to us */
  return frame_reader_fingerprint (client->reader) != NULL && poll (&poll_fd, 1, 0) != 0;
}

/* Has it the helpers that the file at hand wants? Their processor time is limited over their life,
 * and nobody moves it: about what the worker has used, they have. */
static gboolean
lacks_helpers (const ExtractClient *client, guint wanted)
{
  return wanted > 0 && (client->process.n_helpers < wanted ||
                        worker_process_cpu_ms (&client->process) > client->limits.cpu_ms / 2);
}

static gboolean
have_worker_for (ExtractClient *client, const ClientFile *file, GError **error)
{
  gboolean other = client->owner != NULL && strcmp (client->owner, file->owner) != 0;
  guint n_helpers = file->size_bytes >= HELPED_BYTES ? client->limits.helpers : 0;

  if (other)
    client->with_ocr = FALSE; /* they are larger: when asked for */
  if (client->process.pid != 0 && (other || client->n_files >= FILES_MAX ||
                                   lacks_helpers (client, n_helpers) || is_stale (client)))
    reap (client);
  if (client->process.pid == 0 && !start_process (client, n_helpers, error))
    return FALSE;
  if (client->owner == NULL)
    client->owner = g_strdup (file->owner);
  return TRUE;
}

/* The file at hand, to a worker that may have it. */
static gboolean
hand_over (ExtractClient *client, GError **error)
{
  const ClientFile *file = &client->file;
  FrameJob job = {
      .name = file->name,
      .declared = file->declared,
      .passwords = (const char *const *)client->passwords,
      .resume = file->resume,
  };

  for (int try = 1;; try++) {
    if (!have_worker_for (client, file, error))
      return FALSE;
    if (worker_process_send_job (&client->process, &job, file->fd))
      break;
    /* it could not start, and says why; or it died between two files, which is no fault of this one
     */
    if (frame_reader_fingerprint (client->reader) == NULL && !receive (client, error))
      return FALSE;
    reap (client);
    if (try == 2) {
      g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "the worker %s does not take files",
                   extract_launcher_path (client->launcher));
      return FALSE;
    }
  }
  frame_reader_begin (client->reader, file->name, &file->resume.used);
  worker_process_grant_cpu (&client->process, client->limits.cpu_ms);
  client->n_files++;
  client->file.heard_us = g_get_monotonic_time ();
  return TRUE;
}

gboolean
extract_client_start (ExtractClient *client, const ExtractJob *job, GError **error)
{
  g_return_val_if_fail (client->file.fd < 0, FALSE);

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

  gint64 now_us = g_get_monotonic_time ();

  client->file = (ClientFile){
      .owner = g_strdup (job->owner),
      .name = g_strdup (job->name ? job->name : ""),
      .declared = g_strdup (job->declared ? job->declared : ""),
      .size_bytes = job->size_bytes,
      .fd = fcntl (job->fd, F_DUPFD_CLOEXEC, 0),
      .start_us = now_us,
      .deadline_us = now_us + (gint64)client->limits.timeout_ms * 1000,
  };
  if (client->file.fd < 0)
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "no file can be handed on: %s",
                 g_strerror (errno));
  if (client->file.fd >= 0 && hand_over (client, error))
    return TRUE;
  file_clear (&client->file);
  return FALSE;
}

/* --- a file that kills workers ---------------------------------------------------------------- */

/* Whether another worker may do better behind the member that it died of. */
static gboolean
may_go_on (const ClientFile *file, const GPtrArray *chain, const GError *death, gboolean stalled)
{
  gboolean of_a_member = g_error_matches (death, EXTRACT_ERROR, EXTRACT_ERROR_CRASH) ||
                         g_error_matches (death, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL) || stalled;

  return of_a_member && chain->len > 1 && file->restarts < RESTARTS_MAX &&
         g_get_monotonic_time () < file->deadline_us;
}

static gboolean
go_on (ExtractClient *client, const GPtrArray *chain)
{
  ClientFile *file = &client->file;
  FrameResume resume;

  if (!rescue_plan (file->kept, chain, &resume))
    return FALSE;
  resume.elapsed_ms = (guint32)((g_get_monotonic_time () - file->start_us) / 1000);
  file->resume = resume;
  file->restarts++;
  return hand_over (client, NULL);
}

/* The worker is dead. What it gave of the file is kept, where members of it were read, and another
 * one goes on. death: (transfer full) */
static void
survive (ExtractClient *client, GError *death, gboolean stalled)
{
  ClientFile *file = &client->file;
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  Document *more = frame_reader_salvage (client->reader, death, chain);

  g_clear_pointer (&client->reader, frame_reader_free);
  if (more != NULL && file->kept != NULL)
    more = rescue_merge (file->kept, &file->resume, more, death);
  if (more != NULL)
    file->kept = more;
  g_clear_error (&file->last_death);
  file->last_death = death;
  if (more != NULL && may_go_on (file, chain, death, stalled) && go_on (client, chain))
    return;
  file->done = TRUE;
  if (more != NULL)
    rescue_give_up (chain, death);
  else if (file->kept != NULL)
    document_fail (file->kept, extract_code_name ((ExtractCode)death->code), death->message);
  else
    file->failure = g_error_copy (death);
}

/* --- a file ----------------------------------------------------------------------------------- */

int
extract_client_fd (const ExtractClient *client)
{
  return client->file.fd >= 0 ? client->process.fd : -1;
}

/* When the clock runs out that does so first. */
static gint64
clock_us (const ExtractClient *client)
{
  /* a worker that is starting has another allowance: it is not the file that it waits for */
  gboolean started = frame_reader_fingerprint (client->reader) != NULL;
  guint quiet_ms =
      started ? client->limits.stall_ms : MAX (START_TIMEOUT_MS, client->limits.stall_ms);

  return MIN (client->file.deadline_us, client->file.heard_us + (gint64)quiet_ms * 1000);
}

int
extract_client_timeout_ms (const ExtractClient *client)
{
  if (client->file.fd < 0)
    return -1;
  if (client->file.done)
    return 0;

  gint64 left_us = clock_us (client) - g_get_monotonic_time ();
  return left_us <= 0 ? 0 : (int)MIN ((left_us + 999) / 1000, G_MAXINT);
}

/* (transfer full) */
static GError *
timeout_error (const ExtractClient *client, gboolean stalled)
{
  if (stalled)
    return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_TIMEOUT,
                        "nothing came of it for %.1f s; raise stall_ms in [extract] if it is worth "
                        "the wait",
                        client->limits.stall_ms / 1000.0);
  return g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_TIMEOUT,
                      "reading it took longer than %.1f s; raise timeout_ms in [extract] if it is "
                      "worth the wait",
                      client->limits.timeout_ms / 1000.0);
}

/* A worker with OCR is to have the file. FALSE: the answer stands. */
static gboolean
hand_to_ocr (ExtractClient *client)
{
  if (client->with_ocr || !frame_reader_wants_ocr (client->reader))
    return FALSE;
  reap (client);
  client->with_ocr = TRUE;
  client->file.done = !hand_over (client, &client->file.failure);
  return TRUE;
}

gboolean
extract_client_pump (ExtractClient *client)
{
  ClientFile *file = &client->file;
  GError *death = NULL;
  gint64 now_us;

  if (file->fd < 0 || file->done)
    return TRUE;
  if (!receive (client, &death)) {
    survive (client, death, FALSE);
  } else if (frame_reader_done (client->reader)) {
    if (!hand_to_ocr (client))
      file->done = TRUE;
  } else if ((now_us = g_get_monotonic_time ()) >= clock_us (client)) {
    gboolean stalled = now_us < file->deadline_us;

    end_process (client);
    survive (client, timeout_error (client, stalled), stalled);
  }
  return file->done;
}

/* What the worker at hand gave, behind what was kept. (transfer full) */
static Document *
finish (ExtractClient *client, GError **error)
{
  ClientFile *file = &client->file;
  g_autoptr (GError) failure = NULL;
  Document *document = frame_reader_take (client->reader, &failure);
  const char *code = document != NULL ? document->error_code : NULL;

  /* it said so on its way out */
  if (g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_MEMORY) ||
      g_strcmp0 (code, extract_code_name (EXTRACT_ERROR_MEMORY)) == 0)
    reap (client);
  if (file->kept == NULL || g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_BOMB)) {
    if (failure != NULL)
      g_propagate_error (error, g_steal_pointer (&failure));
    return document;
  }
  if (document != NULL)
    return rescue_merge (g_steal_pointer (&file->kept), &file->resume, document, file->last_death);
  document_fail (file->kept, extract_code_name ((ExtractCode)failure->code), failure->message);
  return g_steal_pointer (&file->kept);
}

Document *
extract_client_take (ExtractClient *client, GError **error)
{
  ClientFile *file = &client->file;
  Document *document = NULL;

  g_return_val_if_fail (file->fd >= 0 && file->done, NULL);

  if (file->failure != NULL)
    g_propagate_error (error, g_steal_pointer (&file->failure));
  else if (client->reader == NULL || !frame_reader_done (client->reader))
    document = g_steal_pointer (&file->kept); /* given up */
  else
    document = finish (client, error);
  file_clear (file);
  return document;
}

Document *
extract_client_run (ExtractClient *client, const ExtractJob *job, GError **error)
{
  if (!extract_client_start (client, job, error))
    return NULL;
  while (!extract_client_pump (client)) {
    struct pollfd poll_fd = {.fd = client->process.fd, .events = POLLIN};
    poll (&poll_fd, 1, extract_client_timeout_ms (client));
  }
  return extract_client_take (client, error);
}
