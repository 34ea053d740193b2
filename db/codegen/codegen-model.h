/* codegen-model.h: what codegen.sql says of the live database, and the generators that write it
 * down. The model is that JSON document as it is: codegen.sql says what is in it, these read it. */
#pragma once

#include "db/connection.h"

#include <json-c/json.h>

typedef json_object Model; /* of an object in it, too */

/* Runs codegen.sql in a transaction that only reads. To be freed with json_object_put. */
Model *model_read (DbConnection *connection, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, json_object_put)

/* Adds "relationships" to each relation: its foreign keys to others of public, and those that views
 * inherit, or lead to, by showing the columns of a key. begin: opens the transaction again that a
 * view broke. codegen-views.c */
typedef gboolean (*ModelBeginFunc) (DbConnection *connection, GError **error);
void model_add_relationships (DbConnection *connection, Model *model, ModelBeginFunc begin);

/* Of an object's key, which must be there. Borrowed. (nullable) where it is null. */
const char *model_text (Model *object, const char *key);
gboolean model_flag (Model *object, const char *key);
gint64 model_number (Model *object, const char *key);
Model *model_list (Model *object, const char *key);

/* Of a list. */
guint model_length (Model *list);
Model *model_item (Model *list, guint i);
const char *model_string (Model *list, guint i); /* where it is a list of texts */
gboolean model_has_string (Model *list, const char *text);

/* The relation of that name in schema public, or the item of a list whose "name" it is.
 * (nullable) */
Model *model_relation (Model *model, const char *name);
Model *model_find (Model *list, const char *name);

/* An enum, a composite type or a row type, of any schema. (nullable) */
Model *model_type (Model *model, const char *schema, const char *name);

/* Supabase's order of names: `_` before digits and letters, whatever the case. */
int model_compare_texts (const char *first, const char *second);

/* The list's objects in the order of their names. (transfer full) (element-type Model) */
GPtrArray *model_sorted (Model *list);

/* A line, indented by two spaces a level. */
void codegen_line (GString *out, guint depth, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* As a literal in double quotes: JSON's, which TypeScript reads. (transfer full) */
char *codegen_quote (const char *text);

/* `["a", "b"]` of a list of texts, or of the names of its objects. (transfer full) */
char *codegen_text_list (Model *list);

/* As the key of an object in TypeScript: quoted where it must be. (transfer full) */
char *codegen_key (const char *name);

gboolean codegen_c (DbConnection *connection, Model *model, GString *out, GError **error);
void codegen_typescript (Model *model, GString *out);
void codegen_drizzle (Model *model, GString *out);
