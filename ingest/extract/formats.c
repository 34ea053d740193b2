#include "formats.h"

#include "image/ocr.h"
#include "language.h"
#include "member-inside.h"
#include "pdf/format-pdf.h"
#include "sink.h"
#include "sniff.h"

#include <archive.h>
#include <gmime/gmime.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <locale.h>
#include <poppler.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/uversion.h>
#include <zlib.h>

/* To be raised whenever a reader may give other text for the same bytes. */
#define EXTRACT_REVISION 1

const ExtractFormat extract_formats[] = {
    {"pdf", "PDF", extract_read_pdf, "pdf",
     "Paragraphs in reading order, headings, lists, tables, footnotes; values of forms, comments, "
     "targets of links; attachments are members. Running heads and page numbers are left out."},
    {"html", "HTML", extract_read_html, "html htm xhtml",
     "The main content, with headings, lists, tables, code, alternative texts."},
    {"epub", "EPUB", extract_read_epub, "epub",
     "The chapters in reading order, as HTML is read; the list of contents is left out."},
    {"xml", "XML", extract_read_xml, "xml svg rss atom",
     "All text; headings, lists and tables of DocBook, JATS and their like."},
    {"markdown", "Markdown", extract_read_markdown, "md markdown", "The source as it is."},
    {"latex", "LaTeX", extract_read_latex, "tex latex ltx",
     "Sections, lists, tables, footnotes; mathematics as written; macros are not expanded."},
    {"rst", "reStructuredText", extract_read_rst, "rst",
     "Titles, lists, tables, code; directives."},
    {"org", "Org", extract_read_org, "org", "The outline, lists, tables, code."},
    {"notebook", "Jupyter notebook", extract_read_notebook, "ipynb",
     "Markdown cells, code with its language, outputs as text; pictures are left out."},
    {"json", "JSON", extract_read_json, "json ndjson jsonl geojson",
     "As it is; indented where it is one long line."},
    {"subtitles", "subtitles", extract_read_subtitles, "srt vtt",
     "What is said, and by whom; times are left out."},
    {"code", "source code", extract_read_code, "py js ts c h java go rs sh sql css yaml toml ini",
     "Verbatim, with its language."},
    {"doc", "Word (doc)", extract_read_doc, "doc dot",
     "Word 6 to 2003: headings, lists, tables, notes, comments, text boxes, headers and footers "
     "once; embedded documents as documents of their own."},
    {"ppt", "PowerPoint (ppt)", extract_read_ppt, "ppt pps pot",
     "PowerPoint 97 to 2003: slides with titles, lists, tables, notes and comments, headers and "
     "footers once; embedded documents as documents of their own."},
    {"rtf", "RTF", extract_read_rtf, "rtf",
     "Headings, lists, tables, notes, comments, text boxes, headers and footers once; objects as "
     "documents of their own."},
    {"image", "picture", extract_read_image, "png jpg jpeg tif tiff webp gif bmp",
     "Its text, by OCR where the build has it; pictures smaller than a page are passed over."},
    {"text", "text", extract_read_text, "txt log",
     "Any character set; paragraphs are what blank lines part."},
    {"gzip", "gzip", extract_read_gzip, "gz", "What is in it stands for the file."},
    {"zip", "zip", extract_read_archive, "zip zipx jar war apk whl xps kmz",
     "Each file is a member; the names are the archive's own text."},
    {"tar", "tar", extract_read_archive, "tar tgz tbz2 txz", "As zip; also compressed."},
    {"7z", "7z", extract_read_archive, "7z", "As zip."},
    {"rar", "rar", extract_read_archive, "rar", "As zip."},
    {"ar", "ar", extract_read_archive, "ar a deb", "As zip."},
    {"cpio", "cpio", extract_read_archive, "cpio", "As zip."},
    {"cab", "cab", extract_read_archive, "cab", "As zip."},
    {"iso", "ISO 9660", extract_read_archive, "iso", "As zip."},
    {"lha", "lha", extract_read_archive, "lha lzh", "As zip."},
    {"xar", "xar", extract_read_archive, "xar pkg", "As zip."},
    {"warc", "WARC", extract_read_warc, "warc", "Each page fetched is a member."},
    {"bzip2", "bzip2", extract_read_compressed, "bz2", "What is in it stands for the file."},
    {"xz", "xz", extract_read_compressed, "xz", "As bzip2."},
    {"zstd", "zstd", extract_read_compressed, "zst", "As bzip2."},
    {"compress", "compress", extract_read_compressed, "Z", "As bzip2."},
    {"lz4", "lz4", extract_read_compressed, "lz4", "As bzip2."},
    {"lzip", "lzip", extract_read_compressed, "lz", "As bzip2."},
    {"lzma", "lzma", extract_read_compressed, "lzma", "As bzip2."},
    {"docx", "Word (docx)", extract_read_docx, "docx docm dotx dotm",
     "Headings, lists as numbered, tables, notes, comments, text boxes, charts; headers and "
     "footers "
     "once, deleted and hidden text not at all."},
    {"eml", "mail", extract_read_eml, "eml",
     "Subject, addresses, date and body, HTML where it says more; attachments are members."},
    {"emlx", "Apple mail", extract_read_emlx, "emlx", "As mail."},
    {"mbox", "mailbox", extract_read_mbox, "mbox mbx", "Each message is a member."},
    {"msg", "Outlook (msg)", extract_read_msg, "msg oft",
     "As mail; appointments, tasks and contacts with their fields."},
    {"tnef", "Outlook (winmail.dat)", extract_read_tnef, "dat", "As msg."},
    {"smime", "S/MIME", extract_read_smime, "p7m", "What is signed stands for the file."},
    {"mht", "web archive (mht)", extract_read_mht, "mht mhtml", "The page, as HTML."},
    {"calendar", "iCalendar", extract_read_calendar, "ics",
     "Events and tasks with their dates, places and people."},
    {"vcard", "vCard", extract_read_calendar, "vcf", "Each card with its addresses and numbers."},
    {"pptx", "PowerPoint (pptx)", extract_read_pptx, "pptx pptm potx potm ppsx ppsm",
     "A page a slide: title, text in reading order, tables, charts, diagrams, comments, notes."},
    {"odt", "OpenDocument text (odt)", extract_read_odf, "odt ott odm sxw", "As docx."},
    {"odp", "OpenDocument presentation (odp)", extract_read_odf, "odp otp odg sxi",
     "A page a slide, with its notes."},
    {"flat-odf", "flat OpenDocument (fodt)", extract_read_flat_odf, "fodt fodp fodg",
     "As odt and odp."},
    {"encrypted-office", "encrypted Office", extract_read_encrypted_office, "",
     "Is refused as encrypted."},
    {"xlsx", "Excel (xlsx)", extract_read_xlsx, "xlsx xlsm xltx xltm xlam",
     "Sheets as tables, cells as shown; comments, text boxes, charts, links, headers and footers."},
    {"xlsb", "Excel (xlsb)", extract_read_xlsb, "xlsb", "As xlsx."},
    {"xls", "Excel (xls)", extract_read_xls, "xls xlt xla xlm xlw", "As xlsx, of Excel 2 to 2003."},
    {"spreadsheetml", "Excel (XML of 2003)", extract_read_spreadsheetml, "", "As xlsx."},
    {"ods", "OpenDocument spreadsheet (ods)", extract_read_ods, "ods ots fods sxc",
     "Sheets as tables, cells as shown; comments, shapes, titles of charts, links, headers and "
     "footers."},
    {"csv", "CSV", extract_read_csv, "csv tsv tab",
     "A table; delimiter, titles and header are found out."},
    {NULL, NULL, NULL, NULL, NULL},
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
  /* poppler converts passwords; glibc keeps a module as long as it is in use */
  static GIConv latin1;

  /* names in archives become UTF-8, whatever the machine speaks */
  setlocale (LC_CTYPE, "C.UTF-8");
  g_mime_init ();
  latin1 = latin1 != NULL ? latin1 : g_iconv_open ("ISO-8859-1", "UTF-8");
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

void
extract_set_limits (const ExtractLimits *limits)
{
  xmlParserMaxDepth = limits->max_xml_depth;
}

int
extract_help (int fd, const ExtractLimits *limits)
{
  return pdf_help (fd, limits); /* no other format has pages to share out */
}

char *
extract_fingerprint (const ExtractLimits *limits)
{
  return g_strdup_printf (
      "%d poppler/%s libxml2/%s icu/%s zlib/%s magic/%d archive/%d gmime/%u.%u.%u "
      "text=%" G_GUINT64_FORMAT " pages=%u inflated=%" G_GUINT64_FORMAT " members=%u depth=%u/%u "
      "%s ocr=%u,%u",
      EXTRACT_REVISION, poppler_get_version (), LIBXML_DOTTED_VERSION, U_ICU_VERSION,
      zlibVersion (), sniff_magic_version (), archive_version_number (), gmime_major_version,
      gmime_minor_version, gmime_micro_version, limits->max_text_bytes, limits->max_pages,
      limits->max_inflated_bytes, limits->max_members, limits->max_depth, limits->max_xml_depth,
      ocr_version (), limits->ocr, limits->max_ocr_pages);
}

static const ExtractFormat *
format_of (const Sniff *found)
{
  const ExtractFormat *format = extract_formats;

  while (format->name != NULL && g_strcmp0 (format->name, found->format) != 0)
    format++;
  return format->name != NULL ? format : NULL;
}

static gboolean
refuse (const Sniff *found, GError **error)
{
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED,
               "no reader for %s (%s); ingest-extract --formats lists what is read",
               found->description, found->mime_type);
  return FALSE;
}

