/* Elements of OpenDocument: where each begins and ends. */
#include "odf.h"

#include <string.h>

#define SPACES_MAX 1000
#define EMPTY_CELLS_MAX 256
#define OBJECT_DEPTH_MAX 4

typedef enum {
  TAG_OTHER,
  TAG_A_SHAPE, /* anything drawn that may hold text */
  TAG_ANNOTATION,
  TAG_BODY,
  TAG_CELL,
  TAG_COVERED_CELL,
  TAG_CREATOR,
  TAG_DESCRIPTION,
  TAG_FOOTER,
  TAG_FOOTER_DECL,
  TAG_FRAME,
  TAG_HEADER,
  TAG_HEADER_ROWS,
  TAG_HEADING,
  TAG_HIDDEN, /* unless it says that it is not */
  TAG_LINE_BREAK,
  TAG_LIST,
  TAG_LIST_HEADER,
  TAG_LIST_ITEM,
  TAG_MASTER_PAGE,
  TAG_MASTER_STYLES,
  TAG_MATH,
  TAG_NOTE,
  TAG_NOTE_BODY,
  TAG_NOTE_CITATION,
  TAG_NOTES,
  TAG_OBJECT,
  TAG_OBJECT_OLE,
  TAG_PAGE,
  TAG_PARAGRAPH,
  TAG_PRESENTATION,
  TAG_ROW,
  TAG_RUBY_TEXT,
  TAG_SECTION,
  TAG_SKIPPED,
  TAG_SPACES,
  TAG_SPAN,
  TAG_STYLES,
  TAG_TAB,
  TAG_TABLE,
} Tag;

