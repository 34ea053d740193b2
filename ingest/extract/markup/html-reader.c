/* By libxml2's SAX interface: no tree, own stack of open elements on the heap, so that depth
 * costs memory only. Text is collected in one buffer, white space folded as browsers do, and
 * delivered where a block begins or ends. */
#include "html-reader.h"

#include "html-flow.h"
#include "html-text.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sink.h"
#include "markup.h"

#include <string.h>

/* A table that is larger goes out in parts. */
#define TABLE_BYTES (1u << 20)

static void
characters (void *context, const xmlChar *text, int bytes)
{
  html_flow_add_text (context, (const char *)text, (gsize)bytes);
}

/* --- elements
 * ----------------------------------------------------------------------------------------- */

static void
read_meta (HtmlFlow *flow, const xmlChar **attributes)
{
  static const char *const keys[][2] = {{"author", "author"},
                                        {"dc.creator", "author"},
                                        {"date", "created"},
                                        {"dc.date", "created"},
                                        {"dcterms.created", "created"},
                                        {"article:published_time", "created"},
                                        {"last-modified", "modified"},
                                        {"dcterms.modified", "modified"},
                                        {"article:modified_time", "modified"}};
  const char *name = html_attribute (attributes, "name");
  const char *content = html_attribute (attributes, "content");

  if (name == NULL)
    name = html_attribute (attributes, "property");
  if (name == NULL || content == NULL || flow->is_part)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_ascii_strcasecmp (name, keys[i][0]) == 0 &&
        (keys[i][1][0] == 'a' || markup_is_date (content)))
      extract_meta (flow->sink, keys[i][1], content);
  if (g_ascii_strcasecmp (name, "description") == 0 && flow->description == NULL)
    flow->description = g_strdup (content);
}

static void
read_language (HtmlFlow *flow, const xmlChar **attributes)
{
  const char *lang = html_attribute (attributes, "lang");
  g_autofree char *language = NULL;

  if (lang == NULL)
    lang = html_attribute (attributes, "xml:lang");
  if (lang == NULL || (flow->is_part && extract_sink_meta (flow->sink, "language") != NULL))
    return;
  language = language_normalise (lang);
  extract_meta (flow->sink, "language", language);
}

/* What a field shows. */
static void
input_element (HtmlFlow *flow, const xmlChar **attributes)
{
  static const char *const mute[] = {"hidden", "password", "checkbox", "radio",
                                     "file",   "range",    "color",    NULL};
  const char *type = html_attribute (attributes, "type");
  const char *text = html_attribute (attributes, "value");
  g_autofree char *lower = g_ascii_strdown (type == NULL ? "text" : type, -1);

  if (g_strv_contains (mute, lower))
    return;
  if (strcmp (lower, "image") == 0)
    text = html_attribute (attributes, "alt");
  else if (text == NULL || *text == '\0')
    text = html_attribute (attributes, "placeholder");
  if (text == NULL)
    return;
  html_flow_add_space (flow);
  html_flow_add_text (flow, text, strlen (text));
  html_flow_add_space (flow);
}

static void
void_element (HtmlFlow *flow, const char *name, const xmlChar **attributes)
{
  const char *alt;

  if (strcmp (name, "meta") == 0) {
    read_meta (flow, attributes);
  } else if (flow->hidden > 0) {
    return;
  } else if (strcmp (name, "br") == 0) {
    if (flow->pre > 0)
      g_string_append_c (flow->text, '\n');
    else if (g_str_has_suffix (flow->text->str, "\n"))
      html_flow_block_boundary (flow); /* two of them part paragraphs */
    else
      html_flow_line_break (flow);
  } else if (strcmp (name, "hr") == 0) {
    html_flow_block_boundary (flow);
  } else if (strcmp (name, "input") == 0) {
    input_element (flow, attributes);
  } else if (strcmp (name, "img") == 0 && (alt = html_attribute (attributes, "alt")) != NULL) {
    html_flow_add_space (flow);
    html_flow_add_text (flow, alt, strlen (alt));
    html_flow_add_space (flow);
  }
}

