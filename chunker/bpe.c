#include "bpe-merge.h"

#include "pretokenizer.h"

#include <string.h>

/* --- one piece ---------------------------------------------------------------------------------
 */

static gsize
token_bytes (const Bpe *bpe, guint32 token)
{
  return BPE_TOKEN_LENGTH (bpe->tokens[token]);
}

/* Tokens so far, and a bit for each place that was given up; both grow for long pieces only. */
typedef struct {
  guint32 *tokens;
  gsize n_tokens;
  gsize capacity;
  guint64 *given_up;
  guint32 small_tokens[SMALL_PIECE];
  guint64 small_given_up[SMALL_PIECE / 64 + 1];
} Stack;

static void
stack_init (Stack *stack, gsize bytes)
{
  gsize words = bytes / 64 + 1;

  stack->n_tokens = 0;
  stack->tokens = stack->small_tokens;
  stack->capacity = SMALL_PIECE;
  if (bytes <= SMALL_PIECE) {
    stack->given_up = stack->small_given_up;
    memset (stack->given_up, 0, words * sizeof (guint64));
  } else
    stack->given_up = g_new0 (guint64, words);
}

static void
stack_clear (Stack *stack)
{
  if (stack->tokens != stack->small_tokens)
    g_free (stack->tokens);
  if (stack->given_up != stack->small_given_up)
    g_free (stack->given_up);
}

static inline void
stack_push (Stack *stack, guint32 token)
{
  if (G_UNLIKELY (stack->n_tokens == stack->capacity)) {
    gboolean is_small = stack->tokens == stack->small_tokens;
    stack->capacity *= 2;
    stack->tokens = g_renew (guint32, is_small ? NULL : stack->tokens, stack->capacity);
    if (is_small)
      memcpy (stack->tokens, stack->small_tokens, sizeof stack->small_tokens);
  }
  stack->tokens[stack->n_tokens++] = token;
}

/* The longest token from `token` on down, beginning at `at`, that can follow `last`. */
static guint32
token_that_follows (Bpe *bpe, const Stack *stack, guint32 last, guint32 token, gsize at)
{
  for (;;) {
    gsize end = at + token_bytes (bpe, token);
    if (!(stack->given_up[end / 64] >> end % 64 & 1) &&
        (last == NO_TOKEN || bpe_stay_apart (bpe, last, token)))
      return token;

    guint32 shorter = BPE_TOKEN_PREFIX (bpe->tokens[token]);
    if (shorter == token)
      return NO_TOKEN;
    token = shorter;
  }
}

static void
merge_piece (Bpe *bpe, const guint8 *text, gsize bytes, Stack *stack)
{
  gsize at = 0;
  guint32 wanted = bpe_longest_token (bpe, text, bytes);

  while (at < bytes) {
    guint32 last = stack->n_tokens > 0 ? stack->tokens[stack->n_tokens - 1] : NO_TOKEN;
    guint32 token = token_that_follows (bpe, stack, last, wanted, at);

    if (token != NO_TOKEN) {
      stack_push (stack, token);
      at += token_bytes (bpe, token);
      wanted = bpe_longest_token (bpe, text + at, bytes - at);
    } else {
      g_assert (last != NO_TOKEN); /* single bytes are tokens: some way leads through */
      stack->given_up[at / 64] |= G_GUINT64_CONSTANT (1) << at % 64;
      stack->n_tokens--;
      at -= token_bytes (bpe, last);
      wanted = last;
    }
  }
}

/* --- pieces of a text --------------------------------------------------------------------------
 */

static gboolean
has_word (const Bpe *bpe, guint64 word)
{
  guint32 slot = bpe_slot (word, bpe->n_words);

  while (bpe->words[slot] != word) {
    if (bpe->words[slot] == 0)
      return FALSE;
    slot = slot + 1 < bpe->n_words ? slot + 1 : 0;
  }
  return TRUE;
}

static gboolean
has_long_word (const Bpe *bpe, guint64 low, guint64 high)
{
  guint32 slot = bpe_slot (low ^ high, bpe->n_long_words);

  for (;;) {
    const guint64 *found = bpe->long_words + 2 * (gsize)slot;
    if (found[0] == low && found[1] == high)
      return TRUE;
    if (found[1] == 0)
      return FALSE;
    slot = slot + 1 < bpe->n_long_words ? slot + 1 : 0;
  }
}

static inline guint64
load (const guint8 *text)
{
  guint64 word;

  memcpy (&word, text, sizeof word);
  return word;
}

