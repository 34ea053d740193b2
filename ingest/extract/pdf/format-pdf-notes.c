/* Footnotes: small lines at the foot of a column, the first of them behind a number or sign. They
 * come after the page's body, so that no sentence that runs over the page's end has them in it. */
#include "format-pdf.h"

#include <string.h>

#define SMALL 0.93 /* of the body's size */
#define LOWER 0.5  /* of the page's height: notes begin below */
#define LINES_MAX 4000

/* The note's number, 0 for a sign; FALSE: the line begins with neither. "12 See", "12See" (the
 * number was raised), "[3] See", "* See". */
static gboolean
read_mark (const char *text, guint *number)
{
  static const gunichar signs[] = {'*', 0x2020, 0x2021, 0xa7, 0xb6};
  gboolean open = *text == '[' || *text == '(';
  gsize digits;
  gunichar c;

  text += open;
  digits = strspn (text, "0123456789");
  *number = (guint)g_ascii_strtoull (text, NULL, 10);
  if (digits == 0) {
    c = g_utf8_get_char (text);
    for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
      if (c == signs[i])
        return !open;
    return FALSE;
  }
  if (digits > 3 || *number == 0)
    return FALSE;
  text += digits;
  if (*text == ']' || *text == ')')
    text++;
  else if (open)
    return FALSE;
  if (g_unichar_isalpha (g_utf8_get_char (text))) /* a word, not "4DX" */
    return g_unichar_islower (g_utf8_get_char (g_utf8_next_char (text)));
  while (*text == ' ')
    text++;
  return g_unichar_isalpha (g_utf8_get_char (text)) || g_utf8_get_char (text) == 0x201c;
}

static gboolean
overlaps (const PdfLine *a, const PdfLine *b)
{
  return a->x1 < b->x2 && b->x1 < a->x2;
}

/* Is there text of the body's size above the line in its column, and none below? */
static gboolean
is_at_foot (const PdfPage *page, const PdfLine *line, double body)
{
  gboolean has_above = FALSE;

  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *other = &g_array_index (page->lines, PdfLine, i);

    if (other == line || other->is_furniture || other->size < body * SMALL ||
        !overlaps (other, line))
      continue;
    if (other->y1 > line->y1)
      return FALSE;
    has_above = TRUE;
  }
  return has_above;
}

void
pdf_notes_mark (PdfPage *page, double body)
{
  guint number;

  if (page->lines->len > LINES_MAX)
    return;
  for (guint i = 0; i < page->lines->len; i++) {
    PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    if (line->is_furniture || line->size >= body * SMALL || line->y1 < page->height * LOWER ||
        !read_mark (line->text, &number) || !is_at_foot (page, line, body))
      continue;
    /* and what goes on below it */
    for (; i < page->lines->len; i++) {
      PdfLine *next = &g_array_index (page->lines, PdfLine, i);

      if (next->size >= body * SMALL || next->y2 < line->y1 || !overlaps (next, line))
        break;
      next->is_note = !next->is_furniture;
    }
    i--;
  }
}

/* Does the line begin the note after the one of that number? */
static gboolean
begins_note (const PdfLine *line, guint before)
{
  guint number;

  return read_mark (line->text, &number) && (number == 0 || number == before + 1);
}

GPtrArray *
pdf_notes_take (PdfPage *page)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean is_soft = FALSE;
  guint number = 0;

  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    if (!line->is_note)
      continue;
    if (text->len > 0 && begins_note (line, number)) {
      g_ptr_array_add (notes, g_strdup (text->str));
      g_string_truncate (text, 0);
    }
    if (text->len == 0)
      read_mark (line->text, &number);
    pdf_join (text, is_soft, line, page);
    is_soft = line->is_soft;
  }
  if (text->len > 0)
    g_ptr_array_add (notes, g_strdup (text->str));
  return notes;
}
