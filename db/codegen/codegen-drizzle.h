/* codegen-drizzle.h: the parts of the generator of schema.ts.
 *
 *     codegen-drizzle.c          the file: enums, roles, stubs of other schemas, tables, views
 *     codegen-drizzle-columns.c  one column of a table: its type, default and modifiers
 *     codegen-drizzle-names.c    which name in TypeScript stands for what
 */
#pragma once

#include "codegen-model.h"

/* Names are given once and in order: whoever comes later to a name that is taken, or that
 * TypeScript keeps for itself, gets the kind behind it. */
typedef struct Names Names;

typedef enum {
  NAME_TABLE, /* views too */
  NAME_ENUM,
  NAME_ROLE,
  NAME_SEQUENCE,
  NAME_SCHEMA,
  NAME_TYPE, /* a customType() */
} NameKind;

Names *names_new (void);
void names_free (Names *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Names, names_free)

/* The name, given now if it is not yet. schema: "" where the kind has none. *is_new (nullable):
 * whether it was. Owned by names. */
const char *names_get (Names *names, NameKind kind, const char *schema, const char *name,
                       gboolean *is_new);

/* The key of a column in its table: camelCase, or as it is when two would be one. (transfer full)
 */
char *drizzle_column_key (Model *columns, const char *column);

/* table.key. (transfer full) */
char *drizzle_column_of (const char *table, Model *columns, const char *column);

/* sql`...` around an expression. (transfer full) */
char *drizzle_sql (const char *expression);

/* What was met on the way and has to be declared before the tables. */
typedef struct {
  Model *model;
  Names *names;
  GString *types;     /* customType() declarations, and enums of other schemas */
  GString *relations; /* tables of other schemas that ours refer to */
} Drizzle;

/* `key: pg.text("name").notNull()` */
void drizzle_write_column (GString *out, Drizzle *drizzle, Model *relation, Model *column);

/* The same for a column of another schema's table: its type alone. */
void drizzle_write_stub_column (GString *out, Drizzle *drizzle, Model *columns, Model *column,
                                gboolean is_key);

/* `{ startWith: 1, ... }` of a sequence. (transfer full) */
char *drizzle_sequence_options (Model *sequence, gboolean with_name);

/* The const of another schema, declared at need. */
const char *drizzle_schema (Drizzle *drizzle, const char *schema);
