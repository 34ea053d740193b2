/* Bytes to UTF-8, once the charset is known. */
#include "charset-names.h"
#include "charset-own.h"
#include "ingest/extract/charset.h"

#include <string.h>

#define SLICE_BYTES (64u << 10)

/* Bytes of `text` to hand on so that neither a character nor a CR LF is cut. */
static gsize
slice_end (const char *text, gsize bytes, gsize wanted)
{
  gsize end = wanted;

  if (bytes <= wanted)
    return bytes;
  while (end > wanted - 4 && ((guchar)text[end] & 0xc0) == 0x80)
    end--;
  if (text[end] == '\n' && text[end - 1] == '\r')
    end++;
  return end;
}

static gboolean
pass_slices (const char *text, gsize bytes, CharsetSliceFunc func, gpointer user_data,
             GError **error)
{
  while (bytes > 0) {
    gsize end = slice_end (text, bytes, SLICE_BYTES);

    if (!func (text, end, user_data, error))
      return FALSE;
    text += end;
    bytes -= end;
  }
  return TRUE;
}

static gboolean
convert (UConverter *from, UConverter *to, const char *at, const char *end, CharsetSliceFunc func,
         gpointer user_data, GError **error)
{
  UChar pivot[4096], *pivot_source = pivot, *pivot_target = pivot;
  g_autofree char *buffer = g_malloc (SLICE_BYTES);
  gsize kept = 0; /* a CR that waits for its LF */
  UErrorCode status;

  do {
    char *target = buffer + kept;
    gsize bytes;

    status = U_ZERO_ERROR;
    ucnv_convertEx (to, from, &target, buffer + SLICE_BYTES, &at, end, pivot, &pivot_source,
                    &pivot_target, pivot + G_N_ELEMENTS (pivot), FALSE, TRUE, &status);
    bytes = (gsize)(target - buffer);
    kept = status == U_BUFFER_OVERFLOW_ERROR && bytes > 1 && buffer[bytes - 1] == '\r';
    if (bytes > kept && !func (buffer, bytes - kept, user_data, error))
      return FALSE;
    if (kept)
      buffer[0] = '\r';
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  return TRUE;
}

static gboolean
convert_own (const CharsetOwn *own, const guint8 *at, const guint8 *end, CharsetSliceFunc func,
             gpointer user_data, guint64 *replaced, GError **error)
{
  g_autoptr (GString) slice = g_string_sized_new (SLICE_BYTES);

  while (at < end) {
    guint used;
    gunichar c = charset_own_next (own, at, (gsize)(end - at), &used);

    *replaced += c == 0xfffd;
    g_string_append_unichar (slice, c);
    at += used;
    if (slice->len > SLICE_BYTES - 8 && c != '\r') {
      if (!func (slice->str, slice->len, user_data, error))
        return FALSE;
      g_string_truncate (slice, 0);
    }
  }
  return slice->len == 0 || func (slice->str, slice->len, user_data, error);
}

gboolean
charset_decode (const guint8 *data, gsize bytes, const Charset *charset, CharsetSliceFunc func,
                gpointer user_data, guint64 *replaced, GError **error)
{
  const char *text = bytes == 0 ? "" : (const char *)data + charset->skip_bytes;
  gsize left = bytes - charset->skip_bytes;
  UErrorCode status = U_ZERO_ERROR;
  g_autoptr (UConverter) from = NULL;
  g_autoptr (UConverter) to = NULL;
  g_autoptr (CharsetOwn) own = NULL;

  *replaced = 0;
  if (bytes == 0)
    return TRUE;
  if (charset->is_valid)
    return pass_slices (text, left, func, user_data, error);
  own = charset_own_open (charset->name);
  if (own != NULL)
    return convert_own (own, (const guint8 *)text, (const guint8 *)text + left, func, user_data,
                        replaced, error);
  from = ucnv_open (charset->name, &status);
  to = ucnv_open ("UTF-8", &status);
  if (U_FAILURE (status)) /* the sink repairs what is no UTF-8 */
    return pass_slices (text, left, func, user_data, error);
  ucnv_setToUCallBack (from, charset_count_and_substitute, replaced, NULL, NULL, &status);
  return convert (from, to, text, text + left, func, user_data, error);
}

static gboolean
append_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  g_string_append_len (user_data, slice, (gssize)bytes);
  return TRUE;
}

GBytes *
charset_to_utf8 (GBytes *bytes, const Charset *charset, guint64 *replaced)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GString *text;

  *replaced = 0;
  if (charset->is_valid)
    return g_bytes_new_from_bytes (bytes, charset->skip_bytes, size - charset->skip_bytes);
  text = g_string_sized_new (size + size / 4);
  charset_decode (data, size, charset, append_slice, text, replaced, NULL);
  return g_string_free_to_bytes (text);
}
