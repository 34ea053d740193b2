#include "sniff.h"

#include "charset.h"
#include "inflate.h"

#include <magic.h>
#include <string.h>

#define HEAD_BYTES 4096
#define MAGIC_BYTES (256u << 10)

typedef struct {
  magic_t mime;
  magic_t text;
} Magic;

/* Set once, in warm-up: a database loaded later would have to be read from a file. */
static Magic *
loaded_magic (void)
{
  static Magic magic;

  return &magic;
}

gboolean
sniff_warm_up (GError **error)
{
  const int flags = MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR;
  Magic *magic = loaded_magic ();

  if (magic->mime != NULL)
    return TRUE;
  magic->mime = magic_open (flags | MAGIC_MIME_TYPE);
  magic->text = magic_open (flags);
  if (magic->mime == NULL || magic->text == NULL || magic_load (magic->mime, NULL) != 0 ||
      magic_load (magic->text, NULL) != 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "libmagic has no database: %s",
                 magic->mime == NULL ? "no memory" : magic_error (magic->mime));
    return FALSE;
  }
  return TRUE;
}

int
sniff_magic_version (void)
{
  return magic_version ();
}

/* --- hints ------------------------------------------------------------------------------------ */

static gboolean
has_suffix (const char *name, const char *const *suffixes)
{
  const char *dot = strrchr (name, '.');

  for (; dot != NULL && *suffixes != NULL; suffixes++)
    if (g_ascii_strcasecmp (dot + 1, *suffixes) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
hint_is_markdown (const char *name, const char *declared)
{
  static const char *const suffixes[] = {"md",  "markdown", "mdown", "mkd", "mkdn",
                                         "mdx", "rmd",      "qmd",   NULL};

  return has_suffix (name, suffixes) || g_str_has_prefix (declared, "text/markdown") ||
         g_str_has_prefix (declared, "text/x-markdown");
}

static gboolean
hint_is_pdf (const char *name, const char *declared)
{
  static const char *const suffixes[] = {"pdf", NULL};

  return has_suffix (name, suffixes) || g_str_has_prefix (declared, "application/pdf");
}

static gboolean
hint_is_html (const char *name, const char *declared)
{
  static const char *const suffixes[] = {"html", "htm", "xhtml", "xht", "shtml", NULL};

  return has_suffix (name, suffixes) || g_str_has_prefix (declared, "text/html") ||
         g_str_has_prefix (declared, "application/xhtml+xml");
}

static gboolean
hint_is_plain (const char *name, const char *declared)
{
  static const char *const suffixes[] = {"txt", "text", "log", "tex", "rst", "org", NULL};

  return has_suffix (name, suffixes);
}

static gboolean
hint_is_xml (const char *name, const char *declared)
{
  static const char *const suffixes[] = {"xml", "rss", "atom", "opml",    "nxml", "svg",  "fb2",
                                         "xsd", "xsl", "xslt", "docbook", "dbk",  "rdf",  "gpx",
                                         "kml", "tei", "dita", "plist",   "jats", "wsdl", NULL};

  return has_suffix (name, suffixes) || g_str_has_suffix (declared, "+xml") ||
         g_str_has_suffix (declared, "/xml");
}

/* --- markup ------------------------------------------------------------------------------------
 */

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

static SniffKind
set (Sniff *found, SniffKind kind, const char *mime_type)
{
  found->kind = kind;
  g_strlcpy (found->mime_type, mime_type, sizeof found->mime_type);
  return kind;
}

static SniffKind
sniff_xml_root (const char *root, const char *element, Sniff *found)
{
  static const char *const types[][2] = {{"svg", "image/svg+xml"},
                                         {"rss", "application/rss+xml"},
                                         {"feed", "application/atom+xml"},
                                         {"opml", "text/x-opml+xml"},
                                         {"rdf", "application/rdf+xml"}};

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (types[i][0], element) == 0)
      return set (found, SNIFF_XML, types[i][1]);
  return set (found, SNIFF_XML, "text/xml");
}

static SniffKind
sniff_text (const char *head, const char *name, const char *declared, Sniff *found)
{
  gboolean is_xml = FALSE;
  const char *doctype = NULL;
  const char *root = skip_prolog (head, &is_xml, &doctype);
  g_autofree char *element = element_name (root);
  gboolean is_root = *root == '<' && g_ascii_isalpha (root[1]);

  if (strcmp (element, "html") == 0 || (doctype != NULL && starts_with (doctype, "<!doctype html")))
    return set (found, SNIFF_HTML, is_xml ? "application/xhtml+xml" : "text/html");
  if (is_xml)
    return sniff_xml_root (root, element, found);
  if (hint_is_markdown (name, declared))
    return set (found, SNIFF_MARKDOWN, "text/markdown");
  if (is_root && hint_is_xml (name, declared))
    return sniff_xml_root (root, element, found);
  if (hint_is_html (name, declared) && strchr (head, '<') != NULL)
    return set (found, SNIFF_HTML, "text/html");
  if (is_root && (doctype != NULL || strcmp (element, "svg") == 0))
    return sniff_xml_root (root, element, found);
  if (is_root && !hint_is_plain (name, declared)) {
    const char *close = strchr (root, '>');

    if (is_html_element (element))
      return set (found, SNIFF_HTML, "text/html");
    if (close != NULL && g_strstr_len (root, close - root, "xmlns") != NULL)
      return sniff_xml_root (root, element, found);
  }
  return set (found, SNIFF_TEXT, "text/plain");
}

/* The head as UTF-8, NUL-terminated. */
static char *
decode_head (const guint8 *data, gsize bytes)
{
  gsize size = MIN (bytes, HEAD_BYTES);
  g_autoptr (GBytes) raw = g_bytes_new_static (data, size);
  g_autoptr (GBytes) text = NULL;
  Charset charset;
  guint64 replaced;
  const char *utf8;

  charset_guess (data, size, NULL, &charset);
  text = charset_to_utf8 (raw, &charset, &replaced);
  utf8 = g_bytes_get_data (text, &size);
  return g_strndup (utf8, size);
}

/* --- PDF -----------------------------------------------------------------------------------------
 */

/* %PDF-1 at the start, or within the first 1024 bytes of what has a PDF's end. */
static gboolean
is_pdf (const guint8 *data, gsize bytes)
{
  const char *head = (const char *)data;
  const guint8 *at = memmem (data, MIN (bytes, 1024 + 5), "%PDF-", 5);

  if (at == NULL)
    return FALSE;
  if (at == data)
    return TRUE;
  if ((gsize)(at - data) + 5 >= bytes || !g_ascii_isdigit (at[5]))
    return FALSE;
  while (head < (const char *)at && g_ascii_isspace (*head))
    head++;
  if (head == (const char *)at)
    return TRUE;
  return memmem (at, bytes - (gsize)(at - data), "endobj", 6) != NULL &&
         memmem (at, bytes - (gsize)(at - data), "%%EOF", 5) != NULL;
}

/* --- the rest
 * ------------------------------------------------------------------------------------- */

static void
describe_unsupported (const guint8 *data, gsize bytes, Sniff *found)
{
  const Magic *magic = loaded_magic ();
  const char *mime, *text;

  found->kind = SNIFF_UNSUPPORTED;
  mime = magic->mime == NULL ? NULL : magic_buffer (magic->mime, data, MIN (bytes, MAGIC_BYTES));
  g_strlcpy (found->mime_type, mime == NULL ? "application/octet-stream" : mime,
             sizeof found->mime_type);
  text = magic->text == NULL ? NULL : magic_buffer (magic->text, data, MIN (bytes, MAGIC_BYTES));
  g_strlcpy (found->description, text == NULL ? "data" : text, sizeof found->description);
  /* "PNG image data, 16 x 16, ..." */
  found->description[strcspn (found->description, ",\n")] = '\0';
}

void
sniff (const guint8 *data, gsize bytes, const char *name, const char *declared, Sniff *found)
{
  g_autofree char *head = NULL;
  gboolean is_unknown = FALSE;

  memset (found, 0, sizeof *found);
  if (bytes == 0) {
    set (found, SNIFF_EMPTY, "inode/x-empty");
  } else if (inflate_is_gzip (data, bytes)) {
    set (found, SNIFF_GZIP, "application/gzip");
  } else if (is_pdf (data, bytes)) {
    set (found, SNIFF_PDF, "application/pdf");
  } else if (charset_is_binary (data, bytes) || (bytes >= 5 && memcmp (data, "{\\rtf", 5) == 0) ||
             (bytes >= 4 && memcmp (data, "%!PS", 4) == 0)) {
    describe_unsupported (data, bytes, found);
    is_unknown = strcmp (found->mime_type, "application/octet-stream") == 0;
  } else {
    head = decode_head (data, bytes);
    is_unknown = sniff_text (head, name, declared, found) == SNIFF_TEXT;
  }
  /* a PDF without its first line: its reader finds out, and says so */
  if (is_unknown && hint_is_pdf (name, declared))
    set (found, SNIFF_PDF, "application/pdf");
}
