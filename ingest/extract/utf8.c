#include "utf8.h"

#include <string.h>

#define ONES G_GUINT64_CONSTANT (0x0101010101010101)
#define HIGH_BITS (ONES * 0x80)

/* The length of the sequence at `at`, 0 if there is none: Unicode 15, table 3-7, and no NUL. */
static gsize
sequence_length (const guchar *at, gsize left)
{
  gsize length = *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : *at < 0xf5 ? 4 : 0;
  guchar min = *at == 0xe0 ? 0xa0 : *at == 0xf0 ? 0x90 : 0x80;
  guchar max = *at == 0xed ? 0x9f : *at == 0xf4 ? 0x8f : 0xbf;

  if (*at < 0x80)
    return *at != '\0';
  if (length == 0 || length > left || at[1] < min || at[1] > max)
    return 0;
  for (gsize i = 2; i < length; i++)
    if ((at[i] & 0xc0) != 0x80)
      return 0;
  return length;
}

/* Past all groups of eight ASCII characters. */
static const guchar *
skip_ascii (const guchar *at, const guchar *end)
{
  for (; end - at >= 8; at += 8) {
    guint64 word;

    memcpy (&word, at, 8);
    /* bits above ASCII, or a borrow of a byte that is 0 */
    if (((word | (word - ONES)) & HIGH_BITS) != 0)
      break;
  }
  return at;
}

gboolean
utf8_is_valid (const char *text, gsize bytes, const char **end)
{
  const guchar *at = (const guchar *)text, *stop = at + bytes;
  gsize length = 1;

  while (length > 0 && (at = skip_ascii (at, stop)) < stop) {
    /* up to where ASCII may go on */
    do {
      length = sequence_length (at, (gsize)(stop - at));
      at += length;
    } while (length > 1 && at < stop);
  }
  if (end != NULL)
    *end = (const char *)at;
  return at == stop;
}
