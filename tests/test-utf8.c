/* utf8.h says of any bytes what GLib says of them. */
#include "ingest/extract/utf8.h"

#include <string.h>

#define LENGTH_MAX 40
#define ROUNDS 300000

static void
check (const char *bytes, gsize length)
{
  const char *expected_end, *end;
  gboolean expected = g_utf8_validate_len (bytes, length, &expected_end);

  g_assert_cmpint (utf8_is_valid (bytes, length, &end), ==, expected);
  g_assert_cmpint (end - bytes, ==, expected_end - bytes);
  g_assert_cmpint (utf8_is_valid (bytes, length, NULL), ==, expected);
}

/* All sequences of two bytes, and of three and four that begin with a lead, behind and before
 * ASCII. */
static void
test_sequences (void)
{
  for (guint i = 0; i < 1u << 16; i++) {
    const guchar pair[] = {(guchar)(i >> 8), (guchar)i};
    char text[] = "12345678..\x80\x80"
                  "12345678";

    memcpy (text + 8, pair, 2);
    for (gsize length = 8; length < sizeof text; length++)
      check (text, length);
    check (text + 8, 2);
  }
}

/* What is mostly valid, so that long ways are gone. */
static void
append_random (GString *text)
{
  static const gunichar limits[] = {0x80, 0x80, 0x80, 0x800, 0x10000, 0x110000};
  gunichar c = (gunichar)g_test_rand_int_range (1, (gint32)limits[g_test_rand_int_range (0, 6)]);

  if (g_test_rand_int_range (0, 60) == 0)
    g_string_append_c (text, (char)g_test_rand_int_range (0, 256));
  else
    g_string_append_unichar (text, c);
}

static void
test_random (void)
{
  for (guint i = 0; i < ROUNDS; i++) {
    g_autoptr (GString) text = g_string_new (NULL);

    for (gint n = g_test_rand_int_range (0, LENGTH_MAX); n > 0; n--)
      append_random (text);
    check (text->str, text->len);
    /* the end may cut a character */
    if (text->len > 0)
      check (text->str, text->len - 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/utf8/sequences", test_sequences);
  g_test_add_func ("/utf8/random", test_random);
  return g_test_run ();
}
