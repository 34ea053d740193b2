/* LaTeX as text: sections, lists, tables, code, footnotes; mathematics as it is written. No macro
 * is expanded: what a command that is not known encloses is text, its name is not. */
#include "ingest/extract/formats.h"
#include "latex-command.h"
#include "latex-scan.h"
#include "light.h"
#include "text-load.h"

#include <string.h>

#define DEPTH_MAX 40 /* of arguments in arguments */
#define LISTS_MAX 12

typedef struct {
  LatexEnvironment kind;
  guint number; /* of the next item */
} List;

typedef struct {
  ExtractSink *sink;
  GString *text;      /* of the block so far */
  GArray *lists;      /* (element-type List) */
  gboolean in_item;   /* the block is one, its marker is not out yet */
  GPtrArray *notes;   /* (element-type utf8) footnotes of the block */
  GPtrArray *targets; /* (element-type utf8) of its links */
  GPtrArray *rows;    /* (nullable) of the table that is open */
  GPtrArray *row;
  guint plain; /* within an argument: no blocks */
  char *title; /* (nullable) */
  char *author;
  guint chapters; /* 1 when the document has some */
  guint titled;   /* 1 once the title is out */
} Latex;

static gboolean run (Latex *latex, const char *at, const char *end, GError **error);

/* --- blocks ----------------------------------------------------------------------------------- */

static void
trim (GString *text)
{
  while (text->len > 0 && g_ascii_isspace (text->str[text->len - 1]))
    g_string_truncate (text, text->len - 1);
}

static gboolean
deliver_item (Latex *latex, GError **error)
{
  List *list =
      latex->lists->len == 0 ? NULL : &g_array_index (latex->lists, List, latex->lists->len - 1);
  g_autofree char *marker = list != NULL && list->kind == LATEX_ENV_NUMBERS
                                ? g_strdup_printf ("%u.", ++list->number)
                                : NULL;

  latex->in_item = FALSE;
  return extract_list_item (latex->sink, MAX (latex->lists->len, 1), 0, marker, latex->text->str,
                            (gssize)latex->text->len, error);
}

/* The block ends here. */
static gboolean
flush (Latex *latex, GError **error)
{
  GString *text = latex->text;
  gboolean done = TRUE;

  if (latex->plain > 0 || latex->rows != NULL) {
    if (text->len > 0 && text->str[text->len - 1] != ' ')
      g_string_append_c (text, ' ');
    return TRUE;
  }
  trim (text);
  if (text->len == 0)
    return TRUE;
  for (guint i = 0; i < latex->targets->len; i++)
    if (strstr (text->str, latex->targets->pdata[i]) == NULL)
      g_string_append_printf (text, "\n%s", (const char *)latex->targets->pdata[i]);
  g_ptr_array_set_size (latex->targets, 0);
  done = latex->in_item ? deliver_item (latex, error)
                        : extract_paragraph (latex->sink, 0, text->str, (gssize)text->len, error);
  g_string_truncate (text, 0);
  for (guint i = 0; done && i < latex->notes->len; i++)
    done = extract_paragraph (latex->sink, 0, latex->notes->pdata[i], -1, error);
  g_ptr_array_set_size (latex->notes, 0);
  return done;
}

static void
append (Latex *latex, const char *text, gsize bytes)
{
  GString *out = latex->text;

  for (gsize i = 0; i < bytes; i++)
    if (!g_ascii_isspace (text[i]))
      g_string_append_c (out, text[i]);
    else if (out->len > 0 && !g_ascii_isspace (out->str[out->len - 1]))
      g_string_append_c (out, ' ');
}

/* --- arguments -------------------------------------------------------------------------------- */

/* An argument as the text it shows. (transfer full) */
static char *
argument_text (Latex *latex, const char *start, gsize bytes)
{
  GString *outer = latex->text;
  GString *inner = g_string_new (NULL);

  latex->text = inner;
  if (++latex->plain <= DEPTH_MAX)
    run (latex, start, start + bytes, NULL);
  latex->plain--;
  latex->text = outer;
  trim (inner);
  return g_string_free (inner, FALSE);
}

/* --- commands --------------------------------------------------------------------------------- */

