#include "boundaries.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

enum { SENTENCE, WORD, GRAPHEME, N_ITERATORS };

/* ICU looks for several boundaries ahead of the one it is asked for, and sentences are long: it is
 * shown so many bytes more than it must see. */
#define SENTENCE_LOOK_AHEAD 64

struct Boundaries {
  char *locale;
  const char *text;
  gsize bytes;
  gboolean flow;
  char *flowing; /* a copy with spaces for lone line breaks, made when first wanted */
  UBreakIterator *iterators[N_ITERATORS]; /* opened when first wanted */
  gsize placed[N_ITERATORS];              /* bytes of the text at hand that it is shown; or 0 */
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
  g_free (boundaries->flowing);
  g_free (boundaries->locale);
  g_free (boundaries);
}

void
boundaries_set_text (Boundaries *boundaries, const char *text, gsize bytes, gboolean flow)
{
  boundaries->text = text;
  boundaries->bytes = bytes;
  boundaries->flow = flow;
  g_clear_pointer (&boundaries->flowing, g_free);
  for (int i = 0; i < N_ITERATORS; i++)
    boundaries->placed[i] = 0;
}

/* An empty line ends a sentence, a lone line break does not. Same bytes, same offsets. */
static const char *
flowing_text (Boundaries *boundaries)
{
  const char *text = boundaries->text;
  gsize n = boundaries->bytes;

  if (!boundaries->flow || memchr (text, '\n', n) == NULL)
    return text;
  if (boundaries->flowing == NULL) {
    boundaries->flowing = g_memdup2 (text, n);
    for (gsize i = 0; i < n; i++)
      if (text[i] == '\n' && (i == 0 || text[i - 1] != '\n') && (i + 1 >= n || text[i + 1] != '\n'))
        boundaries->flowing[i] = ' ';
  }
  return boundaries->flowing;
}

/* On text[0..bytes). NULL when ICU has no data: then there is no such boundary. */
static UBreakIterator *
iterator (Boundaries *boundaries, int kind, gsize bytes)
{
  static const UBreakIteratorType types[] = {
      [SENTENCE] = UBRK_SENTENCE, [WORD] = UBRK_WORD, [GRAPHEME] = UBRK_CHARACTER};
  UErrorCode status = U_ZERO_ERROR;
  UText utext = UTEXT_INITIALIZER;

  if (boundaries->iterators[kind] == NULL)
    boundaries->iterators[kind] = ubrk_open (types[kind], boundaries->locale, NULL, 0, &status);
  if (boundaries->iterators[kind] == NULL)
    return NULL;
  if (boundaries->placed[kind] != bytes) {
    const char *text = kind == SENTENCE ? flowing_text (boundaries) : boundaries->text;
    utext_openUTF8 (&utext, text, (gint64)bytes, &status);
    ubrk_setUText (boundaries->iterators[kind], &utext, &status); /* keeps a shallow clone */
    utext_close (&utext);
    boundaries->placed[kind] = U_SUCCESS (status) ? bytes : 0;
  }
  return boundaries->placed[kind] != 0 ? boundaries->iterators[kind] : NULL;
}

/* The last boundary of a kind in (after, until]. */
static gsize
last_of (Boundaries *boundaries, int kind, gsize after, gsize until)
{
  gsize end = MIN (until, boundaries->bytes);
  gsize shown = boundaries->bytes;

  if (end <= after)
    return 0;
  if (kind == SENTENCE && shown - end > SENTENCE_LOOK_AHEAD) {
    shown = end + SENTENCE_LOOK_AHEAD;
    while (((guchar)boundaries->text[shown] & 0xC0) == 0x80)
      shown--;
  }
  UBreakIterator *breaks = iterator (boundaries, kind, shown);
  if (breaks == NULL)
    return 0;
  /* the text's end is a boundary for ICU only because it sees no further */
  int32_t at = end < boundaries->bytes && ubrk_isBoundary (breaks, (int32_t)end)
                   ? (int32_t)end
                   : ubrk_preceding (breaks, (int32_t)end);
  return at == UBRK_DONE || (gsize)at <= after ? 0 : (gsize)at;
}

