/* ods-cells.h: a spreadsheet in ODF (OpenDocument 1.3 part 3, 9): sheets, cells, comments, shapes.
 */
#pragma once

#include "ingest/extract/markup/xml-parts.h"
#include "sheet-writer.h"

typedef struct OdsCells OdsCells;

/* (transfer full) */
OdsCells *ods_cells_new (ExtractSink *sink);
void ods_cells_free (OdsCells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OdsCells, ods_cells_free)

/* For xml_part_read with the cells as user_data: of content.xml, or of a document in one file. */
extern const XmlPartFuncs ods_cells_funcs;

/* After the last part: what is still held. */
gboolean ods_cells_end (OdsCells *cells, GError **error);

/* TRUE once a sheet was found. */
gboolean ods_cells_has_sheets (const OdsCells *cells);

/* Targets of charts and other objects of the sheets: "./Object 1". (element-type utf8), borrowed.
 */
const GPtrArray *ods_cells_objects (const OdsCells *cells);
