/* opc.h: what all packages of OOXML have: relationships and core properties (ECMA-376 part 2).
 *
 * Parts are read with patience: one that is missing, damaged or ends early costs its own text and a
 * warning. Only what ends the whole file is an error: EXTRACT_ERROR_BOMB, _ENCRYPTED, _MEMORY,
 * _LIMIT.
 */
#pragma once

#include "ingest/extract/markup/xml-parts.h"
#include "ingest/extract/zip/package.h"

typedef struct {
  char *id;
  char *type;           /* the last segment of its URI, so that strict and transitional agree:
                           "header", "image", "officeDocument" */
  char *target;         /* the name of a part; of an external one the URI as it stands */
  gboolean is_external; /* nothing of it is ever fetched */
} OpcRelationship;

/* In the order of the file. */
typedef struct OpcRelationships OpcRelationships;

void opc_relationships_free (OpcRelationships *relationships);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OpcRelationships, opc_relationships_free)

/* Those of a part, "" for the package's own; none where it has none. NULL: error set. (transfer
 * full) */
OpcRelationships *opc_relationships_read (Package *package, const char *part, ExtractSink *sink,
                                          GError **error);

guint opc_relationships_count (const OpcRelationships *relationships);
const OpcRelationship *opc_relationships_nth (const OpcRelationships *relationships, guint index);

/* By id (nullable), or the first of a type; NULL: there is none. */
const OpcRelationship *opc_relationship (const OpcRelationships *relationships, const char *id);
const OpcRelationship *opc_relationship_of_type (const OpcRelationships *relationships,
                                                 const char *type);

/* The same, the name of a part in the package; NULL: there is none, or it is external. */
const char *opc_part_of_type (const OpcRelationships *relationships, const char *type);

/* The attribute of that name that refers to a relationship (r:id, r:dm), and no other one of the
 * same local name. (transfer full) (nullable) */
char *opc_relationship_attribute (const xmlChar **attributes, guint n_attributes, const char *name);

/* The part that such an attribute refers to; NULL: there is none, or it is external. */
const char *opc_attribute_part (const OpcRelationships *relationships, const xmlChar **attributes,
                                guint n_attributes, const char *name);

/* The main part's name: what the package's relationships say, `usual` where they do not say or name
 * a part that is not there. NULL: error set. (transfer full) */
char *opc_main_part (Package *package, const char *usual, ExtractSink *sink, GError **error);

/* A part's bytes. TRUE and `part` NULL: it is missing or damaged (the sink is warned of damage).
 * name: nullable. part: (transfer full). */
gboolean opc_read_part (Package *package, const char *name, ExtractSink *sink, GBytes **part,
                        GError **error);

/* Reads a part by SAX. found: (optional) FALSE when there is none. */
gboolean opc_parse_part (Package *package, const char *name, const XmlPartFuncs *funcs,
                         gpointer user_data, ExtractSink *sink, gboolean *found, GError **error);

/* The same without the elements of these names (NULL: none; ends with NULL), written as files
 * usually have them ("w:latentStyles"): what is large and of no use is passed over at the speed of
 * a search. None of them may lie within one of its own name. In another spelling they are read. */
gboolean opc_parse_part_without (Package *package, const char *name, const char *const *left_out,
                                 const XmlPartFuncs *funcs, gpointer user_data, ExtractSink *sink,
                                 gboolean *found, GError **error);

/* How a file ends whose main part is well-formed (damage NULL: TRUE), or ends early: as corrupt
 * where it gave no text, otherwise as a partial document. */
gboolean opc_end_damaged (const char *name, const char *damage, ExtractSink *sink, GError **error);

/* Title, creator, dates and language of the core properties, to the sink. */
gboolean opc_read_properties (Package *package, ExtractSink *sink, GError **error);
