/* The elements of one story of a document: where its text goes. */
#include "chart.h"
#include "docx.h"
#include "embedded.h"

#include <string.h>

#define NOTES_MAX (1u << 20)

static DocxSpace
space_of (DocxStory *story, const char *uri)
{
  if (uri != story->uri || uri == NULL) {
    story->uri = uri;
    story->space = docx_space_of (uri);
  }
  return story->space;
}

static DocxTag
open_tag (const DocxStory *story, guint from_top)
{
  return from_top < story->open->len
             ? (DocxTag)g_array_index (story->open, guint8, story->open->len - 1 - from_top)
             : DOCX_TAG_OTHER;
}

DocxParagraph *
docx_story_paragraph (const DocxStory *story)
{
  return story->paragraphs->len == 0
             ? NULL
             : &g_array_index (story->paragraphs, DocxParagraph, story->paragraphs->len - 1);
}

gboolean
docx_story_is_visible (const DocxStory *story)
{
  const DocxParagraph *paragraph = docx_story_paragraph (story);
  gint is_hidden;

  for (guint i = 0; i < story->fields->len; i++)
    if (!((DocxField *)g_ptr_array_index (story->fields, i))->in_result)
      return FALSE;
  if (paragraph == NULL)
    return TRUE;
  is_hidden = paragraph->run.is_hidden;
  if (is_hidden < 0 && paragraph->run.style != NULL)
    is_hidden = paragraph->run.style->is_hidden;
  if (is_hidden < 0 && paragraph->style != NULL)
    is_hidden = paragraph->style->is_hidden;
  return is_hidden <= 0;
}

void
docx_story_append (DocxStory *story, const char *text)
{
  if (!docx_story_is_visible (story))
    return;
  g_string_append (flow_text (story->flow), text);
  story->n_written++;
}

/* --- tables ------------------------------------------------------------------------------------
 */

static DocxRow *
open_row (const DocxStory *story)
{
  return story->rows->len == 0 ? NULL : &g_array_index (story->rows, DocxRow, story->rows->len - 1);
}

static gboolean
add_empty_cells (DocxStory *story, gint64 n, GError **error)
{
  if (n <= 0)
    return TRUE;
  flow_begin_cell (story->flow, (guint)MIN (n, G_MAXINT32));
  return flow_end_cell (story->flow, error);
}

/* 17.4.55: firstRow, or a bit of val */
static gboolean
has_first_row (const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *flags = xml_part_attribute (attributes, n_attributes, "val");

  return xml_part_attribute_is (attributes, n_attributes, "firstRow", "1") ||
         xml_part_attribute_is (attributes, n_attributes, "firstRow", "true") ||
         (flags != NULL && (g_ascii_strtoull (flags, NULL, 16) & 0x20) != 0);
}

static gboolean
start_in_table (DocxStory *story, DocxTag tag, const xmlChar **attributes, guint n_attributes,
                GError **error)
{
  DocxRow *row = open_row (story);
  gint64 number = xml_part_attribute_int (attributes, n_attributes, "val", 0);

  switch (tag) {
  case DOCX_TAG_TBL:
    g_array_set_size (story->rows, story->rows->len + 1);
    flow_begin_table (story->flow);
    return TRUE;
  case DOCX_TAG_TR:
    if (row != NULL) {
      row->is_dropped = FALSE;
      row->grid_after = 0;
    }
    flow_begin_row (story->flow);
    return TRUE;
  case DOCX_TAG_TC:
    flow_begin_cell (story->flow, 1);
    return TRUE;
  case DOCX_TAG_GRID_SPAN:
    flow_set_span (story->flow, (guint)CLAMP (number, 1, G_MAXINT32));
    return TRUE;
  case DOCX_TAG_GRID_BEFORE:
    return add_empty_cells (story, number, error);
  case DOCX_TAG_GRID_AFTER:
    if (row != NULL)
      row->grid_after = (guint)CLAMP (number, 0, G_MAXINT32);
    return TRUE;
  case DOCX_TAG_TBL_LOOK:
    if (row != NULL && row->header == FLOW_HEADER_NONE && has_first_row (attributes, n_attributes))
      row->header = FLOW_HEADER_LIKELY;
    return TRUE;
  case DOCX_TAG_TBL_HEADER:
    if (row != NULL && row->n_rows == 0 && docx_is_on (attributes, n_attributes))
      row->header = FLOW_HEADER_SURE;
    return TRUE;
  default:
    return TRUE;
  }
}

