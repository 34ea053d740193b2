/* xlsx-sheet.h: the cells of a sheet in XML (ECMA-376 part 1, 18.3). */
#pragma once

#include "ooxml-book.h"

/* Reads the part; see OoxmlKind. */
gboolean xlsx_sheet_read (OoxmlBook *book, const char *part, OoxmlExtras *extras, GError **error);
