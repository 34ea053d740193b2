#include "bpe-merge.h"
#include "pretokenizer.h"

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
        (at == ends->start || bpe_stay_apart (bpe, last, token1 - 1))) {
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
         tokens + bpe_count_piece (bpe, &p->text, start, end - start) <= p->max;
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
      tokens = p.tokens + bpe_count_piece (bpe, &p.text, p.at, end - p.at);
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
