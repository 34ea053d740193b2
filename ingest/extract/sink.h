/* sink.h: where a reader's blocks go. extract.h is what readers see of it; this is for those who
 * make one: the worker (to frames) and tests (to a Document). */
#pragma once

#include "extract.h"

/* What a sink hands on: text already cleaned and rendered. FALSE: nothing more is wanted. */
typedef struct {
  gboolean (*block) (gpointer user_data, BlockKind kind, guint level, guint page, const char *gap,
                     gsize gap_bytes, const char *text, gsize text_bytes, GError **error);
  gboolean (*meta) (gpointer user_data, const char *key, const char *value, GError **error);
  gboolean (*warn) (gpointer user_data, const char *message, GError **error);
  /* A member begins; what follows up to its end is its own. child: user_data of its calls. */
  gboolean (*member) (gpointer user_data, const char *name, gpointer *child, GError **error);
  /* It ends: whole, partial (failure is EXTRACT_ERROR_LIMIT) or failed. */
  gboolean (*member_end) (gpointer child, const ExtractSink *sink, const GError *failure,
                          GError **error);
  /* The last block goes on. */
  gboolean (*more) (gpointer user_data, const char *text, gsize text_bytes, GError **error);
  /* (nullable) Called now and then, when something was read, for what is gathered to be sent. */
  gboolean (*alive) (gpointer user_data, GError **error);
} ExtractSinkFuncs;

/* What a file has taken already, where another worker goes on with it. */
typedef struct {
  guint elapsed_ms;
  guint64 text_bytes;
  guint64 side_bytes;
  guint members;
} ExtractUsed;

/* The clock starts now. limits and funcs are borrowed. (transfer full) */
ExtractSink *extract_sink_new (const ExtractLimits *limits, const ExtractSinkFuncs *funcs,
                               gpointer user_data);
void extract_sink_free (ExtractSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExtractSink, extract_sink_free)

/* To be called first: members up to the one at `path` (borrowed; frame.h) are passed over. */
void extract_sink_resume (ExtractSink *sink, const ExtractUsed *used, const guint32 *path,
                          guint n_path);

/* The sink of a member: its own metadata and head, the limits and the clock of the whole file. NULL
 * without an error: the member is to be passed over.
 * outer must outlive it. (transfer full) */
ExtractSink *extract_sink_new_member (ExtractSink *outer, const char *name, GError **error);

/* Ends what extract_sink_new_member began and frees it. failure: (nullable) how it ended. FALSE:
 * nothing more is wanted of the whole file. */
gboolean extract_sink_end_member (ExtractSink *member, const GError *failure, GError **error);

/* A sink that builds `document` (borrowed), for tests and fuzzing. (transfer full) */
ExtractSink *extract_sink_new_for_document (const ExtractLimits *limits, Document *document);

/* The size of the file itself, which what it inflates to is compared with. */
void extract_sink_set_file_bytes (ExtractSink *sink, guint64 bytes);

/* Delivers the metadata gathered. Call once, after the reader returned, also when partial. */
gboolean extract_sink_finish (ExtractSink *sink, GError **error);

/* A gap is never longer than this: it travels in a u16. */
#define EXTRACT_GAP_MAX 65535

/* Text delivered so far, gaps included; and blocks. */
guint64 extract_sink_text_bytes (const ExtractSink *sink);
guint32 extract_sink_blocks (const ExtractSink *sink);

/* The head of the text, for language detection: at most 64 KiB, valid UTF-8. */
const char *extract_sink_head (const ExtractSink *sink, gsize *bytes);

/* A value gathered so far, cleaned; (nullable), dies with the next extract_meta. */
const char *extract_sink_meta (const ExtractSink *sink, const char *key);
