#include "boundaries.h"

#include "abbreviations.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

enum { SENTENCE, WORD, GRAPHEME, N_ITERATORS };

/* What ICU is shown around a place to say whether a sentence ends there. */
#define SENTENCE_BEFORE 32
#define SENTENCE_BEHIND 32

struct Boundaries {
  char *locale;
  const char *text;
  gsize bytes;
  UBreakIterator *iterators[N_ITERATORS]; /* opened when first wanted */
  gboolean placed[N_ITERATORS];           /* on the text at hand */
};

Boundaries *
boundaries_new (const char *locale)
{
  Boundaries *boundaries = g_new0 (Boundaries, 1);

  boundaries->locale = g_strdup (locale != NULL ? locale : "");
  boundaries->text = "";
  return boundaries;
}

void
boundaries_free (Boundaries *boundaries)
{
  if (boundaries == NULL)
    return;
  for (int i = 0; i < N_ITERATORS; i++)
    if (boundaries->iterators[i] != NULL)
      ubrk_close (boundaries->iterators[i]);
  g_free (boundaries->locale);
  g_free (boundaries);
}

/* NULL when ICU has no data: then there is no such boundary. */
static UBreakIterator *
iterator (Boundaries *boundaries, int kind)
{
  static const UBreakIteratorType types[] = {
      [SENTENCE] = UBRK_SENTENCE, [WORD] = UBRK_WORD, [GRAPHEME] = UBRK_CHARACTER};
  UErrorCode status = U_ZERO_ERROR;

  if (boundaries->iterators[kind] == NULL)
    boundaries->iterators[kind] = ubrk_open (types[kind], boundaries->locale, NULL, 0, &status);
  return boundaries->iterators[kind];
}

static gboolean
place (UBreakIterator *breaks, const char *text, gsize bytes)
{
  UErrorCode status = U_ZERO_ERROR;
  UText utext = UTEXT_INITIALIZER;

  utext_openUTF8 (&utext, text, (gint64)bytes, &status);
  ubrk_setUText (breaks, &utext, &status); /* keeps a shallow clone */
  utext_close (&utext);
  return U_SUCCESS (status);
}

/* --- sentences -------------------------------------------------------------------------------- */

/* What bytes mean to the scans. */
enum { ORDINARY, STOP, SPACE, COMMA, DASH, MULTIBYTE };

static const guint8 meaning[256] = {
    ['.'] = STOP,   ['!'] = STOP,
    ['?'] = STOP,   [' '] = SPACE,
    ['\t'] = SPACE, ['\n'] = SPACE,
    ['\r'] = SPACE, ['\f'] = SPACE,
    ['\v'] = SPACE, [','] = COMMA,
    [';'] = COMMA,  [':'] = COMMA,
    ['|'] = COMMA,  [0x80 ... 0xFF] = MULTIBYTE,
};

static gunichar
char_at (const char *text, gsize at, gsize *next)
{
  *next = at + (gsize)(g_utf8_next_char (text + at) - (text + at));
  return g_utf8_get_char (text + at);
}

static gboolean
is_space_at (const char *text, gsize at, gsize *next)
{
  guint8 is = meaning[(guchar)text[at]];

  *next = at + 1;
  if (is != MULTIBYTE)
    return is == SPACE;
  return g_unichar_isspace (char_at (text, at, next));
}

static gsize
skip_spaces (const char *text, gsize at, gsize until)
{
  gsize next;

  while (at < until && is_space_at (text, at, &next) && next <= until)
    at = next;
  return at;
}

static int
sentence_property (gunichar c)
{
  return u_getIntPropertyValue ((UChar32)c, UCHAR_SENTENCE_BREAK);
}

/* Quotes and brackets that close. */
static gsize
skip_closers (const char *text, gsize at, gsize until)
{
  while (at < until) {
    guchar c = (guchar)text[at];
    gsize next = at + 1;

    if (c < 0x80) {
      if (strchr (")]}\"'*_`", c) == NULL || c == '\0')
        break;
    } else if (sentence_property (char_at (text, at, &next)) != U_SB_CLOSE || next > until)
      break;
    at = next;
  }
  return at;
}

/* Behind the stop whose character ends at `next`, its closers and white space; 0: it is none. An
 * ASCII stop needs white space behind it. */
static gsize
behind_stop (const char *text, gsize stop, gsize next, gsize until)
{
  gsize closed = skip_closers (text, next, until);
  gsize end = skip_spaces (text, closed, until);

  if (end > until || ((guchar)text[stop] < 0x80 && end == closed) ||
      (text[stop] == '.' && abbreviations_has (text, stop)))
    return 0;
  return end;
}

