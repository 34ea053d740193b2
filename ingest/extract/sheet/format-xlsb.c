/* Excel workbooks in binary parts (xlsb; MS-XLSB). */
#include "biff.h"
#include "biff12.h"
#include "ingest/extract/formats.h"
#include "ooxml-book.h"

#include <string.h>

#define ROWS_MAX (1u << 20)
#define COLUMNS_MAX (1u << 14)
/* records between two looks at the clock */
#define RECORDS_A_LOOK 4096

/* MS-XLSB 2.3 */
enum {
  BRT_ROW_HDR = 0,
  BRT_CELL_RK = 2,
  BRT_CELL_ERROR = 3,
  BRT_CELL_BOOL = 4,
  BRT_CELL_REAL = 5,
  BRT_CELL_ST = 6,
  BRT_CELL_ISST = 7,
  BRT_FMLA_STRING = 8,
  BRT_FMLA_NUM = 9,
  BRT_FMLA_BOOL = 10,
  BRT_FMLA_ERROR = 11,
  BRT_SST_ITEM = 19,
  BRT_FONT = 43,
  BRT_FMT = 44,
  BRT_XF = 47,
  BRT_CELL_R_STRING = 62,
  BRT_WB_PROP = 153,
  BRT_BUNDLE_SH = 156,
  BRT_BEGIN_HEADER_FOOTER = 479,
  BRT_H_LINK = 494,
  BRT_BEGIN_CELL_XFS = 617,
  BRT_END_CELL_XFS = 618,
  BRT_COMMENT_AUTHOR = 632,
  BRT_BEGIN_COMMENT = 635,
  BRT_COMMENT_TEXT = 637,
};

typedef struct {
  OoxmlBook *book;
  Biff12 biff;
  GString *text; /* scratch */
  GArray *bold;  /* (element-type gboolean) of the fonts */
  gboolean in_cell_xfs;

  OoxmlExtras *extras;
  GString *shown;
  guint row;

  GHashTable *threaded;
  GPtrArray *authors;
  char *reference;
  guint32 author;
} Reader;

typedef gboolean (*TakeFunc) (Reader *reader, GError **error);

/* Hands each record of the part to `take`. */
static gboolean
read_part (Reader *reader, const char *name, TakeFunc take, GError **error)
{
  g_autoptr (GBytes) part = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  reader->text = text;
  if (!opc_read_part (reader->book->package, name, reader->book->sink, &part, error))
    return FALSE;
  if (part == NULL)
    return TRUE;
  biff12_init (&reader->biff, part);
  for (guint n = 1; biff12_next (&reader->biff); n++) {
    if (n % RECORDS_A_LOOK == 0 && extract_time_is_up (reader->book->sink))
      return extract_limit_error (error, "only what could be read in time");
    if (!take (reader, error))
      return FALSE;
  }
  return TRUE;
}

/* --- workbook, styles, strings -----------------------------------------------------------------
 */

static gboolean
take_workbook (Reader *reader, GError **error)
{
  Biff12 *biff = &reader->biff;
  g_autoptr (GString) name = NULL;
  guint32 state;

  if (biff->type == BRT_WB_PROP && (biff12_u32 (biff) & 1) != 0)
    sheet_book_set_1904 (reader->book->book);
  if (biff->type != BRT_BUNDLE_SH)
    return TRUE;
  name = g_string_new (NULL);
  state = biff12_u32 (biff);
  biff12_skip (biff, 4);
  g_string_truncate (reader->text, 0);
  biff12_append_text (biff, reader->text);
  biff12_append_text (biff, name);
  ooxml_book_add_sheet (reader->book, name->str, reader->text->str,
                        state == 0   ? SHEET_VISIBLE
                        : state == 1 ? SHEET_HIDDEN
                                     : SHEET_VERY_HIDDEN);
  return TRUE;
}

static gboolean
read_workbook (OoxmlBook *book, const char *part, GError **error)
{
  Reader reader = {.book = book};

  if (!read_part (&reader, part, take_workbook, error))
    return FALSE;
  if (book->sheets->len > 0)
    return TRUE;
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
               "it is a damaged workbook: its part %s names no sheet", part);
  return FALSE;
}