static void
begin_special (HtmlFlow *flow, HtmlElement *element, const xmlChar **attributes)
{
  if (element->flags & (HTML_LIST | HTML_PRE | HTML_TABLE | HTML_HEADING) && flow->pre == 0 &&
      html_flow_data_cell (flow) == NULL)
    html_flow_flush (flow);
  if (element->flags & HTML_LAYOUT && html_flow_data_cell (flow) != NULL)
    html_flow_make_layout (flow);
  if (element->flags & HTML_LIST) {
    flow->lists++;
    element->number =
        element->name[0] == 'o' ? (int)html_attribute_uint (attributes, "start", 1) : 0;
  } else if (element->flags & HTML_ITEM) {
    HtmlElement *list = html_flow_innermost (flow, HTML_LIST, 0);
    guint value = html_attribute_uint (attributes, "value", 0);

    if (html_flow_data_cell (flow) == NULL && !element->item_out)
      html_flow_flush (flow);
    if (list != NULL && list->number != 0 && value > 0)
      list->number = (int)value;
  } else if (element->flags & HTML_PRE) {
    flow->pre++;
    g_free (flow->code_language);
    flow->code_language = html_code_language (attributes);
  } else if (element->flags & HTML_TABLE) {
    const char *role = html_attribute (attributes, "role");

    html_flow_make_layout (flow); /* the one around it */
    html_flow_flush (flow);
    element->table = html_table_new ();
    element->is_layout = g_strcmp0 (role, "presentation") == 0 || g_strcmp0 (role, "none") == 0;
  } else if (element->flags & HTML_ROW) {
    HtmlElement *table = html_flow_innermost (flow, HTML_TABLE, 0);

    if (table != NULL && !table->is_layout)
      html_table_begin_row (table->table);
  } else if (element->flags & HTML_CELL) {
    element->colspan = html_attribute_uint (attributes, "colspan", 1);
    element->rowspan = html_attribute_uint (attributes, "rowspan", 1);
    element->is_header =
        element->name[1] == 'h' || html_flow_innermost (flow, HTML_HEAD, HTML_TABLE) != NULL;
    if (html_flow_data_cell (flow) == NULL && html_flow_innermost (flow, HTML_TABLE, 0) != NULL)
      html_flow_flush (flow); /* a caption, or text that stands between rows */
  }
}

static void
decide_visibility (HtmlFlow *flow, HtmlElement *element, const xmlChar **attributes)
{
  gboolean is_nav = strcmp (element->name, "nav") == 0;

  if (element->flags & HTML_TITLE) {
    flow->in_title = !flow->is_part && flow->title->len == 0 && flow->hidden == 0;
    element->hides = !flow->in_title;
    return;
  }
  element->hides = element->flags & HTML_SKIP || html_is_hidden (attributes) ||
                   (element->flags & HTML_ASIDE && flow->has_main && flow->mains == 0) ||
                   (is_nav && flow->phase == HTML_PHASE_CONTENT);
  element->shows = is_nav && flow->phase == HTML_PHASE_NAVIGATION && flow->navs == 0 &&
                   !element->hides && flow->hidden == 1;
  flow->navs += element->shows;
}

/* Marks that browsers set around the text. */
static void
begin_inline (HtmlFlow *flow, HtmlElement *element, const xmlChar **attributes)
{
  if (element->flags & HTML_LINK)
    html_links_begin (flow->links, html_attribute (attributes, "href"), flow->text->len);
  else if (strcmp (element->name, "q") == 0)
    html_flow_add_text (flow, "\342\200\234", 3);
  else if (strcmp (element->name, "rt") == 0 && !g_str_has_suffix (flow->text->str, "(")) {
    element->opened = TRUE;
    html_flow_add_text (flow, "(", 1);
  }
}

static void
end_inline (HtmlFlow *flow, const HtmlElement *element)
{
  if (element->flags & HTML_LINK)
    html_links_end (flow->links, flow->text->len);
  else if (strcmp (element->name, "q") == 0)
    html_flow_add_text (flow, "\342\200\235", 3);
  else if (element->opened)
    html_flow_add_text (flow, ")", 1);
}

