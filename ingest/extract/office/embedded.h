/* embedded.h: documents within office documents: packages, OLE objects. */
#pragma once

#include "opc.h"

/* Hands what the relationships of a part embed to extract_member(): packages as they are, of OLE
 * objects what is in them. What holds no text (pictures, formulas of old) is left out. seen: set of
 * names of parts, (element-type utf8), that are read already; those read now are added. */
gboolean embedded_read (const ExtractInput *input, Package *package,
                        const OpcRelationships *relationships, GHashTable *seen, ExtractSink *sink,
                        GError **error);

/* One OLE object or other embedded file. name: of the part. */
gboolean embedded_read_object (const ExtractInput *input, const char *name, GBytes *bytes,
                               ExtractSink *sink, GError **error);

/* What a paragraph of a Word document imports (w:altChunk): HTML is read into the document itself,
 * anything else is a member. name: of the part. */
gboolean embedded_read_chunk (const ExtractInput *input, const char *name, GBytes *part,
                              ExtractSink *sink, GError **error);