static gboolean
deliver_heading (Latex *latex, guint level, const char *text, GError **error)
{
  if (latex->plain > 0) {
    append (latex, text, strlen (text));
    return TRUE;
  }
  return flush (latex, error) &&
         extract_heading (latex->sink, CLAMP (level, 1, 6), 0, text, -1, error);
}

static gboolean
make_title (Latex *latex, GError **error)
{
  if (latex->title == NULL || latex->plain > 0 || latex->titled > 0)
    return TRUE;
  latex->titled = 1;
  return flush (latex, error) && extract_heading (latex->sink, 1, 0, latex->title, -1, error) &&
         (latex->author == NULL || extract_paragraph (latex->sink, 0, latex->author, -1, error));
}

/* \'e: the letter with its accent. Behind the argument. */
static const char *
read_accent (Latex *latex, const LatexCommand *command, const char *at, const char *end)
{
  const char *start;
  gsize bytes;
  g_autofree char *letter = NULL;
  g_autofree char *pair = NULL;
  g_autofree char *composed = NULL;

  at = latex_read_argument (at, end, &start, &bytes);
  if (bytes == 2 && start[0] == '\\' && (start[1] == 'i' || start[1] == 'j'))
    letter = g_strndup (start + 1, 1); /* dotless i and j carry accents */
  else
    letter = argument_text (latex, start, bytes);
  pair = g_strdup_printf (
      "%.*s%s%s", *letter == '\0' ? 0 : (int)(g_utf8_next_char (letter) - letter), letter,
      *letter == '\0' ? "" : command->text, *letter == '\0' ? "" : g_utf8_next_char (letter));
  composed = g_utf8_normalize (pair, -1, G_NORMALIZE_NFC);
  g_string_append (latex->text, composed == NULL ? pair : composed);
  return at;
}

/* \verb|...|, \url{...} */
static const char *
read_verb (Latex *latex, const char *at, const char *end)
{
  const char *close;

  at = latex_skip_optional (at + (at < end && *at == '*'), end);
  if (at >= end)
    return at;
  close = *at == '{' ? latex_matching_brace (at, end)
                     : memchr (at + 1, *at, (gsize)MIN (end - at - 1, 1000));
  if (close == NULL)
    return at;
  if (*at == '{')
    close--;
  g_string_append_len (latex->text, at + 1, close - at - 1);
  return close + 1;
}

/* \newcommand{\x}[2]{...}, \def\x#1{...}, \let\a=\b: behind it. */
static const char *
skip_definition (const char *name, gsize bytes, const char *at, const char *end)
{
  const char *start, *brace;
  gsize length;

  if (bytes == 3 && strncmp (name, "def", 3) == 0) {
    brace = memchr (at, '{', (gsize)MIN (end - at, 200));
    return brace == NULL ? at : latex_read_argument (brace, end, &start, &length);
  }
  if (bytes == 3) {
    at = latex_read_argument (at, end, &start, &length);
    return latex_read_argument (at + (at < end && *at == '='), end, &start, &length);
  }
  return latex_skip_arguments (at, end, g_str_has_suffix (name, "environment") ? 3 : 2);
}

static gboolean
read_text_argument (Latex *latex, const LatexCommand *command, const char **at, const char *end,
                    GError **error)
{
  const char *start;
  gsize bytes;
  g_autofree char *text = NULL;

  *at = latex_skip_optional (*at + (*at < end && **at == '*'), end);
  *at = latex_read_argument (*at, end, &start, &bytes);
  text = argument_text (latex, start, bytes);
  switch (command->kind) {
  case LATEX_HEADING:
    return deliver_heading (latex, command->arguments + latex->chapters + latex->titled, text,
                            error);
  case LATEX_TITLE:
    extract_meta (latex->sink, "title", text);
    g_free (latex->title);
    latex->title = g_steal_pointer (&text);
    return TRUE;
  case LATEX_AUTHOR:
    extract_meta (latex->sink, "author", text);
    g_free (latex->author);
    latex->author = g_steal_pointer (&text);
    return TRUE;
  case LATEX_FOOTNOTE:
    g_ptr_array_add (latex->notes, g_steal_pointer (&text));
    return TRUE;
  case LATEX_CITE:
    g_string_append_printf (latex->text, "[%s]", text);
    return TRUE;
  default:
    return TRUE;
  }
}

