/* extract.h: what a format's reader gets and where its blocks go.
 *
 * One file a format (format-pdf.c, ...), each with one entry function of type ExtractFormatFunc,
 * listed in formats.c. A reader takes bytes and calls the sink; it knows neither frames nor
 * processes, so that it can be fuzzed and tested as a function.
 */
#pragma once

#include "chunker/document.h"

#define EXTRACT_ERROR (extract_error_quark ())
GQuark extract_error_quark (void);

/* How a file can end other than with a document. The names (extract_code_name) stand in NDJSON and
 * reports: users grep for them. */
typedef enum {
  EXTRACT_ERROR_ENCRYPTED = 1, /* "encrypted": needs a password */
  EXTRACT_ERROR_CORRUPT,       /* "corrupt": damaged beyond reading */
  EXTRACT_ERROR_UNSUPPORTED,   /* "unsupported": no reader for this type */
  EXTRACT_ERROR_BOMB,          /* "bomb": inflates or nests beyond the limits */
  EXTRACT_ERROR_TOO_LARGE,     /* "too_large": over max_file_bytes */
  EXTRACT_ERROR_TIMEOUT,       /* "timeout" */
  EXTRACT_ERROR_MEMORY,        /* "out_of_memory" */
  EXTRACT_ERROR_CRASH,         /* "crash": the worker died; the reason names the signal */
  EXTRACT_ERROR_PROTOCOL,      /* "protocol": the worker sent what no honest worker sends */
  EXTRACT_ERROR_READ,      /* "read": the file could not be read (I/O error, changed meanwhile) */
  EXTRACT_ERROR_LIMIT,     /* internal: a soft limit of the sink; ends as a partial document */
  EXTRACT_ERROR_WORKER,    /* "worker": no worker could be started; nothing to do with the file */
  EXTRACT_ERROR_NEEDS_OCR, /* internal: the client hands the file to a worker with OCR */
} ExtractCode;

const char *extract_code_name (ExtractCode code);

/* When text is looked for in pictures. */
typedef enum {
  EXTRACT_OCR_OFF,
  EXTRACT_OCR_AUTO,  /* where there is no other text */
  EXTRACT_OCR_FORCE, /* in small ones, too */
} ExtractOcr;

/* Set by the Makefile where the library is there. */
#ifdef INGEST_OCR
#define EXTRACT_HAS_OCR 1
#else
#define EXTRACT_HAS_OCR 0
#endif

/* Limits of one file. Soft ones end in a partial document, hard ones in a failure. */
typedef struct {
  guint64 max_file_bytes;     /* larger files are refused unread */
  guint64 max_text_bytes;     /* soft: extracted text, Markdown included */
  guint64 max_inflated_bytes; /* hard: what a compressed file may become */
  guint max_inflate_ratio;    /* hard: inflated to compressed bytes, once past 1 MiB */
  guint max_pages;            /* soft */
  guint max_members;          /* soft: documents inside of one file, at any depth */
  guint max_xml_depth;        /* soft, of a part of an office file: elements in elements; at most
                                 EXTRACT_XML_DEPTH_MAX */
  guint max_depth;            /* hard, of a member: how many files it may be in */
  guint timeout_ms;    /* hard, kept by the parent's clock; soft at 3/4 of it, in the worker */
  guint stall_ms;      /* the same for the time in which nothing comes of the file */
  guint cpu_ms;        /* the same for processor time, kept by the kernel */
  guint memory_mb;     /* hard: the worker's address space */
  guint ocr;           /* ExtractOcr */
  guint max_ocr_pages; /* pages and pictures beyond it are not read by OCR */
  guint ocr_engine;    /* 1: the worker has it loaded; the client's to decide */
  guint helpers;       /* processes that read along a long file; memory and time are of each */
} ExtractLimits;

/* What the readers of XML can do. */
#define EXTRACT_XML_DEPTH_MAX 250

#define EXTRACT_LIMITS_INIT                                                                        \
  {                                                                                                \
    .max_file_bytes = 512u << 20, .max_text_bytes = 64u << 20, .max_inflated_bytes = 1024u << 20,  \
    .max_inflate_ratio = 200, .max_pages = 20000, .max_members = 10000, .max_depth = 10,           \
    .max_xml_depth = EXTRACT_XML_DEPTH_MAX, .timeout_ms = 120000, .stall_ms = 60000,               \
    .cpu_ms = 120000, .memory_mb = 1024,                                                           \
    .ocr = EXTRACT_HAS_OCR ? EXTRACT_OCR_AUTO : EXTRACT_OCR_OFF, .max_ocr_pages = 50               \
  }

/* A limit as an option of the command line: --max-pages=N. */
typedef struct {
  const char *option; /* "max-pages" */
  const char *help;   /* for --help */
  gsize offset;       /* in ExtractLimits */
  gboolean is_wide;   /* guint64, otherwise guint */
  guint64 min, max;
} ExtractLimitOption;

/* All limits, ending with option NULL. */
extern const ExtractLimitOption extract_limit_options[];

guint64 extract_limit_get (const ExtractLimits *limits, const ExtractLimitOption *option);

/* FALSE, changing nothing: out of range. */
gboolean extract_limit_set (ExtractLimits *limits, const ExtractLimitOption *option, gint64 value);

/* Adds all of them to a command line (element-type utf8, owned). */
void extract_limits_to_arguments (const ExtractLimits *limits, GPtrArray *argv);

