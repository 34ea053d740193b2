#include "mail-text.h"

#include <string.h>

#define QUOTE_DEPTH_MAX 64
/* of a hundred words so many must be there for one text to stand for the other */
#define COVERED_PERCENT 85

/* --- paragraphs --------------------------------------------------------------------------------
 */

typedef struct {
  const MailTextFormat *format;
  ExtractSink *sink;
  GString *paragraph;
  guint depth;    /* of quotation, of the paragraph */
  gboolean joins; /* its last line goes on in the next (flowed) */
} TextReader;

static gboolean
flush (TextReader *reader, GError **error)
{
  gboolean ok =
      reader->paragraph->len == 0 || extract_paragraph (reader->sink, 0, reader->paragraph->str,
                                                        (gssize)reader->paragraph->len, error);

  g_string_truncate (reader->paragraph, 0);
  reader->joins = FALSE;
  return ok;
}

/* How deep the line is quoted; *content: what is left of it. Flowed text has no spaces between the
 * marks (RFC 3676 4.5), other mail may ("> > "). */
static guint
quote_depth (const char *line, gsize bytes, gboolean flowed, gsize *content)
{
  guint depth = 0;
  gsize at = 0;

  while (at < bytes && depth < QUOTE_DEPTH_MAX) {
    gsize mark = at;

    while (!flowed && depth > 0 && mark < bytes && line[mark] == ' ')
      mark++;
    if (mark == bytes || line[mark] != '>')
      break;
    depth++;
    at = mark + 1;
  }
  *content = at;
  return depth;
}

