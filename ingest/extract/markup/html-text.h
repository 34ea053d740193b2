/* html-text.h: text and attributes of HTML as its reader wants them. */
#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* Appends text as browsers show it: runs of white space (no-break spaces, too) are one space, none
 * where a line begins; soft hyphens go. */
void html_append_folded (GString *out, const char *text, gsize bytes);

/* attributes: name, value, ..., NULL, as SAX has them; may be NULL. NULL when there is none, ""
 * when it has no value. */
const char *html_attribute (const xmlChar **attributes, const char *name);
guint html_attribute_uint (const xmlChar **attributes, const char *name, guint otherwise);

/* By the attribute hidden or an inline style. */
gboolean html_is_hidden (const xmlChar **attributes);

/* "c" of class="language-c", "lang-c", "highlight-source-c". (transfer full) (nullable) */
char *html_code_language (const xmlChar **attributes);
