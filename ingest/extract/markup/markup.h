/* markup.h: what the readers of HTML and XML share. */
#pragma once

#include "ingest/extract/charset.h"
#include "ingest/extract/extract.h"

/* The charset a file declares in its first bytes: encoding="..." of an XML declaration, charset=
 * of an HTML meta element. NULL when none. (transfer full) */
char *markup_declared_charset (const guint8 *data, gsize bytes);

/* Takes the HTML tags out of text that is HTML itself, as in feeds; what only looks like one stays.
 * has_entities: they become characters. */
void markup_strip_tags (GString *text, gboolean has_entities);

/* The text as HTML that shows it: tags of HTML stay, what only looks like one is escaped, and so is
 * every
 * '&' unless entities are the text's own. (transfer full) */
GString *markup_as_html (const char *text, gboolean has_entities);

/* Is there a tag of HTML that begins a block or a line in it? */
gboolean markup_has_blocks (const char *text);

/* "2025-03", "2025-03-01T10:00:00Z": ISO 8601 as metadata have it? */
gboolean markup_is_date (const char *text);

/* Guesses, and warns with the sink when characters could not be read, decodes in slices. */
gboolean markup_decode (const ExtractInput *input, ExtractSink *sink, CharsetSliceFunc func,
                        gpointer user_data, GError **error);
