/* kept-chunks.h: chunks kept for the tests to look at, and what holds for every input. */
#pragma once

#include "chunker/boundaries.h"
#include "chunker/chunker.h"
#include "chunker/token-table.h"

#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

typedef struct {
  char *content;
  gsize prefix_bytes, prefix_chars, start_byte, end_byte, start_char, end_char, overlap_chars;
  guint tokens, page_first, page_last, kinds;
  char *path;
  Cut cut;
} Kept;

static inline void
kept_clear (gpointer data)
{
  Kept *kept = data;

  g_free (kept->content);
  g_free (kept->path);
}

static inline gboolean
keep (const Chunk *chunk, gpointer user_data, GError **error)
{
  GArray *chunks = user_data;
  Kept kept = {
      .content = g_strndup (chunk->content, chunk->content_bytes),
      .prefix_bytes = chunk->prefix_bytes,
      .prefix_chars = chunk->prefix_chars,
      .start_byte = chunk->start_byte,
      .end_byte = chunk->end_byte,
      .start_char = chunk->start_char,
      .end_char = chunk->end_char,
      .overlap_chars = chunk->overlap_chars,
      .tokens = chunk->token_count,
      .page_first = chunk->page_first,
      .page_last = chunk->page_last,
      .kinds = chunk->kinds,
      .cut = chunk->cut,
  };
  GString *path = g_string_new (NULL);

  g_assert_cmpuint (chunk->position, ==, chunks->len);
  for (guint i = 0; i < chunk->n_headings; i++)
    g_string_append_printf (path, "%s%s", i > 0 ? " > " : "", chunk->heading_path[i]);
  kept.path = g_string_free (path, FALSE);
  g_array_append_val (chunks, kept);
  return TRUE;
}

#define KEPT(chunks, i) (&g_array_index (chunks, Kept, i))

/* (transfer full) (element-type Kept) */
static inline GArray *
run_with (const Document *document, const ChunkerOptions *options)
{
  GArray *chunks = g_array_new (FALSE, FALSE, sizeof (Kept));
  g_autoptr (GError) error = NULL;

  g_array_set_clear_func (chunks, kept_clear);
  chunker_run (document, options, keep, chunks, &error);
  g_assert_no_error (error);
  return chunks;
}

static inline gboolean
kept_is_blank (const char *text, gsize bytes)
{
  for (const char *at = text; at < text + bytes; at = g_utf8_next_char (at))
    if (!g_unichar_isspace (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static inline gboolean
is_one_cluster (const char *text, gsize bytes)
{
  g_autoptr (Boundaries) boundaries = boundaries_new (NULL);

  boundaries_set_text (boundaries, text, bytes);
  return boundaries_next_grapheme (boundaries, 0) == bytes;
}

/* Content is prefix and slice; sizes are what the counters say of the whole. */
static inline void
check_kept (const Document *document, const ChunkerOptions *options, const Kept *kept)
{
  const TokenCounter *counter = options->counter ? options->counter : &token_counter_estimate;
  gsize own = kept->end_byte - kept->start_byte, length = strlen (kept->content);
  const char *text = document->text->str + kept->start_byte;
  gsize chars = (gsize)g_utf8_strlen (kept->content, -1);

  g_assert_cmpuint (kept->end_byte, >, kept->start_byte);
  g_assert_cmpuint (length, ==, kept->prefix_bytes + own);
  g_assert_cmpuint (length, <=, CHUNKER_CONTENT_MAX);
  g_assert_cmpint (memcmp (kept->content + kept->prefix_bytes, text, own), ==, 0);
  g_assert_true (g_utf8_validate (kept->content, -1, NULL));
  g_assert_cmpuint (kept->prefix_chars, ==,
                    g_utf8_strlen (kept->content, (gssize)kept->prefix_bytes));
  g_assert_cmpuint (kept->end_char - kept->start_char, ==, g_utf8_strlen (text, (gssize)own));
  g_assert_cmpuint (kept->tokens, ==, counter->count (counter->data, kept->content, length));
  g_assert_cmpuint (kept->cut.size, ==,
                    options->unit == CHUNKER_UNIT_TOKENS ? kept->tokens : chars);
  g_assert_false (kept_is_blank (text, own));
  if (kept->cut.size > options->max) {
    g_assert_cmpuint (kept->prefix_bytes, ==, 0);
    g_assert_true (is_one_cluster (text, own));
  }
}

/* The spans are in order and cover all but long white space; chunks overlap only where it was asked
 * for, and there always. */
static inline void
check_spans (const Document *document, const ChunkerOptions *options, const GArray *chunks)
{
  gsize at = 0, at_char = 0;

  for (guint i = 0; i < chunks->len; i++) {
    const Kept *kept = KEPT (chunks, i);

    if (kept->start_byte > at) {
      g_assert_true (kept_is_blank (document->text->str + at, kept->start_byte - at));
      g_assert_cmpuint (kept->start_byte - at, >=, 64);
      at_char += (gsize)g_utf8_strlen (document->text->str + at, (gssize)(kept->start_byte - at));
      at = kept->start_byte;
    }
    if (options->overlap == 0)
      g_assert_cmpuint (kept->start_byte, ==, at);
    g_assert_cmpuint (kept->start_char + kept->overlap_chars, ==, at_char);
    g_assert_cmpuint (kept->end_byte, >, at);
    if (i > 0)
      g_assert_cmpuint (kept->start_byte, >, KEPT (chunks, i - 1)->start_byte);
    at = kept->end_byte;
    at_char = kept->end_char;
  }
  g_assert_true (kept_is_blank (document->text->str + at, document->text->len - at));
  if (chunks->len > 0 && at < document->text->len)
    g_assert_cmpuint (document->text->len - at, >=, 64);
}

/* Everything that holds for every input. */
static inline void
check_with (const Document *document, const ChunkerOptions *options, const GArray *chunks)
{
  for (guint i = 0; i < chunks->len; i++)
    check_kept (document, options, KEPT (chunks, i));
  check_spans (document, options, chunks);
}

/* Starts and ends. */
static inline void
check_graphemes (const Document *document, const GArray *chunks)
{
  UErrorCode status = U_ZERO_ERROR;
  UText text = UTEXT_INITIALIZER;
  UBreakIterator *breaks = ubrk_open (UBRK_CHARACTER, "", NULL, 0, &status);

  utext_openUTF8 (&text, document->text->str, (gint64)document->text->len, &status);
  ubrk_setUText (breaks, &text, &status);
  for (guint i = 0; i < chunks->len; i++) {
    g_assert_true (ubrk_isBoundary (breaks, (int32_t)KEPT (chunks, i)->start_byte));
    g_assert_true (ubrk_isBoundary (breaks, (int32_t)KEPT (chunks, i)->end_byte));
  }
  ubrk_close (breaks);
  utext_close (&text);
}
