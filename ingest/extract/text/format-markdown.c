/* Markdown: the document's text is the source itself; cmark finds the blocks in it. */
#include "chunker/markdown.h"
#include "ingest/extract/charset.h"
#include "ingest/extract/clean.h"
#include "ingest/extract/formats.h"
#include "ingest/extract/language.h"

#include <string.h>

typedef struct {
  ExtractSink *sink;
  const char *source;
  gsize done; /* bytes of the source delivered */
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

  if (reader->error != NULL)
    return;
  take_title (reader, block);
  extract_verbatim (reader->sink, block->kind, block->level, 0, reader->source + reader->done,
                    block->start_byte - reader->done, reader->source + block->start_byte,
                    block->end_byte - block->start_byte, &reader->error);
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

/* The source as UTF-8, cleaned; always ends with a NUL that is not counted. */
static GString *
load (const ExtractInput *input, ExtractSink *sink)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (GBytes) utf8 = NULL;
  GString *source;
  Charset charset;
  guint64 replaced;
  const char *text;

  charset_guess (data, bytes, NULL, &charset);
  utf8 = charset_to_utf8 (input->bytes, &charset, &replaced);
  if (replaced > 0)
    extract_warn (sink, "%" G_GUINT64_FORMAT " characters could not be read as %s", replaced,
                  charset.name);
  text = g_bytes_get_data (utf8, &bytes);
  source = g_string_sized_new (bytes + 1);
  if (clean_is (text, bytes))
    g_string_append_len (source, text, (gssize)bytes);
  else
    clean_append (source, text, bytes);
  return source;
}

gboolean
extract_read_markdown (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) source = load (input, sink);
  Reader reader = {.sink = sink, .source = source->str};

  read_front_matter (&reader);
  markdown_blocks (source->str, source->len, take_block, &reader);
  /* what belongs to no block at the end (link definitions) is text of the file, too */
  if (reader.error == NULL && reader.done < source->len) {
    const char *rest = source->str + reader.done;
    gsize bytes = source->len - reader.done, blank = 0;

    while (blank < bytes && g_ascii_isspace (rest[blank]))
      blank++;
    while (bytes > blank && g_ascii_isspace (rest[bytes - 1]))
      bytes--;
    if (blank < bytes)
      extract_verbatim (sink, BLOCK_PARAGRAPH, 0, 0, rest, blank, rest + blank, bytes - blank,
                        &reader.error);
  }
  if (reader.error != NULL)
    g_propagate_error (error, reader.error);
  return reader.error == NULL;
}
