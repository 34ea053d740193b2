/* Lines to paragraphs, headings and list items. A block waits until the next line shows that it is
 * over; the last of a page waits for the next page. */
#include "format-pdf.h"

#include <math.h>
#include <string.h>

#define HEADING_RATIO 1.15 /* to the body's size */
#define HEADING_BYTES 240
#define HEADING_LINES 3
#define SIZES_MAX 400 /* half points */
#define LIST_DEPTH 8

struct PdfFlow {
  ExtractSink *sink;
  GHashTable *outline;
  GHashTable *found;             /* (element-type utf8) keys of the outline that were headings */
  guint64 characters[SIZES_MAX]; /* by size, in half points */
  guint64 bold, total;
  double body;        /* size */
  double headings[5]; /* sizes, falling; 0: none */

  GString *text; /* the block that waits; empty: none */
  guint page;
  guint lines;
  gboolean is_bold;
  gboolean is_item;
  PdfMarker marker;
  gboolean has_leader; /* its last line */
  double item_x;
  double left;  /* of its lines */
  PdfLine last; /* its last line, without text */
  guint last_page;

  GPtrArray *targets; /* (element-type utf8) of links in the block, not yet delivered */
  GPtrArray *notes;   /* (element-type utf8) that come after the block */
  GArray *note_pages; /* (element-type guint) theirs */

  double list_x[LIST_DEPTH]; /* markers' places, by depth */
  guint list_depth;
  char *title; /* the largest heading of the first page */
  guint title_level;
};

PdfFlow *
pdf_flow_new (ExtractSink *sink, GHashTable *outline)
{
  PdfFlow *flow = g_new0 (PdfFlow, 1);

  flow->sink = sink;
  flow->outline = outline;
  flow->found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  flow->text = g_string_new (NULL);
  flow->targets = g_ptr_array_new_with_free_func (g_free);
  flow->notes = g_ptr_array_new_with_free_func (g_free);
  flow->note_pages = g_array_new (FALSE, FALSE, sizeof (guint));
  return flow;
}

void
pdf_flow_free (PdfFlow *flow)
{
  if (flow == NULL)
    return;
  g_hash_table_unref (flow->found);
  g_string_free (flow->text, TRUE);
  g_ptr_array_unref (flow->targets);
  g_ptr_array_unref (flow->notes);
  g_array_unref (flow->note_pages);
  g_free (flow->title);
  g_free (flow);
}

guint
pdf_flow_headings_found (const PdfFlow *flow)
{
  return g_hash_table_size (flow->found);
}

gboolean
pdf_flow_is_empty (const PdfFlow *flow)
{
  return flow->total == 0;
}

const char *
pdf_flow_title (const PdfFlow *flow)
{
  return flow->title;
}

/* --- sizes
 * ---------------------------------------------------------------------------------------- */

static guint
size_index (double size)
{
  return (guint)CLAMP (size * 2 + 0.5, 0, SIZES_MAX - 1);
}

void
pdf_flow_measure (PdfFlow *flow, const PdfPage *page)
{
  guint body = 0, found = 0;

  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    flow->characters[size_index (line->size)] += line->bytes;
    flow->total += line->bytes;
    flow->bold += line->is_bold ? line->bytes : 0;
  }
  for (guint i = 0; i < SIZES_MAX; i++)
    if (flow->characters[i] > flow->characters[body])
      body = i;
  flow->body = body / 2.0;
  memset (flow->headings, 0, sizeof flow->headings);
  for (guint i = SIZES_MAX - 1; i > 0 && found < G_N_ELEMENTS (flow->headings); i--) {
    double size = i / 2.0;

    if (flow->characters[i] == 0 || size < flow->body * HEADING_RATIO)
      continue;
    if (found == 0 || size < flow->headings[found - 1] * 0.94)
      flow->headings[found++] = size;
  }
}

