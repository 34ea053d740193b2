/* xls-book.h: a workbook in BIFF: what format-xls.c and the files beside it share. */
#pragma once

#include "biff.h"
#include "ingest/extract/extract.h"
#include "sheet-book.h"
#include "sheet-writer.h"

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  SheetBook *book;
  SheetWriter *writer;
  Biff *biff;
  GHashTable *furniture; /* set of utf8: headers and footers told */
} XlsBook;

/* Reads the substream whose BOF the record last read is, up to its EOF: cells, notes, texts of
 * objects and charts. name: of the sheet. FALSE: nothing more is wanted. */
gboolean xls_sheet_read (XlsBook *book, const char *name, GError **error);
