#include "html-flow.h"

#include "html-text.h"

#include <string.h>

/* A paragraph goes out at this length even if its element goes on. */
#define PARAGRAPH_BYTES (1u << 20)
/* Cells longer than this are no data. */
#define CELL_BYTES 1500
#define LIST_DEPTH_MAX 16

HtmlElement *
html_flow_element (HtmlFlow *flow, guint index)
{
  return &g_array_index (flow->elements, HtmlElement, index);
}

/* (nullable) */
static const HtmlSpecial *
top_special (const HtmlFlow *flow)
{
  guint n = flow->special->len;

  return n > 0 ? &g_array_index (flow->special, HtmlSpecial, n - 1) : NULL;
}

void
html_flow_push (HtmlFlow *flow, const HtmlElement *element)
{
  const HtmlSpecial *top = top_special (flow);
  HtmlSpecial special = {0};

  g_array_append_vals (flow->elements, element, 1);
  if ((element->flags & HTML_SPECIAL) == 0)
    return;
  if (top != NULL)
    special = *top;
  special.index = flow->elements->len - 1;
  for (guint bit = 0; bit < HTML_SPECIAL_BITS; bit++)
    if (element->flags & HTML_SPECIAL & 1u << bit)
      special.nearest[bit] = flow->elements->len;
  g_array_append_val (flow->special, special);
}

gboolean
html_flow_top_is_special (const HtmlFlow *flow)
{
  const HtmlSpecial *top = top_special (flow);

  return top != NULL && top->index == flow->elements->len - 1;
}

/* Index + 1; 0: none. */
static guint
nearest_of (const HtmlSpecial *top, guint flags)
{
  guint nearest = 0;

  for (guint bit = 0; bit < HTML_SPECIAL_BITS; bit++)
    if (flags & 1u << bit)
      nearest = MAX (nearest, top->nearest[bit]);
  return nearest;
}

HtmlElement *
html_flow_innermost (HtmlFlow *flow, guint flags, guint until)
{
  const HtmlSpecial *top = top_special (flow);
  guint found = top == NULL ? 0 : nearest_of (top, flags);

  return found > 0 && found >= nearest_of (top, until) ? html_flow_element (flow, found - 1) : NULL;
}

void
html_flow_check (HtmlFlow *flow, gboolean done)
{
  if (!done)
    xmlStopParser (flow->parser);
}

/* --- delivery
 * ------------------------------------------------------------------------------------- */

HtmlElement *
html_flow_data_cell (HtmlFlow *flow)
{
  HtmlElement *cell = html_flow_innermost (flow, HTML_CELL, HTML_TABLE);
  HtmlElement *table = cell == NULL ? NULL : html_flow_innermost (flow, HTML_TABLE, 0);

  return table == NULL || table->is_layout ? NULL : cell;
}

static gboolean
deliver_item (HtmlFlow *flow, HtmlElement *item)
{
  HtmlElement *list = html_flow_innermost (flow, HTML_LIST, 0);
  char marker[16] = "-";

  if (list != NULL && list->number != 0)
    g_snprintf (marker, sizeof marker, "%d.", list->number);
  if (list != NULL && list->number != 0)
    list->number++;
  item->item_out = TRUE;
  return extract_list_item (flow->sink, CLAMP (flow->lists, 1, LIST_DEPTH_MAX), 0, marker,
                            flow->text->str, (gssize)flow->text->len, &flow->error);
}

static gboolean
is_blank (const GString *text)
{
  return strspn (text->str, " \t\n") == text->len;
}

void
html_flow_flush (HtmlFlow *flow)
{
  HtmlElement *element =
      html_flow_innermost (flow, HTML_HEADING | HTML_ITEM | HTML_PRE | HTML_CELL, HTML_TABLE);
  GString *text = flow->text;

  if (is_blank (text) || flow->error != NULL) {
    html_links_clear (flow->links);
    g_string_truncate (text, 0);
    return;
  }
  if (element != NULL && element->flags & HTML_HEADING)
    html_flow_check (flow, extract_heading (flow->sink, element->level, 0, text->str,
                                            (gssize)text->len, &flow->error));
  else if (element != NULL && element->flags & HTML_PRE)
    html_flow_check (flow, extract_code (flow->sink, 0, flow->code_language, text->str,
                                         (gssize)text->len, &flow->error));
  else if (element != NULL && element->flags & HTML_ITEM && !element->item_out)
    html_flow_check (flow, deliver_item (flow, element));
  else {
    html_links_append (flow->links, text);
    html_flow_check (flow,
                     extract_paragraph (flow->sink, 0, text->str, (gssize)text->len, &flow->error));
  }
  html_links_clear (flow->links);
  g_string_truncate (text, 0);
}

void
html_flow_line_break (HtmlFlow *flow)
{
  GString *text = flow->text;

  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  if (text->len > 0 && text->str[text->len - 1] != '\n')
    g_string_append_c (text, '\n');
}

void
html_flow_block_boundary (HtmlFlow *flow)
{
  if (flow->pre > 0)
    return;
  if (html_flow_data_cell (flow) != NULL) {
    html_flow_line_break (flow);
    return;
  }
  HtmlElement *element = html_flow_innermost (flow, HTML_HEADING | HTML_ITEM, HTML_TABLE);

  if (element != NULL && (element->flags & HTML_HEADING || !element->item_out)) {
    html_flow_line_break (flow);
  } else {
    html_flow_flush (flow);
  }
}

void
html_flow_make_layout (HtmlFlow *flow)
{
  HtmlElement *table = html_flow_innermost (flow, HTML_TABLE, 0);

  if (table == NULL || table->is_layout || flow->error != NULL)
    return;
  html_flow_check (flow, html_table_deliver (table->table, TRUE, flow->sink, &flow->error));
  table->is_layout = TRUE;
  html_flow_flush (flow);
}

/* --- text
 * -------------------------------------------------------------------------------------------- */

void
html_flow_add_text (HtmlFlow *flow, const char *text, gsize bytes)
{
  if (flow->in_title) {
    html_append_folded (flow->title, text, bytes);
    return;
  }
  if (flow->hidden > 0)
    return;
  if (flow->pre > 0)
    g_string_append_len (flow->text, text, (gssize)bytes);
  else
    html_append_folded (flow->text, text, bytes);
  if (flow->text->len > CELL_BYTES && html_flow_data_cell (flow) != NULL)
    html_flow_make_layout (flow);
  if (flow->text->len > PARAGRAPH_BYTES)
    html_flow_flush (flow);
}

void
html_flow_add_space (HtmlFlow *flow)
{
  if (flow->pre == 0 && flow->hidden == 0)
    html_append_folded (flow->text, " ", 1);
}
