/* XML of any vocabulary, by libxml2's SAX2.
 *
 * Text that begins in an element ends with it: children met while there is text are inline. Short
 * leaves in a row (<name>, <price>, ...) are one record, a paragraph with a line for each; the
 * element that holds them ends it. Elements called title or heading are headings, by nesting.
 *
 * Nothing is loaded and no entity is expanded by libxml2: references come to get_entity, which
 * knows short plain replacements only.
 */
#include "ingest/extract/formats.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sink.h"
#include "markup.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

/* A leaf up to this length is a field of a record; longer ones are paragraphs of their own. */
#define FIELD_BYTES 120
#define RECORD_BYTES 2000
#define HEADING_BYTES 300
/* A paragraph goes out at this length even if its element goes on. */
#define PARAGRAPH_BYTES (1u << 20)
#define ENTITY_BYTES 256
#define ENTITIES_MAX 1000

typedef struct {
  guint leaves; /* fields waiting that began within */
  gboolean is_titled;
  gboolean is_title; /* title, heading */
  gboolean is_skipped;
  gboolean is_block;  /* p and the like: a paragraph of its own, however short */
  gboolean is_inline; /* emphasis and the like: text that begins in it belongs to its parent */
} Element;

typedef struct {
  ExtractSink *sink;
  xmlParserCtxtPtr parser;
  GArray *elements;        /* (element-type Element) the open ones */
  GString *text;           /* the paragraph so far, white space folded */
  guint text_depth;        /* of the element it began in; 0: there is none */
  GString *record;         /* fields */
  guint titled;            /* open elements that have a title */
  guint first_title_depth; /* of the element the first title stands in; 0 once it is closed */
  gboolean has_title;
  guint skipped;        /* open elements without text for people */
  GHashTable *entities; /* name -> xmlEntity, owned */
  char *problem;        /* (nullable) the first error in the XML */
  GError *error;        /* (nullable) the sink wants no more */
} Reader;

static void
stop (Reader *reader)
{
  xmlStopParser (reader->parser);
}

static void
flush_record (Reader *reader)
{
  if (reader->record->len > 0 && reader->error == NULL &&
      !extract_paragraph (reader->sink, 0, reader->record->str, (gssize)reader->record->len,
                          &reader->error))
    stop (reader);
  g_string_truncate (reader->record, 0);
  for (guint i = 0; i < reader->elements->len; i++)
    g_array_index (reader->elements, Element, i).leaves = 0;
}

/* level: how many open elements have a title, the one it stands in left out. */
static void
deliver_title (Reader *reader, guint depth)
{
  Element *parent = depth >= 2 ? &g_array_index (reader->elements, Element, depth - 2) : NULL;
  guint level = 1 + reader->titled - (parent != NULL && parent->is_titled);

  flush_record (reader);
  if (!reader->has_title) {
    extract_meta (reader->sink, "title", reader->text->str);
    reader->has_title = TRUE;
    reader->first_title_depth = depth - 1;
  } else if (reader->first_title_depth == 0) {
    level++;
  }
  if (parent != NULL && !parent->is_titled) {
    parent->is_titled = TRUE;
    reader->titled++;
  }
  if (reader->error == NULL && !extract_heading (reader->sink, MIN (level, 6), 0, reader->text->str,
                                                 (gssize)reader->text->len, &reader->error))
    stop (reader);
}

/* The paragraph is over. depth: that of the element it ends with. */
static void
flush_text (Reader *reader, guint depth)
{
  Element *element = depth > 0 ? &g_array_index (reader->elements, Element, depth - 1) : NULL;
  GString *text = reader->text;

  if (strchr (text->str, '<') != NULL)
    markup_strip_tags (text);
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  reader->text_depth = 0;
  if (text->len == 0)
    return;
  if (element != NULL && element->is_title && text->len <= HEADING_BYTES) {
    deliver_title (reader, depth);
  } else if (text->len <= FIELD_BYTES && (element == NULL || !element->is_block)) {
    if (reader->record->len > RECORD_BYTES)
      flush_record (reader);
    if (reader->record->len > 0)
      g_string_append_c (reader->record, '\n');
    g_string_append_len (reader->record, text->str, (gssize)text->len);
    for (Element *e = element; e != NULL && depth > 0; e--, depth--)
      e->leaves++;
  } else {
    flush_record (reader);
    if (reader->error == NULL &&
        !extract_paragraph (reader->sink, 0, text->str, (gssize)text->len, &reader->error))
      stop (reader);
  }
  g_string_truncate (text, 0);
}

