/* frame.h: what parent and worker say to each other, over a socketpair.
 *
 *     parent                         worker (sandboxed, hostile once it has read a file)
 *       |  <------ HELLO version, extractor          or   FAIL (cannot start), then its end
 *       |  JOB + one descriptor (SCM_RIGHTS) ------>
 *       |  <------ META key, value ...
 *       |  <------ TEXT block ... / MORE bytes of the same block / GAP text between blocks
 *       |  <------ WARN message
 *       |  <------ MEMBER name: a document inside of this one begins, up to its own END or FAIL;
 *       |            then this one goes on
 *       |  <------ ALIVE, where nothing else was sent for a while
 *       |  <------ END totals   or   FAIL code, message
 *       |  JOB + descriptor ------>  (a file of the same owner)
 *
 * A frame is {u32 type, u32 length}, little-endian, and `length` bytes of payload. A stream that
 * stops before END or FAIL is a failed file, never a short document. END and FAIL are of the
 * innermost document that is open. The parent's side trusts nothing: types, lengths, order, totals,
 * UTF-8 (each text by itself: the writer splits between characters), and how much of each there may
 * be, in one document and in all of a file's together.
 */
#pragma once

#include "extract.h"

#define FRAME_VERSION 2
#define FRAME_HEADER_BYTES 8
#define FRAME_BLOCK_BYTES 8u /* of a TEXT, before its gap */
#define FRAME_PAYLOAD_MAX (1u << 20)
#define FRAME_REASON_MAX 4096u /* bytes of a WARN, a FAIL's reason, why partial, HELLO's text */
#define FRAME_META_VALUE_MAX 16384u /* bytes */
#define FRAME_METAS_MAX 64u         /* a document; a later value replaces an earlier one */
#define FRAME_WARNINGS_MAX 200u     /* a document */
#define FRAME_NAME_MAX 4096u        /* bytes of a member's name */
#define FRAME_SIDE_MAX                                                                             \
  (64u << 20) /* bytes a file of all that is no text: META, WARN, names, reasons */
#define FRAME_JOB_MAX 65536u
#define FRAME_JOB_NAME_MAX 4096u   /* bytes: a longer name is cut, it is a hint */
#define FRAME_PASSWORDS_MAX 32768u /* bytes of all passwords, each with its NUL */
#define FRAME_PATH_MAX 128u        /* how deep the member may be that a file goes on behind */
#define FRAME_TEXT_SLACK 65536u    /* bytes over max_text_bytes that the parent still takes */

typedef enum {
  FRAME_HELLO = 1, /* u32 version, then the extractor's fingerprint (text) */
  FRAME_JOB,       /* u32 ms it took before, u64 bytes of text, u64 bytes beside it, u32 blocks, u32
                      members, u32 length of a path, the path's u32 (FrameResume); then NUL-terminated
                      texts: name, declared MIME type (hints only, may be empty), passwords */
  FRAME_META,      /* key (text), NUL, value (text) */
  FRAME_TEXT,      /* u8 kind, u8 level, u16 gap bytes, u32 page; gap; text (not empty). Level is 0
                      but for headings and list items */
  FRAME_MORE,      /* text: the last block goes on */
  FRAME_GAP,    /* text of no block, where a gap is too long for the next TEXT, which must come */
  FRAME_WARN,   /* text */
  FRAME_END,    /* u64 bytes of text (gaps included), u32 blocks; then why partial (text, empty:
                   it is all) */
  FRAME_FAIL,   /* u32 ExtractCode; then the reason (text) */
  FRAME_ALIVE,  /* nothing: something was read that is not sent yet */
  FRAME_MEMBER, /* name (text, may be empty): its path in the document that is open */
} FrameType;

/* How much of a file's allowance is used, by all of its documents together. */
typedef struct {
  guint64 text_bytes; /* gaps included */
  guint64 side_bytes; /* names, metadata, warnings, reasons */
  guint32 blocks;
  guint32 members;
} FrameTotals;

/* Where a worker goes on with a file that has killed another one: behind the member at `path` (the
 * how-manieth of the file's members, the how-manieth of that one's, ... each from 0). What the path
 * leads through is read and sent again, what comes before is passed over. All 0: the whole file. */
typedef struct {
  guint32 elapsed_ms; /* that the file has taken already */
  FrameTotals used;
  guint32 n_path;
  guint32 path[FRAME_PATH_MAX];
} FrameResume;

/* What a worker is to do. */
typedef struct {
  const char *name;
  const char *declared;
  const char *const *passwords; /* (nullable) ends with NULL */
  FrameResume resume;
} FrameJob;

/* Little-endian, unaligned. */
void frame_put_u32 (guint8 *at, guint32 value);
guint32 frame_get_u32 (const guint8 *at);

