/* What becomes of groups whose text is not the document's. */
#include "ingest/extract/ole/numbering.h"
#include "ingest/extract/ole/ole-object.h"
#include "ingest/extract/ole/word-field.h"
#include "rtf-reader.h"

#include <string.h>

/* --- beginnings --------------------------------------------------------------------------------
 */

static void
begin_target (RtfReader *reader, RtfTarget target)
{
  RtfGroup *group = rtf_group (reader);

  group->target = target;
  group->began_target = TRUE;
  if (target >= RTF_TO_STYLE)
    g_string_truncate (reader->capture, 0);
}

static void
begin_story (RtfReader *reader, WordStory kind, const char *prefix)
{
  RtfGroup *group = rtf_group (reader);

  if (!word_flow_begin_story (reader->flow, kind, prefix)) {
    begin_target (reader, RTF_TO_NOTHING);
    return;
  }
  begin_target (reader, RTF_TO_FLOW);
  group->began_story = TRUE;
  group->is_hidden = FALSE;
  group->depth = 0;
  group->is_in_table = FALSE;
  group->style = group->list = 0;
  group->outline = -1;
  group->outer_row_is_open = reader->row_is_open;
  group->outer_marker = g_steal_pointer (&reader->marker);
  reader->row_is_open = FALSE;
}

static void
begin_note (RtfReader *reader)
{
  g_autofree char *prefix = g_strdup_printf ("[%u] ", reader->notes);

  begin_story (reader, WORD_STORY_NOTE, reader->notes > 0 ? prefix : NULL);
}

static void
begin_comment (RtfReader *reader)
{
  g_autofree char *prefix = reader->commenter == NULL || *reader->commenter == '\0'
                                ? g_strdup ("Comment: ")
                                : g_strdup_printf ("Comment by %s: ", reader->commenter);

  begin_story (reader, WORD_STORY_ASIDE, prefix);
}

static void
begin_object (RtfReader *reader)
{
  begin_target (reader, RTF_TO_OBJECT);
  g_byte_array_set_size (reader->object, 0);
  reader->half = -1;
}

static gboolean
is_within (RtfTarget target, RtfWord word)
{
  switch (word) {
  case RTF_WORD_UD:
    return target == RTF_TO_UPR;
  case RTF_WORD_TITLE:
  case RTF_WORD_AUTHOR:
    return target == RTF_TO_NOTHING_BUT_TITLES;
  case RTF_WORD_SHPTXT:
    return target == RTF_TO_FLOW || target == RTF_TO_NOTHING_BUT_BOXES;
  case RTF_WORD_SHAPE_NAME:
  case RTF_WORD_SHAPE_VALUE:
    return target == RTF_TO_NOTHING_BUT_BOXES;
  case RTF_WORD_SHAPE:
    return target == RTF_TO_FLOW || target == RTF_TO_NOTHING_BUT_BOXES;
  case RTF_WORD_LEVELTEXT:
  case RTF_WORD_LEVELNUMBERS:
    return target == RTF_TO_LISTS;
  case RTF_WORD_PNTXTA:
  case RTF_WORD_PNTXTB:
    return target == RTF_TO_NUMBERS;
  case RTF_WORD_FIELD:
  case RTF_WORD_FLDINST:
  case RTF_WORD_FLDRSLT:
  case RTF_WORD_SKIPPED:
  case RTF_WORD_UPR:
    return target != RTF_TO_NOTHING && target != RTF_TO_UPR;
  default:
    return target == RTF_TO_FLOW;
  }
}

static void
begin_field_part (RtfReader *reader, RtfWord word)
{
  RtfGroup *group = rtf_group (reader);

  /* a field in an instruction is part of it */
  if (group->target == RTF_TO_INSTRUCTION)
    return;
  if (word == RTF_WORD_FIELD)
    group->drops_result = FALSE;
  else if (word == RTF_WORD_FLDINST)
    begin_target (reader, RTF_TO_INSTRUCTION);
  else if (group->drops_result)
    begin_target (reader, RTF_TO_NOTHING);
}

static void
begin_upr (RtfReader *reader)
{
  RtfGroup *group = rtf_group (reader);

  group->outer_target = group->target;
  begin_target (reader, RTF_TO_UPR);
}

/* Those that only choose where the text goes. */
static RtfTarget
target_of (RtfWord word)
{
  switch (word) {
  case RTF_WORD_FONTTBL:
    return RTF_TO_FONTS;
  case RTF_WORD_STYLESHEET:
    return RTF_TO_STYLE;
  case RTF_WORD_INFO:
    return RTF_TO_NOTHING_BUT_TITLES;
  case RTF_WORD_TITLE:
    return RTF_TO_TITLE;
  case RTF_WORD_AUTHOR:
    return RTF_TO_AUTHOR;
  case RTF_WORD_LISTTABLE:
  case RTF_WORD_LISTOVERRIDETABLE:
    return RTF_TO_LISTS;
  case RTF_WORD_LEVELTEXT:
    return RTF_TO_LEVEL_TEXT;
  case RTF_WORD_LISTTEXT:
    return RTF_TO_MARKER;
  case RTF_WORD_ATNAUTHOR:
    return RTF_TO_COMMENTER;
  case RTF_WORD_SHAPE:
    return RTF_TO_NOTHING_BUT_BOXES;
  case RTF_WORD_SHAPE_NAME:
    return RTF_TO_SHAPE_NAME;
  case RTF_WORD_SHAPE_VALUE:
    return RTF_TO_SHAPE_VALUE;
  default:
    return RTF_TO_NOTHING;
  }
}

