/* What stands on a page beside its content: values of form fields, comments, targets of links. */
#include "format-pdf.h"

#include <string.h>

#define FIELDS_MAX 5000 /* of a page */
#define TARGET_MAX 2000 /* bytes */
#define CHECKED "[x]"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerAnnot, g_object_unref)

/* From the page's bottom left corner to its top left, or top right where lines run to the left. */
static PdfBox
box_of (const PdfPage *page, const PopplerRectangle *area)
{
  double x1 = MIN (area->x1, area->x2), x2 = MAX (area->x1, area->x2);

  return (PdfBox){
      page->is_mirrored ? page->width - x2 : x1, page->height - MAX (area->y1, area->y2),
      page->is_mirrored ? page->width - x1 : x2, page->height - MIN (area->y1, area->y2)};
}

/* The text on lines without white space at their ends; NULL: there is none. */
static char *
valid_text (char *text)
{
  if (text == NULL)
    return NULL;
  if (!g_utf8_validate (text, -1, NULL) || *g_strstrip (text) == '\0') {
    g_free (text);
    return NULL;
  }
  return g_strdelimit (text, "\r", '\n');
}

/* --- placing among the lines ------------------------------------------------------------------ */

/* Do they stand in one row? */
static gboolean
is_beside (const PdfLine *line, const PdfBox *box)
{
  double overlap = MIN (line->y2, box->y2) - MAX (line->y1, box->y1);

  return overlap > 0.5 * MIN (line->y2 - line->y1, box->y2 - box->y1);
}

/* The line that a person reads before what stands in the box: the nearest left of it, otherwise the
 * nearest above. NULL: none. */
static const PdfLine *
line_before (const PdfPage *page, const PdfBox *box)
{
  const PdfLine *left = NULL, *above = NULL;

  for (guint i = 0; i < page->lines->len; i++) {
    const PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    if (is_beside (line, box)) {
      if (line->x1 < box->x1 && (left == NULL || line->x1 > left->x1))
        left = line;
    } else if (line->y1 < box->y1 && line->x1 < box->x2 && line->x2 > box->x1 &&
               (above == NULL || line->y2 >= above->y2)) {
      above = line;
    }
  }
  return left != NULL ? left : above;
}

/* Where it belongs when nothing is left of it or above. */
static guint
index_by_height (const PdfPage *page, const PdfBox *box)
{
  guint i = 0;

  while (i < page->lines->len && g_array_index (page->lines, PdfLine, i).y1 < box->y1)
    i++;
  return i;
}

/* Adds lines of text in the box. */
static void
place (PdfPage *page, const PdfBox *box, const char *text)
{
  const PdfLine *before = line_before (page, box);
  guint index = before == NULL ? index_by_height (page, box)
                               : (guint)(before - (const PdfLine *)(void *)page->lines->data) + 1;
  g_auto (GStrv) parts = g_strsplit (text, "\n", -1);
  double height = (box->y2 - box->y1) / MAX (g_strv_length (parts), 1);
  double size = before != NULL ? before->size : CLAMP (height * 0.8, 4, 12);

  for (guint i = 0; parts[i] != NULL; i++) {
    PdfLine line = {.x1 = box->x1,
                    .x2 = box->x2,
                    .y1 = box->y1 + height * i,
                    .y2 = box->y1 + height * (i + 1),
                    .size = size};

    line.bytes = strlen (g_strstrip (parts[i]));
    if (line.bytes == 0)
      continue;
    line.first_word_width = line.x2 - line.x1;
    g_array_insert_vals (page->lines, index, &line, 1);
    g_array_index (page->lines, PdfLine, index++).text = g_strdup (parts[i]);
  }
}

/* Puts `what` into the line's text, before the word of that index or, when there is none, at the
 * end. */
static void
insert_mark (PdfPage *page, PdfLine *line, guint word, const char *what)
{
  PdfWord *words = &g_array_index (page->places, PdfWord, line->first_word);
  gsize at = word < line->n_words ? words[word].start : line->bytes;
  char *text = g_strdup_printf ("%.*s%s%s", (int)at, line->text, what, line->text + at);

  for (guint i = word; i < line->n_words; i++)
    words[i].start += (guint32)strlen (what);
  g_free (line->text);
  line->text = text;
  line->bytes = strlen (text);
}

/* Marks the label of a checked button: the word right of it, otherwise the one left of it,
 * otherwise its name. */
