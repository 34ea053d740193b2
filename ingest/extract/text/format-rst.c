/* reStructuredText: titles, lists, literal blocks, tables; directives give what they hold. */
#include "ingest/extract/formats.h"
#include "light.h"
#include "text-load.h"

#include <string.h>

typedef struct {
  const char *text; /* without indentation and blanks at its end */
  gsize bytes;
  guint indent;
} Line;

typedef struct {
  Light light;
  ExtractSink *sink;
  GArray *lines; /* (element-type Line) */
  guint at;
  gboolean expects_literal; /* a paragraph ended with "::" */
  gboolean has_title;
} Reader;

/* --- within a line ---------------------------------------------------------------------------- */

/* Behind the mark that closes what `mark` opened; NULL: it does not. */
static const char *
closing (const char *at, const char *mark)
{
  const char *close;

  if (g_ascii_isspace (*at) || *at == '\0')
    return NULL;
  close = strstr (at + 1, mark);
  return close != NULL && close - at < 2000 && !g_ascii_isspace (close[-1]) ? close : NULL;
}

/* `text <url>`_, :role:`text`, `text`. at: behind the first '`'. */
static const char *
append_interpreted (const char *at, GString *out, GPtrArray *targets)
{
  const char *close = closing (at, "`"), *target;

  if (close == NULL)
    return NULL;
  target = memchr (at, '<', (gsize)(close - at));
  if (target != NULL && target > at && close[-1] == '>') {
    light_add_target (targets, target + 1, (gsize)(close - target - 2));
    while (target > at && g_ascii_isspace (target[-1]))
      target--;
  } else {
    target = close;
  }
  g_string_append_len (out, at, target - at);
  close++;
  close += *close == '_';
  close += *close == '_';
  return close;
}

/* ":ref:" before a '`': its length. */
static gsize
role_length (const char *at)
{
  gsize length = 1;

  while (g_ascii_isalnum (at[length]) || strchr ("-_+.:", at[length]) != NULL)
    if (at[length] == '\0' || (at[length] == ':' && at[length + 1] == '`'))
      break;
    else
      length++;
  return at[length] == ':' && at[length + 1] == '`' && length > 1 ? length + 1 : 0;
}

static void
clean (const char *text, GString *out, GPtrArray *targets)
{
  static const char *const marks[] = {"``", "**", "*"};
  const char *at = text;

  while (*at != '\0') {
    gboolean starts =
        at == text || g_ascii_isspace (at[-1]) || strchr ("([{'\"-/:", at[-1]) != NULL;
    const char *end = NULL;
    gsize length;

    if (*at == '\\' && at[1] != '\0') { /* escaped; an escaped blank is none */
      if (!g_ascii_isspace (at[1]))
        g_string_append_c (out, at[1]);
      at += 2;
      continue;
    }
    for (guint i = 0; starts && end == NULL && i < G_N_ELEMENTS (marks); i++) {
      length = strlen (marks[i]);
      if (strncmp (at, marks[i], length) == 0 && (end = closing (at + length, marks[i])) != NULL) {
        g_string_append_len (out, at + length, end - at - (gssize)length);
        end += length;
      }
    }
    if (end == NULL && starts && *at == ':' && (length = role_length (at)) > 0)
      end = append_interpreted (at + length + 1, out, targets);
    if (end == NULL && starts && *at == '`')
      end = append_interpreted (at + 1, out, targets);
    if (end == NULL && *at == '_' && at > text && g_ascii_isalnum (at[-1]) &&
        !g_ascii_isalnum (at[1]) && at[1] != '_')
      end = at + 1; /* reference_ */
    if (end == NULL && *at == '_' && at > text && at[-1] == ']')
      end = at + 1; /* [1]_ */
    if (end == NULL)
      g_string_append_c (out, *at++);
    else
      at = end;
  }
}

/* --- lines ------------------------------------------------------------------------------------ */

static void
split (Reader *reader, const GString *text)
{
  const char *at = text->str, *end = at + text->len, *line;
  gsize bytes;

  while (text_next_line (&at, end, &line, &bytes)) {
    Line each = {0};

    while (bytes > 0 && (*line == ' ' || *line == '\t')) {
      each.indent += *line == '\t' ? 8 - each.indent % 8 : 1;
      line++;
      bytes--;
    }
    while (bytes > 0 && g_ascii_isspace (line[bytes - 1]))
      bytes--;
    each.text = line;
    each.bytes = bytes;
    g_array_append_val (reader->lines, each);
  }
}

