/* The shapes of a slide: text, tables, what stands for the outline's text (MS-ODRAW, MS-PPT 2.7).
 */
#include "ppt.h"

#include <string.h>

#define SHAPES_MAX 20000
#define CELLS_MAX 100000
#define FLAG_GROUP 0x1
#define FLAG_DELETED 0x8
#define OPTION_WORD_ART 0x00c0 /* gtextUNICODE */
#define OPTION_TABLE 0x039f

/* PlaceholderEnum (MS-PPT 2.13.21) */
enum {
  HOLDER_MASTER_DATE = 7,
  HOLDER_MASTER_HEADER = 10,
  HOLDER_NOTES_BODY = 12,
};

typedef struct {
  gint32 left, top;
  gsize order;
  char *text;
} Cell;

typedef struct {
  Ppt *ppt;
  const GArray *outline; /* (nullable) (element-type PptText) */
  PptShapes kind;
  gboolean titles; /* those alone, or all but those */
  guint page;
  guint shapes;
} Drawing;

/* Properties (MS-ODRAW 2.2.7): a number of 14 bits, whether its value is data behind all of them,
 * a value. */
static gboolean
find_option (ByteReader options, guint count, guint wanted, guint32 *value, ByteReader *data)
{
  ByteReader table = options, complex = options;

  byte_skip (&complex, count * 6u);
  for (guint i = 0; i < count && byte_left (&table) >= 6; i++) {
    guint16 id = byte_read_u16 (&table);
    guint32 number = byte_read_u32 (&table);

    if ((id & 0x3fff) == wanted) {
      *value = number;
      byte_reader_init (data, complex.at, (id & 0x8000) ? MIN (number, byte_left (&complex)) : 0);
      return TRUE;
    }
    if (id & 0x8000)
      byte_skip (&complex, number);
  }
  return FALSE;
}

static gboolean
is_table (ByteReader group)
{
  PptRecord shape, options;
  guint32 value;
  ByteReader data;

  return ppt_find (group, PPT_ART_SHAPE, -1, &shape) &&
         ppt_find (shape.data, PPT_ART_TERTIARY_OPTIONS, -1, &options) &&
         find_option (options.data, options.instance, OPTION_TABLE, &value, &data) &&
         (value & 1) != 0;
}

/* --- the text of a shape -----------------------------------------------------------------------
 */

static void
take_link (PptText *text, ByteReader shape)
{
  PptRecord data, info, atom;

  if (text->link == 0 && ppt_find (shape, PPT_ART_CLIENT_DATA, -1, &data) &&
      ppt_find (data.data, PPT_INTERACTIVE_INFO, -1, &info) &&
      ppt_find (info.data, PPT_INTERACTIVE_INFO_ATOM, -1, &atom)) {
    byte_skip (&atom.data, 4);
    text->link = byte_read_u32 (&atom.data);
  }
}

/* FALSE: it has none. */
static gboolean
shape_text (const Drawing *drawing, ByteReader shape, PptText *text)
{
  PptRecord box, record;
  ByteReader reader;

  *text = (PptText){.type = PPT_TEXT_OTHER};
  if (!ppt_find (shape, PPT_ART_TEXTBOX, -1, &box))
    return FALSE;
  reader = box.data;
  while (ppt_next (&reader, &record))
    if (record.type == PPT_OUTLINE_TEXT_REF && drawing->outline != NULL) {
      guint32 index = byte_read_u32 (&record.data);

      if (index < drawing->outline->len)
        *text = g_array_index (drawing->outline, PptText, index);
    } else {
      ppt_text_take (text, &record);
    }
  take_link (text, shape);
  return byte_left (&text->text) > 0;
}

/* 0: it is no placeholder. */
static guint
placeholder (ByteReader shape)
{
  PptRecord data, atom;

  if (!ppt_find (shape, PPT_ART_CLIENT_DATA, -1, &data) ||
      !ppt_find (data.data, PPT_PLACEHOLDER, -1, &atom))
    return 0;
  byte_skip (&atom.data, 4);
  return byte_read_u8 (&atom.data);
}

