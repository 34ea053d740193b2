/* A page's text, places and fonts, from one interpretation of it, as lines. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

/* Lines of one row with less than this between them, in sizes, are one line. */
#define ROW_GAP 1.6
/* More than this between two characters, in sizes, parts words. */
#define WORD_GAP 0.5

static void
line_clear (gpointer data)
{
  PdfLine *line = data;

  g_free (line->text);
  g_clear_pointer (&line->targets, g_ptr_array_unref);
}

void
pdf_page_free (PdfPage *page)
{
  if (page == NULL)
    return;
  g_array_unref (page->lines);
  g_array_unref (page->places);
  g_clear_pointer (&page->notes, g_ptr_array_unref);
  g_clear_pointer (&page->attachments, g_ptr_array_unref);
  g_clear_pointer (&page->words, g_hash_table_unref);
  g_free (page);
}

static gboolean
font_is_bold (const char *name)
{
  static const char *const words[] = {"bold", "black", "heavy", "demi", ".B", NULL};
  g_autofree char *lower = NULL;

  if (name == NULL)
    return FALSE;
  lower = g_ascii_strdown (name, -1);
  for (guint i = 0; words[i] != NULL; i++)
    if (strstr (lower, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* What a reader of text sees in a character; 0: nothing. */
static gboolean
append_character (GString *text, gunichar c)
{
  gunichar plain[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

  if (c >= 0xfb00 && c <= 0xfb06)
    g_string_append (text, ligatures[c - 0xfb00]);
  else if ((c >= 0xfb13 && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefc))
    /* shapes of Hebrew, Armenian and Arabic letters: searches use the letters */
    for (gsize i = 0, n = g_unichar_fully_decompose (c, TRUE, plain, G_N_ELEMENTS (plain)); i < n;
         i++)
      g_string_append_unichar (text, plain[i]);
  else if (c == 0xa0 || c == 0x2002 || c == 0x2003 || c == 0x2009 || c == '\t')
    g_string_append_c (text, ' ');
  else if (c >= 0x20 && c != 0x7f && c != 0xad && c != 0xfeff && c != 0x200b)
    g_string_append_unichar (text, c);
  else
    return FALSE;
  return TRUE;
}

typedef struct {
  PdfPage *page;
  GString *text;
  PdfLine line;
  PdfWord word; /* the last one; of the line's words only this is not in the page's places */
  gboolean in_word;
  guint bold, letters;
  /* the size most characters of the line have */
  struct {
    double size;
    guint count;
  } sizes[4];
} Builder;

static void
builder_reset (Builder *builder)
{
  PdfPage *page = builder->page;
  GString *text = builder->text;

  memset (builder, 0, sizeof *builder);
  builder->page = page;
  builder->text = text;
  g_string_truncate (text, 0);
}

static void
count_size (Builder *builder, double size)
{
  for (guint i = 0; i < G_N_ELEMENTS (builder->sizes); i++)
    if (builder->sizes[i].count == 0 || fabs (builder->sizes[i].size - size) < 0.25) {
      builder->sizes[i].size = size;
      builder->sizes[i].count++;
      return;
    }
}

static double
usual_size (const Builder *builder)
{
  guint best = 0;

  for (guint i = 1; i < G_N_ELEMENTS (builder->sizes); i++)
    if (builder->sizes[i].count > builder->sizes[best].count)
      best = i;
  return builder->sizes[best].size;
}

static void
end_word (Builder *builder)
{
  if (!builder->in_word)
    return;
  g_array_append_val (builder->page->places, builder->word);
  if (builder->line.n_words++ == 0)
    builder->line.first_word_width = builder->word.x2 - builder->word.x1;
  builder->in_word = FALSE;
}

static void
add_to_word (Builder *builder, gsize start, double x1, double x2)
{
  PdfWord *word = &builder->word;

  if (!builder->in_word)
    *word = (PdfWord){(guint32)start, (float)x1, (float)x2};
  builder->in_word = TRUE;
  word->x1 = MIN (word->x1, (float)x1);
  word->x2 = MAX (word->x2, (float)x2);
}

static void
add_character (Builder *builder, gunichar c, const PopplerRectangle *box, double size,
               gboolean is_bold)
{
  PdfLine *line = &builder->line;
  double x1 = MIN (box->x1, box->x2), x2 = MAX (box->x1, box->x2);
  double y1 = MIN (box->y1, box->y2), y2 = MAX (box->y1, box->y2);
  gsize start;

  line->is_soft = c == 0xad;
  /* cells of a row that poppler takes for one word */
  if (builder->in_word && x1 > line->x2 + WORD_GAP * size) {
    g_string_append_c (builder->text, ' ');
    end_word (builder);
  }
  start = builder->text->len;
  if (!append_character (builder->text, c))
    return;
  if (builder->text->str[start] == ' ') {
    if (start == 0)
      g_string_truncate (builder->text, 0);
    end_word (builder);
    return;
  }
  add_to_word (builder, start, x1, x2);
  line->x1 = builder->letters == 0 ? x1 : MIN (line->x1, x1);
  line->x2 = builder->letters == 0 ? x2 : MAX (line->x2, x2);
  line->y1 = builder->letters == 0 ? y1 : MIN (line->y1, y1);
  line->y2 = builder->letters == 0 ? y2 : MAX (line->y2, y2);
  builder->letters++;
  builder->bold += is_bold;
  count_size (builder, size > 0 ? size : y2 - y1);
}

/* `line` stands in the row of the one before, right of it and near: one line, a space between. */
static gboolean
joins_row (const PdfLine *before, const PdfLine *line)
{
  double height = MIN (before->y2 - before->y1, line->y2 - line->y1);
  double overlap = MIN (before->y2, line->y2) - MAX (before->y1, line->y1);
  double gap = line->x1 - before->x2;

  if (height <= 0 || overlap < 0.6 * height || gap < -0.3 * line->size)
    return FALSE;
  /* a lone bullet or number belongs to what it marks, however far */
  return gap < ROW_GAP * line->size ||
         (before->bytes <= 4 && gap < 5 * line->size && before->x2 - before->x1 < 2 * line->size);
}

/* Appends `line` with `text` to the one before. */
static void
join_row (PdfPage *page, PdfLine *before, const PdfLine *line, const GString *text)
{
  char *joined = g_strconcat (before->text, " ", text->str, NULL);

  for (guint i = page->places->len - line->n_words; i < page->places->len; i++)
    g_array_index (page->places, PdfWord, i).start += (guint32)before->bytes + 1;
  before->n_words += line->n_words;
  g_free (before->text);
  before->text = joined;
  before->bytes = strlen (joined);
  before->x2 = MAX (before->x2, line->x2);
  before->y1 = MIN (before->y1, line->y1);
  before->y2 = MAX (before->y2, line->y2);
  before->is_bold &= line->is_bold;
  before->is_soft = line->is_soft;
  if (text->len > before->bytes / 2)
    before->size = line->size;
}

static void
end_line (Builder *builder)
{
  PdfPage *page = builder->page;
  GArray *lines = page->lines;
  GString *text = builder->text;
  PdfLine *line = &builder->line;
  PdfLine *before = lines->len == 0 ? NULL : &g_array_index (lines, PdfLine, lines->len - 1);

  end_word (builder);
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  if (text->len > 0 && builder->letters > 0) {
    line->size = usual_size (builder);
    line->is_bold = builder->bold == builder->letters;
    if (before != NULL && joins_row (before, line)) {
      join_row (page, before, line, text);
    } else {
      line->first_word = page->places->len - line->n_words;
      line->bytes = text->len;
      line->text = g_strndup (text->str, text->len);
      g_array_append_vals (lines, line, 1);
    }
  }
  builder_reset (builder);
}

static gboolean
is_direction_mark (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void
build_lines (PdfPage *page, const char *text, const PopplerRectangle *boxes, guint n_boxes,
             GList *attributes)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  Builder builder = {.page = page, .text = buffer};
  const PopplerTextAttributes *font = NULL; /* of the character at hand */
  int font_end = -1;
  gboolean is_bold = FALSE;
  guint index = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text), index++) {
    gunichar c = g_utf8_get_char (text);

    while (attributes != NULL && (int)index > font_end) {
      font = attributes->data;
      font_end = font->end_index;
      is_bold = font_is_bold (font->font_name);
      attributes = attributes->next;
    }
    if (is_direction_mark (c)) {
      index--; /* poppler's layout leaves them out */
      continue;
    }
    if (c == '\n')
      end_line (&builder);
    else if (index < n_boxes)
      add_character (&builder, c, &boxes[index], font == NULL ? 0 : font->font_size, is_bold);
  }
  end_line (&builder);
}

/* Some writers set a list's bullets or numbers first and its texts after: each goes back in front
 * of the nearest text in its row. */
static void
join_markers (PdfPage *page)
{
  GArray *lines = page->lines;

  for (guint i = 0; i < lines->len; i++) {
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
      if (!is_direction_mark (g_utf8_get_char (at)))
        append_character (clean, g_utf8_get_char (at));
    line.text = g_strstrip (g_strdup (clean->str));
    line.bytes = strlen (line.text);
    if (line.bytes > 0)
      g_array_append_val (page->lines, line);
    else
      g_free (line.text);
  }
}

PdfPage *
pdf_page_read (PopplerPage *poppler_page, guint number)
{
  PdfPage *page = g_new0 (PdfPage, 1);
  g_autofree char *text = NULL;
  g_autofree PopplerRectangle *boxes = NULL;
  PopplerRectangle area;
  guint n_boxes = 0;

  page->number = number;
  page->lines = g_array_new (FALSE, TRUE, sizeof (PdfLine));
  g_array_set_clear_func (page->lines, line_clear);
  page->places = g_array_new (FALSE, FALSE, sizeof (PdfWord));
  poppler_page_get_size (poppler_page, &page->width, &page->height);
  page->pitch = 1.25;
  /* what reaches over the page's edge, too */
  area = (PopplerRectangle){-page->width, -page->height, 2 * page->width, 2 * page->height};
  text = poppler_page_get_text_for_area (poppler_page, &area);
  if (text == NULL || *text == '\0') {
    read_lines_only (page, poppler_page, &area);
  } else if (poppler_page_get_text_layout_for_area (poppler_page, &area, &boxes, &n_boxes)) {
    GList *attributes = poppler_page_get_text_attributes_for_area (poppler_page, &area);

    build_lines (page, text, boxes, n_boxes, attributes);
    poppler_page_free_text_attributes (attributes);
    join_markers (page);
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