static const Line *
line_at (const Reader *reader, guint index)
{
  return index < reader->lines->len ? &g_array_index (reader->lines, Line, index) : NULL;
}

/* A line of one punctuation mark, at least twice: underlines, rules. */
static gboolean
is_adornment (const Line *line)
{
  if (line == NULL || line->bytes < 2 || line->indent > 0 || !g_ascii_ispunct (line->text[0]))
    return FALSE;
  for (gsize i = 1; i < line->bytes; i++)
    if (line->text[i] != line->text[0])
      return FALSE;
  return TRUE;
}

/* Levels are in the order in which styles first appear. */
static guint
style_level (Reader *reader, char mark, gboolean overlined)
{
  g_autofree char *style = g_strdup_printf ("%c%d", mark, overlined);

  for (guint i = 0; i < reader->light.styles->len; i++)
    if (strcmp (reader->light.styles->pdata[i], style) == 0)
      return i + 1;
  g_ptr_array_add (reader->light.styles, g_steal_pointer (&style));
  return reader->light.styles->len;
}

static gboolean
read_title (Reader *reader, const Line *title, char mark, gboolean overlined, GError **error)
{
  if (!reader->has_title) {
    g_autofree char *text = g_strndup (title->text, title->bytes);

    extract_meta (reader->sink, "title", text);
    reader->has_title = TRUE;
  }
  return light_heading (&reader->light, style_level (reader, mark, overlined), title->text,
                        title->bytes, error);
}

