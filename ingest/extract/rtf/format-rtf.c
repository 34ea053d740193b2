/* Rich Text Format (Word 2007 RTF specification 1.9.1), as Word, WordPad, LibreOffice, Cocoa and
 * mail programs write it. Where it wraps HTML, that is read instead. */
#include "ingest/extract/formats.h"
#include "ingest/extract/office/symbols.h"
#include "ingest/extract/ole/numbering.h"
#include "rtf-html.h"
#include "rtf-reader.h"

#include <string.h>

/* Asks for the clock after so many tokens. */
#define TOKENS_A_LOOK 65536

/* --- text --------------------------------------------------------------------------------------
 */

static gboolean
is_visible (RtfReader *reader)
{
  const RtfGroup *group = rtf_group (reader);

  return !group->is_deleted && (!group->is_hidden || group->target != RTF_TO_FLOW);
}

/* (nullable) where there is no place for text */
static GString *
place (RtfReader *reader)
{
  RtfTarget target = rtf_group (reader)->target;

  if (!is_visible (reader))
    return NULL;
  if (target == RTF_TO_FLOW)
    return word_flow_text (reader->flow);
  return target >= RTF_TO_STYLE ? reader->capture : NULL;
}

/* Signs of fonts like Wingdings. */
static void
append_signs (RtfReader *reader, GString *out)
{
  const char *font = rtf_fonts_name (reader->fonts, rtf_group (reader)->font);

  for (gsize i = 0; i < reader->pending->len; i++) {
    guint8 byte = (guint8)reader->pending->str[i];
    gunichar c = byte <= 0x20 ? byte : symbol_to_unicode (font, byte);

    if (c != 0)
      g_string_append_unichar (out, c);
    else if (byte < 0x80)
      g_string_append_c (out, (char)byte);
  }
}

void
rtf_flush (RtfReader *reader)
{
  GString *out;

  if (reader->pending->len == 0)
    return;
  out = place (reader);
  if (out != NULL && reader->pending_code_page == CODEPAGE_SYMBOL)
    append_signs (reader, out);
  else if (out != NULL)
    codepages_append (reader->codepages, reader->pending_code_page, reader->pending->str,
                      reader->pending->len, out);
  g_string_truncate (reader->pending, 0);
}

void
rtf_put (RtfReader *reader, const char *text, gsize bytes)
{
  GString *out;

  rtf_flush (reader);
  out = place (reader);
  if (out != NULL)
    g_string_append_len (out, text, (gssize)bytes);
}

static void
put_character (RtfReader *reader, gunichar c)
{
  char text[6];

  rtf_put (reader, text, (gsize)g_unichar_to_utf8 (c, text));
}

static gboolean
is_ascii (const guint8 *text, gsize bytes)
{
  guint8 all = 0;

  for (gsize i = 0; i < bytes; i++)
    all |= text[i];
  return all < 0x80;
}

static void
put_object_digits (RtfReader *reader, const guint8 *text, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++) {
    gint digit = g_ascii_xdigit_value ((char)text[i]);
    guint8 byte;

    if (digit < 0)
      continue;
    if (reader->half < 0) {
      reader->half = digit;
      continue;
    }
    byte = (guint8)(reader->half << 4 | digit);
    g_byte_array_append (reader->object, &byte, 1);
    reader->half = -1;
  }
}

/* Bytes of text in the code page of their font. */
static void
put_bytes (RtfReader *reader, const guint8 *text, gsize bytes)
{
  RtfGroup *group = rtf_group (reader);
  gsize skipped = MIN (bytes, reader->skip);
  guint code_page;
  GString *out;

  text += skipped;
  bytes -= skipped;
  reader->skip -= (guint)skipped;
  if (bytes == 0)
    return;
  if (group->target == RTF_TO_OBJECT) {
    put_object_digits (reader, text, bytes);
    return;
  }
  if (group->target == RTF_TO_FONTS)
    rtf_fonts_take_name (reader->fonts, text, bytes);
  out = place (reader);
  if (out == NULL)
    return;
  code_page = rtf_fonts_code_page (reader->fonts, group->font);
  if (code_page != reader->pending_code_page)
    rtf_flush (reader);
  reader->pending_code_page = code_page;
  if (reader->pending->len == 0 && code_page != CODEPAGE_SYMBOL && is_ascii (text, bytes))
    g_string_append_len (out, (const char *)text, (gssize)bytes);
  else
    g_string_append_len (reader->pending, (const char *)text, (gssize)bytes);
}

