/* The FIB and the piece table (MS-DOC 2.5, 2.8.35). */
#include "doc.h"

#include <string.h>

#define IDENT_WORD_6 0xa5dc
#define IDENT_WORD_97 0xa5ec
#define FLAG_COMPLEX 0x0004
#define FLAG_ENCRYPTED 0x0100
#define FLAG_TABLE_1 0x0200
#define FLAG_EXTENDED 0x1000

#define FIB_PAIRS_OLD 0x58
#define FIB_PAIRS 0x9a
#define FIB_PAIRS_COUNT 0x98
#define FIB_LENGTHS_OLD 0x34
#define FIB_LENGTHS 0x4c
#define PIECE_BYTES 8
/* Word itself stops at 32 MB of text */
#define CP_MAX 0x7fffffff
#define GUESS_BYTES 64

static guint32
fib (const Doc *doc, gsize offset, guint bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (doc->word, &size);

  return byte_at (data, size, offset, bytes);
}

void
doc_table (const Doc *doc, DocTable table, ByteReader *reader)
{
  gsize size, pair = (doc->is_old ? FIB_PAIRS_OLD : FIB_PAIRS) + (gsize)table * 8;
  const guint8 *data = g_bytes_get_data (doc->table, &size);
  gsize offset = fib (doc, pair, 4), bytes = fib (doc, pair + 4, 4);

  /* Word 6 has fewer, and the last of them elsewhere */
  if (doc->is_old && table == DOC_TABLE_ENDNOTE_REFERENCES) {
    offset = fib (doc, 0x1d2, 4);
    bytes = fib (doc, 0x1d6, 4);
  } else if (doc->is_old && table == DOC_TABLE_ENDNOTES) {
    offset = fib (doc, 0x1da, 4);
    bytes = fib (doc, 0x1de, 4);
  } else if (doc->is_old ? table > DOC_TABLE_COMMENTERS
                         : (guint)table >= fib (doc, FIB_PAIRS_COUNT, 2)) {
    bytes = 0;
  }
  if (offset >= size)
    byte_reader_init (reader, data, 0);
  else
    byte_reader_init (reader, data + offset, MIN (bytes, size - offset));
}

guint
doc_plc (const Doc *doc, DocTable table, guint data_bytes, ByteReader *positions,
         ByteReader *structures)
{
  gsize n;

  doc_table (doc, table, positions);
  n = byte_left (positions) < 4 ? 0 : (byte_left (positions) - 4) / (4 + data_bytes);
  byte_reader_init (structures, positions->at + (n == 0 ? 0 : (n + 1) * 4), n * data_bytes);
  return (guint)n;
}

GArray *
doc_plc_positions (const Doc *doc, DocTable table, guint data_bytes)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (guint32));
  ByteReader positions, structures;
  guint n = doc_plc (doc, table, data_bytes, &positions, &structures);
  guint32 last = 0;

  for (guint i = 0; n > 0 && i <= n; i++) {
    guint32 cp = byte_read_u32 (&positions);

    last = MAX (cp, last);
    g_array_append_val (array, last);
  }
  return array;
}

guint32
doc_part_start (const Doc *doc, DocPart part)
{
  guint32 cp = 0;

  for (DocPart before = DOC_MAIN; before < part; before++)
    cp += doc->lengths[before];
  return cp;
}

static guint32
text_end (const Doc *doc)
{
  return doc->pieces->len == 0 ? 0
                               : g_array_index (doc->pieces, DocPiece, doc->pieces->len - 1).cp_end;
}

guint32
doc_part_end (const Doc *doc, DocPart part)
{
  return MIN (doc_part_start (doc, part) + doc->lengths[part], text_end (doc));
}

/* --- pieces ------------------------------------------------------------------------------------
 */

/* Keeps what of it lies in the file, at the position where the last one ended. */
static void
add_piece (Doc *doc, guint32 characters, guint32 fc, gboolean is_wide, guint16 prm)
{
  gsize size = g_bytes_get_size (doc->word), width = is_wide ? 2 : 1;
  DocPiece piece = {.cp = text_end (doc), .fc = fc, .is_wide = is_wide, .prm = prm};
  gsize room = fc > size ? 0 : (size - fc) / width;

  if (characters > room) {
    doc->is_damaged = TRUE;
    if (room == 0)
      return;
    characters = (guint32)room;
  }
  piece.cp_end = piece.cp + characters;
  if (characters > 0 && piece.cp_end <= CP_MAX)
    g_array_append_val (doc->pieces, piece);
}

