#include "xml-roles.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  guint roles;
} Element;

XmlVocabulary
xml_vocabulary (const char *root, const char *uri)
{
  static const struct {
    const char *root;
    const char *namespace; /* a part of it; "": any, or none */
    XmlVocabulary vocabulary;
  } roots[] = {
      {"rss", "", XML_FEED},
      {"feed", "", XML_FEED},
      {"rdf", "", XML_FEED},
      {"channel", "", XML_FEED},
      {"tei", "", XML_TEI},
      {"tei.2", "", XML_TEI},
      {"teicorpus", "", XML_TEI},
      {"document", "opendocument", XML_ODF},
      {"document-content", "opendocument", XML_ODF},
      {"fictionbook", "", XML_FB2},
      {"package", "office/2006/xmlPackage", XML_WORD},
      {"worddocument", "", XML_WORD},
      {"workbook", "office:spreadsheet", XML_EXCEL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
    if (g_ascii_strcasecmp (root, roots[i].root) == 0 &&
        strstr (uri == NULL ? "" : uri, roots[i].namespace) != NULL)
      return roots[i].vocabulary;
  return XML_ANY;
}

/* Sorted by name, which is lower case. */
static const Element elements[] = {
    {"a", XML_INLINE},
    {"abstract", XML_BLOCK},
    {"addressbook", XML_LINE},
    {"article-title", XML_TITLE},
    {"author", XML_LINE | XML_AUTHOR},
    {"b", XML_INLINE},
    {"biblstruct", XML_LINE},
    {"binary", XML_SKIP},
    {"bold", XML_INLINE},
    {"br", XML_INLINE | XML_BREAK},
    {"break", XML_INLINE | XML_BREAK},
    {"choicetable", XML_TABLE},
    {"citation", XML_LINE},
    {"citetitle", XML_INLINE},
    {"classification-cpc", XML_LINE},
    {"classification-ipcr", XML_LINE},
    {"code", XML_INLINE},
    {"codeblock", XML_CODE},
    {"creator", XML_LINE | XML_AUTHOR},
    {"date", XML_LINE},
    {"dd", XML_ITEM},
    {"div", XML_BLOCK},
    {"dl", XML_LIST},
    {"document-id", XML_LINE},
    {"dt", XML_BLOCK},
    {"element-citation", XML_LINE},
    {"em", XML_INLINE},
    {"emph", XML_INLINE},
    {"emphasis", XML_INLINE},
    {"entry", XML_CELL},
    {"ext-link", XML_INLINE},
    {"fig", XML_BLOCK},
    {"figure", XML_BLOCK},
    {"heading", XML_TITLE},
    {"hi", XML_INLINE},
    {"i", XML_INLINE},
    {"informaltable", XML_TABLE},
    {"invention-title", XML_TITLE},
    {"italic", XML_INLINE},
    {"itemizedlist", XML_LIST},
    {"language", XML_LANGUAGE},
    {"lb", XML_INLINE | XML_BREAK},
    {"li", XML_ITEM},
    {"list", XML_LIST},
    {"list-item", XML_ITEM},
    {"listitem", XML_ITEM},
    {"literal", XML_INLINE},
    {"literallayout", XML_CODE},
    {"mixed-citation", XML_LINE},
    {"monospace", XML_INLINE},
    {"name", XML_LINE},
    {"named-content", XML_INLINE},
    {"nlm-citation", XML_LINE},
    {"note", XML_BLOCK},
    {"ol", XML_LIST},
    {"orderedlist", XML_LIST},
    {"p", XML_BLOCK},
    {"para", XML_BLOCK},
    {"person-group", XML_LINE},
    {"personname", XML_LINE},
    {"phrase", XML_INLINE},
    {"pre", XML_CODE},
    {"preformat", XML_CODE},
    {"procedure", XML_LIST},
    {"programlisting", XML_CODE},
    {"properties", XML_TABLE},
    {"pub-date", XML_LINE},
    {"q", XML_INLINE},
    {"quote", XML_INLINE},
    {"row", XML_ROW},
    {"sc", XML_INLINE},
    {"screen", XML_CODE},
    {"script", XML_SKIP},
    {"sec", XML_BLOCK},
    {"section", XML_BLOCK},
    {"simpara", XML_BLOCK},
    {"simplelist", XML_LIST},
    {"simpletable", XML_TABLE},
    {"sl", XML_LIST},
    {"sli", XML_ITEM},
    {"span", XML_INLINE},
    {"stentry", XML_CELL},
    {"step", XML_ITEM},
    {"steps", XML_LIST},
    {"sthead", XML_ROW | XML_HEAD},
    {"string-name", XML_LINE},
    {"strong", XML_INLINE},
    {"strow", XML_ROW},
    {"style", XML_SKIP},
    {"styled-content", XML_INLINE},
    {"sub", XML_INLINE},
    {"substeps", XML_LIST},
    {"sup", XML_INLINE},
    {"synopsis", XML_CODE},
    {"table", XML_TABLE},
    {"td", XML_CELL},
    {"th", XML_CELL | XML_HEAD},
    {"thead", XML_HEAD},
    {"title", XML_TITLE},
    {"tr", XML_ROW},
    {"tspan", XML_INLINE},
    {"tt", XML_INLINE},
    {"u", XML_INLINE},
    {"ul", XML_LIST},
    {"ulink", XML_INLINE},
    {"underline", XML_INLINE},
    {"uri", XML_INLINE},
    {"variablelist", XML_LIST},
    {"verbatim", XML_CODE},
    {"xref", XML_INLINE},
};

/* What a vocabulary means by a name that means something else, or nothing, elsewhere. */
static const struct {
  XmlVocabulary vocabulary;
  Element element;
} particular[] = {
    {XML_TEI, {"cell", XML_CELL}},
    {XML_TEI, {"eg", XML_CODE}},
    {XML_TEI, {"head", XML_TITLE}},
    {XML_TEI, {"item", XML_ITEM}},
    {XML_TEI, {"bibl", XML_LINE}},
    {XML_TEI, {"persname", XML_INLINE}},
    {XML_TEI, {"placename", XML_INLINE}},
    {XML_TEI, {"ref", XML_INLINE}},
    {XML_TEI, {"name", XML_INLINE}},
    {XML_TEI, {"date", XML_INLINE}},
    {XML_TEI, {"pb", XML_INLINE | XML_BREAK}},
    {XML_FB2, {"book-title", XML_TITLE}},
    {XML_FB2, {"emphasis", XML_INLINE}},
    {XML_FB2, {"lang", XML_LANGUAGE}},
    {XML_FB2, {"subtitle", XML_BLOCK}},
    {XML_FB2, {"v", XML_BLOCK}},
    {XML_FB2, {"document-info", XML_SKIP}},
    {XML_ODF, {"automatic-styles", XML_SKIP}},
    {XML_ODF, {"binary-data", XML_SKIP}},
    {XML_ODF, {"font-face-decls", XML_SKIP}},
    {XML_ODF, {"h", XML_TITLE}},
    {XML_ODF, {"line-break", XML_INLINE | XML_BREAK}},
    {XML_ODF, {"list-item", XML_ITEM}},
    {XML_ODF, {"master-styles", XML_SKIP}},
    {XML_ODF, {"meta", XML_SKIP}},
    {XML_ODF, {"s", XML_INLINE | XML_BREAK}},
    {XML_ODF, {"scripts", XML_SKIP}},
    {XML_ODF, {"settings", XML_SKIP}},
    {XML_ODF, {"styles", XML_SKIP}},
    {XML_ODF, {"tab", XML_INLINE | XML_BREAK}},
    {XML_ODF, {"table-cell", XML_CELL}},
    {XML_ODF, {"table-row", XML_ROW}},
    {XML_ODF, {"tracked-changes", XML_SKIP}},
    {XML_WORD, {"bindata", XML_SKIP}},
    {XML_WORD, {"binarydata", XML_SKIP}},
    {XML_WORD, {"deltext", XML_SKIP}},
    {XML_WORD, {"docpr", XML_SKIP}},
    {XML_WORD, {"documentproperties", XML_SKIP}},
    {XML_WORD, {"fonts", XML_SKIP}},
    {XML_WORD, {"instrtext", XML_SKIP}},
    {XML_WORD, {"lists", XML_SKIP}},
    {XML_WORD, {"r", XML_INLINE}},
    {XML_WORD, {"styles", XML_SKIP}},
    {XML_WORD, {"t", XML_INLINE}},
    {XML_WORD, {"tab", XML_INLINE | XML_BREAK}},
    {XML_WORD, {"tbl", XML_TABLE}},
    {XML_WORD, {"tc", XML_CELL}},
    {XML_WORD, {"hlink", XML_INLINE}},
    {XML_EXCEL, {"cell", XML_CELL}},
    {XML_EXCEL, {"documentproperties", XML_SKIP}},
    {XML_EXCEL, {"excelworkbook", XML_SKIP}},
    {XML_EXCEL, {"officedocumentsettings", XML_SKIP}},
    {XML_EXCEL, {"customdocumentproperties", XML_SKIP}},
    {XML_EXCEL, {"styles", XML_SKIP}},
    {XML_EXCEL, {"worksheetoptions", XML_SKIP}},
    {XML_EXCEL, {"names", XML_SKIP}},
    {XML_FEED, {"name", XML_INLINE}},
    {XML_FEED, {"date", XML_INLINE}},
};

static int
compare_name (const void *name, const void *element)
{
  return strcmp (name, ((const Element *)element)->name);
}

guint
xml_roles (XmlVocabulary vocabulary, const char *name)
{
  char lower[32];
  gsize length = strlen (name);
  const Element *element;

  if (length >= sizeof lower)
    return 0;
  for (gsize i = 0; i <= length; i++)
    lower[i] = g_ascii_tolower (name[i]);
  for (guint i = 0; vocabulary != XML_ANY && i < G_N_ELEMENTS (particular); i++)
    if (particular[i].vocabulary == vocabulary && strcmp (particular[i].element.name, lower) == 0)
      return particular[i].element.roles;
  element = bsearch (lower, elements, G_N_ELEMENTS (elements), sizeof (Element), compare_name);
  return element == NULL ? 0 : element->roles;
}

gboolean
xml_is_ordered (const char *list_name)
{
  static const char *const names[] = {"ol", "orderedlist", "steps", "substeps", "procedure"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (list_name, names[i]) == 0)
      return TRUE;
  return FALSE;
}
