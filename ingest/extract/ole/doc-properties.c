/* Properties: single ones (sprm, MS-DOC 2.2.5 and 2.6), and the pages that say what text has which
 * (FKP, 2.9.23 and 2.9.33). */
#include "doc.h"

#include <string.h>

#define PAGE_BYTES 512
#define PARAGRAPH_ENTRY_BYTES 13 /* BX: the offset, and a height */
#define PARAGRAPH_ENTRY_BYTES_OLD 7

enum {
  SPRM_P_STYLE = 0x4600,
  SPRM_P_LEVEL = 0x260a,
  SPRM_P_LIST = 0x460b,
  SPRM_P_OLD_LIST = 0x240d, /* Word 6; ours for what is 13 there */
  SPRM_P_IN_TABLE = 0x2416,
  SPRM_P_ROW_END = 0x2417,
  SPRM_P_OUTLINE = 0x2640,
  SPRM_P_DEPTH = 0x6649,
  SPRM_P_DEPTH_ADD = 0x664a,
  SPRM_P_INNER_CELL = 0x244b,
  SPRM_P_INNER_ROW_END = 0x244c,
  SPRM_P_HUGE_1 = 0x6645,
  SPRM_P_HUGE_2 = 0x6646,
  SPRM_P_TABS = 0xc615,
  SPRM_C_DELETED = 0x0800,
  SPRM_C_SYMBOL = 0x6a09,
  SPRM_C_SEPARATOR = 0x0818,
  SPRM_C_STYLE = 0x4a30,
  SPRM_C_PLAIN = 0x2a33,
  SPRM_C_HIDDEN = 0x083c,
  SPRM_C_FONT = 0x4a4f,
  SPRM_T_HEADER = 0x3404,
  SPRM_T_DEFINITION = 0xd608,
  SPRM_T_DEFINITION_10 = 0xd606,
};

typedef struct {
  guint16 code; /* of Word 97 */
  const guint8 *operand;
  gsize bytes;
} Sprm;

/* Sizes of operands in Word 6: 255 has a size of one byte before it, 254 one of two bytes. */
static const guint8 old_sizes[256] = {
    [2] = 2,     [3] = 255,   [4] = 1,     [5] = 1,     [6] = 1,    [7] = 1,     [8] = 1,
    [9] = 1,     [10] = 1,    [11] = 1,    [12] = 255,  [13] = 1,   [14] = 1,    [15] = 255,
    [16] = 2,    [17] = 2,    [18] = 2,    [19] = 2,    [20] = 4,   [21] = 2,    [22] = 2,
    [23] = 255,  [24] = 1,    [25] = 1,    [26] = 2,    [27] = 2,   [28] = 2,    [29] = 1,
    [30] = 2,    [31] = 2,    [32] = 2,    [33] = 2,    [34] = 2,   [35] = 2,    [36] = 2,
    [37] = 1,    [38] = 2,    [39] = 2,    [40] = 2,    [41] = 2,   [42] = 2,    [43] = 2,
    [44] = 1,    [45] = 2,    [46] = 2,    [47] = 2,    [48] = 2,   [49] = 2,    [50] = 1,
    [51] = 1,    [65] = 1,    [66] = 1,    [67] = 1,    [68] = 255, [69] = 2,    [70] = 4,
    [71] = 1,    [72] = 2,    [73] = 3,    [74] = 255,  [75] = 1,   [80] = 2,    [81] = 255,
    [82] = 255,  [85] = 1,    [86] = 1,    [87] = 1,    [88] = 1,   [89] = 1,    [90] = 1,
    [91] = 1,    [92] = 1,    [93] = 2,    [94] = 1,    [95] = 3,   [96] = 2,    [97] = 2,
    [98] = 1,    [99] = 2,    [100] = 1,   [101] = 2,   [102] = 1,  [103] = 255, [104] = 1,
    [105] = 255, [106] = 255, [107] = 2,   [108] = 255, [109] = 2,  [110] = 2,   [117] = 1,
    [118] = 1,   [119] = 1,   [120] = 255, [121] = 2,   [122] = 2,  [123] = 2,   [124] = 2,
    [131] = 1,   [132] = 1,   [133] = 2,   [134] = 2,   [135] = 2,  [136] = 2,   [138] = 2,
    [139] = 1,   [140] = 1,   [142] = 1,   [143] = 1,   [144] = 1,  [145] = 1,   [146] = 2,
    [147] = 2,   [148] = 2,   [149] = 2,   [150] = 1,   [151] = 1,  [152] = 2,   [153] = 1,
    [154] = 2,   [155] = 2,   [156] = 2,   [157] = 2,   [158] = 2,  [159] = 1,   [160] = 2,
    [161] = 2,   [162] = 1,   [164] = 2,   [165] = 2,   [166] = 2,  [167] = 2,   [168] = 2,
    [169] = 2,   [170] = 2,   [171] = 2,   [179] = 2,   [182] = 2,  [183] = 2,   [184] = 2,
    [185] = 1,   [186] = 1,   [187] = 12,  [188] = 254, [189] = 2,  [190] = 254, [191] = 1,
    [192] = 255, [193] = 5,   [194] = 4,   [195] = 2,   [196] = 4,  [197] = 2,   [198] = 2,
    [199] = 5,   [200] = 4,   [201] = 2,
};

