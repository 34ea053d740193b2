#include "csv-dialect.h"

#include <string.h>

#define ROWS_LOOKED_AT 200
#define TITLES_MAX 10
#define COLUMNS_COUNTED 1024

static const char delimiters[] = {',', ';', '\t', '|'};

/* --- taking the head apart ---------------------------------------------------------------------
 */

/* The end of the field at `at`; quotes are honoured. */
static const char *
field_end (const char *at, const char *end, char delimiter)
{
  const char *start = at;

  while (at < end && *at == ' ')
    at++;
  if (at < end && *at == '"')
    for (at++; at < end; at++) {
      if (*at != '"')
        continue;
      if (at + 1 == end || at[1] != '"')
        break;
      at++;
    }
  /* a quote that nothing closes is none */
  if (at == end)
    at = start;
  while (at < end && *at != '\n' && *at != '\r' && (delimiter == 0 || *at != delimiter))
    at++;
  return at;
}

/* (element-type utf8) raw fields of the row at *at, which moves past its line end. NULL: a blank
 * line, or the row is not complete. */
static GPtrArray *
take_row (const char **at, const char *end, char delimiter, gboolean whole)
{
  g_autoptr (GPtrArray) row = g_ptr_array_new_with_free_func (g_free);

  while (TRUE) {
    const char *stop = field_end (*at, end, delimiter);
    char *field = g_strstrip (g_strndup (*at, (gsize)(stop - *at)));

    g_ptr_array_add (row, field);
    *at = stop;
    if (stop == end && !whole)
      return NULL;
    if (stop == end || *stop != delimiter || delimiter == 0)
      break;
    (*at)++;
  }
  if (*at < end && **at == '\r')
    (*at)++;
  if (*at < end && **at == '\n')
    (*at)++;
  if (row->len == 1 && *(char *)g_ptr_array_index (row, 0) == '\0')
    return NULL;
  return g_steal_pointer (&row);
}

static void
unref_row (gpointer row)
{
  g_ptr_array_unref (row);
}

static GPtrArray *
take_rows (const char *text, gsize bytes, gboolean whole, char delimiter)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (unref_row);
  const char *at = text, *end = text + bytes;

  while (at < end && rows->len < ROWS_LOOKED_AT) {
    /* a row cut off by the end of the head counts where it is the only one */
    GPtrArray *row = take_row (&at, end, delimiter, whole || rows->len == 0);

    if (row != NULL)
      g_ptr_array_add (rows, row);
  }
  return rows;
}

/* --- what it is --------------------------------------------------------------------------------
 */

static guint
count_filled (const GPtrArray *row)
{
  guint n = 0;

  for (guint i = 0; i < row->len; i++)
    n += *(const char *)g_ptr_array_index (row, i) != '\0';
  return n;
}

static gboolean
is_number (const char *field)
{
  const char *at = field + strspn (field, "+-$ ");

  return g_ascii_isdigit (*at) && at[strspn (at, "0123456789.,:/-+eE%")] == '\0';
}

static gboolean
is_year (const char *field)
{
  return strlen (field) == 4 && field[strspn (field, "0123456789")] == '\0' &&
         (g_str_has_prefix (field, "19") || g_str_has_prefix (field, "20"));
}

/* No header: where the row below has numbers, the first one has, too, other than years. */
static gboolean
is_header (const GPtrArray *first, const GPtrArray *second)
{
  gboolean numbers = FALSE, years = TRUE;
  guint n = second == NULL ? 0 : MIN (first->len, second->len);

  for (guint i = 0; i < n; i++) {
    const char *label = g_ptr_array_index (first, i);

    if (!is_number (g_ptr_array_index (second, i)))
      continue;
    if (!is_number (label))
      return TRUE;
    numbers = TRUE;
    years &= is_year (label);
  }
  return !numbers || years;
}

static guint
usual_columns (const GPtrArray *rows, guint *regular)
{
  guint counts[COLUMNS_COUNTED + 1] = {0}, usual = 0;

  for (guint i = 0; i < rows->len; i++)
    counts[MIN (((GPtrArray *)g_ptr_array_index (rows, i))->len, COLUMNS_COUNTED)]++;
  for (guint i = 1; i <= COLUMNS_COUNTED; i++)
    if (counts[i] >= counts[usual] && counts[i] > 0)
      usual = i;
  *regular = counts[usual];
  return usual;
}

static void
describe (const GPtrArray *rows, CsvDialect *dialect)
{
  const GPtrArray *header, *below;

  dialect->rows = rows->len;
  dialect->columns = usual_columns (rows, &dialect->regular);
  for (guint i = 0; i < rows->len; i++) {
    const GPtrArray *row = g_ptr_array_index (rows, i);

    for (guint j = 0; j < row->len; j++)
      dialect->longest = MAX (dialect->longest, strlen (g_ptr_array_index (row, j)));
  }
  while (dialect->columns > 1 && dialect->titles < MIN (TITLES_MAX, rows->len) &&
         count_filled (g_ptr_array_index (rows, dialect->titles)) == 1)
    dialect->titles++;
  /* nothing but titles: then they are rows */
  if (dialect->titles + 1 >= rows->len)
    dialect->titles = 0;
  if (rows->len < 2)
    return;
  header = g_ptr_array_index (rows, dialect->titles);
  below = dialect->titles + 1 < rows->len ? g_ptr_array_index (rows, dialect->titles + 1) : NULL;
  dialect->has_header = dialect->columns > 1 && is_header (header, below);
  if (dialect->has_header)
    dialect->columns = MAX (dialect->columns, header->len);
}

/* How well the delimiter explains the rows: those of the usual length, which is at least 2. */
static double
score (const CsvDialect *dialect)
{
  if (dialect->rows == 0 || dialect->columns < 2)
    return 0;
  return (double)dialect->regular / dialect->rows + MIN (dialect->columns, 50) * 0.001;
}

void
csv_dialect_guess (const char *text, gsize bytes, gboolean whole, char preferred,
                   CsvDialect *dialect)
{
  double best = 0;
  gsize skip = 0;

  if (bytes > 5 && g_ascii_strncasecmp (text, "sep=", 4) == 0 &&
      (text[5] == '\n' || text[5] == '\r')) {
    preferred = text[4];
    skip = text[5] == '\r' && bytes > 6 && text[6] == '\n' ? 7 : 6;
  }
  memset (dialect, 0, sizeof *dialect);
  for (guint i = 0; i < sizeof delimiters + 1; i++) {
    char delimiter = i < sizeof delimiters ? delimiters[i] : preferred;
    CsvDialect candidate = {.delimiter = delimiter, .skip_bytes = skip};
    g_autoptr (GPtrArray) rows = NULL;
    double points;

    if (delimiter == 0)
      continue;
    rows = take_rows (text + skip, bytes - skip, whole, delimiter);
    describe (rows, &candidate);
    points = score (&candidate);
    if (delimiter == preferred && points > 0)
      points += 1;
    if (points > best) {
      best = points;
      *dialect = candidate;
    }
  }
  if (best > 0)
    return;
  dialect->columns = 1;
  dialect->skip_bytes = skip;
}
