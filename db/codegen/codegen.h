/* codegen.h: the live database written down as source, for those who read and write its rows.
 *
 *     c           db/generated/schema-rows.h: row structs, column lists, COPY encoders, values and
 *                 limits of the tables of schema.sql; what the loader itself is built with
 *     typescript  the type Database that supabase-js takes, as Supabase's own generator writes it
 *     drizzle     a schema.ts for drizzle-orm and drizzle-kit
 *
 * The two for the app have all of schema public, the app's own tables and columns included. The
 * same database gives the same bytes, whatever the version of PostgreSQL; only how it prints the
 * definition of a view of the app is its own.
 */
#pragma once

#include "db/connection.h"

typedef enum { DB_CODEGEN_C, DB_CODEGEN_TYPESCRIPT, DB_CODEGEN_DRIZZLE } DbCodegenLanguage;

/* "c", "typescript", "drizzle". Errors: DB_ERROR_INPUT. */
gboolean db_codegen_language_parse (const char *name, DbCodegenLanguage *language, GError **error);

/* Appends to `out`. Reads only. Errors: DB_ERROR_SCHEMA where a table or column of schema.sql is
 * not there (for C), or of a type that has no place in C. */
gboolean db_codegen (DbConnection *connection, DbCodegenLanguage language, GString *out,
                     GError **error);
