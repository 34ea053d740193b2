#include "html-text.h"

#include <string.h>

void
html_append_folded (GString *out, const char *text, gsize bytes)
{
  const char *end = text + bytes;

  while (text < end) {
    const char *word = text;

    /* soft hyphens go, no-break spaces become spaces */
    while (text < end && !g_ascii_isspace (*text) &&
           !(*text == '\xc2' && end - text > 1 && (text[1] == '\xad' || text[1] == '\xa0')))
      text++;
    g_string_append_len (out, word, text - word);
    if (text == end)
      break;
    if (*text == '\xc2') {
      text += 2;
      if (text[-1] == '\xad')
        continue;
    } else {
      text++;
    }
    if (out->len > 0 && out->str[out->len - 1] != ' ' && out->str[out->len - 1] != '\n')
      g_string_append_c (out, ' ');
  }
}

const char *
html_attribute (const xmlChar **attributes, const char *name)
{
  for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
    if (strcmp ((const char *)attributes[0], name) == 0)
      return attributes[1] == NULL ? "" : (const char *)attributes[1];
  return NULL;
}

guint
html_attribute_uint (const xmlChar **attributes, const char *name, guint otherwise)
{
  const char *value = html_attribute (attributes, name);

  return value == NULL ? otherwise : (guint)MIN (g_ascii_strtoull (value, NULL, 10), 1000000);
}

gboolean
html_is_hidden (const xmlChar **attributes)
{
  const char *style = html_attribute (attributes, "style");

  if (html_attribute (attributes, "hidden") != NULL)
    return TRUE;
  if (style != NULL) {
    g_autoptr (GString) packed = g_string_new (NULL);

    for (; *style != '\0'; style++)
      if (!g_ascii_isspace (*style))
        g_string_append_c (packed, g_ascii_tolower (*style));
    return strstr (packed->str, "display:none") != NULL ||
           strstr (packed->str, "visibility:hidden") != NULL;
  }
  return FALSE;
}

char *
html_code_language (const xmlChar **attributes)
{
  static const char *const prefixes[] = {"language-", "lang-", "highlight-source-"};
  const char *class = html_attribute (attributes, "class");

  for (guint i = 0; class != NULL && i < G_N_ELEMENTS (prefixes); i++) {
    const char *at = strstr (class, prefixes[i]);

    if (at != NULL) {
      at += strlen (prefixes[i]);
      return g_strndup (at, MIN (strcspn (at, " \t\n"), 32));
    }
  }
  return NULL;
}