static gboolean
begin_item (Latex *latex, const char **at, const char *end, GError **error)
{
  const char *behind = latex_skip_optional (*at, end);

  if (!flush (latex, error))
    return FALSE;
  latex->in_item = latex->plain == 0 && latex->lists->len > 0;
  if (behind > *at) { /* \item[label] */
    const char *start = latex_skip_blanks (*at, end) + 1;
    g_autofree char *label = argument_text (latex, start, (gsize)(behind - 1 - start));

    g_string_append_printf (latex->text, "%s ", label);
  }
  *at = behind;
  return TRUE;
}

static void
end_cell (Latex *latex)
{
  trim (latex->text);
  g_ptr_array_add (latex->row, g_strdup (latex->text->str));
  g_string_truncate (latex->text, 0);
}

static void
end_row (Latex *latex)
{
  end_cell (latex);
  if (latex->row->len > 1 || *(const char *)latex->row->pdata[0] != '\0') {
    g_ptr_array_add (latex->rows, latex->row);
    latex->row = g_ptr_array_new_with_free_func (g_free);
  } else {
    g_ptr_array_set_size (latex->row, 0);
  }
}

/* --- environments ----------------------------------------------------------------------------- */

/* What goes up to \end{name}: code, mathematics, pictures. Behind it. */
static const char *
read_raw (Latex *latex, LatexEnvironment kind, const char *name, const char *at, const char *end,
          GError **error)
{
  g_autofree char *mark = g_strdup_printf ("\\end{%s}", name);
  const char *close = g_strstr_len (at, end - at, mark);
  const char *stop = close == NULL ? end : close;
  gboolean done = flush (latex, error);

  if (kind == LATEX_ENV_VERBATIM) {
    at = latex_skip_optional (at, stop);
    at += at < stop && *at == '\n';
    done = done && text_deliver_code (latex->sink, NULL, at, (gsize)(stop - at), error);
  } else if (kind == LATEX_ENV_MATH) {
    at = latex_skip_blanks (at, stop);
    done = done && extract_paragraph (latex->sink, 0, at, stop - at, error);
  }
  return !done ? NULL : close == NULL ? end : close + strlen (mark);
}

static void
open_environment (Latex *latex, LatexEnvironment kind)
{
  const List list = {kind, 0};

  if ((kind == LATEX_ENV_BULLETS || kind == LATEX_ENV_NUMBERS) && latex->lists->len < LISTS_MAX) {
    g_array_append_val (latex->lists, list);
  } else if (kind == LATEX_ENV_TABLE && latex->rows == NULL && latex->plain == 0) {
    latex->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
    latex->row = g_ptr_array_new_with_free_func (g_free);
  }
}

/* NULL: nothing more is wanted. */
static const char *
begin_environment (Latex *latex, const char *at, const char *end, GError **error)
{
  const char *start;
  gsize bytes;
  guint arguments;
  LatexEnvironment kind;

  at = latex_read_argument (at, end, &start, &bytes);
  g_autofree char *name = g_strndup (start, MIN (bytes, 60));

  kind = latex_environment (name, &arguments);
  if (arguments > 0)
    at = latex_skip_arguments (at, end, arguments);
  if (kind == LATEX_ENV_VERBATIM || kind == LATEX_ENV_MATH || kind == LATEX_ENV_SKIP)
    return read_raw (latex, kind, name, at, end, error);
  if (!flush (latex, error))
    return NULL;
  open_environment (latex, kind);
  return kind == LATEX_ENV_TEXT ? latex_skip_optional (at, end) : at;
}

static const char *
end_environment (Latex *latex, const char *at, const char *end, GError **error)
{
  const char *start;
  gsize bytes;
  guint arguments;
  LatexEnvironment kind;
  gboolean done = TRUE;

  at = latex_read_argument (at, end, &start, &bytes);
  g_autofree char *name = g_strndup (start, MIN (bytes, 60));

  kind = latex_environment (name, &arguments);
  if (kind == LATEX_ENV_TABLE && latex->rows != NULL && latex->plain == 0) {
    g_autoptr (GPtrArray) rows = NULL;

    end_row (latex);
    rows = g_steal_pointer (&latex->rows);
    g_clear_pointer (&latex->row, g_ptr_array_unref);
    done = extract_table (latex->sink, 0, rows, rows->len > 1, error);
  }
  done = done && flush (latex, error);
  if ((kind == LATEX_ENV_BULLETS || kind == LATEX_ENV_NUMBERS) && latex->lists->len > 0) {
    g_array_set_size (latex->lists, latex->lists->len - 1);
    latex->in_item = FALSE;
  }
  return done ? at : NULL;
}

