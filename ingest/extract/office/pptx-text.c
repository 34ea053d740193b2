/* The text of shapes: paragraphs with their bullets, tables, formulas (ECMA-376 part 1, 21.1). */
#include "numerals.h"
#include "pptx.h"

#include <string.h>

typedef struct {
  guint level; /* from 0 */
  PptxBullet bullet;
  char *number_type; /* (nullable) "arabicPeriod" */
  guint start_at;
} Paragraph;

struct PptxText {
  PptxShape *shape; /* (nullable) that is open; borrowed */
  const PptxBases *bases;
  Flow *flow;
  Paragraph paragraph;
  guint counts[PPTX_LEVELS]; /* of numbered paragraphs in a row */
  gint style_level;          /* of the list style that is open; -1 */
  gboolean in_text;
  gboolean in_table;
  gboolean has_header; /* of the table */
  guint64 n_written;
  Omml *omml;
  guint math_depth;
};

PptxText *
pptx_text_new (void)
{
  PptxText *text = g_new0 (PptxText, 1);

  text->flow = flow_new (NULL);
  text->omml = omml_new ();
  text->style_level = -1;
  return text;
}

void
pptx_text_free (PptxText *text)
{
  if (text == NULL)
    return;
  flow_free (text->flow);
  omml_free (text->omml);
  g_free (text->paragraph.number_type);
  g_free (text);
}

Flow *
pptx_text_flow (PptxText *text)
{
  return text->flow;
}

guint64
pptx_text_written (const PptxText *text)
{
  return text->n_written;
}

void
pptx_text_begin_shape (PptxText *text, PptxShape *shape, const PptxBases *bases, guint page)
{
  text->shape = shape;
  text->bases = bases;
  text->style_level = -1;
  text->in_text = text->in_table = FALSE;
  memset (text->counts, 0, sizeof text->counts);
  flow_set_page (text->flow, page);
}

static gboolean
is_title (const PptxText *text)
{
  return text->shape != NULL && (text->shape->placeholder == PPTX_TITLE ||
                                 text->shape->placeholder == PPTX_CENTERED_TITLE);
}

gboolean
pptx_text_end_shape (PptxText *text, GError **error)
{
  guint level = text->shape->placeholder == PPTX_CENTERED_TITLE ? 1 : 2;

  /* a title's paragraphs are its lines */
  if (is_title (text) && !flow_end_paragraph (text->flow, BLOCK_HEADING, level, NULL, error))
    return FALSE;
  if (!flow_finish (text->flow, error))
    return FALSE;
  g_ptr_array_unref (text->shape->blocks);
  text->shape->blocks = flow_take (text->flow);
  text->shape = NULL;
  return TRUE;
}

/* --- bullets -----------------------------------------------------------------------------------
 */

PptxBullet
pptx_bullet_of (const char *name)
{
  if (strcmp (name, "buNone") == 0)
    return PPTX_BULLET_NONE;
  if (strcmp (name, "buChar") == 0 || strcmp (name, "buBlip") == 0)
    return PPTX_BULLET_CHARACTER;
  return strcmp (name, "buAutoNum") == 0 ? PPTX_BULLET_NUMBER : PPTX_BULLET_UNKNOWN;
}

gint
pptx_level_of (const char *name)
{
  return strncmp (name, "lvl", 3) == 0 && name[3] >= '1' && name[3] <= '9' &&
                 strcmp (name + 4, "pPr") == 0
             ? name[3] - '1'
             : -1;
}

/* The paragraph's own, or what its shape, layout or master says of its level. */
static PptxBullet
bullet_of (const PptxText *text)
{
  guint level = text->paragraph.level;
  const PptxShape *shape = text->shape;
  PptxBullet bullet = text->paragraph.bullet;

  if (bullet != PPTX_BULLET_UNKNOWN || shape == NULL || text->in_table)
    return bullet;
  bullet = (PptxBullet)shape->bullets[level];
  if (text->bases == NULL || shape->placeholder == PPTX_NO_PLACEHOLDER)
    return bullet;
  for (guint i = 0; i < 2 && bullet == PPTX_BULLET_UNKNOWN; i++) {
    const PptxSheet *sheet = i == 0 ? text->bases->layout : text->bases->master;
    const PptxShape *base =
        sheet == NULL ? NULL : pptx_sheet_base (sheet, shape->placeholder, shape->index, i > 0);

    if (base != NULL)
      bullet = (PptxBullet)base->bullets[level];
  }
  if (bullet == PPTX_BULLET_UNKNOWN && text->bases->master != NULL &&
      (shape->placeholder == PPTX_BODY || shape->placeholder == PPTX_SUBTITLE))
    bullet = (PptxBullet)text->bases->master->body_bullets[level];
  return bullet;
}