static gboolean
take_style (Reader *reader, GError **error)
{
  Biff12 *biff = &reader->biff;
  guint format, font;
  gboolean bold;

  switch (biff->type) {
  case BRT_FMT:
    format = biff12_u16 (biff);
    g_string_truncate (reader->text, 0);
    biff12_append_text (biff, reader->text);
    sheet_book_add_format (reader->book->book, format, reader->text->str);
    break;
  case BRT_FONT:
    biff12_skip (biff, 4);
    bold = biff12_u16 (biff) >= 600;
    g_array_append_val (reader->bold, bold);
    break;
  case BRT_BEGIN_CELL_XFS:
    reader->in_cell_xfs = TRUE;
    break;
  case BRT_END_CELL_XFS:
    reader->in_cell_xfs = FALSE;
    break;
  case BRT_XF:
    if (!reader->in_cell_xfs)
      break;
    biff12_skip (biff, 2);
    format = biff12_u16 (biff);
    font = biff12_u16 (biff);
    sheet_book_add_style (reader->book->book, format,
                          font < reader->bold->len && g_array_index (reader->bold, gboolean, font));
    break;
  default:
    break;
  }
  return TRUE;
}

static gboolean
read_styles (OoxmlBook *book, const char *part, GError **error)
{
  g_autoptr (GArray) bold = g_array_new (FALSE, TRUE, sizeof (gboolean));
  Reader reader = {.book = book, .bold = bold};

  return read_part (&reader, part, take_style, error);
}

static gboolean
take_string (Reader *reader, GError **error)
{
  if (reader->biff.type != BRT_SST_ITEM)
    return TRUE;
  g_string_truncate (reader->text, 0);
  biff12_skip (&reader->biff, 1); /* flags: runs and phonetic text come after */
  biff12_append_text (&reader->biff, reader->text);
  sheet_book_add_string (reader->book->book, reader->text->str, reader->text->len);
  return TRUE;
}

static gboolean
read_strings (OoxmlBook *book, const char *part, GError **error)
{
  Reader reader = {.book = book};

  return read_part (&reader, part, take_string, error);
}

/* --- cells -------------------------------------------------------------------------------------
 */

static void
show_text (Reader *reader, guint style, gboolean is_rich)
{
  g_string_truncate (reader->text, 0);
  biff12_skip (&reader->biff, is_rich ? 1 : 0);
  biff12_append_text (&reader->biff, reader->text);
  sheet_book_append_text (reader->book->book, style, reader->text->str, reader->text->len,
                          reader->shown);
}

static void
show_shared (Reader *reader, guint style)
{
  gsize bytes;
  const char *text = sheet_book_string (reader->book->book, biff12_u32 (&reader->biff), &bytes);

  if (text != NULL)
    sheet_book_append_text (reader->book->book, style, text, bytes, reader->shown);
}

/* The value of the cell record; FALSE: it is none. */
static gboolean
show_value (Reader *reader, guint style, CellKind *kind)
{
  Biff12 *biff = &reader->biff;

  *kind = CELL_VALUE;
  switch (biff->type) {
  case BRT_CELL_RK:
    sheet_book_append_number (reader->book->book, style, biff_rk (biff12_u32 (biff)),
                              reader->shown);
    return TRUE;
  case BRT_CELL_REAL:
  case BRT_FMLA_NUM:
    sheet_book_append_number (reader->book->book, style, biff12_double (biff), reader->shown);
    return TRUE;
  case BRT_CELL_BOOL:
  case BRT_FMLA_BOOL:
    g_string_assign (reader->shown, biff12_u8 (biff) != 0 ? "TRUE" : "FALSE");
    return TRUE;
  case BRT_CELL_ERROR:
  case BRT_FMLA_ERROR:
    g_string_assign (reader->shown, sheet_error_text (biff12_u8 (biff)));
    return TRUE;
  case BRT_CELL_ISST:
    *kind = CELL_TEXT;
    show_shared (reader, style);
    return TRUE;
  case BRT_CELL_ST:
  case BRT_FMLA_STRING:
  case BRT_CELL_R_STRING:
    *kind = CELL_TEXT;
    show_text (reader, style, biff->type == BRT_CELL_R_STRING);
    return TRUE;
  default:
    return FALSE;
  }
}

