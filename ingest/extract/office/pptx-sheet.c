/* The shapes of a slide, a layout, a master or a page of notes: what they are, where they stand. */
#include "chart.h"
#include "pptx.h"

#include <string.h>

typedef struct {
  double x, y;          /* a:off */
  double width, height; /* a:ext */
  double child_x, child_y;
  double child_width, child_height;
} Transform;

typedef struct {
  Package *package;
  ExtractSink *sink;
  PptxSheet *sheet;
  const PptxBases *bases;
  guint page;
  PptxText *text;

  PptxShape *shape;  /* (nullable) that is open */
  guint shape_depth; /* open elements since it began; pictures stand in for objects within others */
  gboolean is_hidden;
  GArray *groups;      /* (element-type Transform) open groups */
  Transform transform; /* that is being read */
  gboolean in_transform;
  gboolean in_body_style;
  gint style_level;
  guint skip_depth;
  GArray *choices; /* (element-type guint64) as in docx.h */
} SheetReader;

static void
free_shape (gpointer data)
{
  PptxShape *shape = data;

  g_ptr_array_unref (shape->blocks);
  g_free (shape);
}

void
pptx_sheet_free (PptxSheet *sheet)
{
  if (sheet == NULL)
    return;
  g_free (sheet->part);
  g_clear_pointer (&sheet->relationships, opc_relationships_free);
  g_ptr_array_unref (sheet->shapes);
  g_free (sheet);
}

const PptxShape *
pptx_sheet_base (const PptxSheet *sheet, PptxPlaceholder placeholder, guint index,
                 gboolean is_master)
{
  const PptxShape *same_kind = NULL;

  /* a master has one of each kind; a layout tells those of one kind apart by their index */
  if (placeholder == PPTX_CENTERED_TITLE && is_master)
    placeholder = PPTX_TITLE;
  if (placeholder == PPTX_SUBTITLE && is_master)
    placeholder = PPTX_BODY;
  for (guint i = 0; i < sheet->shapes->len; i++) {
    const PptxShape *shape = g_ptr_array_index (sheet->shapes, i);

    if (shape->placeholder == PPTX_NO_PLACEHOLDER)
      continue;
    if (!is_master && shape->index == index && index > 0)
      return shape;
    if (shape->placeholder == placeholder && same_kind == NULL)
      same_kind = shape;
  }
  return same_kind;
}

/* --- placement ---------------------------------------------------------------------------------
 */

static double
number_of (const xmlChar **attributes, guint n_attributes, const char *name)
{
  return (double)xml_part_attribute_int (attributes, n_attributes, name, 0);
}

static void
take_transform (SheetReader *reader, const char *name, const xmlChar **attributes,
                guint n_attributes)
{
  Transform *transform = &reader->transform;

  if (strcmp (name, "off") == 0) {
    transform->x = number_of (attributes, n_attributes, "x");
    transform->y = number_of (attributes, n_attributes, "y");
  } else if (strcmp (name, "ext") == 0) {
    transform->width = number_of (attributes, n_attributes, "cx");
    transform->height = number_of (attributes, n_attributes, "cy");
  } else if (strcmp (name, "chOff") == 0) {
    transform->child_x = number_of (attributes, n_attributes, "x");
    transform->child_y = number_of (attributes, n_attributes, "y");
  } else if (strcmp (name, "chExt") == 0) {
    transform->child_width = number_of (attributes, n_attributes, "cx");
    transform->child_height = number_of (attributes, n_attributes, "cy");
  }
}

/* Where a box of a group's own measure is on the slide. */
static void
place_in_groups (const SheetReader *reader, PptxBox *box)
{
  for (guint i = reader->groups->len; i > 0; i--) {
    const Transform *group = &g_array_index (reader->groups, Transform, i - 1);
    double x_scale = group->child_width > 0 ? group->width / group->child_width : 1;
    double y_scale = group->child_height > 0 ? group->height / group->child_height : 1;

    box->x = group->x + (box->x - group->child_x) * x_scale;
    box->y = group->y + (box->y - group->child_y) * y_scale;
    box->width *= x_scale;
    box->height *= y_scale;
  }
}

static void
end_transform (SheetReader *reader)
{
  const Transform *transform = &reader->transform;

  reader->in_transform = FALSE;
  if (reader->shape == NULL) {
    if (reader->groups->len > 0)
      g_array_index (reader->groups, Transform, reader->groups->len - 1) = *transform;
    return;
  }
  if (reader->shape->box.is_known)
    return;
  reader->shape->box =
      (PptxBox){TRUE, transform->x, transform->y, transform->width, transform->height};
  place_in_groups (reader, &reader->shape->box);
}

static void
inherit_box (const SheetReader *reader, PptxShape *shape)
{
  if (reader->bases == NULL || shape->placeholder == PPTX_NO_PLACEHOLDER)
    return;
  for (guint i = 0; i < 2 && !shape->box.is_known; i++) {
    const PptxSheet *sheet = i == 0 ? reader->bases->layout : reader->bases->master;
    const PptxShape *base =
        sheet == NULL ? NULL : pptx_sheet_base (sheet, shape->placeholder, shape->index, i > 0);

    if (base != NULL)
      shape->box = base->box;
  }
}

