/* Elements of Word documents that readers know. */
#include "docx.h"

#include <string.h>

/* Strict and transitional documents have different URIs (ECMA-376 part 1, annex A; part 4). */
DocxSpace
docx_space_of (const char *uri)
{
  if (uri == NULL || strstr (uri, "/wordprocessingml/") != NULL)
    return DOCX_SPACE_WORD;
  return g_str_has_suffix (uri, "/math") ? DOCX_SPACE_MATH : DOCX_SPACE_OTHER;
}

typedef struct {
  const char *name;
  DocxTag tag;
} TagName;

static const TagName tag_names[] = {
    {"AlternateContent", DOCX_TAG_ALTERNATE_CONTENT},
    {"Choice", DOCX_TAG_CHOICE},
    {"Fallback", DOCX_TAG_FALLBACK},
    {"altChunk", DOCX_TAG_ALT_CHUNK},
    {"annotationRef", DOCX_TAG_SKIPPED},
    {"br", DOCX_TAG_BR},
    {"chart", DOCX_TAG_CHART},
    {"checked", DOCX_TAG_CHECKED},
    {"comment", DOCX_TAG_COMMENT},
    {"commentReference", DOCX_TAG_COMMENT_REFERENCE},
    {"cr", DOCX_TAG_CR},
    {"default", DOCX_TAG_DEFAULT},
    {"del", DOCX_TAG_DEL},
    {"delText", DOCX_TAG_SKIPPED},
    {"docPr", DOCX_TAG_DOC_PR},
    {"endnote", DOCX_TAG_ENDNOTE},
    {"endnoteReference", DOCX_TAG_ENDNOTE_REFERENCE},
    {"fldChar", DOCX_TAG_FLD_CHAR},
    {"footnote", DOCX_TAG_FOOTNOTE},
    {"footnoteReference", DOCX_TAG_FOOTNOTE_REFERENCE},
    {"framePr", DOCX_TAG_FRAME_PR},
    {"gridAfter", DOCX_TAG_GRID_AFTER},
    {"gridBefore", DOCX_TAG_GRID_BEFORE},
    {"gridSpan", DOCX_TAG_GRID_SPAN},
    {"hyperlink", DOCX_TAG_HYPERLINK},
    {"ilvl", DOCX_TAG_ILVL},
    {"instrText", DOCX_TAG_INSTR_TEXT},
    {"listEntry", DOCX_TAG_LIST_ENTRY},
    {"moveFrom", DOCX_TAG_SKIPPED},
    {"noBreakHyphen", DOCX_TAG_NO_BREAK_HYPHEN},
    {"numId", DOCX_TAG_NUM_ID},
    {"numberingChange", DOCX_TAG_SKIPPED},
    {"outlineLvl", DOCX_TAG_OUTLINE_LEVEL},
    {"p", DOCX_TAG_P},
    {"pPr", DOCX_TAG_P_PR},
    {"pPrChange", DOCX_TAG_SKIPPED},
    {"pStyle", DOCX_TAG_P_STYLE},
    {"ptab", DOCX_TAG_PTAB},
    {"r", DOCX_TAG_R},
    {"rFonts", DOCX_TAG_R_FONTS},
    {"rPr", DOCX_TAG_R_PR},
    {"rPrChange", DOCX_TAG_SKIPPED},
    {"rStyle", DOCX_TAG_R_STYLE},
    {"relIds", DOCX_TAG_REL_IDS},
    {"result", DOCX_TAG_RESULT},
    {"rt", DOCX_TAG_RT},
    {"ruby", DOCX_TAG_RUBY},
    {"sdtPr", DOCX_TAG_SKIPPED},
    {"sectPr", DOCX_TAG_SKIPPED},
    {"sectPrChange", DOCX_TAG_SKIPPED},
    {"shape", DOCX_TAG_SHAPE},
    {"sym", DOCX_TAG_SYM},
    {"t", DOCX_TAG_T},
    {"tab", DOCX_TAG_TAB},
    {"tbl", DOCX_TAG_TBL},
    {"tblHeader", DOCX_TAG_TBL_HEADER},
    {"tblLook", DOCX_TAG_TBL_LOOK},
    {"tblPrChange", DOCX_TAG_SKIPPED},
    {"tc", DOCX_TAG_TC},
    {"tcPrChange", DOCX_TAG_SKIPPED},
    {"textpath", DOCX_TAG_TEXT_PATH},
    {"tr", DOCX_TAG_TR},
    {"trPr", DOCX_TAG_TR_PR},
    {"trPrChange", DOCX_TAG_SKIPPED},
    {"txbxContent", DOCX_TAG_TXBX_CONTENT},
    {"vanish", DOCX_TAG_VANISH},
};

GHashTable *
docx_tags_new (void)
{
  GHashTable *tags = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < G_N_ELEMENTS (tag_names); i++)
    g_hash_table_insert (tags, (gpointer)tag_names[i].name, GUINT_TO_POINTER (tag_names[i].tag));
  return tags;
}

/* Names that other namespaces lend to documents; all others count in Word's own only. */
static gboolean
is_foreign (DocxTag tag)
{
  return tag == DOCX_TAG_ALTERNATE_CONTENT || tag == DOCX_TAG_CHOICE || tag == DOCX_TAG_FALLBACK ||
         tag == DOCX_TAG_CHART || tag == DOCX_TAG_DOC_PR || tag == DOCX_TAG_REL_IDS ||
         tag == DOCX_TAG_SHAPE || tag == DOCX_TAG_TEXT_PATH;
}

DocxTag
docx_tag (const Docx *docx, DocxSpace space, const char *name)
{
  DocxTag tag = GPOINTER_TO_UINT (g_hash_table_lookup (docx->tags, name));

  if (tag == DOCX_TAG_OTHER || is_foreign (tag) == (space == DOCX_SPACE_WORD))
    return DOCX_TAG_OTHER;
  return tag;
}
