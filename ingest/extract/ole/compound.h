/* compound.h: the streams of an OLE2 compound file (MS-CFB), damaged ones as far as they lead. */
#pragma once

#include "ingest/extract/extract.h"

typedef struct Compound Compound;

gboolean compound_is (const guint8 *data, gsize bytes);

/* bytes are referenced. Errors: EXTRACT_ERROR_CORRUPT. (transfer full) */
Compound *compound_open (GBytes *bytes, GError **error);

/* A storage inside; NULL when there is none of that name. The outer one stays open. (transfer
 * full) */
Compound *compound_open_storage (const Compound *compound, const char *name);
void compound_free (Compound *compound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Compound, compound_free)

/* TRUE when streams are missing that were there once: their entries are beyond the end. */
gboolean compound_is_cut (const Compound *compound);

/* Streams and storages of this storage. */
guint compound_count (const Compound *compound);
const char *compound_name (const Compound *compound, guint index); /* (nullable) borrowed, UTF-8 */
gboolean compound_is_storage (const Compound *compound, guint index);

/* Names compare without regard to the case of ASCII letters. */
gboolean compound_has (const Compound *compound, const char *name);

/* The stream's bytes; NULL with error set: EXTRACT_ERROR_CORRUPT (there is none of that name, or it
 * is damaged: what can be read of a stream that is cut short is returned). (transfer full) */
GBytes *compound_read (const Compound *compound, const char *name, GError **error);

/* Title, author and the code page out of "\5SummaryInformation" (MS-OLEPS), to the sink. Damage is
 * no error. Returns the code page of its strings, 0 when it does not say. */
guint compound_read_summary (const Compound *compound, ExtractSink *sink);

/* The storage as an OLE2 file of its own, for extract_member(); NULL when it is empty, beyond
 * some size or nested too deep. (transfer full) (nullable) */
GBytes *compound_save (const Compound *storage);
