/* launcher.h: the parent's side of a process that has warmed up once and forks the workers, so that
 * a new worker costs a fork and its sandbox, not the start of a program.
 *
 *     parent ──exec──► launcher (warm; reads no file of anybody's)
 *        │   one packet: a socket ──►  │ forks twice
 *        │   ◄── one packet: pid       └──► worker, an orphan that the parent adopts:
 *        └──────────── frames over the socket ──────────► sandboxed, one owner's files
 *
 * A worker is the parent's own child in all that matters: waitpid, kill, its death with the parent.
 */
#pragma once

#include "extract.h"

#include <sys/types.h>

/* On the launcher's side: its end of the control socket (SOCK_SEQPACKET). */
#define LAUNCHER_FD 3

/* What it answers: i32 pid; or 0 and then, as text, why there is none. */
#define LAUNCHER_ANSWER_MAX 1024

typedef struct ExtractLauncher ExtractLauncher;

/* worker_path: the program `ingest-extract`. limits: copied. No process is started yet. (transfer
 * full) */
ExtractLauncher *extract_launcher_new (const char *worker_path, const ExtractLimits *limits);
ExtractLauncher *extract_launcher_ref (ExtractLauncher *launcher);

/* The last one kills and reaps the launcher; its workers are not touched. */
void extract_launcher_unref (ExtractLauncher *launcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExtractLauncher, extract_launcher_unref)

/* The one whose workers have OCR (image/ocr.h): made when first asked for, it lives as long as
 * `launcher`. (transfer none) */
ExtractLauncher *extract_launcher_with_ocr (ExtractLauncher *launcher);

const char *extract_launcher_path (const ExtractLauncher *launcher);
const ExtractLimits *extract_launcher_limits (const ExtractLauncher *launcher);

/* A new worker with so many helpers (helpers.h), which live in the process group that it leads: its
 * process and our end of its socket, non-blocking; both the caller's. Blocks for
 * a fork; the first time, and when the launcher has died, for the start of the program. Makes the
 * calling process the one that adopts orphans (PR_SET_CHILD_SUBREAPER). Errors:
 * EXTRACT_ERROR_WORKER. */
gboolean extract_launcher_spawn (ExtractLauncher *launcher, guint n_helpers, pid_t *pid, int *fd,
                                 GError **error);
