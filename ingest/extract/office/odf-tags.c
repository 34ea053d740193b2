/* Elements of OpenDocument that readers know. */
#include "odf.h"

#include <string.h>

/* Most names are of one namespace only; odf_tag() looks after the others. */
static const struct {
  const char *name;
  OdfTag tag;
} tag_names[] = {
    {"annotation", ODF_TAG_ANNOTATION},
    {"automatic-styles", ODF_TAG_STYLES},
    {"a", ODF_TAG_LINK},
    {"alphabetical-index-source", ODF_TAG_SKIPPED},
    {"bibliography-source", ODF_TAG_SKIPPED},
    {"binary-data", ODF_TAG_SKIPPED},
    {"body", ODF_TAG_BODY},
    {"caption", ODF_TAG_A_SHAPE},
    {"circle", ODF_TAG_A_SHAPE},
    {"connector", ODF_TAG_A_SHAPE},
    {"covered-table-cell", ODF_TAG_COVERED_CELL},
    {"creator", ODF_TAG_CREATOR},
    {"custom-shape", ODF_TAG_A_SHAPE},
    {"date", ODF_TAG_CREATOR},
    {"desc", ODF_TAG_DESCRIPTION},
    {"drawing", ODF_TAG_PRESENTATION},
    {"ellipse", ODF_TAG_A_SHAPE},
    {"endnote", ODF_TAG_NOTE},
    {"endnote-body", ODF_TAG_NOTE_BODY},
    {"endnote-citation", ODF_TAG_NOTE_CITATION},
    {"event-listeners", ODF_TAG_SKIPPED},
    {"font-face-decls", ODF_TAG_SKIPPED},
    {"footer", ODF_TAG_FOOTER},
    {"footer-decl", ODF_TAG_FOOTER_DECL},
    {"footer-first", ODF_TAG_FOOTER},
    {"footer-left", ODF_TAG_FOOTER},
    {"footnote", ODF_TAG_NOTE},
    {"footnote-body", ODF_TAG_NOTE_BODY},
    {"footnote-citation", ODF_TAG_NOTE_CITATION},
    {"forms", ODF_TAG_SKIPPED},
    {"frame", ODF_TAG_FRAME},
    {"h", ODF_TAG_HEADING},
    {"header", ODF_TAG_HEADER},
    {"header-decl", ODF_TAG_FOOTER_DECL},
    {"header-first", ODF_TAG_HEADER},
    {"header-left", ODF_TAG_HEADER},
    {"hidden-paragraph", ODF_TAG_HIDDEN},
    {"hidden-text", ODF_TAG_HIDDEN},
    {"illustration-index-source", ODF_TAG_SKIPPED},
    {"line", ODF_TAG_A_SHAPE},
    {"line-break", ODF_TAG_LINE_BREAK},
    {"list", ODF_TAG_LIST},
    {"list-header", ODF_TAG_LIST_HEADER},
    {"list-item", ODF_TAG_LIST_ITEM},
    {"master-page", ODF_TAG_MASTER_PAGE},
    {"master-styles", ODF_TAG_MASTER_STYLES},
    {"math", ODF_TAG_MATH},
    {"measure", ODF_TAG_A_SHAPE},
    {"meta", ODF_TAG_SKIPPED},
    {"note", ODF_TAG_NOTE},
    {"note-body", ODF_TAG_NOTE_BODY},
    {"note-citation", ODF_TAG_NOTE_CITATION},
    {"notes", ODF_TAG_NOTES},
    {"object", ODF_TAG_OBJECT},
    {"object-index-source", ODF_TAG_SKIPPED},
    {"object-ole", ODF_TAG_OBJECT_OLE},
    {"ordered-list", ODF_TAG_LIST},
    {"p", ODF_TAG_PARAGRAPH},
    {"page", ODF_TAG_PAGE},
    {"page-count", ODF_TAG_PAGE_NUMBER},
    {"page-number", ODF_TAG_PAGE_NUMBER},
    {"path", ODF_TAG_A_SHAPE},
    {"polygon", ODF_TAG_A_SHAPE},
    {"polyline", ODF_TAG_A_SHAPE},
    {"presentation", ODF_TAG_PRESENTATION},
    {"rect", ODF_TAG_A_SHAPE},
    {"regular-polygon", ODF_TAG_A_SHAPE},
    {"ruby-text", ODF_TAG_RUBY_TEXT},
    {"s", ODF_TAG_SPACES},
    {"script", ODF_TAG_SKIPPED},
    {"scripts", ODF_TAG_SKIPPED},
    {"section", ODF_TAG_SECTION},
    {"settings", ODF_TAG_SKIPPED},
    {"span", ODF_TAG_SPAN},
    {"styles", ODF_TAG_STYLES},
    {"tab", ODF_TAG_TAB},
    {"tab-stop", ODF_TAG_TAB},
    {"table", ODF_TAG_TABLE},
    {"table-cell", ODF_TAG_CELL},
    {"table-header-rows", ODF_TAG_HEADER_ROWS},
    {"table-index-source", ODF_TAG_SKIPPED},
    {"table-of-content-source", ODF_TAG_SKIPPED},
    {"table-row", ODF_TAG_ROW},
    {"text-box", ODF_TAG_A_SHAPE},
    {"title", ODF_TAG_DESCRIPTION},
    {"tracked-changes", ODF_TAG_SKIPPED},
    {"unordered-list", ODF_TAG_LIST},
    {"user-index-source", ODF_TAG_SKIPPED},
};

GHashTable *
odf_tags_new (void)
{
  GHashTable *tags = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (tag_names); i++)
    g_hash_table_insert (tags, (gpointer)tag_names[i].name, GUINT_TO_POINTER (tag_names[i].tag));
  return tags;
}

static gboolean
is_of (const char *uri, const char *what)
{
  return uri != NULL && strstr (uri, what) != NULL;
}

/* Names that are a field of text in one namespace and something else in another. */
OdfTag
odf_tag (const Odf *odf, const char *uri, const char *name)
{
  OdfTag tag = GPOINTER_TO_UINT (g_hash_table_lookup (odf->tags, name));

  switch (tag) {
  case ODF_TAG_CREATOR:
    return is_of (uri, "purl.org/dc") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_DESCRIPTION:
    return is_of (uri, "svg") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_A_SHAPE:
  case ODF_TAG_PAGE:
    return is_of (uri, "drawing") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_NOTES:
  case ODF_TAG_FOOTER_DECL:
    return is_of (uri, "presentation") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_FOOTER:
  case ODF_TAG_HEADER:
    return is_of (uri, "style") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_SKIPPED:
    /* text:meta is a span */
    return strcmp (name, "meta") != 0 || is_of (uri, "office") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_LINK:
  case ODF_TAG_PARAGRAPH:
    return is_of (uri, "text") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_TABLE:
    return is_of (uri, "table") ? tag : ODF_TAG_OTHER;
  case ODF_TAG_PRESENTATION:
  case ODF_TAG_STYLES:
    return is_of (uri, "office") ? tag : ODF_TAG_OTHER;
  default:
    return tag;
  }
}
