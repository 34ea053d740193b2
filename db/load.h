/* load.h: a batch of documents into `documents` and `document_chunks`, all or nothing.
 *
 *     new      COPY documents, COPY document_chunks
 *     changed  UPDATE documents; chunks whose content is the same keep id, vector and whatever
 *              columns the app added, the others are deleted and COPYed
 *
 * One transaction a batch. Two sessions that load the same document end in the same rows as one:
 * the second sees a conflict, looks again and retries. A value that the server refuses is found by
 * splitting the batch; its document is marked failed, its batch-mates load.
 *
 * Members come before the file that they are in, so that a file that is on record has all of its
 * members; where the file is written, members that it has no more are deleted.
 */
#pragma once

#include "lookup.h"

typedef struct DbBatch DbBatch;

typedef enum {
  DB_LOADED_NEW,
  DB_LOADED_CHANGED,
  DB_LOADED_UNCHANGED, /* another session loaded the very same meanwhile */
  DB_LOADED_FAILED,    /* the row says failed; item->error_message says why */
} DbLoaded;

/* Called for each item once what became of it is certain, in the order added, but for a file before
 * its members; all is borrowed. */
typedef void (*DbLoadedFunc) (const DbItem *item, const Uuid *id, DbLoaded loaded, gpointer tag,
                              gpointer user_data);

DbBatch *db_batch_new (DbConnection *connection, const Uuid *user);
void db_batch_free (DbBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DbBatch, db_batch_free)

/* A member (item->container is set) is added before its file.
 *
 * item: (transfer full). known: as db_lookup found it, copied. tag: handed to the callback, and
 * freed by tag_free (nullable). */
void db_batch_add (DbBatch *batch, DbItem *item, const DbKnown *known, gpointer tag,
                   GDestroyNotify tag_free);

gsize db_batch_bytes (const DbBatch *batch);
guint db_batch_length (const DbBatch *batch);

/* Commits all and empties the batch. FALSE (DB_ERROR): of the items that func was not called for
 * nothing is in the database; they are still in the batch. A failure of the same bytes that are
 * loaded already leaves them as they are: it is reported, the text is kept. */
gboolean db_batch_commit (DbBatch *batch, DbLoadedFunc func, gpointer user_data, GError **error);

/* For the end of a run: moves what waits in the GIN indexes' pending lists to its place, so that
 * the next search is quick. A matter of speed alone: what goes wrong is logged, no more. */
void db_finish (DbConnection *connection);