/* --- shapes ------------------------------------------------------------------------------------
 */

static gboolean
is_shape (const char *name)
{
  static const char *const names[] = {"sp", "pic", "graphicFrame", "cxnSp", "contentPart", NULL};

  return g_strv_contains (names, name);
}

static void
begin_shape (SheetReader *reader)
{
  reader->shape = g_new0 (PptxShape, 1);
  reader->shape->blocks = g_ptr_array_new ();
  reader->shape_depth = 0;
  reader->is_hidden = FALSE;
  g_ptr_array_add (reader->sheet->shapes, reader->shape);
  pptx_text_begin_shape (reader->text, reader->shape, reader->bases, reader->page);
}

static gboolean
end_shape (SheetReader *reader, GError **error)
{
  PptxShape *shape = g_steal_pointer (&reader->shape);

  if (!pptx_text_end_shape (reader->text, error))
    return FALSE;
  inherit_box (reader, shape);
  if (reader->is_hidden)
    g_ptr_array_set_size (reader->sheet->shapes, (int)reader->sheet->shapes->len - 1);
  return TRUE;
}

static void
take_placeholder (PptxShape *shape, const xmlChar **attributes, guint n_attributes)
{
  static const struct {
    const char *type;
    PptxPlaceholder placeholder;
  } types[] = {{"title", PPTX_TITLE},         {"ctrTitle", PPTX_CENTERED_TITLE},
               {"subTitle", PPTX_SUBTITLE},   {"ftr", PPTX_FOOTER},
               {"hdr", PPTX_FOOTER},          {"dt", PPTX_FOOTER},
               {"sldNum", PPTX_SLIDE_NUMBER}, {"sldImg", PPTX_SLIDE_NUMBER}};

  shape->placeholder = PPTX_BODY;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (xml_part_attribute_is (attributes, n_attributes, "type", types[i].type))
      shape->placeholder = types[i].placeholder;
  shape->index =
      (guint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "idx", 0), 0, G_MAXINT32);
}

/* The name, the alternative text: p:cNvPr of a shape, not of one inside of it. */
static void
take_description (SheetReader *reader, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *text = NULL;

  if (xml_part_attribute_is (attributes, n_attributes, "hidden", "1") ||
      xml_part_attribute_is (attributes, n_attributes, "hidden", "true"))
    reader->is_hidden = TRUE;
  text = xml_part_attribute (attributes, n_attributes, "descr");
  if (text != NULL)
    flow_add_description (pptx_text_flow (reader->text), text);
}

/* It stands before its text, in the properties of a run. */
static void
begin_link (SheetReader *reader, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *id = opc_relationship_attribute (attributes, n_attributes, "id");
  const OpcRelationship *relationship = opc_relationship (reader->sheet->relationships, id);

  if (relationship != NULL && relationship->is_external)
    flow_begin_link (pptx_text_flow (reader->text), relationship->target);
}

static gboolean
start_in_shape (SheetReader *reader, const char *uri, const char *name, const xmlChar **attributes,
                guint n_attributes, GError **error)
{
  Flow *flow = pptx_text_flow (reader->text);

  reader->shape_depth++;
  if (strcmp (name, "cNvPr") == 0 && reader->shape_depth == 2)
    take_description (reader, attributes, n_attributes);
  else if (strcmp (name, "ph") == 0)
    take_placeholder (reader->shape, attributes, n_attributes);
  else if (strcmp (name, "chart") == 0)
    return chart_read (
        reader->package,
        opc_attribute_part (reader->sheet->relationships, attributes, n_attributes, "id"), flow,
        reader->sink, error);
  else if (strcmp (name, "relIds") == 0)
    return diagram_read (
        reader->package,
        opc_attribute_part (reader->sheet->relationships, attributes, n_attributes, "dm"), flow,
        reader->sink, error);
  else if (strcmp (name, "hlinkClick") == 0)
    begin_link (reader, attributes, n_attributes);
  else
    return pptx_text_start (reader->text, uri, name, attributes, n_attributes, error);
  return TRUE;
}

static gboolean
is_off (const xmlChar **attributes, guint n_attributes, const char *name)
{
  return xml_part_attribute_is (attributes, n_attributes, name, "0") ||
         xml_part_attribute_is (attributes, n_attributes, name, "false");
}

