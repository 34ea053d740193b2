/* package.h: the parts of a zip package by name: OOXML (ECMA-376 part 2), ODF, EPUB.
 *
 * Archives, whose members are files of their own, go through libarchive instead (archive/).
 */
#pragma once

#include "ingest/extract/extract.h"

typedef struct Package Package;

/* bytes are referenced. sink: borrowed, as long as the package; what is inflated counts there, for
 * the whole file (NULL: for a look at small parts). Errors: EXTRACT_ERROR_CORRUPT, _MEMORY.
 * (transfer full) */
Package *package_open (GBytes *bytes, ExtractSink *sink, GError **error);
void package_free (Package *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Package, package_free)

/* Parts are found as OPC compares names: without regard to the case of ASCII letters, a leading
 * '/' and which slash. */
gboolean package_has (const Package *package, const char *name);

/* The part's bytes, inflated. NULL with error set: EXTRACT_ERROR_CORRUPT (there is none of that
 * name, or it is damaged), _ENCRYPTED, _BOMB, _MEMORY. (transfer full) */
GBytes *package_read (Package *package, const char *name, GError **error);

/* The same, but NULL without an error when there is no such part. */
GBytes *package_read_optional (Package *package, const char *name, GError **error);

/* The same in slices, for parts that need not be held whole. What came before the damage of a
 * damaged part has been handed on. FALSE: as package_read, or what `func` set. */
typedef gboolean (*PackageSliceFunc) (const guint8 *slice, gsize bytes, gpointer user_data,
                                      GError **error);
gboolean package_read_slices (Package *package, const char *name, PackageSliceFunc func,
                              gpointer user_data, GError **error);

/* Parts in the order of the central directory; names are UTF-8, borrowed. */
guint package_count (const Package *package);
const char *package_name (const Package *package, guint index);

/* The name that `target`, as a relationship of the part `base` has it, refers to: "../media/a.png"
 * of "word/document.xml" is "media/a.png". (transfer full) */
char *package_resolve (const char *base, const char *target);
