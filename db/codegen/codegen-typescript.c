#include "codegen-typescript.h"

#include <string.h>

extern const char db_codegen_helpers_ts[];

static const char begin[] =
    "// Written by `ingest db codegen --lang typescript`. Not to be edited: write it anew.\n"
    "\n"
    "export type Json =\n"
    "  | string\n"
    "  | number\n"
    "  | boolean\n"
    "  | null\n"
    "  | { [key: string]: Json | undefined }\n"
    "  | Json[]\n"
    "\n"
    "export type Database = {\n"
    "  public: {\n";

/* --- tables and views ---------------------------------------------------------------------- */

static gboolean
is_view (Model *relation)
{
  return strcmp (model_text (relation, "kind"), "table") != 0;
}

/* A function of a row alone can be selected like a column. */
static void
write_computed (GString *out, Model *model, Model *relation)
{
  Model *functions = model_list (model, "functions");

  for (guint i = 0; i < model_length (functions); i++) {
    Model *function = model_item (functions, i);
    Model *argument = typescript_only_argument (function);
    if (argument != NULL && strcmp (model_text (argument, "type_schema"), "public") == 0 &&
        g_strcmp0 (model_text (argument, "relation"), model_text (relation, "name")) == 0)
      typescript_member (out, 5, model_text (function, "name"), FALSE,
                         typescript_nullable (typescript_return_type (model, function, 5), TRUE));
  }
}

static void
write_row (GString *out, Model *model, Model *relation, const GPtrArray *columns)
{
  codegen_line (out, 4, "Row: {");
  for (guint i = 0; i < columns->len; i++) {
    Model *column = columns->pdata[i];
    typescript_member (
        out, 5, model_text (column, "name"), FALSE,
        typescript_nullable (typescript_type_of (model, column), !model_flag (column, "not_null")));
  }
  write_computed (out, model, relation);
  codegen_line (out, 4, "}");
}

static void
write_change (GString *out, Model *model, Model *relation, const GPtrArray *columns,
              gboolean is_insert)
{
  gboolean view = is_view (relation);

  codegen_line (out, 4, is_insert ? "Insert: {" : "Update: {");
  for (guint i = 0; i < columns->len; i++) {
    Model *column = columns->pdata[i];
    const char *identity = model_text (column, "identity");
    gboolean nullable = view || !model_flag (column, "not_null");
    gboolean never =
        view ? !model_flag (column, "updatable")
             : g_strcmp0 (identity, "always") == 0 || model_text (column, "generated") != NULL;
    gboolean optional =
        never || nullable || !is_insert || identity != NULL || model_flag (column, "has_default");
    typescript_member (out, 5, model_text (column, "name"), optional,
                       never ? g_strdup ("never")
                             : typescript_nullable (typescript_type_of (model, column), nullable));
  }
  codegen_line (out, 4, "}");
}

static void
write_relationship (GString *out, Model *key)
{
  g_autofree char *name = codegen_quote (model_text (key, "name"));
  g_autofree char *columns = codegen_text_list (model_list (key, "columns"));
  g_autofree char *relation = codegen_quote (model_text (key, "table"));
  g_autofree char *referenced = codegen_text_list (model_list (key, "referenced"));

  codegen_line (out, 5, "{");
  codegen_line (out, 6, "foreignKeyName: %s", name);
  codegen_line (out, 6, "columns: %s", columns);
  codegen_line (out, 6, "isOneToOne: %s", model_flag (key, "one_to_one") ? "true" : "false");
  codegen_line (out, 6, "referencedRelation: %s", relation);
  codegen_line (out, 6, "referencedColumns: %s", referenced);
  codegen_line (out, 5, "},");
}

static void
write_relationships (GString *out, Model *relation)
{
  Model *keys = model_list (relation, "relationships");

  if (model_length (keys) == 0) {
    codegen_line (out, 4, "Relationships: []");
    return;
  }
  codegen_line (out, 4, "Relationships: [");
  for (guint i = 0; i < model_length (keys); i++)
    write_relationship (out, model_item (keys, i));
  codegen_line (out, 4, "]");
}

