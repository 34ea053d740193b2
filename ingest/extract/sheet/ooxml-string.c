#include "ooxml-string.h"

#include <string.h>

#define ESCAPE_BYTES 7 /* "_x000D_" */

/* The code unit that is written at `at`; -1: none is. */
static int
escaped_unit (const char *at, gsize bytes)
{
  int unit = 0;

  if (bytes < ESCAPE_BYTES || at[0] != '_' || at[1] != 'x' || at[6] != '_')
    return -1;
  for (guint i = 2; i < 6; i++) {
    int digit = g_ascii_xdigit_value (at[i]);

    if (digit < 0)
      return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

void
ooxml_string_unescape (GString *text)
{
  gsize out = 0;

  if (strstr (text->str, "_x") == NULL)
    return;
  for (gsize i = 0; i < text->len;) {
    int unit = escaped_unit (text->str + i, text->len - i);

    /* surrogates come in pairs that no program writes so */
    if (unit < 0 || (unit >= 0xd800 && unit < 0xe000)) {
      text->str[out++] = text->str[i++];
      continue;
    }
    i += ESCAPE_BYTES;
    if (unit > 0)
      out += (gsize)g_unichar_to_utf8 ((gunichar)unit, text->str + out);
  }
  g_string_truncate (text, out);
}