/* Nothing but spaces, no-break ones among them. */
static gboolean
is_blank (const char *text, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++) {
    if (i + 1 < bytes && memcmp (text + i, "\xc2\xa0", 2) == 0)
      i++;
    else if (!g_ascii_isspace (text[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_signature_mark (const char *line, gsize bytes)
{
  return bytes == 3 && memcmp (line, "-- ", 3) == 0;
}

static void
add_flowed (TextReader *reader, const char *line, gsize bytes, guint depth)
{
  gboolean goes_on = bytes > 0 && line[bytes - 1] == ' ' && !is_signature_mark (line, bytes);

  if (!reader->joins) {
    if (reader->paragraph->len > 0)
      g_string_append_c (reader->paragraph, '\n');
    for (guint i = 0; i < depth; i++)
      g_string_append (reader->paragraph, i + 1 == depth ? "> " : ">");
  }
  g_string_append_len (reader->paragraph, line,
                       (gssize)(bytes - (goes_on && reader->format->delsp)));
  reader->joins = goes_on;
}

static gboolean
add_line (TextReader *reader, const char *line, gsize bytes, GError **error)
{
  gboolean flowed = reader->format->flowed;
  gsize start;
  guint depth = quote_depth (line, bytes, flowed, &start);

  if ((depth != reader->depth || is_signature_mark (line, bytes)) && !flush (reader, error))
    return FALSE;
  reader->depth = depth;
  if (is_blank (line + start, bytes - start))
    return flush (reader, error);
  if (flowed) {
    start += start < bytes && line[start] == ' '; /* space-stuffed, 4.4 */
    add_flowed (reader, line + start, bytes - start, depth);
    return TRUE;
  }
  if (reader->paragraph->len > 0)
    g_string_append_c (reader->paragraph, '\n');
  g_string_append_len (reader->paragraph, line, (gssize)bytes);
  return TRUE;
}

gboolean
mail_text_read (const char *text, gsize bytes, const MailTextFormat *format, ExtractSink *sink,
                GError **error)
{
  g_autoptr (GString) paragraph = g_string_new (NULL);
  TextReader reader = {.format = format, .sink = sink, .paragraph = paragraph};
  const char *end = text + bytes;

  while (text < end) {
    const char *line_end = memchr (text, '\n', (gsize)(end - text)) ?: end;
    gsize length = (gsize)(line_end - text);

    if (length > 0 && text[length - 1] == '\r')
      length--;
    if (!add_line (&reader, text, length, error))
      return FALSE;
    text = line_end + (line_end < end);
  }
  return flush (&reader, error);
}

/* --- enriched text -----------------------------------------------------------------------------
 */

/* The end of the tag at `at`, which is '<'; NULL when it is none. */
static const char *
tag_end (const char *at, const char *end)
{
  const char *close = memchr (at, '>', (gsize)MIN (end - at, 64));

  return close != NULL && (g_ascii_isalpha (at[1]) || at[1] == '/') ? close + 1 : NULL;
}

/* What a command is given is no text: up to its end, or nothing where it has none. */
static const char *
skip_parameter (const char *at, const char *end)
{
  const char *close = g_strstr_len (at, end - at, "</param>");

  return close != NULL ? close : at;
}

GString *
mail_text_from_enriched (const char *text, gsize bytes, gboolean is_richtext)
{
  GString *out = g_string_sized_new (bytes);
  const char *end = text + bytes;

  while (text < end) {
    const char *after = *text == '<' && end - text > 2 ? tag_end (text, end) : NULL;

    if (after != NULL) {
      if (g_ascii_strncasecmp (text, "<nl>", 4) == 0 ||
          g_ascii_strncasecmp (text, "</paragraph>", 12) == 0)
        g_string_append_c (out, '\n');
      else if (g_ascii_strncasecmp (text, "<param>", 7) == 0)
        after = skip_parameter (after, end);
      else if (g_ascii_strncasecmp (text, "<lt>", 4) == 0)
        g_string_append_c (out, '<');
      text = after;
    } else if (!is_richtext && *text == '<' && text + 1 < end && text[1] == '<') {
      g_string_append_c (out, '<');
      text += 2;
    } else if (*text == '\n') {
      gsize lines = 0;

      for (; text < end && (*text == '\n' || *text == '\r'); text++)
        lines += *text == '\n';
      /* one line end is a space, n are n - 1 */
      if (lines == 1 || is_richtext)
        g_string_append_c (out, ' ');
      for (; !is_richtext && lines > 1; lines--)
        g_string_append_c (out, '\n');
    } else {
      if (*text != '\r')
        g_string_append_c (out, *text);
      text++;
    }
  }
  return out;
}

/* --- comparing ---------------------------------------------------------------------------------
 */

/* Ideographs and kana: a character counts as a word, for there are no spaces. */
static gboolean
is_word_itself (gunichar c)
{
  return c >= 0x2e80 && c < 0xfb00 && !(c >= 0xac00 && c < 0xd7b0);
}

/* The next word from `*at`; NULL at the end. "http://..." is none. */
static const char *
next_word (const char **at, gsize *bytes)
{
  while (**at != '\0') {
    const char *start = *at, *end = start;

    if (!g_unichar_isalnum (g_utf8_get_char (start))) {
      *at = g_utf8_next_char (start);
      continue;
    }
    if (is_word_itself (g_utf8_get_char (start)))
      end = g_utf8_next_char (start);
    else
      while (*end != '\0' && g_unichar_isalnum (g_utf8_get_char (end)) &&
             !is_word_itself (g_utf8_get_char (end)))
        end = g_utf8_next_char (end);
    *at = end;
    if (strncmp (end, "://", 3) == 0) {
      *at += strcspn (end, " \t\n>)\"");
      continue;
    }
    *bytes = (gsize)(end - start);
    return start;
  }
  return NULL;
}

gboolean
mail_text_covers (const char *text, const char *other)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize bytes, found = 0, all = 0;
  const char *word;

  while ((word = next_word (&text, &bytes)) != NULL)
    g_hash_table_add (words, g_strndup (word, bytes));
  while ((word = next_word (&other, &bytes)) != NULL) {
    g_autofree char *key = g_strndup (word, bytes);

    all++;
    found += g_hash_table_contains (words, key);
  }
  return found * 100 >= all * COVERED_PERCENT;
}
