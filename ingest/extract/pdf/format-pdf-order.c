/* The order in which a person reads a page's lines.
 *
 *     rows, from the top ──► zones: as many rows as one gutter runs through ──► of each zone
 *         columns of text: one after the other, each by these rules again
 *         a table, labels and values: row by row
 *
 * A gutter is a strip without text that has text on both sides of it, in rows of both sides.
 */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define LINES_MAX 4000 /* more stay as they are: no page for reading has them */
#define SIZES_MAX 80   /* half points */
#define DEPTH_MAX 6
#define GAPS_MAX 32
#define COLUMNS_MAX 24
#define GUTTER_MIN 3.0    /* points */
#define PROSE_WIDTH 9     /* sizes: of a line of running text, on average */
#define PROSE_FILL 0.6    /* of its column's width */
#define SAME_BASELINE 0.3 /* sizes */

typedef struct {
  double x1, x2;
} Gap;

typedef struct {
  Gap gaps[GAPS_MAX];
  guint count;
} Gaps;

typedef struct {
  PdfPage *page;
  double body;    /* the page's usual size */
  GPtrArray *out; /* (element-type PdfLine) */
} Order;

typedef struct {
  PdfLine **lines;
  guint count;
} Run;

/* --- rows --------------------------------------------------------------------------------------
 */

/* Of a large initial, the height of the line that it begins. */
static double
line_height (const Order *order, const PdfLine *line)
{
  double height = line->y2 - line->y1;

  return line->bytes <= 4 ? MIN (height, 1.3 * order->body) : height;
}

static double
middle (const Order *order, const PdfLine *line)
{
  return line->y1 + line_height (order, line) / 2;
}

static int
compare_heights (gconstpointer a, gconstpointer b, gpointer data)
{
  const PdfLine *first = *(PdfLine *const *)a, *second = *(PdfLine *const *)b;
  double difference = middle (data, first) - middle (data, second);

  if (difference == 0)
    difference = first->x1 - second->x1;
  return difference < 0 ? -1 : difference > 0;
}

static int
compare_places (gconstpointer a, gconstpointer b, gpointer data)
{
  const PdfLine *first = *(PdfLine *const *)a, *second = *(PdfLine *const *)b;
  double difference = first->x1 - second->x1;

  if (difference == 0)
    difference = first->y1 - second->y1;
  return difference < 0 ? -1 : difference > 0;
}

/* How many of the lines, which are sorted by height, are one row. */
static guint
row_length (const Order *order, const Run *run, guint from)
{
  const PdfLine *anchor = run->lines[from];
  guint to = from + 1;

  while (to < run->count &&
         middle (order, run->lines[to]) - middle (order, anchor) <
             0.5 * MIN (line_height (order, anchor), line_height (order, run->lines[to])))
    to++;
  return to - from;
}

/* --- gutters -----------------------------------------------------------------------------------
 */

/* Takes what the line covers out of the gaps. */
static void
cover (Gaps *gaps, const PdfLine *line)
{
  Gaps left = {.count = 0};

  for (guint i = 0; i < gaps->count; i++) {
    const Gap *gap = &gaps->gaps[i];

    if (line->x2 <= gap->x1 || line->x1 >= gap->x2) {
      if (left.count < GAPS_MAX)
        left.gaps[left.count++] = *gap;
      continue;
    }
    if (line->x1 - gap->x1 >= GUTTER_MIN && left.count < GAPS_MAX)
      left.gaps[left.count++] = (Gap){gap->x1, line->x1};
    if (gap->x2 - line->x2 >= GUTTER_MIN && left.count < GAPS_MAX)
      left.gaps[left.count++] = (Gap){line->x2, gap->x2};
  }
  *gaps = left;
}

static void
cover_run (Gaps *gaps, const Run *run, guint from, guint count)
{
  for (guint i = from; i < from + count; i++)
    cover (gaps, run->lines[i]);
}

/* Leaves the gaps between: before and behind all text is none. */
static void
drop_ends (Gaps *gaps)
{
  if (gaps->count > 0 && gaps->gaps[0].x1 == -G_MAXDOUBLE)
    memmove (gaps->gaps, gaps->gaps + 1, --gaps->count * sizeof (Gap));
  if (gaps->count > 0 && gaps->gaps[gaps->count - 1].x2 == G_MAXDOUBLE)
    gaps->count--;
}

