/* biff.h: the records of Excel's binary files (MS-XLS 2.1.4; BIFF2 to BIFF8).
 *
 *     u16 type, u16 length, data; what is longer than a record goes on in CONTINUE records, where a
 *     text says anew, in a first byte, how wide its characters are
 */
#pragma once

#include "ingest/extract/codepage.h"

typedef enum {
  BIFF_FORMULA = 0x0006,
  BIFF_EOF = 0x000a,
  BIFF_HEADER = 0x0014,
  BIFF_FOOTER = 0x0015,
  BIFF_NOTE = 0x001c,
  BIFF_FORMAT_OLD = 0x001e,
  BIFF_DATEMODE = 0x0022,
  BIFF_FILEPASS = 0x002f,
  BIFF_FONT = 0x0031,
  BIFF_CONTINUE = 0x003c,
  BIFF_CODEPAGE = 0x0042,
  BIFF_XF_2 = 0x0043,
  BIFF_OBJ = 0x005d,
  BIFF_BOUNDSHEET = 0x0085,
  BIFF_MULRK = 0x00bd,
  BIFF_RSTRING = 0x00d6,
  BIFF_XF = 0x00e0,
  BIFF_SST = 0x00fc,
  BIFF_LABELSST = 0x00fd,
  BIFF_TXO = 0x01b6,
  BIFF_HLINK = 0x01b8,
  BIFF_NUMBER = 0x0203,
  BIFF_LABEL = 0x0204,
  BIFF_BOOLERR = 0x0205,
  BIFF_STRING = 0x0207,
  BIFF_FONT_3 = 0x0231,
  BIFF_XF_3 = 0x0243,
  BIFF_RK = 0x027e,
  BIFF_FORMAT = 0x041e,
  BIFF_XF_4 = 0x0443,
  BIFF_SERIESTEXT = 0x100d,
} BiffType;

typedef struct {
  guint version; /* 2, 3, 4, 5, 8 */
  guint code_page;
  Codepages *codepages;
  const guint8 *data; /* the whole stream */
  gsize bytes;
  gsize next; /* where the next record begins */

  guint type;             /* of the record read */
  gsize start;            /* where it begins in the stream */
  const guint8 *at, *end; /* what is left of its data */
} Biff;

/* The next record; FALSE at the end of the stream, or where it is cut short. */
gboolean biff_next (Biff *biff);

/* TRUE when the record at `offset` begins a substream (BOF); version: (optional) of it. */
gboolean biff_is_bof (const guint8 *data, gsize bytes, gsize offset, guint *version);

/* What is left of the record (without its CONTINUEs). */
gsize biff_left (const Biff *biff);

/* Little-endian numbers off the front; 0 past the end. */
guint biff_u8 (Biff *biff);
guint biff_u16 (Biff *biff);
guint32 biff_u32 (Biff *biff);
double biff_double (Biff *biff);
void biff_skip (Biff *biff, gsize bytes);

/* The number of an RK (MS-XLS 2.5.217). */
double biff_rk (guint32 rk);

/* Appends a text as UTF-8. length_bytes: 1 or 2, of its length; it goes on in CONTINUE records.
 * Before BIFF8 in the code page; from BIFF8 on with flags, formatting runs and phonetic text, which
 * are skipped. */
void biff_append_text (Biff *biff, guint length_bytes, GString *out);

/* Appends `units` characters of a BIFF8 text that begins with its flags. */
void biff_append_characters (Biff *biff, guint units, GString *out);

/* On to the CONTINUE that follows; FALSE: none does. */
gboolean biff_continue (Biff *biff);
