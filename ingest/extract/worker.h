/* worker.h: the sandboxed process's life: warm up, raise the sandbox, say HELLO, then one file
 * after the other until the parent closes the socket. */
#pragma once

#include "extract.h"

/* fd: the worker's end of the socketpair. Returns the exit code: 0 when the parent has no more
 * files, 1 when the worker could not start (told in a FAIL) or the parent is gone. */
int worker_run (int fd, const ExtractLimits *limits);