static guint
level_of_size (const PdfFlow *flow, double size)
{
  guint level = 0;

  while (level < G_N_ELEMENTS (flow->headings) && flow->headings[level] > 0 &&
         size < flow->headings[level] * 0.94)
    level++;
  return level + 1;
}

/* --- what a block is
 * -------------------------------------------------------------------------------- */

static gboolean
has_letters (const char *text, guint wanted)
{
  for (; *text != '\0' && wanted > 0; text = g_utf8_next_char (text))
    wanted -= g_unichar_isalpha (g_utf8_get_char (text));
  return wanted == 0;
}

/* How many numbers a heading begins with: 2 for "1.4 Title", 0 for none. */
static guint
number_depth (const char *text)
{
  guint depth = 0;

  while (g_ascii_isdigit (*text)) {
    text += strspn (text, "0123456789");
    depth++;
    text += *text == '.';
  }
  return *text == ' ' ? depth : 0;
}

/* A bold line on its own above lines that are not. next: (nullable) the line after it. */
static gboolean
is_bold_heading (const PdfFlow *flow, const PdfLine *next, guint next_page)
{
  const PdfLine *last = &flow->last;

  if (!flow->is_bold || flow->lines > 2 || flow->text->len > 120 ||
      flow->bold * 5 > flow->total * 2)
    return FALSE;
  if (next == NULL || next_page != flow->last_page || next->y1 < last->y2 - 1)
    return FALSE;
  if (last->size < flow->body * 0.95 || strchr (".,;:", flow->text->str[flow->text->len - 1]))
    return FALSE;
  if (next->x1 > flow->left + 3 * last->size || next->x1 < flow->left - 3 * last->size)
    return FALSE;
  if (next->is_bold) /* "1. Part" above "1.1 Section" */
    return number_depth (next->text) > 1;
  return next->bytes >= 40 || (next->bytes >= 20 && pdf_starts_lower (next->text));
}

/* 0: the block is no heading. */
static guint
heading_level (PdfFlow *flow, const PdfLine *next, guint next_page)
{
  guint depth;

  if (flow->text->len > HEADING_BYTES || flow->lines > HEADING_LINES ||
      !has_letters (flow->text->str, 2))
    return 0;
  if (flow->outline != NULL) {
    g_autofree char *key = pdf_title_key (flow->text->str);
    guint level = GPOINTER_TO_UINT (g_hash_table_lookup (flow->outline, key));

    if (level > 0) {
      g_hash_table_add (flow->found, g_steal_pointer (&key));
      return level;
    }
  }
  if (flow->is_item && flow->marker.number == 0)
    return 0;
  if (flow->last.size >= flow->body * HEADING_RATIO) {
    char end = flow->text->str[flow->text->len - 1];

    return end == '.' || end == ',' || end == ';' ? 0 : level_of_size (flow, flow->last.size);
  }
  if (!is_bold_heading (flow, next, next_page))
    return 0;
  depth = number_depth (flow->text->str);
  return MIN (level_of_size (flow, 0) + MAX (depth, 1) - 1, 6);
}

static guint
list_level (PdfFlow *flow)
{
  double tolerance = MAX (2.0, flow->last.size * 0.4);

  while (flow->list_depth > 0 && flow->list_x[flow->list_depth - 1] > flow->item_x + tolerance)
    flow->list_depth--;
  /* so far to the right is another column */
  if (flow->list_depth > 0 &&
      flow->item_x > flow->list_x[flow->list_depth - 1] + 8 * flow->last.size)
    flow->list_depth = 0;
  if ((flow->list_depth == 0 || flow->item_x > flow->list_x[flow->list_depth - 1] + tolerance) &&
      flow->list_depth < LIST_DEPTH)
    flow->list_x[flow->list_depth++] = flow->item_x;
  return MAX (flow->list_depth, 1);
}

