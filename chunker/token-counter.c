#include "token-counter.h"

#include "document.h"

#define CHARS_A_TOKEN 4

static gsize
estimate_count (gconstpointer data, const char *text, gsize bytes)
{
  return (text_count_chars (text, bytes) + CHARS_A_TOKEN - 1) / CHARS_A_TOKEN;
}

static gsize
estimate_prefix (gconstpointer data, const char *text, gsize bytes, gsize max_tokens)
{
  gsize left = max_tokens > G_MAXSIZE / CHARS_A_TOKEN ? G_MAXSIZE : max_tokens * CHARS_A_TOKEN;
  gsize at = 0;

  if (bytes <= left)
    return bytes;
  /* `left` characters are at least as many bytes: those can be taken at once */
  while (left >= sizeof (guint64) && bytes - at > left) {
    gsize step = left;

    left -= text_count_chars (text + at, step);
    at += step;
  }
  for (; at < bytes; at++) {
    if (((guchar)text[at] & 0xC0) == 0x80)
      continue;
    if (left == 0)
      return at;
    left--;
  }
  return bytes;
}

const TokenCounter token_counter_estimate = {"estimate", estimate_count, estimate_prefix, NULL};
