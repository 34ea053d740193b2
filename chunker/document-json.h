/* document-json.h: a document as one line of NDJSON, between the staged programs.
 *
 *     {"version":1,"name":"a.pdf","outcome":"ok","format":"pdf","mime_type":"application/pdf",
 *      "title":...,"author":...,"language":...,"extractor":"...","pages":3,"partial":null,"warnings":[],
 *      "members":0,"checksum":"<sha256, hex>","size_bytes":123,"mtime_us":1700000000000000,
 *      "blocks":[{"kind":"heading","level":1,"page":1,"start_char":0,"end_char":7},...],
 *      "text":"# Title\n..."}
 *
 * A file that gave no document is a line too: {"version":1,"name":...,"outcome":"encrypted",
 * "error":{"code":"encrypted","message":"..."}}. "outcome" is "ok", "empty", "partial" or the code.
 *
 * Documents inside of a file follow its line, as many as "members" says, each a line of its own:
 * "name" is "a.zip!/dir/b.pdf" (members.h), "container" the file's name, which no other line has.
 * Spans are characters (code points). Unknown keys are ignored; another version is an error.
 */
#pragma once

#include "document.h"
#include <json-c/json.h>

#define DOCUMENT_JSON_VERSION 1

#define DOCUMENT_JSON_ERROR (document_json_error_quark ())
GQuark document_json_error_quark (void);

typedef enum {
  DOCUMENT_JSON_ERROR_SYNTAX, /* not JSON, or not of this form */
  DOCUMENT_JSON_ERROR_VERSION,
} DocumentJsonError;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (json_object, json_object_put)

/* What travels beside the text: which file it was and what became of it. */
typedef struct {
  char *container; /* (nullable) of a member: the name of the file that it is in */
  char *checksum;  /* (nullable) SHA-256 of the file, hex */
  guint64 size_bytes;
  guint64 mtime_us;    /* when the file was last changed, since 1970; 0: unknown */
  guint64 n_members;   /* documents inside of it, whose lines follow; read only */
  char *error_code;    /* (nullable) set: there is no document */
  char *error_message; /* (nullable) */
} DocumentSource;

void document_source_clear (DocumentSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DocumentSource, document_source_clear)

/* What it is for a member of the file that `file` is about: one that could not be got at has the
 * file's checksum, for nothing else says which it was. */
void document_source_of_member (const DocumentSource *file, const char *file_name,
                                const Document *member, DocumentSource *source);

/* document NULL, or one that failed: the line of a failed file, `name` says which.
 * (transfer full) */
json_object *document_to_json (const Document *document, const char *name,
                               const DocumentSource *source);

/* The same with "blocks": [], where chunks follow that say what blocks would. (transfer full) */
json_object *document_to_json_without_blocks (const Document *document,
                                              const DocumentSource *source);

/* *document is NULL (and source->error_code set) for a failed file's line. Checks spans, order and
 * UTF-8: what comes back can be handed to chunker_run. */
gboolean document_from_json (json_object *json, Document **document, DocumentSource *source,
                             GError **error);
