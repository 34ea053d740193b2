#include "codegen-model.h"

#include <string.h>

/* What the database sets, whatever is written: schema.sql says so of a column in its comment. */
#define KEPT "kept by the database"
#define PAGE_COLUMNS 100 /* .clang-format */

/* Columns of these types can be written. The array types' names are catalog names. */
static const struct {
  const char *type;
  const char *name;       /* for SQL, and of the encoder */
  const char *c_type;     /* ends with a space, or with the * of a pointer */
  const char *c_nullable; /* where the column may be null */
} c_types[] = {
    {"uuid", "uuid", "const Uuid *", "const Uuid *"},
    {"text", "text", "DbText ", "DbText "},
    {"varchar", "text", "DbText ", "DbText "},
    {"json", "json", "DbText ", "DbText "},
    {"jsonb", "jsonb", "DbText ", "DbText "},
    {"bytea", "bytea", "DbBytes ", "DbBytes "},
    {"numeric", "numeric", "const char *", "const char *"},
    {"_text", "text[]", "DbTextArray ", "DbTextArray "},
    {"_uuid", "uuid[]", "DbUuidArray ", "DbUuidArray "},
    {"bool", "bool", "gboolean ", "DbMaybeBool "},
    {"int2", "int2", "gint16 ", "DbMaybeInt "},
    {"int4", "int4", "gint32 ", "DbMaybeInt "},
    {"int8", "int8", "gint64 ", "DbMaybeInt "},
    {"float4", "float4", "float ", "DbMaybeDouble "},
    {"float8", "float8", "double ", "DbMaybeDouble "},
    {"date", "date", "gint32 ", "DbMaybeInt "},
    {"timestamptz", "timestamptz", "gint64 ", "DbMaybeInt "},
};

/* Encoders of these types take null as it is. */
static const char *const takes_null[] = {"uuid", "text", "json", "jsonb", "bytea", "numeric", NULL};

static const char header_begin[] =
    "/* schema-rows.h: the rows of the tables in schema.sql: columns, how they go into a binary "
    "COPY,\n"
    " * and which values and sizes their checks allow.\n"
    " *\n"
    " * Written by `ingest db codegen --lang c` from a live database (make db-codegen). Not to be "
    "edited:\n"
    " * change schema.sql and write it anew. Columns that the database keeps itself are not in "
    "it.\n"
    " *\n"
    " * A row that is all zero is null in every column that may be null. bytes and chars are "
    "limits of a\n"
    " * text's length, items of an array's. Times are microseconds, dates days, both since 1970.\n"
    " */\n"
    "#pragma once\n"
    "\n"
    "#include \"db/copy.h\"\n";

typedef struct {
  const char *table;
  char *macro;        /* DOCUMENT_CHUNKS */
  char *type;         /* DocumentChunksRow */
  GPtrArray *all;     /* (element-type Model) columns of schema.sql */
  GPtrArray *columns; /* those that may be written */
} Table;

