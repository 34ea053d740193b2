/* What hostile files do not get, whatever their format: a look at another file, a connection, or
 * more than linear time. */
#include "tests/extract-reading.h"
#include "tests/office-package.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- nothing from outside ----------------------------------------------------------------------
 */

typedef struct {
  char *path; /* holds CANARY */
  int listener;
  guint16 port;
} Outside;

static void
outside_begin (Outside *outside)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int fd = g_file_open_tmp ("canary-XXXXXX", &outside->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint ((int)write (fd, "CANARY", 6), ==, 6);
  close (fd);
  outside->listener = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (outside->listener, (struct sockaddr *)&address, length), ==, 0);
  g_assert_cmpint (listen (outside->listener, 4), ==, 0);
  g_assert_cmpint (getsockname (outside->listener, (struct sockaddr *)&address, &length), ==, 0);
  outside->port = ntohs (address.sin_port);
}

static void
outside_end (Outside *outside)
{
  g_assert_cmpint (accept (outside->listener, NULL, NULL), ==, -1);
  g_assert_true (errno == EAGAIN || errno == EWOULDBLOCK);
  close (outside->listener);
  g_remove (outside->path);
  g_free (outside->path);
}

/* All ways that XML has to name another file, before the root element; the entities are f and h.
 * (transfer full) */
static char *
prologue (const Outside *outside)
{
  return g_strdup_printf ("<?xml version='1.0'?>"
                          "<?xml-stylesheet href='http://127.0.0.1:%u/a.xsl'?>"
                          "<!DOCTYPE a SYSTEM 'http://127.0.0.1:%u/a.dtd' ["
                          "<!ENTITY f SYSTEM 'file://%s'>"
                          "<!ENTITY h SYSTEM 'http://127.0.0.1:%u/h'>"
                          "<!ENTITY %% p SYSTEM 'file://%s'> %%p; ]>",
                          outside->port, outside->port, outside->path, outside->port,
                          outside->path);
}

#define WORD "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define EXCEL "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define ODF "urn:oasis:names:tc:opendocument:xmlns:"
#define INSIDE "before &f;&h; after"

static const char *const docx[] = {
    "[Content_Types].xml",
    "<Types><Override PartName='/word/document.xml' ContentType='application/"
    "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>",
    "_rels/.rels",
    "<Relationships><Relationship Id='r' Type='" OFFICE
    "/officeDocument' Target='word/document.xml'/></Relationships>",
    "word/document.xml",
    "<w:document xmlns:w='" WORD "'><w:body><w:p><w:r><w:t>" INSIDE
    "</w:t></w:r></w:p></w:body></w:document>",
    NULL,
};

static const char *const xlsx[] = {
    "[Content_Types].xml",
    "<Types><Override PartName='/xl/workbook.xml' ContentType='application/"
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>",
    "_rels/.rels",
    "<Relationships><Relationship Id='r' Type='" OFFICE
    "/officeDocument' Target='xl/workbook.xml'/></Relationships>",
    "xl/_rels/workbook.xml.rels",
    "<Relationships><Relationship Id='r' Type='" OFFICE
    "/worksheet' Target='sheet.xml'/></Relationships>",
    "xl/workbook.xml",
    "<workbook xmlns='" EXCEL "' xmlns:r='" OFFICE
    "'><sheets><sheet name='a' sheetId='1' r:id='r'/></sheets></workbook>",
    "xl/sheet.xml",
    "<worksheet xmlns='" EXCEL "'><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>" INSIDE
    "</t></is></c></row></sheetData></worksheet>",
    NULL,
};

static const char *const odt[] = {
    "mimetype",
    "application/vnd.oasis.opendocument.text",
    "content.xml",
    "<o:document-content xmlns:o='" ODF "office:1.0' xmlns:t='" ODF
    "text:1.0'><o:body><o:text><t:p>" INSIDE "</t:p></o:text></o:body></o:document-content>",
    NULL,
};

static const char *const ods[] = {
    "mimetype",
    "application/vnd.oasis.opendocument.spreadsheet",
    "content.xml",
    "<o:document-content xmlns:o='" ODF "office:1.0' xmlns:x='" ODF "text:1.0' xmlns:t='" ODF
    "table:1.0'><o:body><o:spreadsheet><t:table t:name='a'><t:table-row><t:table-cell><x:p>" INSIDE
    "</x:p></t:table-cell></t:table-row></t:table></o:spreadsheet></o:body></o:document-content>",
    NULL,
};

static const char *const epub[] = {
    "mimetype",
    "application/epub+zip",
    "META-INF/container.xml",
    "<container><rootfiles><rootfile full-path='a.opf'/></rootfiles></container>",
    "a.opf",
    "<package><manifest><item id='c' href='c.xhtml' media-type='application/xhtml+xml'/></manifest>"
    "<spine><itemref idref='c'/></spine></package>",
    "c.xhtml",
    "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>" INSIDE "</p></body></html>",
    NULL,
};

/* Each part that is XML gets the prologue. (transfer full) */
static GBytes *
hostile_package (const Outside *outside, const char *const *parts)
{
  g_autofree char *start = prologue (outside);
  g_autoptr (GPtrArray) hostile = g_ptr_array_new_with_free_func (g_free);

  for (; *parts != NULL; parts += 2) {
    g_ptr_array_add (hostile, g_strdup (parts[0]));
    g_ptr_array_add (hostile, g_strconcat (*parts[1] == '<' ? start : "", parts[1], NULL));
  }
  g_ptr_array_add (hostile, NULL);
  return package_of ((const char *const *)hostile->pdata);
}

