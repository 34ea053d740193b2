/* XML of any vocabulary, by libxml2's SAX2. Nothing is loaded and no entity is expanded: references
 * come to xml-entities.h. What stands behind the root's end is read as if it were a file of its own
 * (logs and feeds are put together so). */
#include "ingest/extract/formats.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sink.h"
#include "markup.h"
#include "xml-entities.h"
#include "xml-flow.h"

#include <libxml/parserInternals.h>
#include <string.h>

#define ROOTS_MAX 1000
#define STEP_BYTES 4096 /* behind a root: another may end within */
#define CELLS_MAX 1000

typedef struct {
  XmlFlow flow;
  XmlEntities *entities;
  guint roots;       /* closed */
  glong root_end;    /* where the last one ended, in bytes fed to this parser; -1: it has not */
  gsize fed_bytes;   /* to this parser */
  gboolean in_cdata; /* a section is open */
  char *problem;     /* (nullable) the first error in the XML */
} Reader;

/* --- attributes ------------------------------------------------------------------------------- */

/* (nullable) (transfer full) */
static char *
attribute (int count, const xmlChar **attributes, const char *name)
{
  for (int i = 0; i < count; i++)
    if (g_ascii_strcasecmp ((const char *)attributes[i * 5], name) == 0)
      return g_strndup ((const char *)attributes[i * 5 + 3],
                        (gsize)(attributes[i * 5 + 4] - attributes[i * 5 + 3]));
  return NULL;
}

static guint
attribute_uint (int count, const xmlChar **attributes, const char *name, guint otherwise)
{
  g_autofree char *value = attribute (count, attributes, name);

  return value == NULL ? otherwise : (guint)MIN (g_ascii_strtoull (value, NULL, 10), CELLS_MAX);
}

/* Where entities are not expanded, libxml2 leaves "&" and "<" of attributes as references. */
static void
add_attribute_text (Reader *reader, const char *text, gsize bytes)
{
  g_autoptr (GString) value = g_string_new_len (text, (gssize)bytes);

  g_string_replace (value, "&#60;", "<", 0);
  g_string_replace (value, "&#38;", "&", 0);
  xml_flow_add_text (&reader->flow, value->str, value->len);
}

/* What attributes say to people. */
static void
add_attributes (Reader *reader, int count, const xmlChar **attributes)
{
  /* "text": OPML */
  static const char *const for_people[] = {"title",       "label",   "alt",  "summary", "desc",
                                           "description", "caption", "text", NULL};
  const xmlChar **first = NULL;

  for (int i = 0; i < count; i++) {
    const xmlChar **each = attributes + (gsize)i * 5;
    gsize bytes = (gsize)(each[4] - each[3]);

    if (!g_strv_contains (for_people, (const char *)each[0]))
      continue;
    /* the same words twice, as in <outline text= title=> */
    if (first != NULL && (gsize)(first[4] - first[3]) == bytes &&
        memcmp (first[3], each[3], bytes) == 0)
      continue;
    first = each;
    add_attribute_text (reader, (const char *)each[3], bytes);
    xml_flow_end_text (&reader->flow);
  }
}

static void
read_root (Reader *reader, const char *name, const char *uri, int count, const xmlChar **attributes)
{
  g_autofree char *value = attribute (count, attributes, "lang");
  g_autofree char *language = value == NULL ? NULL : language_normalise (value);

  extract_meta (reader->flow.sink, "language", language);
  reader->flow.vocabulary = xml_vocabulary (name, uri);
}

/* Cells that are not there, in front of this one. */
static void
skip_cells (Reader *reader, guint index)
{
  const XmlElement *row =
      &g_array_index (reader->flow.elements, XmlElement, reader->flow.elements->len - 1);

  if (reader->flow.table != NULL && row->roles & XML_ROW)
    for (guint at = html_table_row_cells (reader->flow.table); at + 1 < index; at++)
      html_table_add_cell (reader->flow.table, "", 0, 1, 1, FALSE);
}

