#include "content-line.h"

#include "mail-header.h"

#include <string.h>

#define PARAMETERS_BYTES 256 /* where a parameter is looked for in a line not yet complete */

void
content_line_clear (ContentLine *line)
{
  g_clear_pointer (&line->name, g_free);
  g_clear_pointer (&line->parameters, g_free);
  g_clear_pointer (&line->value, g_free);
}

/* A logical line: what follows a line end and a space belongs to it; vCard 2.1's quoted-printable
 * goes on after a '=' at the end. (transfer full) */
static char *
unfold (const char **at, const char *end)
{
  g_autoptr (GString) line = g_string_new (NULL);

  while (*at < end) {
    const char *line_end = memchr (*at, '\n', (gsize)(end - *at)) ?: end;
    gsize length = (gsize)(line_end - *at);
    gboolean soft;

    if (length > 0 && (*at)[length - 1] == '\r')
      length--;
    g_string_append_len (line, *at, (gssize)length);
    *at = line_end + (line_end < end);
    soft = line->len > 0 && line->str[line->len - 1] == '=' &&
           g_strstr_len (line->str, PARAMETERS_BYTES, "QUOTED-PRINTABLE") != NULL;
    if (soft)
      g_string_truncate (line, line->len - 1);
    else if (*at < end && (**at == ' ' || **at == '\t'))
      (*at)++;
    else
      break;
  }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/* The ':' before the value: not one in quotes. */
static const char *
find_colon (const char *line)
{
  gboolean quoted = FALSE;

  for (; *line != '\0' && (quoted || *line != ':'); line++)
    quoted ^= *line == '"';
  return *line == ':' ? line : NULL;
}

/* (transfer full) */
static char *
unescape (const char *value)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (; *value != '\0'; value++) {
    if (*value == '\\' && value[1] != '\0') {
      value++;
      g_string_append_c (out, *value == 'n' || *value == 'N' ? '\n' : *value);
    } else {
      g_string_append_c (out, *value);
    }
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* (transfer full) */
static char *
decode_quoted_printable (const char *value, const char *charset)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  GString *text;

  for (; *value != '\0'; value++) {
    if (*value == '=' && g_ascii_isxdigit (value[1]) && g_ascii_isxdigit (value[2])) {
      g_string_append_c (
          bytes, (char)(g_ascii_xdigit_value (value[1]) * 16 + g_ascii_xdigit_value (value[2])));
      value += 2;
    } else {
      g_string_append_c (bytes, *value);
    }
  }
  text = mail_decode_bytes ((const guint8 *)bytes->str, bytes->len, charset);
  return g_string_free (text, FALSE);
}

gboolean
content_line_next (const char **at, const char *end, ContentLine *line)
{
  content_line_clear (line);
  while (*at < end) {
    g_autofree char *text = unfold (at, end);
    const char *colon = find_colon (text);
    gsize name_bytes = strcspn (text, ";:");
    const char *dot = memchr (text, '.', name_bytes);
    const char *name = dot != NULL ? dot + 1 : text;

    if (colon == NULL || name_bytes == 0)
      continue;
    line->name = g_ascii_strup (name, text + name_bytes - name);
    line->parameters = text[name_bytes] == ';' ? g_strndup (text + name_bytes + 1,
                                                            (gsize)(colon - text) - name_bytes - 1)
                                               : g_strdup ("");
    if (strstr (line->parameters, "QUOTED-PRINTABLE") != NULL) {
      g_autofree char *charset = content_line_parameter (line, "CHARSET");
      g_autofree char *decoded = decode_quoted_printable (colon + 1, charset);

      line->value = unescape (decoded);
    } else {
      line->value = unescape (colon + 1);
    }
    return TRUE;
  }
  return FALSE;
}

char *
content_line_parameter (const ContentLine *line, const char *name)
{
  g_autofree char *header = g_strconcat ("x;", line->parameters, NULL);

  return mail_header_parameter (header, name, NULL);
}

char *
content_line_date (const ContentLine *line)
{
  const char *value = line->value;
  gsize digits = strspn (value, "0123456789");
  g_autofree char *zone = content_line_parameter (line, "TZID");
  gboolean has_time = digits == 8 && value[8] == 'T' && strspn (value + 9, "0123456789") == 6;

  if (digits != 8 || (value[8] != '\0' && !has_time))
    return g_strdup (value);
  if (!has_time)
    return g_strdup_printf ("%.4s-%.2s-%.2s", value, value + 4, value + 6);
  return g_strdup_printf ("%.4s-%.2s-%.2s %.2s:%.2s%s%s%s", value, value + 4, value + 6, value + 9,
                          value + 11, value[15] == 'Z' ? " UTC" : "",
                          zone != NULL && value[15] != 'Z' ? " " : "",
                          zone != NULL && value[15] != 'Z' ? zone : "");
}
