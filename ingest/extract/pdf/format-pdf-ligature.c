/* Ligatures of scripts that run to the left. Where one glyph stands for two characters, poppler,
 * which turns such words round, turns round the glyph's characters, too. It gives each an equal
 * share of the glyph's place: that shows the pair. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define SAME_WIDTH 0.005 /* of the width */
#define OTHER_WIDTH                                                                                \
  0.05              /* of the width: in fonts whose letters are all as wide, shares tell nothing */
#define WORD_MAX 64 /* characters */

static double
width_of (const PopplerRectangle *box)
{
  return fabs (box->x2 - box->x1);
}

/* Alef before lam, a mark before its letter: the wrong way round when they are one glyph. */
static gboolean
may_be_turned (gunichar first, gunichar second)
{
  const gboolean is_alef = first == 0x622 || first == 0x623 || first == 0x625 || first == 0x627;

  return (is_alef && second == 0x644) || (g_unichar_ismark (first) && g_unichar_isalpha (second));
}

/* Puts the two characters at `text`, which are of equal length, into the other order. */
static void
turn (char *text, gsize bytes)
{
  char first[6];

  memcpy (first, text, bytes);
  memmove (text, text + bytes, bytes);
  memcpy (text + bytes, first, bytes);
}

static gboolean
is_one_glyph (const PopplerRectangle *boxes, guint count, guint index)
{
  double width = width_of (&boxes[index]);

  if (fabs (width_of (&boxes[index + 1]) - width) > SAME_WIDTH * width)
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (fabs (width_of (&boxes[i]) - width) > OTHER_WIDTH * width)
      return TRUE;
  return count == 2;
}

/* A word of `count` characters. */
static void
mend_word (char *word, const PopplerRectangle *boxes, guint count)
{
  for (guint i = 0; i + 1 < count; i++) {
    char *next = g_utf8_next_char (word);
    char *end = g_utf8_next_char (next);

    if (next - word == end - next &&
        may_be_turned (g_utf8_get_char (word), g_utf8_get_char (next)) &&
        is_one_glyph (boxes, count, i)) {
      turn (word, (gsize)(next - word));
      next = end;
      i++;
    }
    word = next;
  }
}

void
pdf_ligatures_mend (char *text, const PopplerRectangle *boxes, guint n_boxes)
{
  char *word = NULL; /* that runs to the left */
  guint index = 0, first = 0;

  for (;; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);
    gboolean is_mark = pdf_is_direction_mark (c);
    gboolean is_over = c == '\0' || (index >= n_boxes && !is_mark);

    if (word != NULL && (is_over || is_mark || c == ' ' || c == '\n')) {
      if (index - first <= WORD_MAX)
        mend_word (word, boxes + first, index - first);
      word = NULL;
    }
    if (is_over)
      break;
    if (c == PDF_RIGHT_TO_LEFT) {
      word = g_utf8_next_char (text);
      first = index;
    }
    index += !is_mark;
  }
}
