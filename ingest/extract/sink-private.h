/* sink-private.h: what sink.c (blocks) and sink-member.c (metadata, warnings, members) share. */
#pragma once

#include "sink.h"

#define SINK_LIST_DEPTH_MAX 16
#define SINK_N_METAS 10

/* All monotonic, but for the processor time. */
typedef struct {
  gint64 deadline_us;
  gint64 cpu_deadline_us; /* of the process's processor time */
  gint64 cpu_asked_us;
  gboolean cpu_is_up;
  gint64 progress_us; /* when something came of the file last */
  gint64 told_us;     /* when the parent was told so */
} Clock;

/* What the whole file may still take, its members included. */
typedef struct {
  Clock clock;
  guint64 text_bytes;     /* delivered */
  guint64 side_bytes;     /* delivered beside the text: names, metadata, warnings */
  guint64 file_bytes;     /* of the file itself; 0: unknown */
  guint64 inflated_bytes; /* of all that was unpacked in it */
  guint members;
  const guint32 *path; /* (nullable) of the member to go on behind */
  guint n_path;
  GError *ended; /* (nullable) why nothing more of the whole file is taken */
} Budget;

struct ExtractSink {
  const ExtractLimits *limits;
  const ExtractSinkFuncs *funcs;
  gpointer user_data;

  ExtractSink *outer; /* (nullable) of the file that this one is in */
  guint next_member;  /* how many of its own came before */
  gboolean on_path;   /* what killed a worker is in it, */
  guint path_depth;   /* at this place of the path */
  Budget *budget;     /* of the whole file; the outermost sink owns it */
  guint64 text_bytes;
  guint32 blocks;
  BlockKind last_kind; /* 0 before the first block */
  GError *stopped;     /* (nullable) why nothing more of this document is taken */

  guint indents[SINK_LIST_DEPTH_MAX + 2]; /* columns, by depth */
  GString *clean;                         /* scratch: text after cleaning */
  GString *rendered;                      /* scratch: text with its Markdown */
  GString *head;
  char *meta[SINK_N_METAS];
  gboolean meta_sent[SINK_N_METAS];
  GHashTable *warnings; /* set of utf8 */
};

/* (transfer full) */
ExtractSink *sink_new (const ExtractLimits *limits, const ExtractSinkFuncs *funcs,
                       gpointer user_data, Budget *budget);

/* Cleaned, on one line, no longer than max_bytes. (transfer full) */
char *sink_clean_line (const char *text, gsize max_bytes);

/* Nothing more of the document, or of the whole file, is taken. reason: (transfer full). Always
 * FALSE. */
gboolean sink_stop (ExtractSink *sink, GError *reason, GError **error);
gboolean sink_end (ExtractSink *sink, GError *reason, GError **error);

void sink_start_clock (Clock *clock, const ExtractLimits *limits);

/* FALSE once the soft clock has run out. */
gboolean sink_check_clock (ExtractSink *sink, GError **error);

/* Something came of the file. */
gboolean sink_tell_progress (ExtractSink *sink, GError **error);

/* Whether the next member of `outer` is passed over, for it was read by another worker or killed
 * it. on_path: what killed one is in it. */
gboolean sink_passes_over (ExtractSink *outer, gboolean *on_path);

/* FALSE where a limit is reached, or was before. */
gboolean sink_check_limits (ExtractSink *sink, guint page, GError **error);