/* Most names are of one namespace only; prefix: the end of its URI where they are not. */
static const struct {
  const char *name;
  Tag tag;
} tag_names[] = {
    {"annotation", TAG_ANNOTATION},
    {"automatic-styles", TAG_STYLES},
    {"alphabetical-index-source", TAG_SKIPPED},
    {"bibliography-source", TAG_SKIPPED},
    {"binary-data", TAG_SKIPPED},
    {"body", TAG_BODY},
    {"caption", TAG_A_SHAPE},
    {"circle", TAG_A_SHAPE},
    {"connector", TAG_A_SHAPE},
    {"covered-table-cell", TAG_COVERED_CELL},
    {"creator", TAG_CREATOR},
    {"custom-shape", TAG_A_SHAPE},
    {"date", TAG_CREATOR},
    {"desc", TAG_DESCRIPTION},
    {"drawing", TAG_PRESENTATION},
    {"ellipse", TAG_A_SHAPE},
    {"endnote", TAG_NOTE},
    {"endnote-body", TAG_NOTE_BODY},
    {"endnote-citation", TAG_NOTE_CITATION},
    {"event-listeners", TAG_SKIPPED},
    {"font-face-decls", TAG_SKIPPED},
    {"footer", TAG_FOOTER},
    {"footer-decl", TAG_FOOTER_DECL},
    {"footer-first", TAG_FOOTER},
    {"footer-left", TAG_FOOTER},
    {"footnote", TAG_NOTE},
    {"footnote-body", TAG_NOTE_BODY},
    {"footnote-citation", TAG_NOTE_CITATION},
    {"forms", TAG_SKIPPED},
    {"frame", TAG_FRAME},
    {"h", TAG_HEADING},
    {"header", TAG_HEADER},
    {"header-decl", TAG_FOOTER_DECL},
    {"header-first", TAG_HEADER},
    {"header-left", TAG_HEADER},
    {"hidden-paragraph", TAG_HIDDEN},
    {"hidden-text", TAG_HIDDEN},
    {"illustration-index-source", TAG_SKIPPED},
    {"line", TAG_A_SHAPE},
    {"line-break", TAG_LINE_BREAK},
    {"list", TAG_LIST},
    {"list-header", TAG_LIST_HEADER},
    {"list-item", TAG_LIST_ITEM},
    {"master-page", TAG_MASTER_PAGE},
    {"master-styles", TAG_MASTER_STYLES},
    {"math", TAG_MATH},
    {"measure", TAG_A_SHAPE},
    {"meta", TAG_SKIPPED},
    {"note", TAG_NOTE},
    {"note-body", TAG_NOTE_BODY},
    {"note-citation", TAG_NOTE_CITATION},
    {"notes", TAG_NOTES},
    {"object", TAG_OBJECT},
    {"object-index-source", TAG_SKIPPED},
    {"object-ole", TAG_OBJECT_OLE},
    {"ordered-list", TAG_LIST},
    {"p", TAG_PARAGRAPH},
    {"page", TAG_PAGE},
    {"path", TAG_A_SHAPE},
    {"polygon", TAG_A_SHAPE},
    {"polyline", TAG_A_SHAPE},
    {"presentation", TAG_PRESENTATION},
    {"rect", TAG_A_SHAPE},
    {"regular-polygon", TAG_A_SHAPE},
    {"ruby-text", TAG_RUBY_TEXT},
    {"s", TAG_SPACES},
    {"script", TAG_SKIPPED},
    {"scripts", TAG_SKIPPED},
    {"section", TAG_SECTION},
    {"settings", TAG_SKIPPED},
    {"span", TAG_SPAN},
    {"styles", TAG_STYLES},
    {"tab", TAG_TAB},
    {"tab-stop", TAG_TAB},
    {"table", TAG_TABLE},
    {"table-cell", TAG_CELL},
    {"table-header-rows", TAG_HEADER_ROWS},
    {"table-index-source", TAG_SKIPPED},
    {"table-of-content-source", TAG_SKIPPED},
    {"table-row", TAG_ROW},
    {"text-box", TAG_A_SHAPE},
    {"title", TAG_DESCRIPTION},
    {"tracked-changes", TAG_SKIPPED},
    {"unordered-list", TAG_LIST},
    {"user-index-source", TAG_SKIPPED},
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
static Tag
tag_of (const OdfReader *reader, const char *uri, const char *name)
{
  Tag tag = GPOINTER_TO_UINT (g_hash_table_lookup (reader->odf->tags, name));

  switch (tag) {
  case TAG_CREATOR:
    return is_of (uri, "purl.org/dc") ? tag : TAG_OTHER;
  case TAG_DESCRIPTION:
    return is_of (uri, "svg") ? tag : TAG_OTHER;
  case TAG_A_SHAPE:
  case TAG_PAGE:
    return is_of (uri, "drawing") ? tag : TAG_OTHER;
  case TAG_NOTES:
  case TAG_FOOTER_DECL:
    return is_of (uri, "presentation") ? tag : TAG_OTHER;
  case TAG_FOOTER:
  case TAG_HEADER:
    return is_of (uri, "style") ? tag : TAG_OTHER;
  case TAG_SKIPPED:
    /* text:meta is a span */
    return strcmp (name, "meta") != 0 || is_of (uri, "office") ? tag : TAG_OTHER;
  case TAG_PARAGRAPH:
    return is_of (uri, "text") ? tag : TAG_OTHER;
  case TAG_TABLE:
    return is_of (uri, "table") ? tag : TAG_OTHER;
  case TAG_PRESENTATION:
  case TAG_STYLES:
    return is_of (uri, "office") ? tag : TAG_OTHER;
  default:
    return tag;
  }
}

static Tag
open_tag (const OdfReader *reader)
{
  return reader->open->len == 0 ? TAG_OTHER
                                : (Tag)g_array_index (reader->open, guint8, reader->open->len - 1);
}

/* --- tables ------------------------------------------------------------------------------------
 */

/* (nullable) */
static OdfTable *
open_table (const OdfReader *reader)
{
  return reader->tables->len == 0
             ? NULL
             : &g_array_index (reader->tables, OdfTable, reader->tables->len - 1);
}

static void
begin_table (OdfReader *reader)
{
  g_array_set_size (reader->tables, reader->tables->len + 1);
  flow_begin_table (odf_flow (reader));
}

static gboolean
end_table (OdfReader *reader, GError **error)
{
  const OdfTable *table = open_table (reader);
  FlowHeader header = table != NULL && table->has_header ? FLOW_HEADER_SURE : FLOW_HEADER_LIKELY;

  if (table != NULL)
    g_array_set_size (reader->tables, reader->tables->len - 1);
  return flow_end_table (odf_flow (reader), header, error);
}

static void
begin_row (OdfReader *reader)
{
  if (open_table (reader) != NULL)
    open_table (reader)->pending_cells = 0;
  flow_begin_row (odf_flow (reader));
}

/* Cells that repeat are empty ones, in files that people make; a text is not said twice. */
static gboolean
start_cell (OdfReader *reader, Tag tag, const xmlChar **attributes, guint n_attributes,
            GError **error)
{
  guint repeated =
      (guint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "number-columns-repeated", 1),
                    1, EMPTY_CELLS_MAX);

  OdfTable *table = open_table (reader);
  Flow *flow = odf_flow (reader);

  if (table != NULL && table->pending_cells > 0) {
    flow_begin_cell (flow, table->pending_cells);
    if (!flow_end_cell (flow, error))
      return FALSE;
  }
  if (table != NULL)
    table->pending_cells = repeated - 1;
  flow_begin_cell (flow, 1);
  if (tag == TAG_COVERED_CELL)
    reader->skip_depth = 1;
  return TRUE;
}

