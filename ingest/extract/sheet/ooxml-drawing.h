/* ooxml-drawing.h: text of what lies over a sheet: text boxes, shapes, WordArt, SmartArt, charts,
 * form controls (ECMA-376 part 1, 20.5 and 21.2; part 4, 19.1 for VML). */
#pragma once

#include "ingest/extract/office/opc.h"

/* A drawing part and the charts and diagrams it refers to. A part that is missing or damaged is no
 * error. */
gboolean ooxml_drawing_read (Package *package, const char *part, ExtractSink *sink, GError **error);

/* A chart part: titles, names of series, categories; each text once. */
gboolean ooxml_chart_read (Package *package, const char *part, ExtractSink *sink, GError **error);

/* A drawing in VML: form controls and old text boxes; comments are read elsewhere. */
gboolean ooxml_vml_read (Package *package, const char *part, ExtractSink *sink, GError **error);

/* An embedded part: a file of its own, or an OLE object around one. */
gboolean ooxml_embedded_read (const ExtractInput *outer, const char *part_name, GBytes *part,
                              ExtractSink *sink, GError **error);