/* "alphaLcParenR" (20.1.10.61): how the number is written, and what stands around it */
static void
write_number (GString *marker, const char *type, guint number)
{
  static const struct {
    const char *prefix;
    const char *format;
  } formats[] = {{"alphaLc", "lowerLetter"},
                 {"alphaUc", "upperLetter"},
                 {"romanLc", "lowerRoman"},
                 {"romanUc", "upperRoman"},
                 {"circle", "decimalEnclosedCircle"},
                 {"ea", "chineseCounting"},
                 {"hebrew", "hebrew1"},
                 {"thaiAlpha", "thaiLetters"},
                 {"thaiNum", "thaiNumbers"},
                 {"hindiNum", "hindiNumbers"},
                 {"arabicAlpha", "arabicAlpha"},
                 {"arabicAbjad", "arabicAbjad"}};
  const char *format = "decimal";

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_has_prefix (type, formats[i].prefix))
      format = formats[i].format;
  if (g_str_has_suffix (type, "ParenBoth"))
    g_string_append_c (marker, '(');
  numeral_append (marker, format, number);
  if (strstr (type, "Paren") != NULL)
    g_string_append_c (marker, ')');
  else if (g_str_has_suffix (type, "Period"))
    g_string_append_c (marker, '.');
}

/* --- elements ----------------------------------------------------------------------------------
 */

static void
begin_paragraph (PptxText *text)
{
  g_free (text->paragraph.number_type);
  text->paragraph = (Paragraph){.start_at = 1};
}

static void
take_bullet (PptxText *text, PptxBullet bullet, const xmlChar **attributes, guint n_attributes)
{
  if (text->style_level >= 0) {
    if (text->shape != NULL)
      text->shape->bullets[text->style_level] = (guint8)bullet;
    return;
  }
  text->paragraph.bullet = bullet;
  if (bullet != PPTX_BULLET_NUMBER)
    return;
  g_free (text->paragraph.number_type);
  text->paragraph.number_type = xml_part_attribute (attributes, n_attributes, "type");
  text->paragraph.start_at =
      (guint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "startAt", 1), 1, G_MAXINT32);
}

static gboolean
end_paragraph (PptxText *text, GError **error)
{
  guint level = text->paragraph.level;
  PptxBullet bullet = bullet_of (text);
  g_autoptr (GString) marker = NULL;

  if (is_title (text)) {
    g_string_append_c (flow_text (text->flow), '\n');
    return TRUE;
  }
  if (flow_text (text->flow)->len == 0)
    return flow_end_paragraph (text->flow, BLOCK_PARAGRAPH, 0, NULL, error);
  for (guint deeper = level + 1; deeper < PPTX_LEVELS; deeper++)
    text->counts[deeper] = 0;
  if (bullet != PPTX_BULLET_NUMBER)
    text->counts[level] = 0;
  if (bullet == PPTX_BULLET_NUMBER) {
    marker = g_string_new (NULL);
    write_number (marker, text->paragraph.number_type ?: "arabicPeriod",
                  text->paragraph.start_at + text->counts[level]++);
  }
  if (bullet == PPTX_BULLET_NONE || bullet == PPTX_BULLET_UNKNOWN)
    return flow_end_paragraph (text->flow, BLOCK_PARAGRAPH, 0, NULL, error);
  return flow_end_paragraph (text->flow, BLOCK_LIST_ITEM, level + 1,
                             marker == NULL ? NULL : marker->str, error);
}

