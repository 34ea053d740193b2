/* doc.h: what the parts of the reader of Word 6 to 2003 (MS-DOC) share.
 *
 *     FIB ──► where everything is, and how many characters each part of the document has
 *     CLX ──► pieces: character positions (cp) ──► bytes of the stream WordDocument (fc)
 *     FKP ──► runs: fc ──► properties (sprm) of paragraphs and characters
 *     STSH, lists ──► what a style or a list adds to them
 *
 * Nothing of it is believed: what is out of bounds is as if it were not there.
 */
#pragma once

#include "compound.h"
#include "ingest/extract/bytes.h"
#include "ingest/extract/codepage.h"
#include "numbering.h"
#include "word-flow.h"

/* Parts of the document, one after another in character positions (MS-DOC 2.3). */
typedef enum {
  DOC_MAIN,
  DOC_FOOTNOTES,
  DOC_HEADERS,
  DOC_MACROS, /* unused */
  DOC_COMMENTS,
  DOC_ENDNOTES,
  DOC_BOXES,
  DOC_HEADER_BOXES,
  DOC_PARTS
} DocPart;

/* Pairs of offset and size in the FIB by their index (MS-DOC 2.5.6). */
typedef enum {
  DOC_TABLE_STYLES = 1,
  DOC_TABLE_FOOTNOTE_REFERENCES = 2,
  DOC_TABLE_FOOTNOTES = 3,
  DOC_TABLE_COMMENT_REFERENCES = 4,
  DOC_TABLE_COMMENTS = 5,
  DOC_TABLE_HEADERS = 11,
  DOC_TABLE_CHARACTER_PAGES = 12,
  DOC_TABLE_PARAGRAPH_PAGES = 13,
  DOC_TABLE_FONTS = 15,
  DOC_TABLE_PIECES = 33,
  DOC_TABLE_COMMENTERS = 36,
  DOC_TABLE_SHAPES = 40,
  DOC_TABLE_ENDNOTE_REFERENCES = 46,
  DOC_TABLE_ENDNOTES = 47,
  DOC_TABLE_BOXES = 56,
  DOC_TABLE_HEADER_BOXES = 58,
  DOC_TABLE_LISTS = 73,
  DOC_TABLE_LIST_OVERRIDES = 74,
} DocTable;

typedef struct {
  guint32 cp, cp_end;
  guint32 fc; /* offset in WordDocument */
  gboolean is_wide;
  guint16 prm; /* a property of all of it (MS-DOC 2.9.213) */
} DocPiece;

/* Text from fc to fc_end has the properties at `sprms`, an offset in WordDocument. */
typedef struct {
  guint32 fc, fc_end;
  guint32 sprms;
  guint16 sprms_bytes;
  guint16 style; /* of paragraphs */
} DocRun;

typedef struct {
  guint16 style;
  guint8 level;    /* in its list, from 0 */
  guint16 list;    /* index of the list's override, from 1; 0: none */
  guint8 outline;  /* from 0; 9: body text */
  guint8 old_list; /* of Word 6 (nLvlAnm): 10 numbers, 11 bullets; 0: none */
  gboolean is_in_table, is_row_end, is_inner_cell, is_inner_row_end, is_header_row;
  guint depth;
} DocParagraph;

typedef struct {
  gboolean is_hidden, is_deleted, is_separator;
  gint32 font;        /* index; -1 */
  gint32 symbol_font; /* of `symbol` */
  guint16 symbol;     /* 0: none */
} DocCharacters;

typedef struct {
  guint16 sti; /* what built-in style it is, in any language; 0xfff: none */
  DocParagraph paragraph;
  DocCharacters characters;
} DocStyle;

typedef struct {
  char *name; /* UTF-8 */
  guint8 charset;
} DocFont;

