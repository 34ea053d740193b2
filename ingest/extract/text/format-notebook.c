/* Jupyter notebooks (nbformat 3 to 5): cells in order; Markdown as it is, code with its language,
 * what the outputs say as text. Pictures among the outputs are left out. */
#include "ingest/extract/formats.h"
#include "ingest/extract/markup/html-reader.h"
#include "text-load.h"

#include <json-c/json.h>
#include <string.h>

#define DEPTH_MAX 64 /* of JSON */

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  const char *language; /* (nullable) of code cells */
} Reader;

static json_object *
member (json_object *object, const char *name)
{
  json_object *value = NULL;

  return json_object_is_type (object, json_type_object) &&
                 json_object_object_get_ex (object, name, &value)
             ? value
             : NULL;
}

static const char *
string_of (json_object *object, const char *name)
{
  json_object *value = member (object, name);

  return json_object_is_type (value, json_type_string) ? json_object_get_string (value) : NULL;
}

/* A text is a string or a list of its lines. (transfer full) */
static GString *
text_of (json_object *value)
{
  GString *text = g_string_new (NULL);

  if (json_object_is_type (value, json_type_string))
    g_string_append (text, json_object_get_string (value));
  for (size_t i = 0;
       json_object_is_type (value, json_type_array) && i < json_object_array_length (value); i++) {
    json_object *line = json_object_array_get_idx (value, i);

    if (json_object_is_type (line, json_type_string))
      g_string_append (text, json_object_get_string (line));
  }
  return text;
}

/* Colours of a terminal. */
static void
strip_escapes (GString *text)
{
  const char *at = text->str;
  char *to = text->str;

  while (*at != '\0') {
    if (at[0] == '\033' && at[1] == '[') {
      at += 2;
      while (*at != '\0' && !g_ascii_isalpha (*at))
        at++;
      at += *at != '\0';
    } else {
      *to++ = *at++;
    }
  }
  g_string_truncate (text, (gsize)(to - text->str));
}

static gboolean
read_output_text (Reader *reader, json_object *value, GError **error)
{
  g_autoptr (GString) text = text_of (value);

  strip_escapes (text);
  return text_deliver_code (reader->sink, NULL, text->str, text->len, error);
}

static gboolean
read_html (Reader *reader, json_object *value, GError **error)
{
  GString *text = text_of (value);
  g_autoptr (GBytes) bytes = g_string_free_to_bytes (text);
  ExtractInput part = *reader->input;

  part.bytes = bytes;
  part.declared = "text/html; charset=utf-8";
  return html_read (&part, reader->sink, TRUE, error);
}

static gboolean
read_markdown (Reader *reader, json_object *value, GError **error)
{
  g_autoptr (GString) text = text_of (value);

  return text_deliver_markdown (reader->sink, "\n\n", text->str, text->len, FALSE, error);
}

/* The best form there is for reading. */
static gboolean
read_output (Reader *reader, json_object *output, GError **error)
{
  json_object *data = member (output, "data"), *value;
  const char *type = string_of (output, "output_type");

  if (member (output, "traceback") != NULL && g_strcmp0 (type, "stream") != 0) {
    const char *name = string_of (output, "ename"), *reason = string_of (output, "evalue");
    g_autofree char *line =
        g_strdup_printf ("%s: %s", name == NULL ? "error" : name, reason == NULL ? "" : reason);

    return text_deliver_code (reader->sink, NULL, line, strlen (line), error);
  }
  if (data == NULL && (value = member (output, "text")) != NULL)
    return read_output_text (reader, value, error);
  if ((value = member (data, "text/markdown")) != NULL)
    return read_markdown (reader, value, error);
  if ((value = member (data, "text/html")) != NULL)
    return read_html (reader, value, error);
  value = member (data, "text/plain");
  return value == NULL || read_output_text (reader, value, error);
}

static gboolean
read_cell (Reader *reader, json_object *cell, GError **error)
{
  const char *type = string_of (cell, "cell_type");
  json_object *source = member (cell, "source"), *outputs = member (cell, "outputs");
  g_autoptr (GString) text = text_of (source != NULL ? source : member (cell, "input"));

  if (g_strcmp0 (type, "heading") == 0)
    return extract_heading (reader->sink, (guint)json_object_get_int (member (cell, "level")), 0,
                            text->str, (gssize)text->len, error);
  if (g_strcmp0 (type, "markdown") == 0)
    return read_markdown (reader, source, error);
  if (!text_deliver_code (reader->sink, g_strcmp0 (type, "code") == 0 ? reader->language : NULL,
                          text->str, text->len, error))
    return FALSE;
  for (size_t i = 0;
       json_object_is_type (outputs, json_type_array) && i < json_object_array_length (outputs);
       i++)
    if (!read_output (reader, json_object_array_get_idx (outputs, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_cells (Reader *reader, json_object *cells, GError **error)
{
  for (size_t i = 0;
       json_object_is_type (cells, json_type_array) && i < json_object_array_length (cells); i++)
    if (!read_cell (reader, json_object_array_get_idx (cells, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_notebook (Reader *reader, json_object *notebook, GError **error)
{
  json_object *metadata = member (notebook, "metadata");
  json_object *sheets = member (notebook, "worksheets");

  reader->language = string_of (member (metadata, "language_info"), "name");
  if (reader->language == NULL)
    reader->language = string_of (member (metadata, "kernelspec"), "language");
  extract_meta (reader->sink, "title", string_of (metadata, "title"));
  for (size_t i = 0;
       json_object_is_type (sheets, json_type_array) && i < json_object_array_length (sheets); i++)
    if (!read_cells (reader, member (json_object_array_get_idx (sheets, i), "cells"), error))
      return FALSE;
  return read_cells (reader, member (notebook, "cells"), error);
}

gboolean
extract_read_notebook (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) text = text_load (input, sink);
  Reader reader = {.input = input, .sink = sink};
  json_tokener *parser = json_tokener_new_ex (DEPTH_MAX);
  json_object *notebook = NULL;
  gboolean done;

  if (text->len <= G_MAXINT)
    notebook = json_tokener_parse_ex (parser, text->str, (int)text->len);
  json_tokener_free (parser);
  if (notebook == NULL) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                 "the notebook is not valid JSON: it ends early, or is damaged");
    return FALSE;
  }
  done = read_notebook (&reader, notebook, error);
  json_object_put (notebook);
  return done;
}