static gboolean
end_in_table (DocxStory *story, DocxTag tag, GError **error)
{
  DocxRow *row = open_row (story);
  FlowHeader header;

  if (tag == DOCX_TAG_TC)
    return flow_end_cell (story->flow, error);
  if (row == NULL)
    return TRUE;
  if (tag == DOCX_TAG_TR) {
    if (!add_empty_cells (story, row->grid_after, error))
      return FALSE;
    flow_end_row (story->flow, row->is_dropped);
    row->n_rows++;
    return TRUE;
  }
  header = row->header;
  g_array_set_size (story->rows, story->rows->len - 1);
  return flow_end_table (story->flow, header, error);
}

/* --- notes and comments ------------------------------------------------------------------------
 */

static void
begin_note (DocxStory *story, const xmlChar **attributes, guint n_attributes)
{
  g_clear_pointer (&story->note_id, g_free);
  g_clear_pointer (&story->note_author, g_free);
  /* separators have a type */
  if (xml_part_attribute_is (attributes, n_attributes, "type", "separator") ||
      xml_part_attribute_is (attributes, n_attributes, "type", "continuationSeparator") ||
      xml_part_attribute_is (attributes, n_attributes, "type", "continuationNotice"))
    return;
  story->note_id = xml_part_attribute (attributes, n_attributes, "id");
  story->note_author = xml_part_attribute (attributes, n_attributes, "author");
}

static gboolean
end_note (DocxStory *story, DocxTag tag, GError **error)
{
  g_autoptr (GPtrArray) blocks = NULL;

  if (!flow_finish (story->flow, error))
    return FALSE;
  blocks = flow_take (story->flow);
  if (story->note_id == NULL || story->notes == NULL || blocks->len == 0 ||
      g_hash_table_size (story->notes) >= NOTES_MAX)
    return TRUE;
  if (tag == DOCX_TAG_COMMENT) {
    g_autofree char *prefix = story->note_author != NULL && *story->note_author != '\0'
                                  ? g_strdup_printf ("Comment by %s: ", story->note_author)
                                  : g_strdup ("Comment: ");

    flow_blocks_prefix (blocks, prefix);
  }
  g_hash_table_replace (story->notes, g_steal_pointer (&story->note_id), g_steal_pointer (&blocks));
  return TRUE;
}

/* --- elements ----------------------------------------------------------------------------------
 */

static gboolean
start_alt_chunk (DocxStory *story, const xmlChar **attributes, guint n_attributes, GError **error)
{
  g_autofree char *id = opc_relationship_attribute (attributes, n_attributes, "id");
  const OpcRelationship *relationship = opc_relationship (story->relationships, id);
  g_autoptr (GBytes) part = NULL;

  /* what cannot be read here is read at the end, with all that is embedded */
  if (relationship == NULL || relationship->is_external || flow_is_open (story->flow) ||
      story->notes != NULL ||
      !g_hash_table_add (story->docx->seen, g_strdup (relationship->target)))
    return TRUE;
  if (!flow_finish (story->flow, error))
    return FALSE;
  return opc_read_part (story->docx->package, relationship->target, story->docx->sink, &part,
                        error) &&
         (part == NULL || embedded_read_chunk (story->docx->input, relationship->target, part,
                                               story->docx->sink, error));
}

static void
begin_hyperlink (DocxStory *story, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *id = opc_relationship_attribute (attributes, n_attributes, "id");
  const OpcRelationship *relationship = opc_relationship (story->relationships, id);

  flow_begin_link (story->flow,
                   relationship != NULL && relationship->is_external ? relationship->target : NULL);
}

/* The first branch that gives text is the one that is read. */
static gboolean
is_branch_left_out (const DocxStory *story)
{
  return story->choices->len > 0 &&
         story->n_written > g_array_index (story->choices, guint64, story->choices->len - 1);
}

