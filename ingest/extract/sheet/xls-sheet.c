/* The cells of a sheet in BIFF. */
#include "xls-book.h"

#include "xls-objects.h"

#include <string.h>

#define ROWS_MAX 65536
#define COLUMNS_MAX 256
/* records between two looks at the clock */
#define RECORDS_A_LOOK 4096

typedef struct {
  XlsBook *book;
  Biff *biff;
  XlsObjects *objects;
  GString *text;
  GString *shown;
  guint row, column, style;
  gboolean awaits_string; /* of the formula last read */
  guint charts;           /* within substreams of charts */
} Sheet;

static gboolean
deliver (Sheet *sheet, CellKind kind, GError **error)
{
  gboolean bold = sheet_book_is_bold (sheet->book->book, sheet->style);

  return sheet->column >= COLUMNS_MAX ||
         sheet_writer_cell (sheet->book->writer, sheet->row, sheet->column, kind, bold,
                            sheet->shown->str, sheet->shown->len, error);
}

static gboolean
deliver_number (Sheet *sheet, double value, GError **error)
{
  g_string_truncate (sheet->shown, 0);
  sheet_book_append_number (sheet->book->book, sheet->style, value, sheet->shown);
  return deliver (sheet, CELL_VALUE, error);
}

static gboolean
deliver_text (Sheet *sheet, const char *text, gsize bytes, GError **error)
{
  g_string_truncate (sheet->shown, 0);
  sheet_book_append_text (sheet->book->book, sheet->style, text, bytes, sheet->shown);
  return deliver (sheet, CELL_TEXT, error);
}

static gboolean
deliver_word (Sheet *sheet, guint value, gboolean is_error, GError **error)
{
  g_string_assign (sheet->shown, is_error ? sheet_error_text (value) : value ? "TRUE" : "FALSE");
  return deliver (sheet, CELL_VALUE, error);
}

/* --- records -----------------------------------------------------------------------------------
 */

/* Where the cell is, and its style: before BIFF3 by the number format alone. */
static void
read_place (Sheet *sheet)
{
  Biff *biff = sheet->biff;

  sheet->row = biff_u16 (biff);
  sheet->column = biff_u16 (biff);
  if (biff->version == 2) {
    biff_skip (biff, 1);
    sheet->style = biff_u8 (biff) & 0x3f;
    biff_skip (biff, 1);
  } else {
    sheet->style = biff_u16 (biff);
  }
}

static gboolean
read_multiple (Sheet *sheet, GError **error)
{
  Biff *biff = sheet->biff;

  sheet->row = biff_u16 (biff);
  sheet->column = biff_u16 (biff);
  /* the last two bytes are the last column */
  while (biff_left (biff) >= 8) {
    sheet->style = biff_u16 (biff);
    if (!deliver_number (sheet, biff_rk (biff_u32 (biff)), error))
      return FALSE;
    sheet->column++;
  }
  return TRUE;
}

static gboolean
read_label (Sheet *sheet, guint length_bytes, GError **error)
{
  g_string_truncate (sheet->text, 0);
  biff_append_text (sheet->biff, length_bytes, sheet->text);
  return deliver_text (sheet, sheet->text->str, sheet->text->len, error);
}

static gboolean
read_shared (Sheet *sheet, GError **error)
{
  gsize bytes;
  const char *text = sheet_book_string (sheet->book->book, biff_u32 (sheet->biff), &bytes);

  return text == NULL || deliver_text (sheet, text, bytes, error);
}

/* MS-XLS 2.5.133: a number, or where the last two bytes are FFFF, something else. */
static gboolean
read_formula (Sheet *sheet, GError **error)
{
  Biff *biff = sheet->biff;
  const guint8 *result = biff->at;

  if (biff_left (biff) < 8)
    return TRUE;
  if (result[6] != 0xff || result[7] != 0xff)
    return deliver_number (sheet, biff_double (biff), error);
  switch (result[0]) {
  case 0:
    sheet->awaits_string = TRUE;
    return TRUE;
  case 1:
    return deliver_word (sheet, result[2], FALSE, error);
  case 2:
    return deliver_word (sheet, result[2], TRUE, error);
  default:
    return TRUE;
  }
}

