/* Does the first row of a region name its columns? */
#include "sheet-region.h"

#include <string.h>

/* a name of a column is no longer */
#define LABEL_BYTES 60

static gboolean
same_text (const SheetWriter *writer, const SheetCell *a, const SheetCell *b)
{
  return a->bytes == b->bytes &&
         memcmp (writer->text->str + a->offset, writer->text->str + b->offset, a->bytes) == 0;
}

/* What a row has that may name the columns. */
typedef struct {
  gboolean texts;  /* only texts */
  gboolean bold;   /* all of them */
  gboolean brief;  /* each short */
  gboolean unique; /* each once */
} Labels;

static Labels
look_at_labels (const SheetWriter *writer, const SheetRow *row)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Labels labels = {TRUE, TRUE, TRUE, TRUE};

  for (guint i = 0; i < row->n; i++) {
    const SheetCell *cell = sheet_region_cell (writer, row->first + i);

    labels.texts &= cell->kind == CELL_TEXT;
    labels.bold &= cell->bold;
    labels.brief &= cell->bytes <= LABEL_BYTES;
    labels.unique &= g_hash_table_add (
        seen, g_strndup (writer->text->str + cell->offset, MIN (cell->bytes, 256)));
  }
  return labels;
}

/* Do the rows below differ from the labels: values in a column, or no label again? */
static gboolean
rows_differ (const SheetWriter *writer, const SheetRow *header, guint first, guint end, guint from,
             guint to, const Labels *labels)
{
  gboolean repeated = FALSE;

  for (guint i = first; i < end; i++) {
    SheetRow row = sheet_region_row_part (writer, i, from, to);
    guint at = 0;

    for (guint j = 0; j < header->n; j++) {
      const SheetCell *label = sheet_region_cell (writer, header->first + j);
      const SheetCell *cell;

      while (at < row.n && sheet_region_cell (writer, row.first + at)->column < label->column)
        at++;
      cell = at < row.n ? sheet_region_cell (writer, row.first + at) : NULL;
      if (cell == NULL || cell->column != label->column)
        continue;
      if (cell->kind == CELL_VALUE)
        return TRUE;
      repeated |= same_text (writer, cell, label);
    }
  }
  return !repeated && labels->brief && end - first >= 3;
}

gboolean
sheet_region_has_header (const SheetWriter *writer, guint first, guint end, guint from, guint to,
                         guint n_columns)
{
  SheetRow header = sheet_region_row_part (writer, first, from, to), second;
  Labels labels;

  if (end - first < 2 || header.n < 2 || header.n * 4 < n_columns * 3)
    return FALSE;
  if (g_hash_table_contains (writer->headers, GUINT_TO_POINTER (header.row + 1)))
    return TRUE;
  labels = look_at_labels (writer, &header);
  if (!labels.unique)
    return FALSE;
  second = sheet_region_row_part (writer, first + 1, from, to);
  if (labels.bold && !look_at_labels (writer, &second).bold)
    return TRUE;
  return labels.texts && rows_differ (writer, &header, first + 1, end, from, to, &labels);
}
