/* HTML, by libxml2's SAX interface: no tree, own stack of open elements on the heap, so that depth
 * costs memory only. Text is collected in one buffer, white space folded as browsers do, and
 * delivered where a block begins or ends. */
#include "html-elements.h"
#include "html-table.h"
#include "html-text.h"
#include "ingest/extract/formats.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sink.h"
#include "markup.h"

#include <libxml/HTMLparser.h>
#include <string.h>

/* A paragraph goes out at this length even if its element goes on. */
#define PARAGRAPH_BYTES (1u << 20)
/* A table that is larger goes out in parts. */
#define TABLE_BYTES (1u << 20)
/* Cells longer than this are no data. */
#define CELL_BYTES 1500
#define LIST_DEPTH_MAX 16

typedef struct {
  guint flags;
  guint8 level;       /* heading: 1-6 */
  gboolean hides;     /* it and its content are not shown */
  gboolean item_out;  /* item: its marker has been written */
  gboolean is_layout; /* table */
  gboolean is_header; /* cell */
  guint colspan, rowspan;
  int number; /* list: of the next item; 0: bullets */
  HtmlTable *table;
  char name[16]; /* cut */
} Element;

typedef struct {
  ExtractSink *sink;
  htmlParserCtxtPtr parser;
  GArray *elements; /* (element-type Element) the open ones */
  GArray *special;  /* (element-type guint) indices of those that decide what a block is */
  GString *text;
  GString *title;
  guint hidden; /* open elements that hide */
  guint pre;    /* open elements that keep white space */
  guint lists;
  guint mains;       /* open main and article */
  gboolean has_main; /* the file has one */
  gboolean in_title;
  gboolean has_title;
  char *code_language;
  char *description;
  GError *error; /* (nullable) the sink wants no more */
} Reader;

static Element *
element_at (Reader *reader, guint index)
{
  return &g_array_index (reader->elements, Element, index);
}

/* The innermost open element that has one of the flags, no further out than the innermost of
 * `until`. */
static Element *
innermost (Reader *reader, guint flags, guint until)
{
  for (guint i = reader->special->len; i > 0; i--) {
    Element *element = element_at (reader, g_array_index (reader->special, guint, i - 1));

    if (element->flags & flags)
      return element;
    if (element->flags & until)
      return NULL;
  }
  return NULL;
}

static void
check (Reader *reader, gboolean done)
{
  if (!done)
    xmlStopParser (reader->parser);
}

/* --- delivery
 * ------------------------------------------------------------------------------------- */

/* The cell that text goes into: that of the innermost table, when it is data. */
static Element *
data_cell (Reader *reader)
{
  Element *cell = innermost (reader, HTML_CELL, HTML_TABLE);
  Element *table = cell == NULL ? NULL : innermost (reader, HTML_TABLE, 0);

  return table == NULL || table->is_layout ? NULL : cell;
}

static gboolean
deliver_item (Reader *reader, Element *item)
{
  Element *list = innermost (reader, HTML_LIST, 0);
  char marker[16] = "-";

  if (list != NULL && list->number != 0)
    g_snprintf (marker, sizeof marker, "%d.", list->number);
  if (list != NULL && list->number != 0)
    list->number++;
  item->item_out = TRUE;
  return extract_list_item (reader->sink, CLAMP (reader->lists, 1, LIST_DEPTH_MAX), 0, marker,
                            reader->text->str, (gssize)reader->text->len, &reader->error);
}

static gboolean
is_blank (const GString *text)
{
  return strspn (text->str, " \t\n") == text->len;
}

/* Delivers the text collected as what the open elements make it. */
static void
flush (Reader *reader)
{
  Element *element =
      innermost (reader, HTML_HEADING | HTML_ITEM | HTML_PRE | HTML_CELL, HTML_TABLE);
  GString *text = reader->text;

  if (is_blank (text) || reader->error != NULL) {
    g_string_truncate (text, 0);
    return;
  }
  if (element != NULL && element->flags & HTML_HEADING)
    check (reader, extract_heading (reader->sink, element->level, 0, text->str, (gssize)text->len,
                                    &reader->error));
  else if (element != NULL && element->flags & HTML_PRE)
    check (reader, extract_code (reader->sink, 0, reader->code_language, text->str,
                                 (gssize)text->len, &reader->error));
  else if (element != NULL && element->flags & HTML_ITEM && !element->item_out)
    check (reader, deliver_item (reader, element));
  else
    check (reader,
           extract_paragraph (reader->sink, 0, text->str, (gssize)text->len, &reader->error));
  g_string_truncate (text, 0);
}

static void
line_break (Reader *reader)
{
  GString *text = reader->text;

  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
}

