/* Poppler's text, places and fonts of characters to lines of words. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

/* Lines of one row with less than this between them, in sizes, are one line. */
#define ROW_GAP 1.6
/* More than this between two characters, in sizes, parts words. */
#define WORD_GAP 0.5
/* More than this from one character down or up to the next, and they are on different lines. */
#define LINE_GAP 0.2
#define FONT_SIZE_MAX 10000.0 /* points */
/* More than this between words of scripts that run to the left is a space. */
#define LEFTWARD_GAP 0.1

static gboolean
font_is_bold (const char *name)
{
  static const char *const words[] = {"bold", "black", "heavy", "demi", ".b", NULL};
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
gboolean
pdf_append_character (GString *text, gunichar c)
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
  double size;          /* of the character at hand */
  PdfBox before;        /* of the character before, if any; of the word where it runs to the left */
  gboolean is_leftward; /* the word */
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
add_place (Builder *builder, const PdfWord *word)
{
  g_array_append_vals (builder->page->places, word, 1);
  if (builder->line.n_words++ == 0)
    builder->line.first_word_width = word->x2 - word->x1;
}

static void
end_word (Builder *builder)
{
  if (!builder->in_word)
    return;
  add_place (builder, &builder->word);
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

/* Is the character on another line than the one before, or so far from it in its row that it is
 * another cell or column? */
static gboolean
is_elsewhere (const PdfBox *before, double x1, double y1, double x2, double y2, double size)
{
  double across = MAX (x1 - before->x2, before->x1 - x2);
  double down = MAX (y1 - before->y2, before->y1 - y2);

  if (down > LINE_GAP * size)
    return across > WORD_GAP * size;
  return across > ROW_GAP * size;
}

static void
add_character (Builder *builder, gunichar c, const PopplerRectangle *box, double size,
               gboolean is_bold)
{
  PdfLine *line = &builder->line;
  double x1 = MIN (box->x1, box->x2), x2 = MAX (box->x1, box->x2);
  double y1 = MIN (box->y1, box->y2), y2 = MAX (box->y1, box->y2);
  const PdfBox *before = &builder->before;
  gsize start;

  if (!(size > 0 && size < FONT_SIZE_MAX)) /* or no number */
    size = y2 - y1;
  /* lines and cells of a row that poppler puts together */
  if (builder->letters > 0 && is_elsewhere (before, x1, y1, x2, y2, size)) {
    end_line (builder);
  } else if (builder->in_word && MAX (x1 - before->x2, before->x1 - x2) > WORD_GAP * size) {
    g_string_append_c (builder->text, ' ');
    end_word (builder);
  }
  builder->size = size;
  line->is_soft = c == 0xad;
  start = builder->text->len;
  if (!pdf_append_character (builder->text, c))
    return;
  if (builder->text->str[start] == ' ') {
    if (start == 0 || builder->text->str[start - 1] == ' ')
      g_string_truncate (builder->text, start);
    end_word (builder);
    return;
  }
  add_to_word (builder, start, x1, x2);
  line->x1 = builder->letters == 0 ? x1 : MIN (line->x1, x1);
  line->x2 = builder->letters == 0 ? x2 : MAX (line->x2, x2);
  line->y1 = builder->letters == 0 ? y1 : MIN (line->y1, y1);
  line->y2 = builder->letters == 0 ? y2 : MAX (line->y2, y2);
  if (!builder->is_leftward)
    builder->before = (PdfBox){x1, y1, x2, y2};
  builder->letters++;
  builder->bold += is_bold;
  count_size (builder, builder->size);
}

/* A word that runs to the left: within it poppler has places from left to right, and the first
 * space of a line it leaves out. */
static void
begin_leftward_word (Builder *builder, const char *word, const PopplerRectangle *boxes,
                     guint n_boxes)
{
  PdfBox all = {G_MAXDOUBLE, G_MAXDOUBLE, -G_MAXDOUBLE, -G_MAXDOUBLE};
  const PdfBox *before = &builder->before;

  for (guint i = 0; i < n_boxes && *word != '\0' && *word != '\n';
       i++, word = g_utf8_next_char (word)) {
    if (pdf_is_direction_mark (g_utf8_get_char (word)))
      break;
    all.x1 = MIN (all.x1, MIN (boxes[i].x1, boxes[i].x2));
    all.x2 = MAX (all.x2, MAX (boxes[i].x1, boxes[i].x2));
    all.y1 = MIN (all.y1, MIN (boxes[i].y1, boxes[i].y2));
    all.y2 = MAX (all.y2, MAX (boxes[i].y1, boxes[i].y2));
  }
  if (all.x1 > all.x2)
    return;
  if (builder->letters > 0) {
    if (is_elsewhere (before, all.x1, all.y1, all.x2, all.y2, builder->size)) {
      end_line (builder);
      builder->is_leftward = TRUE;
    } else if (builder->in_word && before->x1 - all.x2 > LEFTWARD_GAP * builder->size) {
      g_string_append_c (builder->text, ' ');
      end_word (builder);
    }
  }
  builder->before = all;
}

gboolean
pdf_is_direction_mark (gunichar c)
{
  return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void
pdf_lines_build (PdfPage *page, const char *text, const PopplerRectangle *boxes, guint n_boxes,
                 GList *attributes, GHashTable *glyph_fonts)
{
  g_autoptr (GString) buffer = g_string_new (NULL);
  Builder builder = {.page = page, .text = buffer};
  const PopplerTextAttributes *font = NULL; /* of the character at hand */
  int font_end = -1;
  gboolean is_bold = FALSE, is_glyphs = FALSE;
  guint index = 0;

  g_autofree guint8 *slanted = pdf_slant_find (page, text, boxes, n_boxes, attributes);

  pdf_glyphs_find_fonts (glyph_fonts, text, attributes);
  for (; *text != '\0'; text = g_utf8_next_char (text), index++) {
    gunichar c = g_utf8_get_char (text);

    while (attributes != NULL && (int)index > font_end) {
      const PopplerTextAttributes *next = attributes->data;

      if (font == NULL || g_strcmp0 (font->font_name, next->font_name) != 0) {
        is_bold = font_is_bold (next->font_name);
        is_glyphs = g_hash_table_size (glyph_fonts) > 0 && next->font_name != NULL &&
                    g_hash_table_contains (glyph_fonts, next->font_name);
      }
      font = next;
      font_end = font->end_index;
      attributes = attributes->next;
    }
    if (pdf_is_direction_mark (c)) {
      builder.is_leftward = c == PDF_RIGHT_TO_LEFT;
      if (builder.is_leftward && index < n_boxes)
        begin_leftward_word (&builder, g_utf8_next_char (text), boxes + index, n_boxes - index);
      index--; /* poppler's layout leaves them out */
      continue;
    }
    if (is_glyphs && c != '\n')
      c = pdf_glyph_character (c);
    if (c == '\n')
      end_line (&builder);
    else if (index < n_boxes && (slanted == NULL || !slanted[index]))
      add_character (&builder, c, &boxes[index], font == NULL ? 0 : font->font_size, is_bold);
  }
  end_line (&builder);
}