static void
table_clear (Table *table)
{
  g_free (table->macro);
  g_free (table->type);
  g_clear_pointer (&table->all, g_ptr_array_unref);
  g_clear_pointer (&table->columns, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

/* (transfer full) */
static char *
upper (const char *name)
{
  char *macro = g_ascii_strup (name, -1);

  for (char *at = macro; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at))
      *at = '_';
  return macro;
}

/* "document_chunks": "DocumentChunksRow". (transfer full) */
static char *
row_type (const char *table)
{
  GString *type = g_string_new (NULL);
  gboolean begins = TRUE;

  for (const char *at = table; *at != '\0'; at++) {
    if (*at != '_')
      g_string_append_c (type, begins ? g_ascii_toupper (*at) : *at);
    begins = *at == '_';
  }
  g_string_append (type, "Row");
  return g_string_free (type, FALSE);
}

static int
c_type_of (Model *column)
{
  for (guint i = 0; i < G_N_ELEMENTS (c_types); i++)
    if (strcmp (c_types[i].type, model_text (column, "type")) == 0 &&
        strcmp (model_text (column, "type_schema"), "pg_catalog") == 0)
      return (int)i;
  return -1;
}

static gboolean
may_be_written (Model *column)
{
  const char *comment = model_text (column, "comment");

  return (comment == NULL || !g_str_has_prefix (comment, KEPT)) &&
         model_text (column, "generated") == NULL &&
         g_strcmp0 (model_text (column, "identity"), "always") != 0;
}

/* --- macros -------------------------------------------------------------------------------- */

/* `#define NAME "a, b"` in as many lines as .clang-format would make of it. */
static void
write_list (GString *out, const char *macro, const char *suffix, GPtrArray *items)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_ptr_array_add (items, NULL);

  g_autofree char *whole = g_strjoinv (", ", (char **)items->pdata);
  g_string_printf (line, "#define %s_%s \"%s\"", macro, suffix, whole);
  if (line->len <= PAGE_COLUMNS) {
    codegen_line (out, 0, "%s", line->str);
    return;
  }
  g_string_printf (line, "#define %s_%s", macro, suffix);
  codegen_line (out, 0, "%-*s\\", PAGE_COLUMNS - 1, line->str);
  g_string_assign (line, "  \"");
  for (char **item = (char **)items->pdata; *item != NULL; item++) {
    /* room for a comma, a space, the quote, a space and the backslash */
    if (line->len + strlen (*item) + 5 > PAGE_COLUMNS) {
      g_string_append_c (line, '"');
      codegen_line (out, 0, "%-*s\\", PAGE_COLUMNS - 1, line->str);
      g_string_assign (line, "  \"");
    }
    g_string_append_printf (line, "%s%s", *item, item[1] != NULL ? ", " : "");
  }
  codegen_line (out, 0, "%s\"", line->str);
}

static void
write_lists (GString *out, const Table *table)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) types = g_ptr_array_new ();

  for (guint i = 0; i < table->columns->len; i++) {
    Model *column = table->columns->pdata[i];
    g_ptr_array_add (names, (gpointer)(guintptr)model_text (column, "name"));
    g_ptr_array_add (types, (gpointer)(guintptr)c_types[c_type_of (column)].name);
  }
  codegen_line (out, 0, "#define %s_TABLE \"public.%s\"", table->macro, table->table);
  write_list (out, table->macro, "COLUMNS", names);
  write_list (out, table->macro, "TYPES", types);
}

static const char *
unit_of (const char *measure)
{
  if (measure == NULL)
    return "";
  if (strcmp (measure, "octet_length") == 0)
    return "_BYTES";
  return strcmp (measure, "char_length") == 0 ? "_CHARS" : "_ITEMS";
}

static void
write_limits (GString *out, const char *table, Model *column)
{
  g_autofree char *name = upper (model_text (column, "name"));
  Model *bounds = model_list (column, "bounds");
  Model *choices = model_list (column, "choices");

  for (guint i = 0; i < model_length (bounds); i++) {
    Model *bound = model_item (bounds, i);
    const char *operator= model_text (bound, "operator");
    const char *side = *operator== '>' ? "_MIN" : * operator== '<' ? "_MAX" : "";
    codegen_line (out, 0, "#define %s_%s%s%s %s", table, name,
                  unit_of (model_text (bound, "measure")), side, model_text (bound, "bound"));
  }
  for (guint i = 0; i < model_length (choices); i++) {
    g_autofree char *choice = upper (model_string (choices, i));
    g_autofree char *value = codegen_quote (model_string (choices, i));
    codegen_line (out, 0, "#define %s_%s_%s %s", table, name, choice, value);
  }
}

/* --- the row ------------------------------------------------------------------------------- */

static void
write_enum (GString *out, const Table *table)
{
  g_string_append (out, "\nenum {\n");
  for (guint i = 0; i < table->columns->len; i++) {
    g_autofree char *name = upper (model_text (table->columns->pdata[i], "name"));
    codegen_line (out, 1, "%s_COLUMN_%s,", table->macro, name);
  }
  codegen_line (out, 1, "%s_N_COLUMNS,", table->macro);
  g_string_append (out, "};\n");
}

static void
write_struct (GString *out, const Table *table)
{
  g_string_append (out, "\ntypedef struct {\n");
  for (guint i = 0; i < table->columns->len; i++) {
    Model *column = table->columns->pdata[i];
    int type = c_type_of (column);
    codegen_line (out, 1, "%s%s;",
                  model_flag (column, "not_null") ? c_types[type].c_type : c_types[type].c_nullable,
                  model_text (column, "name"));
  }
  codegen_line (out, 0, "} %s;", table->type);
}