/* A block begins or ends: in cells and items that is a line end, elsewhere the block goes out. */
static void
block_boundary (Reader *reader)
{
  if (reader->pre > 0)
    return;
  if (data_cell (reader) != NULL) {
    line_break (reader);
    return;
  }
  Element *element = innermost (reader, HTML_HEADING | HTML_ITEM, HTML_TABLE);

  if (element != NULL && (element->flags & HTML_HEADING || !element->item_out)) {
    line_break (reader);
  } else {
    flush (reader);
  }
}

/* The innermost table is for layout: what it has collected becomes paragraphs, and its cells are
 * plain blocks from now on. */
static void
make_layout (Reader *reader)
{
  Element *table = innermost (reader, HTML_TABLE, 0);

  if (table == NULL || table->is_layout || reader->error != NULL)
    return;
  check (reader, html_table_deliver (table->table, TRUE, reader->sink, &reader->error));
  table->is_layout = TRUE;
  flush (reader);
}

/* --- text
 * -------------------------------------------------------------------------------------------- */

static void
add_text (Reader *reader, const char *text, gsize bytes)
{
  if (reader->in_title) {
    html_append_folded (reader->title, text, bytes);
    return;
  }
  if (reader->hidden > 0)
    return;
  if (reader->pre > 0)
    g_string_append_len (reader->text, text, (gssize)bytes);
  else
    html_append_folded (reader->text, text, bytes);
  if (reader->text->len > CELL_BYTES && data_cell (reader) != NULL)
    make_layout (reader);
  if (reader->text->len > PARAGRAPH_BYTES)
    flush (reader);
}

static void
characters (void *context, const xmlChar *text, int bytes)
{
  add_text (context, (const char *)text, (gsize)bytes);
}

static void
add_space (Reader *reader)
{
  if (reader->pre == 0 && reader->hidden == 0)
    html_append_folded (reader->text, " ", 1);
}

/* --- elements
 * ----------------------------------------------------------------------------------------- */

static void
read_meta (Reader *reader, const xmlChar **attributes)
{
  const char *name = html_attribute (attributes, "name");
  const char *content = html_attribute (attributes, "content");

  if (name == NULL || content == NULL)
    return;
  if (g_ascii_strcasecmp (name, "author") == 0 || g_ascii_strcasecmp (name, "dc.creator") == 0)
    extract_meta (reader->sink, "author", content);
  else if (g_ascii_strcasecmp (name, "description") == 0 && reader->description == NULL)
    reader->description = g_strdup (content);
}

static void
read_language (Reader *reader, const xmlChar **attributes)
{
  const char *lang = html_attribute (attributes, "lang");
  g_autofree char *language = NULL;

  if (lang == NULL)
    lang = html_attribute (attributes, "xml:lang");
  if (lang == NULL)
    return;
  language = language_normalise (lang);
  extract_meta (reader->sink, "language", language);
}

static void
void_element (Reader *reader, const char *name, const xmlChar **attributes)
{
  const char *alt;

  if (strcmp (name, "meta") == 0) {
    read_meta (reader, attributes);
  } else if (reader->hidden > 0) {
    return;
  } else if (strcmp (name, "br") == 0) {
    if (reader->pre > 0)
      g_string_append_c (reader->text, '\n');
    else if (g_str_has_suffix (reader->text->str, "\n"))
      block_boundary (reader); /* two of them part paragraphs */
    else
      line_break (reader);
  } else if (strcmp (name, "hr") == 0) {
    block_boundary (reader);
  } else if (strcmp (name, "img") == 0 && (alt = html_attribute (attributes, "alt")) != NULL) {
    add_space (reader);
    add_text (reader, alt, strlen (alt));
    add_space (reader);
  }
}