gsize
boundaries_sentence (Boundaries *boundaries, gsize after, gsize until)
{
  return last_of (boundaries, SENTENCE, after, until);
}

gsize
boundaries_grapheme (Boundaries *boundaries, gsize after, gsize until)
{
  return last_of (boundaries, GRAPHEME, after, until);
}

gboolean
boundaries_is_grapheme (Boundaries *boundaries, gsize at)
{
  UBreakIterator *breaks;

  if (at == 0 || at >= boundaries->bytes || boundaries->text[at - 1] == '\n')
    return TRUE;
  /* two ASCII characters form no cluster but CR LF */
  if ((guchar)boundaries->text[at - 1] < 0x80 && (guchar)boundaries->text[at] < 0x80 &&
      boundaries->text[at] != '\n')
    return TRUE;
  breaks = iterator (boundaries, GRAPHEME, boundaries->bytes);
  return breaks == NULL || ubrk_isBoundary (breaks, (int32_t)at);
}

gsize
boundaries_first_grapheme (Boundaries *boundaries)
{
  UBreakIterator *breaks = iterator (boundaries, GRAPHEME, boundaries->bytes);
  int32_t at = breaks != NULL ? ubrk_following (breaks, 0) : UBRK_DONE;

  return at == UBRK_DONE ? boundaries->bytes : (gsize)at;
}

/* `before`: the last character that is no white space; `spaced`: white space follows it. */
typedef gboolean (*CutAfterFunc) (gunichar before, gboolean spaced);

static gboolean
ends_clause (gunichar before, gboolean spaced)
{
  static const gunichar full_width[] = {0x3001, 0xFF0C, 0xFF1B, 0xFF1A, 0x060C, 0x061B};

  for (gsize i = 0; i < G_N_ELEMENTS (full_width); i++)
    if (before == full_width[i])
      return TRUE;
  return spaced &&
         (before == ',' || before == ';' || before == ':' || before == 0x2013 || before == 0x2014);
}

static gboolean
is_spaced (gunichar before, gboolean spaced)
{
  return spaced;
}

/* From `at` back over white space. */
static const char *
before_spaces (const char *text, const char *at)
{
  while (at > text && g_unichar_isspace (g_utf8_get_char (g_utf8_prev_char (at))))
    at = g_utf8_prev_char (at);
  return at;
}

/* Steps back from `until` to the first cut in (after, until] that `fits`; a run of white space
 * belongs to what stands before it. */
static gsize
last_cut (Boundaries *boundaries, gsize after, gsize until, CutAfterFunc fits)
{
  const char *text = boundaries->text;
  const char *at = text + MIN (until, boundaries->bytes);

  while (at > text && at < text + boundaries->bytes && ((guchar)*at & 0xC0) == 0x80)
    at--;
  while (at > text + after) {
    const char *word_end = before_spaces (text, at);
    const char *last = word_end > text ? g_utf8_prev_char (word_end) : text;

    if (word_end > text && fits (g_utf8_get_char (last), word_end < at) &&
        boundaries_is_grapheme (boundaries, (gsize)(at - text)))
      return (gsize)(at - text);
    at = last;
  }
  return 0;
}

gsize
boundaries_clause (Boundaries *boundaries, gsize after, gsize until)
{
  return last_cut (boundaries, after, until, ends_clause);
}

gsize
boundaries_word (Boundaries *boundaries, gsize after, gsize until)
{
  gsize cut = last_cut (boundaries, after, until, is_spaced);

  return cut != 0 ? cut : last_of (boundaries, WORD, after, until);
}

gsize
boundaries_line (Boundaries *boundaries, gsize after, gsize until)
{
  gsize end = MIN (until, boundaries->bytes);
  const char *newline = end > after ? memrchr (boundaries->text + after, '\n', end - after) : NULL;

  return newline != NULL ? (gsize)(newline - boundaries->text) + 1 : 0;
}
