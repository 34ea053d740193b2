#include "codegen-model.h"

#include <string.h>

extern const char db_schema_sql[];

#define CREATE_TABLE "\ncreate table public."

/* What begins an element of a CREATE TABLE that is no column. */
static const char *const no_column[] = {"constraint", "primary", "unique", "foreign",
                                        "check",      "exclude", "like",   NULL};

/* Past a comment, a quoted text or a quoted name that begins at `at`, else `at`. */
static const char *
skip_quoted (const char *at)
{
  const char *end = NULL;

  if (at[0] == '-' && at[1] == '-')
    end = strchr (at, '\n');
  else if (*at == '\'' || *at == '"')
    end = strchr (at + 1, *at);
  return end != NULL ? end + 1 : at;
}

static gsize
name_bytes (const char *at)
{
  return strspn (at, "abcdefghijklmnopqrstuvwxyz0123456789_");
}

/* Past white space and comments. */
static const char *
next_token (const char *at)
{
  while (g_ascii_isspace (*at) || (at[0] == '-' && at[1] == '-'))
    at = g_ascii_isspace (*at) ? at + 1 : skip_quoted (at);
  return at;
}

GPtrArray *
codegen_own_tables (void)
{
  GPtrArray *tables = g_ptr_array_new_with_free_func (g_free);

  for (const char *at = db_schema_sql; (at = strstr (at, CREATE_TABLE)) != NULL;) {
    at += strlen (CREATE_TABLE);
    g_ptr_array_add (tables, g_strndup (at, name_bytes (at)));
  }
  return tables;
}

static void
add_column (GPtrArray *columns, const char *at)
{
  g_autofree char *name = g_strndup (at, name_bytes (at));

  if (*name != '\0' && !g_strv_contains (no_column, name))
    g_ptr_array_add (columns, g_steal_pointer (&name));
}

GPtrArray *
codegen_own_columns (const char *table_name)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *create = g_strconcat (CREATE_TABLE, table_name, " (", NULL);
  const char *at = strstr (db_schema_sql, create);
  guint depth = 1;

  if (at == NULL)
    return columns;
  at = next_token (at + strlen (create));
  add_column (columns, at);
  while (depth > 0 && *at != '\0') {
    const char *past = skip_quoted (at);
    if (past != at) {
      at = past;
      continue;
    }
    depth += (*at == '(') - (*at == ')');
    if (*at++ == ',' && depth == 1) {
      at = next_token (at);
      add_column (columns, at);
    }
  }
  return columns;
}