static void
write_relation (GString *out, Model *model, Model *relation)
{
  g_autofree char *key = codegen_key (model_text (relation, "name"));
  g_autoptr (GPtrArray) columns = model_sorted (model_list (relation, "columns"));

  codegen_line (out, 3, "%s: {", key);
  write_row (out, model, relation, columns);
  if (model_flag (relation, "insertable"))
    write_change (out, model, relation, columns, TRUE);
  if (model_flag (relation, "updatable"))
    write_change (out, model, relation, columns, FALSE);
  write_relationships (out, relation);
  codegen_line (out, 3, "}");
}

static void
write_relations (GString *out, Model *model, const char *section, gboolean views)
{
  Model *relations = model_list (model, "relations");
  gsize before;

  codegen_line (out, 2, "%s: {", section);
  before = out->len;
  for (guint i = 0; i < model_length (relations); i++)
    if (is_view (model_item (relations, i)) == views)
      write_relation (out, model, model_item (relations, i));
  if (out->len == before)
    typescript_nothing (out);
  codegen_line (out, 2, "}");
}

/* --- enums and composite types ------------------------------------------------------------- */

static gboolean
is_public_type (Model *type, const char *kind)
{
  return strcmp (model_text (type, "kind"), kind) == 0 &&
         strcmp (model_text (type, "schema"), "public") == 0;
}

static void
write_enums (GString *out, Model *model)
{
  Model *types = model_list (model, "types");
  gsize before;

  codegen_line (out, 2, "Enums: {");
  before = out->len;
  for (guint i = 0; i < model_length (types); i++)
    if (is_public_type (model_item (types, i), "enum"))
      typescript_member (out, 3, model_text (model_item (types, i), "name"), FALSE,
                         typescript_labels (model_list (model_item (types, i), "labels")));
  if (out->len == before)
    typescript_nothing (out);
  codegen_line (out, 2, "}");
}

static void
write_composite_types (GString *out, Model *model)
{
  Model *types = model_list (model, "types");
  gsize before;

  codegen_line (out, 2, "CompositeTypes: {");
  before = out->len;
  for (guint i = 0; i < model_length (types); i++) {
    Model *type = model_item (types, i);
    Model *attributes = model_list (type, "attributes");
    g_autofree char *key = codegen_key (model_text (type, "name"));

    if (!is_public_type (type, "composite"))
      continue;
    codegen_line (out, 3, "%s: {", key);
    for (guint a = 0; a < model_length (attributes); a++)
      typescript_member (
          out, 4, model_text (model_item (attributes, a), "name"), FALSE,
          typescript_nullable (typescript_type_of (model, model_item (attributes, a)), TRUE));
    codegen_line (out, 3, "}");
  }
  if (out->len == before)
    typescript_nothing (out);
  codegen_line (out, 2, "}");
}

static void
write_constants (GString *out, Model *model)
{
  Model *types = model_list (model, "types");

  g_string_append (out, "\nexport const Constants = {\n  public: {\n    Enums: {\n");
  for (guint i = 0; i < model_length (types); i++) {
    Model *type = model_item (types, i);
    g_autofree char *key = codegen_key (model_text (type, "name"));
    g_autofree char *labels = codegen_text_list (model_list (type, "labels"));
    if (is_public_type (type, "enum"))
      codegen_line (out, 3, "%s: %s,", key, labels);
  }
  g_string_append (out, "    },\n  },\n} as const\n");
}

void
codegen_typescript (Model *model, GString *out)
{
  g_string_append (out, begin);
  write_relations (out, model, "Tables", FALSE);
  write_relations (out, model, "Views", TRUE);
  typescript_functions (out, model);
  write_enums (out, model);
  write_composite_types (out, model);
  g_string_append (out, "  }\n}\n\n");
  g_string_append (out, db_codegen_helpers_ts);
  write_constants (out, model);
}
