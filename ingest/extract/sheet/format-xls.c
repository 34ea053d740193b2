/* Excel workbooks before 2007: BIFF2 to BIFF8 (MS-XLS), in an OLE2 file or, as Excel 2 to 4 wrote
 * them, as they are. */
#include "ingest/extract/formats.h"
#include "ingest/extract/ole/ole-object.h"
#include "xls-book.h"
#include "xls-crypt.h"

#include <string.h>

#define SHEETS_MAX 10000
#define EMBEDDED_MAX 10000
#define STRINGS_MAX (1u << 24)

/* MS-XLS 2.4.28: the kinds of sheets that have something to read */
#define SHEET_CELLS 0
#define SHEET_MACROS 1
#define SHEET_CHART 2

typedef struct {
  gsize offset;
  SheetState state;
  char *name;
} SheetEntry;

/* What is gathered before the sheets are read. */
typedef struct {
  XlsBook *book;
  Biff *biff;
  GArray *sheets;
  GArray *bold;  /* (element-type gboolean) of the fonts */
  guint formats; /* before BIFF5 they are counted, not numbered */
} Globals;

static void
clear_entry (gpointer data)
{
  g_free (((SheetEntry *)data)->name);
}

/* --- globals -----------------------------------------------------------------------------------
 */

static void
take_format (Globals *globals)
{
  Biff *biff = globals->biff;
  g_autoptr (GString) code = g_string_new (NULL);
  guint id = globals->formats++;

  if (biff->version == 4)
    biff_skip (biff, 2);
  else if (biff->version >= 5)
    id = biff_u16 (biff);
  biff_append_text (biff, biff->version >= 8 ? 2 : 1, code);
  sheet_book_add_format (globals->book->book, id, code->str);
  /* a cell of BIFF2 names its format, no style */
  if (biff->version == 2)
    sheet_book_add_style (globals->book->book, id, FALSE);
}

static void
take_font (Globals *globals)
{
  Biff *biff = globals->biff;
  guint flags, weight;
  gboolean bold;

  biff_skip (biff, 2);
  flags = biff_u16 (biff);
  biff_skip (biff, 2);
  weight = biff_u16 (biff);
  bold = biff->version >= 5 ? weight >= 600 : (flags & 1) != 0;
  g_array_append_val (globals->bold, bold);
}

static void
take_style (Globals *globals)
{
  Biff *biff = globals->biff;
  guint font = biff->version >= 5 ? biff_u16 (biff) : biff_u8 (biff);
  guint format = biff->version >= 5 ? biff_u16 (biff) : biff_u8 (biff);
  gboolean bold;

  /* there is no font 4 */
  if (font > 4)
    font--;
  bold = font < globals->bold->len && g_array_index (globals->bold, gboolean, font);
  sheet_book_add_style (globals->book->book, format, bold);
}

static void
take_strings (Globals *globals)
{
  Biff *biff = globals->biff;
  g_autoptr (GString) text = g_string_new (NULL);
  guint32 n;

  biff_skip (biff, 4);
  n = biff_u32 (biff);
  n = MIN (n, STRINGS_MAX);
  for (guint32 i = 0; i < n; i++) {
    if (biff_left (biff) == 0 && !biff_continue (biff))
      return;
    g_string_truncate (text, 0);
    biff_append_text (biff, 2, text);
    sheet_book_add_string (globals->book->book, text->str, text->len);
  }
}

static void
take_sheet (Globals *globals)
{
  Biff *biff = globals->biff;
  g_autoptr (GString) name = g_string_new (NULL);
  SheetEntry *entry;
  gsize offset = biff_u32 (biff);
  guint state = biff_u8 (biff) & 3, kind = biff_u8 (biff);

  if (kind > SHEET_CHART || globals->sheets->len >= SHEETS_MAX)
    return;
  biff_append_text (biff, 1, name);
  g_array_set_size (globals->sheets, globals->sheets->len + 1);
  entry = &g_array_index (globals->sheets, SheetEntry, globals->sheets->len - 1);
  entry->offset = offset;
  entry->state = state == 0 ? SHEET_VISIBLE : state == 1 ? SHEET_HIDDEN : SHEET_VERY_HIDDEN;
  entry->name = g_strdup (name->str);
}

static void
take_code_page (Biff *biff)
{
  guint code_page = biff_u16 (biff);

  if (code_page == 0x8000)
    biff->code_page = 10000; /* of the Macintosh */
  else if (code_page != 0x8001 && code_page != 1200 && code_page != 367 && code_page != 0)
    biff->code_page = code_page;
}

static void
take_global (Globals *globals)
{
  switch (globals->biff->type) {
  case BIFF_CODEPAGE:
    take_code_page (globals->biff);
    break;
  case BIFF_DATEMODE:
    if (biff_u16 (globals->biff) == 1)
      sheet_book_set_1904 (globals->book->book);
    break;
  case BIFF_FORMAT:
  case BIFF_FORMAT_OLD:
    take_format (globals);
    break;
  case BIFF_FONT:
  case BIFF_FONT_3:
    take_font (globals);
    break;
  case BIFF_XF:
  case BIFF_XF_3:
  case BIFF_XF_4:
    take_style (globals);
    break;
  case BIFF_SST:
    take_strings (globals);
    break;
  case BIFF_BOUNDSHEET:
    take_sheet (globals);
    break;
  default:
    break;
  }
}

