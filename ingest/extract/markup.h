/* markup.h: what the readers of HTML and XML share. */
#pragma once

#include "charset.h"
#include "extract.h"

/* The charset a file declares in its first bytes: encoding="..." of an XML declaration, charset=
 * of an HTML meta element. NULL when none. (transfer full) */
char *markup_declared_charset (const guint8 *data, gsize bytes);

/* Guesses, and warns with the sink when characters could not be read, decodes in slices. */
gboolean markup_decode (const ExtractInput *input, ExtractSink *sink, CharsetSliceFunc func,
                        gpointer user_data, GError **error);
