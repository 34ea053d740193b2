/* What a zip file is: a package of OOXML, ODF or EPUB by what its own parts say, or an archive. */
#include "ingest/extract/sniff.h"
#include "package.h"

#include <string.h>

typedef struct {
  const char *mark; /* what the part says */
  const char *format;
  const char *mime_type;
} Mark;

#define OPENXML "application/vnd.openxmlformats-officedocument."
#define OASIS "application/vnd.oasis.opendocument."

/* [Content_Types].xml: the content type of the main part, which is the file's with ".main+xml" */
static const Mark content_types[] = {
    {"wordprocessingml.document.main", "docx", OPENXML "wordprocessingml.document"},
    {"wordprocessingml.template.main", "docx", OPENXML "wordprocessingml.template"},
    {"ms-word.document.macroEnabled.main", "docx", "application/vnd.ms-word.document.macroEnabled"},
    {"ms-word.template.macroEnabledTemplate.main", "docx",
     "application/vnd.ms-word.template.macroEnabled"},
    {"spreadsheetml.sheet.main", "xlsx", OPENXML "spreadsheetml.sheet"},
    {"spreadsheetml.template.main", "xlsx", OPENXML "spreadsheetml.template"},
    {"ms-excel.sheet.macroEnabled.main", "xlsx", "application/vnd.ms-excel.sheet.macroEnabled"},
    {"ms-excel.template.macroEnabled.main", "xlsx",
     "application/vnd.ms-excel.template.macroEnabled"},
    {"ms-excel.addin.macroEnabled.main", "xlsx", "application/vnd.ms-excel.addin.macroEnabled"},
    {"ms-excel.sheet.binary.macroEnabled.main", "xlsb",
     "application/vnd.ms-excel.sheet.binary.macroEnabled"},
    {"presentationml.presentation.main", "pptx", OPENXML "presentationml.presentation"},
    {"presentationml.slideshow.main", "pptx", OPENXML "presentationml.slideshow"},
    {"presentationml.template.main", "pptx", OPENXML "presentationml.template"},
    {"ms-powerpoint.presentation.macroEnabled.main", "pptx",
     "application/vnd.ms-powerpoint.presentation.macroEnabled"},
    {"ms-powerpoint.slideshow.macroEnabled.main", "pptx",
     "application/vnd.ms-powerpoint.slideshow.macroEnabled"},
    {"ms-powerpoint.template.macroEnabled.main", "pptx",
     "application/vnd.ms-powerpoint.template.macroEnabled"},
};

/* the part "mimetype"; -template, -master, -web begin alike */
static const Mark mime_types[] = {
    {OASIS "text", "odt", OASIS "text"},
    {OASIS "spreadsheet", "ods", OASIS "spreadsheet"},
    {OASIS "presentation", "odp", OASIS "presentation"},
    {OASIS "graphics", "odp", OASIS "graphics"},
    {"application/vnd.sun.xml.writer", "odt", "application/vnd.sun.xml.writer"},
    {"application/vnd.sun.xml.calc", "ods", "application/vnd.sun.xml.calc"},
    {"application/vnd.sun.xml.impress", "odp", "application/vnd.sun.xml.impress"},
    {"application/epub+zip", "epub", "application/epub+zip"},
};

/* parts that only one kind has, where nothing else tells; also what a damaged file is called */
static const Mark parts[] = {
    {"word/document.xml", "docx", OPENXML "wordprocessingml.document"},
    {"xl/workbook.xml", "xlsx", OPENXML "spreadsheetml.sheet"},
    {"xl/workbook.bin", "xlsb", "application/vnd.ms-excel.sheet.binary.macroEnabled"},
    {"ppt/presentation.xml", "pptx", OPENXML "presentationml.presentation"},
    {"META-INF/container.xml", "epub", "application/epub+zip"},
};

static gboolean
sniff_content_types (Package *package, Sniff *found)
{
  g_autoptr (GBytes) part = package_read_optional (package, "[Content_Types].xml", NULL);
  gsize bytes;
  const char *text = part == NULL ? NULL : g_bytes_get_data (part, &bytes);

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (content_types); i++)
    if (g_strstr_len (text, (gssize)bytes, content_types[i].mark) != NULL)
      return sniff_found (found, content_types[i].format, content_types[i].mime_type);
  return FALSE;
}

static gboolean
sniff_mime_type (Package *package, Sniff *found)
{
  g_autoptr (GBytes) part = package_read_optional (package, "mimetype", NULL);
  gsize bytes;
  const char *text = part == NULL ? NULL : g_bytes_get_data (part, &bytes);

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (mime_types); i++)
    if (bytes >= strlen (mime_types[i].mark) &&
        memcmp (text, mime_types[i].mark, strlen (mime_types[i].mark)) == 0)
      return sniff_found (found, mime_types[i].format, mime_types[i].mime_type);
  return FALSE;
}

static gboolean
sniff_parts (Package *package, Sniff *found)
{
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (package_has (package, parts[i].mark))
      return sniff_found (found, parts[i].format, parts[i].mime_type);
  return FALSE;
}

/* A package too damaged to be told by its content: its reader says what is wrong with it. */
gboolean
sniff_headless_package (const SniffInput *input, Sniff *found)
{
  static const struct {
    const char *const suffixes[8];
    Mark mark;
  } names[] = {
      {{"docx", "docm", "dotx", "dotm"}, {NULL, "docx", OPENXML "wordprocessingml.document"}},
      {{"xlsx", "xlsm", "xltx", "xltm", "xlam"}, {NULL, "xlsx", OPENXML "spreadsheetml.sheet"}},
      {{"xlsb"}, {NULL, "xlsb", "application/vnd.ms-excel.sheet.binary.macroEnabled"}},
      {{"pptx", "pptm", "potx", "potm", "ppsx", "ppsm"},
       {NULL, "pptx", OPENXML "presentationml.presentation"}},
      {{"odt", "ott", "odm"}, {NULL, "odt", OASIS "text"}},
      {{"ods", "ots"}, {NULL, "ods", OASIS "spreadsheet"}},
      {{"odp", "otp", "odg"}, {NULL, "odp", OASIS "presentation"}},
      {{"epub"}, {NULL, "epub", "application/epub+zip"}},
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (sniff_has_suffix (input, names[i].suffixes))
      return sniff_found (found, names[i].mark.format, names[i].mark.mime_type);
  return FALSE;
}

gboolean
sniff_zip (const SniffInput *input, Sniff *found)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (Package) package = NULL;

  if (input->bytes < 4 || memcmp (input->data, "PK", 2) != 0 ||
      (memcmp (input->data + 2, "\3\4", 2) != 0 && memcmp (input->data + 2, "\5\6", 2) != 0 &&
       memcmp (input->data + 2, "\7\10", 2) != 0))
    return FALSE;
  bytes = g_bytes_new_static (input->data, input->bytes);
  package = package_open (bytes, NULL, NULL);
  if (package != NULL ? sniff_mime_type (package, found) || sniff_content_types (package, found) ||
                            sniff_parts (package, found)
                      : sniff_headless_package (input, found))
    return TRUE;
  return sniff_found (found, "zip", "application/zip");
}
