/* What the reader of RTF promises, and the two layers that mail programs put around a message. */
#include "ingest/extract/rtf/rtf-compressed.h"
#include "ingest/extract/rtf/rtf-html.h"
#include "tests/extract-reading.h"

/* --- compressed
 * ----------------------------------------------------------------------------------
 */

/* MS-OXRTFCP 4.1.1 and 4.1.2 */
static const guint8 simple[] = {0x2d, 0x00, 0x00, 0x00, 0x2b, 0x00, 0x00, 0x00, 0x4c, 0x5a,
                                0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0x00, 0x0a, 0x00,
                                0x72, 0x63, 0x70, 0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a,
                                0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0x00, 0x20, 0x62, 0x77,
                                0x05, 0xb0, 0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0};
static const guint8 crossing[] = {0x1a, 0x00, 0x00, 0x00, 0x1c, 0x00, 0x00, 0x00, 0x4c, 0x5a,
                                  0x46, 0x75, 0xe2, 0xd4, 0x4b, 0x51, 0x41, 0x00, 0x04, 0x20,
                                  0x57, 0x58, 0x59, 0x5a, 0x0d, 0x6e, 0x7d, 0x01, 0x0e, 0xb0};

static void
assert_unpacks (const guint8 *data, gsize size, const char *expected)
{
  g_autoptr (GBytes) packed = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) rtf = rtf_decompress (packed, &error);
  gsize bytes;
  const char *text;

  g_assert_no_error (error);
  text = g_bytes_get_data (rtf, &bytes);
  g_assert_cmpmem (text, bytes, expected, strlen (expected));
}

static void
test_compressed (void)
{
  assert_unpacks (simple, sizeof simple, "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  assert_unpacks (crossing, sizeof crossing, "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
}

static void
test_compressed_damaged (void)
{
  guint8 data[sizeof simple];
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) rtf = NULL;

  /* cut short: what there is */
  assert_unpacks (simple, 24, "{\\rtf1\\ansi\\ansicpg");
  memcpy (data, simple, sizeof simple);
  data[8] = 'X';
  packed = g_bytes_new_static (data, sizeof data);
  rtf = rtf_decompress (packed, &error);
  g_assert_null (rtf);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT);
}

/* --- HTML in RTF
 * ---------------------------------------------------------------------------------
 */

static void
assert_html (const char *rtf, const char *expected)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (rtf, strlen (rtf));
  g_autoptr (GBytes) html = rtf_to_html (bytes);
  gsize size;
  const char *text;

  if (expected == NULL) {
    g_assert_null (html);
    return;
  }
  g_assert_nonnull (html);
  text = g_bytes_get_data (html, &size);
  g_assert_cmpmem (text, size, expected, strlen (expected));
}

static void
test_html (void)
{
  assert_html ("{\\rtf1\\ansi\\ansicpg1251\\fromhtml1 \\deff0{\\fonttbl\r\n{\\f0\\fswiss Arial;}"
               "{\\f1\\fcharset128 MS Mincho;}}\n{\\colortbl\\red0;}"
               "{\\*\\htmltag18 <html>}{\\*\\mhtmltag84 <no>}\\htmlrtf \\par no \\htmlrtf0 "
               "{\\*\\htmltag64 <p title=\"\\'cf\\{\">}\\htmlrtf {\\htmlrtf0 "
               "\\'cf\\'f0\\u8364 ?\\u8364\\'80 a{\\f1\\'82\\'a0}\\ldblquote\\~"
               "{\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0\\htmlrtf }\\htmlrtf0 "
               "{\\*\\htmltag27 </html>}}",
               "<html><p title=\"П{\">Пр€€ aあ&ldquo;&nbsp;&lt;</html>");
  assert_html ("{\\rtf1\\ansi\\ansicpg1252 plain}", NULL);
  assert_html ("<html>", NULL);
}

static void
test_html_deep_nesting (void)
{
  g_autoptr (GString) rtf = g_string_new ("{\\rtf1\\fromhtml1 ");

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (rtf, '{');
  g_string_append (rtf, "deep");
  assert_html (rtf->str, "deep");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  if (!extract_warm_up (&error))
    g_error ("%s", error->message);
  g_test_add_func ("/rtf/compressed/unpacks", test_compressed);
  g_test_add_func ("/rtf/compressed/damaged", test_compressed_damaged);
  g_test_add_func ("/rtf/html/comes-out-as-it-was", test_html);
  g_test_add_func ("/rtf/html/deep-nesting-is-no-stack", test_html_deep_nesting);
  return g_test_run ();
}