/* Columns of text; an underline may be a little short. */
static gboolean
is_underline_of (const Line *line, const Line *title)
{
  return is_adornment (line) && title->bytes > 0 &&
         (gssize)line->bytes + 3 >= g_utf8_strlen (title->text, (gssize)title->bytes) &&
         line->bytes >= 3;
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* The lines that are indented more than `indent`, from the current one on, as code. */
static gboolean
read_literal (Reader *reader, guint indent, const char *language, GError **error)
{
  g_autoptr (GString) code = g_string_new (NULL);
  guint least = G_MAXUINT, first = reader->at, last = first;
  const Line *line;

  for (guint i = first; (line = line_at (reader, i)) != NULL; i++) {
    if (line->bytes > 0 && line->indent <= indent)
      break;
    if (line->bytes > 0) {
      least = MIN (least, line->indent);
      last = i + 1;
    }
  }
  for (guint i = first; i < last; i++) {
    line = line_at (reader, i);
    for (guint j = least; line->bytes > 0 && j < MIN (line->indent, least + 200); j++)
      g_string_append_c (code, ' ');
    g_string_append_len (code, line->text, (gssize)line->bytes);
    g_string_append_c (code, '\n');
  }
  reader->at = MAX (last, first);
  return text_deliver_code (reader->sink, language, code->str, code->len, error);
}

static void
skip_indented (Reader *reader, guint indent)
{
  const Line *line;

  while ((line = line_at (reader, reader->at)) != NULL &&
         (line->bytes == 0 || line->indent > indent))
    reader->at++;
}

/* ":alt: text" among the options that follow; the options are passed over. (transfer full) */
static char *
read_options (Reader *reader, guint indent)
{
  char *alt = NULL;
  const Line *line;

  for (; (line = line_at (reader, reader->at)) != NULL && line->bytes > 1 &&
         line->indent > indent && line->text[0] == ':';
       reader->at++)
    if (alt == NULL && line->bytes > 5 && strncmp (line->text, ":alt:", 5) == 0)
      alt = g_strstrip (g_strndup (line->text + 5, line->bytes - 5));
  return alt;
}

static gboolean
is_one_of (const char *name, const char *const *names)
{
  return g_strv_contains (names, name);
}

/* ".. name:: argument": what it holds is read on as text, where it is for people. */
static gboolean
read_directive (Reader *reader, const Line *line, const char *name, const char *argument,
                GError **error)
{
  static const char *const code[] = {"code",           "code-block",     "sourcecode", "highlight",
                                     "parsed-literal", "literalinclude", "doctest",    NULL};
  static const char *const mute[] = {
      "include",       "contents", "toctree",      "raw",     "meta",   "default-role", "role",
      "highlightlang", "index",    "target-notes", "sectnum", "header", "footer",       NULL};
  static const char *const pictures[] = {"image", "figure", NULL};
  g_autofree char *alt = read_options (reader, line->indent);

  if (is_one_of (name, mute)) {
    skip_indented (reader, line->indent);
    return TRUE;
  }
  if (is_one_of (name, code))
    return read_literal (reader, line->indent, *argument == '\0' ? NULL : argument, error);
  if (is_one_of (name, pictures))
    return alt == NULL || extract_paragraph (reader->sink, 0, alt, -1, error);
  light_add (&reader->light, argument, strlen (argument), FALSE);
  return light_flush (&reader->light, error);
}

/* What begins with ".. ": directives, footnotes, targets, comments. */
static gboolean
read_explicit (Reader *reader, const Line *line, GError **error)
{
  g_autofree char *text = g_strndup (line->text, line->bytes);
  char *body = g_strchug (text + 2), *colons;

  reader->at++;
  if (!light_flush (&reader->light, error))
    return FALSE;
  if (*body == '[' && strchr (body, ']') != NULL) { /* a footnote, a citation */
    light_add (&reader->light, body, strlen (body), FALSE);
    return TRUE;
  }
  if (*body == '_')
    return TRUE;
  if (*body == '|' && strchr (body + 1, '|') != NULL)
    body = g_strchug (strchr (body + 1, '|') + 1);
  colons = strstr (body, "::");
  if (colons != NULL && memchr (body, ' ', (gsize)(colons - body)) == NULL) {
    *colons = '\0';
    return read_directive (reader, line, body, g_strstrip (colons + 2), error);
  }
  skip_indented (reader, line->indent); /* a comment */
  return TRUE;
}

/* A table drawn with "+---+" and '|': lines of a row are joined. */
static gboolean
read_grid_table (Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  gboolean has_header = FALSE, fresh = TRUE;
  const Line *line;

  for (; (line = line_at (reader, reader->at)) != NULL && line->bytes > 0 &&
         (line->text[0] == '+' || line->text[0] == '|');
       reader->at++) {
    g_autoptr (GPtrArray) cells = NULL;

    if (line->text[0] == '+') {
      fresh = TRUE;
      has_header |= rows->len == 1 && line->bytes > 1 && line->text[1] == '=';
      continue;
    }
    cells = light_cells (&reader->light, line->text, line->bytes);
    if (fresh) {
      g_ptr_array_add (rows, g_steal_pointer (&cells));
      fresh = FALSE;
      continue;
    }
    GPtrArray *row = rows->pdata[rows->len - 1];

    for (guint i = 0; i < MIN (row->len, cells->len); i++) {
      char *joined = g_strstrip (g_strjoin (" ", row->pdata[i], cells->pdata[i], NULL));

      g_free (row->pdata[i]);
      row->pdata[i] = joined;
    }
  }
  return extract_table (reader->sink, 0, rows, has_header, error);
}

/* "=====  ====": the columns of a simple table. */
static gboolean
is_simple_rule (const Line *line)
{
  return line != NULL && line->bytes > 3 && line->text[0] == '=' &&
         memchr (line->text, ' ', line->bytes) != NULL && strspn (line->text, "= ") >= line->bytes;
}

static GPtrArray *
simple_cells (const Reader *reader, const Line *rule, const Line *line)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);
  const char *to = line->text, *stop = line->text + line->bytes;
  gsize at = 0, column = line->indent; /* of `to`, counted in characters */

  while (at < rule->bytes) {
    gsize end;
    g_autofree char *source = NULL;
    g_autoptr (GString) shown = g_string_new (NULL);
    const char *from = to;

    while (at < rule->bytes && rule->text[at] == '=')
      at++;
    while (at < rule->bytes && rule->text[at] == ' ')
      at++;
    end = at < rule->bytes ? at : G_MAXUINT16;
    for (; column < end && to < stop; column++)
      to = g_utf8_next_char (to);
    source = g_strndup (from, (gsize)(MIN (to, stop) - MIN (from, stop)));
    reader->light.clean (g_strstrip (source), shown, reader->light.targets);
    g_ptr_array_add (cells, g_strdup (shown->str));
  }
  return cells;
}

