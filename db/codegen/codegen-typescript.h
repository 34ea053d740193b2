/* codegen-typescript.h: the parts of the generator of the type Database.
 *
 *     codegen-typescript.c            tables, views, enums, the whole
 *     codegen-typescript-functions.c  functions as supabase-js calls them
 *     codegen-typescript-types.c      which type a value has on the other side of the API
 *
 * What is written, and in which order, is what Supabase's own generator writes: tests/t18 compares.
 */
#pragma once

#include "codegen-model.h"

/* Of an object with "type" and "type_schema", leaving null aside. (transfer full) */
char *typescript_type_of (Model *model, Model *object);

/* type: (transfer full). unknown has null in it; so has Json, which a column that is never null has
 * to lose. (transfer full) */
char *typescript_nullable (char *type, gboolean is_nullable);

/* "a" | "b". (transfer full) */
char *typescript_labels (Model *labels);

/* `name?: type`. type: (transfer full) */
void typescript_member (GString *out, guint depth, const char *name, gboolean is_optional,
                        char *type);

/* What a section is that has nothing in it. */
void typescript_nothing (GString *out);

/* The only argument that a call gives; NULL when there are more, or none. */
Model *typescript_only_argument (Model *function);

/* What a function returns, without the [] of a set. (transfer full) */
char *typescript_return_type (Model *model, Model *function, guint depth);

void typescript_functions (GString *out, Model *model);
