#include "codegen-typescript.h"

#include <string.h>

static gboolean
is_input (Model *argument)
{
  return strstr ("ibv", model_text (argument, "mode")) != NULL;
}

Model *
typescript_only_argument (Model *function)
{
  Model *arguments = model_list (function, "arguments");
  Model *only = NULL;
  guint n = 0;

  for (guint i = 0; i < model_length (arguments); i++)
    if (is_input (model_item (arguments, i))) {
      only = model_item (arguments, i);
      n++;
    }
  return n == 1 ? only : NULL;
}

static gboolean
is_unnamed (Model *argument)
{
  return *model_text (argument, "name") == '\0';
}

/* A call of PostgREST names its arguments; one that has no name can only be the whole body of the
 * request, or the row that a computed column is of. */
static gboolean
can_be_called (Model *function)
{
  static const char *const bodies[] = {"json", "jsonb", "text", NULL};
  Model *arguments = model_list (function, "arguments");
  Model *only = typescript_only_argument (function);
  gboolean can = TRUE;

  if (only != NULL && is_unnamed (only) && model_text (only, "relation") != NULL)
    return TRUE;
  for (guint i = 0; i < model_length (arguments); i++) {
    Model *argument = model_item (arguments, i);
    if (is_input (argument) && is_unnamed (argument))
      can &= g_strv_contains (bodies, model_text (argument, "type")) &&
             (argument == only || model_flag (argument, "has_default"));
  }
  return can;
}

