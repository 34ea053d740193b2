#include "xml-flow.h"

#include "html-reader.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sink.h"
#include "markup.h"

#include <string.h>

/* A leaf up to this length is a field of a record; longer ones are paragraphs of their own. */
#define FIELD_BYTES 120
#define RECORD_BYTES 2000
#define HEADING_BYTES 300
/* A paragraph goes out at this length even if its element goes on; a table in parts. */
#define PARAGRAPH_BYTES (1u << 20)
#define TABLE_BYTES (1u << 20)
#define LIST_DEPTH_MAX 16
#define AUTHORS_BYTES 500

static XmlElement *
element_at (XmlFlow *flow, guint depth)
{
  return depth == 0 ? NULL : &g_array_index (flow->elements, XmlElement, depth - 1);
}

static void
check (XmlFlow *flow, gboolean done)
{
  if (!done)
    xmlStopParser (flow->parser);
}

/* --- blocks ----------------------------------------------------------------------------------- */

/* The innermost open element of that role; `until` ends the search. */
static XmlElement *
innermost (XmlFlow *flow, guint role, guint until)
{
  for (guint depth = flow->elements->len; depth > 0; depth--) {
    XmlElement *element = element_at (flow, depth);

    if (element->roles & role)
      return element;
    if (element->roles & until)
      return NULL;
  }
  return NULL;
}

static gboolean
is_in_cell (XmlFlow *flow)
{
  return flow->table_depth > 0 && innermost (flow, XML_CELL, XML_TABLE) != NULL;
}

static void
deliver_paragraph (XmlFlow *flow, const char *text, gsize bytes)
{
  XmlElement *item = flow->lists > 0 ? innermost (flow, XML_ITEM, XML_LIST | XML_TABLE) : NULL;
  XmlElement *list = item == NULL ? NULL : innermost (flow, XML_LIST, 0);
  char marker[16] = "-";

  if (flow->error != NULL)
    return;
  if (is_in_cell (flow)) {
    if (flow->cell->len > 0)
      g_string_append_c (flow->cell, '\n');
    g_string_append_len (flow->cell, text, (gssize)bytes);
    return;
  }
  if (item == NULL || item->item_out) {
    check (flow, extract_paragraph (flow->sink, 0, text, (gssize)bytes, &flow->error));
    return;
  }
  item->item_out = TRUE;
  if (list != NULL && list->number > 0)
    g_snprintf (marker, sizeof marker, "%u.", list->number++);
  check (flow, extract_list_item (flow->sink, CLAMP (flow->lists, 1, LIST_DEPTH_MAX), 0, marker,
                                  text, (gssize)bytes, &flow->error));
}

static void
flush_record (XmlFlow *flow)
{
  if (flow->record->len > 0)
    deliver_paragraph (flow, flow->record->str, flow->record->len);
  g_string_truncate (flow->record, 0);
  for (guint depth = flow->elements->len; depth > 0; depth--)
    element_at (flow, depth)->leaves = 0;
}

/* level: how many open elements have a title, the one it stands in left out. */
static void
deliver_title (XmlFlow *flow, guint depth)
{
  XmlElement *title = element_at (flow, depth);
  XmlElement *parent = element_at (flow, depth - 1);
  guint level = 1 + flow->titled - (parent != NULL && parent->is_titled);

  flush_record (flow);
  if (flow->titles++ == 0) {
    extract_meta (flow->sink, "title", flow->text->str);
    flow->first_title_depth = depth - 1;
  } else if (flow->first_title_depth == 0) {
    level++;
  }
  if (parent != NULL && !parent->is_titled) {
    parent->is_titled = TRUE;
    flow->titled++;
  }
  if (title->level > 0)
    level = title->level;
  if (is_in_cell (flow))
    deliver_paragraph (flow, flow->text->str, flow->text->len);
  else if (flow->error == NULL)
    check (flow, extract_heading (flow->sink, MIN (level, 6), 0, flow->text->str,
                                  (gssize)flow->text->len, &flow->error));
}

static void
deliver_code (XmlFlow *flow)
{
  flush_record (flow);
  if (is_in_cell (flow))
    deliver_paragraph (flow, flow->text->str, flow->text->len);
  else if (flow->error == NULL)
    check (flow, extract_code (flow->sink, 0, flow->code_language, flow->text->str,
                               (gssize)flow->text->len, &flow->error));
  g_clear_pointer (&flow->code_language, g_free);
}

/* HTML as text: paragraphs and lists come out as such. FALSE: it is not. */
static gboolean
deliver_markup (XmlFlow *flow)
{
  ExtractInput part = *flow->input;
  g_autoptr (GBytes) bytes = NULL;
  GString *html;

  if ((flow->vocabulary != XML_FEED && !flow->is_markup) || is_in_cell (flow) ||
      !markup_has_blocks (flow->text->str))
    return FALSE;
  flush_record (flow);
  html = markup_as_html (flow->text->str, flow->is_markup);
  bytes = g_string_free_to_bytes (html);
  part.bytes = bytes;
  part.declared = "text/html; charset=utf-8";
  if (flow->error == NULL)
    check (flow, html_read (&part, flow->sink, TRUE, &flow->error));
  return TRUE;
}

