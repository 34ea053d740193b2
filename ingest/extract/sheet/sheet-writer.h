/* sheet-writer.h: cells, in the order of a sheet, to blocks.
 *
 *     sheet_writer_begin   # Name
 *     sheet_writer_cell    row by row; empty rows part regions
 *          |
 *          v
 *     region: titles above it -> paragraphs
 *             one column      -> a paragraph, a line a row
 *             first row names the columns -> a Markdown table
 *             otherwise       -> a table block, a line a row, cells parted by tabs
 *
 * What lies more than two empty columns apart becomes tables of their own; columns without any text
 * are left out. A region is held up to WINDOW_ROWS rows; what follows goes on as it comes, so that
 * a million rows take no memory. Rows must not go back: one that does begins a new region.
 */
#pragma once

#include "ingest/extract/extract.h"

typedef struct SheetWriter SheetWriter;

typedef enum {
  SHEET_VISIBLE,
  SHEET_HIDDEN,
  SHEET_VERY_HIDDEN, /* only a macro can show it */
} SheetState;

typedef enum {
  CELL_TEXT,
  CELL_VALUE, /* number, date, truth value, error */
} CellKind;

/* sink: borrowed. (transfer full) */
SheetWriter *sheet_writer_new (ExtractSink *sink);
void sheet_writer_free (SheetWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SheetWriter, sheet_writer_free)

/* A sheet begins: its heading, which says when it is hidden. name: may be "". FALSE, from any of
 * these: as the sink's functions. */
gboolean sheet_writer_begin (SheetWriter *writer, const char *name, SheetState state,
                             GError **error);

/* The file says that this row names the columns of the rows below it. Before that row's cells. */
void sheet_writer_set_header (SheetWriter *writer, guint row);

/* row, column: from 0. Blank text is no cell. */
gboolean sheet_writer_cell (SheetWriter *writer, guint row, guint column, CellKind kind,
                            gboolean bold, const char *text, gsize bytes, GError **error);

/* No cells follow: what is held is delivered. Needed before anything else of the sheet goes to the
 * sink. */
gboolean sheet_writer_end (SheetWriter *writer, GError **error);

/* After the cells. author, text: nullable; a comment without text is none. */
gboolean sheet_writer_comment (SheetWriter *writer, const char *reference, const char *author,
                               const char *text, GError **error);

/* Where a cell leads to, unless that stands in a cell of the sheet, or was told. */
gboolean sheet_writer_link (SheetWriter *writer, const char *reference, const char *target,
                            GError **error);

/* "B7" of row 6, column 1. (transfer full) */
char *sheet_reference (guint row, guint column);

/* The reverse; FALSE: it is none. "B7:C9" is its first cell. */
gboolean sheet_reference_parse (const char *text, gsize bytes, guint *row, guint *column);