static void
begin_special (Reader *reader, Element *element, const xmlChar **attributes)
{
  if (element->flags & (HTML_LIST | HTML_PRE | HTML_TABLE | HTML_HEADING) && reader->pre == 0 &&
      data_cell (reader) == NULL)
    flush (reader);
  if (element->flags & HTML_LAYOUT && data_cell (reader) != NULL)
    make_layout (reader);
  if (element->flags & HTML_LIST) {
    reader->lists++;
    element->number =
        element->name[0] == 'o' ? (int)html_attribute_uint (attributes, "start", 1) : 0;
  } else if (element->flags & HTML_ITEM) {
    Element *list = innermost (reader, HTML_LIST, 0);
    guint value = html_attribute_uint (attributes, "value", 0);

    if (data_cell (reader) == NULL && !element->item_out)
      flush (reader);
    if (list != NULL && list->number != 0 && value > 0)
      list->number = (int)value;
  } else if (element->flags & HTML_PRE) {
    reader->pre++;
    g_free (reader->code_language);
    reader->code_language = html_code_language (attributes);
  } else if (element->flags & HTML_TABLE) {
    const char *role = html_attribute (attributes, "role");

    make_layout (reader); /* the one around it */
    flush (reader);
    element->table = html_table_new ();
    element->is_layout = g_strcmp0 (role, "presentation") == 0 || g_strcmp0 (role, "none") == 0;
  } else if (element->flags & HTML_ROW) {
    Element *table = innermost (reader, HTML_TABLE, 0);

    if (table != NULL && !table->is_layout)
      html_table_begin_row (table->table);
  } else if (element->flags & HTML_CELL) {
    element->colspan = html_attribute_uint (attributes, "colspan", 1);
    element->rowspan = html_attribute_uint (attributes, "rowspan", 1);
    element->is_header =
        element->name[1] == 'h' || innermost (reader, HTML_HEAD, HTML_TABLE) != NULL;
    if (data_cell (reader) == NULL && innermost (reader, HTML_TABLE, 0) != NULL)
      flush (reader); /* a caption, or text that stands between rows */
  }
}

static void
start_element (void *context, const xmlChar *xml_name, const xmlChar **attributes)
{
  const guint special_flags = HTML_HEADING | HTML_LIST | HTML_ITEM | HTML_PRE | HTML_TABLE |
                              HTML_ROW | HTML_CELL | HTML_HEAD;
  Reader *reader = context;
  const char *name = (const char *)xml_name;
  Element element = {.flags = html_element_flags (name)};

  if (reader->error != NULL)
    return;
  if (extract_time_is_up (reader->sink))
    xmlStopParser (reader->parser);
  if (element.flags & HTML_VOID) {
    void_element (reader, name, attributes);
    return;
  }
  g_strlcpy (element.name, name, sizeof element.name);
  if (strcmp (name, "html") == 0 || strcmp (name, "body") == 0)
    read_language (reader, attributes);
  if (element.flags & HTML_TITLE) {
    reader->in_title = reader->title->len == 0 && reader->hidden == 0;
    element.hides = !reader->in_title;
  } else {
    element.hides = element.flags & HTML_SKIP || html_is_hidden (attributes) ||
                    (element.flags & HTML_ASIDE && reader->has_main && reader->mains == 0);
  }
  if (reader->hidden == 0 && element.flags & HTML_DETAIL)
    line_break (reader);
  else if (reader->hidden == 0 && element.flags & HTML_BLOCK)
    block_boundary (reader);
  else if (element.flags & HTML_APART)
    add_space (reader);
  reader->hidden += element.hides;
  reader->mains += (element.flags & HTML_MAIN) != 0;
  if (reader->hidden > 0)
    element.flags &= ~(guint)special_flags;
  if (element.flags & special_flags)
    begin_special (reader, &element, attributes);
  else if (reader->pre > 0 && reader->code_language == NULL)
    reader->code_language = html_code_language (attributes);
  if (element.level == 0 && element.flags & HTML_HEADING)
    element.level = (guint8)(name[1] - '0');
  g_array_append_val (reader->elements, element);
  if (element.flags & special_flags) {
    guint index = reader->elements->len - 1;

    g_array_append_val (reader->special, index);
  }
}

static void
end_cell (Reader *reader, Element *cell)
{
  Element *table = innermost (reader, HTML_TABLE, 0);

  if (table == NULL || table->is_layout) {
    flush (reader);
    return;
  }
  html_table_add_cell (table->table, reader->text->str, reader->text->len, cell->colspan,
                       cell->rowspan, cell->is_header);
  g_string_truncate (reader->text, 0);
}

/* Still on the stack. */
static void
end_special (Reader *reader, Element *element)
{
  if (element->flags & HTML_CELL) {
    end_cell (reader, element);
  } else if (element->flags & HTML_ROW) {
    Element *table = innermost (reader, HTML_TABLE, 0);

    if (table != NULL && html_table_bytes (table->table) > TABLE_BYTES && reader->error == NULL)
      check (reader, html_table_deliver (table->table, FALSE, reader->sink, &reader->error));
  } else if (element->flags & HTML_TABLE) {
    flush (reader);
    if (reader->error == NULL)
      check (reader,
             html_table_deliver (element->table, element->is_layout, reader->sink, &reader->error));
    g_clear_pointer (&element->table, html_table_free);
  } else if (element->flags & (HTML_HEADING | HTML_ITEM | HTML_PRE) && data_cell (reader) == NULL) {
    flush (reader);
  } else if (element->flags & HTML_ITEM) {
    line_break (reader);
  }
  if (element->flags & HTML_PRE)
    reader->pre--;
  if (element->flags & HTML_LIST)
    reader->lists--;
}

