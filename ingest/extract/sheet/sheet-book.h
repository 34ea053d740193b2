/* sheet-book.h: what the cells of a workbook refer to: its strings, its styles, its epoch. The same
 * for all kinds of workbooks. */
#pragma once

#include <glib.h>

typedef struct SheetBook SheetBook;

SheetBook *sheet_book_new (void);
void sheet_book_free (SheetBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SheetBook, sheet_book_free)

/* Days count from 1904-01-01. */
void sheet_book_set_1904 (SheetBook *book);

/* --- strings: by their number ------------------------------------------------------------------
 */

void sheet_book_add_string (SheetBook *book, const char *text, gsize bytes);

/* NULL: there is none of that number. Borrowed, until the next is added. */
const char *sheet_book_string (const SheetBook *book, guint64 index, gsize *bytes);

/* --- styles ------------------------------------------------------------------------------------
 */

/* A number format of the file's own. */
void sheet_book_add_format (SheetBook *book, guint id, const char *code);

/* The next cell style. */
void sheet_book_add_style (SheetBook *book, guint format_id, gboolean bold);
guint sheet_book_count_styles (const SheetBook *book);

/* --- cells: appended as shown; any style number will do ----------------------------------------
 */

void sheet_book_append_number (SheetBook *book, guint style, double value, GString *out);
void sheet_book_append_text (SheetBook *book, guint style, const char *text, gsize bytes,
                             GString *out);
gboolean sheet_book_is_bold (const SheetBook *book, guint style);
gboolean sheet_book_is_date (SheetBook *book, guint style);

/* "#DIV/0!" of an error's code in BIFF and BIFF12; "#ERR" of one that is not known. */
const char *sheet_error_text (guint code);