/* Prc: sprms that pieces refer to by their index. */
static gboolean
read_modifiers (Doc *doc, ByteReader *clx)
{
  const guint8 *start = g_bytes_get_data (doc->table, NULL);

  while (byte_left (clx) > 0) {
    guint8 kind = byte_read_u8 (clx);
    DocRun run = {0};

    if (kind == 2)
      return TRUE;
    if (kind != 1)
      return FALSE;
    run.sprms_bytes = byte_read_u16 (clx);
    run.sprms = (guint32)(clx->at - start);
    byte_skip (clx, run.sprms_bytes);
    if (clx->is_short)
      return FALSE;
    g_array_append_val (doc->modifiers, run);
  }
  return FALSE;
}

static gboolean
read_pieces (Doc *doc)
{
  ByteReader clx, descriptors;
  guint32 last = 0, bytes;
  gsize n;

  doc_table (doc, DOC_TABLE_PIECES, &clx);
  if (!read_modifiers (doc, &clx))
    return FALSE;
  bytes = byte_read_u32 (&clx);
  bytes = (guint32)MIN (bytes, byte_left (&clx));
  n = bytes < 4 ? 0 : (bytes - 4) / (4 + PIECE_BYTES);
  byte_reader_init (&descriptors, clx.at, bytes);
  byte_skip (&descriptors, (n + 1) * 4);
  last = byte_read_u32 (&clx);
  for (gsize i = 0; i < n; i++) {
    guint32 cp = byte_read_u32 (&clx), fc;
    gboolean is_narrow = doc->is_old && !doc->is_old_wide;

    byte_skip (&descriptors, 2);
    fc = byte_read_u32 (&descriptors);
    if (!doc->is_old) {
      is_narrow = (fc & 0x40000000) != 0;
      fc &= 0x3fffffff;
      if (is_narrow)
        fc /= 2;
    }
    if (cp <= last) {
      byte_skip (&descriptors, 2);
      continue;
    }
    add_piece (doc, cp - last, fc, !is_narrow, byte_read_u16 (&descriptors));
    last = cp;
  }
  return doc->pieces->len > 0;
}

/* Looks like 16-bit text: every other byte is often zero. */
static gboolean
looks_wide (const guint8 *data, gsize bytes)
{
  gsize zeros = 0;

  for (gsize i = 1; i < bytes; i += 2)
    zeros += data[i] == 0;
  return zeros > bytes / 8;
}

/* Without a piece table: text from fcMin to fcMac. Of Word 97 it is guessed, stretch by stretch,
 * which is 16-bit. */
static void
make_pieces (Doc *doc)
{
  gsize size, end;
  const guint8 *data = g_bytes_get_data (doc->word, &size);
  guint32 from = fib (doc, 0x18, 4), to = fib (doc, 0x1c, 4);

  if (from >= size)
    return;
  end = to > from ? MIN (to, size) : size;
  if (doc->is_old) {
    add_piece (doc, (guint32)(end - from) / (doc->is_old_wide ? 2 : 1), from, doc->is_old_wide, 0);
    return;
  }
  while (from < end) {
    gsize bytes = MIN (end - from, GUESS_BYTES);
    gboolean is_wide = looks_wide (data + from, bytes);

    add_piece (doc, (guint32)bytes / (is_wide ? 2 : 1), from, is_wide, 0);
    from += (guint32)bytes;
  }
}

/* The lengths are those of the FIB, as far as there is text for them. */
static void
read_lengths (Doc *doc)
{
  guint32 left = text_end (doc);

  for (guint i = 0; i < DOC_PARTS; i++) {
    guint32 length = fib (doc, (doc->is_old ? FIB_LENGTHS_OLD : FIB_LENGTHS) + i * 4, 4);

    if (length > left)
      doc->is_damaged |= i == DOC_MAIN;
    doc->lengths[i] = MIN (length, left);
    left -= doc->lengths[i];
  }
  if (doc->lengths[DOC_MAIN] == 0) { /* nothing is all */
    doc->lengths[DOC_MAIN] = left;
  }
}

