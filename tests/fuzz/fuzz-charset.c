/* Bytes in any charset: the same decision twice, and valid UTF-8.
 * seeds: txt html srt */
#include "ingest/extract/charset.h"
#include "reader.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) utf8 = NULL;
  Charset first, second;
  guint64 replaced;
  gsize length;

  if (size == 0)
    return 0;
  charset_is_binary (data, size);
  charset_guess (data, size, NULL, &first);
  charset_guess (data, size, NULL, &second);
  g_assert_cmpstr (first.name, ==, second.name);
  utf8 = charset_to_utf8 (bytes, &first, &replaced);
  g_bytes_get_data (utf8, &length);
  g_assert_cmpuint (length, <=, size * 4 + 16);
  return 0;
}
