#include "clean.h"
#include "sink-private.h"
#include "sink-render.h"

#include <string.h>

#define HEAD_MAX (64u << 10)

ExtractSink *
sink_new (const ExtractLimits *limits, const ExtractSinkFuncs *funcs, gpointer user_data,
          Budget *budget)
{
  ExtractSink *sink = g_new0 (ExtractSink, 1);

  sink->limits = limits;
  sink->funcs = funcs;
  sink->user_data = user_data;
  sink->budget = budget;
  sink->clean = g_string_new (NULL);
  sink->rendered = g_string_new (NULL);
  sink->head = g_string_new (NULL);
  sink->warnings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return sink;
}

ExtractSink *
extract_sink_new (const ExtractLimits *limits, const ExtractSinkFuncs *funcs, gpointer user_data)
{
  Budget *budget = g_new0 (Budget, 1);

  sink_start_clock (&budget->clock, limits);
  return sink_new (limits, funcs, user_data, budget);
}

void
extract_sink_free (ExtractSink *sink)
{
  if (sink == NULL)
    return;
  for (guint i = 0; i < SINK_N_METAS; i++)
    g_free (sink->meta[i]);
  g_hash_table_unref (sink->warnings);
  g_string_free (sink->clean, TRUE);
  g_string_free (sink->rendered, TRUE);
  g_string_free (sink->head, TRUE);
  g_clear_error (&sink->stopped);
  if (sink->outer == NULL) {
    g_clear_error (&sink->budget->ended);
    g_free (sink->budget);
  }
  g_free (sink);
}

guint64
extract_sink_text_bytes (const ExtractSink *sink)
{
  return sink->text_bytes;
}

guint32
extract_sink_blocks (const ExtractSink *sink)
{
  return sink->blocks;
}

const char *
extract_sink_head (const ExtractSink *sink, gsize *bytes)
{
  *bytes = sink->head->len;
  return sink->head->str;
}

/* --- cleaning ------------------------------------------------------------------------------- */

/* The text cleaned: itself where nothing is to do, otherwise in the scratch buffer. */
static const char *
clean_text (ExtractSink *sink, const char *text, gsize *bytes)
{
  if (clean_is (text, *bytes))
    return text;
  g_string_truncate (sink->clean, 0);
  clean_append (sink->clean, text, *bytes);
  *bytes = sink->clean->len;
  return sink->clean->str;
}

/* Bytes of `text` that end at a character boundary and are no more than `max_bytes`. */
static gsize
cut_at_character (const char *text, gsize bytes, gsize max_bytes)
{
  if (bytes <= max_bytes)
    return bytes;
  while (max_bytes > 0 && ((guchar)text[max_bytes] & 0xc0) == 0x80)
    max_bytes--;
  return max_bytes;
}

