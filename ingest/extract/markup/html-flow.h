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

/* Those that decide what a block is. */
#define HTML_SPECIAL                                                                               \
  (HTML_HEADING | HTML_LIST | HTML_ITEM | HTML_PRE | HTML_TABLE | HTML_ROW | HTML_CELL | HTML_HEAD)
#define HTML_SPECIAL_BITS 14

/* An open one, and what it is in: pages nest without end, and each block asks. */
typedef struct {
  guint index;                      /* in HtmlFlow.elements */
  guint nearest[HTML_SPECIAL_BITS]; /* a flag: index + 1 of the innermost, this included; 0: none */
} HtmlSpecial;

/* Navigation comes after the content. */
typedef enum { HTML_PHASE_ALL, HTML_PHASE_CONTENT, HTML_PHASE_NAVIGATION } HtmlPhase;

typedef struct {
  ExtractSink *sink;
  htmlParserCtxtPtr parser;
  HtmlPhase phase;
  gboolean is_part; /* of a document: metadata is not its own */
  GArray *elements; /* (element-type HtmlElement) the open ones */
  GArray *special;  /* (element-type HtmlSpecial) those of them that are */
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

/* Opens a copy of `element`. */
void html_flow_push (HtmlFlow *flow, const HtmlElement *element);

/* Is the innermost open element one of HTML_SPECIAL? There must be one. */
gboolean html_flow_top_is_special (const HtmlFlow *flow);

/* The innermost open element that has one of the flags, no further out than the innermost of
 * `until`; both of HTML_SPECIAL. In constant time. */
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
