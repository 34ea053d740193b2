/* What a paragraph is: a heading, an item of a list, code, or just that. */
#include "docx.h"

#include <string.h>

/* Legal texts number whole clauses as headings: a longer one is none. */
#define HEADING_BYTES_MAX 300
#define HEADING_LEVELS 6

void
docx_paragraph_clear (gpointer data)
{
  DocxParagraph *paragraph = data;

  g_free (paragraph->style_id);
  g_free (paragraph->run.font);
}

void
docx_paragraph_begin (DocxStory *story)
{
  DocxParagraph paragraph = {.outline_level = -1, .num_id = -1, .num_level = -1};

  paragraph.style = docx_style_default (story->docx->styles);
  paragraph.run.is_hidden = -1;
  g_array_append_val (story->paragraphs, paragraph);
}

void
docx_paragraph_property (DocxStory *story, DocxTag tag, const xmlChar **attributes,
                         guint n_attributes)
{
  DocxParagraph *paragraph = docx_story_paragraph (story);
  gint number;

  if (paragraph == NULL)
    return;
  number =
      (gint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "val", -1), -1, G_MAXINT32);
  switch (tag) {
  case DOCX_TAG_P_STYLE:
    g_free (paragraph->style_id);
    paragraph->style_id = xml_part_attribute (attributes, n_attributes, "val");
    paragraph->style = docx_style (story->docx->styles, paragraph->style_id);
    break;
  case DOCX_TAG_NUM_ID:
    paragraph->num_id = number;
    break;
  case DOCX_TAG_ILVL:
    paragraph->num_level = MIN (number, DOCX_LEVELS - 1);
    break;
  case DOCX_TAG_OUTLINE_LEVEL:
    paragraph->outline_level = MIN (number, DOCX_BODY_LEVEL);
    break;
  case DOCX_TAG_DEL:
    paragraph->joins_next = TRUE;
    break;
  case DOCX_TAG_FRAME_PR:
    paragraph->joins_next = xml_part_attribute_is (attributes, n_attributes, "dropCap", "drop") ||
                            xml_part_attribute_is (attributes, n_attributes, "dropCap", "margin");
    break;
  default:
    break;
  }
}

void
docx_run_property (DocxStory *story, DocxTag tag, const xmlChar **attributes, guint n_attributes)
{
  DocxParagraph *paragraph = docx_story_paragraph (story);
  g_autofree char *value = NULL;

  if (paragraph == NULL)
    return;
  switch (tag) {
  case DOCX_TAG_VANISH:
    paragraph->run.is_hidden = docx_is_on (attributes, n_attributes);
    break;
  case DOCX_TAG_R_FONTS:
    g_free (paragraph->run.font);
    paragraph->run.font = xml_part_attribute (attributes, n_attributes, "ascii");
    break;
  case DOCX_TAG_R_STYLE:
    value = xml_part_attribute (attributes, n_attributes, "val");
    paragraph->run.style = docx_style (story->docx->styles, value);
    break;
  default:
    break;
  }
}

static gint
outline_level_of (const DocxParagraph *paragraph)
{
  if (paragraph->outline_level >= 0)
    return paragraph->outline_level;
  if (paragraph->style != NULL)
    return paragraph->style->outline_level;
  return docx_style_level_of_id (paragraph->style_id);
}

/* Counts it in its list, if it is in one. */
static DocxItem
number_paragraph (DocxStory *story, const DocxParagraph *paragraph, gint *level, GString *marker)
{
  const DocxStyle *style = paragraph->style;
  gint num_id = paragraph->num_id;

  *level = paragraph->num_level;
  if (num_id < 0 && style != NULL) {
    num_id = style->num_id;
    if (*level < 0)
      *level = style->num_level;
  }
  if (num_id <= 0)
    return DOCX_NO_ITEM;
  return docx_numbering_next (story->docx->numbering, num_id, level,
                              style == NULL ? NULL : style->id, marker);
}

gboolean
docx_paragraph_end (DocxStory *story, GError **error)
{
  DocxParagraph *paragraph = docx_story_paragraph (story);
  g_autoptr (GString) marker = g_string_new (NULL);
  BlockKind kind = BLOCK_PARAGRAPH;
  DocxItem item;
  gint outline_level, level;

  if (paragraph == NULL)
    return TRUE;
  docx_field_end_paragraph (story);
  if (paragraph->joins_next) {
    g_array_set_size (story->paragraphs, story->paragraphs->len - 1);
    return TRUE;
  }
  outline_level = outline_level_of (paragraph);
  item = number_paragraph (story, paragraph, &level, marker);
  if (outline_level >= 0 && outline_level < DOCX_BODY_LEVEL &&
      flow_text (story->flow)->len <= HEADING_BYTES_MAX) {
    kind = BLOCK_HEADING;
    level = MIN (outline_level + 1, HEADING_LEVELS);
  } else if (item != DOCX_NO_ITEM) {
    kind = BLOCK_LIST_ITEM;
    level++;
  } else if (paragraph->style != NULL && paragraph->style->is_code) {
    kind = BLOCK_CODE;
  }
  g_array_set_size (story->paragraphs, story->paragraphs->len - 1);
  return flow_end_paragraph (story->flow, kind, (guint)MAX (level, 0),
                             item == DOCX_NUMBER ? marker->str : NULL, error);
}
