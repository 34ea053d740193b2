#include "pretokenizer.h"

#include <string.h>

#define UPPERS (CLASS_UPPER | CLASS_OTHER | CLASS_MARK) /* [Lu Lt Lm Lo M] */
#define LOWERS (CLASS_LOWER | CLASS_OTHER | CLASS_MARK) /* [Ll Lm Lo M] */
#define BOTH (CLASS_OTHER | CLASS_MARK)

typedef struct {
  const BpeClasses *classes;
  const guint8 *text;
  gsize end;
} Scanner;

static guint
class_of_multibyte (const BpeClasses *classes, const guint8 *text, gsize at, gsize *next)
{
  const guint8 *c = text + at;
  guint32 code;

  if (c[0] < 0xE0) {
    code = (c[0] & 0x1Fu) << 6 | (c[1] & 0x3Fu);
    *next = at + 2;
  } else if (c[0] < 0xF0) {
    code = (c[0] & 0x0Fu) << 12 | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu);
    *next = at + 3;
  } else {
    code = (c[0] & 0x07u) << 18 | (c[1] & 0x3Fu) << 12 | (c[2] & 0x3Fu) << 6 | (c[3] & 0x3Fu);
    *next = at + 4;
  }
  return classes->blocks[classes->index[code >> 8]][code & 0xFF];
}

static inline guint
class_at (const Scanner *s, gsize at, gsize *next)
{
  guint class = s->classes->bytes[s->text[at]];

  if (class != CLASS_MULTIBYTE) {
    *next = at + 1;
    return class;
  }
  return class_of_multibyte (s->classes, s->text, at, next);
}

#define EACH_BYTE(byte) ((guint64)(byte)*G_GUINT64_CONSTANT (0x0101010101010101))

/* The end of a run of a-z, eight bytes at a time (and A-Z, with `case_bit` 0x20); not in the last
 * few bytes of the text. */
static inline gsize
skip_ascii_letters (const Scanner *s, gsize at, guint8 case_bit)
{
  for (; s->end - at >= sizeof (guint64); at += sizeof (guint64)) {
    guint64 bytes, low, others;

    memcpy (&bytes, s->text + at, sizeof bytes);
    bytes = GUINT64_FROM_LE (bytes) | EACH_BYTE (case_bit);
    low = bytes & EACH_BYTE (0x7F);
    /* the highest bit of a byte: it is below a, above z, or none of ASCII; no sum carries over */
    others = (~(low + EACH_BYTE (0x80 - 'a')) | (low + EACH_BYTE (0x7F - 'z')) | bytes) &
             EACH_BYTE (0x80);
    if (others != 0)
      return at + (gsize)__builtin_ctzll (others) / 8;
  }
  return at;
}

/* The end of a run of characters of these classes. */
static inline gsize
skip (const Scanner *s, gsize at, guint classes)
{
  if (classes & CLASS_LOWER)
    at = skip_ascii_letters (s, at, classes & CLASS_UPPER ? 0x20 : 0);
  while (at < s->end) {
    guint class = s->classes->bytes[s->text[at]];

    if (class & classes) {
      at++;
      continue;
    }
    if (class != CLASS_MULTIBYTE)
      break;

    gsize next;
    if (!(class_of_multibyte (s->classes, s->text, at, &next) & classes))
      break;
    at = next;
  }
  return at;
}

/* (?i:'s|'t|'re|'ve|'m|'ll|'d): where it ends, or `at` when there is none. The long s, U+017F, is
 * an s whatever its case. */
static gsize
skip_contraction (const Scanner *s, gsize at)
{
  const guint8 *c = s->text + at;
  gsize left = s->end - at;

  if (left < 2 || c[0] != '\'')
    return at;

  guint8 first = c[1] | 0x20, second = left > 2 ? c[2] | 0x20 : 0;
  if (first == 's' || first == 't' || first == 'm' || first == 'd')
    return at + 2;
  if ((second == 'e' && (first == 'r' || first == 'v')) || (second == 'l' && first == 'l') ||
      (left > 2 && c[1] == 0xC5 && c[2] == 0xBF))
    return at + 3;
  return at;
}

/* \s*[\r\n]+ | \s+(?!\S) | \s+ */
static gsize
skip_spaces (const Scanner *s, gsize start)
{
  gsize at = start, last = start, newline = 0;

  while (at < s->end) {
    gsize next;
    guint class = class_at (s, at, &next);

    if (!(class & CLASS_SPACE))
      break;
    last = at;
    at = next;
    if (class & CLASS_NEWLINE)
      newline = at;
  }
  if (newline > 0)
    return newline;
  return at == s->end || last == start ? at : last;
}

static gsize
skip_number (const Scanner *s, gsize at)
{
  gsize next;

  for (guint n = 0; n < 3 && at < s->end && (class_at (s, at, &next) & CLASS_NUMBER); n++)
    at = next;
  return at;
}

/* [^\s\p{L}\p{N}]+[\r\n]*; o200k takes slashes among the newlines. */
static gsize
skip_symbols (const Scanner *s, gsize at, gboolean with_slash)
{
  gsize next;

  while (at < s->end && !(class_at (s, at, &next) & (CLASS_LETTER | CLASS_NUMBER | CLASS_SPACE)))
    at = next;
  while (at < s->end &&
         (s->text[at] == '\n' || s->text[at] == '\r' || (with_slash && s->text[at] == '/')))
    at++;
  return at;
}

/* What is neither letters nor a contraction: it begins with a character of `class`, `next` is
 * behind that. */
