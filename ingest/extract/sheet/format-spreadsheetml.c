/* Excel workbooks in XML of Excel 2002 and 2003 (SpreadsheetML; "XML Spreadsheet Reference"). */
#include "ingest/extract/formats.h"
#include "ingest/extract/markup/xml-parts.h"
#include "number-format.h"
#include "page-furniture.h"
#include "sheet-book.h"
#include "sheet-writer.h"

#include <string.h>

#define ROWS_MAX (1u << 20)
#define COLUMNS_MAX (1u << 14)
#define TEXT_BYTES_MAX (1u << 20)
#define ASIDES_MAX 100000

typedef enum { TYPE_TEXT, TYPE_NUMBER, TYPE_DATE, TYPE_BOOLEAN, TYPE_ERROR } CellType;

/* A comment or a link. */
typedef struct {
  char *reference;
  char *author; /* (nullable) */
  char *text;
  gboolean is_link;
} Aside;

typedef struct {
  ExtractSink *sink;
  SheetBook *book;
  SheetWriter *writer;
  GHashTable *styles; /* ID -> number + 1 */
  char *style;        /* (nullable) ID of the one that is being read */
  char *format;       /* (nullable) of it */
  gboolean bold;

  gboolean has_sheets;
  char *name; /* of the sheet */
  GArray *asides;
  GPtrArray *furniture; /* (element-type utf8) */
  GHashTable *told;     /* set of utf8: headers and footers */

  guint next_row, row, column, merged;
  guint cell_style;
  CellType type;
  GString *text;
  GString *shown;
  char *author;
  gboolean in_data, in_comment;
} Reader;

static gboolean
is (const char *name, const char *other)
{
  return strcmp (name, other) == 0;
}

/* The next one, all zero. */
static Aside *
add_aside (GArray *asides)
{
  g_array_set_size (asides, asides->len + 1);
  return &g_array_index (asides, Aside, asides->len - 1);
}

static void
clear_aside (gpointer data)
{
  Aside *aside = data;

  g_free (aside->reference);
  g_free (aside->author);
  g_free (aside->text);
}

/* --- styles ------------------------------------------------------------------------------------
 */

/* The code of a format that has a name. */
static const char *
format_code (const char *format)
{
  static const char *const names[][2] = {{"General Number", "General"},
                                         {"General Date", "m/d/yy h:mm"},
                                         {"Long Date", "dddd, mmmm dd, yyyy"},
                                         {"Medium Date", "d-mmm-yy"},
                                         {"Short Date", "m/d/yy"},
                                         {"Long Time", "h:mm:ss AM/PM"},
                                         {"Medium Time", "h:mm AM/PM"},
                                         {"Short Time", "h:mm"},
                                         {"Currency", "$#,##0.00;($#,##0.00)"},
                                         {"Euro Currency", "\xe2\x82\xac#,##0.00"},
                                         {"Fixed", "0.00"},
                                         {"Standard", "#,##0.00"},
                                         {"Percent", "0.00%"},
                                         {"Scientific", "0.00E+00"},
                                         {"Yes/No", "\"Yes\";\"Yes\";\"No\""},
                                         {"True/False", "\"True\";\"True\";\"False\""},
                                         {"On/Off", "\"On\";\"On\";\"Off\""}};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (is (format, names[i][0]))
      return names[i][1];
  return format;
}

static void
end_style (Reader *reader)
{
  guint number = sheet_book_count_styles (reader->book);

  if (reader->style == NULL)
    return;
  if (reader->format != NULL)
    sheet_book_add_format (reader->book, number + 1, format_code (reader->format));
  sheet_book_add_style (reader->book, reader->format != NULL ? number + 1 : 0, reader->bold);
  if (sheet_book_count_styles (reader->book) > number)
    g_hash_table_replace (reader->styles, g_steal_pointer (&reader->style),
                          GUINT_TO_POINTER (number + 1));
  g_clear_pointer (&reader->style, g_free);
  g_clear_pointer (&reader->format, g_free);
  reader->bold = FALSE;
}

/* --- cells -------------------------------------------------------------------------------------
 */

static void
begin_row (Reader *reader, const xmlChar **attributes, guint n)
{
  gint64 index = xml_part_attribute_int (attributes, n, "Index", (gint64)reader->next_row + 1);
  gint64 span = xml_part_attribute_int (attributes, n, "Span", 0);

  reader->row = (guint)CLAMP (index, 1, ROWS_MAX) - 1;
  reader->next_row = (guint)MIN (reader->row + 1 + CLAMP (span, 0, ROWS_MAX), ROWS_MAX);
  reader->column = 0;
}