static guint
text_depth (const Reader *reader)
{
  guint depth = reader->elements->len;

  while (depth > 1 && g_array_index (reader->elements, Element, depth - 1).is_inline)
    depth--;
  return depth;
}

static void
append_text (Reader *reader, const char *text, gsize bytes)
{
  const char *end = text + bytes;

  if (reader->skipped > 0)
    return;
  while (text < end) {
    const char *word = text;

    while (text < end && !g_ascii_isspace (*text))
      text++;
    if (text > word) {
      if (reader->text->len == 0)
        reader->text_depth = text_depth (reader);
      g_string_append_len (reader->text, word, text - word);
    }
    if (text < end && reader->text->len > 0 && reader->text->str[reader->text->len - 1] != ' ')
      g_string_append_c (reader->text, ' ');
    while (text < end && g_ascii_isspace (*text))
      text++;
  }
  if (reader->text->len > PARAGRAPH_BYTES)
    flush_text (reader, reader->elements->len);
}

/* --- SAX ----------------------------------------------------------------------------------------
 */

static gboolean
is_one_of (const xmlChar *name, const char *const *names)
{
  for (; *names != NULL; names++)
    if (g_ascii_strcasecmp ((const char *)name, *names) == 0)
      return TRUE;
  return FALSE;
}

/* Where entities are not expanded, libxml2 leaves "&" and "<" of attributes as references. */
static void
append_attribute (Reader *reader, const char *text, gsize bytes)
{
  g_autoptr (GString) value = g_string_new_len (text, (gssize)bytes);

  g_string_replace (value, "&#60;", "<", 0);
  g_string_replace (value, "&#38;", "&", 0);
  append_text (reader, value->str, value->len);
}

static void
append_attributes (Reader *reader, int count, const xmlChar **attributes)
{
  /* "text": OPML */
  static const char *const for_people[] = {"title",       "label",   "alt",  "summary", "desc",
                                           "description", "caption", "text", NULL};
  const xmlChar **first = NULL;

  for (int i = 0; i < count; i++) {
    const xmlChar **attribute = attributes + i * 5;
    gsize bytes = (gsize)(attribute[4] - attribute[3]);

    if (!is_one_of (attribute[0], for_people))
      continue;
    /* the same words twice, as in <outline text= title=> */
    if (first != NULL && (gsize)(first[4] - first[3]) == bytes &&
        memcmp (first[3], attribute[3], bytes) == 0)
      continue;
    first = attribute;
    append_attribute (reader, (const char *)attribute[3], bytes);
    flush_text (reader, reader->elements->len);
  }
}

static void
read_language (Reader *reader, int count, const xmlChar **attributes)
{
  for (int i = 0; i < count; i++) {
    const xmlChar **attribute = attributes + i * 5;

    if (strcmp ((const char *)attribute[0], "lang") == 0) {
      g_autofree char *value =
          g_strndup ((const char *)attribute[3], (gsize)(attribute[4] - attribute[3]));
      g_autofree char *language = language_normalise (value);

      extract_meta (reader->sink, "language", language);
    }
  }
}

