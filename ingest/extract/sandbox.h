/* sandbox.h: what is left to a process that reads hostile bytes: memory, the clock, its socket, and
 * read-only files below poppler's data. It fails closed. */
#pragma once

#include <glib.h>

typedef struct {
  gboolean landlock;      /* file access is limited by the kernel's Landlock; otherwise seccomp
                             forbids every open */
  gboolean address_space; /* RLIMIT_AS is set (an ASan build cannot) */
} SandboxState;

/* Irreversible: no new privileges, an unprivileged user when root, rlimits, Landlock, seccomp with
 * KILL as its default. Call after warm-up and before the first untrusted byte. FALSE: do not go on.
 * Errors: EXTRACT_ERROR_WORKER. */
gboolean sandbox_raise (guint memory_mb, SandboxState *state, GError **error);

/* What this build leaves out of the sandbox, for --version: "" in a release build. */
const char *sandbox_build_notes (void);
