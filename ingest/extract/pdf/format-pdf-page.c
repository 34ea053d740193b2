/* A page's text, places and fonts, from one interpretation of it, as lines. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define PLACE_MAX 1e6          /* points */
#define MARKERS_LINES_MAX 4000 /* of a page; no page for reading has more */

static void
line_clear (gpointer data)
{
  PdfLine *line = data;

  g_free (line->text);
  g_free (line->signature);
  g_clear_pointer (&line->targets, g_ptr_array_unref);
}

PdfPage *
pdf_page_new (guint number)
{
  PdfPage *page = g_new0 (PdfPage, 1);

  page->number = number;
  page->lines = g_array_new (FALSE, TRUE, sizeof (PdfLine));
  g_array_set_clear_func (page->lines, line_clear);
  page->places = g_array_new (FALSE, FALSE, sizeof (PdfWord));
  return page;
}

void
pdf_page_free (PdfPage *page)
{
  if (page == NULL)
    return;
  g_array_unref (page->lines);
  g_array_unref (page->places);
  g_clear_pointer (&page->tables, g_array_unref);
  g_clear_pointer (&page->notes, g_ptr_array_unref);
  g_clear_pointer (&page->attachments, g_ptr_array_unref);
  g_clear_pointer (&page->words, g_hash_table_unref);
  g_free (page);
}

/* Some writers set a list's bullets or numbers first and its texts after: each goes back in front
 * of the nearest text in its row. */
static void
join_markers (PdfPage *page)
{
  GArray *lines = page->lines;

  for (guint i = 0; i < lines->len && lines->len < MARKERS_LINES_MAX; i++) {
    PdfLine *marker = &g_array_index (lines, PdfLine, i);
    PdfLine *nearest = NULL;

    if (!pdf_is_lone_marker (marker->text))
      continue;
    for (guint j = 0; j < lines->len; j++) {
      PdfLine *line = &g_array_index (lines, PdfLine, j);
      double overlap = MIN (marker->y2, line->y2) - MAX (marker->y1, line->y1);
      double gap = line->x1 - marker->x2;

      if (j != i && gap > 0 && gap < 4 * line->size &&
          overlap > 0.5 * MIN (marker->y2 - marker->y1, line->y2 - line->y1) &&
          (nearest == NULL || line->x1 < nearest->x1))
        nearest = line;
    }
    if (nearest == NULL || pdf_is_lone_marker (nearest->text))
      continue;
    for (guint j = 0; j < nearest->n_words; j++)
      g_array_index (page->places, PdfWord, nearest->first_word + j).start +=
          (guint32)marker->bytes + 1;
    char *joined = g_strconcat (marker->text, " ", nearest->text, NULL);

    g_free (nearest->text);
    nearest->text = joined;
    nearest->bytes = strlen (joined);
    nearest->x1 = marker->x1;
    g_array_remove_index (lines, i--);
  }
}

/* Where the lines of each line's column end: the furthest of its neighbours that begin near. */
static void
find_right_edges (GArray *lines)
{
  const int reach = 12;

  for (int i = 0; i < (int)lines->len; i++) {
    PdfLine *line = &g_array_index (lines, PdfLine, i);

    line->right = line->x2;
    for (int j = MAX (0, i - reach); j < MIN ((int)lines->len, i + reach + 1); j++) {
      const PdfLine *other = &g_array_index (lines, PdfLine, j);

      if (fabs (other->x1 - line->x1) < 3 * line->size &&
          fabs (other->size - line->size) < 0.2 * line->size)
        line->right = MAX (line->right, other->x2);
    }
  }
}

/* The commonest distance of lines that follow each other in a column, in sizes. */
static double
usual_pitch (GArray *lines)
{
  guint counts[60] = {0}, best = 0;

  for (guint i = 1; i < lines->len; i++) {
    const PdfLine *a = &g_array_index (lines, PdfLine, i - 1);
    const PdfLine *b = &g_array_index (lines, PdfLine, i);
    double pitch = b->size > 0 ? (b->y2 - a->y2) / b->size : 0;

    if (pitch >= 0.8 && pitch < 2.9 && fabs (a->size - b->size) < 0.1 * b->size && b->x1 < a->x2 &&
        a->x1 < b->x2)
      counts[(guint)(pitch * 20)]++;
  }
  for (guint i = 1; i + 1 < G_N_ELEMENTS (counts); i++)
    if (counts[i] + counts[i + 1] > counts[best] + counts[best + 1])
      best = i;
  return counts[best] + counts[best + 1] < 3 ? 1.25 : (best + 1) / 20.0;
}

