#include "opc.h"

#include "ingest/extract/sink.h"

#include <string.h>

/* no real file comes near it */
#define RELATIONSHIPS_MAX 100000

struct OpcRelationships {
  GPtrArray *all;    /* (element-type OpcRelationship) */
  GHashTable *by_id; /* id -> OpcRelationship, borrowed from `all` */
};

/* --- parts -------------------------------------------------------------------------------------
 */

gboolean
opc_read_part (Package *package, const char *name, ExtractSink *sink, GBytes **part, GError **error)
{
  g_autoptr (GError) problem = NULL;

  *part = name == NULL ? NULL : package_read_optional (package, name, &problem);
  if (problem == NULL)
    return TRUE;
  if (g_error_matches (problem, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT)) {
    extract_warn (sink, "%s", problem->message);
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

static gboolean
feed_slice (const guint8 *slice, gsize bytes, gpointer user_data, GError **error)
{
  return xml_part_reader_feed (user_data, slice, bytes, error);
}

/* A large part is never held whole. */
/* Gathers a part. What came before its damage stays. */
static gboolean
append_slice (const guint8 *slice, gsize bytes, gpointer user_data, GError **error)
{
  g_byte_array_append (user_data, slice, (guint)bytes);
  return TRUE;
}

/* Where the next element of that name begins at or behind `at`, and its length. NULL: there is none
 * that is whole. */
static const guint8 *
find_element (const char *name, const guint8 *at, const guint8 *end, gsize *bytes)
{
  g_autofree char *open = g_strdup_printf ("<%s ", name);
  g_autofree char *close = g_strdup_printf ("</%s>", name);
  const guint8 *start = memmem (at, (gsize)(end - at), open, strlen (open));
  const guint8 *tag_end = start == NULL ? NULL : memchr (start, '>', (gsize)(end - start));
  const guint8 *last;

  if (tag_end == NULL)
    return NULL;
  *bytes = (gsize)(tag_end + 1 - start);
  if (tag_end[-1] == '/')
    return start;
  last = memmem (tag_end, (gsize)(end - tag_end), close, strlen (close));
  if (last == NULL)
    return NULL;
  *bytes = (gsize)(last - start) + strlen (close);
  return start;
}

/* Takes the elements of that name out, in place. */
static void
leave_out (GByteArray *part, const char *name)
{
  const guint8 *at = part->data, *end = part->data + part->len, *start;
  guint8 *to = part->data;
  gsize bytes;

  while ((start = find_element (name, at, end, &bytes)) != NULL) {
    memmove (to, at, (gsize)(start - at));
    to += start - at;
    at = start + bytes;
  }
  memmove (to, at, (gsize)(end - at));
  g_byte_array_set_size (part, (guint)(to - part->data + (end - at)));
}

static gboolean
feed_without (Package *package, const char *name, const char *const *left_out,
              XmlPartReader *reader, GError **error)
{
  g_autoptr (GByteArray) part = g_byte_array_new ();
  g_autoptr (GError) problem = NULL;

  if (!package_read_slices (package, name, append_slice, part, &problem) &&
      !g_error_matches (problem, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  /* what looks like a tag is none within a comment or CDATA */
  if (part->len > 0 && memmem (part->data, part->len, "<!", 2) == NULL)
    for (; *left_out != NULL; left_out++)
      leave_out (part, *left_out);
  if (!xml_part_reader_feed (reader, part->data, part->len, error))
    return FALSE;
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
opc_parse_part_without (Package *package, const char *name, const char *const *left_out,
                        const XmlPartFuncs *funcs, gpointer user_data, ExtractSink *sink,
                        gboolean *found, GError **error)
{
  g_autoptr (XmlPartReader) reader = NULL;
  g_autoptr (GError) problem = NULL;
  g_autofree char *damage = NULL;
  gboolean exists = name != NULL && package_has (package, name);
  gboolean done;

  if (found != NULL)
    *found = exists;
  if (!exists)
    return TRUE;
  reader = xml_part_reader_new (funcs, user_data, sink);
  done = left_out == NULL ? package_read_slices (package, name, feed_slice, reader, &problem)
                          : feed_without (package, name, left_out, reader, &problem);
  if (!done && !g_error_matches (problem, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (!xml_part_reader_end (reader, &damage, error))
    return FALSE;
  if (problem != NULL)
    extract_warn (sink, "%s", problem->message);
  else if (damage != NULL)
    extract_warn (sink, "its part %s is damaged, text may be missing: %s", name, damage);
  return TRUE;
}

gboolean
opc_parse_part (Package *package, const char *name, const XmlPartFuncs *funcs, gpointer user_data,
                ExtractSink *sink, gboolean *found, GError **error)
{
  return opc_parse_part_without (package, name, NULL, funcs, user_data, sink, found, error);
}

gboolean
opc_end_damaged (const char *name, const char *damage, ExtractSink *sink, GError **error)
{
  if (damage == NULL)
    return TRUE;
  if (extract_sink_blocks (sink) > 0)
    return extract_limit_error (error, "its part %s is damaged, text may be missing: %s", name,
                                damage);
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "its part %s is damaged: %s", name,
               damage);
  return FALSE;
}

/* --- relationships -----------------------------------------------------------------------------
 */

static void
free_relationship (gpointer data)
{
  OpcRelationship *relationship = data;

  g_free (relationship->id);
  g_free (relationship->type);
  g_free (relationship->target);
  g_free (relationship);
}

void
opc_relationships_free (OpcRelationships *relationships)
{
  if (relationships == NULL)
    return;
  g_hash_table_unref (relationships->by_id);
  g_ptr_array_unref (relationships->all);
  g_free (relationships);
}

typedef struct {
  OpcRelationships *relationships;
  const char *part;
} RelationshipReader;

static gboolean
start_relationship (gpointer user_data, const char *uri, const char *name,
                    const xmlChar **attributes, guint n_attributes, GError **error)
{
  RelationshipReader *reader = user_data;
  OpcRelationships *relationships = reader->relationships;
  g_autofree char *id = NULL;
  g_autofree char *type = NULL;
  g_autofree char *target = NULL;
  OpcRelationship *relationship;
  const char *slash;

  if (strcmp (name, "Relationship") != 0 || relationships->all->len >= RELATIONSHIPS_MAX)
    return TRUE;
  id = xml_part_attribute (attributes, n_attributes, "Id");
  type = xml_part_attribute (attributes, n_attributes, "Type");
  target = xml_part_attribute (attributes, n_attributes, "Target");
  if (id == NULL || type == NULL || target == NULL)
    return TRUE;

  slash = strrchr (type, '/');
  relationship = g_new0 (OpcRelationship, 1);
  relationship->is_external =
      xml_part_attribute_is (attributes, n_attributes, "TargetMode", "External");
  relationship->id = g_steal_pointer (&id);
  relationship->type = g_strdup (slash != NULL ? slash + 1 : type);
  relationship->target = relationship->is_external ? g_steal_pointer (&target)
                                                   : package_resolve (reader->part, target);
  g_ptr_array_add (relationships->all, relationship);
  if (!g_hash_table_contains (relationships->by_id, relationship->id))
    g_hash_table_insert (relationships->by_id, relationship->id, relationship);
  return TRUE;
}

/* "word/document.xml" has its own in "word/_rels/document.xml.rels" (part 2, 6.5.3.4) */
static char *
relationships_name (const char *part)
{
  const char *slash = strrchr (part, '/');
  const char *base = slash == NULL ? part : slash + 1;

  return g_strdup_printf ("%.*s_rels/%s.rels", (int)(base - part), part, base);
}

OpcRelationships *
opc_relationships_read (Package *package, const char *part, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {.start = start_relationship};
  g_autoptr (OpcRelationships) relationships = g_new0 (OpcRelationships, 1);
  RelationshipReader reader = {relationships, part};
  g_autofree char *name = relationships_name (part);

  relationships->all = g_ptr_array_new_with_free_func (free_relationship);
  relationships->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  if (!opc_parse_part (package, name, &funcs, &reader, sink, NULL, error))
    return NULL;
  return g_steal_pointer (&relationships);
}

guint
opc_relationships_count (const OpcRelationships *relationships)
{
  return relationships->all->len;
}

const OpcRelationship *
opc_relationships_nth (const OpcRelationships *relationships, guint index)
{
  return g_ptr_array_index (relationships->all, index);
}

const OpcRelationship *
opc_relationship (const OpcRelationships *relationships, const char *id)
{
  return id == NULL ? NULL : g_hash_table_lookup (relationships->by_id, id);
}

const OpcRelationship *
opc_relationship_of_type (const OpcRelationships *relationships, const char *type)
{
  for (guint i = 0; i < relationships->all->len; i++) {
    const OpcRelationship *relationship = g_ptr_array_index (relationships->all, i);

    if (strcmp (relationship->type, type) == 0)
      return relationship;
  }
  return NULL;
}

static const char *
part_of (const OpcRelationship *relationship)
{
  return relationship == NULL || relationship->is_external ? NULL : relationship->target;
}

const char *
opc_part_of_type (const OpcRelationships *relationships, const char *type)
{
  return part_of (opc_relationship_of_type (relationships, type));
}

const char *
opc_attribute_part (const OpcRelationships *relationships, const xmlChar **attributes,
                    guint n_attributes, const char *name)
{
  g_autofree char *id = opc_relationship_attribute (attributes, n_attributes, name);

  return part_of (opc_relationship (relationships, id));
}

char *
opc_relationship_attribute (const xmlChar **attributes, guint n_attributes, const char *name)
{
  /* SAX2: name, prefix, URI, value, its end */
  for (guint i = 0; i < n_attributes; i++, attributes += 5)
    if (strcmp ((const char *)attributes[0], name) == 0 && attributes[2] != NULL &&
        g_str_has_suffix ((const char *)attributes[2], "/relationships"))
      return g_strndup ((const char *)attributes[3], (gsize)(attributes[4] - attributes[3]));
  return NULL;
}

char *
opc_main_part (Package *package, const char *usual, ExtractSink *sink, GError **error)
{
  g_autoptr (OpcRelationships) relationships = opc_relationships_read (package, "", sink, error);
  const OpcRelationship *main_part;

  if (relationships == NULL)
    return NULL;
  main_part = opc_relationship_of_type (relationships, "officeDocument");
  if (main_part == NULL || main_part->is_external || !package_has (package, main_part->target))
    return g_strdup (usual);
  return g_strdup (main_part->target);
}

/* --- core properties (part 2, 8) ---------------------------------------------------------------
 */

typedef struct {
  const char *key; /* (nullable) of the element that is open */
  GString *value;
  ExtractSink *sink;
} PropertyReader;

static gboolean
start_property (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
                guint n_attributes, GError **error)
{
  static const char *const keys[][2] = {{"title", "title"},
                                        {"creator", "author"},
                                        {"language", "language"},
                                        {"created", "created"},
                                        {"modified", "modified"}};
  PropertyReader *reader = user_data;

  reader->key = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (keys[i][0], name) == 0)
      reader->key = keys[i][1];
  g_string_truncate (reader->value, 0);
  return TRUE;
}

static gboolean
text_of_property (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  PropertyReader *reader = user_data;

  if (reader->key != NULL)
    g_string_append_len (reader->value, text, (gssize)bytes);
  return TRUE;
}

static gboolean
end_property (gpointer user_data, const char *uri, const char *name, GError **error)
{
  PropertyReader *reader = user_data;

  if (reader->key != NULL)
    extract_meta (reader->sink, reader->key, reader->value->str);
  reader->key = NULL;
  return TRUE;
}

gboolean
opc_read_properties (Package *package, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_property, end_property, text_of_property};
  g_autoptr (OpcRelationships) relationships = opc_relationships_read (package, "", sink, error);
  const OpcRelationship *properties;
  g_autoptr (GString) value = g_string_new (NULL);
  PropertyReader reader = {.value = value, .sink = sink};

  if (relationships == NULL)
    return FALSE;
  properties = opc_relationship_of_type (relationships, "core-properties");
  return opc_parse_part (package,
                         properties == NULL || properties->is_external ? "docProps/core.xml"
                                                                       : properties->target,
                         &funcs, &reader, sink, NULL, error);
}
