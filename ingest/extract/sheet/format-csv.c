/* Separated values: comma, semicolon, tab, '|'. Read in slices: a file of any size takes no more
 * memory than its longest row. */
#include "csv-dialect.h"
#include "ingest/extract/charset.h"
#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <string.h>

/* The dialect is told from so much. */
#define HEAD_BYTES (64u << 10)
/* A longer row is cut, a quote that is not closed within is none. */
#define ROW_BYTES_MAX (1u << 20)
#define PIECE_BYTES (256u << 10)

typedef struct {
  ExtractSink *sink;
  GString *pending; /* UTF-8 that is not taken apart yet */
  GString *out;     /* rendered, not delivered */
  gsize field;      /* where in it the field begins that is being taken */
  CsvDialect dialect;
  guint titles_left;
  gboolean started;
  gboolean is_open;      /* a block was delivered and goes on */
  gboolean needs_rule;   /* after the row that follows */
  gboolean folded[256];  /* what does not stand in a row as it is */
  gboolean special[256]; /* where a plain field stops */
} Reader;

typedef enum {
  FIELD_END, /* a delimiter */
  ROW_END,
  NEEDS_MORE,
} Stop;

/* --- delivery ----------------------------------------------------------------------------------
 */

static gboolean
flush (Reader *reader, GError **error)
{
  BlockKind kind = reader->dialect.delimiter != 0 ? BLOCK_TABLE : BLOCK_PARAGRAPH;
  gboolean done = TRUE;

  if (reader->out->len == 0)
    return TRUE;
  if (reader->is_open)
    done = extract_more (reader->sink, reader->out->str, reader->out->len, error);
  else
    done = extract_verbatim (reader->sink, kind, 0, 0, "\n\n",
                             extract_sink_blocks (reader->sink) > 0 ? 2 : 0, reader->out->str,
                             reader->out->len, error);
  reader->is_open = TRUE;
  g_string_truncate (reader->out, 0);
  return done;
}

/* --- fields ------------------------------------------------------------------------------------
 */

