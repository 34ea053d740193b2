/* chunker.h: a document's blocks in, the segments that search ranks and agents read out.
 *
 * Pure: no files, no clock, no globals, no database. The same document and options give the same
 * chunks on every machine (with the same ICU).
 *
 * What holds for every input:
 *  - content = prefix + own text; own text is document->text from start to end, exactly. The
 *    prefix (title and heading path by option, a table's header repeated) is declared by its length
 *    and is empty otherwise.
 *  - spans are in order and cover the text. Each begins where the one before ended, or, with an
 *    overlap, before that; never do two chunks span the same text. White space between blocks
 *    belongs to the chunk before it. Left out is only white space that is longer than half of what
 *    a chunk may hold. A text that is all white space has no chunks, and no chunk is.
 *  - the content is at most `max` long, in the unit of the options, unless one grapheme cluster
 *    alone exceeds it; and at most CHUNKER_CONTENT_MAX bytes, always.
 *  - no cut inside a grapheme cluster, none inside a word that fits a chunk of its own. A heading
 *    ends a chunk only where nothing else would keep a word whole.
 *
 * Where chunks end: at the best place (CutKind) that leaves a chunk of a good size. Places that are
 * equally good are told apart by the text around them, not by where the chunk began, so that chunks
 * of a changed document fall into step again behind the change.
 *
 * Time is linear in the text, whatever it is; memory is a few times the longest chunk.
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

/* --- options ---------------------------------------------------------------------------------- */

typedef enum { CHUNKER_UNIT_TOKENS, CHUNKER_UNIT_CHARACTERS } ChunkerUnit;

#define CHUNKER_TARGET_DEFAULT 450
#define CHUNKER_MAX_DEFAULT 512
#define CHUNKER_MAX_MIN 16
#define CHUNKER_MAX_MAX 65536 /* characters; tokens: CHUNKER_MAX_TOKENS_MAX */
#define CHUNKER_MAX_TOKENS_MAX 16384
#define CHUNKER_UNIT_NAMES "tokens or characters"

/* Sizes are of the content, prefix and overlap included. */
typedef struct {
  ChunkerUnit unit; /* what sizes count */
  guint target;     /* the size that chunks are about, 1..max */
  guint max;        /* hard, CHUNKER_MAX_MIN..CHUNKER_MAX_MAX */
  guint min;        /* smaller neighbours are merged where they fit, 0..target; 0: a quarter
                       of target */
  guint
      overlap; /* at most so much of the chunk before is repeated, of whole sentences, 0..max / 2 */
  gboolean context_prefix;     /* title and heading path are put before the text */
  const TokenCounter *counter; /* what a token is; NULL: token_counter_estimate */
} ChunkerOptions;

#define CHUNKER_OPTIONS_INIT                                                                       \
  {                                                                                                \
    .target = CHUNKER_TARGET_DEFAULT, .max = CHUNKER_MAX_DEFAULT                                   \
  }

gboolean chunker_options_check (const ChunkerOptions *options, GError **error);

/* FALSE: `name` is none of CHUNKER_UNIT_NAMES. */
gboolean chunker_unit_from_name (const char *name, ChunkerUnit *unit);
const char *chunker_unit_name (ChunkerUnit unit);

/* Version and settings that decide where chunks end: two runs with the same string cut the same.
 * (transfer full) */
char *chunker_fingerprint (const ChunkerOptions *options);

/* --- chunks ----------------------------------------------------------------------------------- */

/* What a chunk ends at, best first. */
typedef enum {
  CUT_END,     /* the document ends */
  CUT_SECTION, /* a heading follows; the higher its level the better */
  CUT_BLOCK,   /* a paragraph, table, list or code ends */
  CUT_LINE,    /* a line of prose so long that it is a paragraph of its own; a blank line of code */
  CUT_ROW,     /* a row of a table, or a line of code */
  CUT_ITEM,    /* another item of the list follows */
  CUT_SENTENCE, /* a sentence ends */
  CUT_CLAUSE,   /* after a comma, semicolon, colon, dash, or a table's cell */
  CUT_WORD,     /* between words */
  CUT_HEADING,  /* a heading ends; only where its first word must not be cut */
  CUT_GRAPHEME, /* within a word that is longer than a chunk */
} CutKind;
#define CUT_KINDS (CUT_GRAPHEME + 1)

/* "section", "block", ... */
const char *cut_kind_name (CutKind kind);

/* Why a chunk ends where it does. */
typedef struct {
  CutKind kind;
  guint level;             /* of the heading that follows, or of the list item */
  guint size;              /* of the content, in the options' unit */
  gint cost;               /* that the cut was chosen by; the lowest wins */
  gint size_cost;          /* of that, for a chunk that is short, or long */
  gint text_cost;          /* of that, by the text around: what tells equal places apart */
  gint rest_cost;          /* of that, for what it leaves of the section */
  guint rivals[CUT_KINDS]; /* places that were weighed, by kind, the one chosen among them */
  gboolean header_dropped; /* a table's header was not repeated, to keep a row whole */
} Cut;

/* Borrowed: everything in it dies when the callback returns. */
typedef struct {
  guint position;      /* 0-based, gapless */
  const char *content; /* prefix and own text; not NUL-terminated */
  gsize content_bytes;
  gsize prefix_bytes;
  guint prefix_chars; /* of the content, before its own text */
  gsize start_byte;   /* own text in document->text */
  gsize end_byte;
  gsize start_char;    /* the same in characters (code points), 0-based */
  gsize end_char;      /* exclusive */
  guint overlap_chars; /* of its own text, what the chunk before has, too */
  guint token_count;   /* of the content, by options->counter */
  guint page_first;    /* 0 where the format has no pages */
  guint page_last;
  guint kinds;                     /* of the blocks that it is of: bit 1 << BlockKind */
  const char *language;            /* (nullable) the document's */
  const char *const *heading_path; /* (array length=n_headings) outermost first, without '#': the
                                      headings that all of the chunk but the overlap is under */
  guint n_headings;
  Cut cut;
} Chunk;

/* FALSE with error set stops the run, and chunker_run returns the same. */
typedef gboolean (*ChunkFunc) (const Chunk *chunk, gpointer user_data, GError **error);

/* Calls `func` for each chunk in order. Errors: CHUNKER_ERROR, or what `func` sets. */
gboolean chunker_run (const Document *document, const ChunkerOptions *options, ChunkFunc func,
                      gpointer user_data, GError **error);
