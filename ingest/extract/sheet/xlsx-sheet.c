#include "xlsx-sheet.h"

#include "number-format.h"
#include "ooxml-string.h"

#include <string.h>

/* no cell of Excel holds more: 32,767 characters, each at most three bytes, twice over */
#define CELL_BYTES_MAX (256u << 10)
#define ROWS_MAX (1u << 20)
#define COLUMNS_MAX (1u << 14)

typedef enum {
  TYPE_NUMBER,
  TYPE_SHARED,
  TYPE_INLINE,
  TYPE_STRING,
  TYPE_BOOLEAN,
  TYPE_ERROR,
  TYPE_DATE,
} CellType;

typedef struct {
  OoxmlBook *book;
  OoxmlExtras *extras;
  GString *value; /* of the cell, or of a header or footer */
  GString *shown;
  guint row, column; /* of the cell; of the next one where it does not say */
  guint next_row;
  guint style;
  CellType type;
  guint phonetic;
  gboolean in_cell, in_value, in_furniture;
} Sheet;

static gboolean
is (const char *name, const char *other)
{
  return strcmp (name, other) == 0;
}

/* --- cells -------------------------------------------------------------------------------------
 */

static CellType
read_type (const xmlChar **attributes, guint n)
{
  gsize bytes;
  const char *type = xml_part_attribute_view (attributes, n, "t", &bytes);

  if (type == NULL || bytes == 0)
    return TYPE_NUMBER;
  if (bytes == 1)
    return *type == 's'   ? TYPE_SHARED
           : *type == 'b' ? TYPE_BOOLEAN
           : *type == 'e' ? TYPE_ERROR
           : *type == 'd' ? TYPE_DATE
                          : TYPE_NUMBER;
  return memcmp (type, "inlineStr", MIN (bytes, 9)) == 0 ? TYPE_INLINE : TYPE_STRING;
}

static void
start_cell (Sheet *sheet, const xmlChar **attributes, guint n)
{
  gsize bytes;
  const char *reference = xml_part_attribute_view (attributes, n, "r", &bytes);
  guint row, column;

  if (reference != NULL && sheet_reference_parse (reference, bytes, &row, &column)) {
    sheet->row = row;
    sheet->column = column;
  }
  sheet->type = read_type (attributes, n);
  sheet->style = (guint)CLAMP (xml_part_attribute_int (attributes, n, "s", 0), 0, G_MAXINT32);
  sheet->in_cell = TRUE;
  g_string_truncate (sheet->value, 0);
}

static void
show_number (Sheet *sheet)
{
  char *end;
  double value = g_ascii_strtod (sheet->value->str, &end);

  if (end == sheet->value->str)
    g_string_assign (sheet->shown, sheet->value->str);
  else
    sheet_book_append_number (sheet->book->book, sheet->style, value, sheet->shown);
}

static void
show_date (Sheet *sheet)
{
  double value;

  if (sheet_book_is_date (sheet->book->book, sheet->style) &&
      number_format_parse_date (sheet->value->str, &value))
    sheet_book_append_number (sheet->book->book, sheet->style, value, sheet->shown);
  else
    g_string_assign (sheet->shown, sheet->value->str);
}

static void
show_text (Sheet *sheet, const char *text, gsize bytes)
{
  sheet_book_append_text (sheet->book->book, sheet->style, text, bytes, sheet->shown);
}

