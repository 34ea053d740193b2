/* shadow.h: what schema.sql makes, found out beside the live schema and without a trace.
 *
 *     savepoint
 *       schemas public and ingest renamed, empty ones in their place
 *       schema.sql, as it is
 *       catalog.sql; reprint.sql and catalog.sql once more
 *     rollback to savepoint
 *
 * One simple query, so that the locks it takes on auth.users are held for one round trip's work
 * only. Other sessions see nothing of it.
 */
#pragma once

#include "catalog.h"

typedef struct {
  Catalog *catalog;
  GPtrArray *rows; /* (element-type SeedRow) */
} Shadow;

void shadow_clear (Shadow *shadow);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shadow, shadow_clear)

/* The trigger on Supabase's storage.objects: schema.sql does not make it, ingest.watch_storage()
 * does. */
#define SHADOW_STORAGE_TRIGGER "trigger ingest_queue on storage.objects"

/* Inside a transaction with search_path = ''; live is what stands there; watch_storage: whether the
 * trigger on storage.objects is wanted. */
gboolean shadow_read (DbConnection *connection, const char *schema_sql, const Catalog *live,
                      gboolean watch_storage, Shadow *shadow, GError **error);
