#include "markup.h"

#include "html-elements.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#define DECLARATION_BYTES 8192

static char *
value_after (const char *text, const char *key)
{
  const char *at = text;

  while ((at = strstr (at, key)) != NULL) {
    gsize length;

    at += strlen (key);
    while (*at == ' ')
      at++;
    if (*at != '=')
      continue;
    at++;
    at += strspn (at, " \"'");
    length = strspn (at, "abcdefghijklmnopqrstuvwxyz0123456789-_:.");
    if (length > 0 && length < 40)
      return g_strndup (at, length);
  }
  return NULL;
}

char *
markup_declared_charset (const guint8 *data, gsize bytes)
{
  /* what is empty may have no address */
  g_autofree char *head =
      g_ascii_strdown (bytes > 0 ? (const char *)data : "", (gssize)MIN (bytes, DECLARATION_BYTES));
  char *start = head, *end;
  char *name;

  while (g_ascii_isspace (*start))
    start++;
  if (g_str_has_prefix (start, "<?xml") && (end = strstr (start, "?>")) != NULL) {
    *end = '\0';
    name = value_after (start, "encoding");
    if (name != NULL)
      return name;
    start = end + 1;
  }
  for (char *meta = start; (meta = strstr (meta, "<meta")) != NULL; meta++) {
    char *close = strchr (meta, '>');

    if (close == NULL)
      break;
    *close = '\0';
    name = value_after (meta, "charset");
    if (name != NULL)
      return name;
    *close = '>';
  }
  return NULL;
}

/* "text/html; charset=koi8-r" */
static char *
charset_of_mime_type (const char *declared)
{
  g_autofree char *lower = g_ascii_strdown (declared, -1);

  return value_after (lower, "charset");
}

/* The end of a tag that begins at '<', behind its '>'; NULL when it is none. */
static const char *
tag_end (const char *at, const char **name, gsize *length)
{
  char quote = '\0';

  at += at[1] == '/' ? 2 : 1;
  *name = at;
  while (g_ascii_isalnum (*at))
    at++;
  *length = (gsize)(at - *name);
  if (*length == 0 || *length > 10 || (*at != '>' && *at != ' ' && *at != '/'))
    return NULL;
  for (; *at != '\0'; at++) {
    if (quote != '\0')
      quote = *at == quote ? '\0' : quote;
    else if (*at == '"' || *at == '\'')
      quote = *at;
    else if (*at == '<')
      return NULL;
    else if (*at == '>')
      return at + 1;
  }
  return NULL;
}

/* The character of "&nbsp;", "&#8212;"; its end in `end`. 0: it is none. */
static gunichar
entity_at (const char *at, const char **end)
{
  char name[12];
  gsize length = strcspn (at + 1, "; &<");
  gunichar c = 0;

  if (length == 0 || length >= sizeof name || at[1 + length] != ';')
    return 0;
  *end = at + length + 2;
  memcpy (name, at + 1, length);
  name[length] = '\0';
  if (name[0] == '#') {
    gboolean hex = name[1] == 'x' || name[1] == 'X';

    c = (gunichar)g_ascii_strtoull (name + (hex ? 2 : 1), NULL, hex ? 16 : 10);
  } else {
    const htmlEntityDesc *entity = htmlEntityLookup ((const xmlChar *)name);

    c = entity == NULL ? 0 : entity->value;
  }
  return c >= 0x20 && g_unichar_validate (c) ? c : 0;
}

/* The flags of the HTML tag at '<'; its end in `end`. FALSE: it is none. */
static gboolean
html_tag_at (const char *at, const char **end, guint *flags, gboolean *is_break)
{
  const char *name;
  gsize length;

  *end = tag_end (at, &name, &length);
  if (*end == NULL)
    return FALSE;
  g_autofree char *lower = g_ascii_strdown (name, (gssize)length);

  *flags = html_element_flags (lower);
  *is_break = strcmp (lower, "br") == 0;
  return *flags != 0 || html_is_inline (lower);
}

gboolean
markup_has_blocks (const char *text)
{
  const char *end;
  guint flags;
  gboolean is_break;

  for (; (text = strchr (text, '<')) != NULL; text++)
    if (html_tag_at (text, &end, &flags, &is_break) && (flags & HTML_BLOCK || is_break))
      return TRUE;
  return FALSE;
}

GString *
markup_as_html (const char *text, gboolean has_entities)
{
  GString *html = g_string_sized_new (strlen (text));
  const char *end;
  guint flags;
  gboolean is_break;

  while (*text != '\0') {
    gsize plain = strcspn (text, "<&");

    g_string_append_len (html, text, (gssize)plain);
    text += plain;
    if (*text == '<' && html_tag_at (text, &end, &flags, &is_break)) {
      g_string_append_len (html, text, end - text);
      text = end;
    } else if (*text == '<') {
      g_string_append (html, "&lt;");
      text++;
    } else if (*text == '&') {
      g_string_append (html, has_entities ? "&" : "&amp;");
      text++;
    }
  }
  return html;
}

void
markup_strip_tags (GString *text, gboolean has_entities)
{
  const char *at = text->str, *end;
  char *to = text->str;
  guint flags;
  gboolean is_break;
  gunichar c;

  while (*at != '\0') {
    /* a character is never longer than its name */
    if (has_entities && *at == '&' && (c = entity_at (at, &end)) != 0) {
      to += g_unichar_to_utf8 (c, to);
      at = end;
    } else if (*at == '<' && html_tag_at (at, &end, &flags, &is_break)) {
      if (flags & (HTML_BLOCK | HTML_VOID | HTML_APART) && to > text->str && to[-1] != ' ')
        *to++ = ' ';
      at = end;
    } else {
      *to++ = *at++;
    }
  }
  g_string_truncate (text, (gsize)(to - text->str));
}

gboolean
markup_is_date (const char *text)
{
  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return (text[4] == '-' && g_ascii_isdigit (text[5]) && g_ascii_isdigit (text[6]) &&
          (text[7] == '\0' || text[7] == '-')) ||
         text[4] == '\0';
}

gboolean
markup_decode (const ExtractInput *input, ExtractSink *sink, CharsetSliceFunc func,
               gpointer user_data, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autofree char *declared = markup_declared_charset (data, bytes);
  Charset charset;
  guint64 replaced;

  if (declared == NULL)
    declared = charset_of_mime_type (input->declared);
  charset_guess (data, bytes, declared, &charset);
  if (!charset_decode (data, bytes, &charset, func, user_data, &replaced, error))
    return FALSE;
  if (replaced > 0)
    extract_warn (sink, "%" G_GUINT64_FORMAT " characters could not be read as %s", replaced,
                  charset.name);
  return TRUE;
}
