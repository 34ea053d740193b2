/* Which of the languages with markup a text is in: HTML, XML, Markdown. */
#include "ingest/extract/sniff.h"

#include <string.h>

/* --- hints ------------------------------------------------------------------------------------ */

static gboolean
hint_is_markdown (const SniffInput *input)
{
  static const char *const suffixes[] = {"md",  "markdown", "mdown", "mkd", "mkdn",
                                         "mdx", "rmd",      "qmd",   NULL};

  return sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "text/markdown") ||
         sniff_is_declared (input, "text/x-markdown");
}

static gboolean
hint_is_html (const SniffInput *input)
{
  static const char *const suffixes[] = {"html", "htm", "xhtml", "xht", "shtml", NULL};

  return sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "text/html") ||
         sniff_is_declared (input, "application/xhtml+xml");
}

static gboolean
hint_is_plain (const SniffInput *input)
{
  static const char *const suffixes[] = {"txt", "text", "log", "tex", "rst", "org", NULL};

  return sniff_has_suffix (input, suffixes);
}

static gboolean
hint_is_xml (const SniffInput *input)
{
  static const char *const suffixes[] = {"xml", "rss", "atom", "opml",    "nxml", "svg",  "fb2",
                                         "xsd", "xsl", "xslt", "docbook", "dbk",  "rdf",  "gpx",
                                         "kml", "tei", "dita", "plist",   "jats", "wsdl", NULL};

  return sniff_has_suffix (input, suffixes) || g_str_has_suffix (input->declared, "+xml") ||
         g_str_has_suffix (input->declared, "/xml");
}

/* --- content ---------------------------------------------------------------------------------- */

static gboolean
starts_with (const char *text, const char *prefix)
{
  return g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0;
}

static const char *
skip_past (const char *text, const char *mark)
{
  const char *at = strstr (text, mark);

  return at == NULL ? text + strlen (text) : at + strlen (mark);
}

/* Past white space, comments, processing instructions and the DOCTYPE: the first element.
 * has_declaration, doctype: what was passed. */
static const char *
skip_prolog (const char *text, gboolean *has_declaration, const char **doctype)
{
  while (TRUE) {
    while (g_ascii_isspace (*text))
      text++;
    if (starts_with (text, "<?")) {
      *has_declaration |= starts_with (text, "<?xml");
      text = skip_past (text, "?>");
    } else if (starts_with (text, "<!--")) {
      text = skip_past (text, "-->");
    } else if (starts_with (text, "<!doctype")) {
      const char *end = text + strcspn (text, "[>");

      *doctype = text;
      text = *end == '[' ? skip_past (end, "]>") : skip_past (end, ">");
    } else {
      return text;
    }
  }
}

/* "html" for <html ...> and <x:html ...>. */
static char *
element_name (const char *text)
{
  gsize length;
  const char *colon;

  if (*text != '<')
    return g_strdup ("");
  text++;
  length = strcspn (text, " \t\r\n/><");
  colon = memchr (text, ':', length);
  if (colon != NULL) {
    length -= (gsize)(colon + 1 - text);
    text = colon + 1;
  }
  return g_ascii_strdown (text, (gssize)length);
}

static gboolean
is_html_element (const char *name)
{
  static const char *const names[] = {
      "html", "head", "body", "title", "meta",    "script",  "style",  "link",
      "div",  "p",    "h1",   "h2",    "h3",      "h4",      "table",  "ul",
      "ol",   "dl",   "a",    "span",  "b",       "i",       "center", "font",
      "br",   "hr",   "img",  "pre",   "article", "section", "main",   "header",
      "nav",  "form", "base", "em",    "strong",  "h5",      "h6",     NULL};

  return g_strv_contains (names, name);
}

static gboolean
sniff_xml_root (const char *root, const char *element, Sniff *found)
{
  static const char *const types[][2] = {{"svg", "image/svg+xml"},
                                         {"rss", "application/rss+xml"},
                                         {"feed", "application/atom+xml"},
                                         {"opml", "text/x-opml+xml"},
                                         {"rdf", "application/rdf+xml"}};

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i][0], element) == 0)
      return sniff_found (found, "xml", types[i][1]);
  return sniff_found (found, "xml", "text/xml");
}

gboolean
sniff_markup (const SniffInput *input, Sniff *found)
{
  const char *head = input->head;
  gboolean is_xml = FALSE;
  const char *doctype = NULL;
  const char *root = skip_prolog (head, &is_xml, &doctype);
  g_autofree char *element = element_name (root);
  gboolean is_root = *root == '<' && g_ascii_isalpha (root[1]);

  if (strcmp (element, "html") == 0 || (doctype != NULL && starts_with (doctype, "<!doctype html")))
    return sniff_found (found, "html", is_xml ? "application/xhtml+xml" : "text/html");
  if (is_xml)
    return sniff_xml_root (root, element, found);
  if (hint_is_markdown (input))
    return sniff_found (found, "markdown", "text/markdown");
  if (is_root && hint_is_xml (input))
    return sniff_xml_root (root, element, found);
  if (hint_is_html (input) && strchr (head, '<') != NULL)
    return sniff_found (found, "html", "text/html");
  if (is_root && (doctype != NULL || strcmp (element, "svg") == 0))
    return sniff_xml_root (root, element, found);
  if (is_root && !hint_is_plain (input)) {
    const char *close = strchr (root, '>');

    if (is_html_element (element))
      return sniff_found (found, "html", "text/html");
    if (close != NULL && g_strstr_len (root, close - root, "xmlns") != NULL)
      return sniff_xml_root (root, element, found);
  }
  return FALSE;
}