/* --- objects -----------------------------------------------------------------------------------
 */

/* "./Object 1": a chart or a formula, with its own content.xml; or one file, which is a member. */
static gboolean
read_object (OdfReader *reader, const char *href, GError **error)
{
  Odf *odf = reader->odf;
  g_autofree char *name = NULL;
  g_autofree char *content = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *damage = NULL;
  g_autoptr (GBytes) bytes = NULL;
  OdfStyles *styles = odf->styles;
  gboolean done;

  if (odf->package == NULL || href == NULL || strstr (href, "://") != NULL)
    return TRUE;
  name = package_resolve (reader->base, href);
  if (!g_hash_table_add (odf->objects, g_strdup (name)))
    return TRUE;
  content = g_strconcat (name, "/content.xml", NULL);
  if (!package_has (odf->package, content)) {
    if (package_has (odf->package, name))
      g_ptr_array_add (odf->embedded, g_steal_pointer (&name));
    return TRUE;
  }
  if (odf->n_objects_deep >= OBJECT_DEPTH_MAX)
    return TRUE;
  if (!opc_read_part (odf->package, content, odf->sink, &bytes, error))
    return FALSE;
  folder = g_strconcat (name, "/", NULL);
  odf->n_objects_deep++;
  /* its automatic styles are its own */
  odf->styles = odf_styles_new ();
  flow_begin_aside (odf_flow (reader));
  done = bytes == NULL || odf_read (odf, bytes, folder, odf_flow (reader), &damage, error);
  odf_styles_free (odf->styles);
  odf->styles = styles;
  odf->n_objects_deep--;
  return done && flow_end_aside (odf_flow (reader), error);
}

/* --- pages of shapes ---------------------------------------------------------------------------
 */

static gboolean
start_page (OdfReader *reader, const xmlChar **attributes, guint n_attributes, GError **error)
{
  g_autofree char *style = xml_part_attribute (attributes, n_attributes, "style-name");

  if (reader->in_master || !reader->odf->is_drawing)
    return TRUE;
  flow_set_page (odf_flow (reader), ++reader->odf->page);
  if (odf_style (reader->odf->styles, "drawing-page", style).is_hidden)
    flow_add_aside_text (odf_flow (reader), "(Hidden slide)");
  return TRUE;
}

static gboolean
end_title (OdfReader *reader, GError **error)
{
  if (!reader->is_title)
    return TRUE;
  reader->is_title = FALSE;
  return flow_end_paragraph (odf_flow (reader), BLOCK_HEADING, reader->odf->page > 1 ? 2 : 1, NULL,
                             error);
}

/* Prompts of a master are no text. */
static gboolean
is_prompt (const OdfReader *reader, const xmlChar **attributes, guint n_attributes)
{
  return (reader->in_master &&
          (xml_part_attribute_is (attributes, n_attributes, "placeholder", "true") ||
           xml_part_attribute_is (attributes, n_attributes, "class", "page-number") ||
           xml_part_attribute_is (attributes, n_attributes, "class", "date-time") ||
           xml_part_attribute_is (attributes, n_attributes, "class", "footer") ||
           xml_part_attribute_is (attributes, n_attributes, "class", "header"))) ||
         (reader->odf->is_drawing &&
          xml_part_attribute_is (attributes, n_attributes, "placeholder", "true"));
}

static gboolean
start_shape (OdfReader *reader, Tag tag, const xmlChar **attributes, guint n_attributes)
{
  if (is_prompt (reader, attributes, n_attributes)) {
    reader->skip_depth = 1;
    return TRUE;
  }
  flow_begin_aside (odf_flow (reader));
  if (tag == TAG_FRAME && reader->odf->is_drawing && !reader->in_master)
    reader->is_title = xml_part_attribute_is (attributes, n_attributes, "class", "title");
  return TRUE;
}

