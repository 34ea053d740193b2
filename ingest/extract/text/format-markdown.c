/* Markdown: the document's text is the source itself; cmark finds the blocks in it. */
#include "chunker/markdown.h"
#include "ingest/extract/formats.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sink.h"
#include "text-load.h"

#include <string.h>

typedef struct {
  ExtractSink *sink;
  const char *source;
  gsize done;            /* bytes of the source delivered */
  const char *first_gap; /* (nullable) in place of what stands before the first block */
  gboolean has_title;
  GError *error;
} Reader;

static void
take_title (Reader *reader, const Block *block)
{
  g_autofree char *title = NULL;

  if (reader->has_title || block->kind != BLOCK_HEADING || block->level != 1)
    return;
  title =
      block_heading_text (reader->source + block->start_byte, block->end_byte - block->start_byte);
  extract_meta (reader->sink, "title", title);
  reader->has_title = TRUE;
}

static void
take_block (const Block *block, gpointer user_data)
{
  Reader *reader = user_data;
  const char *gap = reader->source + reader->done;
  gsize gap_bytes = block->start_byte - reader->done;

  if (reader->error != NULL)
    return;
  take_title (reader, block);
  if (reader->first_gap != NULL) {
    gap = extract_sink_blocks (reader->sink) > 0 ? reader->first_gap : "";
    gap_bytes = strlen (gap);
    reader->first_gap = NULL;
  }
  extract_verbatim (reader->sink, block->kind, block->level, 0, gap, gap_bytes,
                    reader->source + block->start_byte, block->end_byte - block->start_byte,
                    &reader->error);
  reader->done = block->end_byte;
}

/* "title: ..." and the like in the YAML at the start; plain scalars only. */
static void
read_front_matter (Reader *reader)
{
  static const char *const keys[][2] = {
      {"title", "title"}, {"author", "author"}, {"lang", "language"}, {"language", "language"}};
  const char *end;
  g_auto (GStrv) lines = NULL;
  g_autofree char *yaml = NULL;

  if (!g_str_has_prefix (reader->source, "---\n") ||
      (end = strstr (reader->source + 3, "\n---")) == NULL || end - reader->source > 1 << 16)
    return;
  yaml = g_strndup (reader->source + 4, MAX (end - reader->source, 4) - 4);
  lines = g_strsplit (yaml, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    for (guint j = 0; j < G_N_ELEMENTS (keys); j++) {
      gsize length = strlen (keys[j][0]);
      g_autofree char *value = NULL;

      if (strncmp (lines[i], keys[j][0], length) != 0 || lines[i][length] != ':')
        continue;
      value = g_strstrip (g_strdup (lines[i] + length + 1));
      length = strlen (value);
      if (length >= 2 && (*value == '"' || *value == '\'') && value[length - 1] == *value) {
        value[length - 1] = '\0';
        memmove (value, value + 1, length - 1);
      }
      if (*value == '\0' || strchr ("[{|>&*", *value) != NULL)
        continue;
      if (j >= 2) {
        g_autofree char *language = language_normalise (value);

        extract_meta (reader->sink, "language", language);
      } else {
        extract_meta (reader->sink, keys[j][1], value);
      }
      reader->has_title |= j == 0;
    }
}

gboolean
text_deliver_markdown (ExtractSink *sink, const char *gap, const char *source, gsize bytes,
                       gboolean is_document, GError **error)
{
  Reader reader = {.sink = sink, .source = source, .first_gap = gap, .has_title = !is_document};

  if (is_document)
    read_front_matter (&reader);
  markdown_blocks (source, bytes, take_block, &reader);
  /* what belongs to no block at the end (link definitions) is text of the file, too */
  if (reader.error == NULL && reader.done < bytes) {
    const char *rest = source + reader.done;
    gsize left = bytes - reader.done, blank = 0;

    while (blank < left && g_ascii_isspace (rest[blank]))
      blank++;
    while (left > blank && g_ascii_isspace (rest[left - 1]))
      left--;
    if (blank < left)
      extract_verbatim (sink, BLOCK_PARAGRAPH, 0, 0, rest, blank, rest + blank, left - blank,
                        &reader.error);
  }
  if (reader.error != NULL)
    g_propagate_error (error, reader.error);
  return reader.error == NULL;
}

gboolean
extract_read_markdown (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) source = text_load (input, sink);

  return text_deliver_markdown (sink, NULL, source->str, source->len, TRUE, error);
}
