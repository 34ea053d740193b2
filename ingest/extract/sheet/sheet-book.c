#include "sheet-book.h"

#include "number-format.h"

#include <string.h>

/* what no real file has more of */
#define STYLES_MAX 200000
#define FORMATS_MAX 100000

typedef struct {
  guint format_id;
  gboolean bold;
  NumberFormat *format; /* (nullable) borrowed from `formats`, once it was needed */
} Style;

struct SheetBook {
  gboolean epoch_1904;
  GString *text;       /* of all strings */
  GArray *ends;        /* (element-type gsize) where each string ends in it */
  GHashTable *codes;   /* format id -> code */
  GHashTable *formats; /* format id -> NumberFormat, as they are needed */
  GArray *styles;
};

static void
free_format (gpointer format)
{
  number_format_free (format);
}

SheetBook *
sheet_book_new (void)
{
  SheetBook *book = g_new0 (SheetBook, 1);

  book->text = g_string_new (NULL);
  book->ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  book->codes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  book->formats = g_hash_table_new_full (NULL, NULL, NULL, free_format);
  book->styles = g_array_new (FALSE, TRUE, sizeof (Style));
  return book;
}

void
sheet_book_free (SheetBook *book)
{
  if (book == NULL)
    return;
  g_string_free (book->text, TRUE);
  g_array_unref (book->ends);
  g_hash_table_unref (book->codes);
  g_hash_table_unref (book->formats);
  g_array_unref (book->styles);
  g_free (book);
}

void
sheet_book_set_1904 (SheetBook *book)
{
  book->epoch_1904 = TRUE;
}

/* --- strings -----------------------------------------------------------------------------------
 */

void
sheet_book_add_string (SheetBook *book, const char *text, gsize bytes)
{
  g_string_append_len (book->text, text, (gssize)bytes);
  g_array_append_val (book->ends, book->text->len);
}

const char *
sheet_book_string (const SheetBook *book, guint64 index, gsize *bytes)
{
  gsize start;

  if (index >= book->ends->len)
    return NULL;
  start = index == 0 ? 0 : g_array_index (book->ends, gsize, index - 1);
  *bytes = g_array_index (book->ends, gsize, index) - start;
  return book->text->str + start;
}

/* --- styles ------------------------------------------------------------------------------------
 */

void
sheet_book_add_format (SheetBook *book, guint id, const char *code)
{
  if (g_hash_table_size (book->codes) >= FORMATS_MAX)
    return;
  g_hash_table_replace (book->codes, GUINT_TO_POINTER (id), g_strdup (code));
  g_hash_table_remove (book->formats, GUINT_TO_POINTER (id));
}

void
sheet_book_add_style (SheetBook *book, guint format_id, gboolean bold)
{
  Style style = {.format_id = format_id, .bold = bold};

  if (book->styles->len < STYLES_MAX)
    g_array_append_val (book->styles, style);
}

guint
sheet_book_count_styles (const SheetBook *book)
{
  return book->styles->len;
}

static NumberFormat *
format_of_id (SheetBook *book, guint id)
{
  NumberFormat *format = g_hash_table_lookup (book->formats, GUINT_TO_POINTER (id));
  const char *code;

  if (format != NULL)
    return format;
  code = g_hash_table_lookup (book->codes, GUINT_TO_POINTER (id));
  format = number_format_new (code != NULL ? code : number_format_builtin (id));
  g_hash_table_insert (book->formats, GUINT_TO_POINTER (id), format);
  return format;
}

static NumberFormat *
format_of_style (SheetBook *book, guint index)
{
  Style *style;

  if (index >= book->styles->len)
    return format_of_id (book, 0);
  style = &g_array_index (book->styles, Style, index);
  if (style->format == NULL)
    style->format = format_of_id (book, style->format_id);
  return style->format;
}

/* --- cells -------------------------------------------------------------------------------------
 */

void
sheet_book_append_number (SheetBook *book, guint style, double value, GString *out)
{
  number_format_append (format_of_style (book, style), value, book->epoch_1904, out);
}

void
sheet_book_append_text (SheetBook *book, guint style, const char *text, gsize bytes, GString *out)
{
  number_format_append_text (format_of_style (book, style), text, bytes, out);
}

gboolean
sheet_book_is_bold (const SheetBook *book, guint style)
{
  return style < book->styles->len && g_array_index (book->styles, Style, style).bold;
}

gboolean
sheet_book_is_date (SheetBook *book, guint style)
{
  return number_format_is_date (format_of_style (book, style));
}

const char *
sheet_error_text (guint code)
{
  switch (code) {
  case 0x00:
    return "#NULL!";
  case 0x07:
    return "#DIV/0!";
  case 0x0f:
    return "#VALUE!";
  case 0x17:
    return "#REF!";
  case 0x1d:
    return "#NAME?";
  case 0x24:
    return "#NUM!";
  case 0x2a:
    return "#N/A";
  case 0x2b:
    return "#GETTING_DATA";
  default:
    return "#ERR";
  }
}