static gboolean
end_shape (OdfReader *reader, Tag tag, GError **error)
{
  Flow *flow = odf_flow (reader);

  /* the text box within the frame is what holds the title */
  if (tag != TAG_FRAME && !end_title (reader, error))
    return FALSE;
  if (tag == TAG_FRAME)
    reader->is_title = FALSE;
  return flow_end_aside (flow, error);
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
start_text_element (OdfReader *reader, Tag tag, const char *name, const xmlChar **attributes,
                    guint n_attributes)
{
  switch (tag) {
  case TAG_PARAGRAPH:
  case TAG_HEADING:
    odf_begin_paragraph (reader, tag == TAG_HEADING, attributes, n_attributes);
    return TRUE;
  case TAG_LIST:
    odf_begin_list (reader, attributes, n_attributes);
    return TRUE;
  case TAG_LIST_ITEM:
  case TAG_LIST_HEADER:
    odf_begin_item (reader, tag == TAG_LIST_ITEM, attributes, n_attributes);
    return TRUE;
  case TAG_SPACES:
    odf_append_space (
        reader, ' ',
        (guint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "c", 1), 1, SPACES_MAX));
    return TRUE;
  case TAG_TAB:
    odf_append_space (reader, '\t', 1);
    return TRUE;
  case TAG_LINE_BREAK:
    odf_append_space (reader, '\n', 1);
    return TRUE;
  case TAG_SPAN:
    start_span (reader, attributes, n_attributes);
    return TRUE;
  case TAG_SECTION:
    start_section (reader, attributes, n_attributes);
    return TRUE;
  case TAG_HIDDEN:
    start_hidden (reader, name, attributes, n_attributes);
    return TRUE;
  case TAG_ANNOTATION:
    begin_annotation (reader);
    return TRUE;
  case TAG_NOTE_BODY:
  case TAG_NOTES:
    odf_begin_note (reader);
    return TRUE;
  case TAG_CREATOR:
  case TAG_DESCRIPTION:
  case TAG_NOTE_CITATION:
  case TAG_RUBY_TEXT:
  case TAG_FOOTER_DECL:
    begin_capture (reader);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
start_object (OdfReader *reader, Tag tag, const xmlChar **attributes, guint n_attributes,
              GError **error)
{
  g_autofree char *href = xml_part_attribute (attributes, n_attributes, "href");

  if (tag == TAG_OBJECT)
    flow_begin_aside (odf_flow (reader));
  return read_object (reader, href, error);
}

static gboolean
start_known (OdfReader *reader, Tag tag, const char *name, const xmlChar **attributes,
             guint n_attributes, GError **error)
{
  if (start_text_element (reader, tag, name, attributes, n_attributes))
    return TRUE;
  switch (tag) {
  case TAG_SKIPPED:
    reader->skip_depth = 1;
    return TRUE;
  case TAG_STYLES:
    reader->in_styles = !reader->has_body;
    reader->skip_depth = reader->has_body;
    return TRUE;
  case TAG_MASTER_STYLES:
    reader->in_master = TRUE;
    return TRUE;
  case TAG_BODY:
    reader->has_body = TRUE;
    return TRUE;
  case TAG_PRESENTATION:
    reader->odf->is_drawing |= reader->odf->n_objects_deep == 0;
    return TRUE;
  case TAG_PAGE:
    return start_page (reader, attributes, n_attributes, error);
  case TAG_HEADER:
  case TAG_FOOTER:
  case TAG_MASTER_PAGE:
    if (reader->in_master)
      odf_begin_note (reader);
    return TRUE;
  case TAG_FRAME:
  case TAG_A_SHAPE:
    return start_shape (reader, tag, attributes, n_attributes);
  case TAG_OBJECT:
  case TAG_OBJECT_OLE:
    return start_object (reader, tag, attributes, n_attributes, error);
  case TAG_TABLE:
    begin_table (reader);
    return TRUE;
  case TAG_HEADER_ROWS:
    if (open_table (reader) != NULL)
      open_table (reader)->has_header = TRUE;
    return TRUE;
  case TAG_ROW:
    begin_row (reader);
    return TRUE;
  case TAG_CELL:
  case TAG_COVERED_CELL:
    return start_cell (reader, tag, attributes, n_attributes, error);
  case TAG_MATH:
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
  tag = (guint8)tag_of (reader, uri, name);
  g_array_append_val (reader->open, tag);
  if (reader->in_styles && tag != TAG_SKIPPED && tag != TAG_STYLES) {
    odf_styles_start (reader->odf->styles, name, attributes, n_attributes);
    return TRUE;
  }
  return tag == TAG_OTHER || start_known (reader, (Tag)tag, name, attributes, n_attributes, error);
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
end_captured (OdfReader *reader, Tag tag)
{
  g_autofree char *text = end_capture (reader);

  if (tag == TAG_DESCRIPTION) {
    flow_add_description (odf_flow (reader), text);
  } else if (tag == TAG_CREATOR) {
    /* dc:date comes after dc:creator */
    if (reader->author == NULL)
      reader->author = g_steal_pointer (&text);
  } else if (tag == TAG_FOOTER_DECL) {
    g_autoptr (Flow) flow = flow_new (NULL);

    flow_add_aside_text (flow, text);
    if (flow_end_paragraph (flow, BLOCK_PARAGRAPH, 0, NULL, NULL))
      g_ptr_array_extend_and_steal (reader->odf->footers, flow_take (flow));
  } else if (tag == TAG_RUBY_TEXT && *text != '\0') {
    g_autofree char *in_parentheses = g_strdup_printf (" (%s)", text);

    odf_append (reader, in_parentheses, strlen (in_parentheses));
  } else if (tag == TAG_NOTE_CITATION) {
    g_autofree char *mark = g_strdup_printf ("[%s]", text);

    odf_append (reader, mark, strlen (mark));
    g_free (reader->citation);
    reader->citation = g_steal_pointer (&text);
  }
}

/* What stands on every page: kept apart, for it is said once. */
static gboolean
end_repeated (OdfReader *reader, Tag tag, GError **error)
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
  g_ptr_array_extend_and_steal (tag == TAG_HEADER ? reader->odf->headers : reader->odf->footers,
                                blocks);
  return TRUE;
}

static gboolean
end_known (OdfReader *reader, Tag tag, GError **error)
{
  OdfParagraph *paragraph = odf_paragraph (reader);

  switch (tag) {
  case TAG_PARAGRAPH:
  case TAG_HEADING:
    return odf_end_paragraph (reader, error);
  case TAG_LIST:
    odf_end_list (reader);
    return TRUE;
  case TAG_SPAN:
    if (paragraph != NULL && paragraph->hidden_depth > 0)
      paragraph->hidden_depth--;
    return TRUE;
  case TAG_ANNOTATION:
    return end_annotation (reader, error);
  case TAG_NOTE_BODY:
    return end_note_body (reader, error);
  case TAG_NOTES:
    return odf_end_note (reader, "Notes: ", error);
  case TAG_CREATOR:
  case TAG_DESCRIPTION:
  case TAG_NOTE_CITATION:
  case TAG_RUBY_TEXT:
  case TAG_FOOTER_DECL:
    end_captured (reader, tag);
    return TRUE;
  case TAG_STYLES:
    reader->in_styles = FALSE;
    return TRUE;
  case TAG_MASTER_STYLES:
    reader->in_master = FALSE;
    return TRUE;
  case TAG_HEADER:
  case TAG_FOOTER:
  case TAG_MASTER_PAGE:
    return end_repeated (reader, tag, error);
  case TAG_PAGE:
    /* what hangs on the page */
    return flow_end_paragraph (odf_flow (reader), BLOCK_PARAGRAPH, 0, NULL, error);
  case TAG_FRAME:
  case TAG_A_SHAPE:
    return end_shape (reader, tag, error);
  case TAG_OBJECT:
    return flow_end_aside (odf_flow (reader), error);
  case TAG_TABLE:
    return end_table (reader, error);
  case TAG_ROW:
    flow_end_row (odf_flow (reader), FALSE);
    return TRUE;
  case TAG_CELL:
  case TAG_COVERED_CELL:
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
  Tag tag;

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
  if (reader->in_styles && tag != TAG_STYLES) {
    reader->skip_depth = 0;
    odf_styles_end (reader->odf->styles, name);
    return TRUE;
  }
  /* one that was left out has begun nothing */
  if (reader->skip_depth > 0) {
    reader->skip_depth = 0;
    return tag != TAG_COVERED_CELL || flow_end_cell (odf_flow (reader), error);
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
