/* Paragraphs, headings, lists and notes of OpenDocument (ODF 1.3 part 3, 5 and 6). */
#include "odf.h"

#include <string.h>

#define LIST_COUNTERS_MAX 100000
#define HEADING_LEVELS 6

Flow *
odf_flow (const OdfReader *reader)
{
  return g_ptr_array_index (reader->flows, reader->flows->len - 1);
}

OdfParagraph *
odf_paragraph (const OdfReader *reader)
{
  return reader->paragraphs->len == 0
             ? NULL
             : &g_array_index (reader->paragraphs, OdfParagraph, reader->paragraphs->len - 1);
}

void
odf_paragraph_clear (gpointer data)
{
  OdfParagraph *paragraph = data;

  g_free (paragraph->style_name);
  g_free (paragraph->marker);
}

void
odf_list_clear (gpointer data)
{
  g_free (((OdfList *)data)->style_name);
}

/* --- text --------------------------------------------------------------------------------------
 */

static gboolean
is_shown (const OdfParagraph *paragraph)
{
  return paragraph != NULL && !paragraph->is_hidden && paragraph->hidden_depth == 0;
}

void
odf_append (OdfReader *reader, const char *text, gsize bytes)
{
  OdfParagraph *paragraph = odf_paragraph (reader);
  GString *out = flow_text (odf_flow (reader));
  const char *end = text + bytes;

  if (!is_shown (paragraph))
    return;
  /* 6.1.2: white space is one space, and none at the start */
  while (text < end) {
    const char *word = text;

    while (text < end && !g_ascii_isspace (*text))
      text++;
    if (text > word) {
      g_string_append_len (out, word, text - word);
      paragraph->has_space = FALSE;
    }
    if (text < end && !paragraph->has_space) {
      g_string_append_c (out, ' ');
      paragraph->has_space = TRUE;
    }
    while (text < end && g_ascii_isspace (*text))
      text++;
  }
}

void
odf_append_space (OdfReader *reader, char space, guint n)
{
  OdfParagraph *paragraph = odf_paragraph (reader);

  if (!is_shown (paragraph))
    return;
  for (guint i = 0; i < n; i++)
    g_string_append_c (flow_text (odf_flow (reader)), space);
  paragraph->has_space = FALSE;
}

/* --- paragraphs --------------------------------------------------------------------------------
 */

static OdfList *
open_list (const OdfReader *reader)
{
  return reader->lists->len == 0 ? NULL
                                 : &g_array_index (reader->lists, OdfList, reader->lists->len - 1);
}

/* The first paragraph of an item has the item's label. */
static void
take_label (OdfReader *reader, OdfParagraph *paragraph)
{
  OdfList *list = open_list (reader);
  const OdfListStyle *style;
  g_autoptr (GString) marker = NULL;

  if (list == NULL || !list->has_label)
    return;
  list->has_label = FALSE;
  style = list->style;
  if (style == NULL)
    style = odf_list_style (
        reader->odf->styles,
        odf_style (reader->odf->styles, "paragraph", paragraph->style_name).list_style);
  odf_counter_next (list->counter, style, list->level, list->start);
  paragraph->item_level = list->level + 1;
  paragraph->label = style == NULL ? ODF_BULLET : style->levels[list->level].label;
  if (style == NULL)
    return;
  marker = g_string_new (NULL);
  odf_counter_write (list->counter, style, list->level, marker);
  paragraph->marker = g_string_free (g_steal_pointer (&marker), FALSE);
}

void
odf_begin_paragraph (OdfReader *reader, gboolean is_heading, const xmlChar **attributes,
                     guint n_attributes)
{
  OdfParagraph paragraph = {.is_heading = is_heading, .has_space = TRUE, .start = -1};

  paragraph.style_name = xml_part_attribute (attributes, n_attributes, "style-name");
  if (is_heading) {
    /* text:level: of OpenOffice 1 */
    paragraph.level = (gint)CLAMP (
        xml_part_attribute_int (attributes, n_attributes, "outline-level",
                                xml_part_attribute_int (attributes, n_attributes, "level", 1)),
        1, ODF_LEVELS);
    paragraph.has_no_number =
        xml_part_attribute_is (attributes, n_attributes, "is-list-header", "true");
    if (xml_part_attribute_is (attributes, n_attributes, "restart-numbering", "true"))
      paragraph.start = xml_part_attribute_int (attributes, n_attributes, "start-value", 1);
  }
  take_label (reader, &paragraph);
  g_array_append_val (reader->paragraphs, paragraph);
}

static void
number_heading (OdfReader *reader, const OdfParagraph *paragraph, guint level, GString *marker)
{
  const OdfListStyle *outline = odf_outline_style (reader->odf->styles);

  if (outline == NULL || paragraph->has_no_number || reader->has_body == FALSE)
    return;
  odf_counter_next (&reader->outline, outline, level - 1, paragraph->start);
  odf_counter_write (&reader->outline, outline, level - 1, marker);
}