static gboolean
read_string (Sheet *sheet, GError **error)
{
  if (!sheet->awaits_string)
    return TRUE;
  sheet->awaits_string = FALSE;
  return read_label (sheet, sheet->biff->version == 2 ? 1 : 2, error);
}

/* A record that begins with a cell's place. */
static gboolean
read_cell (Sheet *sheet, guint type, GError **error)
{
  Biff *biff = sheet->biff;
  guint value;

  read_place (sheet);
  sheet->awaits_string = FALSE;
  switch (type) {
  case 0x0002: /* INTEGER of BIFF2 */
    return deliver_number (sheet, biff_u16 (biff), error);
  case 0x0003:
  case BIFF_NUMBER:
    return biff_left (biff) < 8 || deliver_number (sheet, biff_double (biff), error);
  case 0x0004:
    return read_label (sheet, 1, error);
  case BIFF_LABEL:
  case BIFF_RSTRING:
    return read_label (sheet, 2, error);
  case 0x0005:
  case BIFF_BOOLERR:
    value = biff_u8 (biff);
    return deliver_word (sheet, value, biff_u8 (biff) != 0, error);
  case BIFF_RK:
    return biff_left (biff) < 4 || deliver_number (sheet, biff_rk (biff_u32 (biff)), error);
  case BIFF_LABELSST:
    return biff_left (biff) < 4 || read_shared (sheet, error);
  default:
    return read_formula (sheet, error);
  }
}

static gboolean
take_record (Sheet *sheet, GError **error)
{
  Biff *biff = sheet->biff;

  switch (biff->type) {
  case 0x0002:
  case 0x0003:
  case 0x0004:
  case 0x0005:
    return biff->version != 2 || read_cell (sheet, biff->type, error);
  case BIFF_FORMULA:
  case 0x0206:
  case 0x0406:
  case BIFF_NUMBER:
  case BIFF_LABEL:
  case BIFF_BOOLERR:
  case BIFF_RK:
  case BIFF_LABELSST:
  case BIFF_RSTRING:
    return read_cell (sheet, biff->type, error);
  case 0x0007:
    return biff->version != 2 || read_string (sheet, error);
  case BIFF_STRING:
    return read_string (sheet, error);
  case BIFF_MULRK:
    return read_multiple (sheet, error);
  default:
    xls_objects_take (sheet->objects, FALSE);
    return TRUE;
  }
}

static gboolean
read_records (Sheet *sheet, GError **error)
{
  Biff *biff = sheet->biff;

  for (guint n = 1; biff_next (biff); n++) {
    if (n % RECORDS_A_LOOK == 0 && extract_time_is_up (sheet->book->sink))
      return extract_limit_error (error, "only what could be read in time");
    if (biff_is_bof (biff->data, biff->bytes, biff->start, NULL)) {
      sheet->charts++;
    } else if (biff->type == BIFF_EOF) {
      if (sheet->charts == 0)
        return TRUE;
      sheet->charts--;
    } else if (sheet->charts > 0) {
      xls_objects_take (sheet->objects, TRUE);
    } else if (!take_record (sheet, error)) {
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
xls_sheet_read (XlsBook *book, const char *name, GError **error)
{
  g_autoptr (XlsObjects) objects = xls_objects_new (book);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) shown = g_string_new (NULL);
  Sheet sheet = {
      .book = book, .biff = book->biff, .objects = objects, .text = text, .shown = shown};

  return read_records (&sheet, error) && sheet_writer_end (book->writer, error) &&
         xls_objects_deliver (objects, name, error);
}
