/* Excel workbooks in XML (xlsx and its macro, template and strict kinds; ECMA-376 part 1, 18). */
#include "ingest/extract/formats.h"
#include "ooxml-book.h"
#include "ooxml-string.h"
#include "xlsx-sheet.h"

#include <string.h>

static gboolean
is (const char *name, const char *other)
{
  return strcmp (name, other) == 0;
}

static gboolean
is_true (const xmlChar **attributes, guint n, const char *name)
{
  return xml_part_attribute_is (attributes, n, name, "1") ||
         xml_part_attribute_is (attributes, n, name, "true") ||
         xml_part_attribute_is (attributes, n, name, "on");
}

/* --- the workbook ------------------------------------------------------------------------------
 */

static gboolean
start_workbook (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
                guint n, GError **error)
{
  OoxmlBook *book = user_data;

  if (is (name, "workbookPr") && is_true (attributes, n, "date1904"))
    sheet_book_set_1904 (book->book);
  if (is (name, "sheet")) {
    g_autofree char *sheet = xml_part_attribute (attributes, n, "name");
    g_autofree char *relationship = xml_part_attribute (attributes, n, "id");
    SheetState state = xml_part_attribute_is (attributes, n, "state", "hidden") ? SHEET_HIDDEN
                       : xml_part_attribute_is (attributes, n, "state", "veryHidden")
                           ? SHEET_VERY_HIDDEN
                           : SHEET_VISIBLE;

    ooxml_book_add_sheet (book, sheet, relationship, state);
  }
  return TRUE;
}

static gboolean
read_workbook (OoxmlBook *book, const char *part, GError **error)
{
  static const XmlPartFuncs funcs = {.start = start_workbook};
  gboolean found;

  if (!opc_parse_part (book->package, part, &funcs, book, book->sink, &found, error))
    return FALSE;
  if (found && book->sheets->len > 0)
    return TRUE;
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
               "it is a damaged workbook: its part %s names no sheet", part);
  return FALSE;
}

/* --- styles ------------------------------------------------------------------------------------
 */

typedef struct {
  SheetBook *book;
  GArray *bold; /* (element-type gboolean) of the fonts */
  gboolean in_fonts, in_cell_xfs;
} Styles;

static gboolean
font_is_bold (const Styles *styles, gint64 font)
{
  return font >= 0 && font < styles->bold->len &&
         g_array_index (styles->bold, gboolean, (guint)font);
}

static gboolean
start_style (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
             guint n, GError **error)
{
  Styles *styles = user_data;

  if (is (name, "numFmt")) {
    g_autofree char *code = xml_part_attribute (attributes, n, "formatCode");
    gint64 id = xml_part_attribute_int (attributes, n, "numFmtId", -1);

    /* <dxf>s have formats, too, with ids that may be those of others */
    if (code != NULL && id >= 0 && id <= G_MAXINT32 && !styles->in_cell_xfs &&
        styles->bold->len == 0)
      sheet_book_add_format (styles->book, (guint)id, code);
  } else if (is (name, "fonts")) {
    styles->in_fonts = TRUE;
  } else if (is (name, "cellXfs")) {
    styles->in_cell_xfs = TRUE;
  } else if (styles->in_fonts && is (name, "font")) {
    g_array_set_size (styles->bold, styles->bold->len + 1);
  } else if (styles->in_fonts && is (name, "b") && styles->bold->len > 0) {
    g_array_index (styles->bold, gboolean, styles->bold->len - 1) =
        !xml_part_attribute_is (attributes, n, "val", "0") &&
        !xml_part_attribute_is (attributes, n, "val", "false");
  } else if (styles->in_cell_xfs && is (name, "xf")) {
    gint64 id = xml_part_attribute_int (attributes, n, "numFmtId", 0);

    sheet_book_add_style (
        styles->book, (guint)CLAMP (id, 0, G_MAXINT32),
        font_is_bold (styles, xml_part_attribute_int (attributes, n, "fontId", -1)));
  }
  return TRUE;
}

static gboolean
end_style (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Styles *styles = user_data;

  if (is (name, "fonts"))
    styles->in_fonts = FALSE;
  else if (is (name, "cellXfs"))
    styles->in_cell_xfs = FALSE;
  return TRUE;
}

