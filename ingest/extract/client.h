/* client.h: the parent's side of a worker: starts it, feeds it, keeps the clock, kills it.
 *
 *     IDLE --start--> BUSY --pump--> DONE --take--> IDLE
 *                       `-- crash, hang, flood, lie: killed, reaped, DONE with an error;
 *                           the next start makes a new process
 *
 * A file that kills its worker in one of its members (crash, stall) costs that member alone:
 * another worker goes on behind it, a bounded number of times, on the file's one clock.
 *
 * Nothing here blocks but extract_client_run: a pool polls extract_client_fd() of many clients and
 * pumps those that are ready. A worker is reused for the same owner only.
 */
#pragma once

#include "extract.h"

typedef struct ExtractClient ExtractClient;

typedef struct {
  const char *owner;    /* any text; another owner gets another process */
  const char *name;     /* hint, and for Document.name; valid UTF-8 */
  const char *declared; /* (nullable) hint: MIME type */
  int fd;               /* read-only, position ignored; borrowed until start returns */
  guint64 size_bytes;
} ExtractJob;

/* worker_path: the program `ingest-extract`. limits: copied. No process is started yet. */
ExtractClient *extract_client_new (const char *worker_path, const ExtractLimits *limits);

/* Another one of the same pool: the same limits and passwords, its workers from the same launcher
 * (launcher.h). (transfer full) */
ExtractClient *extract_client_new_beside (const ExtractClient *other);

/* To be tried in turn on files that ask for one; ends with NULL, (nullable), copied. They are wiped
 * with the client, and by the worker after each file. */
void extract_client_set_passwords (ExtractClient *client, const char *const *passwords);

/* The same from a file (passwords.h). */
gboolean extract_client_read_passwords (ExtractClient *client, const char *path, GError **error);

/* Kills and reaps the worker, if any. */
void extract_client_free (ExtractClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExtractClient, extract_client_free)

/* The extractor's fingerprint, as the worker's HELLO says it; starts a worker if there is none.
 * Blocks for the start of the process. (transfer none); NULL on error (EXTRACT_ERROR_WORKER). */
const char *extract_client_fingerprint (ExtractClient *client, GError **error);

/* Hands the worker a file. Errors: EXTRACT_ERROR_WORKER when no worker can be had,
 * EXTRACT_ERROR_TOO_LARGE. */
gboolean extract_client_start (ExtractClient *client, const ExtractJob *job, GError **error);

/* To poll for POLLIN (and POLLHUP); -1 when idle. Another one after a pump, where the worker died.
 */
int extract_client_fd (const ExtractClient *client);

/* Milliseconds until the clock runs out (0: it has; pump will kill); -1 when idle. */
int extract_client_timeout_ms (const ExtractClient *client);

/* Reads what is there. TRUE: call extract_client_take. */
gboolean extract_client_pump (ExtractClient *client);

/* The document, or NULL with EXTRACT_ERROR. A document whose error_code is set has failed, but has
 * members that were read. (transfer full) */
Document *extract_client_take (ExtractClient *client, GError **error);

/* start, poll and pump until done, take. (transfer full) */
Document *extract_client_run (ExtractClient *client, const ExtractJob *job, GError **error);
