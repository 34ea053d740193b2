#include "codegen-drizzle.h"

#include <string.h>

static const char begin[] =
    "// Written by `ingest db codegen --lang drizzle`. Not to be edited: write it anew.\n"
    "//\n"
    "// For drizzle-orm. drizzle has no words for functions, triggers and grants, and drizzle-kit "
    "reads\n"
    "// keys of several columns back in any order and makes them anew: keep its push away from the "
    "tables\n"
    "// of ingest (tablesFilter). `ingest db status` tells what it did, `ingest db push` repairs.\n"
    "import { sql } from \"drizzle-orm\"\n"
    "import * as pg from \"drizzle-orm/pg-core\"\n";

static gboolean
is_table (Model *relation)
{
  return strcmp (model_text (relation, "kind"), "table") == 0 &&
         !model_flag (relation, "is_partition");
}

/* `table.a, table.b` of a list of names. (transfer full) */
static char *
columns_of (const char *table, Model *all, Model *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < model_length (names); i++) {
    Model *item = model_item (names, i);
    const char *name = json_object_is_type (item, json_type_object) ? model_text (item, "name")
                                                                    : model_string (names, i);
    g_autofree char *column = drizzle_column_of (table, all, name);
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", column);
  }
  return g_string_free (text, FALSE);
}

/* --- constraints --------------------------------------------------------------------------- */

/* The key's columns in the order of the table. drizzle-kit reads them back in whichever order the
 * server's planner joins them, mostly this one, and drops and makes anew what differs; where it
 * stops in between, the key is gone. For the same reason nullsNotDistinct() is not said, which it
 * does not read back at all. For drizzle-orm neither means anything. (transfer full) */
static char *
key_columns (Model *relation, Model *key)
{
  Model *columns = model_list (relation, "columns");
  g_autoptr (Model) ordered = json_object_new_array ();

  for (guint i = 0; i < model_length (columns); i++) {
    const char *name = model_text (model_item (columns, i), "name");
    if (model_has_string (model_list (key, "columns"), name))
      json_object_array_add (ordered, json_object_new_string (name));
  }
  return columns_of ("table", columns, ordered);
}

static void
write_keys (GString *out, Model *relation)
{
  Model *keys = model_list (relation, "keys");

  for (guint i = 0; i < model_length (keys); i++) {
    Model *key = model_item (keys, i);
    g_autofree char *name = codegen_quote (model_text (key, "name"));
    g_autofree char *columns = key_columns (relation, key);

    if (model_flag (key, "deferrable"))
      codegen_line (out, 1, "// deferrable, for which drizzle has no word:");
    if (model_flag (key, "nulls_not_distinct"))
      codegen_line (out, 1, "// nulls not distinct:");
    if (!model_flag (key, "primary"))
      codegen_line (out, 1, "pg.unique(%s).on(%s),", name, columns);
    else if (model_length (model_list (key, "columns")) > 1)
      codegen_line (out, 1, "pg.primaryKey({ name: %s, columns: [%s] }),", name, columns);
  }
}

static const char *
action_of (Model *key, const char *when)
{
  switch (*model_text (key, when)) {
  case 'r':
    return "restrict";
  case 'c':
    return "cascade";
  case 'n':
    return "set null";
  case 'd':
    return "set default";
  default:
    return NULL;
  }
}

/* A table of another schema, with the columns that are referred to alone. */
static const char *
stub_of (Drizzle *drizzle, Model *key)
{
  const char *schema = model_text (key, "schema");
  const char *table = model_text (key, "table");
  Model *columns = model_list (key, "referenced");
  g_autofree char *quoted = codegen_quote (table);
  gboolean is_new;
  const char *name = names_get (drizzle->names, NAME_TABLE, schema, table, &is_new);

  if (is_new) {
    const char *in = drizzle_schema (drizzle, schema);
    codegen_line (drizzle->relations, 0, "\nexport const %s = %s.table(%s, {", name, in, quoted);
    for (guint i = 0; i < model_length (columns); i++)
      drizzle_write_stub_column (drizzle->relations, drizzle, columns, model_item (columns, i),
                                 model_length (columns) == 1);
    codegen_line (drizzle->relations, 0, "})");
  }
  return name;
}