static void
begin_cell (Reader *reader, const xmlChar **attributes, guint n)
{
  gint64 index = xml_part_attribute_int (attributes, n, "Index", (gint64)reader->column + 1);
  gint64 merged = xml_part_attribute_int (attributes, n, "MergeAcross", 0);
  g_autofree char *style = xml_part_attribute (attributes, n, "StyleID");
  char *target = xml_part_attribute (attributes, n, "HRef");

  reader->column = (guint)CLAMP (index, 1, COLUMNS_MAX) - 1;
  reader->merged = (guint)CLAMP (merged, 0, COLUMNS_MAX);
  reader->cell_style = style == NULL
                           ? G_MAXUINT
                           : GPOINTER_TO_UINT (g_hash_table_lookup (reader->styles, style)) - 1;
  if (target != NULL && *target != '#' && reader->asides->len < ASIDES_MAX) {
    Aside *link = add_aside (reader->asides);

    link->reference = sheet_reference (reader->row, reader->column);
    link->text = target;
    link->is_link = TRUE;
  } else {
    g_free (target);
  }
}

static CellType
read_type (const xmlChar **attributes, guint n)
{
  static const char *const names[] = {[TYPE_NUMBER] = "Number",
                                      [TYPE_DATE] = "DateTime",
                                      [TYPE_BOOLEAN] = "Boolean",
                                      [TYPE_ERROR] = "Error"};

  for (guint i = TYPE_NUMBER; i < G_N_ELEMENTS (names); i++)
    if (xml_part_attribute_is (attributes, n, "Type", names[i]))
      return (CellType)i;
  return TYPE_TEXT;
}

static void
show (Reader *reader)
{
  const char *text = reader->text->str;
  char *end;
  double value;

  g_string_truncate (reader->shown, 0);
  value = g_ascii_strtod (text, &end);
  if (reader->type == TYPE_NUMBER && end > text)
    sheet_book_append_number (reader->book, reader->cell_style, value, reader->shown);
  else if (reader->type == TYPE_DATE && sheet_book_is_date (reader->book, reader->cell_style) &&
           number_format_parse_date (text, &value))
    sheet_book_append_number (reader->book, reader->cell_style, value, reader->shown);
  else if (reader->type == TYPE_BOOLEAN)
    g_string_append (reader->shown, *text == '1' ? "TRUE" : "FALSE");
  else if (reader->type == TYPE_TEXT)
    sheet_book_append_text (reader->book, reader->cell_style, text, reader->text->len,
                            reader->shown);
  else
    g_string_append (reader->shown, text);
}

static gboolean
end_data (Reader *reader, GError **error)
{
  reader->in_data = FALSE;
  if (reader->in_comment || reader->text->len == 0)
    return TRUE;
  show (reader);
  return sheet_writer_cell (reader->writer, reader->row, reader->column,
                            reader->type == TYPE_TEXT ? CELL_TEXT : CELL_VALUE,
                            sheet_book_is_bold (reader->book, reader->cell_style),
                            reader->shown->str, reader->shown->len, error);
}

static void
end_comment (Reader *reader)
{
  Aside *comment;

  reader->in_comment = FALSE;
  if (reader->asides->len >= ASIDES_MAX)
    return;
  comment = add_aside (reader->asides);
  comment->author = g_steal_pointer (&reader->author);
  comment->reference = sheet_reference (reader->row, reader->column);
  comment->text = g_strdup (reader->text->str);
}

/* --- sheets ------------------------------------------------------------------------------------
 */

static gboolean
begin_sheet (Reader *reader, const xmlChar **attributes, guint n, GError **error)
{
  g_free (reader->name);
  reader->name = xml_part_attribute (attributes, n, "Name");
  if (reader->name == NULL)
    reader->name = g_strdup ("");
  reader->has_sheets = TRUE;
  reader->next_row = 0;
  return sheet_writer_begin (reader->writer, reader->name, SHEET_VISIBLE, error);
}

static gboolean
deliver_furniture (Reader *reader, GError **error)
{
  for (guint i = 0; i < reader->furniture->len; i++) {
    char *text = page_furniture_text (g_ptr_array_index (reader->furniture, i), reader->name);

    if (!g_hash_table_contains (reader->told, text) &&
        !extract_paragraph (reader->sink, 0, text, -1, error)) {
      g_free (text);
      return FALSE;
    }
    g_hash_table_add (reader->told, text);
  }
  g_ptr_array_set_size (reader->furniture, 0);
  return TRUE;
}