static void
read_attributes (Reader *reader, XmlElement *element, int count, const xmlChar **attributes)
{
  if (element->roles & XML_CELL) {
    element->colspan = attribute_uint (count, attributes, "colspan", 1);
    element->colspan =
        attribute_uint (count, attributes, "number-columns-spanned", element->colspan);
    element->colspan += attribute_uint (count, attributes, "MergeAcross", 0);
    element->rowspan = attribute_uint (count, attributes, "rowspan", 1);
    element->rowspan = attribute_uint (count, attributes, "number-rows-spanned", element->rowspan);
    element->rowspan += attribute_uint (count, attributes, "morerows", 0) +
                        attribute_uint (count, attributes, "MergeDown", 0);
    if (reader->flow.vocabulary == XML_EXCEL && reader->flow.elements->len > 0)
      skip_cells (reader, attribute_uint (count, attributes, "Index", 0));
  } else if (element->roles & XML_LIST) {
    g_autofree char *type = attribute (count, attributes, "list-type");

    element->number = xml_is_ordered ((const char *)element->name) ||
                      (type != NULL && strcmp (type, "order") == 0);
  } else if (element->roles & XML_CODE && reader->flow.codes == 0) {
    g_free (reader->flow.code_language);
    reader->flow.code_language = attribute (count, attributes, "language");
  } else if (element->roles & XML_TITLE) {
    element->level = attribute_uint (count, attributes, "outline-level", 0);
  }
}

/* A paragraph of WordprocessingML whose style is "Heading1". */
static void
read_word_style (Reader *reader, int count, const xmlChar **attributes)
{
  GArray *elements = reader->flow.elements;
  g_autofree char *style = attribute (count, attributes, "val");

  for (guint i = elements->len; style != NULL && i > 0; i--) {
    XmlElement *element = &g_array_index (elements, XmlElement, i - 1);

    if (!(element->roles & XML_BLOCK))
      continue;
    if (g_ascii_strncasecmp (style, "Heading", 7) == 0 && g_ascii_isdigit (style[7])) {
      element->roles |= XML_TITLE;
      element->level = (guint)(style[7] - '0');
    }
    return;
  }
}

/* --- SAX ----------------------------------------------------------------------------------------
 */

static void
start_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
               int namespaces_count, const xmlChar **namespaces, int count, int defaulted,
               const xmlChar **attributes)
{
  Reader *reader = context;
  XmlFlow *flow = &reader->flow;
  XmlElement element = {.name = name};

  if (extract_time_is_up (flow->sink))
    xmlStopParser (flow->parser);
  if (flow->elements->len == 0)
    read_root (reader, (const char *)name, (const char *)uri, count, attributes);
  element.roles = xml_roles (flow->vocabulary, (const char *)name);
  if (flow->vocabulary == XML_WORD && strcmp ((const char *)name, "pStyle") == 0)
    read_word_style (reader, count, attributes);
  read_attributes (reader, &element, count, attributes);
  xml_flow_begin (flow, &element);
  if (flow->text->len > 0 || flow->skipped > 0)
    return;
  if (flow->vocabulary == XML_EXCEL && strcmp ((const char *)name, "Worksheet") == 0) {
    g_autofree char *sheet = attribute (count, attributes, "Name");

    if (sheet != NULL && flow->error == NULL &&
        !extract_heading (flow->sink, 1, 0, sheet, -1, &flow->error))
      xmlStopParser (flow->parser);
  } else if (flow->vocabulary != XML_WORD && flow->vocabulary != XML_EXCEL) {
    add_attributes (reader, count, attributes);
  }
}

static void
end_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  Reader *reader = context;

  if (reader->flow.elements->len == 0)
    return;
  xml_flow_end (&reader->flow);
  if (reader->flow.elements->len == 0) {
    reader->root_end = xmlByteConsumed (reader->flow.parser);
    reader->roots++;
  }
}

static void
characters (void *context, const xmlChar *text, int bytes)
{
  Reader *reader = context;

  xml_flow_add_text (&reader->flow, (const char *)text, (gsize)bytes);
}

static void
cdata (void *context, const xmlChar *text, int bytes)
{
  Reader *reader = context;

  reader->flow.is_markup = TRUE;
  characters (context, text, bytes);
}

static void
take_error (void *context, xmlErrorPtr error)
{
  Reader *reader = context;

  if (error->level != XML_ERR_FATAL || reader->problem != NULL)
    return;
  /* more behind a root, or nothing: read_behind_root sees to it */
  if (reader->roots > 0 && reader->flow.elements->len == 0 && reader->roots < ROOTS_MAX)
    return;
  reader->problem = g_strdup_printf ("line %d: %s", error->line,
                                     error->message == NULL ? "error" : error->message);
  reader->problem[strcspn (reader->problem, "\n")] = '\0'; /* the bytes at fault follow */
}

static void
declare_entity (void *context, const xmlChar *name, int type, const xmlChar *public_id,
                const xmlChar *system_id, xmlChar *content)
{
  Reader *reader = context;

  xml_entities_declare (reader->entities, (const char *)name, type, (const char *)content);
}

