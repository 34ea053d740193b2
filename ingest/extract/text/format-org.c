/* Org: outline, lists, tables, code; drawers, comments and settings are left out. */
#include "ingest/extract/formats.h"
#include "light.h"
#include "text-load.h"

#include <string.h>

typedef struct {
  Light light;
  ExtractSink *sink;
  GPtrArray *rows; /* (nullable) of the table that is open */
  gboolean has_header;
  const char *at, *end;
} Reader;

/* --- within a line ---------------------------------------------------------------------------- */

/* "[[target][text]]", "[[target]]": its end; NULL when it is none. */
static const char *
append_link (const char *at, GString *out, GPtrArray *targets)
{
  const char *close = strstr (at, "]]"), *text;

  if (close == NULL)
    return NULL;
  text = memmem (at, (gsize)(close + 1 - at), "][", 2);
  if (text == NULL)
    text = at;
  else
    light_add_target (targets, at + 2, (gsize)(text - at - 2));
  text += 2;
  g_string_append_len (out, text, close - text);
  return close + 2;
}

/* The mark that ends what begins at `at`; NULL: it is no mark of emphasis. */
static const char *
closing_mark (const char *at, char before)
{
  const char *close = at + 1;

  if (strchr ("*/_=~+", *at) == NULL ||
      (before != '\0' && strchr (" \n\t-('\"{", before) == NULL) || g_ascii_isspace (at[1]) ||
      at[1] == '\0')
    return NULL;
  for (guint n = 0; *close != '\0' && n < 1000; close++, n++)
    if (*close == *at && close > at + 1 && !g_ascii_isspace (close[-1]) &&
        strchr (" \n\t-.,:!?;'\")}[", close[1]) != NULL)
      return close;
  return NULL;
}

static void
clean (const char *text, GString *out, GPtrArray *targets)
{
  const char *at = text;
  gboolean has_links = TRUE; /* what has no end has none from there on */

  while (*at != '\0') {
    char before = at > text ? at[-1] : '\0';
    const char *end;

    if (has_links && at[0] == '[' && at[1] == '[') {
      end = append_link (at, out, targets);
      has_links = end != NULL;
      at = has_links ? end : at;
    } else if ((end = closing_mark (at, before)) != NULL) {
      g_string_append_len (out, at + 1, end - at - 1);
      at = end + 1;
    } else {
      g_string_append_c (out, *at++);
    }
  }
}

/* --- lines ------------------------------------------------------------------------------------ */

static gboolean
end_table (Reader *reader, GError **error)
{
  gboolean done = reader->rows == NULL ||
                  extract_table (reader->sink, 0, reader->rows, reader->has_header, error);

  g_clear_pointer (&reader->rows, g_ptr_array_unref);
  reader->has_header = FALSE;
  return done;
}

static gboolean
starts_with (const char *line, gsize bytes, const char *prefix)
{
  gsize length = strlen (prefix);

  return bytes >= length && g_ascii_strncasecmp (line, prefix, length) == 0;
}

/* Up to the line that ends it: code verbatim, other blocks as text. */
static gboolean
read_block (Reader *reader, const char *name, gsize bytes, GError **error)
{
  gboolean is_code = starts_with (name, bytes, "src");
  gsize word = strcspn (name, " \t\n");
  g_autofree char *end_mark = g_strdup_printf ("#+end_%.*s", (int)MIN (word, 40), name);
  g_autofree char *language = NULL;
  const char *start = reader->at, *line, *stop = start;
  gsize length;

  if (!is_code && !starts_with (name, bytes, "example") && !starts_with (name, bytes, "comment") &&
      !starts_with (name, bytes, "export"))
    return light_flush (&reader->light, error);
  if (is_code && word + 1 < bytes)
    language = g_strndup (name + word + 1, strcspn (name + word + 1, " \t\n"));
  while (text_next_line (&reader->at, reader->end, &line, &length)) {
    const char *text = line;

    while (length > 0 && g_ascii_isspace (*text)) {
      text++;
      length--;
    }
    if (starts_with (text, length, end_mark))
      break;
    stop = reader->at;
  }
  if (!light_flush (&reader->light, error))
    return FALSE;
  return starts_with (name, bytes, "comment") || starts_with (name, bytes, "export") ||
         text_deliver_code (reader->sink, language, start, (gsize)(stop - start), error);
}