/* Word 6's codes of what matters here; they are those of a piece's prm, too (MS-DOC 2.9.214). */
static guint16
modern_code (guint8 old)
{
  switch (old) {
  case 2:
    return SPRM_P_STYLE;
  case 13:
    return SPRM_P_OLD_LIST;
  case 24:
    return SPRM_P_IN_TABLE;
  case 25:
    return SPRM_P_ROW_END;
  case 65:
    return SPRM_C_DELETED;
  case 74:
    return SPRM_C_SYMBOL;
  case 80:
    return SPRM_C_STYLE;
  case 83:
    return SPRM_C_PLAIN;
  case 92:
    return SPRM_C_HIDDEN;
  case 93:
    return SPRM_C_FONT;
  case 186:
    return SPRM_T_HEADER;
  default:
    return 0;
  }
}

static gboolean
take_operand (ByteReader *reader, gsize bytes, Sprm *sprm)
{
  if (bytes > byte_left (reader))
    return FALSE;
  sprm->operand = reader->at;
  sprm->bytes = bytes;
  reader->at += bytes;
  return TRUE;
}

/* Of table definitions: it counts itself, but for one byte. */
static gsize
long_size (ByteReader *reader)
{
  guint16 size = byte_read_u16 (reader);

  return size == 0 ? 0 : size - 1u;
}

static gboolean
next_old (ByteReader *reader, Sprm *sprm)
{
  guint8 code = byte_read_u8 (reader), size = old_sizes[code];

  sprm->code = modern_code (code);
  if (size == 255)
    size = byte_read_u8 (reader);
  else if (size == 254)
    return take_operand (reader, long_size (reader), sprm);
  return take_operand (reader, size, sprm);
}

static gsize
variable_size (ByteReader *reader, guint16 code)
{
  guint8 size, deleted;

  if (code == SPRM_T_DEFINITION || code == SPRM_T_DEFINITION_10)
    return long_size (reader);
  size = byte_read_u8 (reader);
  if (code != SPRM_P_TABS || size != 255)
    return size;
  /* more tabs than the size can tell: 4 bytes for each deleted, 3 for each added */
  deleted = byte_left (reader) > 0 ? reader->at[0] : 0;
  size = byte_left (reader) > 1 + deleted * 4u ? reader->at[1 + deleted * 4] : 0;
  return 2 + deleted * 4u + size * 3u;
}

static gboolean
next_sprm (const Doc *doc, ByteReader *reader, Sprm *sprm)
{
  static const guint8 sizes[8] = {1, 1, 2, 4, 2, 2, 0, 3};
  guint kind;

  if (byte_left (reader) < (doc->is_old ? 1 : 2))
    return FALSE;
  if (doc->is_old)
    return next_old (reader, sprm);
  sprm->code = byte_read_u16 (reader);
  kind = sprm->code >> 13;
  return take_operand (reader, kind == 6 ? variable_size (reader, sprm->code) : sizes[kind], sprm);
}

