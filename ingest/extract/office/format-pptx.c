/* Presentations (OOXML, ECMA-376 part 1, 19): slides in the order they are shown.
 *
 *     slide: title ─► shapes in reading order ─► comments ─► notes
 *     what repeats (footers, the text of layouts and masters) comes once, with the first slide
 */
#include "embedded.h"
#include "ingest/extract/formats.h"
#include "pptx.h"

#include <string.h>

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  Package *package;
  OpcRelationships *relationships; /* of the presentation */
  GPtrArray *slides;               /* (element-type utf8) names of parts, in order */
  GHashTable *bases;               /* name of a part -> PptxSheet: layouts, masters */
  GHashTable *authors;             /* id -> name, of comments */
  GHashTable *said;                /* texts that repeat */
  GHashTable *seen;                /* embedded parts */
} Pptx;

static void
free_sheet (gpointer sheet)
{
  pptx_sheet_free (sheet);
}

static void
pptx_clear (Pptx *pptx)
{
  g_clear_pointer (&pptx->package, package_free);
  g_clear_pointer (&pptx->relationships, opc_relationships_free);
  g_ptr_array_unref (pptx->slides);
  g_hash_table_unref (pptx->bases);
  g_hash_table_unref (pptx->authors);
  g_hash_table_unref (pptx->said);
  g_hash_table_unref (pptx->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pptx, pptx_clear)

static void
pptx_init (Pptx *pptx, const ExtractInput *input, ExtractSink *sink)
{
  pptx->input = input;
  pptx->sink = sink;
  pptx->slides = g_ptr_array_new_with_free_func (g_free);
  pptx->bases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_sheet);
  pptx->authors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  pptx->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  pptx->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* --- the presentation --------------------------------------------------------------------------
 */

static gboolean
start_presentation (gpointer user_data, const char *uri, const char *name,
                    const xmlChar **attributes, guint n_attributes, GError **error)
{
  Pptx *pptx = user_data;
  g_autofree char *id = NULL;
  const OpcRelationship *slide;

  if (strcmp (name, "sldId") != 0)
    return TRUE;
  id = opc_relationship_attribute (attributes, n_attributes, "id");
  slide = opc_relationship (pptx->relationships, id);
  if (slide != NULL && !slide->is_external && package_has (pptx->package, slide->target))
    g_ptr_array_add (pptx->slides, g_strdup (slide->target));
  else
    extract_warn (pptx->sink, "a slide is missing");
  return TRUE;
}

/* A presentation that does not say has the slides that belong to it, in the order of their names.
 */
static void
list_slides_by_relationship (Pptx *pptx)
{
  for (guint i = 0; i < opc_relationships_count (pptx->relationships); i++) {
    const OpcRelationship *relationship = opc_relationships_nth (pptx->relationships, i);

    if (strcmp (relationship->type, "slide") == 0 && !relationship->is_external)
      g_ptr_array_add (pptx->slides, g_strdup (relationship->target));
  }
}

static gboolean
read_presentation (Pptx *pptx, const char *part, GBytes *bytes, char **damage, GError **error)
{
  static const XmlPartFuncs funcs = {.start = start_presentation};
  static const char *const author_types[] = {"commentAuthors", "authors"};

  pptx->relationships = opc_relationships_read (pptx->package, part, pptx->sink, error);
  if (pptx->relationships == NULL ||
      !xml_part_read (bytes, &funcs, pptx, pptx->sink, damage, error))
    return FALSE;
  if (pptx->slides->len == 0)
    list_slides_by_relationship (pptx);
  for (guint i = 0; i < G_N_ELEMENTS (author_types); i++)
    if (!pptx_authors_read (pptx->package, opc_part_of_type (pptx->relationships, author_types[i]),
                            pptx->authors, pptx->sink, error))
      return FALSE;
  return TRUE;
}

/* --- slides ------------------------------------------------------------------------------------
 */

/* A layout or master, read once. part: (nullable). base: (optional) NULL where there is none. */
static gboolean
find_base (Pptx *pptx, const char *part, const PptxSheet **base, GError **error)
{
  PptxSheet *sheet;

  *base = part == NULL ? NULL : g_hash_table_lookup (pptx->bases, part);
  if (part == NULL || *base != NULL)
    return TRUE;
  sheet = pptx_sheet_read (pptx->package, part, NULL, 0, pptx->sink, error);
  if (sheet == NULL)
    return FALSE;
  g_hash_table_insert (pptx->bases, g_strdup (part), sheet);
  *base = sheet;
  return TRUE;
}

static gboolean
find_bases (Pptx *pptx, const char *slide, PptxBases *bases, GError **error)
{
  g_autoptr (OpcRelationships) relationships =
      opc_relationships_read (pptx->package, slide, pptx->sink, error);

  if (relationships == NULL ||
      !find_base (pptx, opc_part_of_type (relationships, "slideLayout"), &bases->layout, error))
    return FALSE;
  return bases->layout == NULL ||
         find_base (pptx, opc_part_of_type (bases->layout->relationships, "slideMaster"),
                    &bases->master, error);
}

static gboolean
is_title (const PptxShape *shape)
{
  return shape->placeholder == PPTX_TITLE || shape->placeholder == PPTX_CENTERED_TITLE;
}

static void
take_blocks (Flow *flow, PptxShape *shape)
{
  FlowBlocks *blocks = shape->blocks;

  shape->blocks = g_ptr_array_new ();
  flow_add_aside (flow, blocks);
}

static void
write_repeated (const Pptx *pptx, PptxShape *shape, Flow *flow)
{
  FlowBlocks *blocks = shape->blocks;

  shape->blocks = g_ptr_array_new ();
  flow_add_new (flow, blocks, pptx->said);
}

static void
write_shapes (const Pptx *pptx, PptxSheet *slide, Flow *flow)
{
  g_autoptr (GPtrArray) body = g_ptr_array_new ();

  for (guint i = 0; i < slide->shapes->len; i++) {
    PptxShape *shape = g_ptr_array_index (slide->shapes, i);

    if (is_title (shape))
      take_blocks (flow, shape);
    else if (shape->placeholder != PPTX_FOOTER && shape->placeholder != PPTX_SLIDE_NUMBER &&
             shape->blocks->len > 0)
      g_ptr_array_add (body, shape);
  }
  pptx_order (body);
  for (guint i = 0; i < body->len; i++)
    take_blocks (flow, g_ptr_array_index (body, i));
  for (guint i = 0; i < slide->shapes->len; i++) {
    PptxShape *shape = g_ptr_array_index (slide->shapes, i);

    if (shape->placeholder == PPTX_FOOTER)
      write_repeated (pptx, shape, flow);
  }
}

/* What a layout or master itself says on each of its slides; its placeholders are prompts. base:
 * (nullable). */
static void
write_base (const Pptx *pptx, const PptxSheet *base, Flow *flow)
{
  for (guint i = 0; base != NULL && i < base->shapes->len; i++) {
    PptxShape *shape = g_ptr_array_index (base->shapes, i);

    if (shape->placeholder != PPTX_NO_PLACEHOLDER)
      continue;
    write_repeated (pptx, shape, flow);
  }
}

static gboolean
write_comments (Pptx *pptx, const PptxSheet *slide, Flow *flow, GError **error)
{
  for (guint i = 0; i < opc_relationships_count (slide->relationships); i++) {
    const OpcRelationship *relationship = opc_relationships_nth (slide->relationships, i);

    if (strcmp (relationship->type, "comments") == 0 && !relationship->is_external &&
        !pptx_comments_read (pptx->package, relationship->target, pptx->authors, flow, pptx->sink,
                             error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_notes (Pptx *pptx, const PptxSheet *slide, guint page, Flow *flow, GError **error)
{
  const char *part = opc_part_of_type (slide->relationships, "notesSlide");
  g_autoptr (PptxSheet) notes = NULL;
  gboolean is_first = TRUE;

  if (part == NULL)
    return TRUE;
  notes = pptx_sheet_read (pptx->package, part, NULL, page, pptx->sink, error);
  for (guint i = 0; notes != NULL && i < notes->shapes->len; i++) {
    PptxShape *shape = g_ptr_array_index (notes->shapes, i);

    if (shape->blocks->len == 0 || shape->placeholder == PPTX_SLIDE_NUMBER)
      continue;
    if (shape->placeholder == PPTX_FOOTER) {
      write_repeated (pptx, shape, flow);
      continue;
    }
    if (is_first)
      flow_blocks_prefix (shape->blocks, "Notes: ");
    is_first = FALSE;
    take_blocks (flow, shape);
  }
  return notes != NULL;
}

static gboolean
read_slide (Pptx *pptx, const char *part, guint page, GError **error)
{
  PptxBases bases = {0};
  g_autoptr (PptxSheet) slide = NULL;
  g_autoptr (Flow) flow = flow_new (pptx->sink);

  if (!find_bases (pptx, part, &bases, error))
    return FALSE;
  slide = pptx_sheet_read (pptx->package, part, &bases, page, pptx->sink, error);
  if (slide == NULL)
    return FALSE;
  flow_set_page (flow, page);
  if (slide->is_hidden)
    flow_add_aside_text (flow, "(Hidden slide)");
  write_shapes (pptx, slide, flow);
  if (!slide->hides_master) {
    write_base (pptx, bases.layout, flow);
    if (bases.layout == NULL || !bases.layout->hides_master)
      write_base (pptx, bases.master, flow);
  }
  return write_comments (pptx, slide, flow, error) &&
         write_notes (pptx, slide, page, flow, error) && flow_finish (flow, error) &&
         embedded_read (pptx->input, pptx->package, slide->relationships, pptx->seen, pptx->sink,
                        error);
}

static gboolean
read_all (Pptx *pptx, const char *part, GBytes *presentation, char **damage, GError **error)
{
  if (!opc_read_properties (pptx->package, pptx->sink, error) ||
      !read_presentation (pptx, part, presentation, damage, error))
    return FALSE;
  extract_meta_uint (pptx->sink, "pages", pptx->slides->len);
  for (guint i = 0; i < pptx->slides->len; i++) {
    if (extract_time_is_up (pptx->sink))
      return extract_limit_error (error, "only the first %u slides, for lack of time", i);
    if (!read_slide (pptx, g_ptr_array_index (pptx->slides, i), i + 1, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
extract_read_pptx (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_auto (Pptx) pptx = {0};
  g_autofree char *part = NULL;
  g_autoptr (GBytes) presentation = NULL;
  g_autofree char *damage = NULL;

  pptx_init (&pptx, input, sink);
  pptx.package = package_open (input->bytes, sink, error);
  if (pptx.package == NULL)
    return FALSE;
  part = opc_main_part (pptx.package, "ppt/presentation.xml", sink, error);
  if (part == NULL || (presentation = package_read (pptx.package, part, error)) == NULL ||
      !read_all (&pptx, part, presentation, &damage, error))
    return FALSE;
  return opc_end_damaged (part, damage, sink, error);
}
