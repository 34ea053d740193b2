#include "progress.h"

#include "chunker/file-name.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REDRAW_US 100000

void
progress_init (Progress *progress, gboolean quiet)
{
  *progress = (Progress){
      .live = !quiet && isatty (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0,
      .start_us = g_get_monotonic_time (),
  };
}

static glong
terminal_columns (void)
{
  struct winsize size = {0};

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return size.ws_col;
}

/* Wide characters count as two; combining ones as none. */
static void
append_fitting (GString *line, const char *text, glong columns)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    columns -= g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
    if (columns < 0)
      return;
    g_string_append_unichar (line, c);
  }
}

void
progress_show (Progress *progress, const char *stage, const char *path, guint done, guint total)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!progress->live || (progress->shown && now_us - progress->last_us < REDRAW_US))
    return;

  g_autofree char *shown = path ? file_name_printable (path) : g_strdup ("");
  g_autofree char *text =
      g_strdup_printf ("[%u/%u] %.0f s  %s %s", done, total,
                       (double)(now_us - progress->start_us) / 1e6, stage, shown);
  g_autoptr (GString) line = g_string_new ("\r\033[K");
  append_fitting (line, text, terminal_columns () - 1);
  fputs (line->str, stderr);
  fflush (stderr);
  progress->shown = TRUE;
  progress->last_us = now_us;
}

void
progress_clear (Progress *progress)
{
  if (!progress->shown)
    return;
  fputs ("\r\033[K", stderr);
  fflush (stderr);
  progress->shown = FALSE;
}
