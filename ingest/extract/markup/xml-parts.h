/* xml-parts.h: the XML parts of office packages, by SAX2, safely.
 *
 * No entity but the five of XML and characters by number, no DTD, no external reference, no file,
 * no network; at most XML_PARTS_DEPTH_MAX elements deep (libxml2's own limit is as deep). Damage in
 * the middle of a part ends it there: what came before has been delivered.
 */
#pragma once

#include "ingest/extract/extract.h"

#include <libxml/parser.h>

#define XML_PARTS_DEPTH_MAX EXTRACT_XML_DEPTH_MAX

/* Names are local; uri may be NULL. attributes: as xml_part_attribute reads them. FALSE: stop,
 * error set. Any function may be NULL. */
typedef struct {
  gboolean (*start) (gpointer user_data, const char *uri, const char *name,
                     const xmlChar **attributes, guint n_attributes, GError **error);
  gboolean (*end) (gpointer user_data, const char *uri, const char *name, GError **error);
  /* A run of text, perhaps not all of it: not NUL-terminated. */
  gboolean (*text) (gpointer user_data, const char *text, gsize bytes, GError **error);
} XmlPartFuncs;

/* Reads the whole part. damage: (nullable) (optional) set, transfer full, when it is not
 * well-formed and ends early. FALSE: what a function set, or EXTRACT_ERROR_LIMIT when the time is
 * up. An encoding other than UTF-8 and UTF-16 is read as the part declares it. */
gboolean xml_part_read (GBytes *part, const XmlPartFuncs *funcs, gpointer user_data,
                        ExtractSink *sink, char **damage, GError **error);

/* The same for a part that comes in slices: feed them, then end. funcs and sink are borrowed. What
 * follows damage is taken and ignored. (transfer full) */
typedef struct XmlPartReader XmlPartReader;
XmlPartReader *xml_part_reader_new (const XmlPartFuncs *funcs, gpointer user_data,
                                    ExtractSink *sink);
void xml_part_reader_free (XmlPartReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (XmlPartReader, xml_part_reader_free)

gboolean xml_part_reader_feed (XmlPartReader *reader, const guint8 *data, gsize bytes,
                               GError **error);
gboolean xml_part_reader_end (XmlPartReader *reader, char **damage, GError **error);

/* The value of the attribute of that local name, whatever its prefix; (transfer full), NULL when
 * there is none. */
char *xml_part_attribute (const xmlChar **attributes, guint n_attributes, const char *name);

/* The same where it lies: not NUL-terminated, dies with the call. NULL: there is none. */
const char *xml_part_attribute_view (const xmlChar **attributes, guint n_attributes,
                                     const char *name, gsize *bytes);

/* Is it there, and is it `value`? No allocation. */
gboolean xml_part_attribute_is (const xmlChar **attributes, guint n_attributes, const char *name,
                                const char *value);

/* As a whole number; `otherwise` when it is absent or none. */
gint64 xml_part_attribute_int (const xmlChar **attributes, guint n_attributes, const char *name,
                               gint64 otherwise);