static xmlEntityPtr
get_entity (void *context, const xmlChar *name)
{
  Reader *reader = context;
  xmlEntityPtr entity = xml_entities_get (reader->entities, (const char *)name);

  /* asked for in declarations, too */
  if (entity != NULL && reader->flow.elements->len > 0 &&
      (entity->content == NULL || *entity->content == '\0'))
    extract_warn (reader->flow.sink, "entity &%s; is left out", (const char *)name);
  return entity;
}

static xmlEntityPtr
get_parameter_entity (void *context, const xmlChar *name)
{
  return xml_entities_get_parameter (((Reader *)context)->entities);
}

/* --- the reader ----------------------------------------------------------------------------------
 */

static void
free_parser (Reader *reader)
{
  /* libxml2 made one for the entities declared */
  xmlFreeDoc (reader->flow.parser->myDoc);
  reader->flow.parser->myDoc = NULL;
  xmlFreeParserCtxt (reader->flow.parser);
}

static void
new_parser (Reader *reader)
{
  xmlSAXHandler sax = {
      .initialized = XML_SAX2_MAGIC,
      .startElementNs = start_element,
      .endElementNs = end_element,
      .characters = characters,
      .ignorableWhitespace = characters,
      .cdataBlock = cdata,
      .entityDecl = declare_entity,
      .getEntity = get_entity,
      .getParameterEntity = get_parameter_entity,
      .serror = take_error,
  };
  xmlParserCtxtPtr parser = xmlCreatePushParserCtxt (&sax, reader, NULL, 0, NULL);

  xmlCtxtUseOptions (parser, XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding (parser, XML_CHAR_ENCODING_UTF8);
  reader->flow.parser = parser;
  reader->root_end = -1;
  reader->fed_bytes = 0;
}

/* Feeds the parser; behind a root's end, where there is more, a new one. */
static void
feed (Reader *reader, const char *text, gsize bytes)
{
  while (bytes > 0 && reader->flow.error == NULL) {
    gsize step = reader->roots > 0 ? MIN (bytes, STEP_BYTES) : bytes;
    gsize behind;

    xmlParseChunk (reader->flow.parser, text, (int)step, 0);
    reader->fed_bytes += step;
    if (reader->root_end < 0 || reader->roots >= ROOTS_MAX) {
      text += step;
      bytes -= step;
      continue;
    }
    behind = MIN (reader->fed_bytes - MIN ((gsize)reader->root_end, reader->fed_bytes), step);
    text += step - behind;
    bytes -= step - behind;
    while (bytes > 0 && g_ascii_isspace (*text)) {
      text++;
      bytes--;
    }
    free_parser (reader);
    new_parser (reader);
  }
}

static void
watch_cdata (Reader *reader, const char *slice, gsize bytes)
{
  const char *open = g_strrstr_len (slice, (gssize)bytes, "<![CDATA[");
  const char *close = g_strrstr_len (slice, (gssize)bytes, "]]>");

  if (open != NULL && (close == NULL || open > close))
    reader->in_cdata = TRUE;
  else if (close != NULL)
    reader->in_cdata = FALSE;
}

static gboolean
take_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  Reader *reader = user_data;

  watch_cdata (reader, slice, bytes);
  feed (reader, slice, bytes);
  if (reader->flow.error == NULL && extract_time_is_up (reader->flow.sink))
    extract_limit_error (&reader->flow.error, "only what could be read in time");
  if (reader->flow.error != NULL) {
    g_propagate_error (error, g_error_copy (reader->flow.error));
    return FALSE;
  }
  return TRUE;
}

static void
reader_clear (Reader *reader)
{
  free_parser (reader);
  xml_flow_clear (&reader->flow);
  xml_entities_free (reader->entities);
  g_free (reader->problem);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

gboolean
extract_read_xml (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_auto (Reader) reader = {0};

  xml_flow_init (&reader.flow, input, sink);
  reader.entities = xml_entities_new ();
  new_parser (&reader);
  if (!markup_decode (input, sink, take_slice, &reader, error))
    return FALSE;
  /* of a file cut off in a section, that section would be lost */
  if (reader.in_cdata && reader.flow.elements->len > 0)
    xmlParseChunk (reader.flow.parser, "]]>", 3, 0);
  xmlParseChunk (reader.flow.parser, NULL, 0, 1);
  xml_flow_finish (&reader.flow);
  if (reader.flow.error != NULL) {
    g_propagate_error (error, g_steal_pointer (&reader.flow.error));
    return FALSE;
  }
  if (reader.problem == NULL)
    return TRUE;
  if (extract_sink_blocks (sink) == 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it is not well-formed XML, %s",
                 reader.problem);
    return FALSE;
  }
  return extract_limit_error (error, "it is not well-formed XML, text may be missing: %s",
                              reader.problem);
}