static void
write_foreign_keys (GString *out, Drizzle *drizzle, Model *relation)
{
  Model *keys = model_list (relation, "foreign_keys");

  for (guint i = 0; i < model_length (keys); i++) {
    Model *key = model_item (keys, i);
    gboolean is_public = strcmp (model_text (key, "schema"), "public") == 0;
    gboolean is_self =
        is_public && strcmp (model_text (key, "table"), model_text (relation, "name")) == 0;
    Model *to = is_public ? model_relation (drizzle->model, model_text (key, "table")) : NULL;
    Model *referenced = model_list (key, "referenced");
    const char *table = is_self      ? "table"
                        : to != NULL ? names_get (drizzle->names, NAME_TABLE, "public",
                                                  model_text (key, "table"), NULL)
                                     : stub_of (drizzle, key);
    g_autofree char *name = codegen_quote (model_text (key, "name"));
    g_autofree char *columns =
        columns_of ("table", model_list (relation, "columns"), model_list (key, "columns"));
    g_autofree char *others =
        columns_of (table, to ? model_list (to, "columns") : referenced, referenced);
    const char *on_delete = action_of (key, "on_delete");
    const char *on_update = action_of (key, "on_update");

    codegen_line (out, 1, "pg.foreignKey({");
    codegen_line (out, 2, "name: %s,", name);
    codegen_line (out, 2, "columns: [%s],", columns);
    codegen_line (out, 2, "foreignColumns: [%s],", others);
    codegen_line (out, 1, "})%s%s%s%s%s%s,", on_delete ? ".onDelete(\"" : "",
                  on_delete ? on_delete : "", on_delete ? "\")" : "",
                  on_update ? ".onUpdate(\"" : "", on_update ? on_update : "",
                  on_update ? "\")" : "");
  }
}

static void
write_checks (GString *out, Model *relation)
{
  Model *checks = model_list (relation, "checks");

  for (guint i = 0; i < model_length (checks); i++) {
    g_autofree char *name = codegen_quote (model_text (model_item (checks, i), "name"));
    g_autofree char *expression = drizzle_sql (model_text (model_item (checks, i), "expression"));
    codegen_line (out, 1, "pg.check(%s, %s),", name, expression);
  }
}

/* --- indexes ------------------------------------------------------------------------------- */

/* (transfer full) */
static char *
index_key (Model *relation, Model *key)
{
  const char *column = model_text (key, "column");
  const char *class = model_text (key, "class");
  gboolean descending = model_flag (key, "descending");
  gboolean nulls_first = model_flag (key, "nulls_first");
  GString *text = g_string_new (NULL);

  if (column == NULL) {
    g_string_printf (text, "%s%s%s%s%s", model_text (key, "expression"), class ? " " : "",
                     class ? class : "", descending ? " desc" : "",
                     descending == nulls_first ? ""
                     : nulls_first             ? " nulls first"
                                               : " nulls last");
    g_autofree char *expression = g_string_free (text, FALSE);
    return drizzle_sql (expression);
  }

  g_autofree char *of_table = drizzle_column_of ("table", model_list (relation, "columns"), column);
  g_string_append (text, of_table);
  if (descending || nulls_first)
    g_string_append_printf (text, ".%s().%s()", descending ? "desc" : "asc",
                            nulls_first ? "nullsFirst" : "nullsLast");
  if (class != NULL)
    g_string_append_printf (text, ".op(\"%s\")", class);
  return g_string_free (text, FALSE);
}

/* "fastupdate=on": `fastupdate: "on"`. (transfer full) */
static char *
storage_options (Model *options)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < model_length (options); i++) {
    g_auto (GStrv) pair = g_strsplit (model_string (options, i), "=", 2);
    g_string_append_printf (text, "%s%s: \"%s\"", i > 0 ? ", " : "", pair[0],
                            pair[1] ? pair[1] : "");
  }
  return g_string_free (text, FALSE);
}

static void
write_index (GString *out, Model *relation, Model *index)
{
  Model *keys = model_list (index, "keys");
  Model *options = model_list (index, "with");
  g_autofree char *name = codegen_quote (model_text (index, "name"));
  g_autoptr (GString) line = g_string_new (NULL);
  const char *where = model_text (index, "where");

  if (model_flag (index, "nulls_not_distinct"))
    codegen_line (out, 1, "// nulls not distinct:");
  g_string_printf (line, "pg.%s(%s).using(\"%s\"",
                   model_flag (index, "unique") ? "uniqueIndex" : "index", name,
                   model_text (index, "method"));
  for (guint i = 0; i < model_length (keys); i++) {
    g_autofree char *key = index_key (relation, model_item (keys, i));
    g_string_append_printf (line, ", %s", key);
  }
  g_string_append_c (line, ')');
  if (where != NULL) {
    g_autofree char *expression = drizzle_sql (where);
    g_string_append_printf (line, ".where(%s)", expression);
  }
  if (model_length (options) > 0) {
    g_autofree char *with = storage_options (options);
    g_string_append_printf (line, ".with({ %s })", with);
  }
  codegen_line (out, 1, "%s,", line->str);
}

