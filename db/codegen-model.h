/* codegen-model.h: what codegen.sql says of the live database, and the generators that write it
 * down. The model is that JSON document as it is: codegen.sql says what is in it, these read it. */
#pragma once

#include "connection.h"

#include <json-c/json.h>

typedef json_object Model; /* of an object in it, too */

/* Runs codegen.sql in a transaction that only reads. To be freed with json_object_put. */
Model *model_read (DbConnection *connection, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Model, json_object_put)

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

/* Names in Supabase's order: `_` before digits and letters, whatever the case. For qsort on
 * pointers to objects with a "name". */
gint model_compare_names (gconstpointer a, gconstpointer b);

/* The list's objects in that order. (transfer full) (element-type Model) */
GPtrArray *model_sorted (Model *list);

/* A line, indented by two spaces a level. */
void codegen_line (GString *out, guint depth, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* As a literal in double quotes: JSON's, which TypeScript reads. (transfer full) */
char *codegen_quote (const char *text);

/* As the key of an object in TypeScript: quoted where it must be. (transfer full) */
char *codegen_key (const char *name);

gboolean codegen_c (DbConnection *connection, Model *model, GString *out, GError **error);

/* Which tables schema.sql creates in public, and which of a table's columns it names: what is live
 * beside them is the app's. codegen-own.c */
GPtrArray *codegen_own_tables (void);                    /* (transfer full) (element-type char*) */
GPtrArray *codegen_own_columns (const char *table_name); /* (transfer full) (element-type char*) */