static void
pop (Reader *reader)
{
  guint index = reader->elements->len - 1;
  Element *element = element_at (reader, index);

  if (element->flags & HTML_TITLE)
    reader->in_title = FALSE;
  if (reader->special->len > 0 &&
      g_array_index (reader->special, guint, reader->special->len - 1) == index) {
    end_special (reader, element);
    g_array_set_size (reader->special, reader->special->len - 1);
  }
  if (reader->hidden == 0 && element->flags & (HTML_TERM | HTML_DETAIL))
    line_break (reader);
  else if (reader->hidden == 0 && element->flags & HTML_BLOCK)
    block_boundary (reader);
  else if (element->flags & HTML_APART)
    add_space (reader);
  reader->hidden -= element->hides;
  reader->mains -= (element->flags & HTML_MAIN) != 0;
  g_array_set_size (reader->elements, index);
}

static void
end_element (void *context, const xmlChar *xml_name)
{
  Reader *reader = context;
  char name[sizeof ((Element *)0)->name];
  guint depth = reader->elements->len;

  g_strlcpy (name, (const char *)xml_name, sizeof name);
  /* libxml2 closes what is open; a name that is not on top is looked for a little */
  for (guint i = depth; i > 0 && i + 64 > depth; i--)
    if (strcmp (element_at (reader, i - 1)->name, name) == 0) {
      while (reader->elements->len >= i)
        pop (reader);
      return;
    }
}

/* --- the reader
 * -------------------------------------------------------------------------------------- */

static gboolean
take_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  Reader *reader = user_data;

  htmlParseChunk (reader->parser, slice, (int)bytes, 0);
  if (reader->error == NULL && extract_time_is_up (reader->sink))
    extract_limit_error (&reader->error, "only what could be read in time");
  if (reader->error != NULL) {
    g_propagate_error (error, g_error_copy (reader->error));
    return FALSE;
  }
  return TRUE;
}

/* Is the content marked as such anywhere? Then what stands around it can be told apart. */
static gboolean
find_main (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  const char *end = data + size;

  for (const char *at = data; (at = memchr (at, '<', (gsize)(end - at))) != NULL; at++)
    if (end - at > 9 &&
        ((g_ascii_strncasecmp (at, "<main", 5) == 0 && !g_ascii_isalnum (at[5])) ||
         (g_ascii_strncasecmp (at, "<article", 8) == 0 && !g_ascii_isalnum (at[8]))))
      return TRUE;
  return FALSE;
}

static void
reader_clear (Reader *reader)
{
  for (guint i = 0; i < reader->elements->len; i++)
    html_table_free (element_at (reader, i)->table);
  htmlFreeParserCtxt (reader->parser);
  g_array_unref (reader->elements);
  g_array_unref (reader->special);
  g_string_free (reader->text, TRUE);
  g_string_free (reader->title, TRUE);
  g_free (reader->code_language);
  g_free (reader->description);
  g_clear_error (&reader->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
reader_init (Reader *reader, const ExtractInput *input, ExtractSink *sink)
{
  htmlSAXHandler sax = {
      .startElement = start_element,
      .endElement = end_element,
      .characters = characters,
      .ignorableWhitespace = characters,
      .cdataBlock = characters,
  };

  reader->sink = sink;
  reader->elements = g_array_new (FALSE, TRUE, sizeof (Element));
  reader->special = g_array_new (FALSE, TRUE, sizeof (guint));
  reader->text = g_string_new (NULL);
  reader->title = g_string_new (NULL);
  reader->has_main = find_main (input->bytes);
  reader->parser = htmlCreatePushParserCtxt (&sax, reader, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
  htmlCtxtUseOptions (reader->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                          HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                          HTML_PARSE_IGNORE_ENC);
}

gboolean
extract_read_html (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_auto (Reader) reader = {0};

  reader_init (&reader, input, sink);
  if (!markup_decode (input, sink, take_slice, &reader, error))
    return FALSE;
  htmlParseChunk (reader.parser, NULL, 0, 1);
  while (reader.elements->len > 0)
    pop (&reader);
  flush (&reader);
  extract_meta (sink, "title", reader.title->str);
  /* a page that scripts fill has nothing else */
  if (extract_sink_blocks (sink) == 0 && reader.description != NULL && reader.error == NULL)
    extract_paragraph (sink, 0, reader.description, -1, &reader.error);
  if (reader.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reader.error));
  return FALSE;
}
