#include "pdf-pages.h"

#include "ingest/extract/bytes.h"

#include <math.h>
#include <string.h>

#define NUMBER_MAX 1e9 /* of a place or size; what is beyond does not travel */

/* --- numbers and texts ------------------------------------------------------------------------ */

static void
pack_u32 (GByteArray *bytes, guint32 value)
{
  const guint8 packed[] = {(guint8)value, (guint8)(value >> 8), (guint8)(value >> 16),
                           (guint8)(value >> 24)};

  g_byte_array_append (bytes, packed, sizeof packed);
}

static void
pack_text (GByteArray *bytes, const char *text)
{
  gsize n = strlen (text);

  pack_u32 (bytes, (guint32)n);
  g_byte_array_append (bytes, (const guint8 *)text, (guint)n);
}

static void
pack_texts (GByteArray *bytes, const GPtrArray *texts)
{
  pack_u32 (bytes, texts == NULL ? 0 : texts->len);
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    pack_text (bytes, g_ptr_array_index (texts, i));
}

/* Both ends are one program. */
static void
pack_raw (GByteArray *bytes, gconstpointer data, gsize n)
{
  g_byte_array_append (bytes, data, (guint)n);
}

static void
unpack_raw (ByteReader *reader, gpointer data, gsize n)
{
  const guint8 *from = reader->at;

  if (n == 0)
    return; /* there may be no place for it */
  memset (data, 0, n);
  byte_skip (reader, n);
  if (!reader->is_short)
    memcpy (data, from, n);
}

/* (nullable) (transfer full) NULL: it is short, or no text. */
static char *
unpack_text (ByteReader *reader)
{
  guint32 n = byte_read_u32 (reader);
  const char *text = (const char *)reader->at;

  byte_skip (reader, n);
  if (reader->is_short || !g_utf8_validate (text, (gssize)n, NULL)) {
    reader->is_short = TRUE;
    return NULL;
  }
  return g_strndup (text, n);
}

/* (nullable) (transfer full) NULL: there are none. */
static GPtrArray *
unpack_texts (ByteReader *reader)
{
  guint32 n = byte_read_u32 (reader);
  GPtrArray *texts = n > 0 ? g_ptr_array_new_with_free_func (g_free) : NULL;

  for (guint32 i = 0; i < n && !reader->is_short; i++) {
    char *text = unpack_text (reader);

    if (text != NULL)
      g_ptr_array_add (texts, text);
  }
  return texts;
}

/* --- lines ------------------------------------------------------------------------------------ */

/* What of a line is no pointer and known before its neighbours are. */
typedef struct {
  double x1, y1, x2, y2, size, first_word_width, right;
  guint32 first_word, n_words, grid;
  guint8 is_bold, is_soft, has_targets, unused;
} PackedLine;

static void
pack_line (GByteArray *bytes, const PdfLine *line)
{
  PackedLine packed = {
      .x1 = line->x1,
      .y1 = line->y1,
      .x2 = line->x2,
      .y2 = line->y2,
      .size = line->size,
      .first_word_width = line->first_word_width,
      .right = line->right,
      .first_word = line->first_word,
      .n_words = line->n_words,
      .grid = line->grid,
      .is_bold = line->is_bold != FALSE,
      .is_soft = line->is_soft != FALSE,
      .has_targets = line->targets != NULL,
  };

  pack_raw (bytes, &packed, sizeof packed);
  pack_text (bytes, line->text);
  if (line->targets != NULL)
    pack_texts (bytes, line->targets);
}

static gboolean
is_number (double value)
{
  return isfinite (value) && fabs (value) < NUMBER_MAX;
}

static gboolean
has_numbers (const PackedLine *packed)
{
  return is_number (packed->x1) && is_number (packed->y1) && is_number (packed->x2) &&
         is_number (packed->y2) && is_number (packed->size) &&
         is_number (packed->first_word_width) && is_number (packed->right);
}

