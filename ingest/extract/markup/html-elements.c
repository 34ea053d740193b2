#include "html-elements.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  guint flags;
} Element;

/* Sorted by name. */
static const Element elements[] = {
    {"a", HTML_LINK},
    {"address", HTML_BLOCK},
    {"annotation", HTML_SKIP},
    {"annotation-xml", HTML_SKIP},
    {"area", HTML_VOID},
    {"article", HTML_BLOCK | HTML_MAIN},
    {"aside", HTML_BLOCK | HTML_ASIDE},
    {"audio", HTML_SKIP},
    {"base", HTML_VOID},
    {"blockquote", HTML_BLOCK},
    {"body", HTML_BLOCK},
    {"br", HTML_VOID},
    {"button", HTML_APART},
    {"canvas", HTML_SKIP},
    {"caption", HTML_BLOCK},
    {"center", HTML_BLOCK},
    {"col", HTML_VOID},
    {"datalist", HTML_SKIP},
    {"dd", HTML_BLOCK | HTML_DETAIL},
    {"details", HTML_BLOCK},
    {"dialog", HTML_BLOCK},
    {"dir", HTML_BLOCK | HTML_LIST},
    {"div", HTML_BLOCK},
    {"dl", HTML_BLOCK},
    {"dt", HTML_BLOCK | HTML_TERM},
    {"embed", HTML_VOID},
    {"fieldset", HTML_BLOCK},
    {"figcaption", HTML_BLOCK},
    {"figure", HTML_BLOCK},
    {"footer", HTML_BLOCK | HTML_ASIDE},
    {"form", HTML_BLOCK},
    {"frame", HTML_VOID},
    {"h1", HTML_BLOCK | HTML_HEADING | HTML_LAYOUT},
    {"h2", HTML_BLOCK | HTML_HEADING | HTML_LAYOUT},
    {"h3", HTML_BLOCK | HTML_HEADING | HTML_LAYOUT},
    {"h4", HTML_BLOCK | HTML_HEADING | HTML_LAYOUT},
    {"h5", HTML_BLOCK | HTML_HEADING | HTML_LAYOUT},
    {"h6", HTML_BLOCK | HTML_HEADING | HTML_LAYOUT},
    {"head", HTML_BLOCK},
    {"header", HTML_BLOCK},
    {"hr", HTML_BLOCK | HTML_VOID},
    {"html", HTML_BLOCK},
    {"iframe", HTML_SKIP},
    {"img", HTML_VOID},
    {"input", HTML_VOID},
    {"legend", HTML_BLOCK},
    {"li", HTML_BLOCK | HTML_ITEM},
    {"link", HTML_VOID},
    {"listing", HTML_BLOCK | HTML_PRE},
    {"main", HTML_BLOCK | HTML_MAIN},
    {"menu", HTML_BLOCK | HTML_LIST},
    {"meta", HTML_VOID},
    {"nav", HTML_BLOCK | HTML_ASIDE},
    {"noembed", HTML_SKIP},
    {"noframes", HTML_BLOCK},
    {"noscript", HTML_SKIP},
    {"ol", HTML_BLOCK | HTML_LIST},
    {"optgroup", HTML_APART},
    {"option", HTML_APART},
    {"p", HTML_BLOCK},
    {"param", HTML_VOID},
    {"plaintext", HTML_BLOCK | HTML_PRE},
    {"pre", HTML_BLOCK | HTML_PRE},
    {"rp", HTML_SKIP},
    {"script", HTML_SKIP},
    {"search", HTML_BLOCK},
    {"section", HTML_BLOCK},
    {"select", HTML_APART},
    {"source", HTML_VOID},
    {"style", HTML_SKIP},
    {"summary", HTML_BLOCK},
    {"svg", HTML_SKIP},
    {"table", HTML_BLOCK | HTML_TABLE},
    {"tbody", HTML_BLOCK},
    {"td", HTML_BLOCK | HTML_CELL},
    {"template", HTML_SKIP},
    {"textarea", HTML_APART},
    {"tfoot", HTML_BLOCK},
    {"th", HTML_BLOCK | HTML_CELL},
    {"thead", HTML_BLOCK | HTML_HEAD},
    {"title", HTML_BLOCK | HTML_TITLE},
    {"tr", HTML_BLOCK | HTML_ROW},
    {"track", HTML_VOID},
    {"ul", HTML_BLOCK | HTML_LIST},
    {"video", HTML_SKIP},
    {"wbr", HTML_VOID},
    {"xmp", HTML_BLOCK | HTML_PRE},
};

static int
compare_name (const void *name, const void *element)
{
  return strcmp (name, ((const Element *)element)->name);
}

guint
html_element_flags (const char *name)
{
  const Element *element =
      bsearch (name, elements, G_N_ELEMENTS (elements), sizeof (Element), compare_name);

  return element == NULL ? 0 : element->flags;
}

gboolean
html_is_inline (const char *name)
{
  static const char *const names[] = {"a",     "abbr", "acronym", "b",      "big", "cite", "code",
                                      "em",    "font", "i",       "kbd",    "q",   "s",    "samp",
                                      "small", "span", "strike",  "strong", "sub", "sup",  "tt",
                                      "u",     "var",  "object",  "label",  NULL};

  return g_strv_contains (names, name);
}