/* Outside of shapes. */
static void
start_in_sheet (SheetReader *reader, const char *name, const xmlChar **attributes,
                guint n_attributes)
{
  PptxBullet bullet;

  if (strcmp (name, "sld") == 0 || strcmp (name, "sldLayout") == 0) {
    reader->sheet->is_hidden = is_off (attributes, n_attributes, "show");
    reader->sheet->hides_master = is_off (attributes, n_attributes, "showMasterSp");
  } else if (strcmp (name, "grpSp") == 0) {
    g_array_set_size (reader->groups, reader->groups->len + 1);
  } else if (strcmp (name, "bodyStyle") == 0) {
    reader->in_body_style = TRUE;
  } else if (is_shape (name)) {
    begin_shape (reader);
  } else if (reader->in_body_style) {
    bullet = pptx_bullet_of (name);
    if (pptx_level_of (name) >= 0)
      reader->style_level = pptx_level_of (name);
    else if (bullet != PPTX_BULLET_UNKNOWN && reader->style_level >= 0)
      reader->sheet->body_bullets[reader->style_level] = (guint8)bullet;
  }
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n_attributes, GError **error)
{
  SheetReader *reader = user_data;
  guint64 written = pptx_text_written (reader->text) + reader->sheet->shapes->len;

  if (reader->skip_depth > 0) {
    reader->skip_depth++;
    return TRUE;
  }
  if (strcmp (name, "extLst") == 0 || strcmp (name, "timing") == 0 ||
      strcmp (name, "transition") == 0) {
    reader->skip_depth = 1;
  } else if (strcmp (name, "AlternateContent") == 0) {
    g_array_append_val (reader->choices, written);
  } else if (strcmp (name, "Choice") == 0 || strcmp (name, "Fallback") == 0) {
    reader->skip_depth =
        reader->choices->len > 0 &&
        written > g_array_index (reader->choices, guint64, reader->choices->len - 1);
  } else if (strcmp (name, "xfrm") == 0) {
    reader->in_transform = TRUE;
    reader->transform = (Transform){0};
    reader->shape_depth += reader->shape != NULL;
  } else if (reader->in_transform) {
    take_transform (reader, name, attributes, n_attributes);
    reader->shape_depth += reader->shape != NULL;
  } else if (reader->shape != NULL) {
    return start_in_shape (reader, uri, name, attributes, n_attributes, error);
  } else {
    start_in_sheet (reader, name, attributes, n_attributes);
  }
  return TRUE;
}

static gboolean
end_in_shape (SheetReader *reader, const char *uri, const char *name, GError **error)
{
  if (reader->shape_depth == 0)
    return end_shape (reader, error);
  reader->shape_depth--;
  if (reader->in_transform)
    return TRUE;
  if (strcmp (name, "r") == 0)
    flow_end_link (pptx_text_flow (reader->text));
  return pptx_text_end (reader->text, uri, name, error);
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  SheetReader *reader = user_data;

  if (reader->skip_depth > 0) {
    reader->skip_depth--;
    return TRUE;
  }
  if (strcmp (name, "AlternateContent") == 0) {
    if (reader->choices->len > 0)
      g_array_set_size (reader->choices, reader->choices->len - 1);
    return TRUE;
  }
  if (strcmp (name, "Choice") == 0 || strcmp (name, "Fallback") == 0)
    return TRUE;
  if (strcmp (name, "xfrm") == 0)
    end_transform (reader);
  if (reader->shape != NULL)
    return end_in_shape (reader, uri, name, error);
  if (strcmp (name, "grpSp") == 0 && reader->groups->len > 0)
    g_array_set_size (reader->groups, reader->groups->len - 1);
  else if (strcmp (name, "bodyStyle") == 0)
    reader->in_body_style = FALSE;
  return TRUE;
}

static gboolean
text_of_element (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  SheetReader *reader = user_data;

  if (reader->skip_depth == 0 && reader->shape != NULL)
    pptx_text_characters (reader->text, text, bytes);
  return TRUE;
}

static gboolean
read_shapes (SheetReader *reader, GError **error)
{
  static const XmlPartFuncs funcs = {start_element, end_element, text_of_element};

  if (!opc_parse_part (reader->package, reader->sheet->part, &funcs, reader, reader->sink, NULL,
                       error))
    return FALSE;
  /* a part that ends early */
  return reader->shape == NULL || end_shape (reader, error);
}

PptxSheet *
pptx_sheet_read (Package *package, const char *part, const PptxBases *bases, guint page,
                 ExtractSink *sink, GError **error)
{
  g_autoptr (PptxSheet) sheet = g_new0 (PptxSheet, 1);
  g_autoptr (PptxText) text = pptx_text_new ();
  g_autoptr (GArray) groups = g_array_new (FALSE, TRUE, sizeof (Transform));
  g_autoptr (GArray) choices = g_array_new (FALSE, FALSE, sizeof (guint64));
  SheetReader reader = {.package = package,
                        .sink = sink,
                        .sheet = sheet,
                        .bases = bases,
                        .page = page,
                        .text = text,
                        .groups = groups,
                        .choices = choices,
                        .style_level = -1};

  sheet->part = g_strdup (part);
  sheet->shapes = g_ptr_array_new_with_free_func (free_shape);
  sheet->relationships = opc_relationships_read (package, part, sink, error);
  if (sheet->relationships == NULL || !read_shapes (&reader, error))
    return NULL;
  return g_steal_pointer (&sheet);
}
