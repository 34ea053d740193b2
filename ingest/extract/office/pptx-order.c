/* The order of shapes on a slide, by recursive cuts through the white space between them. */
#include "pptx.h"

#include <stdlib.h>

/* more shapes are a drawing: they stay in the order of the file */
#define SHAPES_MAX 400
/* shapes that touch are side by side all the same; of the slide's usual 9144000 */
#define OVERLAP 45720.0

typedef struct {
  double start;
  double end;
} Span;

static Span
span_of (const PptxShape *shape, gboolean is_vertical)
{
  return is_vertical ? (Span){shape->box.y, shape->box.y + shape->box.height}
                     : (Span){shape->box.x, shape->box.x + shape->box.width};
}

static int
compare_start (const void *a, const void *b, void *vertical)
{
  const PptxShape *first = *(PptxShape *const *)a, *second = *(PptxShape *const *)b;
  double difference =
      span_of (first, vertical != NULL).start - span_of (second, vertical != NULL).start;

  return difference < 0 ? -1 : difference > 0;
}

/* Shapes of `shapes` before the widest gap along one axis; 0: there is no gap. They are in order of
 * their start. */
static guint
widest_gap (PptxShape **shapes, guint n, gboolean is_vertical, double *width)
{
  double end = span_of (shapes[0], is_vertical).end;
  guint at = 0;

  *width = -OVERLAP;
  for (guint i = 1; i < n; i++) {
    Span span = span_of (shapes[i], is_vertical);

    if (span.start - end > *width) {
      *width = span.start - end;
      at = i;
    }
    end = MAX (end, span.end);
  }
  return at;
}

/* shapes: in the order of the file. depth ends with the number of shapes. */
static void
cut (PptxShape **shapes, guint n)
{
  g_autofree PptxShape **rows = NULL, **columns = NULL;
  double row_gap, column_gap;
  guint row, column;

  if (n < 2)
    return;
  rows = g_memdup2 (shapes, n * sizeof *shapes);
  columns = g_memdup2 (shapes, n * sizeof *shapes);
  g_qsort_with_data (rows, (gint)n, sizeof *rows, compare_start, GINT_TO_POINTER (TRUE));
  g_qsort_with_data (columns, (gint)n, sizeof *columns, compare_start, NULL);
  row = widest_gap (rows, n, TRUE, &row_gap);
  column = widest_gap (columns, n, FALSE, &column_gap);
  if (row == 0 && column == 0)
    return;
  if (row > 0 && (column == 0 || row_gap >= column_gap)) {
    memcpy (shapes, rows, n * sizeof *shapes);
    column = row;
  } else {
    memcpy (shapes, columns, n * sizeof *shapes);
  }
  cut (shapes, column);
  cut (shapes + column, n - column);
}

void
pptx_order (GPtrArray *shapes)
{
  if (shapes->len > SHAPES_MAX)
    return;
  for (guint i = 0; i < shapes->len; i++)
    if (!((PptxShape *)g_ptr_array_index (shapes, i))->box.is_known)
      return;
  if (shapes->len > 1)
    cut ((PptxShape **)shapes->pdata, shapes->len);
}