static gboolean
read_styles (OoxmlBook *book, const char *part, GError **error)
{
  static const XmlPartFuncs funcs = {start_style, end_style, NULL};
  g_autoptr (GArray) bold = g_array_new (FALSE, TRUE, sizeof (gboolean));
  Styles styles = {.book = book->book, .bold = bold};

  return opc_parse_part (book->package, part, &funcs, &styles, book->sink, NULL, error);
}

/* --- shared strings ----------------------------------------------------------------------------
 */

typedef struct {
  SheetBook *book;
  GString *text;
  guint phonetic; /* within <rPh>: how it is read, not what it says */
  gboolean in_text;
} Strings;

static gboolean
start_string (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
              guint n, GError **error)
{
  Strings *strings = user_data;

  strings->phonetic += is (name, "rPh");
  strings->in_text = strings->phonetic == 0 && is (name, "t");
  return TRUE;
}

static gboolean
end_string (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Strings *strings = user_data;

  strings->in_text = FALSE;
  strings->phonetic -= strings->phonetic > 0 && is (name, "rPh");
  if (is (name, "si")) {
    ooxml_string_unescape (strings->text);
    sheet_book_add_string (strings->book, strings->text->str, strings->text->len);
    g_string_truncate (strings->text, 0);
  }
  return TRUE;
}

static gboolean
string_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Strings *strings = user_data;

  if (strings->in_text)
    g_string_append_len (strings->text, text, (gssize)bytes);
  return TRUE;
}

static gboolean
read_strings (OoxmlBook *book, const char *part, GError **error)
{
  static const XmlPartFuncs funcs = {start_string, end_string, string_text};
  g_autoptr (GString) text = g_string_new (NULL);
  Strings strings = {.book = book->book, .text = text};

  return opc_parse_part (book->package, part, &funcs, &strings, book->sink, NULL, error);
}

/* --- comments ----------------------------------------------------------------------------------
 */

typedef struct {
  OoxmlBook *book;
  GHashTable *threaded;
  GPtrArray *authors;
  GString *text;
  char *reference;
  gint64 author;
  guint phonetic;
  gboolean in_author, in_text;
} Comments;

static gboolean
start_comment (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n, GError **error)
{
  Comments *comments = user_data;

  comments->phonetic += is (name, "rPh");
  comments->in_text = comments->phonetic == 0 && is (name, "t");
  comments->in_author = is (name, "author");
  if (is (name, "comment")) {
    g_free (comments->reference);
    comments->reference = xml_part_attribute (attributes, n, "ref");
    comments->author = xml_part_attribute_int (attributes, n, "authorId", -1);
    g_string_truncate (comments->text, 0);
  }
  return TRUE;
}

static gboolean
end_comment (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Comments *comments = user_data;
  const char *author;

  comments->in_text = comments->in_author = FALSE;
  comments->phonetic -= comments->phonetic > 0 && is (name, "rPh");
  if (is (name, "author")) {
    g_ptr_array_add (comments->authors, g_strdup (comments->text->str));
    g_string_truncate (comments->text, 0);
  }
  if (!is (name, "comment") || comments->reference == NULL ||
      g_hash_table_contains (comments->threaded, comments->reference))
    return TRUE;
  ooxml_string_unescape (comments->text);
  author = comments->author >= 0 && comments->author < comments->authors->len
               ? g_ptr_array_index (comments->authors, (guint)comments->author)
               : NULL;
  return sheet_writer_comment (comments->book->writer, comments->reference, author,
                               comments->text->str, error);
}

static gboolean
comment_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Comments *comments = user_data;

  if (comments->in_text || comments->in_author)
    g_string_append_len (comments->text, text, (gssize)bytes);
  return TRUE;
}

static gboolean
read_comments (OoxmlBook *book, const char *part, GHashTable *threaded, GError **error)
{
  static const XmlPartFuncs funcs = {start_comment, end_comment, comment_text};
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) authors = g_ptr_array_new_with_free_func (g_free);
  Comments comments = {.book = book, .threaded = threaded, .authors = authors, .text = text};
  gboolean done = opc_parse_part (book->package, part, &funcs, &comments, book->sink, NULL, error);

  g_free (comments.reference);
  return done;
}

gboolean
extract_read_xlsx (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  static const OoxmlKind kind = {"xl/workbook.xml", read_workbook,   read_styles,
                                 read_strings,      xlsx_sheet_read, read_comments};

  return ooxml_book_read (&kind, input, sink, error);
}