static void
add_field (XmlFlow *flow, guint depth)
{
  if (flow->record->len > RECORD_BYTES)
    flush_record (flow);
  if (flow->record->len > 0)
    g_string_append_c (flow->record, '\n');
  g_string_append_len (flow->record, flow->text->str, (gssize)flow->text->len);
  for (; depth > 0; depth--)
    element_at (flow, depth)->leaves++;
}

/* Of the document, and not of one of its entries. */
static void
take_metadata (XmlFlow *flow, const XmlElement *element)
{
  if (flow->titles > 1)
    return;
  if (element->roles & XML_AUTHOR && flow->authors->len < AUTHORS_BYTES &&
      strstr (flow->authors->str, flow->text->str) == NULL)
    g_string_append_printf (flow->authors, "%s%s", flow->authors->len > 0 ? ", " : "",
                            flow->text->str);
  if (element->roles & XML_LANGUAGE && extract_sink_meta (flow->sink, "language") == NULL) {
    g_autofree char *language = language_normalise (flow->text->str);

    extract_meta (flow->sink, "language", language);
  }
}

/* The paragraph is over. depth: that of the element it ends with. */
static void
flush_text (XmlFlow *flow, guint depth)
{
  XmlElement *element = element_at (flow, depth);
  GString *text = flow->text;

  flow->text_depth = 0;
  if (flow->codes > 0 || (element != NULL && element->roles & XML_CODE)) {
    if (text->len > 0)
      deliver_code (flow);
    g_string_truncate (text, 0);
    return;
  }
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  if (text->len > 0 && !deliver_markup (flow)) {
    if (flow->vocabulary == XML_FEED || flow->is_markup)
      markup_strip_tags (text, flow->is_markup);
    if (element != NULL)
      take_metadata (flow, element);
    if (element != NULL && element->roles & XML_TITLE && text->len <= HEADING_BYTES) {
      deliver_title (flow, depth);
    } else if (text->len <= FIELD_BYTES &&
               (element == NULL || !(element->roles & (XML_BLOCK | XML_ITEM | XML_CELL)))) {
      add_field (flow, depth);
    } else {
      flush_record (flow);
      deliver_paragraph (flow, text->str, text->len);
    }
  }
  flow->is_markup = FALSE;
  g_string_truncate (text, 0);
}

/* --- text ------------------------------------------------------------------------------------- */

static guint
text_depth (const XmlFlow *flow)
{
  guint depth = flow->elements->len;

  while (depth > 1) {
    const XmlElement *element = &g_array_index (flow->elements, XmlElement, depth - 1);
    const XmlElement *parent = &g_array_index (flow->elements, XmlElement, depth - 2);

    if (!(element->roles & XML_INLINE) && !parent->in_line)
      break;
    depth--;
  }
  return depth;
}

static void
add_space (XmlFlow *flow)
{
  if (flow->codes == 0 && flow->text->len > 0 && flow->text->str[flow->text->len - 1] != ' ')
    g_string_append_c (flow->text, ' ');
}

void
xml_flow_add_text (XmlFlow *flow, const char *text, gsize bytes)
{
  const char *end = text + bytes;

  if (flow->skipped > 0)
    return;
  if (flow->codes > 0) {
    if (flow->text->len == 0)
      flow->text_depth = text_depth (flow);
    g_string_append_len (flow->text, text, (gssize)bytes);
    text = end;
  }
  while (text < end) {
    const char *word = text;

    while (text < end && !g_ascii_isspace (*text))
      text++;
    if (text > word) {
      if (flow->text->len == 0)
        flow->text_depth = text_depth (flow);
      g_string_append_len (flow->text, word, text - word);
    }
    if (text < end)
      add_space (flow);
    while (text < end && g_ascii_isspace (*text))
      text++;
  }
  if (flow->text->len > PARAGRAPH_BYTES)
    flush_text (flow, flow->elements->len);
}

void
xml_flow_end_text (XmlFlow *flow)
{
  flush_text (flow, flow->elements->len);
}

/* --- elements --------------------------------------------------------------------------------- */

/* Roles that make no sense where the element stands. */
static void
restrict_roles (XmlFlow *flow, XmlElement *element, const XmlElement *parent)
{
  if (parent != NULL && parent->in_line)
    element->roles &= XML_SKIP | XML_BREAK | XML_INLINE | XML_AUTHOR;
  if (element->roles & XML_TABLE && flow->table_depth > 0)
    element->roles &= ~(guint)XML_TABLE; /* a table in a cell is text of the cell */
  if (element->roles & (XML_ROW | XML_CELL) &&
      (flow->table_depth == 0 || innermost (flow, XML_CELL, XML_TABLE) != NULL))
    element->roles &= ~(guint)(XML_ROW | XML_CELL);
  if (element->roles & XML_ITEM && innermost (flow, XML_LIST, XML_TABLE) == NULL)
    element->roles = (element->roles & ~(guint)XML_ITEM) | XML_BLOCK;
  if (flow->titles > 0 && element->roles & XML_TITLE && element->name[0] == 'a')
    element->roles = XML_LINE; /* references have article-titles, too */
}

