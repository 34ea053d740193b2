/* xml-flow.h: the text of XML on its way to blocks.
 *
 * Text that begins in an element ends with it: children met while there is text are inline. Short
 * leaves in a row (<name>, <price>, ...) are one record, a paragraph with a line for each; the
 * element that holds them ends it. Elements with known roles (xml-roles.h) are headings by nesting,
 * lists, tables, code.
 */
#pragma once

#include "html-table.h"
#include "xml-roles.h"

#include <libxml/parser.h>

typedef struct {
  guint roles;
  guint leaves; /* fields waiting that began within */
  gboolean is_titled;
  gboolean in_line;  /* it or an element around it has its text on one line */
  gboolean item_out; /* item: its marker has been written */
  guint number;      /* list: of the next item; 0: bullets */
  guint level;       /* title: as the file has it; 0: by nesting */
  guint colspan, rowspan;
  const xmlChar *name; /* in the parser's dictionary */
} XmlElement;

typedef struct {
  ExtractSink *sink;
  xmlParserCtxtPtr parser;
  const ExtractInput *input;
  XmlVocabulary vocabulary;
  GArray *elements;        /* (element-type XmlElement) the open ones */
  GString *text;           /* the paragraph so far, white space folded */
  guint text_depth;        /* of the element it began in; 0: there is none */
  gboolean is_markup;      /* it came as CDATA: perhaps HTML */
  GString *record;         /* fields */
  GString *cell;           /* of the table that is open */
  HtmlTable *table;        /* (nullable) */
  guint table_depth;       /* of the element it is; 0: there is none */
  guint lists;             /* open ones */
  guint titled;            /* open elements that have a title */
  guint first_title_depth; /* of the element the first title stands in; 0 once it is closed */
  guint titles;            /* so far */
  guint skipped;           /* open elements without text for people */
  guint codes;             /* open elements whose white space counts */
  char *code_language;     /* (nullable) */
  GString *authors;
  GError *error; /* (nullable) the sink wants no more */
} XmlFlow;

void xml_flow_init (XmlFlow *flow, const ExtractInput *input, ExtractSink *sink);
void xml_flow_clear (XmlFlow *flow);

/* An element begins, copied; the innermost one ends. */
void xml_flow_begin (XmlFlow *flow, const XmlElement *element);
void xml_flow_end (XmlFlow *flow);

void xml_flow_add_text (XmlFlow *flow, const char *text, gsize bytes);

/* What has been collected is a paragraph, at the depth of the innermost open element. */
void xml_flow_end_text (XmlFlow *flow);

/* All that still waits. */
void xml_flow_finish (XmlFlow *flow);
