/* html-elements.h: what the reader of HTML knows about each element. */
#pragma once

#include <glib.h>

typedef enum {
  HTML_BLOCK = 1 << 0,   /* begins and ends a line */
  HTML_SKIP = 1 << 1,    /* no text for people */
  HTML_HEADING = 1 << 2, /* h1-h6 */
  HTML_LIST = 1 << 3,    /* ul, ol */
  HTML_ITEM = 1 << 4,
  HTML_PRE = 1 << 5,
  HTML_TABLE = 1 << 6,
  HTML_ROW = 1 << 7,
  HTML_CELL = 1 << 8,
  HTML_ASIDE = 1 << 9,  /* nav, footer, aside: around the content where that is marked */
  HTML_MAIN = 1 << 10,  /* main, article */
  HTML_APART = 1 << 11, /* inline, but its neighbours' text does not touch its own */
  HTML_VOID = 1 << 12,  /* br, img, ...: holds nothing */
  HTML_HEAD = 1 << 13,  /* thead */
  HTML_TITLE = 1 << 14,
  HTML_LAYOUT = 1 << 15, /* in a cell: the table is for layout */
  HTML_TERM = 1 << 16,   /* dt: the dd after it goes into its paragraph */
  HTML_DETAIL = 1 << 17, /* dd */
  HTML_LINK = 1 << 18,   /* a: inline all the same */
} HtmlFlags;

/* name: lower case. 0 for inline and unknown elements. */
guint html_element_flags (const char *name);

/* Is it one of HTML's elements within a line (a, b, em, span, ...)? name: lower case. */
gboolean html_is_inline (const char *name);
