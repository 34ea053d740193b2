#include "rows.h"

#include "text-array.h"

/* As array_recv wants it: pg_type, the same on every server. */
static const struct {
  const char *name;
  guint32 oid;
} element_types[] = {
    {"bool", 16},   {"bytea", 17},         {"int8", 20},      {"int2", 21},    {"int4", 23},
    {"text", 25},   {"json", 114},         {"float4", 700},   {"float8", 701}, {"varchar", 1043},
    {"date", 1082}, {"timestamptz", 1184}, {"numeric", 1700}, {"uuid", 2950},  {"jsonb", 3802},
};

static guint32
element_oid (const char *type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (element_types); i++)
    if (strcmp (element_types[i].name, type) == 0)
      return element_types[i].oid;
  return 0;
}

static gboolean
is_array (const char *type)
{
  return g_str_has_suffix (type, "[]");
}

/* --- fields -------------------------------------------------------------------------------- */

static guint32
read_u32 (const guint8 *at)
{
  guint32 be;

  memcpy (&be, at, sizeof be);
  return GUINT32_FROM_BE (be);
}

/* Of a field or an element with its length before it: what it takes; a null takes its length. */
static gsize
field_bytes (const guint8 *field)
{
  guint32 length = read_u32 (field);

  return 4 + (length == (guint32)-1 ? 0 : length);
}

/* Where each field of each row begins, row by row. (transfer full) (element-type guint8 *) */
static GPtrArray *
find_fields (const DbCopy *rows, guint n_columns)
{
  GPtrArray *fields = g_ptr_array_new ();
  guint8 *at = rows->buffer->data;
  const guint8 *end = at + rows->buffer->len;

  while (at < end) {
    at += 2; /* number of columns */
    for (guint i = 0; i < n_columns; i++) {
      g_ptr_array_add (fields, at);
      at += field_bytes (at);
    }
  }
  return fields;
}

/* The field of an array column as a literal: there are no arrays of arrays of different lengths.
 * Elements are texts. */
static void
put_array_literal (DbCopy *to, const guint8 *field)
{
  GString *literal = text_array_begin ();
  gboolean is_empty = read_u32 (field + 4) == 0;
  guint32 n = is_empty ? 0 : read_u32 (field + 16);

  field += 24;
  for (guint32 i = 0; i < n; i++) {
    g_autofree char *element = g_strndup ((const char *)field + 4, field_bytes (field) - 4);
    text_array_add (literal, element);
    field += field_bytes (field);
  }

  g_autofree char *text = text_array_end (literal);
  db_copy_text (to, db_text (text));
}

/* --- parameters ---------------------------------------------------------------------------- */

typedef struct {
  GString *sql;
  GPtrArray *values;
  GArray *lengths; /* (element-type int) */
  GArray *formats;
  GPtrArray *owned; /* (element-type GByteArray) */
} Statement;

static void
statement_init (Statement *statement)
{
  statement->sql = g_string_new (NULL);
  statement->values = g_ptr_array_new ();
  statement->lengths = g_array_new (FALSE, FALSE, sizeof (int));
  statement->formats = g_array_new (FALSE, FALSE, sizeof (int));
  statement->owned = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
}

static void
statement_send (Statement *statement, DbPipeline *pipeline)
{
  db_pipeline_add_binary (pipeline, statement->sql->str, (int)statement->values->len,
                          (const char *const *)statement->values->pdata,
                          (const int *)(gpointer)statement->lengths->data,
                          (const int *)(gpointer)statement->formats->data);
  g_string_free (statement->sql, TRUE);
  g_ptr_array_unref (statement->values);
  g_array_unref (statement->lengths);
  g_array_unref (statement->formats);
  g_ptr_array_unref (statement->owned);
}

/* Returns its number, from 1. */
static guint
add_parameter (Statement *statement, const guint8 *data, guint32 length)
{
  int bytes = length == (guint32)-1 ? 0 : (int)length;
  int binary = 1;

  g_ptr_array_add (statement->values, length == (guint32)-1 ? NULL : (gpointer)(guintptr)data);
  g_array_append_val (statement->lengths, bytes);
  g_array_append_val (statement->formats, binary);
  return statement->values->len;
}

static guint
add_field (Statement *statement, const guint8 *field)
{
  return add_parameter (statement, field + 4, read_u32 (field));
}

