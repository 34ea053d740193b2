/* Rich Text Format (Word 2007 RTF specification 1.9.1), as Word, WordPad, LibreOffice, Cocoa and
 * mail programs write it. Where it wraps HTML, that is read instead. */
#include "ingest/extract/formats.h"
#include "ingest/extract/ole/numbering.h"
#include "rtf-html.h"
#include "rtf-reader.h"

#include <string.h>

/* Asks for the clock after so many tokens. */
#define TOKENS_A_LOOK 65536

/* --- paragraphs --------------------------------------------------------------------------------
 */

/* What comes after "1." or "a)"; NULL after a bullet. (transfer full) (nullable) */
static char *
following_marker (const char *marker)
{
  gsize end = marker == NULL ? 0 : strlen (marker), start;

  while (end > 0 && !g_ascii_isalnum (marker[end - 1]))
    end--;
  start = end;
  while (start > 0 && end - start < 9 && g_ascii_isdigit (marker[start - 1]))
    start--;
  if (start < end)
    return g_strdup_printf ("%.*s%" G_GUINT64_FORMAT "%s", (int)start, marker,
                            g_ascii_strtoull (marker + start, NULL, 10) + 1, marker + end);
  if (end == 0 || strchr ("zZ", marker[end - 1]) != NULL)
    return NULL;
  return g_strdup_printf ("%.*s%c%s", (int)end - 1, marker, marker[end - 1] + 1, marker + end);
}

static void
remember_marker (RtfReader *reader, const char *marker)
{
  g_free (reader->last_marker);
  reader->last_marker = g_strdup (marker);
}

static void
fill_paragraph (RtfReader *reader, WordParagraph *paragraph, char **marker)
{
  const RtfGroup *group = rtf_group (reader);
  gboolean has_list = FALSE;

  paragraph->heading = group->outline >= 0 ? (group->outline < 9 ? (guint)group->outline + 1 : 0)
                                           : rtf_lists_heading (reader->lists, group->style);
  if (reader->marker != NULL) {
    *marker = numbering_clean_marker (reader->marker);
    /* tabs alone: a paragraph that the list has left blank */
    has_list = *marker != NULL || strspn (reader->marker, " \t") != strlen (reader->marker);
    remember_marker (reader, *marker);
  } else if (group->is_old_item && word_flow_text (reader->flow)->len > 0) {
    *marker = following_marker (reader->last_marker);
    has_list = TRUE;
    remember_marker (reader, *marker);
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
  group->is_in_table = group->is_old_item = FALSE;
}

/* --- control words -----------------------------------------------------------------------------
 */

static void
take_note_mark (RtfReader *reader)
{
  g_autofree char *mark = NULL;

  if (rtf_group (reader)->target != RTF_TO_FLOW || !rtf_is_visible (reader))
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
    rtf_put_character (reader, info->character);
    return TRUE;
  case RTF_WORD_U:
    rtf_put_unicode (reader, token->number);
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
    rtf_put_character (reader, 0xa0);
    break;
  case '_':
    rtf_put_character (reader, 0x2011);
    break;
  case '\\':
  case '{':
  case '}':
    rtf_put_bytes (reader, &symbol, 1);
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
    rtf_put_bytes (reader, &byte, 1);
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
    rtf_put_bytes (reader, token->text, token->bytes);
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
  g_free (reader->last_marker);
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