/* Some glyphs can be selected by line only; their places are not known then. */
static void
read_lines_only (PdfPage *page, PopplerPage *poppler_page, PopplerRectangle *area)
{
  g_autofree char *text =
      poppler_page_get_selected_text (poppler_page, POPPLER_SELECTION_LINE, area);
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    g_autoptr (GString) clean = g_string_new (NULL);
    PdfLine line = {.y1 = 10.0 * i, .y2 = 10.0 * i + 8, .x2 = 100, .size = 8, .right = 100};

    for (const char *at = lines[i]; *at != '\0'; at = g_utf8_next_char (at))
      if (!pdf_is_direction_mark (g_utf8_get_char (at)))
        pdf_append_character (clean, g_utf8_get_char (at));
    line.text = g_strstrip (g_strdup (clean->str));
    line.bytes = strlen (line.text);
    if (line.bytes > 0)
      g_array_append_val (page->lines, line);
    else
      g_free (line.text);
  }
}

/* The page's text, and the area that gives it. (nullable) (transfer full)
 *
 * Poppler selects as a hand with a mouse does, from one corner to the other. Where the first or
 * last line runs to the left, a selection that ends on the right leaves that line out. */
static char *
select_all (PopplerPage *poppler_page, PdfPage *page, PopplerRectangle *area)
{
  /* what reaches over the page's edge, too */
  PopplerRectangle rightward = {-page->width, -page->height, 2 * page->width, 2 * page->height};
  PopplerRectangle leftward = {rightward.x2, rightward.y1, rightward.x1, rightward.y2};
  char *text = poppler_page_get_text_for_area (poppler_page, &rightward);
  char *other = NULL;

  *area = rightward;
  page->has_leftward =
      text == NULL || *text == '\0' || strstr (text, PDF_RIGHT_TO_LEFT_UTF8) != NULL;
  if (!page->has_leftward)
    return text;
  other = poppler_page_get_text_for_area (poppler_page, &leftward);
  if (other == NULL || (text != NULL && strlen (other) <= strlen (text))) {
    g_free (other);
    return text;
  }
  *area = leftward;
  g_free (text);
  return other;
}

/* A file may put text anywhere, at infinity too: what follows counts on numbers. */
static void
tame (PopplerRectangle *boxes, guint n_boxes)
{
  for (guint i = 0; i < n_boxes; i++) {
    PopplerRectangle *box = &boxes[i];

    if (fabs (box->x1) < PLACE_MAX && fabs (box->x2) < PLACE_MAX && fabs (box->y1) < PLACE_MAX &&
        fabs (box->y2) < PLACE_MAX)
      continue;
    *box = (PopplerRectangle){0, 0, 0, 0};
  }
}

PdfPage *
pdf_page_read (PopplerPage *poppler_page, guint number, GHashTable *glyph_fonts)
{
  PdfPage *page = pdf_page_new (number);
  g_autofree char *text = NULL;
  g_autofree PopplerRectangle *boxes = NULL;
  PopplerRectangle area;
  guint n_boxes = 0;

  poppler_page_get_size (poppler_page, &page->width, &page->height);
  page->pitch = 1.25;
  text = select_all (poppler_page, page, &area);
  if (text == NULL || *text == '\0') {
    read_lines_only (page, poppler_page, &area);
  } else if (poppler_page_get_text_layout_for_area (poppler_page, &area, &boxes, &n_boxes)) {
    GList *attributes = poppler_page_get_text_attributes_for_area (poppler_page, &area);

    tame (boxes, n_boxes);
    if (page->has_leftward)
      pdf_ligatures_mend (text, boxes, n_boxes);
    pdf_lines_build (page, text, boxes, n_boxes, attributes, glyph_fonts);
    poppler_page_free_text_attributes (attributes);
    join_markers (page);
    pdf_page_order (page);
  }
  pdf_annots_read (poppler_page, page);
  find_right_edges (page->lines);
  page->pitch = usual_pitch (page->lines);
  return page;
}

static void
add_words (GHashTable *words, const char *text)
{
  while (*text != '\0') {
    const char *start = text;

    while (g_unichar_isalpha (g_utf8_get_char (text)) || (*text == '-' && text > start))
      text = g_utf8_next_char (text);
    /* a word cut at the line's end is none */
    if (text > start && !(text[-1] == '-' && *text == '\0'))
      g_hash_table_add (words, g_utf8_strdown (start, text - start));
    if (*text != '\0' && text == start)
      text = g_utf8_next_char (text);
  }
}

gboolean
pdf_page_has_word (PdfPage *page, const char *word)
{
  if (page->words == NULL) {
    page->words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < page->lines->len; i++)
      add_words (page->words, g_array_index (page->lines, PdfLine, i).text);
  }
  return g_hash_table_contains (page->words, word);
}
