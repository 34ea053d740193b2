/* chunker.h: a document's blocks in, the segments that search ranks and agents read out.
 *
 * Pure: no files, no clock, no globals, no database. The same document and options give the same
 * chunks on every machine (with the same ICU).
 *
 * What holds for every input:
 *  - content = prefix + own text; own text is document->text from start to end, exactly. The
 *    prefix (a table's header repeated) is declared by its length and is empty otherwise.
 *  - spans tile the text: the first begins at 0, each begins where the one before ended, the last
 *    ends at the text's end. White space between blocks belongs to the chunk before it.
 *    An empty (or all white space) text has no chunks.
 *  - token_count of the content is at most max_tokens, unless one grapheme cluster alone exceeds
 *    it; the content is at most CHUNKER_CONTENT_MAX bytes, always.
 *  - no cut inside a grapheme cluster, none inside a word that fits a chunk of its own.
 */
#pragma once

#include "document.h"
#include "token-counter.h"

#define CHUNKER_ERROR (chunker_error_quark ())
GQuark chunker_error_quark (void);

typedef enum {
  CHUNKER_ERROR_OPTIONS, /* options that contradict each other or are out of range */
  CHUNKER_ERROR_TEXT,    /* text that is not valid UTF-8, blocks out of order or out of the text */
} ChunkerError;

/* The database refuses longer content; db/columns.c holds it against the check that says so. */
#define CHUNKER_CONTENT_MAX 65536

#define CHUNKER_TARGET_DEFAULT 450
#define CHUNKER_MAX_DEFAULT 512
#define CHUNKER_MAX_MIN 16
#define CHUNKER_MAX_MAX 16384

typedef struct {
  guint target_tokens;         /* chunks grow up to here, 1..max_tokens */
  guint max_tokens;            /* hard, CHUNKER_MAX_MIN..CHUNKER_MAX_MAX */
  const TokenCounter *counter; /* what a token is; NULL: token_counter_estimate */
} ChunkerOptions;

#define CHUNKER_OPTIONS_INIT                                                                       \
  {                                                                                                \
    .target_tokens = CHUNKER_TARGET_DEFAULT, .max_tokens = CHUNKER_MAX_DEFAULT                     \
  }

/* Borrowed: everything in it dies when the callback returns. */
typedef struct {
  guint position;      /* 0-based, gapless */
  const char *content; /* prefix and own text; not NUL-terminated */
  gsize content_bytes;
  gsize prefix_bytes;
  guint prefix_chars; /* of the content, before its own text */
  gsize start_byte;   /* own text in document->text */
  gsize end_byte;
  gsize start_char;  /* the same in characters (code points), 0-based */
  gsize end_char;    /* exclusive */
  guint token_count; /* of the content */
  guint page_first;  /* 0 where the format has no pages */
  guint page_last;
  const char *const *heading_path; /* (array length=n_headings) outermost first, without '#': the
                                      headings that all of the chunk is under */
  guint n_headings;
} Chunk;

/* FALSE with error set stops the run, and chunker_run returns the same. */
typedef gboolean (*ChunkFunc) (const Chunk *chunk, gpointer user_data, GError **error);

/* Calls `func` for each chunk in order. Errors: CHUNKER_ERROR, or what `func` sets. */
gboolean chunker_run (const Document *document, const ChunkerOptions *options, ChunkFunc func,
                      gpointer user_data, GError **error);

/* Version and settings that decide where chunks end: two runs with the same string cut the same.
 * (transfer full) */
char *chunker_fingerprint (const ChunkerOptions *options);
