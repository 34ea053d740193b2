#include "codegen-drizzle.h"

#include <string.h>

#define SAFE_INTEGER_MAX G_GINT64_CONSTANT (9007199254740991)

/* Types that drizzle has, by their names in pg_catalog or of an extension. Numbers beyond what
 * JavaScript counts exactly, and times with their microseconds, stay texts. */
static const struct {
  const char *type;
  const char *function;
  const char *options; /* "" when there are none; else without the braces */
} drizzle_types[] = {
    {"uuid", "uuid", ""},
    {"text", "text", ""},
    {"varchar", "varchar", ""},
    {"bpchar", "char", ""},
    {"int2", "smallint", ""},
    {"int4", "integer", ""},
    {"int8", "bigint", "mode: \"number\""},
    {"float4", "real", ""},
    {"float8", "doublePrecision", ""},
    {"numeric", "numeric", ""},
    {"bool", "boolean", ""},
    {"json", "json", ""},
    {"jsonb", "jsonb", ""},
    {"date", "date", ""},
    {"time", "time", ""},
    {"timetz", "time", "withTimezone: true"},
    {"timestamp", "timestamp", "mode: \"string\""},
    {"timestamptz", "timestamp", "withTimezone: true, mode: \"string\""},
    {"interval", "interval", ""},
    {"inet", "inet", ""},
    {"cidr", "cidr", ""},
    {"macaddr", "macaddr", ""},
    {"macaddr8", "macaddr8", ""},
    {"vector", "vector", ""},
    {"halfvec", "halfvec", ""},
    {"sparsevec", "sparsevec", ""},
};

/* What the number or numbers in parentheses mean: "numeric(12,2)", "vector(1536)". */
static const struct {
  const char *type;
  const char *first;
  const char *second; /* (nullable) */
} type_arguments[] = {
    {"varchar", "length", NULL},        {"bpchar", "length", NULL},
    {"numeric", "precision", "scale"},  {"time", "precision", NULL},
    {"timetz", "precision", NULL},      {"timestamp", "precision", NULL},
    {"timestamptz", "precision", NULL}, {"vector", "dimensions", NULL},
    {"halfvec", "dimensions", NULL},    {"sparsevec", "dimensions", NULL},
};

/* --- types --------------------------------------------------------------------------------- */

/* ", precision: 12, scale: 2" of "numeric(12,2)". (transfer full) */
static char *
argument_options (const char *type, const char *sql_type)
{
  const char *open = strchr (sql_type, '(');
  char *end = NULL;

  for (guint i = 0; open != NULL && i < G_N_ELEMENTS (type_arguments); i++) {
    if (strcmp (type_arguments[i].type, type) != 0)
      continue;
    gint64 first = g_ascii_strtoll (open + 1, &end, 10);
    if (*end == ',' && type_arguments[i].second != NULL)
      return g_strdup_printf ("%s: %d, %s: %d", type_arguments[i].first, (int)first,
                              type_arguments[i].second, (int)g_ascii_strtoll (end + 1, NULL, 10));
    return g_strdup_printf ("%s: %d", type_arguments[i].first, (int)first);
  }
  return g_strdup ("");
}

/* The const of a type that drizzle does not have. bytea comes as the driver's bytes, anything else
 * as PostgreSQL's text. */
static const char *
custom_type (Drizzle *drizzle, const char *sql_type)
{
  gboolean is_new;
  const char *name = names_get (drizzle->names, NAME_TYPE, "", sql_type, &is_new);
  g_autofree char *quoted = codegen_quote (sql_type);

  if (is_new)
    codegen_line (drizzle->types, 0,
                  "const %s = pg.customType<{ data: %s }>({ dataType: () => %s })", name,
                  strcmp (sql_type, "bytea") == 0 ? "Uint8Array" : "string", quoted);
  return name;
}

const char *
drizzle_schema (Drizzle *drizzle, const char *schema)
{
  gboolean is_new;
  const char *name = names_get (drizzle->names, NAME_SCHEMA, "", schema, &is_new);
  g_autofree char *quoted = codegen_quote (schema);

  if (is_new)
    codegen_line (drizzle->types, 0, "const %s = pg.pgSchema(%s)", name, quoted);
  return name;
}

static Model *
find_enum (Model *model, const char *schema, const char *name)
{
  Model *type = model_type (model, schema, name);

  return type != NULL && strcmp (model_text (type, "kind"), "enum") == 0 ? type : NULL;
}