void
xml_flow_begin (XmlFlow *flow, const XmlElement *begun)
{
  const guint parts =
      XML_BLOCK | XML_ITEM | XML_TITLE | XML_TABLE | XML_ROW | XML_CELL | XML_LIST | XML_CODE;
  XmlElement element = *begun;
  const XmlElement *parent = element_at (flow, flow->elements->len);

  restrict_roles (flow, &element, parent);
  if (flow->text->len > 0 && element.roles & parts)
    flush_text (flow, flow->elements->len);
  if (element.roles & (XML_ROW | XML_CELL | XML_TABLE | XML_LIST | XML_ITEM))
    flush_record (flow);
  if (element.roles & XML_BREAK ||
      (parent != NULL && parent->in_line && !(element.roles & XML_INLINE)))
    add_space (flow);
  element.in_line = (parent != NULL && parent->in_line) || element.roles & (XML_LINE | XML_TITLE);
  flow->skipped += (element.roles & XML_SKIP) != 0;
  flow->codes += (element.roles & XML_CODE) != 0;
  flow->lists += (element.roles & XML_LIST) != 0;
  g_array_append_val (flow->elements, element);
  if (element.roles & XML_TABLE) {
    flow->table = html_table_new ();
    flow->table_depth = flow->elements->len;
  } else if (element.roles & XML_ROW) {
    html_table_begin_row (flow->table);
  } else if (element.roles & XML_CELL) {
    g_string_truncate (flow->cell, 0);
  }
}

static void
end_cell (XmlFlow *flow, const XmlElement *element)
{
  gboolean is_header = element->roles & XML_HEAD || innermost (flow, XML_HEAD, XML_TABLE) != NULL;

  flush_record (flow);
  html_table_add_cell (flow->table, flow->cell->str, flow->cell->len, element->colspan,
                       element->rowspan, is_header);
  g_string_truncate (flow->cell, 0);
}

static void
end_table (XmlFlow *flow)
{
  flow->table_depth = 0;
  if (flow->error == NULL)
    check (flow, html_table_deliver (flow->table, FALSE, flow->sink, &flow->error));
  g_clear_pointer (&flow->table, html_table_free);
}

void
xml_flow_end (XmlFlow *flow)
{
  guint depth = flow->elements->len;
  XmlElement *element = element_at (flow, depth);
  const XmlElement *parent = element_at (flow, depth - 1);

  if (element == NULL)
    return;
  if (flow->text_depth >= depth)
    flush_text (flow, depth);
  else if (parent != NULL && parent->in_line && !(element->roles & XML_INLINE))
    add_space (flow);
  if (element->leaves >= 2 || element->roles & (XML_ITEM | XML_LIST | XML_TABLE))
    flush_record (flow);
  if (element->roles & XML_CELL)
    end_cell (flow, element);
  else if (element->roles & XML_ROW && html_table_bytes (flow->table) > TABLE_BYTES &&
           flow->error == NULL)
    check (flow, html_table_deliver (flow->table, FALSE, flow->sink, &flow->error));
  else if (element->roles & XML_TABLE)
    end_table (flow);
  flow->skipped -= (element->roles & XML_SKIP) != 0;
  flow->codes -= (element->roles & XML_CODE) != 0;
  flow->lists -= (element->roles & XML_LIST) != 0;
  flow->titled -= element->is_titled;
  if (flow->first_title_depth == depth)
    flow->first_title_depth = 0;
  g_array_set_size (flow->elements, depth - 1);
}

/* --- all -------------------------------------------------------------------------------------- */

void
xml_flow_init (XmlFlow *flow, const ExtractInput *input, ExtractSink *sink)
{
  flow->sink = sink;
  flow->input = input;
  flow->elements = g_array_new (FALSE, TRUE, sizeof (XmlElement));
  flow->text = g_string_new (NULL);
  flow->record = g_string_new (NULL);
  flow->cell = g_string_new (NULL);
  flow->authors = g_string_new (NULL);
}

void
xml_flow_clear (XmlFlow *flow)
{
  g_array_unref (flow->elements);
  g_string_free (flow->text, TRUE);
  g_string_free (flow->record, TRUE);
  g_string_free (flow->cell, TRUE);
  g_string_free (flow->authors, TRUE);
  html_table_free (flow->table);
  g_free (flow->code_language);
  g_clear_error (&flow->error);
}

void
xml_flow_finish (XmlFlow *flow)
{
  flush_text (flow, flow->elements->len);
  flush_record (flow);
  while (flow->elements->len > 0)
    xml_flow_end (flow);
  extract_meta (flow->sink, "author", flow->authors->str);
}
