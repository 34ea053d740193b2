/* sandbox.h: what is left to a process that reads hostile bytes: memory, the clock, its socket, and
 * read-only files below poppler's data. It fails closed.
 *
 *     no new privileges, no capabilities, an unprivileged user when root
 *     dies with its parent
 *     no descriptor but 0-2 and the sockets
 *     rlimits       address space, no file growth, no process, no core, 64 descriptors. CPU is
 *                   the parent's to set and to move, job by job (client.c)
 *     Landlock      reads below poppler's data only; no TCP, no signal or abstract socket out of
 *                   the sandbox, where the kernel knows of them
 *     seccomp       a list of what is allowed; all else kills the process. Questions about files
 *                   and terminals get an error instead, since libraries ask them in passing
 */
#pragma once

#include <glib.h>

typedef struct {
  const int *fds;       /* sockets, in order: the descriptors above 2 that stay open */
  guint n_fds;          /* at least 1 */
  guint memory_mb;      /* of address space, what is mapped already included */
  guint cpu_seconds;    /* soft; the parent moves it */
  gboolean no_landlock; /* as on a kernel without it: seccomp forbids every open (for tests) */
} SandboxOptions;

/* Irreversible. Call after warm-up and before the first untrusted byte, in a process with one
 * thread. FALSE: do not go on. Errors: EXTRACT_ERROR_WORKER. */
gboolean sandbox_raise (const SandboxOptions *options, GError **error);

/* The version of Landlock the kernel has; 0: none, or switched off. */
guint sandbox_landlock_version (void);

/* What this build leaves out of the sandbox, for --version: "" in a release build. */
const char *sandbox_build_notes (void);