/* --- policies ------------------------------------------------------------------------------ */

/* `authenticated`, or `[authenticated, anon]`; public is a word of drizzle. (transfer full) */
static char *
roles_of (Drizzle *drizzle, Model *roles)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < model_length (roles); i++) {
    const char *role = model_string (roles, i);
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                            strcmp (role, "public") == 0
                                ? "\"public\""
                                : names_get (drizzle->names, NAME_ROLE, "", role, NULL));
  }
  if (model_length (roles) != 1) {
    g_string_prepend_c (text, '[');
    g_string_append_c (text, ']');
  }
  return g_string_free (text, FALSE);
}

static void
write_policy (GString *out, Drizzle *drizzle, Model *policy)
{
  g_autofree char *name = codegen_quote (model_text (policy, "name"));
  g_autofree char *roles = roles_of (drizzle, model_list (policy, "roles"));
  const char *using = model_text (policy, "using");
  const char *check = model_text (policy, "check");

  codegen_line (out, 1, "pg.pgPolicy(%s, {", name);
  codegen_line (out, 2, "as: \"%s\",",
                model_flag (policy, "permissive") ? "permissive" : "restrictive");
  codegen_line (out, 2, "for: \"%s\",", model_text (policy, "command"));
  codegen_line (out, 2, "to: %s,", roles);
  if (using != NULL) {
    g_autofree char *expression = drizzle_sql (using);
    codegen_line (out, 2, "using: %s,", expression);
  }
  if (check != NULL) {
    g_autofree char *expression = drizzle_sql (check);
    codegen_line (out, 2, "withCheck: %s,", expression);
  }
  codegen_line (out, 1, "}),");
}

static void
write_roles (GString *out, Drizzle *drizzle)
{
  Model *relations = model_list (drizzle->model, "relations");
  g_autoptr (GString) roles = g_string_new (NULL);

  for (guint r = 0; r < model_length (relations); r++) {
    Model *policies = model_list (model_item (relations, r), "policies");
    for (guint p = 0; p < model_length (policies); p++) {
      Model *of_policy = model_list (model_item (policies, p), "roles");
      for (guint i = 0; i < model_length (of_policy); i++) {
        const char *role = model_string (of_policy, i);
        gboolean is_new = FALSE;
        if (strcmp (role, "public") == 0)
          continue;
        const char *name = names_get (drizzle->names, NAME_ROLE, "", role, &is_new);
        g_autofree char *quoted = codegen_quote (role);
        if (is_new)
          codegen_line (roles, 0, "export const %s = pg.pgRole(%s).existing()", name, quoted);
      }
    }
  }
  if (roles->len > 0)
    g_string_append_printf (out, "\n%s", roles->str);
}

/* --- tables and views ---------------------------------------------------------------------- */

static void
write_extras (GString *out, Drizzle *drizzle, Model *relation)
{
  Model *indexes = model_list (relation, "indexes");
  Model *policies = model_list (relation, "policies");

  write_keys (out, relation);
  write_foreign_keys (out, drizzle, relation);
  write_checks (out, relation);
  for (guint i = 0; i < model_length (indexes); i++)
    write_index (out, relation, model_item (indexes, i));
  for (guint i = 0; i < model_length (policies); i++)
    write_policy (out, drizzle, model_item (policies, i));
}

static void
write_table (GString *out, Drizzle *drizzle, Model *relation)
{
  const char *table = model_text (relation, "name");
  const char *name = names_get (drizzle->names, NAME_TABLE, "public", table, NULL);
  Model *columns = model_list (relation, "columns");
  g_autofree char *quoted = codegen_quote (table);
  g_autoptr (GString) extras = g_string_new (NULL);

  codegen_line (out, 0, "\nexport const %s = pg.pgTable(%s, {", name, quoted);
  for (guint i = 0; i < model_length (columns); i++)
    drizzle_write_column (out, drizzle, relation, model_item (columns, i));
  write_extras (extras, drizzle, relation);
  g_string_append (out, "}");
  /* the type is said: tables may refer to each other in a circle */
  if (extras->len > 0)
    g_string_append_printf (out, ", (table): pg.PgTableExtraConfigValue[] => [\n%s]", extras->str);
  g_string_append_printf (out, ")%s\n",
                          model_flag (relation, "row_security") ? ".enableRLS()" : "");
}

