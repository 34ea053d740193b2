/* sink-clock.c: how long a file takes, how long nothing came of it, and where it goes on after it
 * has killed a worker. */
#include "sink-private.h"

#include <time.h>

/* The parent hears of progress this often, where there is any. */
#define ALIVE_US 500000
/* Processor time is asked for this often: unlike the clock it takes a system call. */
#define CPU_US 20000

/* 3/4 of a limit: the worker ends by itself before the parent kills it. */
#define SOFT_US(ms) ((gint64)(ms)*750)

static gint64
cpu_time_us (void)
{
  struct timespec used = {0};

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &used);
  return (gint64)used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

void
sink_start_clock (Clock *clock, const ExtractLimits *limits)
{
  gint64 now_us = g_get_monotonic_time ();

  *clock = (Clock){
      .deadline_us = now_us + SOFT_US (limits->timeout_ms),
      .cpu_deadline_us = cpu_time_us () + SOFT_US (limits->cpu_ms),
      .cpu_asked_us = now_us,
      .progress_us = now_us,
      .told_us = now_us,
  };
}

static gboolean
cpu_is_up (Clock *clock, gint64 now_us)
{
  if (!clock->cpu_is_up && now_us - clock->cpu_asked_us >= CPU_US) {
    clock->cpu_asked_us = now_us;
    clock->cpu_is_up = cpu_time_us () >= clock->cpu_deadline_us;
  }
  return clock->cpu_is_up;
}

gboolean
sink_check_clock (ExtractSink *sink, GError **error)
{
  Clock *clock = &sink->budget->clock;
  const ExtractLimits *limits = sink->limits;
  gint64 now_us = g_get_monotonic_time ();
  GError *reason = NULL;

  if (now_us >= clock->deadline_us)
    extract_limit_error (&reason, "only what could be read in %.1f seconds",
                         limits->timeout_ms * 0.75 / 1000);
  else if (cpu_is_up (clock, now_us))
    extract_limit_error (&reason, "only what could be read in %.1f seconds of processor time",
                         limits->cpu_ms * 0.75 / 1000);
  return reason == NULL || sink_end (sink, reason, error);
}

gboolean
extract_time_is_up (ExtractSink *sink)
{
  Clock *clock = &sink->budget->clock;
  gint64 now_us = g_get_monotonic_time ();

  return now_us >= clock->deadline_us || cpu_is_up (clock, now_us) ||
         now_us - clock->progress_us >= SOFT_US (sink->limits->stall_ms);
}

gboolean
sink_tell_progress (ExtractSink *sink, GError **error)
{
  Clock *clock = &sink->budget->clock;
  GError *reason = NULL;

  clock->progress_us = g_get_monotonic_time ();
  if (sink->funcs->alive == NULL || clock->progress_us - clock->told_us < ALIVE_US)
    return TRUE;
  clock->told_us = clock->progress_us;
  return sink->funcs->alive (sink->user_data, &reason) || sink_end (sink, reason, error);
}

gboolean
extract_progress (ExtractSink *sink, GError **error)
{
  return sink_check_limits (sink, 0, error) && sink_tell_progress (sink, error);
}

/* --- going on --------------------------------------------------------------------------------- */

void
extract_sink_resume (ExtractSink *sink, const ExtractUsed *used, const guint32 *path, guint n_path)
{
  Budget *budget = sink->budget;

  budget->clock.deadline_us -= (gint64)used->elapsed_ms * 1000;
  budget->text_bytes = MIN (used->text_bytes, sink->limits->max_text_bytes);
  budget->side_bytes = used->side_bytes;
  budget->members = used->members;
  budget->path = path;
  budget->n_path = n_path;
  sink->on_path = n_path > 0;
}

gboolean
sink_passes_over (ExtractSink *outer, gboolean *on_path)
{
  const Budget *budget = outer->budget;
  guint position = outer->next_member++;
  gboolean is_last = outer->path_depth + 1 == budget->n_path;

  *on_path = outer->on_path && position == budget->path[outer->path_depth] && !is_last;
  return outer->on_path && (position < budget->path[outer->path_depth] ||
                            (position == budget->path[outer->path_depth] && is_last));
}
