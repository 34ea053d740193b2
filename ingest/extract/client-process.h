/* client-process.h: a worker as a process: its start, its end and what its end says. */
#pragma once

#include "frame.h"
#include "launcher.h"

#include <sys/types.h>

typedef struct {
  pid_t pid; /* 0: none */
  int fd;    /* our end of the socketpair, non-blocking; -1 with no process */
  guint n_helpers;
} WorkerProcess;

/* n_helpers: it is to have (helpers.h). Errors: EXTRACT_ERROR_WORKER. */
gboolean worker_process_start (WorkerProcess *process, ExtractLauncher *launcher, guint n_helpers,
                               GError **error);

/* Kills what is left of it and of its helpers, and waits. Returns its wait status: a process that
 * is ending by itself keeps its own, also when it is killed on the way. 0 where there is none. */
int worker_process_end (WorkerProcess *process);

/* FALSE: it is gone. fd: of the file, goes with the frame. */
gboolean worker_process_send_job (const WorkerProcess *process, const FrameJob *job, int fd);

/* Processor time it has used, in milliseconds. */
guint64 worker_process_cpu_ms (const WorkerProcess *process);

/* Processor time counts over a worker's life: each file gets its share anew. Past it the kernel
 * kills the worker even if we were stopped. */
void worker_process_grant_cpu (const WorkerProcess *process, guint cpu_ms);

/* What the wait status of one that ended before HELLO, and of one that ended in the middle of a
 * file means. (transfer full) */
GError *worker_process_start_error (const char *path, int status);
GError *worker_process_error (int status);
