/* rename.h: what has another name now.
 *
 * A table or column is renamed by a note in schema.sql alone, on a line of its own:
 *
 *     -- @rename table public.documents to files
 *     -- @rename column public.documents.author to creator
 *
 * A note that has been carried out, or has nothing to rename, does nothing; without a note the old
 * one is dropped and a new one added, which push refuses. Constraints, indexes and the sequences of
 * identity columns that differ in nothing but the name are renamed by themselves.
 */
#pragma once

#include "plan.h"

/* One ALTER for each rename due, into `plan`. Names in the manifest are changed with them. Errors:
 * DB_ERROR_INPUT for a note that cannot be read. */
gboolean rename_plan_notes (const char *schema_sql, const Catalog *live, const Catalog *wanted,
                            GHashTable *manifest, Plan *plan, GError **error);

void rename_plan_alike (const Catalog *live, const Catalog *wanted, GHashTable *manifest,
                        Plan *plan);