/* An object type of the members, one a line. (transfer full) */
static char *
object_type (Model *model, const GPtrArray *members, guint depth, gboolean nullable_columns)
{
  GString *text = g_string_new ("{\n");

  for (guint i = 0; i < members->len; i++) {
    Model *member = members->pdata[i];
    gboolean nullable = nullable_columns && !model_flag (member, "not_null");
    char *type = typescript_type_of (model, member);
    typescript_member (text, depth + 1, model_text (member, "name"),
                       !nullable_columns && model_flag (member, "has_default"),
                       nullable_columns ? typescript_nullable (type, nullable) : type);
  }
  for (guint i = 0; i < depth; i++)
    g_string_append (text, "  ");
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* Of the arguments that are in or out. (transfer full) */
static GPtrArray *
arguments_of (Model *function, const char *modes)
{
  Model *arguments = model_list (function, "arguments");
  GPtrArray *chosen = g_ptr_array_new ();

  for (guint i = 0; i < model_length (arguments); i++)
    if (strstr (modes, model_text (model_item (arguments, i), "mode")) != NULL)
      g_ptr_array_add (chosen, model_item (arguments, i));
  return chosen;
}

/* Without the [] of a set. (transfer full) */
char *
typescript_return_type (Model *model, Model *function, guint depth)
{
  g_autoptr (GPtrArray) table = arguments_of (function, "t");
  const char *relation = model_text (function, "relation");
  gboolean is_public = strcmp (model_text (function, "type_schema"), "public") == 0;

  if (table->len > 0)
    return object_type (model, table, depth, FALSE);
  if (relation != NULL && is_public && model_relation (model, relation) != NULL) {
    Model *columns = model_list (model_relation (model, relation), "columns");
    g_autoptr (GPtrArray) sorted = model_sorted (columns);
    return object_type (model, sorted, depth, TRUE);
  }
  return typescript_type_of (model, function);
}

/* What supabase-js needs to select of the rows that a function returns. */
static void
write_setof_options (GString *out, Model *function, guint depth)
{
  const char *to_relation = model_text (function, "relation");
  Model *only = typescript_only_argument (function);
  const char *from_relation = only != NULL && model_length (model_list (function, "arguments")) == 1
                                  ? model_text (only, "relation")
                                  : NULL;
  gboolean set = model_flag (function, "returns_set");

  if (to_relation == NULL)
    return;

  g_autofree char *from = codegen_quote (from_relation ? from_relation : "*");
  g_autofree char *to = codegen_quote (to_relation);
  gboolean one = !model_flag (function, "many_rows") || (from_relation != NULL && !set);
  codegen_line (out, depth, "SetofOptions: {");
  codegen_line (out, depth + 1, "from: %s", from);
  codegen_line (out, depth + 1, "to: %s", to);
  codegen_line (out, depth + 1, "isOneToOne: %s", one ? "true" : "false");
  codegen_line (out, depth + 1, "isSetofReturn: %s", set ? "true" : "false");
  codegen_line (out, depth, "}");
}

/* Two functions of one name that a call with the same argument could mean; PostgREST refuses it.
 * (transfer full) (nullable) */
static char *
conflict_of (const GPtrArray *overloads, Model *function)
{
  Model *only = typescript_only_argument (function);
  const char *name = model_text (function, "name");
  g_autoptr (GString) candidates = g_string_new (NULL);

  if (only == NULL || is_unnamed (only))
    return NULL;
  for (guint i = 0; i < overloads->len; i++) {
    Model *other = typescript_only_argument (overloads->pdata[i]);
    if (other == NULL || strcmp (model_text (other, "name"), model_text (only, "name")) != 0)
      continue;
    g_string_append_printf (candidates, "%spublic.%s(%s => %s)", candidates->len > 0 ? ", " : "",
                            name, model_text (other, "name"), model_text (other, "type"));
  }
  if (strchr (candidates->str, ',') == NULL)
    return NULL;
  return g_strdup_printf ("Could not choose the best candidate function between: %s. Try renaming "
                          "the parameters or the function itself in the database so function "
                          "overloading can be resolved",
                          candidates->str);
}

static char *
refused_call (const char *why)
{
  g_autofree char *quoted = codegen_quote (why);

  return g_strdup_printf ("{ error: true } & %s", quoted);
}

static void
write_signature (GString *out, Model *model, const GPtrArray *overloads, Model *function,
                 guint depth)
{
  g_autoptr (GPtrArray) inputs = arguments_of (function, "ibv");
  g_autofree char *arguments = inputs->len == 0 ? g_strdup ("Record<PropertyKey, never>")
                                                : object_type (model, inputs, depth, FALSE);
  g_autofree char *conflict = conflict_of (overloads, function);
  Model *only = typescript_only_argument (function);
  const char *relation = model_text (function, "relation");
  g_autofree char *returns = NULL;
  /* rows, at most one: supabase-js knows by SetofOptions that it comes in a list */
  gboolean in_list = model_flag (function, "returns_set") &&
                     (model_flag (function, "many_rows") || relation == NULL);

  if (conflict != NULL) {
    returns = refused_call (conflict);
  } else if (only != NULL && is_unnamed (only) && model_text (only, "relation") != NULL &&
             relation == NULL) {
    g_autofree char *why = g_strdup_printf (
        "the function public.%s with parameter or with a single unnamed json/jsonb parameter, but "
        "no matches were found in the schema cache",
        model_text (function, "name"));
    returns = refused_call (why);
  } else {
    returns = typescript_return_type (model, function, depth);
  }
  codegen_line (out, depth, "Args: %s", arguments);
  codegen_line (out, depth, "Returns: %s%s", returns, in_list ? "[]" : "");
  write_setof_options (out, function, depth);
}

/* All of one name. */
static void
write_overloads (GString *out, Model *model, const GPtrArray *overloads)
{
  g_autofree char *key = codegen_key (model_text (overloads->pdata[0], "name"));

  if (overloads->len == 1) {
    codegen_line (out, 3, "%s: {", key);
    write_signature (out, model, overloads, overloads->pdata[0], 4);
    codegen_line (out, 3, "}");
    return;
  }
  codegen_line (out, 3, "%s:", key);
  for (guint i = 0; i < overloads->len; i++) {
    codegen_line (out, 4, "| {");
    write_signature (out, model, overloads, overloads->pdata[i], 6);
    codegen_line (out, 5, "}");
  }
}

void
typescript_functions (GString *out, Model *model)
{
  Model *functions = model_list (model, "functions");
  g_autoptr (GPtrArray) overloads = g_ptr_array_new ();
  gsize before;

  codegen_line (out, 2, "Functions: {");
  before = out->len;
  for (guint i = 0; i < model_length (functions); i++) {
    Model *function = model_item (functions, i);
    if (!can_be_called (function))
      continue;
    if (overloads->len > 0 &&
        strcmp (model_text (overloads->pdata[0], "name"), model_text (function, "name")) != 0) {
      write_overloads (out, model, overloads);
      g_ptr_array_set_size (overloads, 0);
    }
    g_ptr_array_add (overloads, function);
  }
  if (overloads->len > 0)
    write_overloads (out, model, overloads);
  if (out->len == before)
    typescript_nothing (out);
  codegen_line (out, 2, "}");
}
