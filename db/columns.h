/* columns.h: which value goes into which column of `documents` and `document_chunks`.
 *
 * The one place that names the columns the loader writes; COPY lists and encoders stand side by
 * side. Everything else in the rows (version, vectors, timestamps) is the database's.
 */
#pragma once

#include "copy.h"
#include "item.h"
#include "pipeline.h"

#define COLUMNS_DOCUMENT                                                                           \
  "id, user_id, folder_id, name, checksum, file_size, mime_type, format, title, author, language," \
  " page_count, content_text, indexing_status, error_code, error_message, partial,"                \
  " partial_reason, warnings, source_mtime, fingerprint"
#define COLUMNS_CHUNK                                                                              \
  "id, user_id, document_id, position, content, heading_path, page_first, page_last, start_char,"  \
  " end_char, prefix_chars, content_hash, token_count, language"

#define COLUMNS_COPY_DOCUMENTS                                                                     \
  "copy public.documents (" COLUMNS_DOCUMENT ") from stdin (format binary)"
#define COLUMNS_COPY_CHUNKS                                                                        \
  "copy public.document_chunks (" COLUMNS_CHUNK ") from stdin (format binary)"

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
