/* ole-object.h: documents embedded by OLE in others: what they hold goes to extract_member(). */
#pragma once

#include "compound.h"

/* An object's storage, as in the ObjectPool of doc: a document (Word, Excel, PowerPoint), a package
 * of OOXML, a file packed by the Packager. Others (equations, pictures, controls) have nothing to
 * read. name: of the member where it has none of its own. FALSE: nothing more is wanted. */
gboolean ole_object_read_storage (const ExtractInput *input, const Compound *storage,
                                  const char *name, ExtractSink *sink, GError **error);

/* An object's storage as a file of its own (OLE2); of what is none, nothing is read. */
gboolean ole_object_read_file (const ExtractInput *input, GBytes *file, const char *name,
                               ExtractSink *sink, GError **error);

/* An object as OLE1 stores it (MS-OLEDS 2.2), as in \objdata of RTF. */
gboolean ole_object_read_ole1 (const ExtractInput *input, GBytes *object, const char *name,
                               ExtractSink *sink, GError **error);
