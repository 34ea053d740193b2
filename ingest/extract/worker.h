/* worker.h: the sandboxed process's life: warm up, raise the sandbox, say HELLO, then one file
 * after the other until the parent closes the socket. */
#pragma once

#include "extract.h"

typedef struct {
  int fd; /* the worker's end of the socketpair */
  const ExtractLimits *limits;
  /* extract_run; a test gives another, to misbehave inside the same sandbox */
  gboolean (*run) (const ExtractInput *input, ExtractSink *sink, GError **error);
  gboolean no_landlock; /* see sandbox.h */
} WorkerOptions;

/* Returns the exit code: 0 when the parent has no more files, 1 when the worker could not start
 * (told in a FAIL) or the parent is gone. Once a process. */
int worker_run (const WorkerOptions *options);
