/* What a PDF says about itself: title, author, dates, language; from its information dictionary
 * and, where that is silent, from its XMP packet (ISO 16684-1). */
#include "format-pdf.h"

#include <string.h>

#define XMP_MAX (1u << 20) /* bytes; packets with thumbnails are larger than any with words */

/* What programs write where people wrote nothing, and names of files. */
static gboolean
is_junk_title (const char *title)
{
  static const char *const junk[] = {"untitled",
                                     "title",
                                     "document",
                                     "document1",
                                     "unknown",
                                     "none",
                                     "(anonymous)",
                                     "powerpoint presentation",
                                     "microsoft word document",
                                     "slide 1",
                                     "no title",
                                     "titel",
                                     "blank",
                                     "null",
                                     "pdf",
                                     NULL};
  static const char *const suffixes[] = {
      ".doc", ".docx", ".rtf",  ".odt", ".indd", ".qxd", ".tex",  ".dvi",   ".pdf", ".ps",  ".eps",
      ".ai",  ".xls",  ".xlsx", ".ppt", ".pptx", ".pub", ".p65",  ".fm",    ".cdr", ".tif", ".jpg",
      ".png", ".html", ".htm",  ".txt", ".wpd",  ".pmd", ".docm", ".pages", ".md",  NULL};
  g_autofree char *lower = g_utf8_strdown (title, -1);
  gboolean has_letter = FALSE;

  for (const char *c = title; *c != '\0'; c = g_utf8_next_char (c))
    has_letter |= g_unichar_isalpha (g_utf8_get_char (c));
  if (!has_letter || g_strv_contains (junk, lower) || strstr (title, "\\") != NULL)
    return TRUE;
  for (guint i = 0; suffixes[i] != NULL; i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  return FALSE;
}

static void
add_title (ExtractSink *sink, char *title)
{
  static const char *const prefixes[] = {"Microsoft Word - ", "Microsoft PowerPoint - ",
                                         "Microsoft Excel - ", "(Microsoft Word - "};

  if (title == NULL || !g_utf8_validate (title, -1, NULL))
    return;
  g_strstrip (title);
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (title, prefixes[i]))
      memmove (title, title + strlen (prefixes[i]), strlen (title) - strlen (prefixes[i]) + 1);
  if (!is_junk_title (title))
    extract_meta (sink, "title", title);
}

static void
add_author (ExtractSink *sink, char *author)
{
  static const char *const junk[] = {"user",
                                     "admin",
                                     "administrator",
                                     "unknown",
                                     "anonymous",
                                     "(anonymous)",
                                     "owner",
                                     "root",
                                     "author",
                                     "none",
                                     "microsoft office user",
                                     "windows user",
                                     "default",
                                     NULL};
  g_autofree char *lower = NULL;

  if (author == NULL || !g_utf8_validate (author, -1, NULL))
    return;
  lower = g_utf8_strdown (g_strstrip (author), -1);
  if (!g_strv_contains (junk, lower))
    extract_meta (sink, "author", author);
}

static void
add_date (ExtractSink *sink, const char *key, GDateTime *date)
{
  g_autofree char *text = NULL;

  if (date == NULL)
    return;
  text = g_date_time_format (date, g_date_time_get_utc_offset (date) == 0 ? "%Y-%m-%dT%H:%M:%SZ"
                                                                          : "%Y-%m-%dT%H:%M:%S%:z");
  extract_meta (sink, key, text);
  g_date_time_unref (date);
}

/* --- XMP ----------------------------------------------------------------------------------------
 */

typedef struct {
  char *title, *author, *language; /* the first of each */
  char **at;                       /* (nullable) where the text at hand goes */
} Xmp;

static void
xmp_clear (Xmp *xmp)
{
  g_free (xmp->title);
  g_free (xmp->author);
  g_free (xmp->language);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Xmp, xmp_clear)

static void
xmp_start (GMarkupParseContext *context, const char *name, const char **names, const char **values,
           gpointer user_data, GError **error)
{
  Xmp *xmp = user_data;

  if (strcmp (name, "dc:title") == 0)
    xmp->at = &xmp->title;
  else if (strcmp (name, "dc:creator") == 0)
    xmp->at = &xmp->author;
  else if (strcmp (name, "dc:language") == 0)
    xmp->at = &xmp->language;
}

static void
xmp_end (GMarkupParseContext *context, const char *name, gpointer user_data, GError **error)
{
  Xmp *xmp = user_data;

  if (g_str_has_prefix (name, "dc:"))
    xmp->at = NULL;
}

static void
xmp_text (GMarkupParseContext *context, const char *text, gsize bytes, gpointer user_data,
          GError **error)
{
  Xmp *xmp = user_data;
  g_autofree char *value = g_strstrip (g_strndup (text, bytes));

  if (xmp->at != NULL && *xmp->at == NULL && *value != '\0')
    *xmp->at = g_steal_pointer (&value);
}

/* Damaged packets are common: what comes before the damage counts. */
static void
read_xmp (PopplerDocument *document, Xmp *xmp)
{
  static const GMarkupParser parser = {xmp_start, xmp_end, xmp_text, NULL, NULL};
  g_autofree char *packet = poppler_document_get_metadata (document);
  g_autoptr (GMarkupParseContext) context = NULL;

  if (packet == NULL || strlen (packet) > XMP_MAX)
    return;
  context = g_markup_parse_context_new (&parser, 0, xmp, NULL);
  g_markup_parse_context_parse (context, packet, (gssize)strlen (packet), NULL);
}

void
pdf_meta_read (PopplerDocument *document, ExtractSink *sink)
{
  g_autofree char *title = poppler_document_get_title (document);
  g_autofree char *author = poppler_document_get_author (document);
  g_auto (Xmp) xmp = {NULL};

  read_xmp (document, &xmp);
  add_title (sink, xmp.title);
  add_title (sink, title);
  add_author (sink, xmp.author);
  add_author (sink, author);
  if (xmp.language != NULL && strcmp (xmp.language, "x-unknown") != 0)
    extract_meta (sink, "language", xmp.language);
  add_date (sink, "created", poppler_document_get_creation_date_time (document));
  add_date (sink, "modified", poppler_document_get_modification_date_time (document));
}
