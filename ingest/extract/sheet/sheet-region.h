/* sheet-region.h: what sheet-writer.c holds of a sheet, and how it becomes blocks: sheet-render.c
 * writes rows, sheet-header.c finds out whether the first one names the columns, sheet-region.c
 * parts what is held into titles and tables. */
#pragma once

#include "sheet-writer.h"

/* Columns a long table may have that are empty so far, within it and beyond its end. */
#define SHEET_SLACK_COLUMNS 256

typedef struct {
  guint column;
  CellKind kind;
  gboolean bold;
  gsize offset; /* in the writer's text */
  gsize bytes;
} SheetCell;

typedef struct {
  guint row;
  guint first; /* in the writer's cells */
  guint n;
} SheetRow;

typedef enum { LAYOUT_LINES, LAYOUT_TABS, LAYOUT_TABLE } SheetLayout;

struct SheetWriter {
  ExtractSink *sink;
  GString *text; /* of the cells held */
  GArray *cells;
  GArray *rows;
  gboolean unsorted; /* the row that is being filled */
  guint last_row;    /* the last that had a cell */
  gboolean has_row;

  /* the block that was delivered last, if it can go on */
  gboolean open;
  SheetLayout layout;
  GArray *columns; /* (element-type guint) in order */
  guint open_row;  /* its last row */
  gboolean streams;
  GString *out;          /* rendered, not delivered */
  gboolean out_is_block; /* it begins one */
  GHashTable *headers;   /* set of row + 1 */
  GHashTable *addresses; /* set of utf8: texts of cells that are addresses, and links told */
};

/* Rows and cells held; never NULL for what there is. */
SheetRow *sheet_region_row (const SheetWriter *writer, guint i);
SheetCell *sheet_region_cell (const SheetWriter *writer, guint i);

/* The cells of a row that lie in the columns [from, to). */
SheetRow sheet_region_row_part (const SheetWriter *writer, guint i, guint from, guint to);

/* Do the rows [first, end) begin with one that names the columns? */
gboolean sheet_region_has_header (const SheetWriter *writer, guint first, guint end, guint from,
                                  guint to, guint n_columns);

/* Delivers the rows held, which are held no more. whole: no more rows of the region follow. */
gboolean sheet_region_deliver (SheetWriter *writer, gboolean whole, GError **error);

/* Appends a row to the block that is open; sends what is enough. */
gboolean sheet_render_row (SheetWriter *writer, const SheetRow *row, GError **error);
void sheet_render_rule (SheetWriter *writer);

/* The block that is open ends. */
gboolean sheet_render_close (SheetWriter *writer, GError **error);
