/* Fields: what they show is kept, what they are made of is not (ECMA-376 part 1, 17.16). */
#include "docx.h"
#include "symbols.h"

#include <string.h>

#define FIELDS_MAX 64
#define CODE_BYTES_MAX 4096
#define ENTRIES_MAX 1024

void
docx_field_free (gpointer data)
{
  DocxField *field = data;

  g_string_free (field->code, TRUE);
  if (field->entries != NULL)
    g_ptr_array_unref (field->entries);
  g_free (field);
}

static DocxField *
open_field (const DocxStory *story)
{
  return story->fields->len == 0 ? NULL : g_ptr_array_index (story->fields, story->fields->len - 1);
}

void
docx_field_code (DocxStory *story, const char *text, gsize bytes)
{
  DocxField *field = open_field (story);

  if (field != NULL && !field->in_result && field->code->len + bytes <= CODE_BYTES_MAX)
    g_string_append_len (field->code, text, (gssize)bytes);
}

void
docx_field_property (DocxStory *story, DocxTag tag, const xmlChar **attributes, guint n_attributes)
{
  DocxField *field = open_field (story);

  if (field == NULL)
    return;
  switch (tag) {
  case DOCX_TAG_DEFAULT:
  case DOCX_TAG_CHECKED:
    /* a drop-down list's default is a number, a text's is a text: only a box is on or off */
    field->is_checked = docx_is_on (attributes, n_attributes);
    field->result =
        (gint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "val", 0), 0, ENTRIES_MAX);
    break;
  case DOCX_TAG_RESULT:
    field->result =
        (gint)CLAMP (xml_part_attribute_int (attributes, n_attributes, "val", 0), 0, ENTRIES_MAX);
    break;
  case DOCX_TAG_LIST_ENTRY:
    if (field->entries == NULL)
      field->entries = g_ptr_array_new_with_free_func (g_free);
    if (field->entries->len < ENTRIES_MAX)
      g_ptr_array_add (field->entries, xml_part_attribute (attributes, n_attributes, "val"));
    break;
  default:
    break;
  }
}

/* SYMBOL 183 \f "Wingdings" (17.16.5.63) */
static void
write_symbol (DocxStory *story, const char *code)
{
  const char *number = code + strspn (code, " ");
  const char *font = strstr (code, "\\f");
  guint64 value = g_ascii_strtoull (number, NULL, 0);
  gunichar character;
  char utf8[8] = "";

  if (font != NULL)
    font += 2 + strspn (font + 2, " \"");
  character = value <= 0xffff ? symbol_to_unicode (font, (gunichar)value) : 0;
  if (character == 0 && value >= 0x20 && value <= 0xffff && g_unichar_validate ((gunichar)value))
    character = (gunichar)value;
  if (character != 0)
    utf8[g_unichar_to_utf8 (character, utf8)] = '\0';
  docx_story_append (story, utf8);
}

/* What a field shows that has no result of its own. */
static void
write_resultless (DocxStory *story, const DocxField *field)
{
  const char *code = field->code->str + strspn (field->code->str, " \t");

  if (g_str_has_prefix (code, "FORMCHECKBOX"))
    docx_story_append (story, field->is_checked ? "☒" : "☐");
  else if (g_str_has_prefix (code, "FORMDROPDOWN") && field->entries != NULL &&
           (guint)field->result < field->entries->len)
    docx_story_append (story, g_ptr_array_index (field->entries, (guint)field->result) ?: "");
  else if (g_str_has_prefix (code, "SYMBOL "))
    write_symbol (story, code + strlen ("SYMBOL "));
  else if (g_str_has_prefix (code, "MACROBUTTON ")) {
    /* the macro's name, and what stands on the button */
    const char *text = strchr (code + strlen ("MACROBUTTON "), ' ');

    docx_story_append (story, text == NULL ? "" : text + 1);
  }
}

/* HYPERLINK "https://example.org/" (17.16.5.25) */
static void
begin_link (DocxStory *story, DocxField *field)
{
  const char *code = strstr (field->code->str, "HYPERLINK");
  const char *quote = code == NULL ? NULL : strchr (code, '"');
  const char *end = quote == NULL ? NULL : strchr (quote + 1, '"');
  g_autofree char *href = end == NULL ? NULL : g_strndup (quote + 1, (gsize)(end - quote - 1));

  field->is_link = href != NULL;
  if (href != NULL)
    flow_begin_link (story->flow, href);
}

/* A field that never comes to its result would swallow all that follows. */
void
docx_field_end_paragraph (DocxStory *story)
{
  for (guint i = 0; i < story->fields->len; i++)
    ((DocxField *)g_ptr_array_index (story->fields, i))->in_result = TRUE;
}

void
docx_field_char (DocxStory *story, const xmlChar **attributes, guint n_attributes)
{
  DocxField *field = open_field (story);

  if (xml_part_attribute_is (attributes, n_attributes, "fldCharType", "begin")) {
    if (story->fields->len >= FIELDS_MAX)
      return;
    field = g_new0 (DocxField, 1);
    field->code = g_string_new (NULL);
    g_ptr_array_add (story->fields, field);
  } else if (field != NULL &&
             xml_part_attribute_is (attributes, n_attributes, "fldCharType", "separate")) {
    field->in_result = TRUE;
    begin_link (story, field);
    /* what a form's field shows is not in its result */
    if (strstr (field->code->str, "FORMCHECKBOX") != NULL ||
        strstr (field->code->str, "FORMDROPDOWN") != NULL)
      write_resultless (story, field);
  } else if (field != NULL &&
             xml_part_attribute_is (attributes, n_attributes, "fldCharType", "end")) {
    gboolean had_result = field->in_result;

    field->in_result = TRUE;
    if (!had_result)
      write_resultless (story, field);
    if (field->is_link)
      flow_end_link (story->flow);
    g_ptr_array_set_size (story->fields, (int)story->fields->len - 1);
  }
}
