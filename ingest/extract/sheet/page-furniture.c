#include "page-furniture.h"

#include <string.h>

/* Past a code of more than one letter: a font's name, its size, a colour. */
static const char *
skip_font (const char *at)
{
  if (*at == '"') {
    const char *close = strchr (at + 1, '"');

    return close == NULL ? at + strlen (at) : close + 1;
  }
  if (*at == 'K') {
    at++;
    for (guint i = 0; i < 6 && (g_ascii_isxdigit (*at) || *at == '+' || *at == '-'); i++)
      at++;
    return at;
  }
  while (g_ascii_isdigit (*at))
    at++;
  return at;
}

/* The code after the '&'. */
static const char *
append_code (GString *out, const char *at, const char *sheet_name)
{
  switch (*at) {
  case '\0':
    return at;
  case '&':
    g_string_append_c (out, '&');
    return at + 1;
  case 'A':
    g_string_append (out, sheet_name);
    return at + 1;
  case 'L':
  case 'C':
  case 'R':
    if (out->len > 0 && out->str[out->len - 1] != '\t')
      g_string_append_c (out, '\t');
    return at + 1;
  default:
    if (*at == '"' || *at == 'K' || g_ascii_isdigit (*at))
      return skip_font (at);
    /* a page, a date, a file's name, an effect; some have an offset: "&P+1" */
    if (*at == 'P' && (at[1] == '+' || at[1] == '-') && g_ascii_isdigit (at[2]))
      return skip_font (at + 2);
    return at + 1;
  }
}

char *
page_furniture_text (const char *code, const char *sheet_name)
{
  GString *out = g_string_new (NULL);

  for (const char *at = code; *at != '\0';) {
    if (*at == '&')
      at = append_code (out, at + 1, sheet_name);
    else
      g_string_append_c (out, *at++);
  }
  return g_strstrip (g_string_free (out, FALSE));
}
