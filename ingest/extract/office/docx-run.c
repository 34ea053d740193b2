/* What a run holds: text, symbols, references, drawings. */
#include "chart.h"
#include "docx.h"
#include "numerals.h"
#include "symbols.h"

#include <string.h>

#define SYMBOL_CODE_MAX 0x10ffff

static const char *
font_of (const DocxParagraph *paragraph)
{
  if (paragraph == NULL)
    return NULL;
  if (paragraph->run.font != NULL)
    return paragraph->run.font;
  if (paragraph->run.style != NULL && paragraph->run.style->font != NULL)
    return paragraph->run.style->font;
  return paragraph->style == NULL ? NULL : paragraph->style->font;
}

void
docx_run_text (DocxStory *story, const char *text, gsize bytes)
{
  const char *font;

  if (!docx_story_is_visible (story))
    return;
  story->n_written++;
  font = font_of (docx_story_paragraph (story));
  /* letters set in Symbol are Greek */
  if (font != NULL && symbol_font_is (font))
    symbol_append_text (flow_text (story->flow), font, text, bytes);
  else
    g_string_append_len (flow_text (story->flow), text, (gssize)bytes);
}

static void
write_symbol (DocxStory *story, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *font = xml_part_attribute (attributes, n_attributes, "font");
  g_autofree char *code = xml_part_attribute (attributes, n_attributes, "char");
  guint64 value = code == NULL ? 0 : g_ascii_strtoull (code, NULL, 16);
  gunichar character;
  char utf8[8];

  if (value == 0 || value > SYMBOL_CODE_MAX)
    return;
  character = symbol_to_unicode (font, (gunichar)value);
  if (character == 0)
    character = (gunichar)value;
  if (!g_unichar_validate (character))
    return;
  utf8[g_unichar_to_utf8 (character, utf8)] = '\0';
  docx_story_append (story, utf8);
}

/* --- references --------------------------------------------------------------------------------
 */

/* The mark goes into the text, the note after its paragraph. */
static void
write_reference (DocxStory *story, DocxTag tag, const xmlChar **attributes, guint n_attributes)
{
  Docx *docx = story->docx;
  gboolean is_footnote = tag == DOCX_TAG_FOOTNOTE_REFERENCE;
  GHashTable *notes = is_footnote ? docx->footnotes : docx->endnotes;
  gboolean has_own_mark =
      xml_part_attribute_is (attributes, n_attributes, "customMarkFollows", "1") ||
      xml_part_attribute_is (attributes, n_attributes, "customMarkFollows", "true");
  g_autofree char *id = xml_part_attribute (attributes, n_attributes, "id");
  g_autoptr (GString) mark = g_string_new ("[");
  g_autofree char *key = NULL;
  gpointer blocks = NULL;

  if (id == NULL || !docx_story_is_visible (story))
    return;
  if (!has_own_mark) {
    numeral_append (mark, is_footnote ? "decimal" : "lowerRoman",
                    is_footnote ? ++docx->n_footnotes : ++docx->n_endnotes);
    g_string_append_c (mark, ']');
    docx_story_append (story, mark->str);
  }
  if (!g_hash_table_steal_extended (notes, id, (gpointer *)&key, &blocks))
    return;
  if (!has_own_mark) {
    g_string_append_c (mark, ' ');
    flow_blocks_prefix (blocks, mark->str);
  }
  flow_add_note (story->flow, blocks);
}

static void
write_comment (DocxStory *story, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *id = xml_part_attribute (attributes, n_attributes, "id");
  g_autofree char *key = NULL;
  gpointer blocks = NULL;

  if (id != NULL &&
      g_hash_table_steal_extended (story->docx->comments, id, (gpointer *)&key, &blocks))
    flow_add_note (story->flow, blocks);
}

/* --- drawings ----------------------------------------------------------------------------------
 */

/* (transfer full) (nullable) */
static void
write_description (DocxStory *story, char *text)
{
  g_autofree char *owned = text;

  if (owned == NULL || *owned == '\0' || !docx_story_is_visible (story))
    return;
  flow_add_description (story->flow, owned);
  story->n_written++;
}

gboolean
docx_run_start (DocxStory *story, DocxTag tag, const xmlChar **attributes, guint n_attributes,
                GError **error)
{
  DocxParagraph *paragraph = docx_story_paragraph (story);

  switch (tag) {
  case DOCX_TAG_R:
    if (paragraph != NULL) {
      g_clear_pointer (&paragraph->run.font, g_free);
      paragraph->run = (DocxRun){.is_hidden = -1};
    }
    return TRUE;
  case DOCX_TAG_TAB:
  case DOCX_TAG_PTAB:
    docx_story_append (story, "\t");
    return TRUE;
  case DOCX_TAG_BR:
  case DOCX_TAG_CR:
    docx_story_append (story, "\n");
    return TRUE;
  case DOCX_TAG_NO_BREAK_HYPHEN:
    docx_story_append (story, "\xe2\x80\x91");
    return TRUE;
  case DOCX_TAG_SYM:
    write_symbol (story, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_FLD_CHAR:
    docx_field_char (story, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_FOOTNOTE_REFERENCE:
  case DOCX_TAG_ENDNOTE_REFERENCE:
    write_reference (story, tag, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_COMMENT_REFERENCE:
    write_comment (story, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_RT:
    story->ruby_start = flow_text (story->flow)->len;
    return TRUE;
  case DOCX_TAG_DOC_PR:
    write_description (story, xml_part_attribute (attributes, n_attributes, "descr"));
    return TRUE;
  case DOCX_TAG_SHAPE:
    write_description (story, xml_part_attribute (attributes, n_attributes, "alt"));
    return TRUE;
  case DOCX_TAG_TEXT_PATH:
    write_description (story, xml_part_attribute (attributes, n_attributes, "string"));
    return TRUE;
  case DOCX_TAG_CHART:
    story->n_written++;
    return chart_read (story->docx->package,
                       opc_attribute_part (story->relationships, attributes, n_attributes, "id"),
                       story->flow, story->docx->sink, error);
  case DOCX_TAG_REL_IDS:
    story->n_written++;
    return diagram_read (story->docx->package,
                         opc_attribute_part (story->relationships, attributes, n_attributes, "dm"),
                         story->flow, story->docx->sink, error);
  default:
    return TRUE;
  }
}
