#include "codegen-typescript.h"

#include <string.h>

/* As they come through PostgREST: what is no number, boolean or JSON is text. */
static const char *
builtin_type (const char *type)
{
  static const char *const numbers[] = {"int2",   "int4",    "int8", "float4",
                                        "float8", "numeric", NULL};
  static const char *const texts[] = {"bytea",     "bpchar",      "varchar",  "date", "text",
                                      "citext",    "time",        "timetz",   "uuid", "vector",
                                      "timestamp", "timestamptz", "interval", NULL};

  if (g_strv_contains (numbers, type))
    return "number";
  if (g_strv_contains (texts, type))
    return "string";
  if (strcmp (type, "bool") == 0)
    return "boolean";
  if (strcmp (type, "json") == 0 || strcmp (type, "jsonb") == 0)
    return "Json";
  if (strcmp (type, "void") == 0)
    return "undefined";
  return strcmp (type, "record") == 0 ? "Record<string, unknown>" : NULL;
}

/* (transfer full) */
char *
typescript_labels (Model *labels)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < model_length (labels); i++) {
    g_autofree char *label = codegen_quote (model_string (labels, i));
    g_string_append_printf (text, "%s%s", i > 0 ? " | " : "", label);
  }
  return g_string_free (text, FALSE);
}

/* What cannot be named is unknown. (transfer full) */
static char *
type_of_user (Model *type)
{
  const char *kind = type ? model_text (type, "kind") : "";
  const char *section = strcmp (kind, "enum") == 0        ? "Enums"
                        : strcmp (kind, "composite") == 0 ? "CompositeTypes"
                        : strcmp (kind, "view") == 0      ? "Views"
                                                          : "Tables";
  gboolean has_row = strcmp (kind, "table") == 0 || strcmp (kind, "view") == 0;

  if (type == NULL)
    return g_strdup ("unknown");
  if (strcmp (model_text (type, "schema"), "public") != 0)
    return strcmp (kind, "enum") == 0 ? typescript_labels (model_list (type, "labels"))
                                      : g_strdup ("unknown");

  g_autofree char *name = codegen_quote (model_text (type, "name"));
  return g_strdup_printf ("Database[\"public\"][\"%s\"][%s]%s", section, name,
                          has_row ? "[\"Row\"]" : "");
}

/* (transfer full) */
static char *
typescript_type (Model *model, const char *schema, const char *type)
{
  const char *builtin = builtin_type (type);

  if (builtin != NULL)
    return g_strdup (builtin);
  if (*type != '_')
    return type_of_user (model_type (model, schema, type));

  g_autofree char *element = typescript_type (model, schema, type + 1);
  return strchr (element, '|') != NULL ? g_strdup_printf ("(%s)[]", element)
                                       : g_strdup_printf ("%s[]", element);
}

/* unknown has null in it; so has Json, which a column that is never null has to lose.
 * (transfer full) */
char *
typescript_nullable (char *type, gboolean is_nullable)
{
  g_autofree char *owned = type;

  if (strcmp (type, "Json") == 0 && !is_nullable)
    return g_strdup ("NonNullable<Json>");
  if (strcmp (type, "unknown") == 0 || !is_nullable)
    return g_steal_pointer (&owned);
  return g_strdup_printf ("%s | null", type);
}

/* Of an object with "type" and "type_schema". (transfer full) */
char *
typescript_type_of (Model *model, Model *object)
{
  return typescript_type (model, model_text (object, "type_schema"), model_text (object, "type"));
}

void
typescript_member (GString *out, guint depth, const char *name, gboolean is_optional, char *type)
{
  g_autofree char *key = codegen_key (name);

  codegen_line (out, depth, "%s%s: %s", key, is_optional ? "?" : "", type);
  g_free (type);
}

void
typescript_nothing (GString *out)
{
  codegen_line (out, 3, "[_ in never]: never");
}