static void
put_unicode (RtfReader *reader, gint32 number)
{
  const char *font = rtf_fonts_name (reader->fonts, rtf_group (reader)->font);
  gunichar c = number > 0xffff ? (gunichar)number : (guint16)number;
  gunichar sign;

  reader->skip = rtf_group (reader)->fallback;
  if (c >= 0xd800 && c < 0xdc00) {
    reader->lead = c;
    return;
  }
  if (c >= 0xdc00 && c < 0xe000)
    c = reader->lead == 0 ? 0xfffd : 0x10000 + ((reader->lead - 0xd800) << 10) + c - 0xdc00;
  reader->lead = 0;
  if (c >= 0xf000 && c <= 0xf0ff) {
    sign = symbol_to_unicode (font, c);
    if (sign == 0 && !symbol_font_is (font)) /* a list's own font is not told here */
      sign = symbol_to_unicode ("Symbol", c);
    if (sign != 0)
      c = sign;
  }
  if (c != 0 && g_unichar_validate (c))
    put_character (reader, c);
}

/* --- paragraphs --------------------------------------------------------------------------------
 */

static void
fill_paragraph (RtfReader *reader, WordParagraph *paragraph, char **marker)
{
  const RtfGroup *group = rtf_group (reader);
  /* a story in the paragraph has none of its own */
  gboolean has_marker = reader->has_marker && reader->marker != NULL;
  gboolean has_list = has_marker;

  paragraph->heading = group->outline >= 0 ? (group->outline < 9 ? (guint)group->outline + 1 : 0)
                                           : rtf_lists_heading (reader->lists, group->style);
  if (has_marker) {
    *marker = numbering_clean_marker (reader->marker);
    /* tabs alone: a paragraph that the list has left blank */
    has_list = *marker != NULL || strspn (reader->marker, " \t") != strlen (reader->marker);
  } else if (group->list > 0 && !reader->has_list_texts && word_flow_text (reader->flow)->len > 0) {
    *marker = rtf_lists_next (reader->lists, group->list, group->level, &has_list);
  }
  paragraph->marker = *marker;
  paragraph->list_level = has_list ? group->level + 1 : 0;
}

static void
forget_paragraph (RtfReader *reader)
{
  g_clear_pointer (&reader->marker, g_free);
  reader->has_marker = FALSE;
}

static guint
table_depth (RtfReader *reader)
{
  const RtfGroup *group = rtf_group (reader);

  if (group->is_in_table)
    return MAX (group->depth, 1);
  /* writers that forget \intbl */
  return reader->row_is_open ? 1 : 0;
}

static gboolean
end_paragraph (RtfReader *reader, GError **error)
{
  g_autofree char *marker = NULL;
  WordParagraph paragraph = {.depth = table_depth (reader)};

  if (rtf_group (reader)->target != RTF_TO_FLOW) {
    rtf_put (reader, "\n", 1);
    return TRUE;
  }
  rtf_flush (reader);
  if (rtf_group (reader)->is_deleted) /* it runs on into the next */
    return TRUE;
  fill_paragraph (reader, &paragraph, &marker);
  forget_paragraph (reader);
  return word_flow_end_paragraph (reader->flow, &paragraph, error);
}

static gboolean
end_cell (RtfReader *reader, gboolean is_nested, GError **error)
{
  g_autofree char *marker = NULL;
  WordParagraph paragraph = {.depth = is_nested ? MAX (rtf_group (reader)->depth, 2) : 1};

  if (rtf_group (reader)->target != RTF_TO_FLOW)
    return TRUE;
  rtf_flush (reader);
  fill_paragraph (reader, &paragraph, &marker);
  forget_paragraph (reader);
  if (!is_nested)
    reader->row_is_open = TRUE;
  return word_flow_end_cell (reader->flow, &paragraph, error);
}

