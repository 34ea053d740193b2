/* biff12.h: the records of binary workbook parts (MS-XLSB 2.1.4).
 *
 *     type, 1 or 2 bytes of 7 bits; length, 1 to 4 bytes of 7 bits; data
 */
#pragma once

#include <glib.h>

typedef struct {
  const guint8 *next, *end_of_part;
  guint type;             /* of the record read */
  const guint8 *at, *end; /* what is left of its data */
} Biff12;

void biff12_init (Biff12 *biff, GBytes *part);

/* The next record; FALSE at the end, or where the part is cut short. */
gboolean biff12_next (Biff12 *biff);

/* Little-endian numbers off the front; 0 past the end. */
guint biff12_u8 (Biff12 *biff);
guint biff12_u16 (Biff12 *biff);
guint32 biff12_u32 (Biff12 *biff);
double biff12_double (Biff12 *biff);
void biff12_skip (Biff12 *biff, gsize bytes);

/* Appends a text (XLWideString) as UTF-8; FALSE, nothing appended, when there is none. */
gboolean biff12_append_text (Biff12 *biff, GString *out);