static gboolean
start_table_element (PptxText *text, const char *name, const xmlChar **attributes,
                     guint n_attributes, GError **error)
{
  if (strcmp (name, "tbl") == 0) {
    /* what is said of the table comes before it, not in its first cell */
    if (!flow_end_paragraph (text->flow, BLOCK_PARAGRAPH, 0, NULL, error))
      return FALSE;
    text->in_table = TRUE;
    text->has_header = FALSE;
    flow_begin_table (text->flow);
  } else if (strcmp (name, "tblPr") == 0) {
    text->has_header = xml_part_attribute_is (attributes, n_attributes, "firstRow", "1") ||
                       xml_part_attribute_is (attributes, n_attributes, "firstRow", "true");
  } else if (strcmp (name, "tr") == 0) {
    flow_begin_row (text->flow);
  } else if (strcmp (name, "tc") == 0) {
    /* the cells that a wide one covers stand there, too, as hMerge */
    flow_begin_cell (text->flow, 1);
  }
  return TRUE;
}

static gboolean
is_math (const char *uri)
{
  return uri != NULL && g_str_has_suffix (uri, "/math");
}

static void
start_math (PptxText *text, const char *name, const xmlChar **attributes, guint n_attributes)
{
  text->in_text = strcmp (name, "t") == 0;
  if (text->math_depth == 0 && strcmp (name, "oMath") != 0)
    return;
  if (text->math_depth++ > 0)
    omml_start (text->omml, name, attributes, n_attributes);
}

gboolean
pptx_text_start (PptxText *text, const char *uri, const char *name, const xmlChar **attributes,
                 guint n_attributes, GError **error)
{
  PptxBullet bullet;

  if (is_math (uri)) {
    start_math (text, name, attributes, n_attributes);
    return TRUE;
  }
  if (text->math_depth > 0)
    return TRUE;
  bullet = pptx_bullet_of (name);
  if (bullet != PPTX_BULLET_UNKNOWN)
    take_bullet (text, bullet, attributes, n_attributes);
  else if (strcmp (name, "t") == 0)
    text->in_text = TRUE;
  else if (strcmp (name, "p") == 0)
    begin_paragraph (text);
  else if (strcmp (name, "pPr") == 0)
    text->paragraph.level = (guint)CLAMP (
        xml_part_attribute_int (attributes, n_attributes, "lvl", 0), 0, PPTX_LEVELS - 1);
  else if (strcmp (name, "br") == 0)
    g_string_append_c (flow_text (text->flow), '\n');
  else if (pptx_level_of (name) >= 0)
    text->style_level = pptx_level_of (name);
  else
    return start_table_element (text, name, attributes, n_attributes, error);
  return TRUE;
}

static gboolean
end_math (PptxText *text, const char *name)
{
  text->in_text = FALSE;
  if (text->math_depth == 0)
    return TRUE;
  if (--text->math_depth > 0)
    omml_end (text->omml, name);
  else
    omml_finish (text->omml, flow_text (text->flow));
  return TRUE;
}

gboolean
pptx_text_end (PptxText *text, const char *uri, const char *name, GError **error)
{
  if (is_math (uri))
    return end_math (text, name);
  if (text->math_depth > 0)
    return TRUE;
  if (strcmp (name, "t") == 0)
    text->in_text = FALSE;
  else if (strcmp (name, "p") == 0)
    return end_paragraph (text, error);
  else if (pptx_level_of (name) >= 0)
    text->style_level = -1;
  else if (strcmp (name, "tc") == 0)
    return flow_end_cell (text->flow, error);
  else if (strcmp (name, "tr") == 0)
    flow_end_row (text->flow, FALSE);
  else if (strcmp (name, "tbl") == 0) {
    text->in_table = FALSE;
    return flow_end_table (text->flow, text->has_header ? FLOW_HEADER_LIKELY : FLOW_HEADER_NONE,
                           error);
  }
  return TRUE;
}

void
pptx_text_characters (PptxText *text, const char *characters, gsize bytes)
{
  if (!text->in_text)
    return;
  text->n_written++;
  if (text->math_depth > 0)
    omml_text (text->omml, characters, bytes);
  else
    g_string_append_len (flow_text (text->flow), characters, (gssize)bytes);
}
