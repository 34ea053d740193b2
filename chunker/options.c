#include "options.h"

#include <string.h>
#include <unicode/uvernum.h>

/* To be raised whenever the same document may be cut elsewhere. */
#define CHUNKER_REVISION 3

GQuark
chunker_error_quark (void)
{
  return g_quark_from_static_string ("chunker-error");
}

static const char *const unit_names[] = {
    [CHUNKER_UNIT_TOKENS] = "tokens", [CHUNKER_UNIT_CHARACTERS] = "characters"};

const char *
chunker_unit_name (ChunkerUnit unit)
{
  return unit_names[unit];
}

gboolean
chunker_unit_from_name (const char *name, ChunkerUnit *unit)
{
  for (gsize i = 0; i < G_N_ELEMENTS (unit_names); i++)
    if (strcmp (name, unit_names[i]) == 0) {
      *unit = (ChunkerUnit)i;
      return TRUE;
    }
  return FALSE;
}

static gboolean G_GNUC_PRINTF (2, 3) contradict (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS, message);
  return FALSE;
}

gboolean
chunker_options_check (const ChunkerOptions *options, GError **error)
{
  guint most = options->unit == CHUNKER_UNIT_TOKENS ? CHUNKER_MAX_TOKENS_MAX : CHUNKER_MAX_MAX;

  if (options->max < CHUNKER_MAX_MIN || options->max > most)
    return contradict (error, "max = %u is not from %d to %u %s", options->max, CHUNKER_MAX_MIN,
                       most, chunker_unit_name (options->unit));
  if (options->target < 1 || options->target > options->max)
    return contradict (error, "target = %u is not from 1 to max = %u", options->target,
                       options->max);
  if (options->min > options->target)
    return contradict (error, "min = %u is more than target = %u", options->min, options->target);
  if (options->overlap > options->max / 2)
    return contradict (error, "overlap = %u is more than half of max = %u", options->overlap,
                       options->max);
  return TRUE;
}

ChunkerOptions
chunker_options_resolved (const ChunkerOptions *options)
{
  ChunkerOptions resolved = *options;

  if (resolved.min == 0)
    resolved.min = resolved.target / 4;
  if (resolved.counter == NULL)
    resolved.counter = &token_counter_estimate;
  return resolved;
}

char *
chunker_fingerprint (const ChunkerOptions *options)
{
  ChunkerOptions all = chunker_options_resolved (options);

  return g_strdup_printf (
      "chunker/%d icu/%s %s unit=%s target=%u max=%u min=%u overlap=%u context=%s",
      CHUNKER_REVISION, U_ICU_VERSION, all.counter->name, chunker_unit_name (all.unit), all.target,
      all.max, all.min, all.overlap, all.context_prefix ? "yes" : "no");
}