/* Those of public are declared, and exported, with the rest of public. */
static const char *
enum_type (Drizzle *drizzle, Model *type)
{
  const char *schema = model_text (type, "schema");
  gboolean is_new;
  const char *name =
      names_get (drizzle->names, NAME_ENUM, schema, model_text (type, "name"), &is_new);

  if (is_new) {
    g_autofree char *quoted = codegen_quote (model_text (type, "name"));
    const char *in = drizzle_schema (drizzle, schema);
    g_autofree char *labels = codegen_text_list (model_list (type, "labels"));
    codegen_line (drizzle->types, 0, "const %s = %s.enum(%s, %s)", name, in, quoted, labels);
  }
  return name;
}

/* `pg.numeric("budget", { precision: 12, scale: 2 })`, without array(). (transfer full) */
static char *
builder (Drizzle *drizzle, Model *column, const char *type, const char *element_sql_type)
{
  g_autofree char *name = codegen_quote (model_text (column, "name"));
  Model *as_enum = find_enum (drizzle->model, model_text (column, "type_schema"), type);

  if (as_enum != NULL)
    return g_strdup_printf ("%s(%s)", enum_type (drizzle, as_enum), name);
  for (guint i = 0; i < G_N_ELEMENTS (drizzle_types); i++) {
    if (strcmp (drizzle_types[i].type, type) != 0)
      continue;
    g_autofree char *arguments = argument_options (type, element_sql_type);
    const char *options = drizzle_types[i].options;
    if (*options == '\0' && *arguments == '\0')
      return g_strdup_printf ("pg.%s(%s)", drizzle_types[i].function, name);
    return g_strdup_printf ("pg.%s(%s, { %s%s%s })", drizzle_types[i].function, name, options,
                            *options && *arguments ? ", " : "", arguments);
  }
  return g_strdup_printf ("%s(%s)", custom_type (drizzle, element_sql_type), name);
}

/* With its arrays. (transfer full) */
static char *
typed_builder (Drizzle *drizzle, Model *column, gboolean is_domain)
{
  const char *type = model_text (column, "type");
  const char *sql_type = model_text (column, "sql_type");
  gint64 dimensions = is_domain ? 0 : model_number (column, "dimensions");
  g_autofree char *element = g_strndup (sql_type, strcspn (sql_type, "["));

  if (is_domain) {
    g_autofree char *name = codegen_quote (model_text (column, "name"));
    return g_strdup_printf ("%s(%s)", custom_type (drizzle, sql_type), name);
  }
  if (dimensions == 0)
    return builder (drizzle, column, type, sql_type);

  GString *text = g_string_new (NULL);
  g_autofree char *base = builder (drizzle, column, type + (*type == '_'), element);
  g_string_append (text, base);
  for (gint64 i = 0; i < dimensions; i++)
    g_string_append (text, ".array()");
  return g_string_free (text, FALSE);
}

/* --- defaults ------------------------------------------------------------------------------ */

/* The text of a literal with nothing but a cast behind it: 'free'::text. (transfer full)
 * (nullable) */
static char *
literal_text (const char *expression)
{
  GString *text = g_string_new (NULL);
  const char *at = expression;

  if (*at++ == '\'') {
    for (; *at != '\0' && (*at != '\'' || at[1] == '\''); at++) {
      at += *at == '\'';
      g_string_append_c (text, *at);
    }
    if (*at == '\'' && (at[1] == '\0' || g_str_has_prefix (at + 1, "::")))
      return g_string_free (text, FALSE);
  }
  g_string_free (text, TRUE);
  return NULL;
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strlen (text) <= 15 && text[strspn (text, "0123456789.")] == '\0';
}

/* As a value where drizzle-kit compares values, else as SQL. (transfer full) */
static char *
default_value (Drizzle *drizzle, Model *column)
{
  static const char *const integers[] = {"int2", "int4", "int8", NULL};
  static const char *const booleans[] = {"true", "false", NULL};
  const char *expression = model_text (column, "default");
  const char *type = model_text (column, "type");
  g_autofree char *literal = literal_text (expression);
  gboolean is_text = strcmp (type, "text") == 0 || strcmp (type, "varchar") == 0 ||
                     find_enum (drizzle->model, model_text (column, "type_schema"), type) != NULL;

  if ((strcmp (type, "bool") == 0 && g_strv_contains (booleans, expression)) ||
      (g_strv_contains (integers, type) && is_number (expression)))
    return g_strdup (expression);
  if (strcmp (type, "numeric") == 0 && is_number (expression))
    return codegen_quote (expression);
  if (literal != NULL && is_text && !model_flag (column, "is_domain"))
    return codegen_quote (literal);
  if (g_strcmp0 (literal, "{}") == 0 && strcmp (type, "jsonb") == 0)
    return g_strdup ("{}");
  if (g_strcmp0 (literal, "{}") == 0 && *type == '_')
    return g_strdup ("[]");
  return drizzle_sql (expression);
}