/* The first substream up to its end. Before BIFF5 that is the one sheet, whose cells are passed. */
static gboolean
read_globals (Globals *globals, GError **error)
{
  Biff *biff = globals->biff;

  for (guint n = 1; biff_next (biff) && biff->type != BIFF_EOF; n++) {
    if (n % 4096 == 0 && extract_time_is_up (globals->book->sink))
      return extract_limit_error (error, "only what could be read in time");
    take_global (globals);
  }
  return TRUE;
}

/* --- sheets ------------------------------------------------------------------------------------
 */

static gboolean
read_sheet (XlsBook *book, const SheetEntry *entry, GError **error)
{
  Biff *biff = book->biff;

  if (!sheet_writer_begin (book->writer, entry->name, entry->state, error))
    return FALSE;
  if (!biff_is_bof (biff->data, biff->bytes, entry->offset, NULL)) {
    extract_warn (book->sink, "the sheet %s is damaged", entry->name);
    return TRUE;
  }
  biff->next = entry->offset;
  biff_next (biff);
  return xls_sheet_read (book, entry->name, error);
}

/* No record names sheets: all substreams that there are, from `offset` on. */
static gboolean
read_unnamed_sheets (XlsBook *book, gsize offset, GError **error)
{
  Biff *biff = book->biff;

  biff->next = offset;
  while (biff_next (biff)) {
    if (!biff_is_bof (biff->data, biff->bytes, biff->start, NULL))
      continue;
    if (!xls_sheet_read (book, "", error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_book (XlsBook *book, GError **error)
{
  g_autoptr (GArray) sheets = g_array_new (FALSE, TRUE, sizeof (SheetEntry));
  g_autoptr (GArray) bold = g_array_new (FALSE, TRUE, sizeof (gboolean));
  Globals globals = {.book = book, .biff = book->biff, .sheets = sheets, .bold = bold};
  gboolean is_globals;

  g_array_set_clear_func (sheets, clear_entry);
  biff_next (book->biff);
  biff_skip (book->biff, 2);
  is_globals = book->biff->version >= 5 && biff_u16 (book->biff) == 0x0005;
  if (!read_globals (&globals, error))
    return FALSE;
  if (sheets->len == 0)
    return read_unnamed_sheets (book, is_globals ? book->biff->next : 0, error);
  for (guint i = 0; i < sheets->len; i++)
    if (!read_sheet (book, &g_array_index (sheets, SheetEntry, i), error))
      return FALSE;
  return TRUE;
}

/* --- the file ----------------------------------------------------------------------------------
 */

/* Where the record FILEPASS is among the first; FALSE: nowhere. */
static gboolean
find_file_pass (Biff *biff)
{
  biff->next = 0;
  for (guint i = 0; i < 16 && biff_next (biff) && biff->type != BIFF_EOF; i++)
    if (biff->type == BIFF_FILEPASS)
      return TRUE;
  return FALSE;
}

/* The stream, decrypted where it is encrypted. (transfer full) */
static GBytes *
decrypt (GBytes *stream, const ExtractInput *input, GError **error)
{
  Biff biff = {.data = g_bytes_get_data (stream, &biff.bytes)};
  g_autofree guint8 *copy = NULL;

  if (!find_file_pass (&biff))
    return g_bytes_ref (stream);
  copy = g_memdup2 (biff.data, biff.bytes);
  if (!xls_decrypt (copy, biff.bytes, (gsize)(biff.at - biff.data), biff_left (&biff),
                    input->passwords, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&copy), biff.bytes);
}

static gboolean
read_stream (const ExtractInput *input, GBytes *raw, ExtractSink *sink, GError **error)
{
  g_autoptr (GBytes) stream = decrypt (raw, input, error);
  Biff biff = {.code_page = CODEPAGE_DEFAULT};
  XlsBook book = {.input = input, .sink = sink, .biff = &biff};
  gboolean done;

  if (stream == NULL)
    return FALSE;
  biff.data = g_bytes_get_data (stream, &biff.bytes);
  if (!biff_is_bof (biff.data, biff.bytes, 0, &biff.version)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                 "it is a damaged workbook: it does not begin as one");
    return FALSE;
  }
  biff.codepages = codepages_new ();
  book.book = sheet_book_new ();
  book.writer = sheet_writer_new (sink);
  book.furniture = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  done = read_book (&book, error);
  g_hash_table_unref (book.furniture);
  sheet_writer_free (book.writer);
  sheet_book_free (book.book);
  codepages_free (biff.codepages);
  return done;
}

/* Embedded objects: a storage each, named MBD and a number (MS-XLS 2.1.7.6). */
static gboolean
read_embedded (const ExtractInput *input, const Compound *compound, ExtractSink *sink,
               GError **error)
{
  guint n = MIN (compound_count (compound), EMBEDDED_MAX);

  for (guint i = 0; i < n; i++) {
    const char *name = compound_name (compound, i);
    g_autoptr (Compound) storage = NULL;

    if (name == NULL || !g_str_has_prefix (name, "MBD") || !compound_is_storage (compound, i))
      continue;
    storage = compound_open_storage (compound, name);
    if (storage != NULL && !ole_object_read_storage (input, storage, name, sink, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
extract_read_xls (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (Compound) compound = NULL;
  g_autoptr (GBytes) stream = NULL;

  if (!compound_is (data, bytes))
    return read_stream (input, input->bytes, sink, error);
  compound = compound_open (input->bytes, error);
  if (compound == NULL)
    return FALSE;
  /* a file may have both, for Excel 95 and for later */
  stream =
      compound_read (compound, compound_has (compound, "Workbook") ? "Workbook" : "Book", error);
  if (stream == NULL)
    return FALSE;
  compound_read_summary (compound, sink);
  return read_stream (input, stream, sink, error) && read_embedded (input, compound, sink, error);
}