static gboolean
read_simple_table (Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  const Line *rule = line_at (reader, reader->at), *line;
  gboolean has_header = FALSE;
  guint rules = 1;

  for (reader->at++; (line = line_at (reader, reader->at)) != NULL; reader->at++) {
    if (is_simple_rule (line)) {
      const Line *next = line_at (reader, reader->at + 1);

      rules++;
      if (next == NULL || next->bytes == 0) {
        reader->at++;
        break;
      }
      has_header |= rules == 2 && rows->len == 1;
    } else if (line->bytes > 0 && line->text[0] != '-') {
      g_ptr_array_add (rows, simple_cells (reader, rule, line));
    }
  }
  return extract_table (reader->sink, 0, rows, has_header, error);
}

/* --- the reader ------------------------------------------------------------------------------- */

static gboolean
read_text_line (Reader *reader, const Line *line, GError **error)
{
  Light *light = &reader->light;
  gsize marker = light_marker (line->text, line->bytes, "-*+");
  const char *text = line->text;
  gsize bytes = line->bytes;
  gboolean keep = bytes > 1 && text[0] == '|' && text[1] == ' ';

  /* within a paragraph it is text */
  if (marker > 0 && (light->text->len == 0 || light->item_level > 0)) {
    if (!light_begin_item (light, line->indent, text, marker, error))
      return FALSE;
    text += marker;
    bytes -= marker;
  } else if (light->text->len == 0) {
    light_leave_lists (light, line->indent);
  }
  if (bytes >= 2 && text[bytes - 1] == ':' && text[bytes - 2] == ':') {
    reader->expects_literal = TRUE;
    bytes -= bytes == 2 || g_ascii_isspace (text[bytes - 3]) ? 2 : 1;
  }
  if (bytes > 0)
    light_add (light, keep ? text + 2 : text, keep ? bytes - 2 : bytes,
               keep || (bytes > 1 && text[0] == ':' && strchr (text + 1, ':') != NULL));
  return TRUE;
}

static gboolean
read_lines (Reader *reader, GError **error)
{
  const Line *line;
  guint literal_indent = 0;

  while ((line = line_at (reader, reader->at)) != NULL) {
    const Line *next = line_at (reader, reader->at + 1);
    const Line *third = line_at (reader, reader->at + 2);
    gboolean done = TRUE;

    if (line->bytes == 0) {
      done = light_flush (&reader->light, error);
      reader->at++;
    } else if (reader->expects_literal && line->indent > literal_indent) {
      reader->expects_literal = FALSE;
      done =
          light_flush (&reader->light, error) && read_literal (reader, literal_indent, NULL, error);
    } else if (is_adornment (line) && next != NULL && is_underline_of (third, next) &&
               third->text[0] == line->text[0]) {
      done = read_title (reader, next, line->text[0], TRUE, error);
      reader->at += 3;
    } else if (reader->light.text->len == 0 && line->indent == 0 && next != NULL &&
               is_underline_of (next, line)) {
      done = read_title (reader, line, next->text[0], FALSE, error);
      reader->at += 2;
    } else if (is_simple_rule (line)) {
      done = light_flush (&reader->light, error) && read_simple_table (reader, error);
    } else if (line->text[0] == '+' && line->bytes > 2 && line->text[1] == '-') {
      done = light_flush (&reader->light, error) && read_grid_table (reader, error);
    } else if (line->text[0] == '.' && line->bytes >= 2 && line->text[1] == '.' &&
               (line->bytes == 2 || line->text[2] == ' ')) {
      done = read_explicit (reader, line, error);
    } else if (is_adornment (line) && line->bytes >= 4) {
      done = light_flush (&reader->light, error); /* a rule */
      reader->at++;
    } else {
      done = read_text_line (reader, line, error);
      reader->at++;
      if (reader->expects_literal)
        literal_indent = line->indent;
    }
    if (!done)
      return FALSE;
  }
  return light_flush (&reader->light, error);
}

gboolean
extract_read_rst (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) text = text_load (input, sink);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (Line));
  Reader reader = {.sink = sink, .lines = lines};
  gboolean done;

  light_init (&reader.light, sink, clean);
  split (&reader, text);
  done = read_lines (&reader, error);
  light_clear (&reader.light);
  return done;
}
