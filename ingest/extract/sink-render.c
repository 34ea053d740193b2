#include "sink-render.h"

#include <string.h>

/* Short rows of a table are filled up to as many cells, or as many times those there are. */
#define FILLED_CELLS (1u << 20)
#define FILLED_RATIO 16

const char *
render_trim (const char *text, gsize *bytes)
{
  const char *end = text + *bytes;

  while (end > text && g_ascii_isspace (end[-1]))
    end--;
  /* the first line keeps its indentation */
  for (const char *at = text; at < end && g_ascii_isspace (*at); at++)
    if (*at == '\n')
      text = at + 1;
  *bytes = (gsize)(end - text);
  return text;
}

void
render_line (GString *out, const char *text, gsize bytes)
{
  const char *end = text + bytes;
  gboolean started = FALSE;

  while (text < end) {
    const char *word = text;

    while (text < end && !g_ascii_isspace (*text))
      text++;
    if (text > word) {
      if (started)
        g_string_append_c (out, ' ');
      g_string_append_len (out, word, text - word);
      started = TRUE;
    }
    while (text < end && g_ascii_isspace (*text))
      text++;
  }
}

void
render_indented (GString *out, const char *text, gsize bytes, guint indent)
{
  const char *end = text + bytes;

  while (text < end) {
    const char *newline = memchr (text, '\n', (gsize)(end - text));
    const char *line_end = newline == NULL ? end : newline + 1;

    g_string_append_len (out, text, line_end - text);
    text = line_end;
    if (text < end && *text != '\n')
      for (guint i = 0; i < indent; i++)
        g_string_append_c (out, ' ');
  }
}

static guint
longest_run (const char *text, gsize bytes, char c)
{
  guint longest = 0, run = 0;

  for (gsize i = 0; i < bytes; i++) {
    run = text[i] == c ? run + 1 : 0;
    longest = MAX (longest, run);
  }
  return longest;
}

void
render_code (GString *out, const char *info, const char *text, gsize bytes)
{
  guint fence = MAX (3, longest_run (text, bytes, '`') + 1);

  for (guint i = 0; i < fence; i++)
    g_string_append_c (out, '`');
  if (info != NULL && strpbrk (info, "`\r\n") == NULL)
    g_string_append (out, info);
  g_string_append_c (out, '\n');
  g_string_append_len (out, text, (gssize)bytes);
  g_string_append_c (out, '\n');
  for (guint i = 0; i < fence; i++)
    g_string_append_c (out, '`');
}

static void
append_cell (GString *out, const char *cell)
{
  gboolean space = FALSE, started = FALSE;

  for (; *cell != '\0'; cell++) {
    if (g_ascii_isspace (*cell)) {
      space = started;
      continue;
    }
    if (space)
      g_string_append_c (out, ' ');
    space = FALSE;
    started = TRUE;
    if (*cell == '|')
      g_string_append_c (out, '\\');
    g_string_append_c (out, *cell);
  }
}

static gboolean
table_has_text (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (rows, i);

    for (guint j = 0; j < row->len; j++)
      for (const char *c = g_ptr_array_index (row, j); c != NULL && *c != '\0'; c++)
        if (!g_ascii_isspace (*c))
          return TRUE;
  }
  return FALSE;
}

/* The columns that short rows are filled to; 0: they stay short, for filled they would be the most
 * of a large table. */
static guint
columns_to_fill (GPtrArray *rows)
{
  guint64 cells = 0;
  guint columns = 0;

  for (guint i = 0; i < rows->len; i++) {
    guint length = ((GPtrArray *)g_ptr_array_index (rows, i))->len;

    cells += length;
    columns = MAX (columns, length);
  }
  return (guint64)columns * rows->len <= MAX (FILLED_CELLS, cells * FILLED_RATIO) ? columns : 0;
}

gboolean
render_table (GString *out, GPtrArray *rows, gboolean has_header)
{
  guint columns = columns_to_fill (rows);

  if (!table_has_text (rows))
    return FALSE;
  for (guint i = 0; i < rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (rows, i);
    guint n = MAX (columns, row->len);

    g_string_append (out, i == 0 ? "|" : "\n|");
    for (guint j = 0; j < n; j++) {
      const char *cell = j < row->len ? g_ptr_array_index (row, j) : NULL;

      g_string_append_c (out, ' ');
      append_cell (out, cell == NULL ? "" : cell);
      g_string_append (out, out->str[out->len - 1] == ' ' ? "|" : " |");
    }
    if (i == 0 && has_header) {
      g_string_append (out, "\n|");
      for (guint j = 0; j < n; j++)
        g_string_append (out, " --- |");
    }
  }
  return TRUE;
}
