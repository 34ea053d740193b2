/* Running heads, feet and page numbers. Certain cases only: the same words (but for digits) at the
 * same height, in the margin, on most of the pages around; numbers must count the pages. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define MARGIN 0.12     /* of the page's height */
#define LINES_MAX 3     /* at either end */
#define SAME_HEIGHT 4.0 /* points */
#define NEIGHBOURS 8    /* pages before and behind */

/* Digits become '#', spaces go. letters: how many there are. number: the last one. */
static char *
signature (const char *text, guint *letters, int *number)
{
  GString *out = g_string_new (NULL);

  *letters = 0;
  *number = -1;
  while (*text != '\0') {
    gunichar c = g_utf8_get_char (text);

    if (g_ascii_isdigit (*text)) {
      *number = (int)MIN (g_ascii_strtoull (text, NULL, 10), 1000000);
      while (g_ascii_isdigit (*text))
        text++;
      g_string_append_c (out, '#');
      continue;
    }
    *letters += g_unichar_isalpha (c);
    if (c != ' ')
      g_string_append_unichar (out, c);
    text = g_utf8_next_char (text);
  }
  return g_string_free (out, FALSE);
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
is_marginal (const PdfPage *page, const PdfLine *line)
{
  if (line->bytes > 200)
    return FALSE;
  if (line->y2 < page->height * MARGIN)
    return lines_outside (page, line, TRUE) < LINES_MAX;
  return line->y1 > page->height * (1 - MARGIN) && lines_outside (page, line, FALSE) < LINES_MAX;
}

/* Does `page` have the line, at its height: the same words or, with a number that is no part of
 * them, the same signature and a number that differs as the pages' do? offset: from the page's. */
static gboolean
recurs_on (const PdfPage *page, const PdfLine *wanted, const char *wanted_signature,
           gboolean is_number, int offset)
{
  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *line = &g_array_index (page->lines, PdfLine, i);
    g_autofree char *own = NULL;
    guint letters;
    int number;

    if (fabs (line->y1 - wanted->y1) > SAME_HEIGHT || !is_marginal (page, line))
      continue;
    if (is_number && strpbrk (wanted->text, " ") != NULL && strcmp (line->text, wanted->text) == 0)
      return TRUE;
    own = signature (line->text, &letters, &number);
    if (strcmp (own, wanted_signature) == 0 && (!is_number || number - (int)page->number == offset))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_furniture (GPtrArray *pages, guint index, const PdfLine *line, GHashTable *seen)
{
  const PdfPage *page = g_ptr_array_index (pages, index);
  guint letters, count = 0, others = 0;
  int number;
  g_autofree char *own = signature (line->text, &letters, &number);
  gboolean is_number = number >= 0 && letters < 12;
  guint from = index > NEIGHBOURS ? index - NEIGHBOURS : 0;

  if (number < 0 && letters < 3)
    return FALSE;
  for (guint i = from; i < pages->len && i <= index + NEIGHBOURS; i++) {
    const PdfPage *other = g_ptr_array_index (pages, i);

    if (i == index || other->lines->len == 0)
      continue;
    others++;
    count += recurs_on (other, line, own, is_number, number - (int)page->number);
  }
  /* of few pages, one other must do; words may stand on left or right pages only, or in a chapter
   */
  if (count < (others <= 3 ? 1 : 2) || count * 5 < (is_number ? others * 2 : others))
    return FALSE;
  /* its words are text once */
  return is_number || !g_hash_table_add (seen, g_steal_pointer (&own));
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
