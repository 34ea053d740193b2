#include "document.h"

#include <string.h>

static const char *const kind_names[] = {
    [BLOCK_HEADING] = "heading", [BLOCK_PARAGRAPH] = "paragraph", [BLOCK_LIST_ITEM] = "list_item",
    [BLOCK_TABLE] = "table",     [BLOCK_CODE] = "code",
};

G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == BLOCK_KIND_LAST + 1);

Document *
document_new (void)
{
  Document *document = g_new0 (Document, 1);

  document->warnings = g_ptr_array_new_with_free_func (g_free);
  document->text = g_string_new (NULL);
  document->blocks = g_array_new (FALSE, TRUE, sizeof (Block));
  document->members = g_ptr_array_new_with_free_func ((GDestroyNotify)document_free);
  return document;
}

void
document_free (Document *document)
{
  if (document == NULL)
    return;
  g_free (document->name);
  g_free (document->format);
  g_free (document->mime_type);
  g_free (document->title);
  g_free (document->author);
  g_free (document->created);
  g_free (document->modified);
  g_free (document->language);
  g_free (document->extractor);
  g_free (document->partial);
  g_ptr_array_unref (document->warnings);
  g_string_free (document->text, TRUE);
  g_array_unref (document->blocks);
  g_ptr_array_unref (document->members);
  g_free (document->checksum);
  g_free (document->error_code);
  g_free (document->error_message);
  g_free (document);
}

void
document_append (Document *document, BlockKind kind, guint level, guint32 page, const char *gap,
                 gsize gap_bytes, const char *text, gsize text_bytes)
{
  g_string_append_len (document->text, gap, (gssize)gap_bytes);

  Block block = {
      .start_byte = document->text->len,
      .end_byte = document->text->len + text_bytes,
      .page = page,
      .kind = (guint8)kind,
      .level = (guint8)level,
  };

  g_string_append_len (document->text, text, (gssize)text_bytes);
  g_array_append_val (document->blocks, block);
}

void
document_continue (Document *document, const char *text, gsize text_bytes)
{
  g_return_if_fail (document->blocks->len > 0);

  g_string_append_len (document->text, text, (gssize)text_bytes);
  g_array_index (document->blocks, Block, document->blocks->len - 1).end_byte += text_bytes;
}

void
document_fail (Document *document, const char *code, const char *message)
{
  g_string_free (document->text, TRUE);
  document->text = g_string_new (NULL);
  g_array_unref (document->blocks);
  document->blocks = g_array_new (FALSE, TRUE, sizeof (Block));
  g_free (document->error_code);
  g_free (document->error_message);
  document->error_code = g_strdup (code);
  document->error_message = g_strdup (message);
}

static gboolean
has_text (const Document *document)
{
  for (gsize i = 0; i < document->text->len; i++)
    if (!g_ascii_isspace (document->text->str[i]))
      return TRUE;
  return FALSE;
}

const char *
document_outcome (const Document *document)
{
  if (document->error_code != NULL)
    return document->error_code;
  if (document->partial != NULL)
    return "partial";
  if (document->members->len == 0 && document->n_members == 0 && !has_text (document))
    return "empty";
  return "ok";
}

const char *
block_kind_name (BlockKind kind)
{
  g_return_val_if_fail (kind >= BLOCK_HEADING && kind <= BLOCK_KIND_LAST, NULL);
  return kind_names[kind];
}

BlockKind
block_kind_from_name (const char *name)
{
  for (int kind = BLOCK_HEADING; kind <= BLOCK_KIND_LAST; kind++)
    if (strcmp (kind_names[kind], name) == 0)
      return (BlockKind)kind;
  return 0;
}

static gboolean
is_underline (const char *line, const char *end)
{
  const char mark = *line;

  if (mark != '=' && mark != '-')
    return FALSE;
  while (line < end && *line == mark)
    line++;
  while (line < end && g_ascii_isspace (*line))
    line++;
  return line == end;
}

/* Narrows [*start, *end) to the words: "## Words ##" or "Words" over a line of '=' or '-'. */
static void
strip_heading_markup (const char **start, const char **end)
{
  const char *from = *start;
  const char *to = *end;
  const char *line = to;

  while (line > from && line[-1] != '\n' && line[-1] != '\r')
    line--;
  if (line > from && line < to && is_underline (line, to)) {
    *end = line;
    return;
  }
  while (from < to && from - *start < 6 && *from == '#')
    from++;
  if (from == *start || (from < to && !g_ascii_isspace (*from)))
    return;
  *start = from;
  while (to > from && g_ascii_isspace (to[-1]))
    to--;
  *end = to;
  while (to > from && to[-1] == '#')
    to--;
  if (to == from || g_ascii_isspace (to[-1]))
    *end = to;
}

char *
block_heading_text (const char *text, gsize bytes)
{
  const char *end = text + bytes;
  g_autoptr (GString) words = g_string_new (NULL);

  while (text < end && g_ascii_isspace (*text))
    text++;
  while (end > text && g_ascii_isspace (end[-1]))
    end--;
  strip_heading_markup (&text, &end);

  for (; text < end && words->len < BLOCK_HEADING_TEXT_MAX; text++) {
    if (!g_ascii_isspace (*text))
      g_string_append_c (words, *text);
    else if (words->len > 0 && words->str[words->len - 1] != ' ')
      g_string_append_c (words, ' ');
  }
  /* a character that was cut goes whole: back to the first byte of it */
  if (text < end && ((guchar)*text & 0xC0) == 0x80) {
    while (words->len > 0 && ((guchar)words->str[words->len - 1] & 0xC0) == 0x80)
      g_string_truncate (words, words->len - 1);
    if (words->len > 0)
      g_string_truncate (words, words->len - 1);
  }
  if (words->len > 0 && words->str[words->len - 1] == ' ')
    g_string_truncate (words, words->len - 1);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* Eight bytes at a time: a byte begins no character when its upper bits are 10. Each byte of a sum
 * counts its own ones, which are added up before it can overflow. */
gsize
text_count_chars (const char *text, gsize bytes)
{
  const guint64 each = G_GUINT64_CONSTANT (0x0101010101010101);
  gsize inside = 0;
  gsize i = 0;

  while (bytes - i >= sizeof (guint64)) {
    gsize end = i + MIN ((bytes - i) / sizeof (guint64), 31) * sizeof (guint64);
    guint64 sum = 0;

    for (; i < end; i += sizeof (guint64)) {
      guint64 word;
      memcpy (&word, text + i, sizeof word);
      sum += (word >> 7 & ~word >> 6) & each;
    }
    inside += (sum * each) >> 56; /* at most 8 * 31 */
  }
  for (; i < bytes; i++)
    inside += ((guchar)text[i] & 0xC0) == 0x80;
  return bytes - inside;
}