/* The targets of the block's links at its end, but for those that its words are. */
static void
append_targets (PdfFlow *flow)
{
  for (guint i = 0; i < flow->targets->len; i++) {
    const char *target = g_ptr_array_index (flow->targets, i);

    if (!pdf_shows_target (flow->text->str, target))
      g_string_append_printf (flow->text, " (%s)", target);
  }
  g_ptr_array_set_size (flow->targets, 0);
}

static gboolean
flush_notes (PdfFlow *flow, GError **error)
{
  for (guint i = 0; i < flow->notes->len; i++)
    if (!extract_paragraph (flow->sink, g_array_index (flow->note_pages, guint, i),
                            g_ptr_array_index (flow->notes, i), -1, error))
      return FALSE;
  g_ptr_array_set_size (flow->notes, 0);
  g_array_set_size (flow->note_pages, 0);
  return TRUE;
}

/* Delivers the block. next: (nullable) the line after it. */
static gboolean
flush_block (PdfFlow *flow, const PdfLine *next, guint next_page, GError **error)
{
  guint level;
  gboolean done;

  if (flow->text->len == 0)
    return TRUE;
  level = heading_level (flow, next, next_page);
  if (level > 0) {
    if (flow->is_item) {
      g_string_prepend_c (flow->text, ' ');
      g_string_prepend (flow->text, flow->marker.marker);
    }
    g_strdelimit (flow->text->str, "\n", ' ');
    if (flow->page == 1 && (flow->title == NULL || level < flow->title_level)) {
      g_free (flow->title);
      flow->title = g_strdup (flow->text->str);
      flow->title_level = level;
    }
    flow->list_depth = 0;
    done = extract_heading (flow->sink, level, flow->page, flow->text->str, (gssize)flow->text->len,
                            error);
    g_string_truncate (flow->text, 0);
    return done; /* targets wait for the text under it */
  }
  append_targets (flow);
  if (flow->is_item) {
    done = extract_list_item (flow->sink, list_level (flow), flow->page, flow->marker.marker,
                              flow->text->str, (gssize)flow->text->len, error);
  } else {
    flow->list_depth = 0;
    done =
        extract_paragraph (flow->sink, flow->page, flow->text->str, (gssize)flow->text->len, error);
  }
  g_string_truncate (flow->text, 0);
  return done;
}

static gboolean
flush (PdfFlow *flow, const PdfLine *next, guint next_page, GError **error)
{
  return flush_block (flow, next, next_page, error) && flush_notes (flow, error);
}

/* Delivers targets that no block's text is left for. */
static gboolean
flush_targets (PdfFlow *flow, guint page, GError **error)
{
  gboolean done;

  append_targets (flow);
  if (flow->text->len == 0)
    return TRUE;
  done = extract_paragraph (flow->sink, page, flow->text->str + 1, -1, error);
  g_string_truncate (flow->text, 0);
  return done;
}

static void
take_targets (PdfFlow *flow, const PdfLine *line)
{
  for (guint i = 0; line->targets != NULL && i < line->targets->len; i++)
    g_ptr_array_add (flow->targets, g_strdup (g_ptr_array_index (line->targets, i)));
}

/* --- joining
 * -------------------------------------------------------------------------------------- */

typedef enum {
  JOIN_NOT,
  JOIN_SPACE, /* the same paragraph */
  JOIN_LINE,  /* the same paragraph, the line break stays */
  JOIN_ROW,   /* the same row */
} Join;

/* The last line ended though the next word had room: somebody wanted it so. */
static gboolean
was_forced (const PdfLine *last, const PdfLine *line)
{
  return last->x2 + 0.3 * last->size + line->first_word_width < last->right - 0.6 * last->size;
}

/* A block that goes on in the next column or on the next page. */
static Join
join_across (const PdfFlow *flow, const PdfLine *line)
{
  const PdfLine *last = &flow->last;

  if (pdf_ends_sentence (flow->text->str, flow->text->len) || flow->lines < 2 ||
      last->x2 < last->right - 2 * last->size || !pdf_starts_lower (line->text))
    return JOIN_NOT;
  return JOIN_SPACE;
}