/* A date or a number that the program fills in: '*' alone. */
static gboolean
is_filled_in (const PptText *text)
{
  return byte_left (&text->text) == (text->is_wide ? 2 : 1) && text->text.at[0] == '*';
}

static gboolean
is_deleted (ByteReader shape)
{
  PptRecord atom;

  if (!ppt_find (shape, PPT_ART_SHAPE_ATOM, -1, &atom))
    return FALSE;
  byte_skip (&atom.data, 4);
  return (byte_read_u32 (&atom.data) & FLAG_DELETED) != 0;
}

/* (transfer full) (nullable) */
static char *
word_art (ByteReader shape)
{
  PptRecord options;
  ByteReader data;
  guint32 value;
  GString *text;

  if (!ppt_find (shape, PPT_ART_OPTIONS, -1, &options) ||
      !find_option (options.data, options.instance, OPTION_WORD_ART, &value, &data))
    return NULL;
  text = g_string_new (NULL);
  codepage_append_utf16 (text, data.at, byte_left (&data) / 2);
  return g_string_free (text, FALSE);
}

static gboolean
write_slide_shape (Drawing *drawing, ByteReader shape, guint holder, const PptText *text,
                   GError **error)
{
  Ppt *ppt = drawing->ppt;
  g_autofree char *art = NULL;

  if (text == NULL) {
    art = drawing->titles ? NULL : word_art (shape);
    return art == NULL || extract_paragraph (ppt->sink, drawing->page, art, -1, error);
  }
  if (ppt_text_is_title (text) != drawing->titles)
    return TRUE;
  /* a footer's place holds the footer */
  if (holder >= HOLDER_MASTER_DATE && holder <= HOLDER_MASTER_HEADER) {
    ppt_add_footer (ppt, ppt_text_plain (text));
    return TRUE;
  }
  return ppt_text_write (ppt, text, drawing->page, error);
}

static gboolean
write_notes (const Drawing *drawing, const PptText *text, GError **error)
{
  g_autofree char *plain = ppt_text_plain (text);
  g_autofree char *notes = g_strconcat ("Notes: ", g_strstrip (plain), NULL);

  return *plain == '\0' || extract_paragraph (drawing->ppt->sink, drawing->page, notes, -1, error);
}

static gboolean
write_shape (Drawing *drawing, ByteReader shape, GError **error)
{
  guint holder = placeholder (shape);
  gboolean has_text;
  PptText text;
  char *art;

  if (++drawing->shapes > SHAPES_MAX || is_deleted (shape))
    return TRUE;
  has_text = shape_text (drawing, shape, &text);
  if (has_text && is_filled_in (&text))
    return TRUE;
  switch (drawing->kind) {
  case PPT_SHAPES_OF_SLIDE:
    return write_slide_shape (drawing, shape, holder, has_text ? &text : NULL, error);
  case PPT_SHAPES_OF_NOTES:
    return !has_text || (holder != 0 && holder != HOLDER_NOTES_BODY) ||
           write_notes (drawing, &text, error);
  case PPT_SHAPES_OF_MASTER:
    art = holder != 0 ? NULL : has_text ? ppt_text_plain (&text) : word_art (shape);
    if (art != NULL)
      ppt_add_footer (drawing->ppt, art);
    return TRUE;
  }
  return TRUE;
}

/* --- tables ------------------------------------------------------------------------------------
 */

static void
clear_cell (gpointer data)
{
  g_free (((Cell *)data)->text);
}

