/* launch.h: the launcher's own side (launcher.h): forks a worker for each socket it is sent. */
#pragma once

#include <glib.h>

typedef struct {
  int fd; /* the control socket */
  /* Once, before any worker: what all of them inherit. */
  gboolean (*warm_up) (gpointer user_data, GError **error);
  /* A worker's whole life; returns its exit code. Its socket stands in the control socket's place,
   * as `fd`. n_helpers: it is to have (helpers.h). */
  int (*live) (gpointer user_data, guint n_helpers);
  gpointer user_data;
} LaunchOptions;

/* Until the parent closes its end. In a worker it returns what `live` does. */
int launch_run (const LaunchOptions *options);