/* No stop of sentences has these lead bytes: most of Chinese, Japanese and Korean. */
static gboolean
has_no_stops (guchar lead)
{
  return (lead >= 0xE4 && lead <= 0xE9) || (lead >= 0xEB && lead <= 0xED) || lead < 0xD6;
}

#define EACH(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* The upper bit of some byte is set when one of the word is zero. */
static inline guint64
has_zero (guint64 word)
{
  return (word - EACH (0x01)) & ~word & EACH (0x80);
}

/* On over bytes that are plain ASCII and no stops, eight at a time. */
static gsize
skip_plain (const char *text, gsize at, gsize until)
{
  for (; until - at >= sizeof (guint64); at += sizeof (guint64)) {
    guint64 word;

    memcpy (&word, text + at, sizeof word);
    if ((word & EACH (0x80)) | has_zero (word ^ EACH ('.')) | has_zero (word ^ EACH ('!')) |
        has_zero (word ^ EACH ('?')))
      break;
  }
  return at;
}

gsize
boundaries_next_stop (const char *text, gsize after, gsize until)
{
  for (gsize at = skip_plain (text, after, until); at < until;) {
    guint8 is = meaning[(guchar)text[at]];
    gsize next = at + 1;
    gboolean stops = is == STOP;

    if (is == MULTIBYTE) {
      gunichar c;
      next = at + (gsize)(g_utf8_next_char (text + at) - (text + at));
      if (!has_no_stops ((guchar)text[at])) {
        c = g_utf8_get_char (text + at);
        int property = sentence_property (c);
        stops = property == U_SB_STERM || property == U_SB_ATERM;
      }
    }
    if (stops && next <= until) {
      gsize end = behind_stop (text, at, next, until);
      if (end > after)
        return end;
      next = skip_plain (text, next, until);
    }
    at = next;
  }
  return 0;
}

static gboolean
is_wide_comma (gunichar c)
{
  static const gunichar commas[] = {0x3001, 0xFF0C, 0xFF1B, 0xFF1A, 0x060C, 0x061B};

  for (gsize i = 0; i < G_N_ELEMENTS (commas); i++)
    if (c == commas[i])
      return TRUE;
  return FALSE;
}

gsize
boundaries_next_clause (const char *text, gsize after, gsize until)
{
  for (gsize at = after; at < until;) {
    guint8 is = meaning[(guchar)text[at]];
    gsize next = at + 1;

    if (is == COMMA || is == MULTIBYTE) {
      gunichar c = char_at (text, at, &next);
      gsize end = next <= until ? skip_spaces (text, next, until) : until;
      gboolean spaced = end > next;

      if (end <= until && end > after &&
          ((is == COMMA && (spaced || c == '|')) || (spaced && (c == 0x2013 || c == 0x2014)) ||
           is_wide_comma (c)))
        return end;
    }
    at = next;
  }
  return 0;
}

gsize
boundaries_next_space (const char *text, gsize after, gsize until)
{
  for (gsize at = after, next; at < until; at = next)
    if (is_space_at (text, at, &next))
      return skip_spaces (text, at, until);
  return 0;
}

/* Same bytes, same offsets: a line break is no more than a space (ICU would end a sentence). */
static void
copy_flowing (char *to, const char *from, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++)
    to[i] = from[i] == '\n' || from[i] == '\r' ? ' ' : from[i];
}

/* An ASCII stop, white space and a capital: that is one in every language, and most are. */
static gboolean
is_plain_sentence (const char *text, gsize bytes, gsize at)
{
  gsize stop = at;

  while (stop > 0 && meaning[(guchar)text[stop - 1]] == SPACE)
    stop--;
  return at < bytes && g_ascii_isupper (text[at]) && stop < at && stop > 0 &&
         meaning[(guchar)text[stop - 1]] == STOP;
}

gboolean
boundaries_is_sentence (Boundaries *boundaries, const char *text, gsize bytes, gsize at)
{
  char shown[SENTENCE_BEFORE + SENTENCE_BEHIND];
  gsize start = at > SENTENCE_BEFORE ? at - SENTENCE_BEFORE : 0;
  gsize end = bytes - at > SENTENCE_BEHIND ? at + SENTENCE_BEHIND : bytes;
  UBreakIterator *breaks;

  if (is_plain_sentence (text, bytes, at))
    return TRUE;
  /* "(what a day!) they said": UAX 29 asks this of points only */
  if (at < bytes && g_unichar_islower (g_utf8_get_char (text + at)))
    return FALSE;
  while (start < at && ((guchar)text[start] & 0xC0) == 0x80)
    start++;
  while (end > at && end < bytes && ((guchar)text[end] & 0xC0) == 0x80)
    end--;
  copy_flowing (shown, text + start, end - start);
  breaks = iterator (boundaries, SENTENCE);
  return breaks != NULL && place (breaks, shown, end - start) &&
         ubrk_isBoundary (breaks, (int32_t)(at - start));
}