static guint32
operand (const Sprm *sprm)
{
  return byte_at (sprm->operand, sprm->bytes, 0, (guint)MIN (sprm->bytes, 4));
}

/* A paragraph's properties that do not fit into a page, in the stream Data (MS-DOC 2.6.2). */
static void
apply_huge (const Doc *doc, guint32 offset, DocParagraph *paragraph)
{
  gsize size, bytes;
  const guint8 *data;

  if (doc->data == NULL)
    return;
  data = g_bytes_get_data (doc->data, &size);
  if (size < 2 || offset > size - 2)
    return;
  bytes = byte_at (data, size, offset, 2);
  bytes = MIN (bytes, size - offset - 2);
  doc_apply_to_paragraph (doc, data + offset + 2, bytes, paragraph);
}

void
doc_apply_to_paragraph (const Doc *doc, const guint8 *sprms, gsize bytes, DocParagraph *paragraph)
{
  gboolean is_in_data =
      doc->data != NULL && sprms >= (const guint8 *)g_bytes_get_data (doc->data, NULL) &&
      sprms < (const guint8 *)g_bytes_get_data (doc->data, NULL) + g_bytes_get_size (doc->data);
  ByteReader reader;
  Sprm sprm;

  byte_reader_init (&reader, sprms, bytes);
  while (next_sprm (doc, &reader, &sprm)) {
    guint32 value = operand (&sprm);

    switch (sprm.code) {
    case SPRM_P_LEVEL:
      paragraph->level = (guint8)MIN (value, 8);
      break;
    case SPRM_P_LIST:
      paragraph->list = (guint16)value;
      break;
    case SPRM_P_OLD_LIST:
      paragraph->old_list = (guint8)value;
      break;
    case SPRM_P_IN_TABLE:
      paragraph->is_in_table = value != 0;
      break;
    case SPRM_P_ROW_END:
      paragraph->is_row_end = value != 0;
      break;
    case SPRM_P_OUTLINE:
      paragraph->outline = (guint8)MIN (value, 9);
      break;
    case SPRM_P_DEPTH:
      paragraph->depth = MIN (value, 100);
      break;
    case SPRM_P_DEPTH_ADD:
      paragraph->depth = (guint)CLAMP ((gint64)paragraph->depth + (gint32)value, 0, 100);
      break;
    case SPRM_P_INNER_CELL:
      paragraph->is_inner_cell = value != 0;
      break;
    case SPRM_P_INNER_ROW_END:
      paragraph->is_inner_row_end = value != 0;
      break;
    case SPRM_T_HEADER:
      paragraph->is_header_row = value != 0;
      break;
    case SPRM_P_HUGE_1:
    case SPRM_P_HUGE_2:
      if (!is_in_data) /* it may not refer to another */
        apply_huge (doc, value, paragraph);
      break;
    default:
      break;
    }
  }
}

/* ToggleOperand: 0, 1, as the style has it, the other way. */
static void
toggle (gboolean *property, guint32 value, gboolean in_style)
{
  if (value <= 1)
    *property = value == 1;
  else if (value == 0x80)
    *property = in_style;
  else if (value == 0x81)
    *property = !in_style;
}

static void
take_symbol (const Sprm *sprm, DocCharacters *characters)
{
  /* Word 6: a font and one byte */
  if (sprm->bytes < 3)
    return;
  characters->symbol_font = (gint32)byte_at (sprm->operand, sprm->bytes, 0, 2);
  characters->symbol =
      (guint16)byte_at (sprm->operand, sprm->bytes, 2, (guint)MIN (sprm->bytes - 2, 2));
}

