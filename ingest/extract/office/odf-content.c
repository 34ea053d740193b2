/* Elements of OpenDocument: where each begins and ends. */
#include "odf.h"

#include <string.h>

#define SPACES_MAX 1000

static OdfTag
open_tag (const OdfReader *reader)
{
  return reader->open->len == 0
             ? ODF_TAG_OTHER
             : (OdfTag)g_array_index (reader->open, guint8, reader->open->len - 1);
}

/* --- elements ----------------------------------------------------------------------------------
 */

static void
begin_capture (OdfReader *reader)
{
  g_string_truncate (reader->captured, 0);
  reader->capture = TRUE;
}

/* (transfer full) */
static char *
end_capture (OdfReader *reader)
{
  reader->capture = FALSE;
  return g_strdup (reader->captured->str);
}

static gboolean
is_hidden_here (const xmlChar **attributes, guint n_attributes)
{
  return xml_part_attribute_is (attributes, n_attributes, "is-hidden", "true");
}

static void
start_section (OdfReader *reader, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *style = xml_part_attribute (attributes, n_attributes, "style-name");

  if (xml_part_attribute_is (attributes, n_attributes, "display", "none") ||
      is_hidden_here (attributes, n_attributes) ||
      odf_style (reader->odf->styles, "section", style).is_hidden)
    reader->skip_depth = 1;
}

static void
start_span (OdfReader *reader, const xmlChar **attributes, guint n_attributes)
{
  OdfParagraph *paragraph = odf_paragraph (reader);
  g_autofree char *style = xml_part_attribute (attributes, n_attributes, "style-name");

  if (paragraph != NULL &&
      (paragraph->hidden_depth > 0 || odf_style (reader->odf->styles, "text", style).is_hidden))
    paragraph->hidden_depth++;
}

static void
start_link (OdfReader *reader, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *href = xml_part_attribute (attributes, n_attributes, "href");

  flow_begin_link (odf_flow (reader), href);
}

static void
start_hidden (OdfReader *reader, const char *name, const xmlChar **attributes, guint n_attributes)
{
  OdfParagraph *paragraph = odf_paragraph (reader);

  if (!is_hidden_here (attributes, n_attributes))
    return;
  if (strcmp (name, "hidden-paragraph") == 0 && paragraph != NULL)
    paragraph->is_hidden = TRUE;
  else
    reader->skip_depth = 1;
}

static void
begin_annotation (OdfReader *reader)
{
  g_clear_pointer (&reader->author, g_free);
  odf_begin_note (reader);
}

