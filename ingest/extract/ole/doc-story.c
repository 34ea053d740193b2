#include "doc-story.h"

#include "ingest/extract/office/symbols.h"
#include "word-field.h"

#include <string.h>

#define FIELDS_MAX 64
/* A hanger may have hangers, in damaged files those of itself. */
#define DEPTH_MAX 4
/* Asks for the clock after so many runs. */
#define RUNS_A_LOOK 4096

/* Characters that stand for something (MS-DOC 2.4.1, 2.6.1) */
enum {
  MARK_NOTE = 0x02,
  MARK_CELL = 0x07,
  MARK_TAB = 0x09,
  MARK_LINE = 0x0b,
  MARK_PAGE = 0x0c,
  MARK_PARAGRAPH = 0x0d,
  MARK_COLUMN = 0x0e,
  MARK_FIELD_BEGIN = 0x13,
  MARK_FIELD_RESULT = 0x14,
  MARK_FIELD_END = 0x15,
  MARK_HYPHEN = 0x1e,
  MARK_SYMBOL = 0x28,
};

typedef struct {
  GString *instruction;
  gboolean is_result;
  gboolean is_shown; /* already: its result is left out */
} Field;

typedef struct {
  DocText *text;
  Doc *doc;
  GPtrArray *fields; /* (element-type Field) the innermost last */
  guint hanger;      /* the next one */
  guint run;         /* of characters, where the last one was */
  guint runs;
} Walk;

static void
free_field (gpointer data)
{
  Field *field = data;

  g_string_free (field->instruction, TRUE);
  g_free (field);
}

/* Where text goes now: the paragraph or a field's instruction; NULL: nowhere. */
static GString *
place (Walk *walk)
{
  for (guint i = walk->fields->len; i-- > 0;) {
    Field *field = g_ptr_array_index (walk->fields, i);

    if (!field->is_result)
      return field->instruction;
    if (field->is_shown)
      return NULL;
  }
  return word_flow_text (walk->text->flow);
}

/* --- fields ------------------------------------------------------------------------------------
 */

static void
begin_field (Walk *walk)
{
  Field *field;

  if (walk->fields->len >= FIELDS_MAX)
    return;
  field = g_new0 (Field, 1);
  field->instruction = g_string_new (NULL);
  g_ptr_array_add (walk->fields, field);
}

static Field *
open_field (Walk *walk)
{
  return walk->fields->len == 0 ? NULL : g_ptr_array_index (walk->fields, walk->fields->len - 1);
}

/* Its instruction is complete. */
static void
show_field (Walk *walk, Field *field)
{
  g_autofree char *link = word_field_link (field->instruction->str);
  GString *out;

  field->is_result = TRUE;
  out = place (walk);
  if (link != NULL && out == word_flow_text (walk->text->flow))
    word_flow_add_link (walk->text->flow, link);
  if (out != NULL)
    field->is_shown = word_field_show (field->instruction->str, out);
}

static void
end_field (Walk *walk)
{
  Field *field = open_field (walk);

  if (field == NULL)
    return;
  if (!field->is_result)
    show_field (walk, field);
  g_ptr_array_set_size (walk->fields, (int)walk->fields->len - 1);
}

/* A field that never ends is none: its instruction was text. */
static void
drop_fields (Walk *walk)
{
  while (walk->fields->len > 0) {
    Field *field = g_ptr_array_steal_index (walk->fields, walk->fields->len - 1);
    GString *out = place (walk);

    if (!field->is_result && out != NULL)
      g_string_append_len (out, field->instruction->str, (gssize)field->instruction->len);
    free_field (field);
  }
}

/* --- hangers -----------------------------------------------------------------------------------
 */