char *
sink_clean_line (const char *text, gsize max_bytes)
{
  g_autoptr (GString) clean = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new (NULL);

  clean_append (clean, text, strlen (text));
  render_line (line, clean->str, clean->len);
  g_string_truncate (line, cut_at_character (line->str, line->len, max_bytes));
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/* --- delivery ------------------------------------------------------------------------------- */

gboolean
sink_stop (ExtractSink *sink, GError *reason, GError **error)
{
  g_clear_error (&sink->stopped);
  sink->stopped = reason;
  g_propagate_error (error, g_error_copy (reason));
  return FALSE;
}

gboolean
sink_end (ExtractSink *sink, GError *reason, GError **error)
{
  if (sink->budget->ended == NULL)
    sink->budget->ended = g_error_copy (reason);
  return sink_stop (sink, reason, error);
}

gboolean
sink_check_limits (ExtractSink *sink, guint page, GError **error)
{
  const GError *before = sink->budget->ended != NULL ? sink->budget->ended : sink->stopped;
  GError *reason = NULL;

  if (before != NULL) {
    g_propagate_error (error, g_error_copy (before));
    return FALSE;
  }
  if (!sink_check_clock (sink, error))
    return FALSE;
  if (page > sink->limits->max_pages) {
    extract_limit_error (&reason, "only the first %u pages", sink->limits->max_pages);
    return sink_stop (sink, reason, error);
  }
  return TRUE;
}

static void
remember_head (ExtractSink *sink, BlockKind kind, const char *text, gsize bytes)
{
  if (kind == BLOCK_CODE || sink->head->len >= HEAD_MAX)
    return;
  g_string_append_len (sink->head, text,
                       (gssize)cut_at_character (text, bytes, HEAD_MAX - sink->head->len));
  if (sink->head->len < HEAD_MAX)
    g_string_append_c (sink->head, '\n');
}

/* Always FALSE. */
static gboolean
text_is_full (ExtractSink *sink, GError **error)
{
  GError *reason = NULL;

  extract_limit_error (&reason, "only the first %" G_GUINT64_FORMAT " bytes of text",
                       sink->budget->text_bytes);
  return sink_end (sink, reason, error);
}

static gboolean
deliver (ExtractSink *sink, BlockKind kind, guint level, guint page, const char *gap,
         gsize gap_bytes, const char *text, gsize bytes, GError **error)
{
  guint64 room = sink->limits->max_text_bytes - sink->budget->text_bytes;
  gboolean full = gap_bytes + bytes > room;
  GError *reason = NULL;

  if (full && gap_bytes < room)
    bytes = cut_at_character (text, bytes, (gsize)room - gap_bytes);
  if (!full || (gap_bytes < room && bytes > 0)) {
    if (!sink->funcs->block (sink->user_data, kind, level, page, gap, gap_bytes, text, bytes,
                             &reason))
      return sink_end (sink, reason, error);
    sink->text_bytes += gap_bytes + bytes;
    sink->budget->text_bytes += gap_bytes + bytes;
    sink->blocks++;
    sink->last_kind = kind;
    remember_head (sink, kind, text, bytes);
  }
  return sink_tell_progress (sink, error) && (!full || text_is_full (sink, error));
}

gboolean
extract_more (ExtractSink *sink, const char *text, gsize bytes, GError **error)
{
  guint64 room = sink->limits->max_text_bytes - sink->budget->text_bytes;
  GError *reason = NULL;
  gboolean full;

  if (!sink_check_limits (sink, 0, error))
    return FALSE;
  g_return_val_if_fail (sink->last_kind != 0, TRUE);
  text = clean_text (sink, text, &bytes);
  full = bytes > room;
  if (full)
    bytes = cut_at_character (text, bytes, (gsize)room);
  if (bytes > 0 && !sink->funcs->more (sink->user_data, text, bytes, &reason))
    return sink_end (sink, reason, error);
  sink->text_bytes += bytes;
  sink->budget->text_bytes += bytes;
  remember_head (sink, sink->last_kind, text, bytes);
  return sink_tell_progress (sink, error) && (!full || text_is_full (sink, error));
}

/* Delivers a rendered block after the gap that Markdown wants. */
static gboolean
deliver_rendered (ExtractSink *sink, BlockKind kind, guint level, guint page, guint indent,
                  const char *text, gsize bytes, GError **error)
{
  char gap[2 + 256];
  gsize gap_bytes = 0;

  if (sink->last_kind != 0) {
    gap[gap_bytes++] = '\n';
    if (kind != BLOCK_LIST_ITEM || sink->last_kind != BLOCK_LIST_ITEM)
      gap[gap_bytes++] = '\n';
  }
  for (guint i = 0; i < MIN (indent, 256); i++)
    gap[gap_bytes++] = ' ';
  return deliver (sink, kind, level, page, gap, gap_bytes, text, bytes, error);
}

static gboolean
is_blank (const char *text, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++)
    if (!g_ascii_isspace (text[i]))
      return FALSE;
  return TRUE;
}

/* What every block begins with: limits, cleaning. bytes: 0 when the block is blank. */
static gboolean
begin_block (ExtractSink *sink, guint page, const char **text, gssize len, gsize *bytes,
             GError **error)
{
  if (!sink_check_limits (sink, page, error))
    return FALSE;
  *bytes = len < 0 ? strlen (*text) : (gsize)len;
  *text = clean_text (sink, *text, bytes);
  if (sink->last_kind == 0 && *bytes >= 3 && memcmp (*text, "\xef\xbb\xbf", 3) == 0) {
    *text += 3;
    *bytes -= 3;
  }
  g_string_truncate (sink->rendered, 0);
  if (is_blank (*text, *bytes))
    *bytes = 0;
  return TRUE;
}

gboolean
extract_heading (ExtractSink *sink, guint level, guint page, const char *text, gssize len,
                 GError **error)
{
  gsize bytes;

  if (!begin_block (sink, page, &text, len, &bytes, error))
    return FALSE;
  if (bytes == 0)
    return TRUE;
  if (bytes > BLOCK_HEADING_TEXT_MAX) {
    text = render_trim (text, &bytes);
    return deliver_rendered (sink, BLOCK_PARAGRAPH, 0, page, 0, text, bytes, error);
  }
  level = CLAMP (level, 1, 6);
  for (guint i = 0; i < level; i++)
    g_string_append_c (sink->rendered, '#');
  g_string_append_c (sink->rendered, ' ');
  render_line (sink->rendered, text, bytes);
  return deliver_rendered (sink, BLOCK_HEADING, level, page, 0, sink->rendered->str,
                           sink->rendered->len, error);
}

gboolean
extract_paragraph (ExtractSink *sink, guint page, const char *text, gssize len, GError **error)
{
  gsize bytes;

  if (!begin_block (sink, page, &text, len, &bytes, error))
    return FALSE;
  if (bytes == 0)
    return TRUE;
  text = render_trim (text, &bytes);
  return deliver_rendered (sink, BLOCK_PARAGRAPH, 0, page, 0, text, bytes, error);
}

