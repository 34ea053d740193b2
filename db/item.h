/* item.h: one document as it will stand in the database: identity, facts, text, chunks.
 *
 * Chunks are spans of the document's text plus a declared prefix, so that a long text is held once.
 */
#pragma once

#include "chunker/chunker.h"
#include "uuid.h"

#define DB_CHECKSUM_BYTES 32 /* SHA-256 */

typedef struct {
  gsize start_byte; /* own text, in the document's text */
  gsize end_byte;
  gsize prefix_offset; /* in DbItem.prefixes */
  gsize prefix_bytes;
  gint32 position;
  gint32 prefix_chars;
  gint32 start_char;
  gint32 end_char;
  gint32 token_count;
  gint32 page_first; /* 0: the format has no pages */
  gint32 page_last;
  guint headings; /* index in DbItem.headings */
  guint nth;      /* how many chunks of equal content came before */
  guint8 content_sha256[DB_CHECKSUM_BYTES];
} DbItemChunk;

typedef struct {
  char *folder_path; /* "A/B", normalised; identity together with name */
  char *name;
  char *fingerprint; /* (nullable) of extractor and chunker */
  char *error_code;  /* (nullable) set: the file failed; document is NULL and there are no chunks */
  char *error_message;
  char *container;    /* (nullable) of a document inside of a file: the file's name */
  GPtrArray *members; /* (nullable) (element-type utf8) of a file: its members' names; any other
                         document in the folder that is called so goes when the file is written */
  Document *document;
  guint64 size_bytes;
  gint64 mtime_us; /* since 1970; 0: unknown. db_item_set_mtime */
  guint8 checksum[DB_CHECKSUM_BYTES];
  GArray *chunks;      /* (element-type DbItemChunk) */
  GString *prefixes;   /* all prefixes, one after the other */
  GPtrArray *headings; /* (element-type GStrv) heading paths; a path is kept once while it lasts */
  GHashTable *seen;    /* hash of content -> how many; for nth */
} DbItem;

/* document: (transfer full) (nullable). The rest is copied. */
DbItem *db_item_new (const char *folder_path, const char *name, Document *document);
void db_item_free (DbItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DbItem, db_item_free)

/* A ChunkFunc (chunker.h) whose user_data is the item. */
gboolean db_item_add_chunk (const Chunk *chunk, gpointer item, GError **error);

/* A time that is none (before year 1, after 9999) is unknown: file systems hold any number. */
void db_item_set_mtime (DbItem *item, gint64 mtime_us);

/* hex: SHA-256. FALSE: it is none. */
gboolean db_item_set_checksum (DbItem *item, const char *hex);

/* Turns the item into a failed one: text and chunks go, and the fingerprint, for nothing was made
 * that could be out of date. */
void db_item_fail (DbItem *item, const char *code, const char *message);

/* What it costs in a batch: text and contents, in bytes. */
gsize db_item_bytes (const DbItem *item);