static char *
note_mark (DocText *text, gboolean is_endnote)
{
  static const char *const ones[] = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
  static const char *const tens[] = {"", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"};
  guint number = is_endnote ? ++text->endnotes : ++text->footnotes;

  if (is_endnote && number < 100)
    return g_strdup_printf ("[%s%s]", tens[number / 10], ones[number % 10]);
  return g_strdup_printf ("[%u]", number);
}

/* The character `unit` at hanger->cp is through, or, where it stands for the mark, to come. */
static gboolean
read_hanger (Walk *walk, DocHanger *hanger, gunichar unit, GError **error)
{
  DocText *text = walk->text;
  guint32 start = doc_part_start (walk->doc, hanger->part);
  guint32 end = doc_part_end (walk->doc, hanger->part);
  g_autofree char *mark = NULL;
  g_autofree char *prefix = g_strdup (hanger->prefix);
  GString *out = place (walk);

  if (hanger->is_done)
    return TRUE;
  hanger->is_done = TRUE;
  if (hanger->kind == WORD_STORY_NOTE && unit == MARK_NOTE) {
    mark = note_mark (text, hanger->is_endnote);
    if (out != NULL)
      g_string_append (out, mark);
    prefix = g_strconcat (mark, " ", NULL);
  }
  return doc_text_read_story (text, hanger->kind, prefix, start + MIN (hanger->from, end - start),
                              start + MIN (hanger->to, end - start), error);
}

/* --- text --------------------------------------------------------------------------------------
 */

static guint
unit_at (const Doc *doc, const DocPiece *piece, guint32 index)
{
  const guint8 *at = (const guint8 *)g_bytes_get_data (doc->word, NULL) + piece->fc;

  return piece->is_wide ? at[(gsize)index * 2] | (guint)at[(gsize)index * 2 + 1] << 8 : at[index];
}

static void
append_symbol (const Doc *doc, const DocCharacters *characters, GString *out)
{
  const char *font = doc_font_name (doc, characters->symbol_font);
  gunichar shown = symbol_to_unicode (font, characters->symbol);

  if (shown == 0 && characters->symbol >= 0x20 &&
      (characters->symbol < 0xf000 || characters->symbol > 0xf0ff))
    shown = characters->symbol;
  if (shown != 0 && g_unichar_validate (shown))
    g_string_append_unichar (out, shown);
}

/* Wide text of fonts of signs has private characters. */
static void
append_wide (const Doc *doc, const guint8 *at, gsize units, gint32 font, GString *out)
{
  gsize start = 0;

  for (gsize i = 0; i < units; i++) {
    guint unit = at[i * 2] | (guint)at[i * 2 + 1] << 8;
    const char *name;
    gunichar shown;

    if (unit < 0xf020 || unit > 0xf0ff)
      continue;
    codepage_append_utf16 (out, at + start * 2, i - start);
    start = i + 1;
    name = doc_font_name (doc, font);
    shown = symbol_to_unicode (symbol_font_is (name) ? name : "Symbol", unit);
    if (shown != 0)
      g_string_append_unichar (out, shown);
  }
  codepage_append_utf16 (out, at + start * 2, units - start);
}

static void
append_narrow (const Doc *doc, const guint8 *at, gsize bytes, gint32 font, GString *out)
{
  const char *name = doc_font_name (doc, font);
  guint code_page = 0;

  if (doc->is_old && symbol_font_is (name)) {
    for (gsize i = 0; i < bytes; i++) {
      gunichar shown = at[i] == ' ' ? ' ' : symbol_to_unicode (name, at[i]);

      if (shown != 0)
        g_string_append_unichar (out, shown);
    }
    return;
  }
  if (doc->is_old && name != NULL)
    code_page = codepage_of_charset (g_array_index (doc->fonts, DocFont, font).charset);
  if (code_page == 0 || code_page == CODEPAGE_DEFAULT || code_page == CODEPAGE_SYMBOL)
    code_page = doc->code_page;
  codepages_append (doc->codepages, code_page, at, bytes, out);
}

/* Units from `from` to `to` of the piece, none of which stands for anything else. */
static void
append_text (Walk *walk, const DocPiece *piece, guint32 from, guint32 to, gint32 font)
{
  const guint8 *at = (const guint8 *)g_bytes_get_data (walk->doc->word, NULL) + piece->fc;
  GString *out = place (walk);

  if (out == NULL || from == to)
    return;
  if (piece->is_wide)
    append_wide (walk->doc, at + (gsize)from * 2, to - from, font, out);
  else
    append_narrow (walk->doc, at + from, to - from, font, out);
}

static void
append_character (Walk *walk, gunichar c)
{
  GString *out = place (walk);

  if (out != NULL)
    g_string_append_unichar (out, c);
}

/* --- paragraphs --------------------------------------------------------------------------------
 */

static gboolean
end_paragraph (Walk *walk, const DocPiece *piece, guint32 fc, guint unit, GError **error)
{
  WordFlow *flow = walk->text->flow;
  g_autofree char *marker = NULL;
  WordParagraph paragraph = {0};
  DocParagraph properties;

  doc_paragraph_at (walk->doc, piece, fc, &properties);
  if (properties.is_in_table && properties.depth <= 1 && unit == MARK_CELL && properties.is_row_end)
    return word_flow_end_row (flow, 1, properties.is_header_row, FALSE, error);
  if (properties.is_inner_row_end && properties.depth > 1)
    return word_flow_end_row (flow, properties.depth, properties.is_header_row, FALSE, error);
  if (properties.is_row_end && unit == MARK_CELL)
    return word_flow_end_row (flow, MAX (properties.depth, 1), properties.is_header_row, FALSE,
                              error);
  paragraph.heading = doc_heading (walk->doc, &properties);
  paragraph.depth = properties.depth;
  if (word_flow_text (flow)->len > 0 && doc_next_marker (walk->doc, &properties, &marker))
    paragraph.list_level = properties.level + 1u;
  paragraph.marker = marker;
  if (unit == MARK_CELL || (properties.is_inner_cell && properties.depth > 1))
    return word_flow_end_cell (flow, &paragraph, error);
  return word_flow_end_paragraph (flow, &paragraph, error);
}

/* A character below the blank, or one that is special. */
static gboolean
take_special (Walk *walk, const DocPiece *piece, guint32 fc, guint unit,
              const DocCharacters *characters, GError **error)
{
  switch (unit) {
  case MARK_PARAGRAPH:
    /* one that is hidden joins two paragraphs, but for the separator of styles */
    if (characters->is_deleted || (characters->is_hidden && !characters->is_separator))
      return TRUE;
    return end_paragraph (walk, piece, fc, unit, error);
  case MARK_CELL:
  case MARK_PAGE:
    return end_paragraph (walk, piece, fc, unit, error);
  case MARK_FIELD_BEGIN:
    begin_field (walk);
    return TRUE;
  case MARK_FIELD_RESULT:
    if (open_field (walk) != NULL && !open_field (walk)->is_result)
      show_field (walk, open_field (walk));
    return TRUE;
  case MARK_FIELD_END:
    end_field (walk);
    return TRUE;
  default:
    break;
  }
  if (characters->is_hidden || characters->is_deleted)
    return TRUE;
  if (unit == MARK_SYMBOL && place (walk) != NULL)
    append_symbol (walk->doc, characters, place (walk));
  else if (unit == MARK_TAB)
    append_character (walk, '\t');
  else if (unit == MARK_LINE || unit == MARK_COLUMN)
    append_character (walk, '\n');
  else if (unit == MARK_HYPHEN)
    append_character (walk, 0x2011);
  return TRUE;
}

/* --- the walk ----------------------------------------------------------------------------------
 */

/* Position of the next hanger at or after cp, or none. */
static guint32
next_hanger (Walk *walk, guint32 cp)
{
  const GArray *hangers = walk->text->hangers;

  while (walk->hanger < hangers->len && g_array_index (hangers, DocHanger, walk->hanger).cp < cp)
    walk->hanger++;
  return walk->hanger < hangers->len ? g_array_index (hangers, DocHanger, walk->hanger).cp
                                     : G_MAXUINT32;
}

static gboolean
read_hangers_at (Walk *walk, guint32 cp, guint unit, gboolean is_visible, GError **error)
{
  GArray *hangers = walk->text->hangers;

  for (; next_hanger (walk, cp) == cp; walk->hanger++)
    if (is_visible &&
        !read_hanger (walk, &g_array_index (hangers, DocHanger, walk->hanger), unit, error))
      return FALSE;
  return TRUE;
}

/* Units of a piece that have the same properties. */
static gboolean
read_run (Walk *walk, const DocPiece *piece, guint32 from, guint32 to,
          const DocCharacters *characters, GError **error)
{
  gboolean is_visible = !characters->is_hidden && !characters->is_deleted;
  gboolean has_symbol = characters->symbol != 0;
  guint32 width = piece->is_wide ? 2 : 1, text_from = from;

  for (guint32 i = from; i < to; i++) {
    guint unit = unit_at (walk->doc, piece, i);
    gboolean is_special = unit < 0x20 || (has_symbol && unit == MARK_SYMBOL);
    gboolean has_hanger = next_hanger (walk, piece->cp + i) == piece->cp + i;

    if (!is_special && !has_hanger)
      continue;
    if (is_visible)
      append_text (walk, piece, text_from, i + !is_special, characters->font);
    text_from = i + 1;
    if (is_special && !take_special (walk, piece, piece->fc + i * width, unit, characters, error))
      return FALSE;
    if (has_hanger && !read_hangers_at (walk, piece->cp + i, unit, is_visible, error))
      return FALSE;
  }
  if (is_visible)
    append_text (walk, piece, text_from, to, characters->font);
  return TRUE;
}

/* The style of the paragraph is what characters begin with; it is that of the place's run. */
static guint16
style_at (const Doc *doc, guint32 fc)
{
  guint index = doc_find_run (doc->paragraphs, fc);

  if (index >= doc->paragraphs->len || g_array_index (doc->paragraphs, DocRun, index).fc > fc)
    return 0;
  return g_array_index (doc->paragraphs, DocRun, index).style;
}

/* Units from `from` to `to` of the piece. */
static gboolean
read_piece (Walk *walk, const DocPiece *piece, guint32 from, guint32 to, GError **error)
{
  const GArray *runs = walk->doc->characters;
  guint32 width = piece->is_wide ? 2 : 1;
  guint index = doc_find_run (runs, piece->fc + from * width);

  while (from < to) {
    guint32 fc = piece->fc + from * width, end = to;
    const DocRun *run = NULL;
    DocCharacters characters;

    if (index < runs->len) {
      const DocRun *next = &g_array_index (runs, DocRun, index);
      guint32 limit = next->fc <= fc ? next->fc_end : next->fc;

      run = next->fc <= fc ? next : NULL;
      if (limit <= fc) { /* they overlap: damage */
        index++;
        continue;
      }
      end = (guint32)MIN (to, from + ((guint64)(limit - fc) + width - 1) / width);
      index += run != NULL;
    }
    doc_characters_of (walk->doc, piece, run, style_at (walk->doc, fc), &characters);
    if (!read_run (walk, piece, from, end, &characters, error))
      return FALSE;
    if (++walk->runs % RUNS_A_LOOK == 0 && extract_time_is_up (walk->doc->sink))
      return extract_limit_error (error, "only what could be read in time");
    from = end;
  }
  return TRUE;
}

static guint
find_piece (const GArray *pieces, guint32 cp)
{
  guint low = 0, high = pieces->len;

  while (low < high) {
    guint middle = (low + high) / 2;

    if (g_array_index (pieces, DocPiece, middle).cp_end <= cp)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

gboolean
doc_text_read (DocText *text, guint32 cp, guint32 cp_end, GError **error)
{
  const GArray *pieces = text->doc->pieces;
  Walk walk = {.text = text, .doc = text->doc};
  gboolean done = TRUE;

  walk.fields = g_ptr_array_new_with_free_func (free_field);
  for (guint i = find_piece (pieces, cp); done && i < pieces->len && cp < cp_end; i++) {
    const DocPiece *piece = &g_array_index (pieces, DocPiece, i);
    guint32 end = MIN (cp_end, piece->cp_end);

    done = read_piece (&walk, piece, cp - piece->cp, end - piece->cp, error);
    cp = end;
  }
  if (done)
    drop_fields (&walk);
  g_ptr_array_unref (walk.fields);
  return done;
}

gboolean
doc_text_read_story (DocText *text, WordStory kind, const char *prefix, guint32 cp, guint32 cp_end,
                     GError **error)
{
  gboolean done;

  if (cp >= cp_end || text->depth >= DEPTH_MAX || !word_flow_begin_story (text->flow, kind, prefix))
    return TRUE;
  text->depth++;
  done = doc_text_read (text, cp, cp_end, error);
  text->depth--;
  return done && word_flow_end_story (text->flow, error);
}