static gboolean
read_empty (ExtractSink *sink)
{
  extract_meta (sink, "format", "text");
  extract_meta (sink, "mime_type", "inode/x-empty");
  extract_warn (sink, "the file is empty");
  return TRUE;
}

static gboolean
check_depth (const ExtractInput *input, GError **error)
{
  if (input->depth <= input->limits->max_depth)
    return TRUE;
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB,
               "it is in more than %u files, one in the other, what max_depth in [extract] allows",
               input->limits->max_depth);
  return FALSE;
}

static gboolean
run (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  const ExtractFormat *format;
  Sniff found;

  if (bytes == 0)
    return read_empty (sink);
  if (!check_depth (input, error))
    return FALSE;
  sniff (data, bytes, input->name, input->declared, &found);
  format = format_of (&found);
  if (format == NULL)
    return refuse (&found, error);
  extract_meta (sink, "format", format->name);
  extract_meta (sink, "mime_type", found.mime_type);
  return format->read (input, sink, error);
}

gboolean
extract_inner (const ExtractInput *outer, const char *name, GBytes *bytes, ExtractSink *sink,
               GError **error)
{
  ExtractInput inner = *outer;

  inner.name = name;
  inner.declared = "";
  inner.bytes = bytes;
  inner.depth++;
  return run (&inner, sink, error);
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
  gboolean done;

  if (input->depth == 0) {
    ocr_begin_file ();
    extract_sink_set_file_bytes (sink, g_bytes_get_size (input->bytes));
  }
  done = run (input, sink, &local);

  /* a partial document has a language, too */
  if (done || g_error_matches (local, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT))
    add_language (sink);
  if (!done)
    g_propagate_error (error, g_steal_pointer (&local));
  return done;
}

