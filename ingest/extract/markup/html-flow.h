/* html-flow.h: the text of HTML on its way to blocks: the open elements, what has been collected
 * since the last block, and what it becomes. The part of html-flow.h that knows the sink. */
#pragma once

#include "html-elements.h"
#include "html-links.h"
#include "html-table.h"

#include <libxml/HTMLparser.h>

typedef struct {
  guint flags;
  guint8 level;       /* heading: 1-6 */
  gboolean hides;     /* it and its content are not shown */
  gboolean shows;     /* navigation, while all else is left out */
  gboolean opened;    /* rt: its parenthesis is ours */
  gboolean item_out;  /* item: its marker has been written */
  gboolean is_layout; /* table */
  gboolean is_header; /* cell */
  guint colspan, rowspan;
  int number; /* list: of the next item; 0: bullets */
  HtmlTable *table;
  char name[16]; /* cut */
} HtmlElement;

/* Navigation comes after the content. */
typedef enum { HTML_PHASE_ALL, HTML_PHASE_CONTENT, HTML_PHASE_NAVIGATION } HtmlPhase;

typedef struct {
  ExtractSink *sink;
  htmlParserCtxtPtr parser;
  HtmlPhase phase;
  gboolean is_part; /* of a document: metadata is not its own */
  GArray *elements; /* (element-type HtmlElement) the open ones */
  GArray *special;  /* (element-type guint) indices of those that decide what a block is */
  GString *text;
  GString *title;
  guint hidden; /* open elements that hide */
  guint pre;    /* open elements that keep white space */
  guint lists;
  guint mains;       /* open main and article */
  guint navs;        /* open nav, in HTML_PHASE_NAVIGATION */
  HtmlLinks *links;  /* of the text so far */
  gboolean has_main; /* the file has one */
  gboolean in_title;
  char *code_language;
  char *description;
  GError *error; /* (nullable) the sink wants no more */
} HtmlFlow;

HtmlElement *html_flow_element (HtmlFlow *flow, guint index);

/* The innermost open element that has one of the flags, no further out than the innermost of
 * `until`. */
HtmlElement *html_flow_innermost (HtmlFlow *flow, guint flags, guint until);

/* Stops the parser when the sink wants no more. */
void html_flow_check (HtmlFlow *flow, gboolean done);

/* The cell that text goes into: that of the innermost table, when it is data. */
HtmlElement *html_flow_data_cell (HtmlFlow *flow);

/* Delivers the text collected as what the open elements make it. */
void html_flow_flush (HtmlFlow *flow);

/* Unless the text is at the beginning of a line. */
void html_flow_line_break (HtmlFlow *flow);

/* A block begins or ends: in cells and items that is a line end, elsewhere the block goes out. */
void html_flow_block_boundary (HtmlFlow *flow);

/* The innermost table is for layout: what it has collected becomes paragraphs, and its cells are
 * plain blocks from now on. */
void html_flow_make_layout (HtmlFlow *flow);

/* Text as it is shown; what is hidden is left out. */
void html_flow_add_text (HtmlFlow *flow, const char *text, gsize bytes);
void html_flow_add_space (HtmlFlow *flow);
