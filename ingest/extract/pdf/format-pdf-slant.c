/* Text at an angle other than a right one. Poppler takes it for short pieces, each a step above or
 * below the one before, and puts them in wrong order. Here they come back onto lines:
 *
 *     pieces ──► slopes from each to its neighbour ──► the commonest ──► pieces on a line of it
 *
 * A piece's box holds its first character at the bottom and its last at the top where the text
 * rises, the other way round where it falls.
 */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define PIECES_MAX 5000
#define STEPS_MIN 12  /* of a page; fewer are raised characters */
#define SLOPES_MIN 10 /* of about the same slope */
#define SHARE_MIN 0.2 /* of all slopes left: jumping letters have many, and none often */
#define SLOPE_MAX 0.8
#define SLOPE_MIN 0.015
#define BINS 160            /* of slopes from -SLOPE_MAX to SLOPE_MAX */
#define ANGLES_MAX 12       /* of a page */
#define NEAR 0.4            /* sizes: from a piece to the next */
#define LINE_TOLERANCE 0.06 /* sizes */
#define LINE_GAP 1.5        /* sizes */
#define SPACE_GAP 0.12      /* sizes */
#define LINE_BYTES_MIN 8    /* of three pieces; of two, half as many more */

/* Characters that stand on one base line, without white space. */
typedef struct {
  const char *text;
  guint bytes;
  guint first, count; /* characters */
  const char *font;   /* (nullable) its name */
  double x1, x2, y1, y2, size;
  double level; /* where its line would meet the left edge */
  double slope; /* to its neighbour on the right; 0: none */
  gboolean is_used;
} Piece;

/* The font of the character. (nullable) */
static const PopplerTextAttributes *
font_at (GList **attributes, guint index)
{
  while (*attributes != NULL && (*attributes)->next != NULL &&
         ((const PopplerTextAttributes *)(*attributes)->data)->end_index < (int)index)
    *attributes = (*attributes)->next;
  return *attributes == NULL ? NULL : (*attributes)->data;
}

static gboolean
goes_on (const Piece *piece, const PopplerRectangle *box)
{
  return fabs (box->y2 - piece->y2) < 0.005 && box->x1 > piece->x2 - 0.3 * piece->size &&
         box->x1 < piece->x2 + 0.3 * piece->size;
}

static GArray *
find_pieces (const char *text, const PopplerRectangle *boxes, guint n_boxes, GList *attributes)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  gboolean in_piece = FALSE;

  for (guint i = 0; *text != '\0' && i < n_boxes && pieces->len < PIECES_MAX;
       text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);
    Piece *last = pieces->len == 0 ? NULL : &g_array_index (pieces, Piece, pieces->len - 1);
    guint bytes = (guint)(g_utf8_next_char (text) - text);

    if (pdf_is_direction_mark (c))
      continue;
    if (c == '\n' || c == ' ') {
      in_piece = FALSE;
    } else if (in_piece && last != NULL && goes_on (last, &boxes[i])) {
      last->x2 = boxes[i].x2;
      last->bytes += bytes;
      last->count++;
    } else {
      const PopplerTextAttributes *font = font_at (&attributes, i);
      Piece piece = {.text = text,
                     .bytes = bytes,
                     .first = i,
                     .count = 1,
                     .font = font == NULL ? NULL : font->font_name,
                     .x1 = boxes[i].x1,
                     .x2 = boxes[i].x2,
                     .y1 = boxes[i].y1,
                     .y2 = boxes[i].y2,
                     .size = font == NULL ? 0 : font->font_size};

      if (!(piece.size > 0 && piece.size < 10000)) /* or no number */
        piece.size = piece.y2 - piece.y1;
      g_array_append_val (pieces, piece);
      in_piece = TRUE;
    }
    i++;
  }
  return pieces;
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Piece *first = *(Piece *const *)a, *second = *(Piece *const *)b;

  return first->x1 < second->x1 ? -1 : first->x1 > second->x1;
}

/* The step down from a piece to its neighbour: of their first characters. */
static double
step_between (const Piece *piece, const Piece *next)
{
  return next->y2 < piece->y2 ? next->y2 - piece->y2 : next->y1 - piece->y1;
}