static void
write_view (GString *out, Drizzle *drizzle, Model *relation)
{
  const char *view = model_text (relation, "name");
  const char *name = names_get (drizzle->names, NAME_TABLE, "public", view, NULL);
  Model *columns = model_list (relation, "columns");
  Model *options = model_list (relation, "options");
  g_autofree char *quoted = codegen_quote (view);
  g_autofree char *definition = g_strdup (model_text (relation, "definition"));
  g_autofree char *as = drizzle_sql (g_strstrip (definition));
  gboolean is_materialized = strcmp (model_text (relation, "kind"), "view") != 0;

  codegen_line (out, 0, "\nexport const %s = pg.%s(%s, {", name,
                is_materialized ? "pgMaterializedView" : "pgView", quoted);
  for (guint i = 0; i < model_length (columns); i++)
    drizzle_write_column (out, drizzle, relation, model_item (columns, i));
  g_string_append (out, "})");
  if (model_has_string (options, "security_invoker=true") ||
      model_has_string (options, "security_invoker=on"))
    g_string_append (out, ".with({ securityInvoker: true })");
  codegen_line (out, 0, ".as(%s)", as);
}

/* --- the whole ----------------------------------------------------------------------------- */

/* Tables choose first, whatever the order in which they are written. */
static void
name_relations (Drizzle *drizzle)
{
  Model *relations = model_list (drizzle->model, "relations");

  for (guint i = 0; i < model_length (relations); i++)
    names_get (drizzle->names, NAME_TABLE, "public", model_text (model_item (relations, i), "name"),
               NULL);
}

static void
write_enums (GString *out, Drizzle *drizzle)
{
  Model *types = model_list (drizzle->model, "types");

  for (guint i = 0; i < model_length (types); i++) {
    Model *type = model_item (types, i);
    if (strcmp (model_text (type, "kind"), "enum") != 0 ||
        strcmp (model_text (type, "schema"), "public") != 0)
      continue;
    const char *name =
        names_get (drizzle->names, NAME_ENUM, "public", model_text (type, "name"), NULL);
    g_autofree char *quoted = codegen_quote (model_text (type, "name"));
    g_autofree char *labels = codegen_text_list (model_list (type, "labels"));
    codegen_line (out, 0, "\nexport const %s = pg.pgEnum(%s, %s)", name, quoted, labels);
  }
}

static void
write_sequences (GString *out, Drizzle *drizzle)
{
  Model *sequences = model_list (drizzle->model, "sequences");

  for (guint i = 0; i < model_length (sequences); i++) {
    Model *sequence = model_item (sequences, i);
    const char *name =
        names_get (drizzle->names, NAME_SEQUENCE, "public", model_text (sequence, "name"), NULL);
    g_autofree char *quoted = codegen_quote (model_text (sequence, "name"));
    g_autofree char *options = drizzle_sequence_options (sequence, FALSE);
    codegen_line (out, 0, "\nexport const %s = pg.pgSequence(%s, %s)", name, quoted, options);
  }
}

void
codegen_drizzle (Model *model, GString *out)
{
  g_autoptr (Names) names = names_new ();
  g_autoptr (GString) types = g_string_new (NULL);
  g_autoptr (GString) stubs = g_string_new (NULL);
  g_autoptr (GString) body = g_string_new (NULL);
  Drizzle drizzle = {model, names, types, stubs};
  Model *relations = model_list (model, "relations");

  name_relations (&drizzle);
  write_enums (body, &drizzle);
  write_sequences (body, &drizzle);
  write_roles (body, &drizzle);
  for (guint i = 0; i < model_length (relations); i++)
    if (is_table (model_item (relations, i)))
      write_table (body, &drizzle, model_item (relations, i));
  for (guint i = 0; i < model_length (relations); i++)
    if (model_text (model_item (relations, i), "definition") != NULL)
      write_view (body, &drizzle, model_item (relations, i));

  g_string_append (out, begin);
  if (types->len > 0)
    g_string_append_printf (out, "\n%s", types->str);
  g_string_append (out, stubs->str);
  g_string_append (out, body->str);
}
