/* seed.h: the rows that schema.sql puts into tables of the private schema (plan limits): those
 * whose key is missing are added; what is there stays as it is, since somebody may have changed it.
 */
#pragma once

#include "plan.h"

typedef struct {
  char *table;
  char *key;     /* the primary key's columns, "plan" or "a, b" */
  char *columns; /* all that can be written, in the same way */
  char *json;    /* the whole row */
} SeedRow;

/* SQL, to be run where schema.sql has just been: table, key, columns, row. */
extern const char seed_sql[];

/* (element-type SeedRow) (transfer full) from the result of seed_sql. */
GPtrArray *seed_rows_new (const PGresult *result);

/* Adds what is missing to the plan. */
gboolean seed_plan (DbConnection *connection, const GPtrArray *rows, const Catalog *live,
                    Plan *plan, GError **error);
