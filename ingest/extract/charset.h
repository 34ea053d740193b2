/* charset.h: bytes to UTF-8.
 *
 * Order of belief: byte order mark, valid UTF-8, what the file declares (unless its bytes say no),
 * detection. What cannot be decoded becomes U+FFFD and is counted.
 */
#pragma once

#include <glib.h>

typedef struct {
  char name[48];     /* as ICU knows it */
  gsize skip_bytes;  /* the byte order mark */
  gboolean is_valid; /* it is UTF-8 throughout: nothing to convert */
} Charset;

/* TRUE for what no charset makes text: too many control bytes. Looks at the head. */
gboolean charset_is_binary (const guint8 *data, gsize bytes);

/* declared: (nullable) what the file or its sender says. Always finds one. */
void charset_guess (const guint8 *data, gsize bytes, const char *declared, Charset *charset);

/* slice: UTF-8 that ends at a character boundary and never between CR and LF; may hold NUL. Its
 * size is at most some 64 KiB. FALSE: stop, error set. */
typedef gboolean (*CharsetSliceFunc) (const char *slice, gsize bytes, gpointer user_data,
                                      GError **error);

/* The whole text in slices, so that memory does not grow with it. replaced: characters that could
 * not be decoded. FALSE: `func` said so. */
gboolean charset_decode (const guint8 *data, gsize bytes, const Charset *charset,
                         CharsetSliceFunc func, gpointer user_data, guint64 *replaced,
                         GError **error);

/* The whole text at once; the same memory where nothing is to convert. (transfer full) */
GBytes *charset_to_utf8 (GBytes *bytes, const Charset *charset, guint64 *replaced);
