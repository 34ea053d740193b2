/* xml-roles.h: what elements of the vocabularies in use do to text: DocBook, JATS, DITA, TEI, FB2,
 * feeds, flat ODF, WordprocessingML and SpreadsheetML of 2003, patents. Names are compared without
 * prefix and case; what is not listed is judged by its content (xml-flow.h). */
#pragma once

#include <glib.h>

typedef enum {
  XML_TITLE = 1 << 0,  /* a heading, as deep as it is nested */
  XML_BLOCK = 1 << 1,  /* a paragraph of its own, however short */
  XML_INLINE = 1 << 2, /* emphasis and the like: text that begins in it belongs to its parent */
  XML_LINE = 1 << 3,   /* its children stand on one line: the parts of a name, of a reference */
  XML_SKIP = 1 << 4,   /* no text for people */
  XML_CODE = 1 << 5,   /* white space counts */
  XML_TABLE = 1 << 6,
  XML_ROW = 1 << 7,  /* within a table only */
  XML_CELL = 1 << 8, /* within a row only */
  XML_HEAD = 1 << 9, /* cells in it are headers */
  XML_LIST = 1 << 10,
  XML_ITEM = 1 << 11,  /* within a list only */
  XML_BREAK = 1 << 12, /* white space: a line end, a tab */
  XML_AUTHOR = 1 << 13,
  XML_LANGUAGE = 1 << 14,
} XmlRoles;

typedef enum {
  XML_ANY,
  XML_FEED,
  XML_TEI,
  XML_FB2,
  XML_ODF,
  XML_WORD,
  XML_EXCEL,
} XmlVocabulary;

/* By the root element's name and namespace. uri: (nullable) */
XmlVocabulary xml_vocabulary (const char *root, const char *uri);

/* 0: nothing is known about it. */
guint xml_roles (XmlVocabulary vocabulary, const char *name);

/* Is the list one with numbers? */
gboolean xml_is_ordered (const char *list_name);
