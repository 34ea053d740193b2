/* html-table.h: a table of HTML while it is read. Whether it is data or layout shows only later. */
#pragma once

#include "ingest/extract/extract.h"

typedef struct HtmlTable HtmlTable;

HtmlTable *html_table_new (void);
void html_table_free (HtmlTable *table);

void html_table_begin_row (HtmlTable *table);

/* A cell over several columns or rows stands in each of them: a row then says all that holds for
 * it. What stands across the whole table stands there once. */
void html_table_add_cell (HtmlTable *table, const char *text, gsize bytes, guint colspan,
                          guint rowspan, gboolean is_header);

/* Cells of the row so far. */
guint html_table_row_cells (const HtmlTable *table);

/* Bytes of text in it. */
gsize html_table_bytes (const HtmlTable *table);

/* Delivers what there is and empties the table: as a table when it has at least two columns and is
 * not `layout`, otherwise its cells as paragraphs. */
gboolean html_table_deliver (HtmlTable *table, gboolean layout, ExtractSink *sink, GError **error);
