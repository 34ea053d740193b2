/* sink-member.c: a sink's metadata and warnings, and the members of its document. */
#include "sink-private.h"

#include <stdarg.h>
#include <string.h>

#define META_VALUE_MAX 4096
#define WARNING_MAX 1024
#define WARNINGS_MAX 20
/* Of names, metadata and warnings, in all of a file's documents: what the parent keeps of them is
 * bounded (FRAME_SIDE_MAX), and one member more stays below that. */
#define SIDE_MAX (32u << 20)

/* what inflates to no more is no bomb, whatever its ratio */
#define RATIO_FREE_BYTES (1u << 20)

#define N_EARLY_METAS 2 /* known before the reader begins */
static const char *const meta_keys[] = {"format", "mime_type", "title", "author",  "language",
                                        "pages",  "checksum",  "size",  "created", "modified"};

G_STATIC_ASSERT (G_N_ELEMENTS (meta_keys) == SINK_N_METAS);

/* --- metadata and warnings ------------------------------------------------------------------ */

void
extract_meta (ExtractSink *sink, const char *key, const char *value)
{
  if (value == NULL || *value == '\0')
    return;
  for (guint i = 0; i < SINK_N_METAS; i++)
    if (strcmp (meta_keys[i], key) == 0) {
      g_autofree char *clean = sink_clean_line (value, META_VALUE_MAX);

      if (*clean == '\0')
        return;
      g_free (sink->meta[i]);
      sink->meta[i] = g_steal_pointer (&clean);
      sink->meta_sent[i] = FALSE;
      return;
    }
  g_warn_if_reached ();
}

void
extract_meta_uint (ExtractSink *sink, const char *key, guint value)
{
  g_autofree char *text = g_strdup_printf ("%u", value);

  extract_meta (sink, key, text);
}

const char *
extract_sink_meta (const ExtractSink *sink, const char *key)
{
  for (guint i = 0; i < SINK_N_METAS; i++)
    if (strcmp (meta_keys[i], key) == 0)
      return sink->meta[i];
  return NULL;
}

void
extract_warn (ExtractSink *sink, const char *format, ...)
{
  g_autofree char *message = NULL;
  char *clean;
  va_list args;
  GError *reason = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  clean = sink_clean_line (message, WARNING_MAX);
  if (g_hash_table_size (sink->warnings) >= WARNINGS_MAX ||
      g_hash_table_contains (sink->warnings, clean)) {
    g_free (clean);
    return;
  }
  g_hash_table_add (sink->warnings, clean);
  sink->budget->side_bytes += strlen (clean);
  if (!sink->funcs->warn (sink->user_data, clean, &reason))
    sink_end (sink, reason, NULL);
}

/* The first n_metas of those that were not delivered. */
static gboolean
deliver_metas (ExtractSink *sink, guint n_metas, GError **error)
{
  for (guint i = 0; i < n_metas; i++) {
    if (sink->meta[i] == NULL || sink->meta_sent[i])
      continue;
    if (!sink->funcs->meta (sink->user_data, meta_keys[i], sink->meta[i], error))
      return FALSE;
    sink->meta_sent[i] = TRUE;
    sink->budget->side_bytes += strlen (sink->meta[i]);
  }
  return TRUE;
}

gboolean
extract_sink_finish (ExtractSink *sink, GError **error)
{
  const GError *ended = sink->budget->ended;

  if (g_error_matches (ended, EXTRACT_ERROR, EXTRACT_ERROR_WORKER)) {
    g_propagate_error (error, g_error_copy (ended));
    return FALSE;
  }
  return deliver_metas (sink, SINK_N_METAS, error);
}

/* --- members ---------------------------------------------------------------------------------- */

/* Room for one more, in this document and in all. */
static gboolean
check_members (ExtractSink *outer, GError **error)
{
  const Budget *budget = outer->budget;
  GError *reason = NULL;

  if (!sink_check_limits (outer, 0, error))
    return FALSE;
  if (budget->members >= outer->limits->max_members)
    extract_limit_error (&reason, "only the first %u members", outer->limits->max_members);
  else if (budget->side_bytes > SIDE_MAX)
    extract_limit_error (&reason, "only the first %u members: their names are too long",
                         budget->members);
  return reason == NULL || sink_end (outer, reason, error);
}

ExtractSink *
extract_sink_new_member (ExtractSink *outer, const char *name, GError **error)
{
  ExtractSink *member;
  g_autofree char *clean = sink_clean_line (name, META_VALUE_MAX);
  gpointer child = NULL;
  gboolean on_path;
  GError *reason = NULL;

  if (sink_passes_over (outer, &on_path) || !check_members (outer, error))
    return NULL;
  /* if reading the member kills the worker, it is known of what kind the outer one is */
  if (!deliver_metas (outer, N_EARLY_METAS, &reason) ||
      !outer->funcs->member (outer->user_data, clean, &child, &reason)) {
    sink_end (outer, reason, error);
    return NULL;
  }
  outer->budget->members++;
  outer->budget->side_bytes += strlen (clean);
  member = sink_new (outer->limits, outer->funcs, child, outer->budget);
  member->outer = outer;
  member->on_path = on_path;
  member->path_depth = outer->path_depth + 1;
  return member;
}

gboolean
extract_sink_end_member (ExtractSink *member, const GError *failure, GError **error)
{
  ExtractSink *outer = member->outer;
  GError *reason = NULL;

  if (failure != NULL)
    outer->budget->side_bytes += strlen (failure->message);
  if (!extract_sink_finish (member, &reason) ||
      !member->funcs->member_end (member->user_data, member, failure, &reason)) {
    extract_sink_free (member);
    return sink_end (outer, reason, error);
  }
  extract_sink_free (member);
  /* the clock, the room for text: what ended the member ends all */
  return sink_check_limits (outer, 0, error);
}

gboolean
extract_inflated (ExtractSink *sink, guint64 bytes, GError **error)
{
  Budget *budget = sink->budget;
  const ExtractLimits *limits = sink->limits;
  GError *reason = NULL;

  budget->inflated_bytes += bytes;
  if (budget->inflated_bytes > limits->max_inflated_bytes)
    reason = g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_BOMB,
                          "it inflates to more than %" G_GUINT64_FORMAT
                          " bytes, what max_inflated_bytes in [extract] allows",
                          limits->max_inflated_bytes);
  else if (budget->inflated_bytes > RATIO_FREE_BYTES && budget->file_bytes > 0 &&
           budget->inflated_bytes / limits->max_inflate_ratio > budget->file_bytes)
    reason = g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_BOMB,
                          "it inflates to more than %u times its size, what max_inflate_ratio in "
                          "[extract] allows",
                          limits->max_inflate_ratio);
  return reason != NULL ? sink_end (sink, reason, error) : extract_progress (sink, error);
}

void
extract_sink_set_file_bytes (ExtractSink *sink, guint64 bytes)
{
  sink->budget->file_bytes = bytes;
}