/* Is the gap a gutter of the lines: text on both sides, in rows of both? */
static gboolean
is_gutter (const Order *order, const Run *run, const Gap *gap)
{
  guint both = 0, left = 0, right = 0;

  for (guint i = 0, n; i < run->count; i += n) {
    gboolean has_left = FALSE, has_right = FALSE;

    n = row_length (order, run, i);
    for (guint j = i; j < i + n; j++) {
      has_left |= run->lines[j]->x2 <= gap->x1;
      has_right |= run->lines[j]->x1 >= gap->x2;
    }
    both += has_left && has_right;
    left += has_left;
    right += has_right;
  }
  return both >= 2 && both * 3 >= MIN (left, right);
}

/* Leaves those gaps that are gutters. */
static void
keep_gutters (const Order *order, const Run *run, Gaps *gaps)
{
  guint kept = 0;

  for (guint i = 0; i < gaps->count; i++)
    if (is_gutter (order, run, &gaps->gaps[i]))
      gaps->gaps[kept++] = gaps->gaps[i];
  gaps->count = kept;
}

/* --- columns or rows ---------------------------------------------------------------------------
 */

typedef struct {
  guint lines;
  double x1, x2, widths, sizes; /* the last two are sums */
  double last_y, pitches;       /* the distances of its lines, summed */
} Column;

static void
measure_column (const Run *run, Column *column)
{
  *column = (Column){.lines = run->count, .x1 = G_MAXDOUBLE, .x2 = -G_MAXDOUBLE};
  for (guint i = 0; i < run->count; i++) {
    const PdfLine *line = run->lines[i];

    column->sizes += line->size;
    column->x1 = MIN (column->x1, line->x1);
    column->x2 = MAX (column->x2, line->x2);
    column->widths += line->x2 - line->x1;
    if (i > 0)
      column->pitches += line->y2 - column->last_y;
    column->last_y = line->y2;
  }
}

static gboolean
is_prose (const Column *column)
{
  return column->lines >= 3 && column->widths >= PROSE_WIDTH * column->sizes &&
         column->widths >= PROSE_FILL * (column->x2 - column->x1) * column->lines;
}

/* How many of the lines stand on the base line of one in the other column. */
static guint
count_aligned (const Run *run, const Run *other)
{
  guint count = 0, at = 0;

  for (guint i = 0; i < run->count; i++) {
    double tolerance = SAME_BASELINE * run->lines[i]->size;

    while (at < other->count && other->lines[at]->y2 < run->lines[i]->y2 - tolerance)
      at++;
    count += at < other->count && other->lines[at]->y2 <= run->lines[i]->y2 + tolerance;
  }
  return count;
}

/* Few lines far apart, each beside a line of the longer column: labels of what stands there. */
static gboolean
are_labels (const Column *column, const Column *other, guint aligned)
{
  double pitch = column->lines > 1 ? column->pitches / (column->lines - 1) : 0;
  double other_pitch = other->lines > 1 ? other->pitches / (other->lines - 1) : 0;

  return aligned * 5 >= column->lines * 4 && column->lines < other->lines &&
         pitch > 1.5 * other_pitch;
}

/* Do the two, side by side, read one after the other? */
static gboolean
are_columns (const Run *left, const Run *right)
{
  const Run *shorter = left->count <= right->count ? left : right;
  const Run *longer = shorter == left ? right : left;
  Column few, many;
  guint aligned = count_aligned (shorter, longer);

  measure_column (shorter, &few);
  measure_column (longer, &many);
  if (is_prose (&few) && is_prose (&many))
    return TRUE;
  if (aligned * 5 >= many.lines * 4) /* each line has its partner */
    return FALSE;
  if (is_prose (&many) && !is_prose (&few))
    return !are_labels (&few, &many, aligned);
  return few.lines >= 2 && aligned * 5 < few.lines * 3;
}

/* --- output ------------------------------------------------------------------------------------
 */

static void order_run (Order *order, Run *run, guint depth);

/* Splits the lines, in place and each part in their order, at the gutters. */
static guint
split (const Run *run, const Gaps *gutters, Run *columns)
{
  g_autofree PdfLine **copy = g_memdup2 (run->lines, run->count * sizeof *run->lines);
  guint at = 0, count = MIN (gutters->count, COLUMNS_MAX - 1) + 1;

  for (guint c = 0; c < count; c++) {
    double from = c == 0 ? -G_MAXDOUBLE : gutters->gaps[c - 1].x1;
    double to = c + 1 == count ? G_MAXDOUBLE : gutters->gaps[c].x1;

    columns[c] = (Run){run->lines + at, 0};
    for (guint i = 0; i < run->count; i++)
      if (copy[i]->x1 >= from && copy[i]->x1 < to) {
        run->lines[at++] = copy[i];
        columns[c].count++;
      }
  }
  return count;
}