/* "$...$", "\(...\)": with its marks, on one line. "$$...$$" and "\[...\]" are paragraphs. */
static const char *
read_math (Latex *latex, const char *at, const char *end, const char *open, const char *close,
           GError **error)
{
  const char *start = at + strlen (open);
  const char *stop = g_strstr_len (start, MIN (end - start, 8000), close);
  gboolean display = strcmp (close, "$$") == 0 || strcmp (close, "\\]") == 0;

  while (stop != NULL && stop > start && stop[-1] == '\\' && *close == '$')
    stop = g_strstr_len (stop + 1, MIN (end - stop - 1, 8000), close);
  if (stop == NULL) {
    g_string_append_c (latex->text, *at);
    return at + 1;
  }
  stop += strlen (close);
  if (!display || latex->plain > 0) {
    append (latex, at, (gsize)(stop - at));
    return stop;
  }
  return flush (latex, error) && extract_paragraph (latex->sink, 0, at, stop - at, error) ? stop
                                                                                          : NULL;
}

/* --- running text ----------------------------------------------------------------------------- */

static const char *
run_command (Latex *latex, const LatexCommand *command, const char *name, gsize bytes,
             const char *at, const char *end, GError **error)
{
  const char *start;
  gsize length;
  gboolean done = TRUE;

  switch (command->kind) {
  case LATEX_TEXT:
    if (command->text[0] == ',')
      trim (latex->text); /* between authors */
    append (latex, command->text, strlen (command->text));
    break;
  case LATEX_DROP:
    at = latex_skip_arguments (at, end, command->arguments);
    break;
  case LATEX_ACCENT:
    at = read_accent (latex, command, at, end);
    break;
  case LATEX_MAKETITLE:
    done = make_title (latex, error);
    break;
  case LATEX_ITEM:
    done = begin_item (latex, &at, end, error);
    break;
  case LATEX_BIBITEM:
    at = latex_read_argument (latex_skip_optional (at, end), end, &start, &length);
    done = flush (latex, error);
    latex->in_item = latex->plain == 0 && latex->lists->len > 0;
    g_string_append_printf (latex->text, "[%.*s] ", (int)MIN (length, 200), start);
    break;
  case LATEX_HREF:
    at = latex_read_argument (latex_skip_optional (at, end), end, &start, &length);
    light_add_target (latex->targets, start, length);
    break;
  case LATEX_VERB:
    at = read_verb (latex, at, end);
    break;
  case LATEX_DEFINITION:
    at = skip_definition (name, bytes, at, end);
    break;
  case LATEX_BREAK:
    at = latex_skip_optional (at + (at < end && *at == '*'), end);
    if (latex->rows != NULL && latex->plain == 0)
      end_row (latex);
    else if (latex->text->len > 0)
      g_string_append_c (latex->text, latex->plain > 0 ? ' ' : '\n');
    break;
  case LATEX_PARAGRAPH:
    done = flush (latex, error);
    break;
  case LATEX_MATH:
    return read_math (latex, name - 1, end, *name == '(' ? "\\(" : "\\[", command->text, error);
  case LATEX_MULTICOLUMN:
    at = latex_skip_arguments (at, end, 2);
    break;
  case LATEX_BEGIN:
    return begin_environment (latex, at, end, error);
  case LATEX_END:
    return end_environment (latex, at, end, error);
  default:
    done = read_text_argument (latex, command, &at, end, error);
  }
  return done ? at : NULL;
}

