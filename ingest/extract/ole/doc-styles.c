/* Styles (STSH, MS-DOC 2.9.271) and fonts (2.9.286). */
#include "doc.h"

#include <string.h>

#define STYLES_MAX 0x0ffe
#define BASES_MAX 12
#define KIND_PARAGRAPH 1
#define KIND_CHARACTER 2
#define STI_HEADING_1 1
#define STI_HEADING_9 9
#define STI_TITLE 62
#define FONTS_MAX 10000

/* As the file has it, before its base is added. */
typedef struct {
  guint16 sti;
  guint8 kind;
  guint16 base;
  guint8 updates; /* lists of properties */
  ByteReader rest;
} RawStyle;

/* StdfBase; `reader` holds this style alone. */
static void
read_raw (const Doc *doc, ByteReader *reader, gsize base_bytes, RawStyle *style)
{
  const guint8 *start = reader->at;
  guint16 word;
  gsize name;

  word = byte_read_u16 (reader);
  style->sti = word & 0x0fff;
  word = byte_read_u16 (reader);
  style->kind = word & 15;
  style->base = word >> 4;
  style->updates = byte_read_u16 (reader) & 15;
  reader->at = start;
  byte_skip (reader, base_bytes);
  name = doc->is_old ? byte_read_u8 (reader) + 1u : byte_read_u16 (reader) * 2u + 2;
  byte_skip (reader, name);
  style->rest = *reader;
  if (reader->is_short)
    style->updates = 0;
  /* the lists begin at even offsets */
  if ((style->rest.at - start) & 1)
    byte_skip (&style->rest, 1);
}

/* The next list of properties. */
static ByteReader
next_update (ByteReader *reader)
{
  ByteReader update;
  gsize bytes = byte_read_u16 (reader);

  byte_reader_init (&update, reader->at, MIN (bytes, byte_left (reader)));
  byte_skip (reader, bytes + (bytes & 1));
  return update;
}

static void
add_raw (const Doc *doc, const RawStyle *raw, DocStyle *style)
{
  ByteReader rest = raw->rest, update;
  DocCharacters before = style->characters;

  if (raw->kind == KIND_PARAGRAPH && raw->updates > 0) {
    update = next_update (&rest);
    byte_skip (&update, 2); /* its own number */
    doc_apply_to_paragraph (doc, update.at, byte_left (&update), &style->paragraph);
  }
  if ((raw->kind == KIND_PARAGRAPH && raw->updates > 1) ||
      (raw->kind == KIND_CHARACTER && raw->updates > 0)) {
    update = next_update (&rest);
    doc_apply_to_characters (doc, update.at, byte_left (&update), &before, &style->characters);
  }
}

/* From the last base on. */
static DocStyle
resolve (const Doc *doc, const GArray *raws, guint index)
{
  DocStyle style = {.sti = g_array_index (raws, RawStyle, index).sti,
                    .paragraph = {.outline = 9},
                    .characters = {.font = -1, .symbol_font = -1}};
  guint chain[BASES_MAX], n = 0;

  while (n < BASES_MAX && index < raws->len) {
    chain[n++] = index;
    index = g_array_index (raws, RawStyle, index).base;
  }
  while (n > 0)
    add_raw (doc, &g_array_index (raws, RawStyle, chain[--n]), &style);
  style.paragraph.is_in_table = FALSE;
  return style;
}

void
doc_read_styles (Doc *doc)
{
  g_autoptr (GArray) raws = g_array_new (FALSE, TRUE, sizeof (RawStyle));
  ByteReader reader, head;
  gsize head_bytes;
  guint n, base_bytes;

  doc_table (doc, DOC_TABLE_STYLES, &reader);
  head_bytes = byte_read_u16 (&reader);
  byte_reader_init (&head, reader.at, MIN (head_bytes, byte_left (&reader)));
  byte_skip (&reader, head_bytes);
  n = byte_read_u16 (&head);
  base_bytes = byte_read_u16 (&head);
  for (guint i = 0; i < MIN (n, STYLES_MAX) && !reader.is_short; i++) {
    gsize bytes = byte_read_u16 (&reader);
    RawStyle raw = {.sti = 0x0fff, .base = 0x0fff};
    ByteReader one;

    byte_reader_init (&one, reader.at, MIN (bytes, byte_left (&reader)));
    byte_skip (&reader, bytes + (bytes & 1));
    if (bytes > 0)
      read_raw (doc, &one, base_bytes, &raw);
    g_array_append_val (raws, raw);
  }
  for (guint i = 0; i < raws->len; i++) {
    DocStyle style = resolve (doc, raws, i);

    g_array_append_val (doc->styles, style);
  }
}

const DocStyle *
doc_style (const Doc *doc, guint16 style)
{
  return style < doc->styles->len ? &g_array_index (doc->styles, DocStyle, style) : NULL;
}

guint
doc_heading (const Doc *doc, const DocParagraph *paragraph)
{
  const DocStyle *style = doc_style (doc, paragraph->style);

  if (style != NULL && style->sti >= STI_HEADING_1 && style->sti <= STI_HEADING_9)
    return style->sti;
  if (style != NULL && style->sti == STI_TITLE)
    return 1;
  return paragraph->outline < 9 ? paragraph->outline + 1u : 0;
}

/* --- fonts -------------------------------------------------------------------------------------
 */

static void
read_font (Doc *doc, ByteReader *reader, DocFont *font)
{
  g_autoptr (GString) name = g_string_new (NULL);
  gsize n = 0;

  byte_skip (reader, 3);
  font->charset = byte_read_u8 (reader);
  byte_skip (reader, 1);
  if (doc->is_old) {
    while (n < byte_left (reader) && reader->at[n] != 0)
      n++;
    codepages_append (doc->codepages, CODEPAGE_DEFAULT, reader->at, n, name);
  } else {
    byte_skip (reader, 10 + 24);
    while (n + 1 < byte_left (reader) && (reader->at[n] | reader->at[n + 1]) != 0)
      n += 2;
    codepage_append_utf16 (name, reader->at, n / 2);
  }
  font->name = g_string_free (g_steal_pointer (&name), FALSE);
}

void
doc_read_fonts (Doc *doc)
{
  ByteReader reader;

  doc_table (doc, DOC_TABLE_FONTS, &reader);
  byte_skip (&reader, doc->is_old ? 2 : 4);
  while (byte_left (&reader) > 0 && doc->fonts->len < FONTS_MAX) {
    gsize bytes = byte_read_u8 (&reader);
    DocFont font = {0};
    ByteReader one;

    byte_reader_init (&one, reader.at, MIN (bytes, byte_left (&reader)));
    byte_skip (&reader, bytes);
    read_font (doc, &one, &font);
    g_array_append_val (doc->fonts, font);
  }
}

const char *
doc_font_name (const Doc *doc, gint32 font)
{
  return font >= 0 && (guint)font < doc->fonts->len ? g_array_index (doc->fonts, DocFont, font).name
                                                    : NULL;
}