static gboolean
end_row (RtfReader *reader, gboolean is_nested, GError **error)
{
  gboolean is_header = reader->row_is_header;

  if (rtf_group (reader)->target != RTF_TO_FLOW)
    return TRUE;
  rtf_flush (reader);
  reader->row_is_header = FALSE;
  if (!is_nested)
    reader->row_is_open = FALSE;
  return word_flow_end_row (reader->flow, is_nested ? MAX (rtf_group (reader)->depth, 2) : 1,
                            is_header, FALSE, error);
}

static void
reset_paragraph (RtfReader *reader)
{
  RtfGroup *group = rtf_group (reader);

  group->style = group->list = 0;
  group->outline = -1;
  group->level = group->depth = 0;
  group->is_in_table = FALSE;
}

/* --- control words -----------------------------------------------------------------------------
 */

static void
take_note_mark (RtfReader *reader)
{
  g_autofree char *mark = NULL;

  if (rtf_group (reader)->target != RTF_TO_FLOW || !is_visible (reader))
    return;
  /* in the note itself it stands, too: there its prefix says it */
  for (guint i = 0; i <= reader->depth; i++)
    if (reader->groups[i].began_story)
      return;
  mark = g_strdup_printf ("[%u]", ++reader->notes);
  rtf_put (reader, mark, strlen (mark));
}

static void
take_property (RtfReader *reader, RtfWord word, const RtfToken *token)
{
  RtfGroup *group = rtf_group (reader);
  gboolean is_on = !token->has_number || token->number != 0;

  switch (word) {
  case RTF_WORD_UC:
    group->fallback = (guint8)CLAMP (token->number, 0, 100);
    break;
  case RTF_WORD_F:
    rtf_flush (reader);
    group->font = token->number;
    break;
  case RTF_WORD_PLAIN:
    rtf_flush (reader);
    group->is_hidden = group->is_deleted = FALSE;
    group->font = rtf_fonts_default (reader->fonts);
    break;
  case RTF_WORD_V:
    rtf_flush (reader);
    group->is_hidden = is_on;
    break;
  case RTF_WORD_DELETED:
    rtf_flush (reader);
    group->is_deleted = is_on;
    break;
  case RTF_WORD_S:
    group->style = token->number;
    break;
  case RTF_WORD_SBASEDON:
    reader->based_on = token->number;
    break;
  case RTF_WORD_LS:
    group->list = token->number;
    break;
  case RTF_WORD_ILVL:
    group->level = (guint)CLAMP (token->number, 0, 8);
    break;
  case RTF_WORD_OUTLINELEVEL:
    group->outline = token->number;
    break;
  case RTF_WORD_INTBL:
    group->is_in_table = is_on;
    break;
  case RTF_WORD_ITAP:
    group->depth = (guint)CLAMP (token->number, 0, 100);
    group->is_in_table |= group->depth > 0;
    break;
  default:
    break;
  }
}

static gboolean
take_word (RtfReader *reader, const RtfWordInfo *info, const RtfToken *token, GError **error)
{
  switch (info->word) {
  case RTF_WORD_CHARACTER:
    put_character (reader, info->character);
    return TRUE;
  case RTF_WORD_U:
    put_unicode (reader, token->number);
    return TRUE;
  case RTF_WORD_CHFTN:
    take_note_mark (reader);
    return TRUE;
  case RTF_WORD_PAR:
    return end_paragraph (reader, error);
  case RTF_WORD_PARD:
    reset_paragraph (reader);
    return TRUE;
  case RTF_WORD_TROWD:
    reader->row_is_header = FALSE;
    return TRUE;
  case RTF_WORD_TRHDR:
    reader->row_is_header = TRUE;
    return TRUE;
  case RTF_WORD_CELL:
  case RTF_WORD_NESTCELL:
    return end_cell (reader, info->word == RTF_WORD_NESTCELL, error);
  case RTF_WORD_ROW:
  case RTF_WORD_NESTROW:
    return end_row (reader, info->word == RTF_WORD_NESTROW, error);
  default:
    take_property (reader, info->word, token);
    return TRUE;
  }
}