/* at: the backslash. Behind the command; NULL: nothing more is wanted. */
static const char *
read_command (Latex *latex, const char *at, const char *end, GError **error)
{
  const char *name = at + 1;
  gsize bytes = 0;
  const LatexCommand *command;

  while (name + bytes < end && g_ascii_isalpha (name[bytes]))
    bytes++;
  if (bytes == 0 && name < end)
    bytes = (gsize)(MIN (g_utf8_next_char (name), end) - name);
  if (bytes == 0)
    return end;
  at = name + bytes;
  command = latex_command (name, bytes);
  if (g_ascii_isalpha (*name) && (command == NULL || command->kind == LATEX_TEXT)) {
    const char *behind = latex_skip_blanks (at, end);

    /* blanks behind a command's name are no blanks; a blank line is one */
    if (memchr (at, '\n', (gsize)(behind - at)) == NULL)
      at = behind;
  }
  if (command == NULL) {
    at = latex_skip_optional (at + (at < end && *at == '*'), end);
    return at;
  }
  return run_command (latex, command, name, bytes, at, end, error);
}

/* Characters that mean something. */
static const char *
read_special (Latex *latex, const char *at, const char *end, GError **error)
{
  static const char *const ligatures[][2] = {{"---", "—"}, {"--", "–"}, {"``", "“"}, {"''", "”"}};

  switch (*at) {
  case '\\':
    return read_command (latex, at, end, error);
  case '%':
    return latex_skip_comment (at, end);
  case '$':
    return at + 1 < end && at[1] == '$' ? read_math (latex, at, end, "$$", "$$", error)
                                        : read_math (latex, at, end, "$", "$", error);
  case '{':
  case '}':
    return at + 1;
  case '&':
    if (latex->rows != NULL && latex->plain == 0)
      end_cell (latex);
    else
      append (latex, " ", 1);
    return at + 1;
  case '~':
    append (latex, " ", 1);
    return at + 1;
  case '\n':
    if (latex_is_blank_line (at, end) && !flush (latex, error))
      return NULL;
    append (latex, " ", 1);
    return at + 1;
  default:
    for (guint i = 0; i < G_N_ELEMENTS (ligatures); i++) {
      gsize length = strlen (ligatures[i][0]);

      if ((gsize)(end - at) >= length && memcmp (at, ligatures[i][0], length) == 0) {
        g_string_append (latex->text, ligatures[i][1]);
        return at + length;
      }
    }
    g_string_append_c (latex->text, *at);
    return at + 1;
  }
}

static gboolean
run (Latex *latex, const char *at, const char *end, GError **error)
{
  guint steps = 0;

  while (at < end) {
    const char *plain = at;

    while (at < end && strchr ("\\%${}&~\n-`'", *at) == NULL)
      at++;
    append (latex, plain, (gsize)(at - plain));
    if (at >= end)
      break;
    at = read_special (latex, at, end, error);
    if (at == NULL)
      return FALSE;
    if (++steps % 1024 == 0 && extract_time_is_up (latex->sink))
      return extract_limit_error (error, "only what could be read in time");
  }
  return TRUE;
}

/* --- the reader ------------------------------------------------------------------------------- */

gboolean
extract_read_latex (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) source = text_load (input, sink);
  g_autoptr (GArray) lists = g_array_new (FALSE, FALSE, sizeof (List));
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) targets = g_ptr_array_new_with_free_func (g_free);
  Latex latex = {.sink = sink, .lists = lists, .notes = notes, .targets = targets};
  const char *end = source->str + source->len;
  const char *body = strstr (source->str, "\\begin{document}");
  const char *stop = body == NULL ? NULL : strstr (body, "\\end{document}");
  gboolean done;

  latex.text = g_string_new (NULL);
  latex.chapters = strstr (source->str, "\\chapter{") != NULL;
  if (body != NULL) {
    /* the preamble has title and author, and nothing to read */
    g_free (argument_text (&latex, source->str, (gsize)(body - source->str)));
    g_ptr_array_set_size (notes, 0);
    body += strlen ("\\begin{document}");
  }
  done =
      run (&latex, body == NULL ? source->str : body, stop == NULL ? end : stop, error) &&
      (latex.rows == NULL || (end_row (&latex), extract_table (sink, 0, latex.rows, TRUE, error)));
  g_clear_pointer (&latex.rows, g_ptr_array_unref);
  g_clear_pointer (&latex.row, g_ptr_array_unref);
  done = done && flush (&latex, error);
  g_string_free (latex.text, TRUE);
  g_free (latex.title);
  g_free (latex.author);
  return done;
}
