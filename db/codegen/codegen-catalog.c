#include "codegen-model.h"
#include "codegen.h"

#include <string.h>

extern const char db_codegen_sql[];

gboolean
db_codegen_language_parse (const char *name, DbCodegenLanguage *language, GError **error)
{
  static const char *const names[] = {
      [DB_CODEGEN_C] = "c",
      [DB_CODEGEN_TYPESCRIPT] = "typescript",
      [DB_CODEGEN_DRIZZLE] = "drizzle",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], name) == 0) {
      *language = (DbCodegenLanguage)i;
      return TRUE;
    }
  g_set_error (error, DB_ERROR, DB_ERROR_INPUT,
               "there is no code for \"%s\"; --lang takes c, typescript or drizzle", name);
  return FALSE;
}

gboolean
db_codegen (DbConnection *connection, DbCodegenLanguage language, GString *out, GError **error)
{
  g_autoptr (Model) model = model_read (connection, error);

  if (model == NULL)
    return FALSE;
  if (language == DB_CODEGEN_C)
    return codegen_c (connection, model, out, error);
  if (language == DB_CODEGEN_TYPESCRIPT)
    codegen_typescript (model, out);
  else
    codegen_drizzle (model, out);
  return TRUE;
}

/* --- reading ------------------------------------------------------------------------------- */

static gboolean
begin (DbConnection *connection, GError **error)
{
  return db_exec (connection, "opening a transaction",
                  "begin isolation level repeatable read read only; set local jit = off;"
                  " set local search_path = pg_catalog; set local quote_all_identifiers = off",
                  error);
}

Model *
model_read (DbConnection *connection, GError **error)
{
  g_autoptr (PGresult) result = NULL;
  Model *model = NULL;

  if (begin (connection, error))
    result = db_query (connection, "reading the schema", db_codegen_sql, 0, NULL, error);
  if (result != NULL)
    model = json_tokener_parse (PQgetvalue (result, 0, 0));
  if (model != NULL)
    model_add_relationships (connection, model, begin);
  else if (result != NULL)
    g_set_error (error, DB_ERROR, DB_ERROR_QUERY, "the catalogs came in no readable form");
  db_rollback (connection);
  return model;
}

/* --- the document -------------------------------------------------------------------------- */

static Model *
member (Model *object, const char *key)
{
  Model *value = NULL;

  if (!json_object_object_get_ex (object, key, &value))
    g_error ("codegen.sql gives no \"%s\"", key);
  return value;
}

const char *
model_text (Model *object, const char *key)
{
  Model *value = member (object, key);

  return value ? json_object_get_string (value) : NULL;
}

gboolean
model_flag (Model *object, const char *key)
{
  return json_object_get_boolean (member (object, key));
}

gint64
model_number (Model *object, const char *key)
{
  return json_object_get_int64 (member (object, key));
}

Model *
model_list (Model *object, const char *key)
{
  return member (object, key);
}

guint
model_length (Model *list)
{
  return list != NULL ? (guint)json_object_array_length (list) : 0;
}

Model *
model_item (Model *list, guint i)
{
  return json_object_array_get_idx (list, i);
}

const char *
model_string (Model *list, guint i)
{
  return json_object_get_string (json_object_array_get_idx (list, i));
}

gboolean
model_has_string (Model *list, const char *text)
{
  for (guint i = 0; i < model_length (list); i++)
    if (strcmp (model_string (list, i), text) == 0)
      return TRUE;
  return FALSE;
}

Model *
model_find (Model *list, const char *name)
{
  for (guint i = 0; i < model_length (list); i++)
    if (strcmp (model_text (model_item (list, i), "name"), name) == 0)
      return model_item (list, i);
  return NULL;
}

Model *
model_relation (Model *model, const char *name)
{
  return model_find (model_list (model, "relations"), name);
}

Model *
model_type (Model *model, const char *schema, const char *name)
{
  Model *types = model_list (model, "types");

  for (guint i = 0; i < model_length (types); i++) {
    Model *type = model_item (types, i);
    if (strcmp (model_text (type, "name"), name) == 0 &&
        strcmp (model_text (type, "schema"), schema) == 0)
      return type;
  }
  return NULL;
}

/* As codegen.sql orders. (transfer full) */
static char *
order_key (const char *name)
{
  char *key = g_ascii_strdown (name, -1);

  return g_strdelimit (key, "_", ' ');
}

int
model_compare_texts (const char *first, const char *second)
{
  g_autofree char *first_key = order_key (first);
  g_autofree char *second_key = order_key (second);
  int order = strcmp (first_key, second_key);

  return order != 0 ? order : strcmp (first, second);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return model_compare_texts (model_text (*(Model *const *)a, "name"),
                              model_text (*(Model *const *)b, "name"));
}

GPtrArray *
model_sorted (Model *list)
{
  GPtrArray *sorted = g_ptr_array_new ();

  for (guint i = 0; i < model_length (list); i++)
    g_ptr_array_add (sorted, model_item (list, i));
  g_ptr_array_sort (sorted, compare_names);
  return sorted;
}

/* --- writing ------------------------------------------------------------------------------- */

void
codegen_line (GString *out, guint depth, const char *format, ...)
{
  va_list arguments;

  for (guint i = 0; i < depth; i++)
    g_string_append (out, "  ");
  va_start (arguments, format);
  g_string_append_vprintf (out, format, arguments);
  va_end (arguments);
  g_string_append_c (out, '\n');
}

char *
codegen_quote (const char *text)
{
  g_autoptr (Model) json = json_object_new_string (text);

  return g_strdup (json_object_to_json_string_ext (json, JSON_C_TO_STRING_PLAIN |
                                                             JSON_C_TO_STRING_NOSLASHESCAPE));
}

char *
codegen_key (const char *name)
{
  gboolean is_plain = *name != '\0' && !g_ascii_isdigit (*name);

  for (const char *at = name; *at != '\0'; at++)
    is_plain &= g_ascii_isalnum (*at) || *at == '_';
  return is_plain ? g_strdup (name) : codegen_quote (name);
}

char *
codegen_text_list (Model *list)
{
  GString *text = g_string_new ("[");

  for (guint i = 0; i < model_length (list); i++) {
    Model *item = model_item (list, i);
    gboolean is_object = json_object_is_type (item, json_type_object);
    g_autofree char *quoted =
        codegen_quote (is_object ? model_text (item, "name") : model_string (list, i));
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", quoted);
  }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}
