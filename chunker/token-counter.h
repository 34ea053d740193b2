/* token-counter.h: how long a text is for a model.
 *
 * One small interface, so that the chunker does not know which tokenizer counts. A counter is
 * asked for prefixes of one text that grow, never to add up pieces: tokens of a whole are not the
 * sum of tokens of its parts.
 *
 *     estimate      4 characters (code points) a token, rounded up
 *     cl100k_base   exactly as tiktoken counts, special tokens taken as ordinary text
 *     o200k_base    the same
 */
#pragma once

#include <glib.h>

/* What a counter knows of a text that grows. Begins as {0}. */
typedef struct {
  gsize bytes;  /* counted for good, whatever follows */
  gsize tokens; /* of them; in what the counter adds up */
} TokenGrowth;

/* A part of a text that is counted by itself. The parts from its end on depend on the text behind
 * it alone: where two texts that go on alike have come to the same place, one may go on with the
 * parts of the other. */
typedef struct {
  guint32 end;
  guint32 tokens; /* of all up to there; in what the counter adds up */
} TokenPiece;

/* So many of the last pieces may be others when more of the text is seen; where it ends earlier,
 * fewer than twice as many before that end. */
#define TOKEN_PIECES_OPEN 2

typedef struct {
  const char *name; /* as in chunker_fingerprint: "estimate" */

  /* Tokens of text[0..bytes), valid UTF-8. */
  gsize (*count) (gpointer data, const char *text, gsize bytes);

  /* The longest prefix of text, in bytes, ending at a character boundary, of at most max_tokens.
   * Little more of the text is looked at. */
  gsize (*prefix) (gpointer data, const char *text, gsize bytes, gsize max_tokens);

  /* As count; the text begins with what the same `growth` was given before, and costs only what is
   * new. (One word without end is counted from its beginning.) */
  gsize (*count_grown) (gpointer data, TokenGrowth *growth, const char *text, gsize bytes);

  /* Writes the pieces of the text behind `last`, which is one of them or {0}: at most one a byte.
   * (returns) how many. */
  gsize (*pieces) (gpointer data, TokenPiece last, const char *text, gsize bytes,
                   TokenPiece *pieces);

  guint units;      /* that make a token, of what adds up */
  gboolean adds_up; /* the text is the sum of its parts, wherever it is cut */

  gpointer data; /* passed to all */
  void (*free) (gpointer data);
} TokenCounter;

extern const TokenCounter token_counter_estimate;

#define TOKEN_COUNTER_NAMES "estimate, cl100k_base or o200k_base"
#define TOKEN_COUNTER_DEFAULT "cl100k_base"

/* TokenCounter.pieces of what counts characters. */
gsize token_counter_blocks (gpointer data, TokenPiece last, const char *text, gsize bytes,
                            TokenPiece *pieces);

/* Sets the counter of that name, for one thread, over a rank table (bpe-table.h) that must outlive
 * it; to be cleared with token_counter_clear. FALSE with
 * error set (CHUNKER_ERROR_OPTIONS): there is no such name, or the table does not have it. */
gboolean token_counter_open (TokenCounter *counter, const char *name, gconstpointer table,
                             gsize table_bytes, GError **error);

/* TOKEN_COUNTER_DEFAULT, or estimate when the table does not have it: its name says which. */
void token_counter_open_default (TokenCounter *counter, gconstpointer table, gsize table_bytes);

void token_counter_clear (TokenCounter *counter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TokenCounter, token_counter_clear)
