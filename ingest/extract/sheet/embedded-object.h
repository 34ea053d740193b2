/* embedded-object.h: files inside of OLE objects (MS-OLEDS 2.3.6, "Ole10Native"; OLE2 storages that
 * are documents themselves). */
#pragma once

#include "ingest/extract/ole/compound.h"

/* An embedded file as a member: itself, or what the OLE object around it holds. name: for one that
 * has none of its own. What no program would open as a file is left out. */
gboolean embedded_object_read (const ExtractInput *outer, const char *name, GBytes *bytes,
                               ExtractSink *sink, GError **error);

/* The same for a storage of an OLE2 file. */
gboolean embedded_storage_read (const ExtractInput *outer, const char *name,
                                const Compound *storage, ExtractSink *sink, GError **error);
