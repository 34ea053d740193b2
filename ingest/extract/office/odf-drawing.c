/* What is drawn, and tables: shapes, slides, objects within objects (ODF 1.3 part 3, 9 to 12). */
#include "odf.h"

#include <string.h>

#define EMPTY_CELLS_MAX 256
#define OBJECT_DEPTH_MAX 4

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

void
odf_begin_table (OdfReader *reader)
{
  g_array_set_size (reader->tables, reader->tables->len + 1);
  flow_begin_table (odf_flow (reader));
}

gboolean
odf_end_table (OdfReader *reader, GError **error)
{
  const OdfTable *table = open_table (reader);
  FlowHeader header = table != NULL && table->has_header ? FLOW_HEADER_SURE : FLOW_HEADER_LIKELY;

  if (table != NULL)
    g_array_set_size (reader->tables, reader->tables->len - 1);
  return flow_end_table (odf_flow (reader), header, error);
}

void
odf_begin_row (OdfReader *reader)
{
  if (open_table (reader) != NULL)
    open_table (reader)->pending_cells = 0;
  flow_begin_row (odf_flow (reader));
}

/* Cells that repeat are empty ones, in files that people make; a text is not said twice. */
gboolean
odf_start_cell (OdfReader *reader, OdfTag tag, const xmlChar **attributes, guint n_attributes,
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
  if (tag == ODF_TAG_COVERED_CELL)
    reader->skip_depth = 1;
  return TRUE;
}

void
odf_begin_header_rows (OdfReader *reader)
{
  OdfTable *table = open_table (reader);

  if (table != NULL)
    table->has_header = TRUE;
}

/* --- objects -----------------------------------------------------------------------------------
 */

/* "./Object 1": a chart or a formula, with its own content.xml; or one file, which is a member. */
gboolean
odf_read_object (OdfReader *reader, const char *href, GError **error)
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

gboolean
odf_start_page (OdfReader *reader, const xmlChar **attributes, guint n_attributes, GError **error)
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

gboolean
odf_start_shape (OdfReader *reader, OdfTag tag, const xmlChar **attributes, guint n_attributes)
{
  if (is_prompt (reader, attributes, n_attributes)) {
    reader->skip_depth = 1;
    return TRUE;
  }
  flow_begin_aside (odf_flow (reader));
  if (tag == ODF_TAG_FRAME && reader->odf->is_drawing && !reader->in_master)
    reader->is_title = xml_part_attribute_is (attributes, n_attributes, "class", "title");
  return TRUE;
}

gboolean
odf_end_shape (OdfReader *reader, OdfTag tag, GError **error)
{
  Flow *flow = odf_flow (reader);

  /* the text box within the frame is what holds the title */
  if (tag != ODF_TAG_FRAME && !end_title (reader, error))
    return FALSE;
  if (tag == ODF_TAG_FRAME)
    reader->is_title = FALSE;
  return flow_end_aside (flow, error);
}
