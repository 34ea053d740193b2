/* progress.h: where a command is, as one live line on a terminal; nothing elsewhere. */
#pragma once

#include <glib.h>

typedef struct {
  gboolean live;  /* stderr is a terminal that can rewrite a line */
  gboolean shown; /* a line stands there that must go before anything else is printed */
  gint64 start_us;
  gint64 last_us;
} Progress;

/* quiet: never live (--json). */
void progress_init (Progress *progress, gboolean quiet);

/* Redraws the line, at most ten times a second. */
void progress_show (Progress *progress, const char *stage, const char *path, guint done,
                    guint total);

/* Takes the line away. */
void progress_clear (Progress *progress);
