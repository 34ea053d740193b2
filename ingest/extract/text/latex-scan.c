#include "latex-scan.h"

#include <string.h>

#define ARGUMENT_BYTES (16u << 10) /* longer ones are no arguments */

const char *
latex_skip_blanks (const char *at, const char *end)
{
  while (at < end && g_ascii_isspace (*at))
    at++;
  return at;
}

const char *
latex_matching_brace (const char *at, const char *end)
{
  guint depth = 0;

  end = MIN (end, at + ARGUMENT_BYTES);
  for (; at < end; at++) {
    if (*at == '\\')
      at++;
    else if (*at == '{')
      depth++;
    else if (*at == '}' && --depth == 0)
      return at + 1;
  }
  return NULL;
}

const char *
latex_skip_optional (const char *at, const char *end)
{
  const char *start = latex_skip_blanks (at, end), *stop = MIN (end, start + 1000);
  guint depth = 0;

  if (start >= end || *start != '[')
    return at;
  for (const char *c = start; c < stop; c++) {
    depth += *c == '{';
    depth -= *c == '}' && depth > 0;
    if (*c == ']' && depth == 0)
      return c + 1;
  }
  return at;
}

const char *
latex_read_argument (const char *at, const char *end, const char **start, gsize *bytes)
{
  const char *close;

  at = latex_skip_blanks (at, end);
  *start = at;
  *bytes = 0;
  if (at >= end)
    return at;
  if (*at == '{') {
    close = latex_matching_brace (at, end);
    if (close == NULL)
      return at + 1;
    *start = at + 1;
    *bytes = (gsize)(close - at - 2);
    return close;
  }
  close = at + 1;
  if (*at == '\\')
    for (; close < end && g_ascii_isalpha (*close); close++)
      ;
  else if ((guchar)*at >= 0x80)
    close = MIN (g_utf8_next_char (at), end);
  *bytes = (gsize)(close - at);
  return close;
}

const char *
latex_skip_arguments (const char *at, const char *end, guint n)
{
  const char *start;
  gsize bytes;

  at = latex_skip_optional (at + (at < end && *at == '*'), end);
  for (guint i = 0; i < n; i++)
    at = latex_skip_optional (latex_read_argument (at, end, &start, &bytes), end);
  return at;
}

const char *
latex_skip_comment (const char *at, const char *end)
{
  const char *newline = memchr (at, '\n', (gsize)(end - at));

  if (newline == NULL)
    return end;
  at = newline + 1;
  while (at < end && (*at == ' ' || *at == '\t'))
    at++;
  return at < end && *at == '\n' ? newline : at;
}

gboolean
latex_is_blank_line (const char *at, const char *end)
{
  for (at++; at < end && (*at == ' ' || *at == '\t'); at++)
    ;
  return at < end && *at == '\n';
}