/* What stands around the entities is there, so that they were come by. */
static void
assert_closed (const char *name, const void *data, gsize bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = read_limited (name, data, bytes, &default_limits, &error);

  g_test_message ("%s: %s", name, document->text->str);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (document->text->str, "before"));
  g_assert_nonnull (strstr (document->text->str, "after"));
  g_assert_null (strstr (document->text->str, "CANARY"));
}

static void
test_packages_stay_closed (void)
{
  static const struct {
    const char *name;
    const char *const *parts;
  } packages[] = {
      {"a.docx", docx}, {"a.xlsx", xlsx}, {"a.odt", odt}, {"a.ods", ods}, {"a.epub", epub}};
  Outside outside;

  outside_begin (&outside);
  for (guint i = 0; i < G_N_ELEMENTS (packages); i++) {
    g_autoptr (GBytes) package = hostile_package (&outside, packages[i].parts);
    gsize bytes;
    const void *data = g_bytes_get_data (package, &bytes);

    assert_closed (packages[i].name, data, bytes);
  }
  outside_end (&outside);
}

static void
test_xml_stays_closed (void)
{
  static const struct {
    const char *name;
    const char *root; /* %s: an address */
  } files[] = {
      {"a.xml",
       "<a xmlns:xi='http://www.w3.org/2001/XInclude'>" INSIDE "<xi:include href='%s'/></a>"},
      {"a.svg",
       "<svg xmlns='http://www.w3.org/2000/svg'><text>" INSIDE "</text><image href='%s'/></svg>"},
      {"a.fb2",
       "<FictionBook xmlns='http://www.gribuser.ru/xml/fictionbook/2.0'><body><section><p>" INSIDE
       "</p><image href='%s'/></section></body></FictionBook>"},
      {"a.fodt", "<o:document xmlns:o='" ODF "office:1.0' o:mimetype='application/"
                 "vnd.oasis.opendocument.text' xmlns:t='" ODF "text:1.0' xmlns:d='" ODF
                 "drawing:1.0' xmlns:x='http://www.w3.org/1999/xlink'><o:body><o:text><t:p>" INSIDE
                 "</t:p><d:object x:href='%s'/></o:text></o:body></o:document>"},
      {"a.html", "<html><link rel=stylesheet href='%s'><p>" INSIDE "</html>"},
  };
  Outside outside;

  outside_begin (&outside);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *start = prologue (&outside);
    g_autofree char *address = g_strdup_printf ("http://127.0.0.1:%u/x", outside.port);
    g_auto (GStrv) pieces = g_strsplit (files[i].root, "%s", -1);
    g_autofree char *root = g_strjoinv (address, pieces);
    g_autofree char *file = g_strconcat (start, root, NULL);

    assert_closed (files[i].name, file, strlen (file));
  }
  outside_end (&outside);
}

/* --- linear time -------------------------------------------------------------------------------
 */

/* A sanitizer looks at whole strings in each strstr and has a time of its own. */
#ifdef INGEST_ASAN
#define SHAPE_BYTES (64u << 10)
#else
#define SHAPE_BYTES (2u << 20)
#endif

/* 2 MiB each: a fraction of a second. In quadratic time it is many seconds, and the document is
 * partial. */
static void
test_repeated_units (void)
{
  static const struct {
    const char *name, *start, *unit;
  } shapes[] = {
      {"a.html", "", "<ul><li>a"},
      {"a.html", "", "<h1>a<h2>b"},
      {"a.html", "", "<table><tr><td>a"},
      {"a.html", "", "<a href=\"x"},
      {"a.eml", "From: a\nMessage-ID: <b>\nSubject: ", "=?utf-8?q?a?= "},
      {"a.org", "* a\n", "[[a"},
      {"a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<v "},
      {"a.md", "", "[a]("},
      {"a.rtf", "{\\rtf1 ", "{\\b a"},
      {"a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\n", " b\n"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    g_autoptr (GString) text = g_string_new (shapes[i].start);
    g_autoptr (GError) error = NULL;
    ExtractLimits limits = EXTRACT_LIMITS_INIT;
    g_autoptr (Document) document = NULL;

    limits.cpu_ms = 8000; /* unlike the clock, others do not make it run */
    while (text->len < SHAPE_BYTES)
      g_string_append (text, shapes[i].unit);
    document = read_limited (shapes[i].name, text->str, text->len, &limits, &error);
    g_test_message ("%s %s: %s", shapes[i].name, shapes[i].unit, document->format);
    g_assert_no_error (error);
  }
}

/* One row of many cells, then many rows of one. */
static void
test_wide_then_tall (void)
{
  g_autoptr (GString) text =
      g_string_new ("\\documentclass{a}\\begin{document}\\begin{tabular}{l}");
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = NULL;

  for (guint i = 0; i < 30000; i++)
    g_string_append (text, "a&");
  for (guint i = 0; i < 30000; i++)
    g_string_append (text, "\\\\ b");
  g_string_append (text, "\\end{tabular}\\end{document}");
  document = read_limited ("a.tex", text->str, text->len, &default_limits, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (document->text->len, >, 60000);
  g_assert_cmpuint (document->text->len, <, 4u << 20);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  extract_warm_up (&error);
  g_assert_no_error (error);
  g_test_add_func ("/hostile/packages-stay-closed", test_packages_stay_closed);
  g_test_add_func ("/hostile/xml-stays-closed", test_xml_stays_closed);
  g_test_add_func ("/hostile/repeated-units-take-linear-time", test_repeated_units);
  g_test_add_func ("/hostile/wide-then-tall-tables-are-not-filled", test_wide_then_tall);
  return g_test_run ();
}
