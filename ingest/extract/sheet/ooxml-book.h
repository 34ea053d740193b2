/* ooxml-book.h: what xlsx and xlsb share: the package, its sheets and what hangs on them as XML:
 * relationships, drawings, charts, tables, threaded comments, embedded objects.
 */
#pragma once

#include "ingest/extract/office/opc.h"
#include "sheet-book.h"
#include "sheet-writer.h"

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  Package *package;
  OpcRelationships *relationships; /* of the workbook part */
  SheetBook *book;
  SheetWriter *writer;
  GPtrArray *sheets;     /* (element-type OoxmlSheet) */
  GHashTable *furniture; /* set of utf8: headers and footers told */
} OoxmlBook;

typedef struct {
  char *name;
  char *relationship; /* id */
  SheetState state;
} OoxmlSheet;

/* A link of a cell: by relationship, or within the file. */
typedef struct {
  char *reference;
  char *relationship; /* (nullable) */
  char *target;       /* (nullable) URI */
} OoxmlLink;

/* What a sheet's part says besides its cells. Reader-owned; cleared by the caller. */
typedef struct {
  GPtrArray *links;     /* (element-type OoxmlLink) */
  GPtrArray *furniture; /* (element-type utf8) headers and footers in Excel's code */
} OoxmlExtras;

/* What one kind of workbook does in its own way. comments: reads a part of (legacy) comments; those
 * of the cells in `threaded` (set of utf8 references) are left out. */
typedef struct {
  const char *workbook; /* its usual name */
  gboolean (*read_workbook) (OoxmlBook *book, const char *part, GError **error);
  gboolean (*read_styles) (OoxmlBook *book, const char *part, GError **error);
  gboolean (*read_strings) (OoxmlBook *book, const char *part, GError **error);
  gboolean (*read_sheet) (OoxmlBook *book, const char *part, OoxmlExtras *extras, GError **error);
  gboolean (*read_comments) (OoxmlBook *book, const char *part, GHashTable *threaded,
                             GError **error);
} OoxmlKind;

/* Reads the whole workbook. */
gboolean ooxml_book_read (const OoxmlKind *kind, const ExtractInput *input, ExtractSink *sink,
                          GError **error);

/* For readers of workbook parts; strings: (transfer none). state: "hidden", "veryHidden". */
void ooxml_book_add_sheet (OoxmlBook *book, const char *name, const char *relationship,
                           SheetState state);

/* For readers of sheets. reference, relationship and target: (transfer none), nullable. */
void ooxml_extras_add_link (OoxmlExtras *extras, const char *reference, const char *relationship,
                            const char *target);
void ooxml_extras_add_furniture (OoxmlExtras *extras, const char *code);