static void
start_element (void *context, const xmlChar *xml_name, const xmlChar **attributes)
{
  HtmlFlow *flow = context;
  const char *name = (const char *)xml_name;
  HtmlElement element = {.flags = html_element_flags (name)};

  if (flow->error != NULL)
    return;
  if (extract_time_is_up (flow->sink))
    xmlStopParser (flow->parser);
  if (element.flags & HTML_VOID) {
    void_element (flow, name, attributes);
    return;
  }
  g_strlcpy (element.name, name, sizeof element.name);
  if (strcmp (name, "html") == 0 || strcmp (name, "body") == 0)
    read_language (flow, attributes);
  decide_visibility (flow, &element, attributes);
  if (flow->hidden == 0 && element.flags & HTML_DETAIL)
    html_flow_line_break (flow);
  else if (flow->hidden == 0 && element.flags & HTML_BLOCK)
    html_flow_block_boundary (flow);
  else if (element.flags & HTML_APART)
    html_flow_add_space (flow);
  flow->hidden += element.hides;
  flow->hidden -= element.shows;
  flow->mains += (element.flags & HTML_MAIN) != 0;
  if (flow->hidden > 0)
    element.flags &= ~(guint)HTML_SPECIAL;
  if (element.flags & HTML_SPECIAL)
    begin_special (flow, &element, attributes);
  else if (flow->hidden == 0 && (element.flags & ~(guint)HTML_LINK) == 0)
    begin_inline (flow, &element, attributes);
  if (!(element.flags & HTML_SPECIAL) && flow->pre > 0 && flow->code_language == NULL)
    flow->code_language = html_code_language (attributes);
  if (element.level == 0 && element.flags & HTML_HEADING)
    element.level = (guint8)(name[1] - '0');
  html_flow_push (flow, &element);
}

static void
end_cell (HtmlFlow *flow, HtmlElement *cell)
{
  HtmlElement *table = html_flow_innermost (flow, HTML_TABLE, 0);

  if (table == NULL || table->is_layout) {
    html_flow_flush (flow);
    return;
  }
  html_table_add_cell (table->table, flow->text->str, flow->text->len, cell->colspan, cell->rowspan,
                       cell->is_header);
  g_string_truncate (flow->text, 0);
}

/* Still on the stack. */
static void
end_special (HtmlFlow *flow, HtmlElement *element)
{
  if (element->flags & HTML_CELL) {
    end_cell (flow, element);
  } else if (element->flags & HTML_ROW) {
    HtmlElement *table = html_flow_innermost (flow, HTML_TABLE, 0);

    if (table != NULL && html_table_bytes (table->table) > TABLE_BYTES && flow->error == NULL)
      html_flow_check (flow, html_table_deliver (table->table, FALSE, flow->sink, &flow->error));
  } else if (element->flags & HTML_TABLE) {
    html_flow_flush (flow);
    if (flow->error == NULL)
      html_flow_check (
          flow, html_table_deliver (element->table, element->is_layout, flow->sink, &flow->error));
    g_clear_pointer (&element->table, html_table_free);
  } else if (element->flags & (HTML_HEADING | HTML_ITEM | HTML_PRE) &&
             html_flow_data_cell (flow) == NULL) {
    html_flow_flush (flow);
  } else if (element->flags & HTML_ITEM) {
    html_flow_line_break (flow);
  }
  if (element->flags & HTML_PRE)
    flow->pre--;
  if (element->flags & HTML_LIST)
    flow->lists--;
}

static void
pop (HtmlFlow *flow)
{
  guint index = flow->elements->len - 1;
  HtmlElement *element = html_flow_element (flow, index);

  if (element->flags & HTML_TITLE)
    flow->in_title = FALSE;
  if (html_flow_top_is_special (flow)) {
    end_special (flow, element);
    g_array_set_size (flow->special, flow->special->len - 1);
  }
  if (flow->hidden == 0 && (element->flags & ~(guint)HTML_LINK) == 0)
    end_inline (flow, element);
  if (flow->hidden == 0 && element->flags & (HTML_TERM | HTML_DETAIL))
    html_flow_line_break (flow);
  else if (flow->hidden == 0 && element->flags & HTML_BLOCK)
    html_flow_block_boundary (flow);
  else if (element->flags & HTML_APART)
    html_flow_add_space (flow);
  flow->hidden -= element->hides;
  flow->hidden += element->shows;
  flow->navs -= element->shows;
  flow->mains -= (element->flags & HTML_MAIN) != 0;
  g_array_set_size (flow->elements, index);
}

static void
end_element (void *context, const xmlChar *xml_name)
{
  HtmlFlow *flow = context;
  char name[sizeof ((HtmlElement *)0)->name];
  guint depth = flow->elements->len;

  g_strlcpy (name, (const char *)xml_name, sizeof name);
  /* libxml2 closes what is open; a name that is not on top is looked for a little */
  for (guint i = depth; i > 0 && i + 64 > depth; i--)
    if (strcmp (html_flow_element (flow, i - 1)->name, name) == 0) {
      while (flow->elements->len >= i)
        pop (flow);
      return;
    }
}