static void
check (PdfPage *page, const PdfBox *box, const char *name)
{
  PdfLine *right = NULL, *left = NULL;
  guint right_word = 0, left_word = 0;
  double right_gap = G_MAXDOUBLE, left_gap = G_MAXDOUBLE;

  for (guint i = 0; i < page->lines->len; i++) {
    PdfLine *line = &g_array_index (page->lines, PdfLine, i);

    for (guint j = 0; j < line->n_words && is_beside (line, box); j++) {
      const PdfWord *word = &g_array_index (page->places, PdfWord, line->first_word + j);
      double after = word->x1 - box->x2, before = box->x1 - word->x2;

      if (after > -2 && after < 3 * line->size && after < right_gap) {
        right = line;
        right_word = j;
        right_gap = after;
      } else if (before > -2 && before < 3 * line->size && before < left_gap) {
        left = line;
        left_word = j;
        left_gap = before;
      }
    }
  }
  if (right != NULL) {
    insert_mark (page, right, right_word, CHECKED " ");
  } else if (left != NULL) {
    insert_mark (page, left, left_word + 1,
                 left_word + 1 < left->n_words ? CHECKED " " : " " CHECKED);
  } else if (name != NULL) {
    g_autofree char *text = g_strdup_printf (CHECKED " %s", name);

    place (page, box, text);
  }
}

/* --- form fields -------------------------------------------------------------------------------
 */

/* What is selected, one a line. */
static char *
choice_value (PopplerFormField *field)
{
  g_autoptr (GString) value = g_string_new (NULL);
  int n = MIN (poppler_form_field_choice_get_n_items (field), FIELDS_MAX);

  for (int i = 0; i < n; i++) {
    g_autofree char *item = NULL;

    if (!poppler_form_field_choice_is_item_selected (field, i))
      continue;
    item = valid_text (poppler_form_field_choice_get_item (field, i));
    if (item != NULL)
      g_string_append_printf (value, "%s%s", value->len > 0 ? "\n" : "", item);
  }
  if (value->len == 0 && poppler_form_field_choice_is_editable (field))
    return valid_text (poppler_form_field_choice_get_text (field));
  return valid_text (g_string_free (g_steal_pointer (&value), FALSE));
}

/* What the field is called for people, otherwise for programs. (nullable) (transfer full) */
static char *
field_name (PopplerFormField *field)
{
  char *name = valid_text (poppler_form_field_get_alternate_ui_name (field));

  return name != NULL ? name : valid_text (poppler_form_field_get_partial_name (field));
}

/* Is there text that says what the field is for: in its row on the left, or just above? */
static gboolean
has_label (const PdfPage *page, const PdfBox *box)
{
  const PdfLine *before = line_before (page, box);

  return before != NULL && (is_beside (before, box) || box->y1 - before->y2 < 1.5 * before->size);
}

static void
read_button (PdfPage *page, PopplerFormField *field, const PdfBox *box)
{
  g_autofree char *name = NULL;

  if (poppler_form_field_button_get_button_type (field) == POPPLER_FORM_BUTTON_PUSH ||
      !poppler_form_field_button_get_state (field))
    return;
  name = valid_text (poppler_form_field_get_alternate_ui_name (field));
  check (page, box, name);
}

static void
read_field (PdfPage *page, const PopplerFormFieldMapping *mapping)
{
  PopplerFormField *field = mapping->field;
  PdfBox box = box_of (page, &mapping->area);
  g_autofree char *value = NULL;

  switch (poppler_form_field_get_field_type (field)) {
  case POPPLER_FORM_FIELD_BUTTON:
    read_button (page, field, &box);
    return;
  case POPPLER_FORM_FIELD_TEXT:
    if (!poppler_form_field_text_is_password (field))
      value = valid_text (poppler_form_field_text_get_text (field));
    break;
  case POPPLER_FORM_FIELD_CHOICE:
    value = choice_value (field);
    break;
  case POPPLER_FORM_FIELD_SIGNATURE:
  case POPPLER_FORM_FIELD_UNKNOWN:
    break;
  }
  if (value == NULL)
    return;
  if (!has_label (page, &box)) {
    g_autofree char *name = field_name (field);
    g_autofree char *named = name == NULL ? NULL : g_strdup_printf ("%s: %s", name, value);

    place (page, &box, named == NULL ? value : named);
  } else {
    place (page, &box, value);
  }
}

static void
read_fields (PopplerPage *poppler_page, PdfPage *page)
{
  GList *mappings = poppler_page_get_form_field_mapping (poppler_page);
  guint count = 0;

  for (GList *at = mappings; at != NULL && count < FIELDS_MAX; at = at->next, count++)
    read_field (page, at->data);
  poppler_page_free_form_field_mapping (mappings);
}

/* --- links -------------------------------------------------------------------------------------
 */

static gboolean
is_outside (const char *uri)
{
  static const char *const schemes[] = {"http://", "https://", "mailto:", "ftp://", "tel:", NULL};

  for (guint i = 0; schemes[i] != NULL; i++)
    if (g_ascii_strncasecmp (uri, schemes[i], strlen (schemes[i])) == 0)
      return TRUE;
  return FALSE;
}