/* helpers.h */
typedef struct ExtractHelpers ExtractHelpers;

/* A file's bytes as a reader gets them: mapped or inflated, whole. */
typedef struct {
  const char *name;     /* hint: file name, valid UTF-8, "" when unknown */
  const char *declared; /* hint: MIME type, "" when unknown */
  GBytes *bytes;
  const ExtractLimits *limits;
  const char *const *passwords; /* (nullable) to try in turn, ends with NULL */
  guint depth;                  /* how many files this one is in */
  ExtractHelpers *helpers;      /* (nullable) they have the file of depth 0 */
} ExtractInput;

typedef struct ExtractSink ExtractSink;

/* FALSE when nothing more is wanted: error is EXTRACT_ERROR_LIMIT when a soft limit was reached
 * (return at once, passing it up: what was delivered becomes a partial document). */
typedef gboolean (*ExtractFormatFunc) (const ExtractInput *input, ExtractSink *sink,
                                       GError **error);

/* Metadata: "title", "author", "language" (declared, BCP 47), "created" and "modified" (ISO 8601,
 * by the file's own words), "format", "mime_type", "pages". A later value replaces an earlier one;
 * empty values are ignored. The text is cleaned. */
void extract_meta (ExtractSink *sink, const char *key, const char *value);
void extract_meta_uint (ExtractSink *sink, const char *key, guint value);

/* For people: what could not be read though the file is fine. Once a message a file. */
void extract_warn (ExtractSink *sink, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* One block. `text` is plain text (no '#', no bullet, no fence): the sink writes the Markdown
 * around it and the gap before it, drops NUL and control characters, repairs invalid UTF-8
 * (U+FFFD), folds CR LF. Blank blocks are dropped. Text is normalised no further.
 *
 * heading: level 1-6, line breaks become spaces. paragraph: line breaks stay. list item: level is
 * the depth from 1; marker NULL is "-", otherwise "1.", "a)", ... as the file has it. */
gboolean extract_heading (ExtractSink *sink, guint level, guint page, const char *text, gssize len,
                          GError **error);
gboolean extract_paragraph (ExtractSink *sink, guint page, const char *text, gssize len,
                            GError **error);
gboolean extract_list_item (ExtractSink *sink, guint level, guint page, const char *marker,
                            const char *text, gssize len, GError **error);

/* Verbatim, fenced; info is the language or NULL. A fence longer than any in the text is taken. */
gboolean extract_code (ExtractSink *sink, guint page, const char *info, const char *text,
                       gssize len, GError **error);

/* Rows of cells (element-type GPtrArray of utf8). A '|' in a cell is written "\|", line breaks
 * become spaces, short rows are filled. A table without any text is dropped. */
gboolean extract_table (ExtractSink *sink, guint page, GPtrArray *rows, gboolean has_header,
                        GError **error);

/* For text that is its own Markdown or plain source: the block and the gap before it, verbatim but
 * for the cleaning (line ends become \n here too: never end a call between CR and LF). A text too
 * long for memory comes as many blocks with empty gaps between them. */
gboolean extract_verbatim (ExtractSink *sink, BlockKind kind, guint level, guint page,
                           const char *gap, gsize gap_bytes, const char *text, gsize text_bytes,
                           GError **error);

/* Lengthens the block delivered last, verbatim but for the cleaning: for one too long to be held
 * whole. There must be one, and nothing between it and its continuation. */
gboolean extract_more (ExtractSink *sink, const char *text, gsize bytes, GError **error);

/* A document of its own inside of this one: a member of an archive, an attachment. It is read at
 * once, by the reader its content asks for, and ends in its own way: FALSE, error set, only when
 * nothing more is wanted of the whole file. Text, time and members count for the whole file. Not
 * between the parts of one block.
 *
 * name: its path in this one ("dir/b.pdf"), any bytes; "" when it has none. declared: MIME type, ""
 * when unknown. */
gboolean extract_member (const ExtractInput *outer, const char *name, const char *declared,
                         GBytes *bytes, ExtractSink *sink, GError **error);

/* The same for a member that could not be got at (a password, damage): it is listed, with the
 * reason. */
gboolean extract_member_failed (const ExtractInput *outer, const char *name, const GError *failure,
                                ExtractSink *sink, GError **error);

/* Reads `bytes` in the file's place: what a compressed file holds. name: of the inner file. */
gboolean extract_inner (const ExtractInput *outer, const char *name, GBytes *bytes,
                        ExtractSink *sink, GError **error);

/* Counts bytes that a reader has unpacked, in the whole file, whatever is in what. Call it while
 * unpacking, at least once a MiB. FALSE, with EXTRACT_ERROR_BOMB: more than any honest file holds;
 * return at once, passing it up. */
gboolean extract_inflated (ExtractSink *sink, guint64 bytes, GError **error);

/* Something of the file was read that may give no text: a page, a picture, a part. Without it, or
 * blocks, the file counts as stalled after stall_ms. FALSE as for a block. */
gboolean extract_progress (ExtractSink *sink, GError **error);

/* TRUE once the file's soft clock has run out, or nothing came of it for long; long loops ask and
 * then return extract_limit_error(). Pages and blocks are checked by the sink itself. */
gboolean extract_time_is_up (ExtractSink *sink);

/* Sets EXTRACT_ERROR_LIMIT with the reason, for people ("only the first 20000 pages"). Always
 * FALSE. */
gboolean extract_limit_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