/* Row by row. */
static void
put_rows (Order *order, const Run *run)
{
  for (guint i = 0, n; i < run->count; i += n) {
    n = row_length (order, run, i);
    g_qsort_with_data (run->lines + i, (int)n, sizeof *run->lines, compare_places, order);
    for (guint j = i; j < i + n; j++)
      g_ptr_array_add (order->out, run->lines[j]);
  }
}

static int
compare_indexes (gconstpointer a, gconstpointer b, gpointer data)
{
  const PdfLine *first = *(PdfLine *const *)a, *second = *(PdfLine *const *)b;

  return first < second ? -1 : first > second;
}

/* A table, labels with values: poppler, which knows the blocks that lines were set in, goes cell by
 * cell. */
static void
put_cells (Order *order, const Run *run)
{
  g_qsort_with_data (run->lines, (int)run->count, sizeof *run->lines, compare_indexes, order);
  order->page->n_grids++;
  for (guint i = 0; i < run->count; i++) {
    run->lines[i]->grid = order->page->n_grids;
    g_ptr_array_add (order->out, run->lines[i]);
  }
}

/* Neighbours that do not read one after the other become one part again. */
static guint
merge_cells (Run *columns, gboolean *are_cells, guint count, const Order *order)
{
  guint kept = 0;

  are_cells[0] = FALSE;
  for (guint c = 1; c < count; c++)
    if (are_columns (&columns[kept], &columns[c])) {
      columns[++kept] = columns[c];
      are_cells[kept] = FALSE;
    } else {
      columns[kept].count += columns[c].count;
      are_cells[kept] = TRUE;
      g_qsort_with_data (columns[kept].lines, (int)columns[kept].count, sizeof *columns[kept].lines,
                         compare_heights, (gpointer)order);
    }
  return kept + 1;
}

static void
put_zone (Order *order, const Run *run, const Gaps *gutters, guint depth)
{
  Run columns[COLUMNS_MAX];
  gboolean are_cells[COLUMNS_MAX];
  guint count;

  if (gutters->count == 0 || depth >= DEPTH_MAX) {
    put_rows (order, run);
    return;
  }
  count = merge_cells (columns, are_cells, split (run, gutters, columns), order);
  for (guint i = 0; i < count; i++)
    if (are_cells[i])
      put_cells (order, &columns[i]);
    else
      order_run (order, &columns[i], depth + 1);
}

/* A heading over all columns though it is short: larger than the text, and nothing beside it. */
static gboolean
is_wide_heading (const Order *order, const Run *run, guint from, guint count)
{
  const PdfLine *line = run->lines[from];
  double above = from > 0 ? run->lines[from - 1]->y2 : -G_MAXDOUBLE;

  for (guint i = from > 8 ? from - 8 : 0; i < from; i++)
    above = MAX (above, run->lines[i]->y2);
  if (count != 1 || line->size < 1.15 * order->body || line->y1 < above)
    return FALSE;
  return from + 1 == run->count || run->lines[from + 1]->y1 >= line->y2 - 1;
}

/* The rows from `to` on have a gutter that those before have not: does it begin higher, where only
 * one column has text? Returns where. */
static guint
zone_start (const Order *order, const Run *run, guint from, guint to, Gaps *own)
{
  drop_ends (own);
  while (to > from + 1) {
    const PdfLine *line = run->lines[to - 1], *below = run->lines[to];
    Gaps left = *own;

    cover (&left, line);
    if (below->y1 - line->y2 > 0.6 * line->size || line->y2 - line->y1 > 2 * line->size ||
        fabs (line->size - order->body) > 0.1 * order->body || left.count != own->count ||
        memcmp (left.gaps, own->gaps, own->count * sizeof (Gap)) != 0)
      break;
    to--;
  }
  return to;
}