static Join
join_below (const PdfFlow *flow, const PdfPage *page, const PdfLine *line, double distance)
{
  const PdfLine *last = &flow->last;
  gboolean forced = was_forced (last, line);
  gboolean ends = pdf_ends_sentence (flow->text->str, flow->text->len);
  gboolean is_large = last->size >= flow->body * HEADING_RATIO;
  double indent = line->x1 - flow->left;

  if (distance > (is_large ? 1.7 : 1.3) * page->pitch * MAX (line->size, last->size))
    return JOIN_NOT;
  if (is_large)
    return JOIN_SPACE;
  if (flow->has_leader || pdf_has_leader (line->text))
    return JOIN_LINE;
  if (flow->is_item) {
    /* hanging below the text, not the marker */
    if (line->x1 > flow->item_x + 0.5 * line->size)
      return forced && ends ? JOIN_LINE : JOIN_SPACE;
    return forced || ends || flow->marker.number == 0 ? JOIN_NOT : JOIN_SPACE;
  }
  if (last->is_bold != line->is_bold && forced)
    return JOIN_NOT;
  if (flow->lines > 1 && indent > 0.8 * line->size && indent < 6 * line->size && (ends || forced))
    return JOIN_NOT;
  if (!forced)
    return JOIN_SPACE;
  if (ends)
    return JOIN_NOT;
  return pdf_starts_lower (line->text) ? JOIN_SPACE : JOIN_LINE;
}

static Join
join_of (const PdfFlow *flow, const PdfPage *page, const PdfLine *line)
{
  const PdfLine *last = &flow->last;
  double distance = line->y2 - last->y2;

  if (flow->text->len == 0 || fabs (line->size - last->size) > 0.15 * MAX (line->size, last->size))
    return JOIN_NOT;
  if (flow->last_page != page->number || distance < -0.5 * line->size)
    return join_across (flow, line);
  if (distance < 0.3 * line->size && line->x1 > last->x1) /* the same row, apart */
    return JOIN_ROW;
  if (line->x1 > last->right + line->size || line->x2 < flow->left - line->size)
    return JOIN_NOT;
  return join_below (flow, page, line, distance);
}

/* A number begins an item when the list goes on: the number before waits, the next comes below, or
 * the text hangs. */
static gboolean
is_item (const PdfFlow *flow, const PdfPage *page, guint index, const PdfMarker *marker)
{
  const PdfLine *line = &g_array_index (page->lines, PdfLine, index);
  const PdfLine *next = index + 1 < page->lines->len ? line + 1 : NULL;

  if (marker->number == 0)
    return TRUE;
  if (line->size >= flow->body * HEADING_RATIO)
    return FALSE;
  /* a heading with its number */
  if (line->is_bold && next != NULL && (!next->is_bold || number_depth (next->text) > 1))
    return FALSE;
  if (flow->is_item && flow->text->len > 0 && marker->kind == flow->marker.kind &&
      marker->number == flow->marker.number + 1)
    return TRUE;
  if (next != NULL && next->y1 > line->y1 && next->x1 > line->x1 + 0.8 * line->size &&
      next->x1 < line->x1 + 5 * line->size && next->y1 - line->y1 < 2 * line->size)
    return TRUE;
  for (guint i = index + 1; i < page->lines->len && i < index + 30; i++) {
    const PdfLine *other = &g_array_index (page->lines, PdfLine, i);
    PdfMarker found;

    if (fabs (other->x1 - line->x1) < 0.8 * line->size && pdf_marker_read (other->text, &found) &&
        found.kind == marker->kind && found.number == marker->number + 1)
      return TRUE;
  }
  return FALSE;
}