/* How many blocks a file may have: what keeps a parent's memory bounded when each block is one
 * byte. The worker stops there by itself (partial). */
guint32 frame_blocks_max (const ExtractLimits *limits);

/* The longest head of `text` of at most `max` bytes that does not split a character of valid
 * UTF-8. */
gsize frame_cut (const char *text, gsize len, gsize max);

/* --- the worker's side (frame-write.c): blocking -----------------------------------------------
 *
 * Frames are gathered and sent whole: outside of these functions the socket is always between two
 * frames, so that a signal handler may write a last one with frame_fail_now. FALSE: the parent is
 * gone, there is nothing to do but exit. Errors: EXTRACT_ERROR_WORKER. */
typedef struct FrameWriter FrameWriter;

/* fd is borrowed. (transfer full) */
FrameWriter *frame_writer_new (int fd);
void frame_writer_free (FrameWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FrameWriter, frame_writer_free)

gboolean frame_write_meta (FrameWriter *writer, const char *key, const char *value, GError **error);
/* Splits what is long. text_bytes > 0. */
gboolean frame_write_block (FrameWriter *writer, const Block *block, const char *gap,
                            gsize gap_bytes, const char *text, gsize text_bytes, GError **error);
/* The last block goes on; the block must be the last frame written. */
gboolean frame_write_more (FrameWriter *writer, const char *text, gsize text_bytes, GError **error);
gboolean frame_write_warn (FrameWriter *writer, const char *message, GError **error);

/* For a reader that is at work on what gives no text: sends what was gathered, or ALIVE. */
gboolean frame_write_alive (FrameWriter *writer, GError **error);

/* A member begins. Sends what was gathered: whatever kills the worker now, the parent knows where
 * it was. */
gboolean frame_write_member (FrameWriter *writer, const char *name, GError **error);

/* These send what was gathered. */
gboolean frame_write_hello (FrameWriter *writer, const char *fingerprint, GError **error);
gboolean frame_write_end (FrameWriter *writer, guint64 text_bytes, guint32 blocks,
                          const char *partial, GError **error);
gboolean frame_write_fail (FrameWriter *writer, ExtractCode code, const char *reason,
                           GError **error);

/* Async-signal-safe: FAIL at once, past any writer, of the document that is open. */
void frame_fail_now (int fd, ExtractCode code, const char *reason);

/* A JOB frame's bytes, header included, names cut to fit, passwords left out that do not. Holds
 * passwords: to be wiped. (transfer full) */
GByteArray *frame_pack_job (const FrameJob *job);

/* Splits a JOB's payload; FALSE when it is none. job->passwords is (transfer container), all else
 * views into payload. */
gboolean frame_unpack_job (const char *payload, gsize length, FrameJob *job);

/* Header to type and length; FALSE when the length is over FRAME_PAYLOAD_MAX. */
gboolean frame_unpack_header (const guint8 *header, guint32 *type, guint32 *length);

/* --- the parent's side: bytes in, documents out ------------------------------------------------
 *
 * One per worker process. Never blocks, reads no descriptor. */
typedef struct FrameReader FrameReader;

/* limits are borrowed. (transfer full) */
FrameReader *frame_reader_new (const ExtractLimits *limits);
void frame_reader_free (FrameReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FrameReader, frame_reader_free)

/* A file was handed to the worker (perhaps before its HELLO came). used: (nullable) of the file's
 * allowance, by documents that came before. */
void frame_reader_begin (FrameReader *reader, const char *name, const FrameTotals *used);

/* Takes what came, in pieces of any size. FALSE: EXTRACT_ERROR_PROTOCOL (the worker lies: kill it)
 * or EXTRACT_ERROR_WORKER (it said FAIL before HELLO, or is of another version); the reader is of
 * no more use. */
gboolean frame_reader_feed (FrameReader *reader, const guint8 *bytes, gsize length, GError **error);

/* From HELLO; NULL before. */
const char *frame_reader_fingerprint (const FrameReader *reader);

/* The file failed for want of OCR (EXTRACT_ERROR_NEEDS_OCR): for a worker that has it. */
gboolean frame_reader_wants_ocr (const FrameReader *reader);

/* TRUE once END or FAIL came, until it is taken. */
gboolean frame_reader_done (const FrameReader *reader);

/* The document with its members, or the worker's FAIL as the error. Call when done. A document may
 * be one that failed (error_code is set) where members of it were read. (transfer full) */
Document *frame_reader_take (FrameReader *reader, GError **error);

/* After the worker died in the middle of a file: the document as far as it came. chain becomes the
 * documents that were open, the file's first, and last the one that the worker died of, marked as
 * failed; or the file's alone, where it died of none of its members (borrowed). NULL where there is
 * nothing to keep. (transfer full) */
Document *frame_reader_salvage (FrameReader *reader, const GError *failure, GPtrArray *chain);