void
doc_apply_to_characters (const Doc *doc, const guint8 *sprms, gsize bytes,
                         const DocCharacters *style, DocCharacters *characters)
{
  const DocStyle *character_style;
  ByteReader reader;
  Sprm sprm;

  byte_reader_init (&reader, sprms, bytes);
  while (next_sprm (doc, &reader, &sprm)) {
    guint32 value = operand (&sprm);

    switch (sprm.code) {
    case SPRM_C_DELETED:
      toggle (&characters->is_deleted, value, style->is_deleted);
      break;
    case SPRM_C_HIDDEN:
      toggle (&characters->is_hidden, value, style->is_hidden);
      break;
    case SPRM_C_SEPARATOR:
      characters->is_separator = value == 1;
      break;
    case SPRM_C_FONT:
      characters->font = (gint32)value;
      break;
    case SPRM_C_SYMBOL:
      take_symbol (&sprm, characters);
      break;
    case SPRM_C_STYLE:
      character_style = doc_style (doc, (guint16)value);
      if (character_style != NULL) {
        characters->is_hidden |= character_style->characters.is_hidden;
        if (character_style->characters.font >= 0)
          characters->font = character_style->characters.font;
      }
      break;
    case SPRM_C_PLAIN:
      characters->is_hidden = style->is_hidden;
      break;
    default:
      break;
    }
  }
}

/* --- pages -------------------------------------------------------------------------------------
 */

/* Where in the page the properties of entry i stand, and how many bytes; FALSE: there are none. */
static gboolean
find_sprms (const Doc *doc, const guint8 *page, guint runs, guint i, gboolean is_paragraph,
            guint *offset, guint *bytes)
{
  guint entry_bytes = !is_paragraph ? 1
                      : doc->is_old ? PARAGRAPH_ENTRY_BYTES_OLD
                                    : PARAGRAPH_ENTRY_BYTES;
  guint entry = (runs + 1) * 4 + i * entry_bytes;

  if (entry >= PAGE_BYTES - 1 || page[entry] == 0)
    return FALSE;
  *offset = page[entry] * 2u;
  *bytes = page[(*offset)++];
  if (is_paragraph && doc->is_old) {
    *bytes *= 2;
  } else if (is_paragraph && *bytes == 0) {
    if (*offset >= PAGE_BYTES)
      return FALSE;
    *bytes = page[(*offset)++] * 2u;
  } else if (is_paragraph) {
    *bytes = *bytes * 2 - 1;
  }
  *offset = MIN (*offset, PAGE_BYTES);
  *bytes = MIN (*bytes, PAGE_BYTES - *offset);
  return TRUE;
}

static void
read_page (const Doc *doc, gsize start, gboolean is_paragraph, GArray *runs)
{
  const guint8 *page = (const guint8 *)g_bytes_get_data (doc->word, NULL) + start;
  guint n = page[PAGE_BYTES - 1];

  if ((n + 1) * 4 > PAGE_BYTES - 1)
    return;
  for (guint i = 0; i < n; i++) {
    DocRun run = {.fc = byte_at (page, PAGE_BYTES, i * 4, 4),
                  .fc_end = byte_at (page, PAGE_BYTES, i * 4 + 4, 4)};
    guint offset, bytes;

    if (run.fc_end <= run.fc)
      continue;
    if (find_sprms (doc, page, n, i, is_paragraph, &offset, &bytes)) {
      if (is_paragraph && bytes >= 2) {
        run.style = (guint16)byte_at (page, PAGE_BYTES, offset, 2);
        offset += 2;
        bytes -= 2;
      } else if (is_paragraph) {
        bytes = 0;
      }
      run.sprms = (guint32)(start + offset);
      run.sprms_bytes = (guint16)bytes;
    }
    g_array_append_val (runs, run);
  }
}

static int
compare_runs (gconstpointer a, gconstpointer b)
{
  const DocRun *left = a, *right = b;

  return left->fc < right->fc ? -1 : left->fc > right->fc;
}