void
rtf_begin_destination (RtfReader *reader, RtfWord word)
{
  if (!is_within (rtf_group (reader)->target, word)) {
    if (word != RTF_WORD_TRANSPARENT && word != RTF_WORD_FIELD && word != RTF_WORD_FLDRSLT)
      begin_target (reader, RTF_TO_NOTHING);
    return;
  }
  switch (word) {
  case RTF_WORD_TRANSPARENT:
    break;
  case RTF_WORD_HEADER:
    begin_story (reader, WORD_STORY_HEADER, NULL);
    break;
  case RTF_WORD_FOOTER:
    begin_story (reader, WORD_STORY_FOOTER, NULL);
    break;
  case RTF_WORD_FOOTNOTE:
    begin_note (reader);
    break;
  case RTF_WORD_ANNOTATION:
    begin_comment (reader);
    break;
  case RTF_WORD_SHPTXT:
    begin_story (reader, WORD_STORY_ASIDE, NULL);
    break;
  case RTF_WORD_FIELD:
  case RTF_WORD_FLDINST:
  case RTF_WORD_FLDRSLT:
    begin_field_part (reader, word);
    break;
  case RTF_WORD_OBJDATA:
    begin_object (reader);
    break;
  case RTF_WORD_UPR:
    begin_upr (reader);
    break;
  case RTF_WORD_PN:
    begin_target (reader, RTF_TO_NUMBERS);
    if (reader->depth > 0)
      rtf_group (reader)[-1].is_old_item = TRUE;
    break;
  case RTF_WORD_UD:
    begin_target (reader, rtf_group (reader)->outer_target);
    break;
  default:
    begin_target (reader, target_of (word));
  }
  reader->level_has_length = FALSE;
}

/* --- ends --------------------------------------------------------------------------------------
 */

static gboolean
end_story (RtfReader *reader, GError **error)
{
  RtfGroup *group = rtf_group (reader);

  group->began_story = FALSE;
  reader->row_is_open = group->outer_row_is_open;
  g_free (reader->marker);
  reader->marker = g_steal_pointer (&group->outer_marker);
  return word_flow_end_story (reader->flow, error);
}

static void
end_instruction (RtfReader *reader)
{
  RtfGroup *field = reader->depth > 0 ? &reader->groups[reader->depth - 1] : rtf_group (reader);
  g_autofree char *link = word_field_link (reader->capture->str);
  g_autoptr (GString) shown = g_string_new (NULL);

  if (field->target != RTF_TO_FLOW || field->is_hidden || field->is_deleted)
    return;
  if (link != NULL)
    word_flow_add_link (reader->flow, link);
  if (word_field_show (reader->capture->str, shown)) {
    g_string_append (word_flow_text (reader->flow), shown->str);
    field->drops_result = TRUE;
  }
}

static gboolean
end_object (RtfReader *reader, GError **error)
{
  g_autofree char *name = g_strdup_printf ("object %u", ++reader->objects);
  g_autoptr (GBytes) object = g_bytes_new (reader->object->data, reader->object->len);

  g_byte_array_set_size (reader->object, 0);
  return ole_object_read_ole1 (reader->input, object, name, reader->sink, error);
}

static void
take_style (RtfReader *reader)
{
  RtfGroup *group = rtf_group (reader);
  g_autofree char *name = g_strdup (reader->capture->str);

  name[strcspn (name, ";")] = '\0';
  g_strstrip (name);
  rtf_lists_add_style (reader->lists, group->style, name, group->outline, reader->based_on);
}

static void
replace (char **old, const char *value)
{
  g_free (*old);
  *old = g_strdup (value);
}

/* "\\'02\\'00.;": without its end */
static void
take_level_text (RtfReader *reader)
{
  GString *text = reader->capture;

  if (text->len > 0 && text->str[text->len - 1] == ';')
    g_string_truncate (text, text->len - 1);
  rtf_lists_set_text (reader->lists, text->str);
}

/* WordArt is a property of its shape. */
static gboolean
take_shape_value (RtfReader *reader, GError **error)
{
  if (g_strcmp0 (reader->shape_name, "gtextUNICODE") != 0 ||
      !word_flow_begin_story (reader->flow, WORD_STORY_ASIDE, NULL))
    return TRUE;
  g_string_append (word_flow_text (reader->flow), reader->capture->str);
  return word_flow_end_story (reader->flow, error);
}

static gboolean
take_captured (RtfReader *reader, RtfTarget target, GError **error)
{
  const char *text = reader->capture->str;

  switch (target) {
  case RTF_TO_OBJECT:
    return end_object (reader, error);
  case RTF_TO_SHAPE_VALUE:
    return take_shape_value (reader, error);
  case RTF_TO_TITLE:
    extract_meta (reader->sink, "title", text);
    break;
  case RTF_TO_AUTHOR:
    extract_meta (reader->sink, "author", text);
    break;
  case RTF_TO_COMMENTER:
    replace (&reader->commenter, text);
    break;
  case RTF_TO_SHAPE_NAME:
    replace (&reader->shape_name, text);
    break;
  case RTF_TO_INSTRUCTION:
    end_instruction (reader);
    break;
  case RTF_TO_LEVEL_TEXT:
    take_level_text (reader);
    break;
  case RTF_TO_MARKER:
    replace (&reader->marker, text);
    reader->has_list_texts = TRUE;
    break;
  default:
    break;
  }
  return TRUE;
}

gboolean
rtf_end_destination (RtfReader *reader, GError **error)
{
  RtfGroup *group = rtf_group (reader);

  rtf_flush (reader);
  if (group->began_story)
    return end_story (reader, error);
  if (group->began_target)
    return take_captured (reader, group->target, error);
  /* each group in the style sheet is one */
  if (group->target == RTF_TO_STYLE) {
    take_style (reader);
    g_string_truncate (reader->capture, 0);
  }
  return TRUE;
}