static gboolean
start_text_element (OdfReader *reader, OdfTag tag, const char *name, const xmlChar **attributes,
                    guint n_attributes)
{
  switch (tag) {
  case ODF_TAG_PARAGRAPH:
  case ODF_TAG_HEADING:
    odf_begin_paragraph (reader, tag == ODF_TAG_HEADING, attributes, n_attributes);
    return TRUE;
  case ODF_TAG_LIST:
    odf_begin_list (reader, attributes, n_attributes);
    return TRUE;
  case ODF_TAG_LIST_ITEM:
  case ODF_TAG_LIST_HEADER:
    odf_begin_item (reader, tag == ODF_TAG_LIST_ITEM, attributes, n_attributes);
    return TRUE;
  case ODF_TAG_SPACES:
    odf_append_space (
        reader, ' ',
        (guint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "c", 1), 1, SPACES_MAX));
    return TRUE;
  case ODF_TAG_TAB:
    odf_append_space (reader, '\t', 1);
    return TRUE;
  case ODF_TAG_LINE_BREAK:
    odf_append_space (reader, '\n', 1);
    return TRUE;
  case ODF_TAG_LINK:
    start_link (reader, attributes, n_attributes);
    return TRUE;
  case ODF_TAG_SPAN:
    start_span (reader, attributes, n_attributes);
    return TRUE;
  case ODF_TAG_SECTION:
    start_section (reader, attributes, n_attributes);
    return TRUE;
  case ODF_TAG_HIDDEN:
    start_hidden (reader, name, attributes, n_attributes);
    return TRUE;
  case ODF_TAG_ANNOTATION:
    begin_annotation (reader);
    return TRUE;
  case ODF_TAG_NOTE_BODY:
  case ODF_TAG_NOTES:
    odf_begin_note (reader);
    return TRUE;
  case ODF_TAG_CREATOR:
  case ODF_TAG_DESCRIPTION:
  case ODF_TAG_NOTE_CITATION:
  case ODF_TAG_RUBY_TEXT:
  case ODF_TAG_FOOTER_DECL:
    begin_capture (reader);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
start_object (OdfReader *reader, OdfTag tag, const xmlChar **attributes, guint n_attributes,
              GError **error)
{
  g_autofree char *href = xml_part_attribute (attributes, n_attributes, "href");

  if (tag == ODF_TAG_OBJECT)
    flow_begin_aside (odf_flow (reader));
  return odf_read_object (reader, href, error);
}

static gboolean
start_known (OdfReader *reader, OdfTag tag, const char *name, const xmlChar **attributes,
             guint n_attributes, GError **error)
{
  if (start_text_element (reader, tag, name, attributes, n_attributes))
    return TRUE;
  switch (tag) {
  case ODF_TAG_SKIPPED:
    reader->skip_depth = 1;
    return TRUE;
  case ODF_TAG_PAGE_NUMBER:
    /* what a slide's master says instead of one: "<number>" */
    reader->skip_depth = reader->in_master && reader->flows->len == 2;
    return TRUE;
  case ODF_TAG_STYLES:
    reader->in_styles = !reader->has_body;
    reader->skip_depth = reader->has_body;
    return TRUE;
  case ODF_TAG_MASTER_STYLES:
    reader->in_master = TRUE;
    return TRUE;
  case ODF_TAG_BODY:
    reader->has_body = TRUE;
    return TRUE;
  case ODF_TAG_PRESENTATION:
    reader->odf->is_drawing |= reader->odf->n_objects_deep == 0;
    return TRUE;
  case ODF_TAG_PAGE:
    return odf_start_page (reader, attributes, n_attributes, error);
  case ODF_TAG_HEADER:
  case ODF_TAG_FOOTER:
  case ODF_TAG_MASTER_PAGE:
    if (reader->in_master)
      odf_begin_note (reader);
    return TRUE;
  case ODF_TAG_FRAME:
  case ODF_TAG_A_SHAPE:
    return odf_start_shape (reader, tag, attributes, n_attributes);
  case ODF_TAG_OBJECT:
  case ODF_TAG_OBJECT_OLE:
    return start_object (reader, tag, attributes, n_attributes, error);
  case ODF_TAG_TABLE:
    odf_begin_table (reader);
    return TRUE;
  case ODF_TAG_HEADER_ROWS:
    odf_begin_header_rows (reader);
    return TRUE;
  case ODF_TAG_ROW:
    odf_begin_row (reader);
    return TRUE;
  case ODF_TAG_CELL:
  case ODF_TAG_COVERED_CELL:
    return odf_start_cell (reader, tag, attributes, n_attributes, error);
  case ODF_TAG_MATH:
    reader->math_depth = 1;
    return TRUE;
  default:
    return TRUE;
  }
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n_attributes, GError **error)
{
  OdfReader *reader = user_data;
  guint8 tag;

  if (reader->skip_depth > 0) {
    reader->skip_depth++;
    return TRUE;
  }
  if (reader->math_depth > 0) {
    reader->math_depth++;
    mathml_start (reader->math, name);
    return TRUE;
  }
  tag = (guint8)odf_tag (reader->odf, uri, name);
  g_array_append_val (reader->open, tag);
  if (reader->in_styles && tag != ODF_TAG_SKIPPED && tag != ODF_TAG_STYLES) {
    odf_styles_start (reader->odf->styles, name, attributes, n_attributes);
    return TRUE;
  }
  return tag == ODF_TAG_OTHER ||
         start_known (reader, (OdfTag)tag, name, attributes, n_attributes, error);
}

static gboolean
end_annotation (OdfReader *reader, GError **error)
{
  g_autofree char *prefix = reader->author != NULL && *reader->author != '\0'
                                ? g_strdup_printf ("Comment by %s: ", reader->author)
                                : g_strdup ("Comment: ");

  return odf_end_note (reader, prefix, error);
}

static gboolean
end_note_body (OdfReader *reader, GError **error)
{
  g_autofree char *prefix =
      g_strdup_printf ("[%s] ", reader->citation != NULL ? reader->citation : "*");

  return odf_end_note (reader, prefix, error);
}

static void
end_captured (OdfReader *reader, OdfTag tag)
{
  g_autofree char *text = end_capture (reader);

  if (tag == ODF_TAG_DESCRIPTION) {
    flow_add_description (odf_flow (reader), text);
  } else if (tag == ODF_TAG_CREATOR) {
    /* dc:date comes after dc:creator */
    if (reader->author == NULL)
      reader->author = g_steal_pointer (&text);
  } else if (tag == ODF_TAG_FOOTER_DECL) {
    g_autoptr (Flow) flow = flow_new (NULL);

    flow_add_aside_text (flow, text);
    if (flow_end_paragraph (flow, BLOCK_PARAGRAPH, 0, NULL, NULL))
      g_ptr_array_extend_and_steal (reader->odf->footers, flow_take (flow));
  } else if (tag == ODF_TAG_RUBY_TEXT && *text != '\0') {
    g_autofree char *in_parentheses = g_strdup_printf (" (%s)", text);

    odf_append (reader, in_parentheses, strlen (in_parentheses));
  } else if (tag == ODF_TAG_NOTE_CITATION) {
    g_autofree char *mark = g_strdup_printf ("[%s]", text);

    odf_append (reader, mark, strlen (mark));
    g_free (reader->citation);
    reader->citation = g_steal_pointer (&text);
  }
}

/* What stands on every page: kept apart, for it is said once. */
static gboolean
end_repeated (OdfReader *reader, OdfTag tag, GError **error)
{
  FlowBlocks *blocks;
  Flow *flow = odf_flow (reader);

  if (!reader->in_master || reader->flows->len < 2)
    return TRUE;
  if (!flow_finish (flow, error))
    return FALSE;
  blocks = flow_take (flow);
  flow_free (flow);
  g_ptr_array_set_size (reader->flows, (int)reader->flows->len - 1);
  g_ptr_array_extend_and_steal (tag == ODF_TAG_HEADER ? reader->odf->headers : reader->odf->footers,
                                blocks);
  return TRUE;
}

static gboolean
end_known (OdfReader *reader, OdfTag tag, GError **error)
{
  OdfParagraph *paragraph = odf_paragraph (reader);

  switch (tag) {
  case ODF_TAG_PARAGRAPH:
  case ODF_TAG_HEADING:
    return odf_end_paragraph (reader, error);
  case ODF_TAG_LIST:
    odf_end_list (reader);
    return TRUE;
  case ODF_TAG_SPAN:
    if (paragraph != NULL && paragraph->hidden_depth > 0)
      paragraph->hidden_depth--;
    return TRUE;
  case ODF_TAG_LINK:
    flow_end_link (odf_flow (reader));
    return TRUE;
  case ODF_TAG_ANNOTATION:
    return end_annotation (reader, error);
  case ODF_TAG_NOTE_BODY:
    return end_note_body (reader, error);
  case ODF_TAG_NOTES:
    return odf_end_note (reader, "Notes: ", error);
  case ODF_TAG_CREATOR:
  case ODF_TAG_DESCRIPTION:
  case ODF_TAG_NOTE_CITATION:
  case ODF_TAG_RUBY_TEXT:
  case ODF_TAG_FOOTER_DECL:
    end_captured (reader, tag);
    return TRUE;
  case ODF_TAG_STYLES:
    reader->in_styles = FALSE;
    return TRUE;
  case ODF_TAG_MASTER_STYLES:
    reader->in_master = FALSE;
    return TRUE;
  case ODF_TAG_HEADER:
  case ODF_TAG_FOOTER:
  case ODF_TAG_MASTER_PAGE:
    return end_repeated (reader, tag, error);
  case ODF_TAG_PAGE:
    /* what hangs on the page */
    return flow_end_paragraph (odf_flow (reader), BLOCK_PARAGRAPH, 0, NULL, error);
  case ODF_TAG_FRAME:
  case ODF_TAG_A_SHAPE:
    return odf_end_shape (reader, tag, error);
  case ODF_TAG_OBJECT:
    return flow_end_aside (odf_flow (reader), error);
  case ODF_TAG_TABLE:
    return odf_end_table (reader, error);
  case ODF_TAG_ROW:
    flow_end_row (odf_flow (reader), FALSE);
    return TRUE;
  case ODF_TAG_CELL:
  case ODF_TAG_COVERED_CELL:
    return flow_end_cell (odf_flow (reader), error);
  default:
    return TRUE;
  }
}

/* A formula is a word of the paragraph that it stands in, or of the object that it is. */
static void
end_math (OdfReader *reader)
{
  mathml_finish (reader->math, flow_text (odf_flow (reader)));
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  OdfReader *reader = user_data;
  OdfTag tag;

  if (reader->skip_depth > 1) {
    reader->skip_depth--;
    return TRUE;
  }
  if (reader->math_depth > 0) {
    if (--reader->math_depth > 0) {
      mathml_end (reader->math);
      return TRUE;
    }
    end_math (reader);
  }
  tag = open_tag (reader);
  if (reader->open->len > 0)
    g_array_set_size (reader->open, reader->open->len - 1);
  if (reader->in_styles && tag != ODF_TAG_STYLES) {
    reader->skip_depth = 0;
    odf_styles_end (reader->odf->styles, name);
    return TRUE;
  }
  /* one that was left out has begun nothing */
  if (reader->skip_depth > 0) {
    reader->skip_depth = 0;
    return tag != ODF_TAG_COVERED_CELL || flow_end_cell (odf_flow (reader), error);
  }
  return end_known (reader, tag, error);
}

static gboolean
text_of_element (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  OdfReader *reader = user_data;

  if (reader->skip_depth > 0)
    return TRUE;
  if (reader->math_depth > 0)
    mathml_text (reader->math, text, bytes);
  else if (reader->capture)
    g_string_append_len (reader->captured, text, (gssize)bytes);
  else if (reader->paragraphs->len > 0)
    odf_append (reader, text, bytes);
  return TRUE;
}

/* --- one part ----------------------------------------------------------------------------------
 */

static void
reader_clear (OdfReader *reader)
{
  /* notes that a damaged part left open */
  while (reader->flows->len > 1)
    flow_free (g_ptr_array_steal_index (reader->flows, reader->flows->len - 1));
  g_ptr_array_unref (reader->flows);
  g_array_unref (reader->open);
  g_array_unref (reader->paragraphs);
  g_array_unref (reader->lists);
  g_array_unref (reader->tables);
  g_ptr_array_unref (reader->counters);
  g_hash_table_unref (reader->counters_by_id);
  g_hash_table_unref (reader->counters_by_style);
  g_string_free (reader->captured, TRUE);
  g_free (reader->author);
  g_free (reader->citation);
  mathml_free (reader->math);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OdfReader, reader_clear)

gboolean
odf_read (Odf *odf, GBytes *bytes, const char *base, Flow *body, char **damage, GError **error)
{
  static const XmlPartFuncs funcs = {start_element, end_element, text_of_element};
  g_auto (OdfReader) reader = {.odf = odf, .base = base};

  reader.flows = g_ptr_array_new ();
  g_ptr_array_add (reader.flows, body);
  reader.open = g_array_new (FALSE, FALSE, sizeof (guint8));
  reader.paragraphs = g_array_new (FALSE, TRUE, sizeof (OdfParagraph));
  g_array_set_clear_func (reader.paragraphs, odf_paragraph_clear);
  reader.lists = g_array_new (FALSE, TRUE, sizeof (OdfList));
  g_array_set_clear_func (reader.lists, odf_list_clear);
  reader.tables = g_array_new (FALSE, TRUE, sizeof (OdfTable));
  reader.counters = g_ptr_array_new_with_free_func (g_free);
  reader.counters_by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.counters_by_style = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.captured = g_string_new (NULL);
  reader.math = mathml_new ();
  if (!xml_part_read (bytes, &funcs, &reader, odf->sink, damage, error))
    return FALSE;
  while (reader.flows->len > 1)
    if (!odf_end_note (&reader, "", error))
      return FALSE;
  /* an object ends within the aside of its owner */
  return odf->n_objects_deep > 0 ? flow_end_paragraph (body, BLOCK_PARAGRAPH, 0, NULL, error)
                                 : flow_finish (body, error);
}
