/* Text on its way out of RTF: bytes in the code page of their font, characters. */
#include "ingest/extract/office/symbols.h"
#include "rtf-reader.h"

#include <string.h>

gboolean
rtf_is_visible (RtfReader *reader)
{
  const RtfGroup *group = rtf_group (reader);

  return !group->is_deleted && (!group->is_hidden || group->target != RTF_TO_FLOW);
}

/* (nullable) where there is no place for text */
static GString *
place (RtfReader *reader)
{
  RtfTarget target = rtf_group (reader)->target;

  if (!rtf_is_visible (reader))
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

void
rtf_put_character (RtfReader *reader, gunichar c)
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
void
rtf_put_bytes (RtfReader *reader, const guint8 *text, gsize bytes)
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
  code_page = rtf_fonts_code_page (reader->fonts, group->font < 0 && group->target == RTF_TO_FLOW
                                                      ? rtf_fonts_default (reader->fonts)
                                                      : group->font);
  if (code_page != reader->pending_code_page)
    rtf_flush (reader);
  reader->pending_code_page = code_page;
  if (reader->pending->len == 0 && code_page != CODEPAGE_SYMBOL && is_ascii (text, bytes))
    g_string_append_len (out, (const char *)text, (gssize)bytes);
  else
    g_string_append_len (reader->pending, (const char *)text, (gssize)bytes);
}

void
rtf_put_unicode (RtfReader *reader, gint32 number)
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
    rtf_put_character (reader, c);
}
