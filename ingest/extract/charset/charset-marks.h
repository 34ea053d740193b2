/* charset-marks.h: charsets that show themselves: by a byte order mark, by units of two or four
 * bytes, by escapes in ASCII, by EBCDIC's blanks. Each looks at the bytes alone; TRUE when it is
 * found. */
#pragma once

#include "ingest/extract/charset.h"

gboolean charset_from_mark (const guint8 *data, gsize bytes, Charset *charset);

/* UTF-16 and UTF-32 without a byte order mark. */
gboolean charset_from_width (const guint8 *data, gsize bytes, Charset *charset);

/* ISO-2022, HZ and UTF-7, which are ASCII throughout and so valid UTF-8. */
gboolean charset_from_escapes (const guint8 *data, gsize bytes, Charset *charset);

gboolean charset_from_ebcdic (const guint8 *data, gsize bytes, Charset *charset);