static gboolean
start_known (DocxStory *story, DocxTag tag, const xmlChar **attributes, guint n_attributes,
             GError **error)
{
  DocxTag parent = open_tag (story, 1);

  switch (tag) {
  case DOCX_TAG_P:
    docx_paragraph_begin (story);
    return TRUE;
  case DOCX_TAG_ALTERNATE_CONTENT:
    g_array_append_val (story->choices, story->n_written);
    return TRUE;
  case DOCX_TAG_CHOICE:
  case DOCX_TAG_FALLBACK:
    story->skip_depth = is_branch_left_out (story);
    return TRUE;
  case DOCX_TAG_DEL:
    if (parent == DOCX_TAG_TR_PR && open_row (story) != NULL)
      open_row (story)->is_dropped = TRUE;
    else if (parent == DOCX_TAG_R_PR && open_tag (story, 2) == DOCX_TAG_P_PR)
      docx_paragraph_property (story, tag, attributes, n_attributes);
    else
      story->skip_depth = 1;
    return TRUE;
  case DOCX_TAG_SKIPPED:
    story->skip_depth = 1;
    return TRUE;
  case DOCX_TAG_HYPERLINK:
    begin_hyperlink (story, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_FOOTNOTE:
  case DOCX_TAG_ENDNOTE:
  case DOCX_TAG_COMMENT:
    begin_note (story, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_TXBX_CONTENT:
    flow_begin_aside (story->flow);
    return TRUE;
  case DOCX_TAG_ALT_CHUNK:
    return start_alt_chunk (story, attributes, n_attributes, error);
  case DOCX_TAG_TBL:
  case DOCX_TAG_TR:
  case DOCX_TAG_TC:
  case DOCX_TAG_GRID_SPAN:
  case DOCX_TAG_GRID_BEFORE:
  case DOCX_TAG_GRID_AFTER:
  case DOCX_TAG_TBL_LOOK:
  case DOCX_TAG_TBL_HEADER:
    return start_in_table (story, tag, attributes, n_attributes, error);
  case DOCX_TAG_P_STYLE:
  case DOCX_TAG_NUM_ID:
  case DOCX_TAG_ILVL:
  case DOCX_TAG_OUTLINE_LEVEL:
  case DOCX_TAG_FRAME_PR:
    docx_paragraph_property (story, tag, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_VANISH:
  case DOCX_TAG_R_FONTS:
  case DOCX_TAG_R_STYLE:
    /* those of the paragraph's mark say nothing about its text */
    if (open_tag (story, 2) == DOCX_TAG_R)
      docx_run_property (story, tag, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_CHECKED:
  case DOCX_TAG_DEFAULT:
  case DOCX_TAG_RESULT:
  case DOCX_TAG_LIST_ENTRY:
    docx_field_property (story, tag, attributes, n_attributes);
    return TRUE;
  case DOCX_TAG_TAB:
  case DOCX_TAG_BR:
    /* w:tabs has others */
    return parent != DOCX_TAG_R || docx_run_start (story, tag, attributes, n_attributes, error);
  default:
    return docx_run_start (story, tag, attributes, n_attributes, error);
  }
}

static void
start_math (DocxStory *story, const char *name, const xmlChar **attributes, guint n_attributes)
{
  if (strcmp (name, "oMathPara") == 0)
    story->n_formulas = 0;
  if (story->math_depth == 0 && strcmp (name, "oMath") != 0)
    return;
  if (story->math_depth++ > 0)
    omml_start (story->omml, name, attributes, n_attributes);
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n_attributes, GError **error)
{
  DocxStory *story = user_data;
  guint8 tag;

  if (story->skip_depth > 0) {
    story->skip_depth++;
    return TRUE;
  }
  if (space_of (story, uri) == DOCX_SPACE_MATH) {
    guint8 other = strcmp (name, "t") == 0 && story->math_depth > 0 ? DOCX_TAG_T : DOCX_TAG_OTHER;

    g_array_append_val (story->open, other);
    start_math (story, name, attributes, n_attributes);
    return TRUE;
  }
  tag = (guint8)docx_tag (story->docx, story->space, name);
  g_array_append_val (story->open, tag);
  return tag == DOCX_TAG_OTHER ||
         start_known (story, (DocxTag)tag, attributes, n_attributes, error);
}

static void
end_ruby_text (DocxStory *story)
{
  GString *text = flow_text (story->flow);

  if (story->ruby_start > text->len)
    return;
  g_free (story->ruby_text);
  story->ruby_text = g_strdup (text->str + story->ruby_start);
  g_string_truncate (text, story->ruby_start);
}

static gboolean
end_known (DocxStory *story, DocxTag tag, GError **error)
{
  switch (tag) {
  case DOCX_TAG_P:
    return docx_paragraph_end (story, error);
  case DOCX_TAG_TBL:
  case DOCX_TAG_TR:
  case DOCX_TAG_TC:
    return end_in_table (story, tag, error);
  case DOCX_TAG_TXBX_CONTENT:
    return flow_end_aside (story->flow, error);
  case DOCX_TAG_HYPERLINK:
    flow_end_link (story->flow);
    return TRUE;
  case DOCX_TAG_ALTERNATE_CONTENT:
    if (story->choices->len > 0)
      g_array_set_size (story->choices, story->choices->len - 1);
    return TRUE;
  case DOCX_TAG_FOOTNOTE:
  case DOCX_TAG_ENDNOTE:
  case DOCX_TAG_COMMENT:
    return end_note (story, tag, error);
  case DOCX_TAG_RT:
    end_ruby_text (story);
    return TRUE;
  case DOCX_TAG_RUBY:
    if (story->ruby_text != NULL && *story->ruby_text != '\0')
      g_string_append_printf (flow_text (story->flow), " (%s)", story->ruby_text);
    g_clear_pointer (&story->ruby_text, g_free);
    return TRUE;
  default:
    return TRUE;
  }
}

static void
end_math (DocxStory *story, const char *name)
{
  g_autoptr (GString) formula = NULL;

  if (story->math_depth == 0)
    return;
  if (--story->math_depth > 0) {
    omml_end (story->omml, name);
    return;
  }
  formula = g_string_new (story->n_formulas++ > 0 ? "\n" : "");
  omml_finish (story->omml, formula);
  docx_story_append (story, formula->str);
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  DocxStory *story = user_data;
  DocxTag tag;

  /* the element itself, which opened the skipping, is on the stack */
  if (story->skip_depth > 1) {
    story->skip_depth--;
    return TRUE;
  }
  story->skip_depth = 0;
  tag = open_tag (story, 0);
  if (story->open->len > 0)
    g_array_set_size (story->open, story->open->len - 1);
  if (space_of (story, uri) == DOCX_SPACE_MATH) {
    end_math (story, name);
    return TRUE;
  }
  return end_known (story, tag, error);
}

static gboolean
text_of_element (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  DocxStory *story = user_data;
  DocxTag tag = open_tag (story, 0);

  if (story->skip_depth > 0)
    return TRUE;
  if (tag == DOCX_TAG_T && story->math_depth > 0)
    omml_text (story->omml, text, bytes);
  else if (tag == DOCX_TAG_T)
    docx_run_text (story, text, bytes);
  else if (tag == DOCX_TAG_INSTR_TEXT)
    docx_field_code (story, text, bytes);
  return TRUE;
}

/* --- the story ---------------------------------------------------------------------------------
 */

static void
story_clear (DocxStory *story)
{
  g_array_unref (story->open);
  g_array_unref (story->paragraphs);
  g_ptr_array_unref (story->fields);
  g_array_unref (story->choices);
  g_array_unref (story->rows);
  omml_free (story->omml);
  g_free (story->note_id);
  g_free (story->note_author);
  g_free (story->ruby_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DocxStory, story_clear)

gboolean
docx_story_parse (Docx *docx, const char *part, GBytes *bytes, Flow *flow, GHashTable *notes,
                  char **damage, GError **error)
{
  static const XmlPartFuncs funcs = {start_element, end_element, text_of_element};
  g_autoptr (OpcRelationships) relationships = NULL;
  g_auto (DocxStory) story = {.docx = docx, .flow = flow, .notes = notes};

  story.open = g_array_new (FALSE, FALSE, sizeof (guint8));
  story.paragraphs = g_array_new (FALSE, TRUE, sizeof (DocxParagraph));
  g_array_set_clear_func (story.paragraphs, docx_paragraph_clear);
  story.fields = g_ptr_array_new_with_free_func (docx_field_free);
  story.choices = g_array_new (FALSE, FALSE, sizeof (guint64));
  story.rows = g_array_new (FALSE, TRUE, sizeof (DocxRow));
  story.omml = omml_new ();
  relationships = opc_relationships_read (docx->package, part, docx->sink, error);
  if (relationships == NULL)
    return FALSE;
  story.relationships = relationships;
  return xml_part_read (bytes, &funcs, &story, docx->sink, damage, error) &&
         flow_finish (flow, error);
}

gboolean
docx_story_read (Docx *docx, const char *part, Flow *flow, GHashTable *notes, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *damage = NULL;

  if (!opc_read_part (docx->package, part, docx->sink, &bytes, error))
    return FALSE;
  if (bytes == NULL)
    return TRUE;
  if (!docx_story_parse (docx, part, bytes, flow, notes, &damage, error))
    return FALSE;
  if (damage != NULL)
    extract_warn (docx->sink, "its part %s is damaged, text may be missing: %s", part, damage);
  return TRUE;
}