/* mfPr, mctrlPr, ...: what an equation looks like */
static gboolean
is_math_property (const char *name)
{
  return name[0] == 'm' && g_str_has_suffix (name, "Pr");
}

static void
take_new_group_word (RtfReader *reader, const RtfWordInfo *info, const RtfToken *token)
{
  RtfGroup *group = rtf_group (reader);
  gboolean is_destination = info != NULL && info->word >= RTF_WORD_SKIPPED;

  reader->is_new = FALSE;
  if (is_destination)
    rtf_begin_destination (reader, info->word);
  else if ((reader->is_starred && !(group->target == RTF_TO_LISTS)) ||
           is_math_property (token->name))
    rtf_begin_destination (reader, RTF_WORD_SKIPPED);
  reader->is_starred = FALSE;
}

static gboolean
take_control_word (RtfReader *reader, const RtfToken *token, GError **error)
{
  const RtfWordInfo *info;

  if (strcmp (token->name, "bin") == 0) /* with its bytes it is one character */
    return TRUE;
  if (reader->skip > 0) {
    reader->skip--;
    return TRUE;
  }
  info = rtf_word_find (token->name);
  rtf_fonts_take (reader->fonts, token, reader->depth + reader->too_deep + 1);
  if (reader->is_new || (info != NULL && info->word > RTF_WORD_SKIPPED && reader->is_starred))
    take_new_group_word (reader, info, token);
  if (info == NULL || info->word >= RTF_WORD_SKIPPED)
    return TRUE;
  if (rtf_group (reader)->target == RTF_TO_LISTS) {
    rtf_lists_take (reader->lists, info->word, token->number);
    return TRUE;
  }
  if (rtf_group (reader)->target == RTF_TO_FONTS)
    return TRUE;
  return take_word (reader, info, token, error);
}

static void
take_symbol (RtfReader *reader, guint8 symbol)
{
  if (symbol == '*') {
    reader->is_starred = reader->is_new;
    return;
  }
  reader->is_new = FALSE;
  if (reader->skip > 0) {
    reader->skip--;
    return;
  }
  switch (symbol) {
  case '~':
    put_character (reader, 0xa0);
    break;
  case '_':
    put_character (reader, 0x2011);
    break;
  case '\\':
  case '{':
  case '}':
    put_bytes (reader, &symbol, 1);
    break;
  default:
    break;
  }
}

static void
take_hex (RtfReader *reader, guint8 byte)
{
  char placeholder;

  if (rtf_group (reader)->target != RTF_TO_LEVEL_TEXT || byte >= 0x20 || reader->skip > 0) {
    put_bytes (reader, &byte, 1);
    return;
  }
  /* its length, then the numbers of levels */
  placeholder = (char)(byte + 1);
  if (reader->level_has_length && byte < NUMBERING_LEVELS)
    rtf_put (reader, &placeholder, 1);
  reader->level_has_length = TRUE;
}

/* --- groups ------------------------------------------------------------------------------------
 */

static void
open_group (RtfReader *reader)
{
  RtfGroup *group;

  rtf_flush (reader);
  reader->skip = 0;
  reader->is_new = TRUE;
  reader->is_starred = FALSE;
  if (reader->depth + 1 == RTF_DEPTH_MAX) {
    reader->too_deep++;
    return;
  }
  reader->depth++;
  group = rtf_group (reader);
  *group = group[-1];
  group->began_target = group->began_story = FALSE;
  group->outer_marker = NULL;
  if (group->target == RTF_TO_STYLE) {
    group->style = 0;
    group->outline = -1;
    reader->based_on = -1;
    g_string_truncate (reader->capture, 0);
  }
}

static gboolean
close_group (RtfReader *reader, GError **error)
{
  reader->is_new = FALSE;
  reader->skip = 0;
  if (reader->too_deep > 0) {
    reader->too_deep--;
    return TRUE;
  }
  if (!rtf_end_destination (reader, error))
    return FALSE;
  if (reader->depth > 0)
    reader->depth--;
  return TRUE;
}