/* The column of all rows as one array. */
static guint
add_column (Statement *statement, const GPtrArray *fields, guint column, guint n_columns,
            const char *type)
{
  gboolean as_literals = is_array (type);
  guint n_rows = fields->len / n_columns;
  const guint32 header[] = {1, 1, as_literals ? element_oid ("text") : element_oid (type), n_rows,
                            1}; /* dimensions, may have nulls, type, length, lower bound */
  g_auto (DbCopy) array = {0};

  db_copy_begin_memory (&array);
  for (gsize i = 0; i < G_N_ELEMENTS (header); i++) {
    guint32 be = GUINT32_TO_BE (header[i]);
    g_byte_array_append (array.buffer, (const guint8 *)&be, sizeof be);
  }
  for (guint row = 0; row < n_rows; row++) {
    const guint8 *field = fields->pdata[row * n_columns + column];
    if (as_literals)
      put_array_literal (&array, field);
    else
      g_byte_array_append (array.buffer, field, (guint)field_bytes (field));
  }
  g_ptr_array_add (statement->owned, g_byte_array_ref (array.buffer));
  return add_parameter (statement, array.buffer->data, array.buffer->len);
}

/* --- statements ---------------------------------------------------------------------------- */

enum { SET, WHERE, ARRAYS, NAMES, OLD, NEW, N_LISTS };

static void G_GNUC_PRINTF (3, 4)
    list_add (GString *list, const char *separator, const char *format, ...)
{
  va_list arguments;

  if (list->len > 0)
    g_string_append (list, separator);
  va_start (arguments, format);
  g_string_append_vprintf (list, format, arguments);
  va_end (arguments);
}

void
db_rows_update_one (DbPipeline *pipeline, const DbTable *table, const DbCopy *row, DbColumns keys)
{
  g_auto (GStrv) columns = g_strsplit (table->columns, ", ", -1);
  g_autoptr (GPtrArray) fields = find_fields (row, table->n_columns);
  g_autoptr (GString) set = g_string_new (NULL);
  g_autoptr (GString) where = g_string_new (NULL);
  Statement statement;

  statement_init (&statement);
  for (guint i = 0; i < table->n_columns; i++) {
    gboolean is_key = (keys & DB_COLUMN (i)) != 0;
    list_add (is_key ? where : set, is_key ? " and " : ", ", "%s = $%u", columns[i],
              add_field (&statement, fields->pdata[i]));
  }
  g_string_printf (statement.sql, "update %s set %s where %s", table->name, set->str, where->str);
  statement_send (&statement, pipeline);
}

/* A column of `v`, which has the rows to be. (transfer full) */
static char *
new_value (const char *column, const char *type)
{
  return is_array (type) ? g_strdup_printf ("v.%s::%s", column, type)
                         : g_strdup_printf ("v.%s", column);
}

void
db_rows_update_many (DbPipeline *pipeline, const DbTable *table, const DbCopy *rows, DbColumns same,
                     DbColumns key, DbColumns left_out)
{
  g_auto (GStrv) columns = g_strsplit (table->columns, ", ", -1);
  g_auto (GStrv) types = g_strsplit (table->types, ", ", -1);
  g_autoptr (GPtrArray) fields = find_fields (rows, table->n_columns);
  GString *lists[N_LISTS];
  Statement statement;

  if (fields->len == 0)
    return;
  statement_init (&statement);
  for (int i = 0; i < N_LISTS; i++)
    lists[i] = g_string_new (NULL);
  for (guint i = 0; i < table->n_columns; i++) {
    g_autofree char *value = new_value (columns[i], types[i]);

    if (left_out & DB_COLUMN (i))
      continue;
    if (same & DB_COLUMN (i)) {
      list_add (lists[WHERE], " and ", "t.%s = $%u", columns[i],
                add_field (&statement, fields->pdata[i]));
      continue;
    }
    list_add (lists[ARRAYS], ", ", "$%u::%s[]",
              add_column (&statement, fields, i, table->n_columns, types[i]),
              is_array (types[i]) ? "text" : types[i]);
    list_add (lists[NAMES], ", ", "%s", columns[i]);
    if (key & DB_COLUMN (i)) {
      list_add (lists[WHERE], " and ", "t.%s = %s", columns[i], value);
      continue;
    }
    list_add (lists[SET], ", ", "%s = %s", columns[i], value);
    list_add (lists[OLD], ", ", "t.%s", columns[i]);
    list_add (lists[NEW], ", ", "%s", value);
  }
  g_string_printf (statement.sql,
                   "update %s t set %s from unnest(%s) as v (%s) where %s"
                   " and (%s) is distinct from (%s)",
                   table->name, lists[SET]->str, lists[ARRAYS]->str, lists[NAMES]->str,
                   lists[WHERE]->str, lists[OLD]->str, lists[NEW]->str);
  for (int i = 0; i < N_LISTS; i++)
    g_string_free (lists[i], TRUE);
  statement_send (&statement, pipeline);
}
