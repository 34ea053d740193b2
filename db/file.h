/* file.h: a file and the documents inside of it, on their way into a batch together. */
#pragma once

#include "load.h"

/* Puts the items of one file into the batch: items[0] is the file's own, the others (container is
 * set) its members. What the database knows of the members is looked up in one round trip; known:
 * (nullable) what it knows of the file, where that was asked before.
 *
 * items: (element-type DbItem) taken out of the array, which is empty afterwards. tags: (nullable)
 * one for each item, freed by tag_free, also on error. Errors: DB_ERROR. */
gboolean db_file_add (DbBatch *batch, DbConnection *connection, const Uuid *user, GPtrArray *items,
                      const DbKnown *known, gpointer *tags, GDestroyNotify tag_free,
                      GError **error);
