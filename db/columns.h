/* columns.h: a DbItem as rows of `documents` and `document_chunks`: which value goes into which
 * column. What columns there are, and how they are encoded, is generated/schema-rows.h. */
#pragma once

#include "generated/schema-rows.h"
#include "item.h"
#include "rows.h"

/* documents.indexing_status of the item. */
const char *columns_status (const DbItem *item);

/* One row each. */
void columns_copy_document (DbCopy *copy, const Uuid *user, const Uuid *folder, const Uuid *id,
                            const DbItem *item);
void columns_copy_chunk (DbCopy *copy, const Uuid *user, const Uuid *document, const Uuid *id,
                         const DbItem *item, guint nth);

/* Adds the UPDATE of a changed document. */
void columns_update_document (DbPipeline *pipeline, const Uuid *user, const Uuid *folder,
                              const Uuid *id, const DbItem *item);

/* Adds the DELETE of chunks that are no more, and the UPDATE of those that stay where something
 * beside the content changed. kept: (element-type Uuid) ids in the database. */
void columns_update_chunks (DbPipeline *pipeline, const Uuid *user, const Uuid *document,
                            const DbItem *item, const Uuid *chunk_ids, GHashTable *kept);
