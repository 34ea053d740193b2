#include "token-counter.h"

#define CHARS_A_TOKEN 4

/* Bytes that begin a character: all but 10xxxxxx. */
static gsize
count_chars (const char *text, gsize bytes)
{
  gsize chars = 0;

  for (gsize i = 0; i < bytes; i++)
    chars += ((guchar)text[i] & 0xC0) != 0x80;
  return chars;
}

static gsize
estimate_count (gconstpointer data, const char *text, gsize bytes)
{
  return (count_chars (text, bytes) + CHARS_A_TOKEN - 1) / CHARS_A_TOKEN;
}

static gsize
estimate_prefix (gconstpointer data, const char *text, gsize bytes, gsize max_tokens)
{
  gsize left = max_tokens > G_MAXSIZE / CHARS_A_TOKEN ? G_MAXSIZE : max_tokens * CHARS_A_TOKEN;

  if (bytes <= left)
    return bytes;
  for (gsize i = 0; i < bytes; i++) {
    if (((guchar)text[i] & 0xC0) == 0x80)
      continue;
    if (left == 0)
      return i;
    left--;
  }
  return bytes;
}

const TokenCounter token_counter_estimate = {"estimate", estimate_count, estimate_prefix, NULL};
