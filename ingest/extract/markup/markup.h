/* markup.h: what the readers of HTML and XML share. */
#pragma once

#include "ingest/extract/charset.h"
#include "ingest/extract/extract.h"

/* The charset a file declares in its first bytes: encoding="..." of an XML declaration, charset=
 * of an HTML meta element. NULL when none. (transfer full) */
char *markup_declared_charset (const guint8 *data, gsize bytes);

/* Takes the HTML tags out of text that is HTML itself, as in feeds; what only looks like one stays.
 */
void markup_strip_tags (GString *text);

/* "2025-03", "2025-03-01T10:00:00Z": ISO 8601 as metadata have it? */
gboolean markup_is_date (const char *text);

/* Guesses, and warns with the sink when characters could not be read, decodes in slices. */
gboolean markup_decode (const ExtractInput *input, ExtractSink *sink, CharsetSliceFunc func,
                        gpointer user_data, GError **error);