typedef struct {
  NumberingList *list; /* (nullable) borrowed */
  gboolean is_used;
  gboolean has_start[NUMBERING_LEVELS];
  guint start[NUMBERING_LEVELS];
  NumberingLevel *levels[NUMBERING_LEVELS]; /* (nullable) that stand for the list's */
} DocListOverride;

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  Compound *compound;
  Codepages *codepages;

  GBytes *word, *table, *data; /* streams; table: where the tables are; data: (nullable) */
  gboolean is_old;             /* Word 6 and 95: tables in WordDocument, 8-bit text */
  gboolean is_old_wide;        /* but for those of the Far East */
  guint code_page;             /* of 8-bit text */
  guint32 lengths[DOC_PARTS];  /* in characters */

  GArray *pieces;     /* (element-type DocPiece) by cp, without gaps */
  GArray *modifiers;  /* (element-type DocRun) sprms of the pieces: only their place counts */
  GArray *paragraphs; /* (element-type DocRun) by fc */
  GArray *characters; /* (element-type DocRun) by fc */
  GArray *styles;     /* (element-type DocStyle) */
  GArray *fonts;      /* (element-type DocFont) */
  GHashTable *lists;  /* id -> NumberingList */
  GArray *overrides;  /* (element-type DocListOverride) */
  gboolean is_damaged;
} Doc;

/* --- doc-file.c */

/* Errors: EXTRACT_ERROR_ENCRYPTED, _CORRUPT. (transfer full) */
Doc *doc_open (const ExtractInput *input, ExtractSink *sink, GError **error);
void doc_free (Doc *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Doc, doc_free)

/* The bytes of a table; none when the file has none of the kind. */
void doc_table (const Doc *doc, DocTable table, ByteReader *reader);

/* Where a part begins; its last position is not beyond the text. */
guint32 doc_part_start (const Doc *doc, DocPart part);
guint32 doc_part_end (const Doc *doc, DocPart part);

/* A PLC (MS-DOC 2.2.2): n + 1 positions and n structures of data_bytes. Returns n. */
guint doc_plc (const Doc *doc, DocTable table, guint data_bytes, ByteReader *positions,
               ByteReader *structures);

/* A PLC's positions, or rising from 0; no more than there are. (transfer full) (element-type
 * guint32) */
GArray *doc_plc_positions (const Doc *doc, DocTable table, guint data_bytes);

/* --- doc-properties.c */

/* Reads the pages of properties: doc->paragraphs, doc->characters. */
void doc_read_properties (Doc *doc);

/* Index of the run that `fc` lies in, or of the first after it. */
guint doc_find_run (const GArray *runs, guint32 fc);

/* Reads grpprl at `sprms` on top of what there is. */
void doc_apply_to_paragraph (const Doc *doc, const guint8 *sprms, gsize bytes,
                             DocParagraph *paragraph);
/* style: what "as the style has it" means. */
void doc_apply_to_characters (const Doc *doc, const guint8 *sprms, gsize bytes,
                              const DocCharacters *style, DocCharacters *characters);

/* Of the character at fc in that piece. */
void doc_paragraph_at (const Doc *doc, const DocPiece *piece, guint32 fc, DocParagraph *paragraph);
void doc_characters_of (const Doc *doc, const DocPiece *piece, const DocRun *run, /* (nullable) */
                        guint16 style, DocCharacters *characters);

/* --- doc-styles.c */

void doc_read_styles (Doc *doc);
void doc_read_fonts (Doc *doc);
const DocStyle *doc_style (const Doc *doc, guint16 style); /* (nullable) */
const char *doc_font_name (const Doc *doc, gint32 font);   /* (nullable) */

/* Level of the heading that a paragraph is, from 1; 0: none. */
guint doc_heading (const Doc *doc, const DocParagraph *paragraph);

/* --- doc-lists.c */

void doc_read_lists (Doc *doc);
void doc_free_lists (Doc *doc);

/* Counts the paragraph: TRUE when its list shows something before it. marker: (transfer full)
 * (nullable), NULL where it is a bullet. */
gboolean doc_next_marker (Doc *doc, const DocParagraph *paragraph, char **marker);
