/* Text of slides, with the levels of its paragraphs (MS-PPT 2.9). */
#include "ppt.h"

#include <string.h>

/* PFMasks (2.9.21), and the fields that each stands for, in order */
#define MASK_BULLET_FLAGS 0x0000000f
#define MASK_HAS_BULLET 0x00000001

typedef struct {
  guint characters; /* up to the end of the paragraphs that this is of */
  guint level;
  gboolean says_bullet; /* there is a word about it */
  gboolean has_bullet;
} ParagraphStyle;

gboolean
ppt_text_is_title (const PptText *text)
{
  return text->type == PPT_TEXT_TITLE || text->type == PPT_TEXT_CENTER_TITLE;
}

static gboolean
is_body (const PptText *text)
{
  return text->type == PPT_TEXT_BODY || text->type == PPT_TEXT_HALF_BODY ||
         text->type == PPT_TEXT_QUARTER_BODY;
}

static void
take_link (PptText *text, const PptRecord *record)
{
  PptRecord atom;

  if (text->link == 0 && ppt_find (record->data, PPT_INTERACTIVE_INFO_ATOM, -1, &atom)) {
    byte_skip (&atom.data, 4);
    text->link = byte_read_u32 (&atom.data);
  }
}

gboolean
ppt_text_take (PptText *text, const PptRecord *record)
{
  switch (record->type) {
  case PPT_TEXT_HEADER: {
    ByteReader data = record->data;

    *text = (PptText){.type = byte_read_u32 (&data)};
    return TRUE;
  }
  case PPT_TEXT_CHARS:
  case PPT_TEXT_BYTES:
    text->text = record->data;
    text->is_wide = record->type == PPT_TEXT_CHARS;
    break;
  case PPT_STYLE_TEXT_PROP:
    text->styles = record->data;
    break;
  case PPT_SLIDE_NUMBER_MC:
    text->has_number = TRUE;
    break;
  case PPT_DATETIME_MC:
  case PPT_GENERIC_DATE_MC:
  case PPT_RTF_DATETIME_MC:
    text->has_date = TRUE;
    break;
  case PPT_HEADER_MC:
    text->has_header = TRUE;
    break;
  case PPT_FOOTER_MC:
    text->has_footer = TRUE;
    break;
  case PPT_INTERACTIVE_INFO:
    take_link (text, record);
    break;
  default:
    break;
  }
  return FALSE;
}

/* --- paragraphs --------------------------------------------------------------------------------
 */

/* TextPFException (2.9.20) */
static void
skip_properties (ByteReader *reader, ParagraphStyle *style)
{
  static const struct {
    guint32 mask;
    guint8 bytes;
  } fields[] = {
      {0x80, 2},   {0x10, 2},   {0x40, 2},  {0x20, 4},  {0x800, 2},  {0x1000, 2},
      {0x2000, 2}, {0x4000, 2}, {0x100, 2}, {0x400, 2}, {0x8000, 2},
  };
  guint32 mask = byte_read_u32 (reader);

  if (mask & MASK_BULLET_FLAGS) {
    guint16 flags = byte_read_u16 (reader);

    style->says_bullet = (mask & MASK_HAS_BULLET) != 0;
    style->has_bullet = (flags & 1) != 0;
  }
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (mask & fields[i].mask)
      byte_skip (reader, fields[i].bytes);
  if (mask & 0x100000) /* tabs */
    byte_skip (reader, byte_read_u16 (reader) * 4u);
  if (mask & 0x10000)
    byte_skip (reader, 2);
  if (mask & 0xe0000)
    byte_skip (reader, 2);
  if (mask & 0x200000)
    byte_skip (reader, 2);
}

/* The next TextPFRun. */
static void
next_style (ByteReader *reader, ParagraphStyle *style)
{
  guint before = style->characters;
  guint32 count = byte_read_u32 (reader);

  *style = (ParagraphStyle){.characters = G_MAXUINT};
  if (count == 0 || count > G_MAXUINT - before)
    return;
  style->level = byte_read_u16 (reader);
  skip_properties (reader, style);
  style->characters = before + count;
  if (reader->is_short) /* what was read makes no sense */
    *style = (ParagraphStyle){.characters = G_MAXUINT};
}

static guint
unit_at (const PptText *text, gsize index)
{
  return text->is_wide ? text->text.at[index * 2] | (guint)text->text.at[index * 2 + 1] << 8
                       : text->text.at[index];
}

static gsize
count_units (const PptText *text)
{
  return byte_left (&text->text) / (text->is_wide ? 2 : 1);
}

/* Units from `from` to `to` without a paragraph's end. */
static void
append_units (const PptText *text, gsize from, gsize to, GString *out)
{
  gsize start = from;

  for (gsize i = from; i <= to; i++) {
    guint unit = i < to ? unit_at (text, i) : '\v';

    if (unit != '\v')
      continue;
    if (text->is_wide)
      codepage_append_utf16 (out, text->text.at + start * 2, i - start);
    for (gsize j = start; !text->is_wide && j < i; j++)
      g_string_append_unichar (out, text->text.at[j]);
    if (i < to)
      g_string_append_c (out, '\n');
    start = i + 1;
  }
}

char *
ppt_text_plain (const PptText *text)
{
  GString *out = g_string_new (NULL);

  append_units (text, 0, count_units (text), out);
  for (gsize i = 0; i < out->len; i++)
    if (out->str[i] == '\r')
      out->str[i] = '\n';
  return g_string_free (out, FALSE);
}

static void
append_link (const Ppt *ppt, const PptText *text, GString *out)
{
  const char *link =
      text->link == 0 ? NULL : g_hash_table_lookup (ppt->links, GUINT_TO_POINTER (text->link));

  if (link != NULL && strstr (out->str, link) == NULL)
    g_string_append_printf (out, " (%s)", link);
}

static gboolean
write_paragraph (Ppt *ppt, const PptText *text, const ParagraphStyle *style, guint page,
                 GString *out, GError **error)
{
  gboolean is_item = style->says_bullet ? style->has_bullet : is_body (text);

  if (ppt_text_is_title (text))
    return extract_heading (ppt->sink, text->type == PPT_TEXT_CENTER_TITLE ? 1 : 2, page, out->str,
                            (gssize)out->len, error);
  if (is_item)
    return extract_list_item (ppt->sink, MIN (style->level, 8) + 1, page, NULL, out->str,
                              (gssize)out->len, error);
  return extract_paragraph (ppt->sink, page, out->str, (gssize)out->len, error);
}

gboolean
ppt_text_write (Ppt *ppt, const PptText *text, guint page, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gsize n = count_units (text), start = 0;
  ByteReader styles = text->styles;
  ParagraphStyle style = {0};

  for (gsize i = 0; i <= n; i++) {
    if (i < n && (unit_at (text, i) != '\r' || ppt_text_is_title (text)))
      continue;
    while (style.characters <= start)
      next_style (&styles, &style);
    g_string_truncate (out, 0);
    append_units (text, start, i, out);
    if (i == n)
      append_link (ppt, text, out);
    if (!write_paragraph (ppt, text, &style, page, out, error))
      return FALSE;
    start = i + 1;
  }
  return TRUE;
}