static gboolean
are_neighbours (const Piece *piece, const Piece *next)
{
  return fabs (piece->size - next->size) < 0.05 * piece->size &&
         g_strcmp0 (piece->font, next->font) == 0 &&
         next->x1 > piece->x2 - NEAR * piece->size / 2 &&
         fabs (step_between (piece, next)) < 0.6 * piece->size + (piece->y2 - piece->y1) / 2;
}

/* places: the pieces from left to right. Level neighbours come first: then there is no slope. */
static void
find_neighbour (Piece **places, guint count, guint index)
{
  Piece *piece = places[index];
  double best = G_MAXDOUBLE;

  for (guint i = index + 1; i < count && places[i]->x1 < piece->x2 + NEAR * piece->size; i++) {
    double down, across = places[i]->x1 - piece->x1;

    if (across <= 0 || !are_neighbours (piece, places[i]))
      continue;
    down = step_between (piece, places[i]);
    if (fabs (down) < best) {
      best = fabs (down);
      piece->slope = best < 0.01 || best > SLOPE_MAX * across ? 0 : down / across;
    }
  }
}

static void
find_neighbours (GArray *pieces)
{
  g_autofree Piece **places = g_new (Piece *, pieces->len);

  for (guint i = 0; i < pieces->len; i++)
    places[i] = &g_array_index (pieces, Piece, i);
  qsort (places, pieces->len, sizeof *places, compare_places);
  for (guint i = 0; i < pieces->len; i++)
    find_neighbour (places, pieces->len, i);
}

static guint
bin_of (double slope)
{
  return (guint)CLAMP ((slope + SLOPE_MAX) / (2 * SLOPE_MAX) * BINS, 0, BINS - 1);
}

static gboolean
counts (const Piece *piece)
{
  return !piece->is_used && fabs (piece->slope) >= SLOPE_MIN;
}

static int
compare_slopes (gconstpointer a, gconstpointer b)
{
  double first = *(const double *)a, second = *(const double *)b;

  return first < second ? -1 : first > second;
}

/* The commonest slope of what is not used yet. FALSE: there is none. */
static gboolean
find_slope (GArray *pieces, double *slope)
{
  g_autoptr (GArray) slopes = g_array_new (FALSE, FALSE, sizeof (double));
  guint bins[BINS] = {0}, best = 1, all = 0;

  for (guint i = 0; i < pieces->len; i++)
    if (counts (&g_array_index (pieces, Piece, i))) {
      bins[bin_of (g_array_index (pieces, Piece, i).slope)]++;
      all++;
    }
  for (guint i = 1; i + 1 < BINS; i++)
    if (bins[i - 1] + bins[i] + bins[i + 1] > bins[best - 1] + bins[best] + bins[best + 1])
      best = i;
  if (bins[best - 1] + bins[best] + bins[best + 1] < MAX (SLOPES_MIN, SHARE_MIN * all))
    return FALSE;
  for (guint i = 0; i < pieces->len; i++) {
    const Piece *piece = &g_array_index (pieces, Piece, i);
    guint bin = bin_of (piece->slope);

    if (counts (piece) && bin + 1 >= best && bin <= best + 1)
      g_array_append_val (slopes, piece->slope);
  }
  g_array_sort (slopes, compare_slopes);
  *slope = g_array_index (slopes, double, slopes->len / 2);
  return TRUE;
}

/* --- lines -------------------------------------------------------------------------------------
 */

static int
compare_levels (gconstpointer a, gconstpointer b)
{
  const Piece *first = *(Piece *const *)a, *second = *(Piece *const *)b;

  return first->level < second->level ? -1 : first->level > second->level;
}

