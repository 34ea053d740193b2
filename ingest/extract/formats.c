#include "formats.h"

#include "format-pdf.h"
#include "inflate.h"
#include "language.h"
#include "sink.h"
#include "sniff.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <poppler.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/uversion.h>
#include <zlib.h>

/* To be raised whenever a reader may give other text for the same bytes. */
#define EXTRACT_REVISION 1
/* .gz in .gz: once happens, more is made. */
#define GZIP_DEPTH_MAX 2

const ExtractFormat extract_formats[] = {
    {"pdf", "PDF", extract_read_pdf},    {"html", "HTML", extract_read_html},
    {"xml", "XML", extract_read_xml},    {"markdown", "Markdown", extract_read_markdown},
    {"text", "text", extract_read_text}, {NULL, NULL, NULL},
};

static void
ignore_xml_error (void *context, xmlErrorPtr error)
{
}

/* ICU and libxml2 read their tables on first use. */
static void
warm_up_libraries (void)
{
  static const char *const names[] = {"UTF-8", "UTF-16LE", "windows-1252"};

  xmlInitParser ();
  xmlSetStructuredErrorFunc (NULL, ignore_xml_error);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    UErrorCode status = U_ZERO_ERROR;

    ucnv_close (ucnv_open (names[i], &status));
  }
  u_charName ('a', U_UNICODE_CHAR_NAME, (char[64]){0}, 64, &(UErrorCode){U_ZERO_ERROR});
}

gboolean
extract_warm_up (GError **error)
{
  warm_up_libraries ();
  language_warm_up ();
  if (!sniff_warm_up (error))
    return FALSE;
  pdf_warm_up ();
  return TRUE;
}

char *
extract_fingerprint (const ExtractLimits *limits)
{
  return g_strdup_printf ("%d poppler/%s libxml2/%s icu/%s zlib/%s magic/%d "
                          "text=%" G_GUINT64_FORMAT " pages=%u inflated=%" G_GUINT64_FORMAT,
                          EXTRACT_REVISION, poppler_get_version (), LIBXML_DOTTED_VERSION,
                          U_ICU_VERSION, zlibVersion (), sniff_magic_version (),
                          limits->max_text_bytes, limits->max_pages, limits->max_inflated_bytes);
}

static const ExtractFormat *
format_of (SniffKind kind)
{
  static const char *const names[] = {[SNIFF_PDF] = "pdf",
                                      [SNIFF_HTML] = "html",
                                      [SNIFF_XML] = "xml",
                                      [SNIFF_MARKDOWN] = "markdown",
                                      [SNIFF_TEXT] = "text"};
  const ExtractFormat *format = extract_formats;

  while (g_strcmp0 (format->name, names[kind]) != 0)
    format++;
  return format;
}

static gboolean
refuse (const Sniff *found, GError **error)
{
  g_autoptr (GString) supported = g_string_new (NULL);

  for (const ExtractFormat *format = extract_formats; format->name != NULL; format++)
    g_string_append_printf (supported, "%s%s",
                            format == extract_formats ? ""
                            : format[1].name == NULL  ? " and "
                                                      : ", ",
                            format->title);
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED,
               "no reader for %s (%s); supported are %s", found->description, found->mime_type,
               supported->str);
  return FALSE;
}

static gboolean
read_empty (const Sniff *found, ExtractSink *sink)
{
  extract_meta (sink, "format", "text");
  extract_meta (sink, "mime_type", found->mime_type);
  extract_warn (sink, "the file is empty");
  return TRUE;
}

static gboolean run (const ExtractInput *input, guint depth, ExtractSink *sink, GError **error);

static gboolean
run_gzip (const ExtractInput *input, guint depth, ExtractSink *sink, GError **error)
{
  g_autofree char *partial = NULL;
  g_autofree char *name = inflate_inner_name (input->name);
  g_autoptr (GBytes) inflated = NULL;
  ExtractInput inner = {name, "", NULL, input->limits};

  if (depth >= GZIP_DEPTH_MAX) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB, "gzip in gzip, more than %d deep",
                 GZIP_DEPTH_MAX);
    return FALSE;
  }
  inflated = inflate_gzip (input->bytes, input->limits, &partial, error);
  if (inflated == NULL)
    return FALSE;
  inner.bytes = inflated;
  if (!run (&inner, depth + 1, sink, error))
    return FALSE;
  return partial == NULL || extract_limit_error (error, "%s", partial);
}

static gboolean
run (const ExtractInput *input, guint depth, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  const ExtractFormat *format;
  Sniff found;

  sniff (data, bytes, input->name, input->declared, &found);
  switch (found.kind) {
  case SNIFF_EMPTY:
    return read_empty (&found, sink);
  case SNIFF_GZIP:
    return run_gzip (input, depth, sink, error);
  case SNIFF_UNSUPPORTED:
    return refuse (&found, error);
  case SNIFF_PDF:
  case SNIFF_HTML:
  case SNIFF_XML:
  case SNIFF_MARKDOWN:
  case SNIFF_TEXT:
    break;
  }
  format = format_of (found.kind);
  extract_meta (sink, "format", format->name);
  extract_meta (sink, "mime_type", found.mime_type);
  return format->read (input, sink, error);
}

static void
add_language (ExtractSink *sink)
{
  gsize bytes;
  const char *head = extract_sink_head (sink, &bytes);
  g_autofree char *language = NULL;

  if (extract_sink_meta (sink, "language") != NULL)
    return;
  language = language_detect (head, bytes);
  extract_meta (sink, "language", language);
}

gboolean
extract_run (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean done = run (input, 0, sink, &local);

  /* a partial document has a language, too */
  if (done || g_error_matches (local, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT))
    add_language (sink);
  if (!done)
    g_propagate_error (error, g_steal_pointer (&local));
  return done;
}