/* --- members ---------------------------------------------------------------------------------- */

/* Which bytes it was: a member of an archive that changed may be the same as before. */
static void
add_identity (ExtractSink *member, GBytes *bytes)
{
  g_autofree char *checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *size = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (bytes));

  extract_meta (member, "checksum", checksum);
  extract_meta (member, "size", size);
}

/* What there being no sink for a member means. */
static gboolean
was_passed_over (GError **stopped, GError **error)
{
  if (*stopped == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (stopped));
  return FALSE;
}

gboolean
extract_member (const ExtractInput *outer, const char *name, const char *declared, GBytes *bytes,
                ExtractSink *sink, GError **error)
{
  const char *slash = strrchr (name, '/');
  g_autoptr (GError) failure = NULL;
  g_autoptr (GError) stopped = NULL;
  ExtractSink *member = extract_sink_new_member (sink, name, &stopped);
  ExtractInput input = *outer;

  if (member == NULL)
    return was_passed_over (&stopped, error);
  input.name = slash != NULL ? slash + 1 : name;
  input.declared = declared;
  input.bytes = bytes;
  input.depth++;
  add_identity (member, bytes);
  extract_run (&input, member, &failure);
  if (!extract_sink_end_member (member, failure, error))
    return FALSE;
  /* the whole file is for another worker */
  if (g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_NEEDS_OCR)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  return TRUE;
}

gboolean
extract_member_failed (const ExtractInput *outer, const char *name, const GError *failure,
                       ExtractSink *sink, GError **error)
{
  g_autoptr (GError) stopped = NULL;
  ExtractSink *member = extract_sink_new_member (sink, name, &stopped);

  return member != NULL ? extract_sink_end_member (member, failure, error)
                        : was_passed_over (&stopped, error);
}

gboolean
extract_member_inside (const ExtractInput *outer, const char *name, const char *format,
                       const char *mime_type, ExtractInsideFunc read, gpointer user_data,
                       ExtractSink *sink, GError **error)
{
  g_autoptr (GError) failure = NULL;
  ExtractSink *member = extract_sink_new_member (sink, name, error);
  ExtractInput input = *outer;

  if (member == NULL)
    return FALSE;
  input.name = name;
  input.declared = mime_type;
  input.depth++;
  extract_meta (member, "format", format);
  extract_meta (member, "mime_type", mime_type);
  if (check_depth (&input, &failure))
    read (&input, user_data, member, &failure);
  if (failure == NULL || g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT))
    add_language (member);
  return extract_sink_end_member (member, failure, error);
}