gboolean
extract_list_item (ExtractSink *sink, guint level, guint page, const char *marker, const char *text,
                   gssize len, GError **error)
{
  g_autofree char *clean_marker = sink_clean_line (marker == NULL ? "-" : marker, 32);
  gsize bytes;
  guint indent;

  if (!begin_block (sink, page, &text, len, &bytes, error))
    return FALSE;
  if (bytes == 0)
    return TRUE;
  level = CLAMP (level, 1, SINK_LIST_DEPTH_MAX);
  if (sink->last_kind != BLOCK_LIST_ITEM)
    for (guint i = 0; i < G_N_ELEMENTS (sink->indents); i++)
      sink->indents[i] = i == 0 ? 0 : (i - 1) * 2;
  indent = sink->indents[level];
  g_string_append (sink->rendered, clean_marker);
  g_string_append_c (sink->rendered, ' ');
  for (guint i = level + 1; i < G_N_ELEMENTS (sink->indents); i++)
    sink->indents[i] = indent + (guint)sink->rendered->len + (i - level - 1) * 2;
  text = render_trim (text, &bytes);
  while (bytes > 0 && g_ascii_isspace (*text)) {
    text++;
    bytes--;
  }
  render_indented (sink->rendered, text, bytes, indent + (guint)sink->rendered->len);
  return deliver_rendered (sink, BLOCK_LIST_ITEM, level, page, indent, sink->rendered->str,
                           sink->rendered->len, error);
}

gboolean
extract_code (ExtractSink *sink, guint page, const char *info, const char *text, gssize len,
              GError **error)
{
  g_autofree char *clean_info = info == NULL ? NULL : sink_clean_line (info, 64);
  gsize bytes;

  if (!begin_block (sink, page, &text, len, &bytes, error))
    return FALSE;
  if (bytes == 0)
    return TRUE;
  text = render_trim (text, &bytes);
  render_code (sink->rendered, clean_info, text, bytes);
  return deliver_rendered (sink, BLOCK_CODE, 0, page, 0, sink->rendered->str, sink->rendered->len,
                           error);
}

static void
unref_row (gpointer row)
{
  g_ptr_array_unref (row);
}

gboolean
extract_table (ExtractSink *sink, guint page, GPtrArray *rows, gboolean has_header, GError **error)
{
  g_autoptr (GPtrArray) clean_rows = g_ptr_array_new_with_free_func (unref_row);

  if (!sink_check_limits (sink, page, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (rows, i);
    GPtrArray *clean_row = g_ptr_array_new_with_free_func (g_free);

    for (guint j = 0; j < row->len; j++) {
      const char *cell = g_ptr_array_index (row, j);

      g_ptr_array_add (clean_row, sink_clean_line (cell == NULL ? "" : cell, G_MAXSSIZE));
    }
    g_ptr_array_add (clean_rows, clean_row);
  }
  g_string_truncate (sink->rendered, 0);
  if (!render_table (sink->rendered, clean_rows, has_header))
    return TRUE;
  return deliver_rendered (sink, BLOCK_TABLE, 0, page, 0, sink->rendered->str, sink->rendered->len,
                           error);
}

/* A gap that holds more than can travel as one: what is text in it becomes paragraphs. */
static gboolean
deliver_long_gap (ExtractSink *sink, guint page, const char **gap, gsize *gap_bytes, GError **error)
{
  while (*gap_bytes > EXTRACT_GAP_MAX) {
    gsize bytes = cut_at_character (*gap, *gap_bytes, EXTRACT_GAP_MAX);

    if (!is_blank (*gap, bytes) &&
        !deliver (sink, BLOCK_PARAGRAPH, 0, page, "", 0, *gap, bytes, error))
      return FALSE;
    *gap += bytes;
    *gap_bytes -= bytes;
  }
  return TRUE;
}

gboolean
extract_verbatim (ExtractSink *sink, BlockKind kind, guint level, guint page, const char *gap,
                  gsize gap_bytes, const char *text, gsize text_bytes, GError **error)
{
  g_autoptr (GString) clean_gap = NULL;

  if (!sink_check_limits (sink, page, error))
    return FALSE;
  if (sink->last_kind == 0 && gap_bytes == 0 && text_bytes >= 3 &&
      memcmp (text, "\xef\xbb\xbf", 3) == 0) {
    text += 3;
    text_bytes -= 3;
  }
  if (!clean_is (gap, gap_bytes)) {
    clean_gap = g_string_new (NULL);
    clean_append (clean_gap, gap, gap_bytes);
    gap = clean_gap->str;
    gap_bytes = clean_gap->len;
  }
  text = clean_text (sink, text, &text_bytes);
  if (is_blank (text, text_bytes))
    return TRUE;
  if (!deliver_long_gap (sink, page, &gap, &gap_bytes, error))
    return FALSE;
  return deliver (sink, kind, level, page, gap, gap_bytes, text, text_bytes, error);
}