/* Each begins with its column and its style. */
static gboolean
take_cell (Reader *reader, GError **error)
{
  Biff12 *biff = &reader->biff;
  guint32 column = biff12_u32 (biff);
  guint style = biff12_u32 (biff) & 0xffffff;
  CellKind kind;

  g_string_truncate (reader->shown, 0);
  if (!show_value (reader, style, &kind) || column >= COLUMNS_MAX || reader->row >= ROWS_MAX)
    return TRUE;
  return sheet_writer_cell (reader->book->writer, reader->row, column, kind,
                            sheet_book_is_bold (reader->book->book, style), reader->shown->str,
                            reader->shown->len, error);
}

static void
take_link (Reader *reader)
{
  Biff12 *biff = &reader->biff;
  guint32 row = biff12_u32 (biff), column;
  g_autofree char *reference = NULL;

  biff12_skip (biff, 4);
  column = biff12_u32 (biff);
  biff12_skip (biff, 4);
  g_string_truncate (reader->text, 0);
  if (row >= ROWS_MAX || column >= COLUMNS_MAX || !biff12_append_text (biff, reader->text))
    return;
  reference = sheet_reference (row, column);
  ooxml_extras_add_link (reader->extras, reference, reader->text->str, NULL);
}

static void
take_furniture (Reader *reader)
{
  biff12_skip (&reader->biff, 2);
  for (guint i = 0; i < 6; i++) {
    g_string_truncate (reader->text, 0);
    if (biff12_append_text (&reader->biff, reader->text) && reader->text->len > 0)
      ooxml_extras_add_furniture (reader->extras, reader->text->str);
  }
}

static gboolean
take_sheet (Reader *reader, GError **error)
{
  switch (reader->biff.type) {
  case BRT_ROW_HDR:
    reader->row = biff12_u32 (&reader->biff);
    return TRUE;
  case BRT_H_LINK:
    take_link (reader);
    return TRUE;
  case BRT_BEGIN_HEADER_FOOTER:
    take_furniture (reader);
    return TRUE;
  default:
    return reader->biff.type > BRT_CELL_R_STRING || take_cell (reader, error);
  }
}

static gboolean
read_sheet (OoxmlBook *book, const char *part, OoxmlExtras *extras, GError **error)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  Reader reader = {.book = book, .extras = extras, .shown = shown};

  return read_part (&reader, part, take_sheet, error);
}

/* --- comments ----------------------------------------------------------------------------------
 */

static void
begin_comment (Reader *reader)
{
  Biff12 *biff = &reader->biff;
  guint32 row, column;

  reader->author = biff12_u32 (biff);
  row = biff12_u32 (biff);
  biff12_skip (biff, 4);
  column = biff12_u32 (biff);
  g_free (reader->reference);
  reader->reference =
      row < ROWS_MAX && column < COLUMNS_MAX ? sheet_reference (row, column) : g_strdup ("");
}

static gboolean
take_comment (Reader *reader, GError **error)
{
  Biff12 *biff = &reader->biff;
  const char *author;

  g_string_truncate (reader->text, 0);
  switch (biff->type) {
  case BRT_COMMENT_AUTHOR:
    biff12_append_text (biff, reader->text);
    g_ptr_array_add (reader->authors, g_strdup (reader->text->str));
    return TRUE;
  case BRT_BEGIN_COMMENT:
    begin_comment (reader);
    return TRUE;
  case BRT_COMMENT_TEXT:
    if (reader->reference == NULL || g_hash_table_contains (reader->threaded, reader->reference))
      return TRUE;
    biff12_skip (biff, 1);
    biff12_append_text (biff, reader->text);
    author = reader->author < reader->authors->len
                 ? g_ptr_array_index (reader->authors, reader->author)
                 : NULL;
    return sheet_writer_comment (reader->book->writer, reader->reference, author, reader->text->str,
                                 error);
  default:
    return TRUE;
  }
}

static gboolean
read_comments (OoxmlBook *book, const char *part, GHashTable *threaded, GError **error)
{
  g_autoptr (GPtrArray) authors = g_ptr_array_new_with_free_func (g_free);
  Reader reader = {.book = book, .threaded = threaded, .authors = authors};
  gboolean done = read_part (&reader, part, take_comment, error);

  g_free (reader.reference);
  return done;
}

gboolean
extract_read_xlsb (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  static const OoxmlKind kind = {"xl/workbook.bin", read_workbook, read_styles,
                                 read_strings,      read_sheet,    read_comments};

  return ooxml_book_read (&kind, input, sink, error);
}