static void
start_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
               int namespaces_count, const xmlChar **namespaces, int count, int defaulted,
               const xmlChar **attributes)
{
  static const char *const titles[] = {"title", "heading", "article-title", NULL};
  static const char *const skipped[] = {"script", "style", "binary", NULL};
  static const char *const inline_names[] = {"b",
                                             "i",
                                             "u",
                                             "em",
                                             "strong",
                                             "bold",
                                             "italic",
                                             "emph",
                                             "emphasis",
                                             "sup",
                                             "sub",
                                             "a",
                                             "span",
                                             "tspan",
                                             "phrase",
                                             "xref",
                                             "ext-link",
                                             "ulink",
                                             "hi",
                                             "code",
                                             "literal",
                                             "quote",
                                             "q",
                                             "sc",
                                             "tt",
                                             "monospace",
                                             "underline",
                                             "br",
                                             "uri",
                                             "citetitle",
                                             "styled-content",
                                             "named-content",
                                             NULL};
  static const char *const block_names[] = {
      "p",   "para", "simpara", "list",   "list-item", "listitem", "li",      "sec", "section",
      "div", "fig",  "table",   "figure", "note",      "title",    "heading", NULL};
  Reader *reader = context;
  Element element = {0};

  if (extract_time_is_up (reader->sink))
    stop (reader);
  element.is_block = is_one_of (name, block_names);
  if (reader->text->len > 0 && element.is_block)
    flush_text (reader, reader->elements->len);
  element.is_inline = is_one_of (name, inline_names);
  element.is_skipped = is_one_of (name, skipped);
  reader->skipped += element.is_skipped;
  element.is_title = is_one_of (name, titles) &&
                     (*name != 'a' || !reader->has_title); /* references have article-titles, too */
  if (reader->elements->len == 0)
    read_language (reader, count, attributes);
  g_array_append_val (reader->elements, element);
  if (reader->text->len == 0 && reader->skipped == 0)
    append_attributes (reader, count, attributes);
}

static void
end_element (void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
  Reader *reader = context;
  guint depth = reader->elements->len;
  Element *element;

  if (depth == 0)
    return;
  if (reader->text_depth >= depth)
    flush_text (reader, depth);
  element = &g_array_index (reader->elements, Element, depth - 1);
  if (element->leaves >= 2)
    flush_record (reader);
  reader->skipped -= element->is_skipped;
  reader->titled -= element->is_titled;
  if (reader->first_title_depth == depth)
    reader->first_title_depth = 0;
  g_array_set_size (reader->elements, depth - 1);
}

static void
characters (void *context, const xmlChar *text, int bytes)
{
  append_text (context, (const char *)text, (gsize)bytes);
}

static void
take_error (void *context, xmlErrorPtr error)
{
  Reader *reader = context;

  if (error->level != XML_ERR_FATAL || reader->problem != NULL)
    return;
  reader->problem = g_strdup_printf ("line %d: %s", error->line,
                                     error->message == NULL ? "error" : error->message);
  reader->problem[strcspn (reader->problem, "\n")] = '\0'; /* the bytes at fault follow */
}

/* --- entities -----------------------------------------------------------------------------------
 */

static void
free_entity (gpointer data)
{
  xmlEntity *entity = data;

  xmlFree (entity->content);
  g_free ((gpointer)(guintptr)entity->name);
  g_free (entity);
}

/* As if predefined: libxml2 hands the content on as it is and looks into it no further. */
static xmlEntity *
add_entity (Reader *reader, const char *name, const char *content)
{
  static xmlChar no_original[] = "";
  xmlEntity *entity = g_new0 (xmlEntity, 1);

  entity->type = XML_ENTITY_DECL;
  entity->etype = XML_INTERNAL_PREDEFINED_ENTITY;
  entity->name = (const xmlChar *)g_strdup (name);
  entity->content = xmlStrdup ((const xmlChar *)content);
  entity->length = (int)strlen (content);
  entity->orig = no_original;
  g_hash_table_replace (reader->entities, (gpointer)(guintptr)entity->name, entity);
  return entity;
}

static void
declare_entity (void *context, const xmlChar *name, int type, const xmlChar *public_id,
                const xmlChar *system_id, xmlChar *content)
{
  Reader *reader = context;
  const char *text = (const char *)content;

  if (type == XML_INTERNAL_PARAMETER_ENTITY || type == XML_EXTERNAL_PARAMETER_ENTITY)
    return;

  if (type != XML_INTERNAL_GENERAL_ENTITY || text == NULL || strlen (text) > ENTITY_BYTES ||
      strpbrk (text, "&<%") != NULL)
    text = "";
  if (g_hash_table_size (reader->entities) < ENTITIES_MAX &&
      !g_hash_table_contains (reader->entities, name))
    add_entity (reader, (const char *)name, text);
}

