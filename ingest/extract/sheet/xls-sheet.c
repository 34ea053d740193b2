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
  gboolean awaits_string;  /* of the formula last read */
  gboolean cells_are_read; /* because they were not in order */
  guint charts;            /* within substreams of charts */
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

/* Does the record begin with a cell's place? */
static gboolean
is_cell (const Biff *biff)
{
  switch (biff->type) {
  case 0x0002:
  case 0x0003:
  case 0x0004:
  case 0x0005:
    return biff->version == 2;
  case BIFF_FORMULA:
  case 0x0206:
  case 0x0406:
  case BIFF_NUMBER:
  case BIFF_LABEL:
  case BIFF_BOOLERR:
  case BIFF_RK:
  case BIFF_MULRK:
  case BIFF_LABELSST:
  case BIFF_RSTRING:
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
is_string (const Biff *biff)
{
  return biff->type == BIFF_STRING || (biff->type == 0x0007 && biff->version == 2);
}

static gboolean
take_cell (Sheet *sheet, GError **error)
{
  return sheet->biff->type == BIFF_MULRK ? read_multiple (sheet, error)
                                         : read_cell (sheet, sheet->biff->type, error);
}

/* --- the order of rows -------------------------------------------------------------------------
 *
 * Excel writes them from the top; other programs may not.
 */

typedef struct {
  guint row, column;
  gsize offset;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *first = a, *second = b;

  if (first->row != second->row)
    return first->row < second->row ? -1 : 1;
  if (first->column != second->column)
    return first->column < second->column ? -1 : 1;
  return (first->offset > second->offset) - (first->offset < second->offset);
}

/* The next record of the sheet itself, what is in charts passed over; FALSE at its end. */
static gboolean
next_of_sheet (Biff *biff, guint *charts)
{
  while (biff_next (biff)) {
    if (biff_is_bof (biff->data, biff->bytes, biff->start, NULL))
      ++*charts;
    else if (biff->type == BIFF_EOF && (*charts)-- == 0)
      return FALSE;
    else if (*charts == 0)
      return TRUE;
  }
  return FALSE;
}

/* Where the cells are, in the order of rows; NULL when the file has them so. (transfer full) */
static GArray *
places_of_cells (Biff *biff)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (Place));
  gsize start = biff->next;
  gboolean ordered = TRUE;
  guint last = 0, charts = 0;

  while (next_of_sheet (biff, &charts))
    if (is_cell (biff)) {
      Place place = {.offset = biff->start};

      place.row = biff_u16 (biff);
      place.column = biff_u16 (biff);
      ordered = ordered && place.row >= last;
      last = place.row;
      g_array_append_val (places, place);
    }
  biff->next = start;
  if (ordered) {
    g_array_unref (places);
    return NULL;
  }
  g_array_sort (places, compare_places);
  return places;
}

/* The text of a formula follows, perhaps after what its formula shares with others. */
static gboolean
take_string_of_formula (Sheet *sheet, GError **error)
{
  for (guint i = 0; sheet->awaits_string && i < 3 && biff_next (sheet->biff); i++)
    if (is_string (sheet->biff))
      return read_string (sheet, error);
  return TRUE;
}

static gboolean
read_places (Sheet *sheet, const GArray *places, GError **error)
{
  gsize start = sheet->biff->next;
  gboolean done = TRUE;

  for (guint i = 0; done && i < places->len; i++) {
    sheet->biff->next = g_array_index (places, Place, i).offset;
    biff_next (sheet->biff);
    done = take_cell (sheet, error) && take_string_of_formula (sheet, error);
  }
  sheet->biff->next = start;
  return done;
}

/* --- the sheet ---------------------------------------------------------------------------------
 */

static gboolean
take_record (Sheet *sheet, GError **error)
{
  if (is_cell (sheet->biff))
    return sheet->cells_are_read || take_cell (sheet, error);
  if (is_string (sheet->biff))
    return sheet->cells_are_read || read_string (sheet, error);
  xls_objects_take (sheet->objects, FALSE);
  return TRUE;
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
  g_autoptr (GArray) places = places_of_cells (book->biff);
  Sheet sheet = {
      .book = book, .biff = book->biff, .objects = objects, .text = text, .shown = shown};

  sheet.cells_are_read = places != NULL;
  if (places != NULL && !read_places (&sheet, places, error))
    return FALSE;
  return read_records (&sheet, error) && sheet_writer_end (book->writer, error) &&
         xls_objects_deliver (objects, name, error);
}
