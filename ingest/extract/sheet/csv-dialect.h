/* csv-dialect.h: how a file of separated values is written, told from its head. RFC 4180 with what
 * people do to it: other delimiters, titles above the header, rows of uneven length. */
#pragma once

#include <glib.h>

typedef struct {
  char delimiter;      /* ',' ';' tab or '|'; 0: there is one column */
  gsize skip_bytes;    /* Excel's line "sep=;" */
  guint titles;        /* rows above the header that have one field of many */
  gboolean has_header; /* the first row after them names the columns */
  guint columns;       /* of that row, or of most rows */

  guint rows;    /* that were looked at */
  guint regular; /* of these, those with `columns` columns */
  gsize longest; /* field, in bytes */
} CsvDialect;

/* text: UTF-8, a byte order mark aside. whole: no more follows. preferred: a delimiter that wins
 * where it gives columns at all, 0: none. */
void csv_dialect_guess (const char *text, gsize bytes, gboolean whole, char preferred,
                        CsvDialect *dialect);
