/* Subtitles: SubRip (.srt) and WebVTT. Cues follow one another as lines; a pause ends a paragraph.
 * Times and styles go, who speaks stays. */
#include "ingest/extract/formats.h"
#include "ingest/extract/markup/markup.h"
#include "text-load.h"

#include <string.h>

#define PAUSE_MS 2000
#define PARAGRAPH_BYTES 600 /* a sentence's end is looked for from here on */

typedef struct {
  ExtractSink *sink;
  GString *paragraph;
  GString *cue;
  char *speaker; /* (nullable) of the last line */
  gint64 last_end_ms;
  gint64 begin_ms, end_ms; /* of the cue */
  gboolean in_cue;
} Reader;

/* "1:02:03.500", "02:03,500": milliseconds; -1: it is none. after: behind it. */
static gint64
parse_time (const char *text, const char **after)
{
  gint64 total = 0;

  for (guint part = 0; part < 3; part++) {
    gint64 number = 0;
    const char *digits = text;

    while (g_ascii_isdigit (*text) && text - digits < 6)
      number = number * 10 + (*text++ - '0');
    if (text == digits)
      return -1;
    total = total * 60 + number;
    if (*text != ':')
      break;
    text++;
  }
  total *= 1000;
  if (*text == ',' || *text == '.') {
    gint64 unit = 100;

    for (text++; g_ascii_isdigit (*text); text++, unit /= 10)
      total += (*text - '0') * unit;
  }
  *after = text;
  return total;
}

/* "00:00.000 --> 00:02.000 position:10%". line: NUL-terminated. */
static gboolean
parse_times (const char *line, gint64 *begin_ms, gint64 *end_ms)
{
  const char *at = line;

  while (*at == ' ' || *at == '\t')
    at++;
  *begin_ms = parse_time (at, &at);
  if (*begin_ms < 0)
    return FALSE;
  at += strspn (at, " \t");
  if (strncmp (at, "-->", 3) != 0)
    return FALSE;
  at += 3;
  at += strspn (at, " \t");
  *end_ms = parse_time (at, &at);
  return *end_ms >= 0;
}

static gboolean
flush_paragraph (Reader *reader, GError **error)
{
  gboolean done =
      reader->paragraph->len == 0 || extract_paragraph (reader->sink, 0, reader->paragraph->str,
                                                        (gssize)reader->paragraph->len, error);

  g_string_truncate (reader->paragraph, 0);
  g_clear_pointer (&reader->speaker, g_free);
  return done;
}

/* "<v.loud Mary>": who speaks. (transfer full) (nullable) */
static char *
voice_of (const char *cue)
{
  const char *at = strstr (cue, "<v"), *end;

  if (at == NULL || (at[2] != ' ' && at[2] != '.') || (end = strchr (at, '>')) == NULL)
    return NULL;
  at += 2 + strcspn (at + 2, " >");
  return at >= end ? NULL : g_strstrip (g_strndup (at, (gsize)(end - at)));
}

/* Where the last is; the beginning when there is none. */
static const char *
last_of (const GString *cue, char c)
{
  const char *last = strrchr (cue->str, c);

  return last != NULL ? last : cue->str;
}

/* Tags and "{\an8}" go, entities become characters. */
static void
strip_cue (GString *cue)
{
  const char *at = cue->str;
  const char *last_tag = last_of (cue, '>'), *last_brace = last_of (cue, '}');
  char *to = cue->str;

  while (*at != '\0') {
    const char *end = NULL;

    if (*at == '<' && at < last_tag &&
        (g_ascii_isalpha (at[1]) || g_ascii_isdigit (at[1]) || (at[1] == '/' && at[2] != '\0')))
      end = strchr (at, '>');
    else if (*at == '{' && at < last_brace && at[1] == '\\')
      end = strchr (at, '}');

    if (end != NULL)
      at = end + 1;
    else
      *to++ = *at++;
  }
  g_string_truncate (cue, (gsize)(to - cue->str));
  markup_strip_tags (cue, TRUE);
}

static gboolean
end_cue (Reader *reader, GError **error)
{
  g_autofree char *voice = voice_of (reader->cue->str);
  GString *paragraph = reader->paragraph;
  gboolean is_sentence = paragraph->len > 0 && strchr (".!?", paragraph->str[paragraph->len - 1]);
  gboolean pause = reader->begin_ms - reader->last_end_ms >= PAUSE_MS;

  reader->in_cue = FALSE;
  reader->last_end_ms = reader->end_ms;
  strip_cue (reader->cue);
  g_strstrip (reader->cue->str);
  if (*reader->cue->str == '\0')
    return TRUE;
  if ((pause || (is_sentence && paragraph->len > PARAGRAPH_BYTES) ||
       paragraph->len > 8 * PARAGRAPH_BYTES) &&
      !flush_paragraph (reader, error))
    return FALSE;
  if (paragraph->len > 0)
    g_string_append_c (paragraph, '\n');
  if (voice != NULL && g_strcmp0 (voice, reader->speaker) != 0)
    g_string_append_printf (paragraph, "%s: ", voice);
  g_string_append (paragraph, reader->cue->str);
  g_free (reader->speaker);
  reader->speaker = g_steal_pointer (&voice);
  return TRUE;
}

static gboolean
take_line (Reader *reader, const char *line, gsize bytes, GError **error)
{
  g_autofree char *copy = g_strndup (line, bytes);
  gint64 begin_ms, end_ms;

  if (parse_times (copy, &begin_ms, &end_ms)) {
    if (reader->in_cue && !end_cue (reader, error))
      return FALSE;
    reader->in_cue = TRUE;
    reader->begin_ms = begin_ms;
    reader->end_ms = end_ms;
    g_string_truncate (reader->cue, 0);
    return TRUE;
  }
  if (!reader->in_cue) /* a cue's number, a note, a style */
    return TRUE;
  if (*g_strstrip (copy) == '\0')
    return end_cue (reader, error);
  if (reader->cue->len > 0)
    g_string_append_c (reader->cue, '\n');
  g_string_append (reader->cue, copy);
  return TRUE;
}

gboolean
extract_read_subtitles (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) text = text_load (input, sink);
  g_autoptr (GString) paragraph = g_string_new (NULL);
  g_autoptr (GString) cue = g_string_new (NULL);
  Reader reader = {.sink = sink, .paragraph = paragraph, .cue = cue};
  const char *at = text->str, *end = at + text->len, *line;
  gboolean done = TRUE;
  gsize bytes;

  while (done && text_next_line (&at, end, &line, &bytes))
    done = take_line (&reader, line, bytes, error);
  done = done && (!reader.in_cue || end_cue (&reader, error)) && flush_paragraph (&reader, error);
  g_free (reader.speaker);
  return done;
}