static void
write_encoder (GString *out, const Table *table)
{
  g_string_append_printf (out,
                          "\nstatic inline void\n"
                          "%s_row_copy (DbCopy *copy, const %s *row)\n"
                          "{\n"
                          "  db_copy_row (copy, %s_N_COLUMNS);\n",
                          table->table, table->type, table->macro);
  for (guint i = 0; i < table->columns->len; i++) {
    Model *column = table->columns->pdata[i];
    const char *type = c_types[c_type_of (column)].name;
    gboolean maybe = !model_flag (column, "not_null") && !g_strv_contains (takes_null, type);
    g_autoptr (GString) encoder = g_string_new (strcmp (type, "json") == 0 ? "text" : type);
    g_string_replace (encoder, "[]", "_array", 0);
    codegen_line (out, 1, "db_copy_%s%s (copy, row->%s);", maybe ? "maybe_" : "", encoder->str,
                  model_text (column, "name"));
  }
  g_string_append (out, "}\n");
}

/* --- the whole ----------------------------------------------------------------------------- */

static gboolean
add_column (Table *table, Model *column, GError **error)
{
  g_ptr_array_add (table->all, column);
  if (!may_be_written (column))
    return TRUE;
  if (c_type_of (column) < 0) {
    g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
                 "public.%s.%s is of type %s, which has no place in C; have its comment begin with "
                 "\"" KEPT "\", or teach it to db/codegen/codegen-c.c and db/copy.c",
                 table->table, model_text (column, "name"), model_text (column, "sql_type"));
    return FALSE;
  }
  g_ptr_array_add (table->columns, column);
  return TRUE;
}

static gboolean
table_read (Table *table, Model *relation, GError **error)
{
  const char *name = model_text (relation, "name");
  Model *columns = model_list (relation, "columns");

  *table = (Table){name, upper (name), row_type (name), g_ptr_array_new (), g_ptr_array_new ()};
  for (guint i = 0; i < model_length (columns); i++) {
    Model *column = model_item (columns, i);
    if (model_flag (column, "ours") && !add_column (table, column, error))
      return FALSE;
  }
  return TRUE;
}

static void
write_table (GString *out, const Table *table)
{
  g_autoptr (GString) rule = g_string_new (NULL);

  g_string_append_printf (rule, "\n/* --- %s ", table->table);
  while (rule->len < PAGE_COLUMNS - 5)
    g_string_append_c (rule, '-');
  g_string_append_printf (out, "%s */\n\n", rule->str);
  write_lists (out, table);
  for (guint i = 0; i < table->all->len; i++)
    write_limits (out, table->macro, table->all->pdata[i]);
  write_enum (out, table);
  write_struct (out, table);
  write_encoder (out, table);
}

static gboolean
write_plan_limits (DbConnection *connection, GString *out, GError **error)
{
  g_autoptr (PGresult) result = db_query (
      connection, "reading the plans",
      "select plan, requests_per_month from ingest.plan_limits order by 2, 1", 0, NULL, error);

  if (result == NULL)
    return FALSE;
  g_string_append (out, "\n/* agent requests a month, as the rows of ingest.plan_limits were */\n");
  for (int row = 0; row < PQntuples (result); row++) {
    g_autofree char *plan = upper (PQgetvalue (result, row, 0));
    codegen_line (out, 0, "#define PLAN_%s_REQUESTS_PER_MONTH %s", plan,
                  PQgetvalue (result, row, 1));
  }
  return TRUE;
}

gboolean
codegen_c (DbConnection *connection, Model *model, GString *out, GError **error)
{
  Model *relations = model_list (model, "relations");
  Model *missing = model_list (model, "missing");

  if (model_length (missing) > 0) {
    g_set_error (error, DB_ERROR, DB_ERROR_SCHEMA,
                 "the database at %s has no column %s; bring it to this program's schema with "
                 "`ingest db push`",
                 db_connection_name (connection), model_string (missing, 0));
    return FALSE;
  }
  g_string_append (out, header_begin);
  if (!write_plan_limits (connection, out, error))
    return FALSE;
  for (guint i = 0; i < model_length (relations); i++) {
    g_auto (Table) table = {0};
    if (!model_flag (model_item (relations, i), "ours"))
      continue;
    if (!table_read (&table, model_item (relations, i), error))
      return FALSE;
    write_table (out, &table);
  }
  return TRUE;
}