/* The rows of a zone: from `from`, as long as a gutter runs through them. */
static guint
zone_length (const Order *order, const Run *run, guint from, Gaps *gutters)
{
  Gaps gaps = {.gaps = {{-G_MAXDOUBLE, G_MAXDOUBLE}}, .count = 1};
  guint to = from, n;

  gutters->count = 0;
  for (; to < run->count; to += n) {
    Gaps next = gaps, own = {.gaps = {{-G_MAXDOUBLE, G_MAXDOUBLE}}, .count = 1};
    Run zone = {run->lines + from, 0};

    n = row_length (order, run, to);
    zone.count = to + n - from;
    if (to > from && is_wide_heading (order, run, to, n))
      break;
    cover_run (&next, run, to, n);
    cover_run (&own, run, to, n);
    if (to > from && gutters->count == 0 && own.count > 2) {
      /* the first row of several parts: does it go with what is above? */
      Gaps joint = next;

      keep_gutters (order, &zone, &joint);
      if (joint.count == 0 && next.count <= 2)
        return zone_start (order, run, from, to, &own) - from;
    }
    if (next.count <= 2 && gaps.count > 2)
      break; /* the last gutter ends here */
    gaps = next;
    *gutters = gaps;
    drop_ends (gutters);
  }
  return to - from;
}

/* Lines in any order. */
static void
order_run (Order *order, Run *run, guint depth)
{
  g_qsort_with_data (run->lines, (int)run->count, sizeof *run->lines, compare_heights, order);
  for (guint i = 0, n; i < run->count; i += n) {
    Gaps gutters;
    Run zone;

    n = zone_length (order, run, i, &gutters);
    zone = (Run){run->lines + i, n};
    keep_gutters (order, &zone, &gutters);
    put_zone (order, &zone, &gutters, depth);
  }
}

/* --- the page ----------------------------------------------------------------------------------
 */

/* Runs up or down the page. */
static gboolean
is_upright (const PdfLine *line)
{
  return line->bytes > 3 && line->y2 - line->y1 > 2 * (line->x2 - line->x1);
}

static gboolean
is_leftward (const PdfPage *page)
{
  guint leftward = 0, all = 0;

  for (guint i = 0; page->has_leftward && i < page->lines->len; i++)
    for (const char *c = g_array_index (page->lines, PdfLine, i).text; *c != '\0';
         c = g_utf8_next_char (c)) {
      gunichar character = g_utf8_get_char (c);

      all += g_unichar_isalpha (character);
      leftward += (character >= 0x590 && character < 0x8ff);
    }
  return leftward * 2 > all;
}

/* The size of most characters. */
static double
usual_size (const PdfPage *page)
{
  guint counts[SIZES_MAX] = {0}, best = 0;

  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    counts[(guint)CLAMP (line->size * 2, 0, SIZES_MAX - 1)] += (guint)line->bytes;
  }
  for (guint i = 1; i < SIZES_MAX; i++)
    if (counts[i] > counts[best])
      best = i;
  return (best + 1) / 2.0;
}

/* Lines that run to the left, as in a mirror: what follows needs to know one direction only. */
static void
mirror (PdfPage *page)
{
  for (guint i = 0; i < page->lines->len; i++) {
    PdfLine *line = &g_array_index (page->lines, PdfLine, i);
    double x1 = line->x1;

    line->x1 = page->width - line->x2;
    line->x2 = page->width - x1;
  }
  for (guint i = 0; i < page->places->len; i++) {
    PdfWord *word = &g_array_index (page->places, PdfWord, i);
    float x1 = word->x1;

    word->x1 = (float)page->width - word->x2;
    word->x2 = (float)page->width - x1;
  }
  page->is_mirrored = TRUE;
}

void
pdf_page_order (PdfPage *page)
{
  guint n = page->lines->len;
  g_autofree PdfLine **lines = g_new (PdfLine *, n + 1);
  g_autoptr (GPtrArray) out = g_ptr_array_sized_new (n);
  Run run = {lines, 0};
  Order order = {page, 0, out};
  GArray *ordered;

  if (is_leftward (page))
    mirror (page);
  if (n < 2 || n > LINES_MAX)
    return;
  order.body = usual_size (page);
  for (guint i = 0; i < n; i++)
    if (!is_upright (&g_array_index (page->lines, PdfLine, i)))
      lines[run.count++] = &g_array_index (page->lines, PdfLine, i);
  if (run.count * 2 < n)
    return; /* the page itself is turned */
  order_run (&order, &run, 0);
  for (guint i = 0; i < n; i++)
    if (is_upright (&g_array_index (page->lines, PdfLine, i)))
      g_ptr_array_add (out, &g_array_index (page->lines, PdfLine, i));
  g_assert (out->len == n);
  ordered = g_array_sized_new (FALSE, TRUE, sizeof (PdfLine), n);
  for (guint i = 0; i < n; i++)
    g_array_append_vals (ordered, g_ptr_array_index (out, i), 1);
  g_array_set_clear_func (ordered, NULL);
  /* the lines move: their texts go with them */
  memcpy (page->lines->data, ordered->data, n * sizeof (PdfLine));
  g_array_unref (ordered);
}