/* Do the line's words lie in its text? */
static gboolean
has_sound_words (const PdfPage *page, const PdfLine *line)
{
  if (line->n_words > page->places->len || line->first_word > page->places->len - line->n_words)
    return FALSE;
  for (guint i = 0; i < line->n_words; i++) {
    const PdfWord *word = &g_array_index (page->places, PdfWord, line->first_word + i);

    /* the character's first byte */
    if (word->start > line->bytes || ((guint8)line->text[word->start] & 0xc0) == 0x80 ||
        !is_number (word->x1) || !is_number (word->x2))
      return FALSE;
  }
  return TRUE;
}

static gboolean
unpack_line (ByteReader *reader, PdfPage *page)
{
  PackedLine packed;
  PdfLine line = {0};

  unpack_raw (reader, &packed, sizeof packed);
  line = (PdfLine){
      .text = unpack_text (reader),
      .x1 = packed.x1,
      .y1 = packed.y1,
      .x2 = packed.x2,
      .y2 = packed.y2,
      .size = packed.size,
      .first_word_width = packed.first_word_width,
      .right = packed.right,
      .is_bold = packed.is_bold != 0,
      .is_soft = packed.is_soft != 0,
      .first_word = packed.first_word,
      .n_words = packed.n_words,
      .grid = packed.grid,
  };
  if (line.text == NULL)
    return FALSE;
  line.bytes = strlen (line.text);
  if (packed.has_targets)
    line.targets = unpack_texts (reader);
  g_array_append_val (page->lines, line); /* now the page's */
  return !reader->is_short && has_numbers (&packed) && line.grid <= page->n_grids &&
         has_sound_words (page, &line);
}

/* --- the page --------------------------------------------------------------------------------- */

typedef struct {
  double width, height, pitch;
  guint32 number, n_grids, n_places, n_lines;
  guint8 has_leftward, is_mirrored, unused[6];
} PackedPage;

void
pdf_page_pack (const PdfPage *page, GByteArray *bytes)
{
  PackedPage packed = {
      .width = page->width,
      .height = page->height,
      .pitch = page->pitch,
      .number = page->number,
      .n_grids = page->n_grids,
      .n_places = page->places->len,
      .n_lines = page->lines->len,
      .has_leftward = page->has_leftward != FALSE,
      .is_mirrored = page->is_mirrored != FALSE,
  };

  pack_raw (bytes, &packed, sizeof packed);
  pack_raw (bytes, page->places->data, page->places->len * sizeof (PdfWord));
  for (guint i = 0; i < page->lines->len; i++)
    pack_line (bytes, &g_array_index (page->lines, PdfLine, i));
  pack_texts (bytes, page->notes);
}

static gboolean
unpack_page (ByteReader *reader, PdfPage *page)
{
  PackedPage packed;

  unpack_raw (reader, &packed, sizeof packed);
  page->number = packed.number;
  page->width = packed.width;
  page->height = packed.height;
  page->pitch = packed.pitch;
  page->n_grids = packed.n_grids;
  page->has_leftward = packed.has_leftward != 0;
  page->is_mirrored = packed.is_mirrored != 0;
  if (reader->is_short || !is_number (page->width) || !is_number (page->height) ||
      !is_number (page->pitch) || packed.n_grids > packed.n_lines ||
      packed.n_places > byte_left (reader) / sizeof (PdfWord))
    return FALSE;
  g_array_set_size (page->places, packed.n_places);
  unpack_raw (reader, page->places->data, packed.n_places * sizeof (PdfWord));
  for (guint32 i = 0; i < packed.n_lines; i++)
    if (!unpack_line (reader, page))
      return FALSE;
  page->notes = unpack_texts (reader);
  return !reader->is_short && byte_left (reader) == 0;
}

PdfPage *
pdf_page_unpack (const guint8 *bytes, gsize n_bytes)
{
  g_autoptr (PdfPage) page = pdf_page_new (0);
  ByteReader reader;

  byte_reader_init (&reader, bytes, n_bytes);
  return unpack_page (&reader, page) ? g_steal_pointer (&page) : NULL;
}
