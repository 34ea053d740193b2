#include "bpe.h"

#include "pretokenizer.h"

#include <string.h>

#define NO_TOKEN G_MAXUINT32

/* Answers given lately: words come again. Powers of two. */
#define CACHED_PIECES 8192
#define CACHED_BORDERS 32768

/* A piece of at most BPE_LONG_WORD_MAX bytes as two numbers; on top of the second the length in
 * bytes in the lower half of a byte, the tokens it makes in the upper half. */
typedef struct {
  guint64 low;
  guint64 high;
} Word;

#define WORD_TOKENS_SHIFT 60
#define WORD_KEY_MASK ((G_GUINT64_CONSTANT (1) << WORD_TOKENS_SHIFT) - 1)

struct Bpe {
  /* the parts of the encoding */
  const guint64 *nodes;
  const guint64 *pairs;
  const guint8 *filter;
  const guint64 *words;
  const guint64 *long_words;
  const guint64 *tokens;
  const BpeClasses *classes;
  BpePattern pattern;
  guint32 n_pairs;
  guint32 n_filter_bits;
  guint32 n_words;
  guint32 n_long_words;

  Word pieces[CACHED_PIECES];
  guint64 borders[CACHED_BORDERS]; /* BPE_PAIR_KEY + 1, and whether they stay apart as lowest bit */
};

Bpe *
bpe_new (const BpeEncoding *encoding)
{
  const guint8 *table = (const guint8 *)encoding - encoding->self;
  Bpe *bpe = g_new0 (Bpe, 1);

  bpe->nodes = (const guint64 *)(gconstpointer)(table + encoding->nodes);
  bpe->pairs = (const guint64 *)(gconstpointer)(table + encoding->pairs);
  bpe->filter = table + encoding->filter;
  bpe->words = (const guint64 *)(gconstpointer)(table + encoding->words);
  bpe->long_words = (const guint64 *)(gconstpointer)(table + encoding->long_words);
  bpe->tokens = (const guint64 *)(gconstpointer)(table + encoding->tokens);
  bpe->classes = (const BpeClasses *)(gconstpointer)(table + encoding->classes);
  bpe->pattern = (BpePattern)encoding->pattern;
  bpe->n_pairs = encoding->n_pairs;
  bpe->n_filter_bits = encoding->n_filter_bits;
  bpe->n_words = encoding->n_words;
  bpe->n_long_words = encoding->n_long_words;
  return bpe;
}

void
bpe_free (Bpe *bpe)
{
  g_free (bpe);
}

/* --- the table ---------------------------------------------------------------------------------
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

/* The token that the two are merged to, or NO_TOKEN. */
static inline guint32
merged (const Bpe *bpe, guint32 left, guint32 right)
{
  guint64 key = BPE_PAIR_KEY (left, right);
  guint32 bit = bpe_slot (key, bpe->n_filter_bits);

  if (!(bpe->filter[bit / 8] >> bit % 8 & 1))
    return NO_TOKEN;

  guint32 slot = bpe_slot (key, bpe->n_pairs);

  for (;;) {
    guint64 pair = bpe->pairs[slot];
    if (pair >> BPE_RANK_BITS == key)
      return (guint32)pair & BPE_RANK_MASK;
    if (pair == BPE_PAIR_NONE)
      return NO_TOKEN;
    slot = slot + 1 < bpe->n_pairs ? slot + 1 : 0;
  }
}

static guint32
longest_token (const Bpe *bpe, const guint8 *text, gsize bytes)
{
  guint64 node = bpe->nodes[0];
  guint32 token = NO_TOKEN;

  for (gsize i = 0; i < bytes; i++) {
    guint32 base = BPE_NODE_BASE (node);
    if (base == 0)
      break;
    node = bpe->nodes[base + text[i]];
    if (BPE_NODE_LABEL (node) != (text[i] | BPE_USED))
      break;
    if (BPE_NODE_TOKEN1 (node) != 0)
      token = BPE_NODE_TOKEN1 (node) - 1;
  }
  return token;
}

static gsize
token_bytes (const Bpe *bpe, guint32 token)
{
  return BPE_TOKEN_LENGTH (bpe->tokens[token]);
}

/* Whether merging would leave the two apart, side by side: the merges that made them are undone,
 * the last one first, and at no time may one across the border come before the one that was done.
 */