/* --- the file ----------------------------------------------------------------------------------
 */

static gboolean
read_fib (Doc *doc, GError **error)
{
  guint16 ident = (guint16)fib (doc, 0, 2), flags = (guint16)fib (doc, 0x0a, 2);

  /* others have the same streams and differ in the last byte: Mac, Far East */
  if ((ident & 0xff00) != 0xa500) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                 "it is a damaged Word document: its head is missing");
    return FALSE;
  }
  if (flags & FLAG_ENCRYPTED) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                 "it is encrypted with a password; save it without one and upload it again");
    return FALSE;
  }
  doc->is_old = fib (doc, 2, 2) < 0x6a && ident != IDENT_WORD_97;
  doc->is_old_wide = doc->is_old && (flags & FLAG_EXTENDED) != 0;
  doc->code_page = doc->is_old ? codepage_of_language (fib (doc, 6, 2)) : CODEPAGE_DEFAULT;
  if (doc->is_old) {
    doc->table = g_bytes_ref (doc->word);
  } else {
    const char *name = flags & FLAG_TABLE_1 ? "1Table" : "0Table";
    const char *other = flags & FLAG_TABLE_1 ? "0Table" : "1Table";

    doc->table =
        compound_read (doc->compound, compound_has (doc->compound, name) ? name : other, NULL);
    if (doc->table == NULL)
      doc->table = g_bytes_new_static ("", 0);
  }
  if (doc->is_old && (flags & FLAG_COMPLEX) == 0)
    make_pieces (doc);
  else if (!read_pieces (doc)) {
    doc->is_damaged = TRUE;
    make_pieces (doc);
  }
  read_lengths (doc);
  return TRUE;
}

Doc *
doc_open (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (Doc) doc = g_new0 (Doc, 1);

  doc->input = input;
  doc->sink = sink;
  doc->codepages = codepages_new ();
  doc->pieces = g_array_new (FALSE, FALSE, sizeof (DocPiece));
  doc->modifiers = g_array_new (FALSE, FALSE, sizeof (DocRun));
  doc->paragraphs = g_array_new (FALSE, FALSE, sizeof (DocRun));
  doc->characters = g_array_new (FALSE, FALSE, sizeof (DocRun));
  doc->styles = g_array_new (FALSE, TRUE, sizeof (DocStyle));
  doc->fonts = g_array_new (FALSE, TRUE, sizeof (DocFont));
  doc->lists = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)numbering_list_free);
  doc->overrides = g_array_new (FALSE, TRUE, sizeof (DocListOverride));
  doc->compound = compound_open (input->bytes, error);
  if (doc->compound == NULL)
    return NULL;
  doc->word = compound_read (doc->compound, "WordDocument", error);
  if (doc->word == NULL || !read_fib (doc, error))
    return NULL;
  if (compound_has (doc->compound, "Data"))
    doc->data = compound_read (doc->compound, "Data", NULL);
  doc_read_fonts (doc);
  doc_read_properties (doc);
  doc_read_styles (doc);
  doc_read_lists (doc);
  return g_steal_pointer (&doc);
}

void
doc_free (Doc *doc)
{
  if (doc == NULL)
    return;
  for (guint i = 0; i < doc->fonts->len; i++)
    g_free (g_array_index (doc->fonts, DocFont, i).name);
  g_array_unref (doc->pieces);
  g_array_unref (doc->modifiers);
  g_array_unref (doc->paragraphs);
  g_array_unref (doc->characters);
  g_array_unref (doc->styles);
  g_array_unref (doc->fonts);
  doc_free_lists (doc);
  g_clear_pointer (&doc->word, g_bytes_unref);
  g_clear_pointer (&doc->table, g_bytes_unref);
  g_clear_pointer (&doc->data, g_bytes_unref);
  compound_free (doc->compound);
  codepages_free (doc->codepages);
  g_free (doc);
}
