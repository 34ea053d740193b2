#include "clean.h"

#include "utf8.h"

#include <string.h>

static gboolean
is_control (guchar c)
{
  return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
}

#define ONES G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGH_BITS (ONES * 0x80)

/* The high bit of each byte of `word` that is `c`. */
static guint64
bytes_equal (guint64 word, guchar c)
{
  guint64 other = word ^ (ONES * c);

  return ~(((other & ~HIGH_BITS) + ~HIGH_BITS) | other) & HIGH_BITS;
}

/* Is any of the eight bytes one of is_control? */
static gboolean
word_has_control (const char *text)
{
  guint64 word, below;

  memcpy (&word, text, 8);
  /* no carry leaves a byte: 0x7f + 0x60 is less than 0x100 */
  below = ~(((word & ~HIGH_BITS) + ONES * 0x60) | word) & HIGH_BITS;
  return ((below & ~bytes_equal (word, '\t') & ~bytes_equal (word, '\n')) |
          bytes_equal (word, 0x7f)) != 0;
}

/* Where the first control character at or behind `i` is; `bytes`: there is none. */
static gsize
find_control (const char *text, gsize i, gsize bytes)
{
  while (bytes - i >= 8 && !word_has_control (text + i))
    i += 8;
  while (i < bytes && !is_control ((guchar)text[i]))
    i++;
  return i;
}

/* Appends valid UTF-8 without its control characters, line ends folded. */
static void
append_without_controls (GString *out, const char *text, gsize bytes)
{
  gsize start = 0;

  for (gsize i = 0; (i = find_control (text, i, bytes)) < bytes; i++) {
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
  return find_control (text, 0, bytes) == bytes && utf8_is_valid (text, bytes, NULL);
}

void
clean_append (GString *out, const char *text, gsize bytes)
{
  const char *end = text + bytes;
  const char *valid_end;

  while (!utf8_is_valid (text, (gsize)(end - text), &valid_end)) {
    append_without_controls (out, text, (gsize)(valid_end - text));
    if (*valid_end != '\0')
      g_string_append (out, "\xef\xbf\xbd");
    text = valid_end + 1;
    while (text < end && ((guchar)*text & 0xc0) == 0x80)
      text++;
  }
  append_without_controls (out, text, (gsize)(end - text));
}