static void
add_number (GString *text, const char *key, gint64 number)
{
  gboolean is_safe = ABS (number / 2) <= SAFE_INTEGER_MAX / 2;

  g_string_append_printf (text, ", %s: %s%" G_GINT64_FORMAT "%s", key, is_safe ? "" : "\"", number,
                          is_safe ? "" : "\"");
}

/* Of an identity column, or of a sequence itself. (transfer full) */
char *
drizzle_sequence_options (Model *sequence, gboolean with_name)
{
  GString *text = g_string_new (NULL);
  g_autofree char *name = codegen_quote (model_text (sequence, "name"));

  if (with_name)
    g_string_append_printf (text, ", name: %s", name);
  add_number (text, "startWith", model_number (sequence, "start"));
  add_number (text, "increment", model_number (sequence, "increment"));
  add_number (text, "minValue", model_number (sequence, "min"));
  add_number (text, "maxValue", model_number (sequence, "max"));
  add_number (text, "cache", model_number (sequence, "cache"));
  if (model_flag (sequence, "cycle"))
    g_string_append (text, ", cycle: true");
  g_string_erase (text, 0, 2);
  g_string_prepend (text, "{ ");
  g_string_append (text, " }");
  return g_string_free (text, FALSE);
}

/* serial: an integer that takes its default from a sequence of its own. (transfer full) */
static char *
serial_builder (Model *column)
{
  const char *type = model_text (column, "type");
  g_autofree char *name = codegen_quote (model_text (column, "name"));

  if (strcmp (type, "int8") == 0)
    return g_strdup_printf ("pg.bigserial(%s, { mode: \"number\" })", name);
  return g_strdup_printf ("pg.%s(%s)", strcmp (type, "int2") == 0 ? "smallserial" : "serial", name);
}

static gboolean
is_serial (Model *column)
{
  const char *expression = model_text (column, "default");

  return model_list (column, "sequence") != NULL && model_text (column, "identity") == NULL &&
         expression != NULL && g_str_has_prefix (expression, "nextval(");
}

static void
append_origin (GString *out, Drizzle *drizzle, Model *column)
{
  const char *identity = model_text (column, "identity");
  const char *generated = model_text (column, "generated");

  if (identity != NULL) {
    g_autofree char *options = drizzle_sequence_options (model_list (column, "sequence"), TRUE);
    g_string_append_printf (out, ".generated%sAsIdentity(%s)",
                            strcmp (identity, "always") == 0 ? "Always" : "ByDefault", options);
  } else if (generated != NULL) {
    g_autofree char *expression = drizzle_sql (generated);
    g_string_append_printf (out, ".generatedAlwaysAs(%s)", expression);
  } else if (model_text (column, "default") != NULL) {
    g_autofree char *value = default_value (drizzle, column);
    g_string_append_printf (out, ".default(%s)", value);
  }
}

/* --- columns ------------------------------------------------------------------------------- */

static gboolean
is_whole_primary_key (Model *relation, const char *column)
{
  Model *keys = model_list (relation, "keys");

  for (guint i = 0; i < model_length (keys); i++) {
    Model *columns = model_list (model_item (keys, i), "columns");
    if (model_flag (model_item (keys, i), "primary"))
      return model_length (columns) == 1 && model_has_string (columns, column);
  }
  return FALSE;
}

void
drizzle_write_column (GString *out, Drizzle *drizzle, Model *relation, Model *column)
{
  const char *name = model_text (column, "name");
  g_autofree char *key = drizzle_column_key (model_list (relation, "columns"), name);
  gboolean serial = is_serial (column);
  g_autofree char *type = serial
                              ? serial_builder (column)
                              : typed_builder (drizzle, column, model_flag (column, "is_domain"));
  g_autoptr (GString) line = g_string_new (NULL);

  if (!serial)
    append_origin (line, drizzle, column);
  if (is_whole_primary_key (relation, name))
    g_string_append (line, ".primaryKey()");
  else if (model_flag (column, "not_null"))
    g_string_append (line, ".notNull()");
  codegen_line (out, 1, "%s: %s%s,", key, type, line->str);
}

void
drizzle_write_stub_column (GString *out, Drizzle *drizzle, Model *columns, Model *column,
                           gboolean is_key)
{
  g_autofree char *key = drizzle_column_key (columns, model_text (column, "name"));
  g_autofree char *type = typed_builder (drizzle, column, FALSE);

  codegen_line (out, 1, "%s: %s%s,", key, type, is_key ? ".primaryKey()" : ".notNull()");
}