/* A line of pieces from left to right, laid level around `middle`. */
static void
add_line (PdfPage *page, Piece **pieces, guint count, double slope, double middle, guint8 *used)
{
  g_autoptr (GString) text = g_string_new (NULL);
  PdfLine line = {.x1 = pieces[0]->x1, .x2 = pieces[count - 1]->x2, .size = pieces[0]->size};
  double level = 0;

  for (guint i = 0; i < count; i++) {
    Piece *piece = pieces[i];
    const char *end = piece->text + piece->bytes;

    if (i > 0 && piece->x1 - pieces[i - 1]->x2 > SPACE_GAP * piece->size)
      g_string_append_c (text, ' ');
    for (const char *c = piece->text; c < end; c = g_utf8_next_char (c))
      pdf_append_character (text, g_utf8_get_char (c));
    level += piece->level / count;
    memset (used + piece->first, 1, piece->count);
    piece->is_used = TRUE;
  }
  line.y1 = level + slope * middle - (slope < 0 ? line.size : 0);
  line.y2 = line.y1 + line.size;
  line.first_word_width = MIN (line.x2 - line.x1, 3 * line.size);
  line.bytes = text->len;
  line.text = g_string_free (g_steal_pointer (&text), FALSE);
  if (line.bytes > 0)
    g_array_append_val (page->lines, line);
  else
    g_free (line.text);
}

static guint
count_bytes (Piece **pieces, guint count)
{
  guint bytes = 0;

  for (guint i = 0; i < count; i++)
    bytes += pieces[i]->bytes;
  return bytes;
}

/* Pieces of one level: what is near each other is a line. */
static void
add_level (PdfPage *page, Piece **pieces, guint count, double slope, double middle, guint8 *used)
{
  guint n;

  qsort (pieces, count, sizeof *pieces, compare_places);
  for (guint i = 0; i < count; i += n) {
    n = 1;
    while (i + n < count &&
           pieces[i + n]->x1 - pieces[i + n - 1]->x2 < LINE_GAP * pieces[i + n]->size)
      n++;
    if (n > 1 && count_bytes (pieces + i, n) >= (n > 2 ? 2 : 3) * LINE_BYTES_MIN / 2)
      add_line (page, pieces + i, n, slope, middle, used);
  }
}

/* Lines of that slope; FALSE: none was found. */
static gboolean
add_lines (PdfPage *page, GArray *pieces, double slope, guint8 *used)
{
  g_autofree Piece **fitting = g_new (Piece *, pieces->len);
  guint count = 0, before = page->lines->len, n;
  double middle = 0;

  for (guint i = 0; i < pieces->len; i++) {
    Piece *piece = &g_array_index (pieces, Piece, i);

    if (piece->is_used)
      continue;
    piece->level = (slope < 0 ? piece->y2 : piece->y1) - slope * piece->x1;
    middle += piece->x1;
    fitting[count++] = piece;
  }
  middle /= MAX (count, 1);
  qsort (fitting, count, sizeof *fitting, compare_levels);
  for (guint i = 0; i < count; i += n) {
    n = 1;
    while (i + n < count && fitting[i + n]->level - fitting[i + n - 1]->level <
                                LINE_TOLERANCE * fitting[i + n]->size)
      n++;
    add_level (page, fitting + i, n, slope, middle, used);
  }
  return page->lines->len > before;
}

/* May there be slant? Characters a little above or below the ones before, as large. */
static gboolean
has_steps (const PopplerRectangle *boxes, guint n_boxes)
{
  guint steps = 0;

  for (guint i = 1; i < n_boxes && steps < STEPS_MIN; i++) {
    double down = fabs (boxes[i].y2 - boxes[i - 1].y2);

    steps += down > 0.01 && down < 0.5 * (boxes[i].y2 - boxes[i].y1);
  }
  return steps >= STEPS_MIN;
}

guint8 *
pdf_slant_find (PdfPage *page, const char *text, const PopplerRectangle *boxes, guint n_boxes,
                GList *attributes)
{
  g_autoptr (GArray) pieces = NULL;
  guint8 *used;
  double slope;

  if (!has_steps (boxes, n_boxes))
    return NULL;
  used = g_new0 (guint8, n_boxes);
  pieces = find_pieces (text, boxes, n_boxes, attributes);
  find_neighbours (pieces);
  for (guint i = 0; i < ANGLES_MAX && find_slope (pieces, &slope); i++)
    if (!add_lines (page, pieces, slope, used))
      break;
  return used;
}