static gsize
skip_rest (const Scanner *s, gsize at, guint class, gsize next, gboolean with_slash)
{
  gsize after;

  if (class & CLASS_NUMBER)
    return skip_number (s, at);
  if (!(class & CLASS_SPACE))
    return skip_symbols (s, at, with_slash);
  if (s->text[at] == ' ' && next < s->end &&
      !(class_at (s, next, &after) & (CLASS_LETTER | CLASS_NUMBER | CLASS_SPACE)))
    return skip_symbols (s, next, with_slash);
  return skip_spaces (s, at);
}

static gsize
next_cl100k (const Scanner *s, gsize at)
{
  gsize next, after;
  guint class = class_at (s, at, &next);

  if (class & CLASS_LETTER)
    return skip (s, next, CLASS_LETTER);
  if (s->text[at] == '\'') {
    gsize end = skip_contraction (s, at);
    if (end > at)
      return end;
  }
  if (!(class & (CLASS_NEWLINE | CLASS_NUMBER)) && next < s->end &&
      (class_at (s, next, &after) & CLASS_LETTER))
    return skip (s, after, CLASS_LETTER);
  return skip_rest (s, at, class, next, FALSE);
}

/* [Lu Lt Lm Lo M]*[Ll Lm Lo M]+ from `at`; 0 when there is none. *upper_end: the end of a run of
 * the first. Without a lower case letter behind them, the run gives back characters until one of
 * both classes, which the second then takes. */
static gsize
skip_word (const Scanner *s, gsize at, gsize *upper_end)
{
  gsize last_both = 0;

  while (at < s->end) {
    gsize next;
    guint class = class_at (s, at, &next);

    if (class & CLASS_LOWER)
      return skip (s, next, LOWERS);
    if (!(class & UPPERS))
      break;
    at = next;
    if (class & BOTH)
      last_both = at;
  }
  *upper_end = at;
  return last_both;
}

static gsize
next_o200k (const Scanner *s, gsize at)
{
  gsize next, upper_end = 0;
  guint class = class_at (s, at, &next);
  gsize start = class & (CLASS_LETTER | CLASS_NEWLINE | CLASS_NUMBER) ? at : next;
  gsize end = 0;

  if (!(class & (CLASS_NEWLINE | CLASS_NUMBER))) {
    end = skip_word (s, start, &upper_end);
    if (end == 0 && (class & CLASS_MARK))
      end = next; /* a mark may also be the word, and nothing before it */
    if (end == 0 && upper_end > start)
      end = upper_end;
  }
  if (end > 0)
    return skip_contraction (s, end);
  return skip_rest (s, at, class, next, TRUE);
}

gsize
pretokenizer_next (const BpeClasses *classes, BpePattern pattern, const guint8 *text, gsize at,
                   gsize end)
{
  Scanner s = {classes, text, end};

  return pattern == BPE_PATTERN_O200K ? next_o200k (&s, at) : next_cl100k (&s, at);
}

gboolean
pretokenizer_is_space (const BpeClasses *classes, const guint8 *text, gsize at)
{
  Scanner s = {classes, text, G_MAXSIZE};
  gsize next;

  return (class_at (&s, at, &next) & CLASS_SPACE) != 0;
}

/* --- a piece that the text ends in -------------------------------------------------------------
 */

static gboolean
begins_contraction (const Scanner *s, gsize at, gsize end)
{
  return s->text[at] == '\'' && at > 0 && at + 1 < end && skip_contraction (s, at) == end;
}

typedef enum { PIECE_OTHER, PIECE_SPACES, PIECE_WORD } PieceKind;

static PieceKind
kind_of_piece (const Scanner *s, gsize start)
{
  gsize next, after;
  guint first = class_at (s, start, &next);
  guint second = next < s->end ? class_at (s, next, &after) : first;

  if (!(first & (CLASS_NEWLINE | CLASS_NUMBER)) && ((first | second) & (CLASS_LETTER | CLASS_MARK)))
    return PIECE_WORD;
  return first & second & CLASS_SPACE ? PIECE_SPACES : PIECE_OTHER;
}

/* Upper case letters before a lower case one: without that, the piece ends behind the last
 * character of both classes. A contraction that is not whole is a piece of its own. */
static gsize
cut_word (const Scanner *s, gsize start, gsize last, guint class, PretokenizerCut *state)
{
  if (last > start && begins_contraction (s, last, s->end))
    return last;
  if (last > start + 1 && begins_contraction (s, last - 1, s->end))
    return last - 1;
  state->is_lower |= (class & CLASS_LOWER) != 0;
  return state->is_lower ? 0 : state->split;
}

gsize
pretokenizer_cut (const BpeClasses *classes, BpePattern pattern, const guint8 *text, gsize start,
                  gsize end, gsize cut, PretokenizerCut *state)
{
  Scanner s = {classes, text, end};
  PieceKind kind = kind_of_piece (&s, start);
  gsize last = cut - 1, next;
  gsize split = 0;

  if (cut == end || kind == PIECE_OTHER || (kind == PIECE_WORD && pattern != BPE_PATTERN_O200K))
    return 0;
  while (last > start && (text[last] & 0xC0) == 0x80)
    last--;

  guint class = class_at (&s, last, &next);
  if (class & (kind == PIECE_SPACES ? CLASS_NEWLINE : BOTH))
    state->split = cut;
  split = kind == PIECE_SPACES ? state->split : cut_word (&s, start, last, class, state);
  return split < cut ? split : 0;
}
