/* uuid.h: ids that are derived, so that a rerun on any machine recognises its rows
 * (RFC 9562, 5.5: UUIDv5, SHA-1 of a namespace and a name). */
#pragma once

#include <glib.h>

#define UUID_TEXT_BYTES 37 /* with the NUL */

typedef struct {
  guint8 bytes[16];
} Uuid;

/* FALSE when text is not 8-4-4-4-12 hex digits. */
gboolean uuid_parse (const char *text, Uuid *uuid);
void uuid_format (const Uuid *uuid, char text[static UUID_TEXT_BYTES]);
gboolean uuid_equal (const Uuid *a, const Uuid *b);

/* Name-based: parts are joined with a NUL between, which no part contains. Ends with NULL. */
Uuid uuid_v5 (const Uuid *space, const char *part, ...) G_GNUC_NULL_TERMINATED;

/* The id of a person's file: owner, "folder", folder path and name. `series` 0 is the first; the
 * next ones serve when a document that has moved away since holds the id. */
Uuid uuid_for_document (const Uuid *owner, const char *folder_path, const char *name, guint series);

/* The id of a chunk: document, SHA-256 of its content, and the how-manieth chunk (from 0) of equal
 * content it is. */
Uuid uuid_for_chunk (const Uuid *document, const guint8 content_sha256[static 32], guint nth);
