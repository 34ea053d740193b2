#include "word-field.h"

#include "ingest/extract/office/symbols.h"

#include <stdlib.h>
#include <string.h>

#define EQUATION_DEPTH_MAX 32

/* "NAME rest": the rest, when it is that field. */
static const char *
after_name (const char *instruction, const char *name)
{
  gsize length = strlen (name);

  while (g_ascii_isspace (*instruction))
    instruction++;
  if (g_ascii_strncasecmp (instruction, name, length) != 0 ||
      (instruction[length] != '\0' && !g_ascii_isspace (instruction[length]) &&
       instruction[length] != '\\' && instruction[length] != '"'))
    return NULL;
  instruction += length;
  while (g_ascii_isspace (*instruction))
    instruction++;
  return instruction;
}

/* The next argument: quoted, where \" and \\ stand for themselves, or up to a blank. (transfer
 * full) */
static char *
next_argument (const char **at)
{
  GString *argument = g_string_new (NULL);
  gboolean is_quoted;

  while (g_ascii_isspace (**at))
    (*at)++;
  is_quoted = **at == '"' || g_str_has_prefix (*at, "\xe2\x80\x9c");
  if (is_quoted)
    *at = g_utf8_next_char (*at);
  while (**at != '\0') {
    if (is_quoted ? **at == '"' || g_str_has_prefix (*at, "\xe2\x80\x9d") : g_ascii_isspace (**at))
      break;
    if (is_quoted && **at == '\\' && ((*at)[1] == '\\' || (*at)[1] == '"'))
      (*at)++;
    g_string_append_c (argument, *(*at)++);
  }
  if (is_quoted && **at != '\0')
    *at = g_utf8_next_char (*at);
  return g_string_free (argument, FALSE);
}

char *
word_field_link (const char *instruction)
{
  const char *at = after_name (instruction, "HYPERLINK");
  g_autofree char *target = NULL;

  if (at == NULL || *at == '\\')
    return NULL;
  target = next_argument (&at);
  if (strstr (target, "://") == NULL && g_ascii_strncasecmp (target, "mailto:", 7) != 0)
    return NULL;
  return g_steal_pointer (&target);
}

static gboolean
show_symbol (const char *at, GString *out)
{
  g_autofree char *code = next_argument (&at);
  g_autofree char *font = NULL;
  gunichar number = (gunichar)strtoul (code, NULL, 0), shown;
  const char *f = strstr (at, "\\f");

  if (f != NULL) {
    f += 2;
    font = next_argument (&f);
  }
  shown = symbol_to_unicode (font, number);
  if (shown == 0 && number > 0 && number < 0x110000 && !symbol_font_is (font))
    shown = number;
  if (shown > 0 && g_unichar_validate (shown))
    g_string_append_unichar (out, shown);
  return TRUE;
}

/* EQ: switches go, but for what parts the arguments: \f(1,2) is 1/2; what is set above another
 * (\o\ad(\s\up 9(ruby),base)) follows it in brackets. */
static void
show_equation (const char **at, GString *out, guint depth)
{
  char kind = '\0';

  while (**at != '\0' && !(depth > 0 && strchr (",;)", **at) != NULL)) {
    if (**at == '\\' && g_ascii_isalpha ((*at)[1])) {
      char letter = (char)g_ascii_tolower ((*at)[1]);

      kind = kind == '\0' || letter == 'f' || letter == 'r' || letter == 'o' ? letter : kind;
      while (**at == '\\' || g_ascii_isalnum (**at) || **at == ' ' || **at == '-')
        (*at)++;
    } else if (**at == '(' && kind != '\0' && depth < EQUATION_DEPTH_MAX) {
      g_autoptr (GString) raised = g_string_new (NULL);
      guint arguments = 0;

      do {
        gboolean is_raised = kind == 'o' && g_str_has_prefix (*at + 1, "\\s\\up");

        (*at)++;
        if (kind == 'r' && arguments == 0)
          g_string_append (out, "√");
        if (arguments++ > 0 && kind != 'o' && kind != 'r')
          g_string_append_c (out, kind == 'f' ? '/' : ',');
        show_equation (at, is_raised ? raised : out, depth + 1);
      } while (**at == ',' || **at == ';');
      if (raised->len > 0)
        g_string_append_printf (out, "(%s)", raised->str);
      if (**at == ')')
        (*at)++;
      kind = '\0';
    } else {
      if (**at == '\\' && (*at)[1] != '\0')
        (*at)++;
      g_string_append_c (out, *(*at)++);
    }
  }
}

gboolean
word_field_show (const char *instruction, GString *out)
{
  const char *at = after_name (instruction, "SYMBOL");

  if (at != NULL)
    return show_symbol (at, out);
  at = after_name (instruction, "EQ");
  if (at == NULL)
    return FALSE;
  /* \* jc2 \* "Font:MS Mincho" \* hps10: how it looks */
  while (at[0] == '\\' && at[1] == '*') {
    at += 2;
    g_free (next_argument (&at));
    while (g_ascii_isspace (*at))
      at++;
  }
  show_equation (&at, out, 0);
  return TRUE;
}