/* Appends a text on one line, '|' escaped in Markdown. */
static void
append_text (Reader *reader, const char *text, gsize bytes)
{
  const char *end = text + bytes;
  GString *out = reader->out;

  while (text < end) {
    const char *start = text;

    while (text < end && !reader->folded[(guchar)*text])
      text++;
    g_string_append_len (out, start, text - start);
    if (text == end)
      return;
    if (*text == '|')
      g_string_append (out, "\\|");
    else if (out->len > reader->field && out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
    text++;
  }
}

/* At a delimiter, a line end or the end. The line end is passed. */
static Stop
take_end (Reader *reader, const char **at, const char *end, gboolean whole)
{
  if (*at == end)
    return whole ? ROW_END : NEEDS_MORE;
  if (**at == '\r') {
    if (*at + 1 == end && !whole)
      return NEEDS_MORE;
    (*at)++;
    if (*at < end && **at == '\n')
      (*at)++;
    return ROW_END;
  }
  (*at)++;
  return (*at)[-1] == '\n' ? ROW_END : FIELD_END;
}

static Stop
take_plain (Reader *reader, const char **at, const char *end, gboolean whole)
{
  while (TRUE) {
    const char *start = *at;

    while (*at < end && !reader->special[(guchar) * *at])
      (*at)++;
    g_string_append_len (reader->out, start, *at - start);
    if (*at == end || **at == reader->dialect.delimiter || **at == '\n' || **at == '\r')
      break;
    append_text (reader, *at, 1);
    (*at)++;
  }
  while (reader->out->len > reader->field && reader->out->str[reader->out->len - 1] == ' ')
    g_string_truncate (reader->out, reader->out->len - 1);
  return take_end (reader, at, end, whole);
}

/* At the quote that opens. FALSE, nothing taken: no quote closes. */
static gboolean
take_quoted (Reader *reader, const char **at, const char *end)
{
  gsize length = reader->out->len;
  const char *from = *at + 1;

  while (TRUE) {
    const char *quote = memchr (from, '"', (gsize)(end - from));

    if (quote == NULL) {
      g_string_truncate (reader->out, length);
      return FALSE;
    }
    append_text (reader, from, (gsize)(quote - from));
    from = quote + 1;
    if (from == end || *from != '"')
      break;
    g_string_append_c (reader->out, '"');
    from++;
  }
  *at = from;
  return TRUE;
}

static Stop
take_field (Reader *reader, const char **at, const char *end, gboolean whole)
{
  while (*at < end && **at == ' ')
    (*at)++;
  if (*at < end && **at == '"' && reader->dialect.delimiter != 0 &&
      !take_quoted (reader, at, end) && !whole)
    return NEEDS_MORE;
  if (*at == end)
    return whole ? ROW_END : NEEDS_MORE;
  return take_plain (reader, at, end, whole);
}

/* --- rows --------------------------------------------------------------------------------------
 */

static void
append_rule (Reader *reader)
{
  g_string_append (reader->out, "\n|");
  for (guint i = 0; i < reader->dialect.columns; i++)
    g_string_append (reader->out, " --- |");
  reader->needs_rule = FALSE;
}

static void
begin_field (Reader *reader, guint field)
{
  if (reader->dialect.has_header)
    g_string_append (reader->out, field == 0 ? "| " : " | ");
  else if (field > 0)
    g_string_append_c (reader->out, '\t');
}

/* "| a |  | c" is "| a | | c |", filled up. */
static void
end_row (Reader *reader, guint fields)
{
  if (!reader->dialect.has_header) {
    while (reader->out->len > 0 && reader->out->str[reader->out->len - 1] == '\t')
      g_string_truncate (reader->out, reader->out->len - 1);
    return;
  }
  for (; fields < reader->dialect.columns; fields++)
    g_string_append (reader->out, " |");
  g_string_append (reader->out, " |");
}

/* Takes the next row off `*at`. FALSE: it is not complete; nothing is taken. */
static gboolean
take_row (Reader *reader, const char **at, const char *end, gboolean whole)
{
  const char *start = *at;
  gsize length = reader->out->len, row, filled = 0;
  guint fields = 0;
  Stop stop;

  if (reader->out->len > 0 || reader->is_open)
    g_string_append_c (reader->out, '\n');
  row = reader->out->len;
  do {
    begin_field (reader, fields++);
    reader->field = reader->out->len;
    stop = take_field (reader, at, end, whole);
    filled += reader->out->len - reader->field;
    /* an empty field has one space, not two */
    if (reader->out->len == reader->field && reader->dialect.has_header)
      g_string_truncate (reader->out, reader->field - 1);
  } while (stop == FIELD_END);
  if (stop == NEEDS_MORE || filled == 0) {
    g_string_truncate (reader->out, length);
    if (stop == NEEDS_MORE)
      *at = start;
    return stop != NEEDS_MORE;
  }
  end_row (reader, fields);
  if (reader->needs_rule && reader->out->len > row)
    append_rule (reader);
  return TRUE;
}

/* --- the text ----------------------------------------------------------------------------------
 */

static void
start (Reader *reader, gboolean whole, char preferred)
{
  const char *text = reader->pending->str;

  csv_dialect_guess (text, MIN (reader->pending->len, HEAD_BYTES), whole, preferred,
                     &reader->dialect);
  g_string_erase (reader->pending, 0, (gssize)reader->dialect.skip_bytes);
  reader->started = TRUE;
  reader->titles_left = reader->dialect.titles;
  reader->needs_rule = reader->dialect.has_header;
  reader->special['\n'] = reader->special['\r'] = reader->special['\t'] = TRUE;
  for (const char *sign = "\n\r\t\v\f"; *sign != '\0'; sign++)
    reader->folded[(guchar)*sign] = TRUE;
  reader->special['|'] = reader->folded['|'] = reader->dialect.has_header;
  if (reader->dialect.delimiter != 0)
    reader->special[(guchar)reader->dialect.delimiter] = TRUE;
}

/* A row above the header, as a paragraph. */
static gboolean
take_title (Reader *reader, const char **at, const char *end, gboolean *done, GError **error)
{
  CsvDialect dialect = reader->dialect;
  g_autoptr (GString) title = NULL;
  gboolean needs_rule = reader->needs_rule;

  reader->dialect.has_header = reader->needs_rule = FALSE;
  *done = take_row (reader, at, end, TRUE);
  reader->dialect = dialect;
  reader->needs_rule = needs_rule;
  title = g_string_new (g_strstrip (reader->out->str));
  g_string_truncate (reader->out, 0);
  if (title->len > 0)
    reader->titles_left--;
  return extract_paragraph (reader->sink, 0, title->str, (gssize)title->len, error);
}

static gboolean
drain (Reader *reader, gboolean at_end, GError **error)
{
  const char *text = reader->pending->str, *end = text + reader->pending->len;
  const char *at = text;
  gboolean more = TRUE;

  while (more && at < end) {
    gboolean whole = at_end || (gsize)(end - at) > ROW_BYTES_MAX;

    if (reader->titles_left > 0) {
      if (!take_title (reader, &at, end, &more, error))
        return FALSE;
    } else {
      more = take_row (reader, &at, end, whole);
    }
    if (reader->out->len >= PIECE_BYTES && !flush (reader, error))
      return FALSE;
  }
  g_string_erase (reader->pending, 0, at - text);
  return TRUE;
}

typedef struct {
  Reader *reader;
  char preferred;
} Source;

static gboolean
take_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  Source *source = user_data;
  Reader *reader = source->reader;

  g_string_append_len (reader->pending, slice, (gssize)bytes);
  if (!reader->started && reader->pending->len < HEAD_BYTES)
    return TRUE;
  if (!reader->started)
    start (reader, FALSE, source->preferred);
  return drain (reader, FALSE, error);
}

static char
preferred_delimiter (const ExtractInput *input)
{
  const char *dot = strrchr (input->name, '.');

  if (dot != NULL &&
      (g_ascii_strcasecmp (dot, ".tsv") == 0 || g_ascii_strcasecmp (dot, ".tab") == 0))
    return '\t';
  return g_str_has_prefix (input->declared, "text/tab-separated-values") ? '\t' : 0;
}

gboolean
extract_read_csv (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (GString) pending = g_string_new (NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  Reader reader = {.sink = sink, .pending = pending, .out = out};
  Source source = {&reader, preferred_delimiter (input)};
  Charset charset;
  guint64 replaced;

  if (bytes == 0)
    return TRUE;
  charset_guess (data, bytes, NULL, &charset);
  if (!charset_decode (data, bytes, &charset, take_slice, &source, &replaced, error))
    return FALSE;
  if (!reader.started)
    start (&reader, TRUE, source.preferred);
  if (!drain (&reader, TRUE, error) || !flush (&reader, error))
    return FALSE;
  if (replaced > 0)
    extract_warn (sink, "%" G_GUINT64_FORMAT " characters could not be read as %s", replaced,
                  charset.name);
  return TRUE;
}