static void
read_pages (Doc *doc, DocTable table, gboolean is_paragraph, GArray *runs)
{
  gsize size = g_bytes_get_size (doc->word), pages = size / PAGE_BYTES;
  ByteReader positions, numbers;
  guint number_bytes = doc->is_old ? 2 : 4;
  guint n = doc_plc (doc, table, number_bytes, &positions, &numbers);
  g_autofree guint8 *is_read = g_malloc0 (pages + 1);

  for (guint i = 0; i < n; i++) {
    /* 22 bits are the page's number */
    guint32 page = byte_read (&numbers, number_bytes) & 0x3fffff;

    if (page >= pages || is_read[page])
      continue;
    is_read[page] = 1;
    read_page (doc, (gsize)page * PAGE_BYTES, is_paragraph, runs);
  }
  g_array_sort (runs, compare_runs);
}

void
doc_read_properties (Doc *doc)
{
  read_pages (doc, DOC_TABLE_PARAGRAPH_PAGES, TRUE, doc->paragraphs);
  read_pages (doc, DOC_TABLE_CHARACTER_PAGES, FALSE, doc->characters);
}

guint
doc_find_run (const GArray *runs, guint32 fc)
{
  guint low = 0, high = runs->len;

  while (low < high) {
    guint middle = (low + high) / 2;

    if (g_array_index (runs, DocRun, middle).fc_end <= fc)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* --- of a place in the text --------------------------------------------------------------------
 */

/* A piece's own property: one of Word 6's, or the number of a list of them. */
static const guint8 *
piece_sprms (const Doc *doc, const DocPiece *piece, gsize *bytes)
{
  guint index = piece->prm >> 1;
  const DocRun *modifier;

  *bytes = 0;
  if ((piece->prm & 1) == 0 || index >= doc->modifiers->len)
    return NULL;
  modifier = &g_array_index (doc->modifiers, DocRun, index);
  *bytes = modifier->sprms_bytes;
  return (const guint8 *)g_bytes_get_data (doc->table, NULL) + modifier->sprms;
}

void
doc_paragraph_at (const Doc *doc, const DocPiece *piece, guint32 fc, DocParagraph *paragraph)
{
  guint index = doc_find_run (doc->paragraphs, fc);
  const DocRun *run =
      index < doc->paragraphs->len ? &g_array_index (doc->paragraphs, DocRun, index) : NULL;
  const guint8 *word = g_bytes_get_data (doc->word, NULL), *sprms;
  guint16 style = run != NULL && run->fc <= fc ? run->style : 0;
  const DocStyle *base = doc_style (doc, style);
  gsize bytes;

  *paragraph = base != NULL ? base->paragraph : (DocParagraph){.outline = 9};
  paragraph->style = style;
  if (run != NULL && run->fc <= fc)
    doc_apply_to_paragraph (doc, word + run->sprms, run->sprms_bytes, paragraph);
  sprms = piece_sprms (doc, piece, &bytes);
  if (sprms != NULL)
    doc_apply_to_paragraph (doc, sprms, bytes, paragraph);
  if (paragraph->is_in_table)
    paragraph->depth = MAX (paragraph->depth, 1);
  else
    paragraph->depth = 0;
}

void
doc_characters_of (const Doc *doc, const DocPiece *piece, const DocRun *run, guint16 style,
                   DocCharacters *characters)
{
  const guint8 *word = g_bytes_get_data (doc->word, NULL), *sprms;
  const DocStyle *base = doc_style (doc, style);
  DocCharacters in_style =
      base != NULL ? base->characters : (DocCharacters){.font = -1, .symbol_font = -1};
  gsize bytes;
  guint16 code;

  *characters = in_style;
  if (run != NULL)
    doc_apply_to_characters (doc, word + run->sprms, run->sprms_bytes, &in_style, characters);
  sprms = piece_sprms (doc, piece, &bytes);
  if (sprms != NULL)
    doc_apply_to_characters (doc, sprms, bytes, &in_style, characters);
  code = (piece->prm & 1) == 0 ? modern_code (piece->prm >> 1 & 0x7f) : 0;
  if (code == SPRM_C_HIDDEN)
    toggle (&characters->is_hidden, piece->prm >> 8, in_style.is_hidden);
  else if (code == SPRM_C_DELETED)
    toggle (&characters->is_deleted, piece->prm >> 8, in_style.is_deleted);
}
