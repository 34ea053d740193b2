/* xls-objects.h: what lies over a sheet in BIFF: notes, text boxes, charts, links. */
#pragma once

#include "xls-book.h"

typedef struct XlsObjects XlsObjects;

XlsObjects *xls_objects_new (XlsBook *book);
void xls_objects_free (XlsObjects *objects);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XlsObjects, xls_objects_free)

/* Looks at the record last read; it may be of no interest. in_chart: it is of an embedded chart. */
void xls_objects_take (XlsObjects *objects, gboolean in_chart);

/* After the cells: all that was gathered, to the sink. sheet_name: for headers and footers. */
gboolean xls_objects_deliver (XlsObjects *objects, const char *sheet_name, GError **error);
