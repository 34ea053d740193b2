#include "xml-parts.h"

#include <libxml/parserInternals.h>
#include <string.h>

/* Between two looks at the clock. */
#define CHUNK_BYTES (256u << 10)
#define ATTRIBUTE_FIELDS 5 /* name, prefix, URI, value, its end */

typedef struct XmlPartReader Reader;

struct XmlPartReader {
  const XmlPartFuncs *funcs;
  gpointer user_data;
  ExtractSink *sink;
  xmlParserCtxtPtr parser;
  guint depth;
  char *damage;
  GError *error;
};

static void
stop (Reader *reader)
{
  xmlStopParser (reader->parser);
}

static void
take_damage (Reader *reader, const char *what)
{
  if (reader->damage == NULL)
    reader->damage = g_strchomp (g_strdup (what));
}

static void
start_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
               int namespaces_count, const xmlChar **namespaces, int count, int defaulted,
               const xmlChar **attributes)
{
  Reader *reader = context;

  if (reader->error != NULL)
    return;
  if (++reader->depth > MIN (xmlParserMaxDepth, XML_PARTS_DEPTH_MAX)) {
    take_damage (reader, "elements are nested too deep");
    stop (reader);
    return;
  }
  if (reader->funcs->start != NULL &&
      !reader->funcs->start (reader->user_data, (const char *)uri, (const char *)name, attributes,
                             (guint)count, &reader->error))
    stop (reader);
}

static void
end_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  Reader *reader = context;

  if (reader->error != NULL)
    return;
  reader->depth--;
  if (reader->funcs->end != NULL && !reader->funcs->end (reader->user_data, (const char *)uri,
                                                         (const char *)name, &reader->error))
    stop (reader);
}

static void
characters (void *context, const xmlChar *text, int bytes)
{
  Reader *reader = context;

  if (reader->error == NULL && reader->funcs->text != NULL &&
      !reader->funcs->text (reader->user_data, (const char *)text, (gsize)bytes, &reader->error))
    stop (reader);
}

static xmlEntityPtr
get_entity (void *context, const xmlChar *name)
{
  return xmlGetPredefinedEntity (name);
}

static void
take_error (void *context, xmlErrorPtr error)
{
  /* the context of a structured handler is the parser's user data */
  Reader *reader = context;

  if (error->level == XML_ERR_FATAL && reader->error == NULL)
    take_damage (reader, error->message == NULL ? "it is not well-formed" : error->message);
}

XmlPartReader *
xml_part_reader_new (const XmlPartFuncs *funcs, gpointer user_data, ExtractSink *sink)
{
  xmlSAXHandler sax = {
      .initialized = XML_SAX2_MAGIC,
      .startElementNs = start_element,
      .endElementNs = end_element,
      .characters = characters,
      .ignorableWhitespace = characters,
      .cdataBlock = characters,
      .getEntity = get_entity,
      .serror = take_error,
  };
  Reader *reader = g_new0 (Reader, 1);

  reader->funcs = funcs;
  reader->user_data = user_data;
  reader->sink = sink;
  reader->parser = xmlCreatePushParserCtxt (&sax, reader, NULL, 0, NULL);
  xmlCtxtUseOptions (reader->parser, XML_PARSE_NONET | XML_PARSE_COMPACT);
  return reader;
}

void
xml_part_reader_free (XmlPartReader *reader)
{
  if (reader == NULL)
    return;
  xmlFreeDoc (reader->parser->myDoc);
  reader->parser->myDoc = NULL;
  xmlFreeParserCtxt (reader->parser);
  g_free (reader->damage);
  g_clear_error (&reader->error);
  g_free (reader);
}

gboolean
xml_part_reader_feed (XmlPartReader *reader, const guint8 *data, gsize bytes, GError **error)
{
  while (bytes > 0 && reader->error == NULL && reader->damage == NULL) {
    gsize size = MIN (bytes, CHUNK_BYTES);

    xmlParseChunk (reader->parser, (const char *)data, (int)size, 0);
    data += size;
    bytes -= size;
    if (reader->error == NULL && extract_time_is_up (reader->sink))
      extract_limit_error (&reader->error, "only what could be read in time");
  }
  if (reader->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (reader->error));
  return FALSE;
}

gboolean
xml_part_reader_end (XmlPartReader *reader, char **damage, GError **error)
{
  if (reader->error == NULL && reader->damage == NULL)
    xmlParseChunk (reader->parser, NULL, 0, 1);
  if (damage != NULL)
    *damage = g_steal_pointer (&reader->damage);
  if (reader->error == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (reader->error));
  return FALSE;
}

gboolean
xml_part_read (GBytes *part, const XmlPartFuncs *funcs, gpointer user_data, ExtractSink *sink,
               char **damage, GError **error)
{
  g_autoptr (XmlPartReader) reader = xml_part_reader_new (funcs, user_data, sink);
  gsize bytes;
  const guint8 *data = g_bytes_get_data (part, &bytes);

  return xml_part_reader_feed (reader, data, bytes, error) &&
         xml_part_reader_end (reader, damage, error);
}

/* --- attributes --------------------------------------------------------------------------------
 */

static const xmlChar **
find (const xmlChar **attributes, guint n_attributes, const char *name)
{
  for (guint i = 0; i < n_attributes; i++, attributes += ATTRIBUTE_FIELDS)
    if (strcmp ((const char *)attributes[0], name) == 0)
      return attributes;
  return NULL;
}

char *
xml_part_attribute (const xmlChar **attributes, guint n_attributes, const char *name)
{
  const xmlChar **found = find (attributes, n_attributes, name);

  return found == NULL ? NULL : g_strndup ((const char *)found[3], (gsize)(found[4] - found[3]));
}

const char *
xml_part_attribute_view (const xmlChar **attributes, guint n_attributes, const char *name,
                         gsize *bytes)
{
  const xmlChar **found = find (attributes, n_attributes, name);

  *bytes = found == NULL ? 0 : (gsize)(found[4] - found[3]);
  return found == NULL ? NULL : (const char *)found[3];
}

gboolean
xml_part_attribute_is (const xmlChar **attributes, guint n_attributes, const char *name,
                       const char *value)
{
  const xmlChar **found = find (attributes, n_attributes, name);
  gsize length = strlen (value);

  return found != NULL && (gsize)(found[4] - found[3]) == length &&
         memcmp (found[3], value, length) == 0;
}

gint64
xml_part_attribute_int (const xmlChar **attributes, guint n_attributes, const char *name,
                        gint64 otherwise)
{
  const xmlChar **found = find (attributes, n_attributes, name);
  char digits[24];
  char *end;
  gint64 value;
  gsize length;

  if (found == NULL)
    return otherwise;
  length = MIN ((gsize)(found[4] - found[3]), sizeof digits - 1);
  memcpy (digits, found[3], length);
  digits[length] = '\0';
  value = g_ascii_strtoll (digits, &end, 10);
  return end == digits ? otherwise : value;
}