/* The piece as a number, its length on top. bytes: at most BPE_LONG_WORD_MAX. */
static inline Word
load_word (const Text *text, gsize at, gsize bytes)
{
  guint64 low, high = 0;

  if (G_LIKELY (text->end - at >= 2 * sizeof low)) {
    low = load (text->text + at);
    high = load (text->text + at + sizeof low);
  } else {
    guint8 padded[2 * sizeof low] = {0};

    memcpy (padded, text->text + at, bytes);
    low = load (padded);
    high = load (padded + sizeof low);
  }
  if (bytes < sizeof low) {
    low &= (G_GUINT64_CONSTANT (1) << 8 * bytes) - 1;
    high = 0;
  } else {
    high &= (G_GUINT64_CONSTANT (1) << 8 * (bytes - sizeof low)) - 1;
  }
  return (Word){GUINT64_FROM_LE (low), GUINT64_FROM_LE (high) | (guint64)bytes << 56};
}

static gboolean
is_token (const Bpe *bpe, const Word *word)
{
  gsize bytes = word->high >> 56;

  return bytes <= BPE_WORD_MAX ? has_word (bpe, BPE_WORD (word->low, bytes))
                               : has_long_word (bpe, word->low, word->high);
}

static gsize
merge_and_count (Bpe *bpe, const Text *text, gsize at, gsize bytes)
{
  Stack stack;

  stack_init (&stack, bytes);
  merge_piece (bpe, text->text + at, bytes, &stack);
  stack_clear (&stack);
  return stack.n_tokens;
}

static gsize
count_long_piece (Bpe *bpe, const Text *text, gsize at, gsize bytes)
{
  if (bytes <= BPE_TOKEN_BYTES_MAX) {
    guint32 token = bpe_longest_token (bpe, text->text + at, bytes);

    if (token != NO_TOKEN && token_bytes (bpe, token) == bytes)
      return 1;
  }
  return merge_and_count (bpe, text, at, bytes);
}

static inline gsize
count_piece (Bpe *bpe, const Text *text, gsize at, gsize bytes)
{
  if (bytes > BPE_LONG_WORD_MAX)
    return count_long_piece (bpe, text, at, bytes);

  Word word = load_word (text, at, bytes);
  Word *cached = &bpe->pieces[bpe_slot (word.low ^ word.high, CACHED_PIECES)];

  if (G_UNLIKELY (cached->low != word.low || (cached->high & WORD_KEY_MASK) != word.high)) {
    gsize tokens = is_token (bpe, &word) ? 1 : merge_and_count (bpe, text, at, bytes);

    *cached = (Word){word.low, word.high | (guint64)tokens << WORD_TOKENS_SHIFT};
  }
  return cached->high >> WORD_TOKENS_SHIFT;
}

gsize
bpe_count_piece (Bpe *bpe, const Text *text, gsize at, gsize bytes)
{
  return count_piece (bpe, text, at, bytes);
}

gsize
bpe_count (Bpe *bpe, const char *text, gsize bytes)
{
  Text t = {(const guint8 *)text, bytes};
  gsize tokens = 0;

  for (gsize at = 0, end; at < bytes; at = end) {
    end = pretokenizer_next (bpe->classes, bpe->pattern, t.text, at, bytes);
    tokens += count_piece (bpe, &t, at, end - at);
  }
  return tokens;
}

gsize
bpe_count_grown (Bpe *bpe, TokenGrowth *grown, const char *text, gsize bytes)
{
  Text t = {(const guint8 *)text, bytes};
  TokenGrowth before[4] = {*grown, *grown, *grown, *grown}; /* where the last pieces begin */
  gsize tokens = grown->tokens, n = 0;

  for (gsize at = grown->bytes, end; at < bytes; at = end) {
    end = pretokenizer_next (bpe->classes, bpe->pattern, t.text, at, bytes);
    before[n++ % 4] = (TokenGrowth){at, tokens};
    tokens += count_piece (bpe, &t, at, end - at);
  }
  *grown = before[(n + 1) % 4]; /* of the last three, the first */
  return tokens;
}

gsize
bpe_pieces (Bpe *bpe, TokenPiece last, const char *text, gsize bytes, TokenPiece *pieces)
{
  Text t = {(const guint8 *)text, bytes};
  gsize tokens = last.tokens, n = 0;

  for (gsize at = last.end, end; at < bytes; at = end) {
    end = pretokenizer_next (bpe->classes, bpe->pattern, t.text, at, bytes);
    tokens += count_piece (bpe, &t, at, end - at);
    pieces[n++] = (TokenPiece){(guint32)end, (guint32)tokens};
  }
  return n;
}

void
bpe_encode (Bpe *bpe, const char *text, gsize bytes, GArray *ids)
{
  const guint8 *t = (const guint8 *)text;

  for (gsize at = 0; at < bytes;) {
    gsize end = pretokenizer_next (bpe->classes, bpe->pattern, t, at, bytes);
    Stack stack;

    stack_init (&stack, end - at);
    merge_piece (bpe, t + at, end - at, &stack);
    g_array_append_vals (ids, stack.tokens, (guint)stack.n_tokens);
    stack_clear (&stack);
    at = end;
  }
}