/* --- words and grapheme clusters ---------------------------------------------------------------
 */

void
boundaries_set_text (Boundaries *boundaries, const char *text, gsize bytes)
{
  boundaries->text = text;
  boundaries->bytes = bytes;
  for (int i = 0; i < N_ITERATORS; i++)
    boundaries->placed[i] = FALSE;
}

static UBreakIterator *
placed_iterator (Boundaries *boundaries, int kind)
{
  UBreakIterator *breaks = iterator (boundaries, kind);

  if (breaks != NULL && !boundaries->placed[kind])
    boundaries->placed[kind] = place (breaks, boundaries->text, boundaries->bytes);
  return boundaries->placed[kind] ? breaks : NULL;
}

/* The last boundary of a kind in (after, until]. */
static gsize
last_of (Boundaries *boundaries, int kind, gsize after, gsize until)
{
  gsize end = MIN (until, boundaries->bytes);
  UBreakIterator *breaks = end > after ? placed_iterator (boundaries, kind) : NULL;

  if (breaks == NULL)
    return 0;
  /* the text's end is a boundary for ICU only because it sees no further */
  int32_t at = end < boundaries->bytes && ubrk_isBoundary (breaks, (int32_t)end)
                   ? (int32_t)end
                   : ubrk_preceding (breaks, (int32_t)end);
  return at == UBRK_DONE || (gsize)at <= after ? 0 : (gsize)at;
}

gsize
boundaries_grapheme (Boundaries *boundaries, gsize after, gsize until)
{
  return last_of (boundaries, GRAPHEME, after, until);
}

gboolean
boundaries_is_grapheme (Boundaries *boundaries, gsize at)
{
  if (at == 0 || at >= boundaries->bytes || boundaries->text[at - 1] == '\n')
    return TRUE;
  /* two ASCII characters form no cluster but CR LF */
  if ((guchar)boundaries->text[at - 1] < 0x80 && (guchar)boundaries->text[at] < 0x80 &&
      boundaries->text[at] != '\n')
    return TRUE;
  UBreakIterator *breaks = placed_iterator (boundaries, GRAPHEME);
  return breaks == NULL || ubrk_isBoundary (breaks, (int32_t)at);
}

gsize
boundaries_next_grapheme (Boundaries *boundaries, gsize after)
{
  UBreakIterator *breaks = placed_iterator (boundaries, GRAPHEME);
  int32_t at = breaks != NULL ? ubrk_following (breaks, (int32_t)after) : UBRK_DONE;

  return at == UBRK_DONE ? boundaries->bytes : (gsize)at;
}

/* From `at` back over white space. */
static gsize
before_spaces (const char *text, gsize at)
{
  while (at > 0) {
    gsize before = (gsize)(g_utf8_prev_char (text + at) - text);
    gsize next;
    if (!is_space_at (text, before, &next))
      break;
    at = before;
  }
  return at;
}

/* The last place in (after, until] behind white space; a run of it belongs to what stands before
 * it. */
static gsize
last_space (Boundaries *boundaries, gsize after, gsize until)
{
  const char *text = boundaries->text;
  gsize at = MIN (until, boundaries->bytes);

  while (at > after) {
    gsize next, before = (gsize)(g_utf8_prev_char (text + at) - text);

    if (is_space_at (text, before, &next)) {
      gsize word_end = before_spaces (text, at);
      gboolean ends = at == boundaries->bytes || !is_space_at (text, at, &next);
      if (word_end > 0 && ends && boundaries_is_grapheme (boundaries, at))
        return at;
      at = word_end;
    } else
      at = before;
  }
  return 0;
}

gsize
boundaries_word (Boundaries *boundaries, gsize after, gsize until)
{
  gsize cut = last_space (boundaries, after, until);

  return cut != 0 ? cut : last_of (boundaries, WORD, after, until);
}

gsize
boundaries_next_word (Boundaries *boundaries, gsize after, gsize until)
{
  UBreakIterator *breaks = after < until ? placed_iterator (boundaries, WORD) : NULL;
  int32_t at = breaks != NULL ? ubrk_following (breaks, (int32_t)after) : UBRK_DONE;

  return at == UBRK_DONE || (gsize)at > until || (gsize)at >= boundaries->bytes ? 0 : (gsize)at;
}