/* --- the flow
 * -------------------------------------------------------------------------------------- */

static gboolean
take_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  HtmlFlow *flow = user_data;

  htmlParseChunk (flow->parser, slice, (int)bytes, 0);
  if (flow->error == NULL && extract_time_is_up (flow->sink))
    extract_limit_error (&flow->error, "only what could be read in time");
  if (flow->error != NULL) {
    g_propagate_error (error, g_error_copy (flow->error));
    return FALSE;
  }
  return TRUE;
}

static gboolean
is_tag (const char *at, const char *end, const char *name)
{
  gsize length = strlen (name);

  return (gsize)(end - at) > length + 1 && g_ascii_strncasecmp (at + 1, name, length) == 0 &&
         !g_ascii_isalnum (at[length + 1]);
}

/* Is the content marked as such anywhere? Then what stands around it can be told apart. */
static void
find_landmarks (GBytes *bytes, gboolean *has_main, gboolean *has_nav)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  const char *end = data + size;

  *has_main = *has_nav = FALSE;
  if (size == 0)
    return;
  for (const char *at = data; (at = memchr (at, '<', (gsize)(end - at))) != NULL; at++) {
    *has_main |= is_tag (at, end, "main") || is_tag (at, end, "article");
    *has_nav |= is_tag (at, end, "nav");
  }
}

static void
reader_clear (HtmlFlow *flow)
{
  for (guint i = 0; i < flow->elements->len; i++)
    html_table_free (html_flow_element (flow, i)->table);
  htmlFreeParserCtxt (flow->parser);
  html_links_free (flow->links);
  g_array_unref (flow->elements);
  g_array_unref (flow->special);
  g_string_free (flow->text, TRUE);
  g_string_free (flow->title, TRUE);
  g_free (flow->code_language);
  g_free (flow->description);
  g_clear_error (&flow->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HtmlFlow, reader_clear)

static void
reader_init (HtmlFlow *flow, ExtractSink *sink, HtmlPhase phase, gboolean has_main,
             gboolean is_part)
{
  htmlSAXHandler sax = {
      .startElement = start_element,
      .endElement = end_element,
      .characters = characters,
      .ignorableWhitespace = characters,
      .cdataBlock = characters,
  };

  flow->sink = sink;
  flow->phase = phase;
  flow->hidden = phase == HTML_PHASE_NAVIGATION;
  flow->is_part = is_part || phase == HTML_PHASE_NAVIGATION;
  flow->elements = g_array_new (FALSE, TRUE, sizeof (HtmlElement));
  flow->special = g_array_new (FALSE, TRUE, sizeof (HtmlSpecial));
  flow->text = g_string_new (NULL);
  flow->title = g_string_new (NULL);
  flow->links = html_links_new ();
  flow->has_main = has_main;
  flow->parser = htmlCreatePushParserCtxt (&sax, flow, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
  htmlCtxtUseOptions (flow->parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                        HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
}

static gboolean
read_phase (const ExtractInput *input, ExtractSink *sink, HtmlPhase phase, gboolean has_main,
            gboolean is_part, GError **error)
{
  g_auto (HtmlFlow) flow = {0};

  reader_init (&flow, sink, phase, has_main, is_part);
  if (!markup_decode (input, sink, take_slice, &flow, error))
    return FALSE;
  htmlParseChunk (flow.parser, NULL, 0, 1);
  while (flow.elements->len > 0)
    pop (&flow);
  html_flow_flush (&flow);
  extract_meta (sink, "title", flow.title->str);
  /* a page that scripts fill has nothing else */
  if (extract_sink_blocks (sink) == 0 && flow.description != NULL && flow.error == NULL)
    extract_paragraph (sink, 0, flow.description, -1, &flow.error);
  if (flow.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&flow.error));
  return FALSE;
}

gboolean
html_read (const ExtractInput *input, ExtractSink *sink, gboolean is_part, GError **error)
{
  gboolean has_main, has_nav;

  find_landmarks (input->bytes, &has_main, &has_nav);
  has_main &= !is_part;
  /* navigation around marked content is left out */
  if (!has_nav || has_main)
    return read_phase (input, sink, HTML_PHASE_ALL, has_main, is_part, error);
  return read_phase (input, sink, HTML_PHASE_CONTENT, FALSE, is_part, error) &&
         read_phase (input, sink, HTML_PHASE_NAVIGATION, FALSE, is_part, error);
}
