#include "clean.h"

#include <string.h>

static gboolean
is_control (guchar c)
{
  return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
}

/* Eight bytes at a time: TRUE when one of them is below 0x20 and neither tab nor line feed, or is
 * DEL. May say TRUE without cause, never FALSE. */
static gboolean
word_has_control (guint64 word)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  const guint64 high = ones * 0x80;
  guint64 below = (word - ones * 0x20) & ~word & high;
  guint64 del = word ^ (ones * 0x7f);

  del = (del - ones) & ~del & high;
  return (below | del) != 0;
}

static gboolean
has_control (const char *text, gsize bytes)
{
  gsize i = 0;

  while (i + 8 <= bytes) {
    guint64 word;

    memcpy (&word, text + i, 8);
    if (word_has_control (word))
      for (gsize j = i; j < i + 8; j++)
        if (is_control ((guchar)text[j]))
          return TRUE;
    i += 8;
  }
  for (; i < bytes; i++)
    if (is_control ((guchar)text[i]))
      return TRUE;
  return FALSE;
}

/* Appends valid UTF-8 without its control characters, line ends folded. */
static void
append_without_controls (GString *out, const char *text, gsize bytes)
{
  gsize start = 0;

  for (gsize i = 0; i < bytes; i++) {
    if (!is_control ((guchar)text[i]))
      continue;
    g_string_append_len (out, text + start, (gssize)(i - start));
    start = i + 1;
    if (text[i] == '\f' || text[i] == '\v' ||
        (text[i] == '\r' && (i + 1 == bytes || text[i + 1] != '\n')))
      g_string_append_c (out, '\n');
  }
  g_string_append_len (out, text + start, (gssize)(bytes - start));
}

gboolean
clean_is (const char *text, gsize bytes)
{
  return !has_control (text, bytes) && g_utf8_validate_len (text, bytes, NULL);
}

void
clean_append (GString *out, const char *text, gsize bytes)
{
  const char *end = text + bytes;
  const char *valid_end;

  while (!g_utf8_validate_len (text, (gsize)(end - text), &valid_end)) {
    append_without_controls (out, text, (gsize)(valid_end - text));
    if (*valid_end != '\0')
      g_string_append (out, "\xef\xbf\xbd");
    text = valid_end + 1;
    while (text < end && ((guchar)*text & 0xc0) == 0x80)
      text++;
  }
  append_without_controls (out, text, (gsize)(end - text));
}