static gboolean
end_sheet (Reader *reader, GError **error)
{
  if (!sheet_writer_end (reader->writer, error))
    return FALSE;
  for (guint i = 0; i < reader->asides->len; i++) {
    const Aside *aside = &g_array_index (reader->asides, Aside, i);
    gboolean done = aside->is_link
                        ? sheet_writer_link (reader->writer, aside->reference, aside->text, error)
                        : sheet_writer_comment (reader->writer, aside->reference, aside->author,
                                                aside->text, error);

    if (!done)
      return FALSE;
  }
  g_array_set_size (reader->asides, 0);
  return deliver_furniture (reader, error);
}

/* --- SAX ---------------------------------------------------------------------------------------
 */

static void
start_of_style (Reader *reader, const char *name, const xmlChar **attributes, guint n)
{
  if (is (name, "Style")) {
    end_style (reader);
    reader->style = xml_part_attribute (attributes, n, "ID");
  } else if (reader->style != NULL && is (name, "NumberFormat")) {
    g_free (reader->format);
    reader->format = xml_part_attribute (attributes, n, "Format");
  } else if (reader->style != NULL && is (name, "Font")) {
    reader->bold = xml_part_attribute_is (attributes, n, "Bold", "1");
  }
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n, GError **error)
{
  Reader *reader = user_data;

  if (is (name, "Worksheet"))
    return begin_sheet (reader, attributes, n, error);
  if (is (name, "Row")) {
    begin_row (reader, attributes, n);
  } else if (is (name, "Cell")) {
    begin_cell (reader, attributes, n);
  } else if (is (name, "Data")) {
    reader->type = read_type (attributes, n);
    reader->in_data = TRUE;
    g_string_truncate (reader->text, 0);
  } else if (is (name, "Comment")) {
    reader->in_comment = TRUE;
    g_free (reader->author);
    reader->author = xml_part_attribute (attributes, n, "Author");
    g_string_truncate (reader->text, 0);
  } else if (is (name, "Header") || is (name, "Footer")) {
    char *code = xml_part_attribute (attributes, n, "Data");

    if (code != NULL)
      g_ptr_array_add (reader->furniture, code);
  } else if (is (name, "Title") || is (name, "Author") || is (name, "Date1904")) {
    g_string_truncate (reader->text, 0);
    reader->in_data = TRUE;
    if (is (name, "Date1904"))
      sheet_book_set_1904 (reader->book);
  } else {
    start_of_style (reader, name, attributes, n);
  }
  return TRUE;
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Reader *reader = user_data;

  if (is (name, "Data"))
    return end_data (reader, error);
  if (is (name, "Worksheet"))
    return end_sheet (reader, error);
  if (is (name, "Comment")) {
    end_comment (reader);
  } else if (is (name, "Cell")) {
    reader->column = MIN (reader->column + 1 + reader->merged, COLUMNS_MAX);
  } else if (is (name, "Style")) {
    end_style (reader);
  } else if (is (name, "Title") || is (name, "Author")) {
    extract_meta (reader->sink, is (name, "Title") ? "title" : "author", reader->text->str);
    reader->in_data = FALSE;
  }
  return TRUE;
}

static gboolean
take_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Reader *reader = user_data;

  if (reader->in_data && reader->text->len < TEXT_BYTES_MAX)
    g_string_append_len (reader->text, text, (gssize)bytes);
  return TRUE;
}

static void
reader_clear (Reader *reader)
{
  sheet_book_free (reader->book);
  sheet_writer_free (reader->writer);
  g_hash_table_unref (reader->styles);
  g_hash_table_unref (reader->told);
  g_array_unref (reader->asides);
  g_ptr_array_unref (reader->furniture);
  g_string_free (reader->text, TRUE);
  g_string_free (reader->shown, TRUE);
  g_free (reader->style);
  g_free (reader->format);
  g_free (reader->name);
  g_free (reader->author);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

gboolean
extract_read_spreadsheetml (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_element, end_element, take_text};
  g_auto (Reader) reader = {.sink = sink, .book = sheet_book_new ()};
  g_autofree char *damage = NULL;

  reader.writer = sheet_writer_new (sink);
  reader.styles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.asides = g_array_new (FALSE, TRUE, sizeof (Aside));
  g_array_set_clear_func (reader.asides, clear_aside);
  reader.furniture = g_ptr_array_new_with_free_func (g_free);
  reader.text = g_string_new (NULL);
  reader.shown = g_string_new (NULL);
  if (!xml_part_read (input->bytes, &funcs, &reader, sink, &damage, error) ||
      !end_sheet (&reader, error))
    return FALSE;
  if (damage == NULL)
    return TRUE;
  if (!reader.has_sheets) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it is a damaged workbook: %s",
                 damage);
    return FALSE;
  }
  extract_warn (sink, "it is damaged, text may be missing: %s", damage);
  return TRUE;
}
