/* chart.h: the text of charts and diagrams (SmartArt) of OOXML, for documents, presentations and
 * workbooks.
 */
#pragma once

#include "flow.h"
#include "opc.h"

/* A chart part (ECMA-376 part 1, 21.2, or MS-ODRAWXML's cx:chartSpace): its titles, and its series
 * as a table, categories down, as an aside of the open paragraph. name: (nullable) of the part. */
gboolean chart_read (Package *package, const char *name, Flow *flow, ExtractSink *sink,
                     GError **error);

/* A diagram's data part (21.4): the texts of its nodes as an aside of the open paragraph. */
gboolean diagram_read (Package *package, const char *name, Flow *flow, ExtractSink *sink,
                       GError **error);