static void
write_paragraph (OdfReader *reader, const OdfParagraph *paragraph, BlockKind *kind, guint *level,
                 GString *marker)
{
  OdfStyle style = odf_style (reader->odf->styles, "paragraph", paragraph->style_name);
  gint heading = paragraph->is_heading ? paragraph->level : style.outline_level;

  if (paragraph->marker != NULL)
    g_string_assign (marker, paragraph->marker);
  *kind = BLOCK_PARAGRAPH;
  *level = 0;
  if (heading > 0 || style.is_title) {
    *kind = BLOCK_HEADING;
    *level = style.is_title ? 1 : (guint)MIN (heading, HEADING_LEVELS);
    if (paragraph->is_heading && paragraph->label == ODF_NO_LABEL)
      number_heading (reader, paragraph, (guint)heading, marker);
  } else if (paragraph->label != ODF_NO_LABEL) {
    *kind = BLOCK_LIST_ITEM;
    *level = paragraph->item_level;
  } else if (style.is_code) {
    *kind = BLOCK_CODE;
  }
}

gboolean
odf_end_paragraph (OdfReader *reader, GError **error)
{
  OdfParagraph *paragraph = odf_paragraph (reader);
  g_autoptr (GString) marker = g_string_new (NULL);
  BlockKind kind;
  guint level;

  if (paragraph == NULL)
    return TRUE;
  if (reader->is_title) {
    /* a title's paragraphs are its lines */
    g_string_append_c (flow_text (odf_flow (reader)), '\n');
    g_array_set_size (reader->paragraphs, reader->paragraphs->len - 1);
    return TRUE;
  }
  if (paragraph->is_hidden) {
    g_string_truncate (flow_text (odf_flow (reader)), 0);
    kind = BLOCK_PARAGRAPH;
    level = 0;
  } else {
    write_paragraph (reader, paragraph, &kind, &level, marker);
  }
  g_array_set_size (reader->paragraphs, reader->paragraphs->len - 1);
  g_strstrip (marker->str);
  return flow_end_paragraph (odf_flow (reader), kind, level,
                             *marker->str == '\0' ? NULL : marker->str, error);
}

/* --- lists -------------------------------------------------------------------------------------
 */

static OdfCounter *
new_counter (OdfReader *reader)
{
  OdfCounter *counter = g_new0 (OdfCounter, 1);

  g_ptr_array_add (reader->counters, counter);
  return counter;
}

/* 19.880, 19.779: a list may go on where another ended. */
static OdfCounter *
counter_of (OdfReader *reader, const char *style_name, const xmlChar **attributes,
            guint n_attributes)
{
  g_autofree char *other = xml_part_attribute (attributes, n_attributes, "continue-list");
  OdfCounter *counter = NULL;

  if (other != NULL)
    counter = g_hash_table_lookup (reader->counters_by_id, other);
  if (counter == NULL && style_name != NULL &&
      xml_part_attribute_is (attributes, n_attributes, "continue-numbering", "true"))
    counter = g_hash_table_lookup (reader->counters_by_style, style_name);
  if (counter == NULL && reader->counters->len >= LIST_COUNTERS_MAX)
    counter = g_ptr_array_index (reader->counters, 0);
  return counter != NULL ? counter : new_counter (reader);
}

void
odf_begin_list (OdfReader *reader, const xmlChar **attributes, guint n_attributes)
{
  const OdfList *outer = open_list (reader);
  OdfList list = {.start = -1};
  char *id;

  list.style_name = xml_part_attribute (attributes, n_attributes, "style-name");
  if (list.style_name == NULL && outer != NULL)
    list.style_name = g_strdup (outer->style_name);
  list.style = odf_list_style (reader->odf->styles, list.style_name);
  if (outer != NULL) {
    list.level = MIN (outer->level + 1, ODF_LEVELS - 1);
    list.counter = outer->counter;
  } else {
    list.counter = counter_of (reader, list.style_name, attributes, n_attributes);
    id = xml_part_attribute (attributes, n_attributes, "id");
    if (id != NULL)
      g_hash_table_replace (reader->counters_by_id, id, list.counter);
    if (list.style_name != NULL)
      g_hash_table_replace (reader->counters_by_style, g_strdup (list.style_name), list.counter);
  }
  g_array_append_val (reader->lists, list);
}

void
odf_end_list (OdfReader *reader)
{
  if (reader->lists->len > 0)
    g_array_set_size (reader->lists, reader->lists->len - 1);
}

void
odf_begin_item (OdfReader *reader, gboolean has_label, const xmlChar **attributes,
                guint n_attributes)
{
  OdfList *list = open_list (reader);

  if (list == NULL)
    return;
  list->has_label = has_label;
  list->start = xml_part_attribute_int (attributes, n_attributes, "start-value", -1);
}

/* --- notes -------------------------------------------------------------------------------------
 */

void
odf_begin_note (OdfReader *reader)
{
  Flow *flow = flow_new (NULL);

  flow_set_page (flow, reader->odf->page);
  g_ptr_array_add (reader->flows, flow);
}

gboolean
odf_end_note (OdfReader *reader, const char *prefix, GError **error)
{
  Flow *note = odf_flow (reader);
  FlowBlocks *blocks;
  gboolean done;

  if (reader->flows->len < 2)
    return TRUE;
  done = flow_finish (note, error);
  blocks = flow_take (note);
  flow_free (note);
  g_ptr_array_set_size (reader->flows, (int)reader->flows->len - 1);
  if (blocks->len > 0)
    flow_blocks_prefix (blocks, prefix);
  flow_add_note (odf_flow (reader), blocks);
  return done;
}
