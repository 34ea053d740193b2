/* token-counter.h: how long a text is for a model.
 *
 * One small interface, so that the chunker does not know which tokenizer counts. A counter is
 * asked for prefixes of one text that grow, never to add up pieces: tokens of a whole are not the
 * sum of tokens of its parts.
 */
#pragma once

#include <glib.h>

typedef struct {
  const char *name; /* as in chunker_fingerprint: "estimate" */

  /* Tokens of text[0..bytes), valid UTF-8. */
  gsize (*count) (gconstpointer data, const char *text, gsize bytes);

  /* The longest prefix of text, in bytes, ending at a character boundary, of at most max_tokens. */
  gsize (*prefix) (gconstpointer data, const char *text, gsize bytes, gsize max_tokens);

  gconstpointer data; /* passed to both; read-only tables live here */
} TokenCounter;

/* 4 characters (code points) a token, rounded up. */
extern const TokenCounter token_counter_estimate;
