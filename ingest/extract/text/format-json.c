/* JSON and lines of it: as it is where it has lines, indented where it is one long line. Escapes of
 * letters ("\u00e9") become the letters. */
#include "ingest/extract/formats.h"
#include "text-load.h"

#include <string.h>

#define LINE_BYTES 1000 /* longer ones are not for reading */
#define DEPTH_MAX 200   /* of indentation */

static gboolean
has_long_lines (const GString *text)
{
  const char *at = text->str, *end = at + text->len, *line;
  gsize bytes, total = 0;

  while (text_next_line (&at, end, &line, &bytes))
    total += bytes > LINE_BYTES ? bytes : 0;
  return total * 2 > text->len;
}

/* The four digits behind "\u"; FALSE: they are none. */
static gboolean
read_unit (const char *at, guint *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++) {
    if (!g_ascii_isxdigit (at[i]))
      return FALSE;
    *unit = *unit << 4 | (guint)g_ascii_xdigit_value (at[i]);
  }
  return TRUE;
}

/* Replaces escapes of characters above ASCII, and of '/'. */
static void
unescape (GString *text)
{
  const char *at = strchr (text->str, '\\');
  char *to = text->str + (at == NULL ? 0 : at - text->str);

  if (at == NULL)
    return;
  while (*at != '\0') {
    guint unit, low;
    gunichar c = 0;
    gsize used = 6;

    if (at[0] != '\\' || at[1] == '\0') {
      *to++ = *at++;
      continue;
    }
    if (at[1] == 'u' && read_unit (at + 2, &unit)) {
      c = unit;
      if (unit >= 0xd800 && unit < 0xdc00 && at[6] == '\\' && at[7] == 'u' &&
          read_unit (at + 8, &low) && low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        used = 12;
      }
    } else if (at[1] == '/') {
      *to++ = '/';
      at += 2;
      continue;
    }
    if (c >= 0xa0 && g_unichar_isprint (c)) {
      to += g_unichar_to_utf8 (c, to);
      at += used;
    } else {
      *to++ = *at++;
      *to++ = *at++; /* "\\" must not begin another */
    }
  }
  g_string_truncate (text, (gsize)(to - text->str));
}

static void
break_line (GString *out, guint depth)
{
  g_string_append_c (out, '\n');
  for (guint i = 0; i < MIN (depth, DEPTH_MAX); i++)
    g_string_append (out, "  ");
}

/* A line for each value, indented; what is no JSON comes through unharmed. (transfer full) */
static GString *
indent (const GString *text)
{
  GString *out = g_string_sized_new (text->len + text->len / 2);
  gboolean in_string = FALSE;
  guint depth = 0;

  for (const char *at = text->str; *at != '\0'; at++) {
    if (in_string) {
      g_string_append_c (out, *at);
      if (*at == '\\' && at[1] != '\0')
        g_string_append_c (out, *++at);
      else
        in_string = *at != '"';
    } else if (*at == '"') {
      g_string_append_c (out, '"');
      in_string = TRUE;
    } else if (*at == '{' || *at == '[') {
      const char *next = at + 1 + strspn (at + 1, " \t\n");

      g_string_append_c (out, *at);
      if (*next == '}' || *next == ']') {
        g_string_append_c (out, *next);
        at = next;
      } else {
        break_line (out, ++depth);
      }
    } else if (*at == '}' || *at == ']') {
      depth -= depth > 0;
      break_line (out, depth);
      g_string_append_c (out, *at);
    } else if (*at == ',') {
      g_string_append_c (out, ',');
      break_line (out, depth);
    } else if (*at == ':') {
      g_string_append (out, ": ");
    } else if (*at == '\n' && depth == 0) {
      g_string_append_c (out, '\n');
    } else if (!g_ascii_isspace (*at)) {
      g_string_append_c (out, *at);
    }
  }
  return out;
}

gboolean
extract_read_json (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) text = text_load (input, sink);
  g_autoptr (GString) indented = NULL;

  unescape (text);
  if (has_long_lines (text))
    indented = indent (text);
  return text_deliver_code (sink, "json", indented != NULL ? indented->str : text->str,
                            indented != NULL ? indented->len : text->len, error);
}
