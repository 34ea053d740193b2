/* worker.h: the sandboxed process's life: forked from the launcher (launch.h), which has warmed up,
 * it raises the sandbox, says HELLO, then reads one file after the other until the parent closes
 * the socket. */
#pragma once

#include "extract.h"

typedef struct {
  int fd; /* the launcher's control socket, and then the worker's own */
  const ExtractLimits *limits;
  /* extract_run; a test gives another, to misbehave inside the same sandbox */
  gboolean (*run) (const ExtractInput *input, ExtractSink *sink, GError **error);
  /* (nullable) extract_help: a helper's life in its sandbox (helpers.h) */
  int (*help) (int fd, const ExtractLimits *limits);
  ExtractHelpers *helpers; /* (nullable) the worker's own, once it has some */
  /* (nullable) a test's: a worker's whole life instead */
  int (*live) (void);
  gboolean no_landlock; /* see sandbox.h */
} WorkerOptions;

/* The launcher, and every worker of its. Returns the exit code of the process that it then is: 0
 * when the parent asks for no more workers or files, 1 when the worker could not start (told in a
 * FAIL) or the parent is gone. */
int worker_run (const WorkerOptions *options);