/* The cell's value as shown. */
static CellKind
show (Sheet *sheet)
{
  const char *text;
  gsize bytes;

  g_string_truncate (sheet->shown, 0);
  switch (sheet->type) {
  case TYPE_SHARED:
    text = sheet_book_string (sheet->book->book, g_ascii_strtoull (sheet->value->str, NULL, 10),
                              &bytes);
    if (text != NULL)
      show_text (sheet, text, bytes);
    return CELL_TEXT;
  case TYPE_INLINE:
  case TYPE_STRING:
    ooxml_string_unescape (sheet->value);
    show_text (sheet, sheet->value->str, sheet->value->len);
    return CELL_TEXT;
  case TYPE_BOOLEAN:
    g_string_assign (sheet->shown,
                     *sheet->value->str == '1' || *sheet->value->str == 't' ? "TRUE" : "FALSE");
    return CELL_VALUE;
  case TYPE_ERROR:
    g_string_assign (sheet->shown, sheet->value->str);
    return CELL_VALUE;
  case TYPE_DATE:
    show_date (sheet);
    return CELL_VALUE;
  default:
    show_number (sheet);
    return CELL_VALUE;
  }
}

static gboolean
end_cell (Sheet *sheet, GError **error)
{
  gboolean done = TRUE;

  sheet->in_cell = sheet->in_value = FALSE;
  if (sheet->value->len > 0 && sheet->row < ROWS_MAX && sheet->column < COLUMNS_MAX) {
    CellKind kind = show (sheet);

    done = sheet_writer_cell (sheet->book->writer, sheet->row, sheet->column, kind,
                              sheet_book_is_bold (sheet->book->book, sheet->style),
                              sheet->shown->str, sheet->shown->len, error);
  }
  sheet->column++;
  return done;
}

/* --- the rest ----------------------------------------------------------------------------------
 */

static gboolean
is_furniture (const char *name)
{
  static const char *const names[] = {"oddHeader",  "oddFooter",   "evenHeader",
                                      "evenFooter", "firstHeader", "firstFooter"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (is (name, names[i]))
      return TRUE;
  return FALSE;
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n, GError **error)
{
  Sheet *sheet = user_data;

  if (is (name, "c")) {
    start_cell (sheet, attributes, n);
  } else if (is (name, "row")) {
    gint64 row = xml_part_attribute_int (attributes, n, "r", (gint64)sheet->next_row + 1);

    sheet->row = (guint)CLAMP (row, 1, (gint64)ROWS_MAX + 1) - 1;
    sheet->next_row = sheet->row + 1;
    sheet->column = 0;
  } else if (sheet->in_cell) {
    sheet->phonetic += is (name, "rPh");
    sheet->in_value = is (name, "v") || (is (name, "t") && sheet->phonetic == 0);
  } else if (is (name, "hyperlink")) {
    g_autofree char *reference = xml_part_attribute (attributes, n, "ref");
    g_autofree char *relationship = xml_part_attribute (attributes, n, "id");

    if (relationship != NULL)
      ooxml_extras_add_link (sheet->extras, reference, relationship, NULL);
  } else if (is_furniture (name)) {
    g_string_truncate (sheet->value, 0);
    sheet->in_furniture = TRUE;
  }
  return TRUE;
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Sheet *sheet = user_data;

  sheet->in_value = FALSE;
  if (sheet->in_cell && is (name, "c"))
    return end_cell (sheet, error);
  sheet->phonetic -= sheet->phonetic > 0 && is (name, "rPh");
  if (sheet->in_furniture && is_furniture (name)) {
    ooxml_extras_add_furniture (sheet->extras, sheet->value->str);
    sheet->in_furniture = FALSE;
  }
  return TRUE;
}

static gboolean
take_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Sheet *sheet = user_data;

  if ((sheet->in_value || sheet->in_furniture) && sheet->value->len < CELL_BYTES_MAX)
    g_string_append_len (sheet->value, text, (gssize)bytes);
  return TRUE;
}

gboolean
xlsx_sheet_read (OoxmlBook *book, const char *part, OoxmlExtras *extras, GError **error)
{
  static const XmlPartFuncs funcs = {start_element, end_element, take_text};
  g_autoptr (GString) value = g_string_new (NULL);
  g_autoptr (GString) shown = g_string_new (NULL);
  Sheet sheet = {.book = book, .extras = extras, .value = value, .shown = shown};
  return opc_parse_part (book->package, part, &funcs, &sheet, book->sink, NULL, error);
}