/* "#+title: ..." FALSE with error only when nothing more is wanted. */
static gboolean
read_keyword (Reader *reader, const char *line, gsize bytes, GError **error)
{
  g_autofree char *copy = g_strndup (line, bytes);
  char *value = strchr (copy, ':');

  if (starts_with (line, bytes, "#+begin_"))
    return read_block (reader, line + 8, bytes - 8, error);
  if (value == NULL)
    return TRUE;
  *value++ = '\0';
  g_strstrip (value);
  if (g_ascii_strcasecmp (copy, "#+title") == 0) {
    extract_meta (reader->sink, "title", value);
    return light_heading (&reader->light, 1, value, strlen (value), error);
  }
  if (g_ascii_strcasecmp (copy, "#+author") == 0)
    extract_meta (reader->sink, "author", value);
  if (g_ascii_strcasecmp (copy, "#+caption") == 0)
    return light_flush (&reader->light, error) &&
           extract_paragraph (reader->sink, 0, value, -1, error);
  return TRUE;
}

/* ":PROPERTIES:" to ":END:". */
static void
skip_drawer (Reader *reader)
{
  const char *line, *before = reader->at;
  gsize bytes;

  for (guint n = 0; n < 200 && text_next_line (&reader->at, reader->end, &line, &bytes); n++) {
    g_autofree char *copy = g_strstrip (g_strndup (line, MIN (bytes, 40)));

    if (g_ascii_strcasecmp (copy, ":end:") == 0)
      return;
  }
  reader->at = before;
}

static gboolean
read_row (Reader *reader, const char *line, gsize bytes)
{
  if (reader->rows == NULL)
    reader->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  if (bytes > 1 && line[1] == '-')
    reader->has_header |= reader->rows->len == 1;
  else
    g_ptr_array_add (reader->rows, light_cells (&reader->light, line, bytes));
  return TRUE;
}

static gboolean
is_drawer (const char *line, gsize bytes)
{
  gsize name = 1;

  if (bytes < 3 || line[0] != ':' || line[bytes - 1] != ':')
    return FALSE;
  while (name < bytes - 1 && (g_ascii_isalpha (line[name]) || line[name] == '_'))
    name++;
  return name == bytes - 1;
}

static gboolean
read_line (Reader *reader, const char *line, gsize bytes, GError **error)
{
  Light *light = &reader->light;
  guint indent = 0;
  gsize marker, stars = 0;

  while (stars < bytes && line[stars] == '*')
    stars++;
  if (stars > 0 && stars < bytes && line[stars] == ' ')
    return light_heading (light, (guint)stars, line + stars + 1, bytes - stars - 1, error);
  while (indent < bytes && g_ascii_isspace (line[indent]))
    indent++;
  line += indent;
  bytes -= indent;
  while (bytes > 0 && g_ascii_isspace (line[bytes - 1]))
    bytes--;
  if (bytes > 0 && line[0] == '|')
    return light_flush (light, error) && read_row (reader, line, bytes);
  if (!end_table (reader, error))
    return FALSE;
  if (bytes == 0 || strspn (line, "-") >= bytes)
    return light_flush (light, error);
  if (bytes > 1 && line[0] == '#' && (line[1] == ' ' || line[1] == '+'))
    return line[1] == ' ' || read_keyword (reader, line, bytes, error);
  if (is_drawer (line, bytes)) {
    skip_drawer (reader);
    return TRUE;
  }
  marker = light_marker (line, bytes, indent > 0 ? "-+*" : "-+");
  if (marker > 0) {
    if (!light_begin_item (light, indent, line, marker, error))
      return FALSE;
    line += marker;
    bytes -= marker;
  }
  light_add (light, line, bytes, FALSE);
  return TRUE;
}

gboolean
extract_read_org (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) text = text_load (input, sink);
  Reader reader = {.sink = sink, .at = text->str, .end = text->str + text->len};
  const char *line;
  gboolean done = TRUE;
  gsize bytes;

  light_init (&reader.light, sink, clean);
  while (done && text_next_line (&reader.at, reader.end, &line, &bytes))
    done = read_line (&reader, line, bytes, error);
  done = done && light_flush (&reader.light, error) && end_table (&reader, error);
  g_clear_pointer (&reader.rows, g_ptr_array_unref);
  light_clear (&reader.light);
  return done;
}