static int
compare_cells (gconstpointer a, gconstpointer b)
{
  const Cell *left = a, *right = b;

  if (left->top != right->top)
    return left->top < right->top ? -1 : 1;
  if (left->left != right->left)
    return left->left < right->left ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

static void
collect_cells (Drawing *drawing, ByteReader group, GArray *cells)
{
  PptRecord shape, anchor;

  while (ppt_next (&group, &shape) && cells->len < CELLS_MAX) {
    Cell cell = {.order = cells->len};
    PptText text;

    if (shape.type != PPT_ART_SHAPE || !ppt_find (shape.data, PPT_ART_CHILD_ANCHOR, -1, &anchor) ||
        !ppt_find (shape.data, PPT_ART_TEXTBOX, -1, &(PptRecord){0}))
      continue;
    cell.left = (gint32)byte_read_u32 (&anchor.data);
    cell.top = (gint32)byte_read_u32 (&anchor.data);
    cell.text = shape_text (drawing, shape.data, &text) ? ppt_text_plain (&text) : g_strdup ("");
    g_array_append_val (cells, cell);
  }
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint32 left = *(const gint32 *)a, right = *(const gint32 *)b;

  return left < right ? -1 : left > right;
}

/* Where the columns begin, rising. (transfer full) (element-type gint32) */
static GArray *
columns_of (const GArray *cells)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (gint32));
  guint n = 0;

  for (guint i = 0; i < cells->len; i++)
    g_array_append_val (columns, g_array_index (cells, Cell, i).left);
  g_array_sort (columns, compare_numbers);
  for (guint i = 0; i < columns->len; i++)
    if (i == 0 || g_array_index (columns, gint32, i) != g_array_index (columns, gint32, n - 1))
      g_array_index (columns, gint32, n++) = g_array_index (columns, gint32, i);
  g_array_set_size (columns, n);
  return columns;
}

static void
unref_row (gpointer row)
{
  g_ptr_array_unref (row);
}

static gboolean
write_table (Drawing *drawing, ByteReader group, GError **error)
{
  g_autoptr (GArray) cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (unref_row);
  g_autoptr (GArray) columns = NULL;
  GPtrArray *row = NULL;
  gint32 top = 0;
  gsize padding = 0;

  g_array_set_clear_func (cells, clear_cell);
  collect_cells (drawing, group, cells);
  g_array_sort (cells, compare_cells);
  columns = columns_of (cells);
  for (guint i = 0; i < cells->len; i++) {
    Cell *cell = &g_array_index (cells, Cell, i);

    if (row == NULL || cell->top != top) {
      row = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (rows, row);
      top = cell->top;
    }
    /* a cell over several columns leaves those after it empty */
    while (row->len < columns->len && padding < CELLS_MAX &&
           g_array_index (columns, gint32, row->len) < cell->left) {
      g_ptr_array_add (row, g_strdup (""));
      padding++;
    }
    g_ptr_array_add (row, g_steal_pointer (&cell->text));
  }
  return extract_table (drawing->ppt->sink, drawing->page, rows, rows->len > 1, error);
}

/* --- groups ------------------------------------------------------------------------------------
 */

static gboolean
write_group (Drawing *drawing, ByteReader group, guint depth, GError **error)
{
  PptRecord record;

  if (is_table (group))
    return drawing->titles || drawing->kind == PPT_SHAPES_OF_MASTER ||
           write_table (drawing, group, error);
  while (ppt_next (&group, &record)) {
    if (record.type == PPT_ART_GROUP && depth < PPT_DEPTH_MAX) {
      if (!write_group (drawing, record.data, depth + 1, error))
        return FALSE;
    } else if (record.type == PPT_ART_SHAPE) {
      if (!write_shape (drawing, record.data, error))
        return FALSE;
    }
  }
  return TRUE;
}

gboolean
ppt_drawing_write (Ppt *ppt, ByteReader slide, const GArray *outline, PptShapes shapes, guint page,
                   GError **error)
{
  Drawing drawing = {.ppt = ppt, .outline = outline, .kind = shapes, .page = page};
  PptRecord record, art, group;

  if (!ppt_find (slide, PPT_DRAWING, -1, &record) ||
      !ppt_find (record.data, PPT_ART_DG, -1, &art) ||
      !ppt_find (art.data, PPT_ART_GROUP, -1, &group))
    return TRUE;
  drawing.titles = shapes == PPT_SHAPES_OF_SLIDE;
  if (drawing.titles && !write_group (&drawing, group.data, 0, error))
    return FALSE;
  drawing.titles = FALSE;
  return write_group (&drawing, group.data, 0, error);
}