static gboolean
find_whether_apart (const Bpe *bpe, guint32 left, guint32 right)
{
  guint32 limit = NO_TOKEN;

  for (;;) {
    guint32 both = merged (bpe, left, right);
    if (both != NO_TOKEN && both < limit)
      return FALSE;

    guint32 left_part = BPE_TOKEN_RIGHT (bpe->tokens[left]);
    guint32 right_part = BPE_TOKEN_LEFT (bpe->tokens[right]);
    gboolean is_left = left > right ? left_part != left : right_part == right;
    if (is_left) {
      if (left_part == left)
        return TRUE;
      limit = left;
      left = left_part;
    } else {
      if (right_part == right)
        return TRUE;
      limit = right + 1;
      right = right_part;
    }
  }
}

static inline gboolean
stay_apart (Bpe *bpe, guint32 left, guint32 right)
{
  guint64 key = BPE_PAIR_KEY (left, right) + 1;
  guint64 *cached = &bpe->borders[bpe_slot (key, CACHED_BORDERS)];

  if (*cached >> 1 != key)
    *cached = key << 1 | (find_whether_apart (bpe, left, right) ? 1 : 0);
  return *cached & 1;
}

/* --- one piece ---------------------------------------------------------------------------------
 */

#define SMALL_PIECE 256

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
        (last == NO_TOKEN || stay_apart (bpe, last, token)))
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
  guint32 wanted = longest_token (bpe, text, bytes);

  while (at < bytes) {
    guint32 last = stack->n_tokens > 0 ? stack->tokens[stack->n_tokens - 1] : NO_TOKEN;
    guint32 token = token_that_follows (bpe, stack, last, wanted, at);

    if (token != NO_TOKEN) {
      stack_push (stack, token);
      at += token_bytes (bpe, token);
      wanted = longest_token (bpe, text + at, bytes - at);
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

typedef struct {
  const guint8 *text;
  gsize end;
} Text;

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
    guint32 token = longest_token (bpe, text->text + at, bytes);

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

/* --- prefixes ----------------------------------------------------------------------------------
 */

#define RING (2 * BPE_TOKEN_BYTES_MAX)

/* For each end of text[start..), in turn, its last token and how many there are: the last token is
 * the one that stays apart from the last token of what is before it. */
typedef struct {
  gsize start;
  gsize at;           /* all before is known, and what begins there was looked at */
  guint32 last[RING]; /* by end; NO_TOKEN: not known yet */
  gsize tokens[RING];
} Ends;

static void
ends_init (Ends *ends, gsize start, gsize tokens)
{
  ends->start = ends->at = start;
  for (gsize i = 0; i < RING; i++)
    ends->last[i] = NO_TOKEN;
  ends->tokens[start % RING] = tokens;
}

/* Tokens that begin at ends->at. */
static void
ends_step (Bpe *bpe, Ends *ends, const guint8 *text, gsize end)
{
  gsize at = ends->at;
  guint32 last = ends->last[at % RING];
  gsize tokens = ends->tokens[at % RING];
  guint64 node = bpe->nodes[0];

  ends->last[at % RING] = NO_TOKEN;
  ends->at++;
  for (gsize i = at; i < end; i++) {
    guint32 base = BPE_NODE_BASE (node);
    if (base == 0)
      return;
    node = bpe->nodes[base + text[i]];
    if (BPE_NODE_LABEL (node) != (text[i] | BPE_USED))
      return;

    guint32 token1 = BPE_NODE_TOKEN1 (node);
    gsize slot = (i + 1) % RING;
    if (token1 != 0 && ends->last[slot] == NO_TOKEN &&
        (at == ends->start || stay_apart (bpe, last, token1 - 1))) {
      ends->last[slot] = token1 - 1;
      ends->tokens[slot] = tokens + 1;
    }
  }
}

/* The tokens of text[start..end), for ends that rise. */
static gsize
ends_tokens (Bpe *bpe, Ends *ends, const guint8 *text, gsize end, gsize limit)
{
  while (ends->at < end)
    ends_step (bpe, ends, text, limit);
  return ends->tokens[end % RING];
}

static gboolean
is_character_end (const Text *text, gsize at)
{
  return at == text->end || (text->text[at] & 0xC0) != 0x80;
}

static gsize
character_end (const Text *text, gsize at)
{
  for (at++; !is_character_end (text, at);)
    at++;
  return at;
}

/* The longest prefix of the piece text[start..end) that makes at most max with the `tokens` before
 * it; `start` when there is none. A cut at `except` is not counted right here and left out. *all:
 * the tokens with the whole piece, when that fits. Looks no further than the longest token past the
 * last end that fits. */
static gsize
prefix_of_piece (Bpe *bpe, const Text *text, gsize start, gsize end, gsize except, gsize tokens,
                 gsize max, gsize *all)
{
  Ends whole, tail;
  PretokenizerCut state = {0};
  gsize best = start, near = start, tail_start = 0;

  ends_init (&whole, start, tokens);
  for (gsize at = start; at < end && at - near <= BPE_TOKEN_BYTES_MAX;) {
    at = character_end (text, at);

    gsize n = ends_tokens (bpe, &whole, text->text, at, end);
    gsize split = pretokenizer_cut (bpe->classes, bpe->pattern, text->text, start, end, at, &state);
    if (n <= max)
      near = at;
    if (split > 0 && split != tail_start) {
      tail_start = split;
      ends_init (&tail, split, whole.tokens[split % RING]);
    }
    if (split > 0)
      n = ends_tokens (bpe, &tail, text->text, at, end);
    if (n > max)
      continue;
    near = at;
    *all = n;
    if (at != except)
      best = at;
  }
  return best;
}

/* The text as far as it is counted. Of spaces before a word, the last one belongs to the word, if
 * the word is there: a text that ends behind that space has one piece less. So where such spaces
 * begin is remembered. */
typedef struct {
  Text text;
  gsize max;
  gsize start; /* of the last piece that fits; its end is `at` */
  gsize at;
  gsize tokens; /* before `at` */
  gsize spaces_start;
  gsize spaces_end; /* the piece without the last space; 0: none yet */
  gsize spaces_tokens;
} Prefix;

/* Whether it is spaces that gave the last of them to what follows. */
static gboolean
is_short_spaces (const Bpe *bpe, const Text *text, gsize start, gsize end)
{
  guint8 last = text->text[end - 1];

  return end < text->end && last != '\n' && last != '\r' &&
         pretokenizer_is_space (bpe->classes, text->text, start) &&
         pretokenizer_is_space (bpe->classes, text->text, end) &&
         (character_end (text, start) == end ||
          pretokenizer_is_space (bpe->classes, text->text, character_end (text, start)));
}

/* Whether the text may end at `end`, the spaces from `start` being one piece then. */
static gboolean
spaces_fit (Bpe *bpe, const Prefix *p, gsize start, gsize end, gsize tokens)
{
  return tokens + (end - start) / BPE_TOKEN_BYTES_MAX <= p->max &&
         tokens + count_piece (bpe, &p->text, start, end - start) <= p->max;
}

/* The next piece, which ends at `end`, does not fit whole: where the prefix ends. */
static gsize
end_within (Bpe *bpe, const Prefix *p, gsize inside, gsize end)
{
  gsize after_one = character_end (&p->text, p->at);

  if (is_short_spaces (bpe, &p->text, p->at, end) &&
      spaces_fit (bpe, p, p->at, character_end (&p->text, end), p->tokens))
    return character_end (&p->text, end);
  if (inside > p->at)
    return inside;
  if (p->spaces_end == p->at && p->at > 0 &&
      spaces_fit (bpe, p, p->spaces_start, after_one, p->spaces_tokens))
    return after_one;
  if (p->spaces_end == p->start && p->start > 0 && character_end (&p->text, p->start) == p->at &&
      !spaces_fit (bpe, p, p->spaces_start, p->at, p->spaces_tokens))
    return p->start;
  return p->at;
}

static void
prefix_take (const Bpe *bpe, Prefix *p, gsize end, gsize tokens)
{
  if (is_short_spaces (bpe, &p->text, p->at, end)) {
    p->spaces_start = p->at;
    p->spaces_end = end;
    p->spaces_tokens = p->tokens;
  }
  p->start = p->at;
  p->at = end;
  p->tokens = tokens;
}

gsize
bpe_prefix (Bpe *bpe, const char *text, gsize bytes, gsize max_tokens)
{
  Prefix p = {.text = {(const guint8 *)text, bytes}, .max = max_tokens};

  if (bytes <= max_tokens)
    return bytes;
  while (p.at < bytes) {
    gsize end = pretokenizer_next (bpe->classes, bpe->pattern, p.text.text, p.at, bytes);
    gsize tokens = G_MAXSIZE;

    if (end - p.at <= SMALL_PIECE)
      tokens = p.tokens + count_piece (bpe, &p.text, p.at, end - p.at);
    if (tokens > max_tokens) {
      gsize except = p.at > 0 && p.spaces_end == p.at ? character_end (&p.text, p.at) : 0;
      gsize inside =
          prefix_of_piece (bpe, &p.text, p.at, end, except, p.tokens, max_tokens, &tokens);
      if (inside < end)
        return end_within (bpe, &p, inside, end);
    }
    prefix_take (bpe, &p, end, tokens);
  }
  return bytes;
}