static xmlEntityPtr
get_entity (void *context, const xmlChar *name)
{
  Reader *reader = context;
  xmlEntityPtr entity = xmlGetPredefinedEntity (name);
  const htmlEntityDesc *html;
  char utf8[8] = "";

  if (entity == NULL)
    entity = g_hash_table_lookup (reader->entities, name);
  if (entity == NULL) {
    /* feeds use HTML's names without declaring them */
    html = htmlEntityLookup (name);
    if (html == NULL && g_hash_table_size (reader->entities) >= ENTITIES_MAX)
      return NULL;
    if (html != NULL)
      utf8[g_unichar_to_utf8 (html->value, utf8)] = '\0';
    entity = add_entity (reader, (const char *)name, utf8);
  }
  /* asked for in declarations, too */
  if (reader->elements->len > 0 && (entity->content == NULL || *entity->content == '\0'))
    extract_warn (reader->sink, "entity &%s; is left out", (const char *)name);
  return entity;
}

/* Parts of a DTD are not read. An entity that is no parameter entity gets a warning from libxml2,
 * none at all would be an error, after which it drops every reference. */
static xmlEntityPtr
get_parameter_entity (void *context, const xmlChar *name)
{
  Reader *reader = context;
  xmlEntityPtr entity = g_hash_table_lookup (reader->entities, "%");

  return entity == NULL ? add_entity (reader, "%", "") : entity;
}

/* --- the reader ----------------------------------------------------------------------------------
 */

static gboolean
take_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  Reader *reader = user_data;

  xmlParseChunk (reader->parser, slice, (int)bytes, 0);
  if (reader->error == NULL && extract_time_is_up (reader->sink))
    extract_limit_error (&reader->error, "only what could be read in time");
  if (reader->error != NULL) {
    g_propagate_error (error, g_error_copy (reader->error));
    return FALSE;
  }
  return TRUE;
}

static void
reader_clear (Reader *reader)
{
  /* libxml2 made one for the entities declared */
  xmlFreeDoc (reader->parser->myDoc);
  reader->parser->myDoc = NULL;
  xmlFreeParserCtxt (reader->parser);
  g_array_unref (reader->elements);
  g_string_free (reader->text, TRUE);
  g_string_free (reader->record, TRUE);
  g_hash_table_unref (reader->entities);
  g_free (reader->problem);
  g_clear_error (&reader->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
reader_init (Reader *reader, ExtractSink *sink)
{
  xmlSAXHandler sax = {
      .initialized = XML_SAX2_MAGIC,
      .startElementNs = start_element,
      .endElementNs = end_element,
      .characters = characters,
      .ignorableWhitespace = characters,
      .cdataBlock = characters,
      .entityDecl = declare_entity,
      .getEntity = get_entity,
      .getParameterEntity = get_parameter_entity,
      .serror = take_error,
  };

  reader->sink = sink;
  reader->elements = g_array_new (FALSE, TRUE, sizeof (Element));
  reader->text = g_string_new (NULL);
  reader->record = g_string_new (NULL);
  reader->entities = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_entity);
  reader->parser = xmlCreatePushParserCtxt (&sax, reader, NULL, 0, NULL);
  xmlCtxtUseOptions (reader->parser, XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_IGNORE_ENC);
  xmlSwitchEncoding (reader->parser, XML_CHAR_ENCODING_UTF8);
}

gboolean
extract_read_xml (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_auto (Reader) reader = {0};

  reader_init (&reader, sink);
  if (!markup_decode (input, sink, take_slice, &reader, error))
    return FALSE;
  xmlParseChunk (reader.parser, NULL, 0, 1);
  flush_text (&reader, reader.elements->len);
  flush_record (&reader);
  if (reader.error != NULL) {
    g_propagate_error (error, g_steal_pointer (&reader.error));
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
