/* chunk-json.h: a document's chunks as NDJSON, one object a chunk, so that a person can read them
 * and a loader can take them.
 *
 *     {"version":1,"position":0,"content":"...","prefix_chars":0,"start_char":0,"end_char":1200,
 *      "overlap_chars":0,"token_count":300,"pages":[1,2],"heading_path":["Part","Chapter"],
 *      "kinds":["heading","paragraph"],"language":"en","cut":"section","content_hash":"<hex>",
 *      "document":{...},"chunker":"...","last":true}
 *
 * The first line of a document also has "document" (document-json.h's object without the blocks)
 * and "chunker" (the fingerprint), the last line has "last": true. A document without chunks is one
 * line with these three alone. "pages" is null where the format has none. The line of a file that
 * failed is document-json.h's. Spans are characters; "overlap_chars" of them, from the start, are
 * those of the chunk before. "cut" is what the chunk ends at (cut_kind_name). A reader needs
 * neither these two nor "kinds" and "language".
 */
#pragma once

#include "chunker.h"
#include "document-json.h"

/* --- writing ---------------------------------------------------------------------------------- */

typedef struct ChunkJsonWriter ChunkJsonWriter;

/* A line, without its newline; dies when the callback returns. */
typedef gboolean (*ChunkJsonLineFunc) (const char *line, gpointer user_data, GError **error);

/* For one document; all arguments are borrowed until it is freed. (transfer full) */
ChunkJsonWriter *chunk_json_writer_new (const Document *document, const DocumentSource *source,
                                        const char *fingerprint, ChunkJsonLineFunc func,
                                        gpointer user_data);
void chunk_json_writer_free (ChunkJsonWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChunkJsonWriter, chunk_json_writer_free)

/* A ChunkFunc whose user_data is the writer. A line goes out when the next chunk is there. */
gboolean chunk_json_writer_add (const Chunk *chunk, gpointer writer, GError **error);

/* The last line. */
gboolean chunk_json_writer_end (ChunkJsonWriter *writer, GError **error);

/* --- reading ---------------------------------------------------------------------------------- */

typedef struct ChunkJsonReader ChunkJsonReader;

/* FALSE with error set stops reading. */
typedef struct {
  /* A new document: (transfer full) document, without blocks; the rest is borrowed. */
  gboolean (*document) (Document *document, const DocumentSource *source, const char *fingerprint,
                        gpointer user_data, GError **error);
  /* Checked: content is prefix and text[start, end), positions have no gap, and spans no hole but
   * white space. */
  gboolean (*chunk) (const Chunk *chunk, gpointer user_data, GError **error);
  /* All chunks of the document came. */
  gboolean (*end) (gpointer user_data, GError **error);
  /* A file that gave no document: source->error_code and error_message say why. */
  gboolean (*failed) (const char *name, const DocumentSource *source, gpointer user_data,
                      GError **error);
} ChunkJsonFuncs;

/* funcs is borrowed. (transfer full) */
ChunkJsonReader *chunk_json_reader_new (const ChunkJsonFuncs *funcs, gpointer user_data);
void chunk_json_reader_free (ChunkJsonReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChunkJsonReader, chunk_json_reader_free)

/* One line; blank ones are passed over. Errors: DOCUMENT_JSON_ERROR, or what a callback sets. */
gboolean chunk_json_reader_line (ChunkJsonReader *reader, const char *line, gsize bytes,
                                 GError **error);

/* FALSE when the stream stopped within a document. */
gboolean chunk_json_reader_finish (ChunkJsonReader *reader, GError **error);