static void
begin (PdfFlow *flow, PdfPage *page, const PdfLine *line, const PdfMarker *marker)
{
  flow->page = page->number;
  flow->lines = 1;
  flow->is_bold = line->is_bold;
  flow->left = line->x1;
  flow->is_item = marker != NULL;
  if (marker != NULL) {
    flow->marker = *marker;
    flow->marker.text = NULL;
    flow->item_x = line->x1;
    g_string_assign (flow->text, marker->text);
  } else {
    g_string_assign (flow->text, line->text);
  }
}

static gboolean
take_line (PdfFlow *flow, PdfPage *page, guint index, GError **error)
{
  const PdfLine *line = &g_array_index (page->lines, PdfLine, index);
  PdfMarker marker;
  gboolean starts_item =
      pdf_marker_read (line->text, &marker) && is_item (flow, page, index, &marker);
  Join join = starts_item ? JOIN_NOT : join_of (flow, page, line);

  if (join == JOIN_NOT) {
    if (!flush (flow, line, page->number, error))
      return FALSE;
    begin (flow, page, line, starts_item ? &marker : NULL);
  } else {
    if (join != JOIN_SPACE && !flow->last.is_soft) {
      g_string_append_c (flow->text, join == JOIN_ROW ? ' ' : '\n');
      g_string_append_len (flow->text, line->text, (gssize)line->bytes);
    } else {
      pdf_join (flow->text, flow->last.is_soft, line, page);
    }
    flow->lines++;
    flow->is_bold &= line->is_bold;
    flow->left = MIN (flow->left, line->x1);
    /* the first line may be indented: the second shows where the block's left is */
    if (flow->lines == 2 && !flow->is_item)
      flow->left = line->x1;
  }
  flow->has_leader = pdf_has_leader (line->text);
  take_targets (flow, line);
  flow->last = *line;
  flow->last.text = NULL;
  flow->last.targets = NULL;
  flow->last_page = page->number;
  return TRUE;
}

/* notes: (element-type utf8), taken over. */
static void
take_notes (PdfFlow *flow, const PdfPage *page, GPtrArray *notes)
{
  for (guint i = 0; i < notes->len; i++)
    g_array_append_val (flow->note_pages, page->number);
  g_ptr_array_extend_and_steal (flow->notes, notes);
}

/* Delivers the table where the first of its lines stands. delivered: set of numbers. */
static gboolean
take_table (PdfFlow *flow, const PdfPage *page, guint number, GHashTable *delivered, GError **error)
{
  const PdfTable *table = &g_array_index (page->tables, PdfTable, number - 1);

  if (!g_hash_table_add (delivered, GUINT_TO_POINTER (number)))
    return TRUE;
  if (!flush (flow, NULL, 0, error) ||
      !extract_table (flow->sink, page->number, table->rows, table->has_header, error))
    return FALSE;
  for (guint i = 0; i < page->lines->len; i++)
    if (g_array_index (page->lines, PdfLine, i).table == number)
      take_targets (flow, &g_array_index (page->lines, PdfLine, i));
  return flush_targets (flow, page->number, error);
}

gboolean
pdf_flow_page (PdfFlow *flow, PdfPage *page, GError **error)
{
  g_autoptr (GHashTable) delivered = g_hash_table_new (NULL, NULL);

  pdf_notes_mark (page, flow->body);
  pdf_tables_find (page);
  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    if (line->is_furniture || line->is_note)
      continue;
    if (line->table == 0 ? !take_line (flow, page, i, error)
                         : !take_table (flow, page, line->table, delivered, error))
      return FALSE;
  }
  take_notes (flow, page, pdf_notes_take (page));
  if (page->notes != NULL)
    take_notes (flow, page, g_steal_pointer (&page->notes));
  /* without a block that waits there is nothing to come after */
  return flow->text->len > 0 || flush_notes (flow, error);
}

gboolean
pdf_flow_finish (PdfFlow *flow, GError **error)
{
  /* of headings without text under them */
  return flush (flow, NULL, 0, error) && flush_targets (flow, flow->last_page, error);
}