static gboolean
take (RtfReader *reader, const RtfToken *token, GError **error)
{
  switch (token->kind) {
  case RTF_TOKEN_OPEN:
    open_group (reader);
    return TRUE;
  case RTF_TOKEN_CLOSE:
    return close_group (reader, error);
  case RTF_TOKEN_WORD:
    return take_control_word (reader, token, error);
  case RTF_TOKEN_SYMBOL:
    if (token->symbol == '\r' || token->symbol == '\n')
      return end_paragraph (reader, error);
    take_symbol (reader, token->symbol);
    return TRUE;
  case RTF_TOKEN_BINARY:
    if (reader->skip > 0)
      reader->skip--;
    else if (rtf_group (reader)->target == RTF_TO_OBJECT)
      g_byte_array_append (reader->object, token->text, (guint)token->bytes);
    return TRUE;
  case RTF_TOKEN_HEX:
    reader->is_new = FALSE;
    take_hex (reader, token->symbol);
    return TRUE;
  case RTF_TOKEN_TEXT:
    reader->is_new = FALSE;
    put_bytes (reader, token->text, token->bytes);
    return TRUE;
  case RTF_TOKEN_END:
    break;
  }
  return TRUE;
}

/* --- the reader --------------------------------------------------------------------------------
 */

static RtfReader *
reader_new (const ExtractInput *input, ExtractSink *sink)
{
  RtfReader *reader = g_new0 (RtfReader, 1);

  reader->input = input;
  reader->sink = sink;
  reader->flow = word_flow_new (sink);
  reader->codepages = codepages_new ();
  reader->fonts = rtf_fonts_new ();
  reader->lists = rtf_lists_new ();
  reader->pending = g_string_new (NULL);
  reader->capture = g_string_new (NULL);
  reader->object = g_byte_array_new ();
  reader->groups[0] = (RtfGroup){.font = -1, .fallback = 1, .outline = -1};
  return reader;
}

static void
reader_free (RtfReader *reader)
{
  for (guint i = 0; i <= reader->depth; i++)
    g_free (reader->groups[i].outer_marker);
  word_flow_free (reader->flow);
  codepages_free (reader->codepages);
  rtf_fonts_free (reader->fonts);
  rtf_lists_free (reader->lists);
  g_string_free (reader->pending, TRUE);
  g_string_free (reader->capture, TRUE);
  g_byte_array_unref (reader->object);
  g_free (reader->marker);
  g_free (reader->commenter);
  g_free (reader->shape_name);
  g_free (reader);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtfReader, reader_free)

static gboolean
read_all (RtfReader *reader, GError **error)
{
  RtfToken token;
  guint tokens = 0;

  while (rtf_next (&reader->tokens, &token) != RTF_TOKEN_END) {
    if (!take (reader, &token, error))
      return FALSE;
    /* what follows the last bracket is no RTF */
    if (token.kind == RTF_TOKEN_CLOSE && reader->depth == 0 && reader->too_deep == 0 &&
        !rtf_is (reader->tokens.at, (gsize)(reader->tokens.end - reader->tokens.at)))
      break;
    if (++tokens % TOKENS_A_LOOK == 0 && extract_time_is_up (reader->sink))
      break; /* the next block says so */
  }
  while (reader->depth > 0) /* cut short */
    if (!close_group (reader, error))
      return FALSE;
  return end_paragraph (reader, error) && word_flow_finish (reader->flow, error);
}

static gboolean
read_html (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (GBytes) html = rtf_to_html (input->bytes);
  ExtractInput inner = *input;

  inner.bytes = html;
  inner.depth++;
  return extract_read_html (&inner, sink, error);
}

gboolean
extract_read_rtf (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (input->bytes, &bytes);
  g_autoptr (RtfReader) reader = NULL;

  if (rtf_has_html (data, bytes))
    return read_html (input, sink, error);
  reader = reader_new (input, sink);
  rtf_tokens_init (&reader->tokens, data, bytes);
  return read_all (reader, error);
}
