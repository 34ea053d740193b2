#include "codegen-drizzle.h"

#include <string.h>

struct Names {
  GHashTable *given; /* "kind schema.name" -> name */
  GHashTable *taken; /* names */
};

/* What may not name a const in a module, and what schema.ts imports. */
static const char *const reserved[] = {
    "arguments", "await",      "break",   "case",   "catch",      "class",     "const",
    "continue",  "debugger",   "default", "delete", "do",         "else",      "enum",
    "eval",      "export",     "extends", "false",  "finally",    "for",       "function",
    "if",        "implements", "import",  "in",     "instanceof", "interface", "let",
    "new",       "null",       "package", "pg",     "private",    "protected", "public",
    "return",    "sql",        "static",  "super",  "switch",     "table",     "this",
    "throw",     "true",       "try",     "typeof", "undefined",  "var",       "void",
    "while",     "with",       "yield",   NULL};

static const char *const suffixes[] = {
    [NAME_TABLE] = "Table",       [NAME_ENUM] = "Enum",     [NAME_ROLE] = "Role",
    [NAME_SEQUENCE] = "Sequence", [NAME_SCHEMA] = "Schema", [NAME_TYPE] = "Type",
};

Names *
names_new (void)
{
  Names *names = g_new0 (Names, 1);

  names->given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  names->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return names;
}

void
names_free (Names *names)
{
  if (names == NULL)
    return;
  g_hash_table_unref (names->given);
  g_hash_table_unref (names->taken);
  g_free (names);
}

static gboolean
is_of_name (char c)
{
  return g_ascii_isalnum (c) || (c & 0x80) != 0;
}

/* "Odd name", "odd_name": oddName. (transfer full) */
static char *
camel_case (const char *name)
{
  GString *camel = g_string_new (NULL);
  gboolean begins_word = FALSE;

  for (const char *at = name; *at != '\0'; at++) {
    if (is_of_name (*at)) {
      char c = begins_word ? g_ascii_toupper (*at) : *at;
      g_string_append_c (camel, camel->len == 0 ? g_ascii_tolower (*at) : c);
    }
    begins_word = !is_of_name (*at);
  }
  if (camel->len == 0 || g_ascii_isdigit (*camel->str))
    g_string_prepend_c (camel, '_');
  return g_string_free (camel, FALSE);
}

const char *
names_get (Names *names, NameKind kind, const char *schema, const char *name, gboolean *is_new)
{
  g_autofree char *key = g_strdup_printf ("%d %s.%s", (int)kind, schema, name);
  const char *given = g_hash_table_lookup (names->given, key);

  if (is_new != NULL)
    *is_new = given == NULL;
  if (given != NULL)
    return given;

  gboolean elsewhere = *schema != '\0' && strcmp (schema, "public") != 0;
  g_autofree char *whole = elsewhere ? g_strconcat (schema, "_", name, NULL) : g_strdup (name);
  g_autoptr (GString) camel = g_string_new (NULL);
  g_autofree char *wanted = camel_case (whole);

  g_string_assign (camel, wanted);
  for (guint try = 1;
       g_hash_table_contains (names->taken, camel->str) || g_strv_contains (reserved, camel->str);
       try++) {
    g_string_printf (camel, "%s%s", wanted, suffixes[kind]);
    if (try > 1)
      g_string_append_printf (camel, "%u", try);
  }
  char *chosen = g_strdup (camel->str);
  g_hash_table_add (names->taken, g_strdup (chosen));
  g_hash_table_insert (names->given, g_steal_pointer (&key), chosen);
  return chosen;
}

/* As it is, quoted, when another column would have the same key. (transfer full) */
char *
drizzle_column_key (Model *columns, const char *column)
{
  g_autofree char *camel = camel_case (column);

  for (guint i = 0; i < model_length (columns); i++) {
    const char *other = model_text (model_item (columns, i), "name");
    g_autofree char *other_camel = camel_case (other);
    if (strcmp (other, column) != 0 && strcmp (other_camel, camel) == 0)
      return codegen_quote (column);
  }
  return g_steal_pointer (&camel);
}

char *
drizzle_column_of (const char *table, Model *columns, const char *column)
{
  g_autofree char *key = drizzle_column_key (columns, column);

  return *key == '"' ? g_strdup_printf ("%s[%s]", table, key)
                     : g_strdup_printf ("%s.%s", table, key);
}

char *
drizzle_sql (const char *expression)
{
  GString *text = g_string_new ("sql`");

  for (const char *at = expression; *at != '\0'; at++) {
    if (*at == '\\' || *at == '`' || (at[0] == '$' && at[1] == '{'))
      g_string_append_c (text, '\\');
    g_string_append_c (text, *at);
  }
  g_string_append_c (text, '`');
  return g_string_free (text, FALSE);
}
