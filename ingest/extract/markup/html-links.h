/* html-links.h: where the links of a paragraph lead. Targets would break the running text; they
 * stand behind it, where it is prose and not a list of links. */
#pragma once

#include <glib.h>

typedef struct HtmlLinks HtmlLinks;

HtmlLinks *html_links_new (void);
void html_links_free (HtmlLinks *links);
void html_links_clear (HtmlLinks *links);

/* A link begins and ends in the paragraph's text, at that many bytes. href: (nullable); what leads
 * elsewhere in the same site is not of interest. */
void html_links_begin (HtmlLinks *links, const char *href, gsize at);
void html_links_end (HtmlLinks *links, gsize at);

/* Appends the targets that the text does not have, a line each. */
void html_links_append (const HtmlLinks *links, GString *text);
