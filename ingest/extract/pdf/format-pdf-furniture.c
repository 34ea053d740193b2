/* Running heads, feet and page numbers. Certain cases only: the same words (but for digits) at the
 * same height, in the margin, on most of the pages around; numbers must count the pages. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define MARGIN 0.12         /* of the page's height */
#define BARE_NUMBER 5       /* bytes: longer than a page number, a date */
#define LINES_MAX 3         /* at either end */
#define SAME_HEIGHT 4.0     /* points */
#define PAGE_LINES_MAX 4000 /* no page for reading has more */
#define NEIGHBOURS 8        /* pages before and behind */

/* Digits become '#', spaces go. */
static void
sign (PdfLine *line)
{
  const char *text = line->text;
  GString *out;

  if (line->signature != NULL)
    return;
  out = g_string_new (NULL);
  line->letters = 0;
  line->number = -1;
  while (*text != '\0') {
    gunichar c = g_utf8_get_char (text);

    if (g_ascii_isdigit (*text)) {
      line->number = (int)MIN (g_ascii_strtoull (text, NULL, 10), 1000000);
      while (g_ascii_isdigit (*text))
        text++;
      g_string_append_c (out, '#');
      continue;
    }
    line->letters += g_unichar_isalpha (c);
    if (c != ' ')
      g_string_append_unichar (out, c);
    text = g_utf8_next_char (text);
  }
  line->signature = g_string_free (out, FALSE);
}

/* How many lines of the page stand above (or below) the line. */
static guint
lines_outside (const PdfPage *page, const PdfLine *line, gboolean top)
{
  guint count = 0;

  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *other = &g_array_index (page->lines, PdfLine, i);

    count += top ? other->y2 <= line->y1 + 1 : other->y1 >= line->y2 - 1;
  }
  return count;
}

static gboolean
find_marginal (const PdfPage *page, const PdfLine *line)
{
  if (line->bytes > 200 || page->lines->len > PAGE_LINES_MAX)
    return FALSE;
  if (line->y2 < page->height * MARGIN)
    return lines_outside (page, line, TRUE) < LINES_MAX;
  return line->y1 > page->height * (1 - MARGIN) && lines_outside (page, line, FALSE) < LINES_MAX;
}

static gboolean
is_marginal (const PdfPage *page, PdfLine *line)
{
  if (line->margin == PDF_MARGIN_UNKNOWN)
    line->margin = find_marginal (page, line) ? PDF_MARGIN_IN : PDF_MARGIN_OUT;
  return line->margin == PDF_MARGIN_IN;
}

typedef enum {
  RECURS_NOT,
  RECURS_NUMBER, /* but for a number that differs as the pages' do */
  RECURS_WORDS,  /* the same words; in long ones, numbers may differ */
} Recurs;

/* Does `page` have the line, at its height? offset: of its number from that of its page. */
static Recurs
recurs_on (const PdfPage *page, const PdfLine *wanted, gboolean is_number, int offset)
{
  for (guint i = 0; i < page->lines->len; i++) {
    PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    if (fabs (line->y1 - wanted->y1) > SAME_HEIGHT || !is_marginal (page, line))
      continue;
    if ((wanted->letters > 0 || wanted->bytes > BARE_NUMBER) &&
        strcmp (line->text, wanted->text) == 0)
      return RECURS_WORDS;
    sign (line);
    if (strcmp (line->signature, wanted->signature) != 0)
      continue;
    if (!is_number)
      return RECURS_WORDS;
    if (line->number - (int)page->number == offset)
      return RECURS_NUMBER;
  }
  return RECURS_NOT;
}

static gboolean
is_furniture (GPtrArray *pages, guint index, PdfLine *line, GHashTable *seen)
{
  const PdfPage *page = g_ptr_array_index (pages, index);
  guint numbers = 0, words = 0, others = 0;
  guint from = index > NEIGHBOURS ? index - NEIGHBOURS : 0;
  gboolean is_number;

  sign (line);
  is_number = line->number >= 0 && line->letters < 12;
  if (line->number < 0 && line->letters < 3)
    return FALSE;
  for (guint i = from; i < pages->len && i <= index + NEIGHBOURS; i++) {
    const PdfPage *other = g_ptr_array_index (pages, i);
    Recurs recurs;

    if (i == index || other->lines->len == 0)
      continue;
    recurs = recurs_on (other, line, is_number, line->number - (int)page->number);
    others++;
    numbers += recurs == RECURS_NUMBER;
    words += recurs == RECURS_WORDS;
  }
  /* of few pages, one other must do; words may be on left or right pages only, or in a chapter */
  if (numbers >= (others <= 3 ? 1 : 2) && numbers * 5 >= others * 2)
    return TRUE;
  /* words are text once */
  return words >= (others <= 3 ? 1 : 2) && words * 5 >= others &&
         !g_hash_table_add (seen, g_strdup (is_number ? line->text : line->signature));
}

void
pdf_furniture_mark (GPtrArray *pages, guint index, GHashTable *seen)
{
  PdfPage *page = g_ptr_array_index (pages, index);
  guint left = 0;

  for (guint i = 0; i < page->lines->len; i++) {
    PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    if (is_marginal (page, line))
      line->is_furniture = is_furniture (pages, index, line, seen);
    left += !line->is_furniture;
  }
  /* nothing frames nothing: then it is the page's text */
  for (guint i = 0; i < page->lines->len && left == 0; i++)
    g_array_index (page->lines, PdfLine, i).is_furniture = FALSE;
}