/* The last line that the area covers: of a link over two lines, poppler has one area for each. */
static PdfLine *
line_under (PdfPage *page, const PdfBox *box)
{
  PdfLine *found = NULL;

  for (guint i = 0; i < page->lines->len; i++) {
    PdfLine *line = &g_array_index (page->lines, PdfLine, i);
    double middle = (line->y1 + line->y2) / 2;

    if (middle > box->y1 && middle < box->y2 && line->x1 < box->x2 && line->x2 > box->x1)
      found = line;
  }
  return found;
}

static void
read_link (PdfPage *page, const PopplerLinkMapping *mapping, GHashTable *seen)
{
  const char *uri;
  PdfBox box;
  PdfLine *line;

  if (mapping->action == NULL || mapping->action->type != POPPLER_ACTION_URI)
    return;
  uri = mapping->action->uri.uri;
  if (uri == NULL || strlen (uri) > TARGET_MAX || !g_utf8_validate (uri, -1, NULL) ||
      strpbrk (uri, " \t\r\n") != NULL || !is_outside (uri) || g_hash_table_contains (seen, uri))
    return;
  box = box_of (page, &mapping->area);
  line = line_under (page, &box);
  if (line == NULL)
    return;
  g_hash_table_add (seen, g_strdup (uri));
  if (line->targets == NULL)
    line->targets = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (line->targets, g_strdup (uri));
}

static void
read_links (PopplerPage *poppler_page, PdfPage *page)
{
  GList *mappings = poppler_page_get_link_mapping (poppler_page);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (GList *at = mappings; at != NULL && g_hash_table_size (seen) < FIELDS_MAX; at = at->next)
    read_link (page, at->data, seen);
  poppler_page_free_link_mapping (mappings);
}

/* --- annotations -------------------------------------------------------------------------------
 */

/* "[Jane Doe] text" */
static void
add_comment (PdfPage *page, PopplerAnnot *annot, const char *text)
{
  g_autofree char *author = NULL;

  if (POPPLER_IS_ANNOT_MARKUP (annot))
    author = valid_text (poppler_annot_markup_get_label (POPPLER_ANNOT_MARKUP (annot)));
  if (page->notes == NULL)
    page->notes = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (page->notes, author == NULL ? g_strdup_printf ("[comment] %s", text)
                                               : g_strdup_printf ("[%s] %s", author, text));
}

static void
attach (PdfPage *page, PopplerAnnotFileAttachment *annot)
{
  PopplerAttachment *attachment = poppler_annot_file_attachment_get_attachment (annot);

  if (attachment == NULL)
    return;
  if (page->attachments == NULL)
    page->attachments = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (page->attachments, attachment);
}

static void
read_annot (PdfPage *page, const PopplerAnnotMapping *mapping)
{
  PopplerAnnot *annot = mapping->annot;
  PopplerAnnotType type = poppler_annot_get_annot_type (annot);
  g_autofree char *text = NULL;
  PdfBox box;

  if ((poppler_annot_get_flags (annot) & POPPLER_ANNOT_FLAG_HIDDEN) != 0)
    return;
  if (type == POPPLER_ANNOT_FILE_ATTACHMENT) {
    attach (page, POPPLER_ANNOT_FILE_ATTACHMENT (annot));
    return;
  }
  text = valid_text (poppler_annot_get_contents (annot));
  if (text == NULL)
    return;
  if (type == POPPLER_ANNOT_FREE_TEXT) {
    box = box_of (page, &mapping->area);
    place (page, &box, text);
  } else {
    add_comment (page, annot, text);
  }
}

void
pdf_annots_read (PopplerPage *poppler_page, PdfPage *page)
{
  GList *mappings = poppler_page_get_annot_mapping (poppler_page);
  gboolean has_links = FALSE, has_fields = FALSE;
  guint count = 0;

  for (GList *at = mappings; at != NULL && count < FIELDS_MAX; at = at->next, count++) {
    const PopplerAnnotMapping *mapping = at->data;

    switch (poppler_annot_get_annot_type (mapping->annot)) {
    case POPPLER_ANNOT_LINK:
      has_links = TRUE;
      break;
    case POPPLER_ANNOT_WIDGET:
      has_fields = TRUE;
      break;
    case POPPLER_ANNOT_POPUP: /* what it shows is its parent's */
      break;
    default:
      read_annot (page, mapping);
      break;
    }
  }
  poppler_page_free_annot_mapping (mappings);
  if (has_links)
    read_links (poppler_page, page);
  if (has_fields)
    read_fields (poppler_page, page);
}
