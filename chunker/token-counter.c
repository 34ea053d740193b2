#include "token-counter.h"

#include "bpe.h"
#include "chunker.h"

#include <string.h>

#define CHARS_A_TOKEN 4

/* Of characters any part is counted by itself. */
#define BLOCK 64

gsize
token_counter_blocks (gpointer data, TokenPiece last, const char *text, gsize bytes,
                      TokenPiece *pieces)
{
  gsize n = 0;

  while (last.end < bytes) {
    gsize end = MIN (last.end + BLOCK, bytes);
    while (end < bytes && ((guchar)text[end] & 0xC0) == 0x80)
      end++;
    last.tokens += (guint32)text_count_chars (text + last.end, end - last.end);
    last.end = (guint32)end;
    pieces[n++] = last;
  }
  return n;
}

static gsize
estimate_count (gpointer data, const char *text, gsize bytes)
{
  return (text_count_chars (text, bytes) + CHARS_A_TOKEN - 1) / CHARS_A_TOKEN;
}

static gsize
estimate_prefix (gpointer data, const char *text, gsize bytes, gsize max_tokens)
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

static gsize
estimate_count_grown (gpointer data, TokenGrowth *growth, const char *text, gsize bytes)
{
  /* `tokens` are characters here */
  growth->tokens += text_count_chars (text + growth->bytes, bytes - growth->bytes);
  growth->bytes = bytes;
  return (growth->tokens + CHARS_A_TOKEN - 1) / CHARS_A_TOKEN;
}

const TokenCounter token_counter_estimate = {.name = "estimate",
                                             .count = estimate_count,
                                             .prefix = estimate_prefix,
                                             .count_grown = estimate_count_grown,
                                             .pieces = token_counter_blocks,
                                             .units = CHARS_A_TOKEN,
                                             .adds_up = TRUE};

/* --- exact -------------------------------------------------------------------------------------
 */

static gsize
exact_count (gpointer data, const char *text, gsize bytes)
{
  return bpe_count (data, text, bytes);
}

static gsize
exact_prefix (gpointer data, const char *text, gsize bytes, gsize max_tokens)
{
  return bpe_prefix (data, text, bytes, max_tokens);
}

static gsize
exact_count_grown (gpointer data, TokenGrowth *growth, const char *text, gsize bytes)
{
  return bpe_count_grown (data, growth, text, bytes);
}

static gsize
exact_pieces (gpointer data, TokenPiece last, const char *text, gsize bytes, TokenPiece *pieces)
{
  return bpe_pieces (data, last, text, bytes, pieces);
}

static void
exact_free (gpointer data)
{
  bpe_free (data);
}

void
token_counter_clear (TokenCounter *counter)
{
  if (counter->free != NULL)
    counter->free (counter->data);
  memset (counter, 0, sizeof *counter);
}

gboolean
token_counter_open (TokenCounter *counter, const char *name, gconstpointer table, gsize table_bytes,
                    GError **error)
{
  static const char *const exact[] = {"cl100k_base", "o200k_base"};

  if (strcmp (name, token_counter_estimate.name) == 0) {
    *counter = token_counter_estimate;
    return TRUE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (exact); i++) {
    if (strcmp (name, exact[i]) != 0)
      continue;

    const BpeEncoding *encoding = bpe_table_find (table, table_bytes, name);
    if (encoding == NULL) {
      g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS,
                   "tokenizer %s is not in this program: it was built without npm or network; "
                   "install npm and run make tokens, or set tokenizer = estimate",
                   name);
      return FALSE;
    }
    *counter = (TokenCounter){.name = exact[i],
                              .count = exact_count,
                              .prefix = exact_prefix,
                              .count_grown = exact_count_grown,
                              .pieces = exact_pieces,
                              .units = 1,
                              .data = bpe_new (encoding),
                              .free = exact_free};
    return TRUE;
  }
  g_set_error (error, CHUNKER_ERROR, CHUNKER_ERROR_OPTIONS,
               "tokenizer %s is not " TOKEN_COUNTER_NAMES, name);
  return FALSE;
}

void
token_counter_open_default (TokenCounter *counter, gconstpointer table, gsize table_bytes)
{
  if (!token_counter_open (counter, TOKEN_COUNTER_DEFAULT, table, table_bytes, NULL))
    *counter = token_counter_estimate;
}
