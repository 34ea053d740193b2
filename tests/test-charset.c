/* What charset.h promises: the text comes out whatever charset it was written in. */
#include "ingest/extract/charset.h"
#include "tests/sentences.h"

#include <string.h>

/* As UTF-8, NUL-terminated. */
static char *
decode (const char *data, gsize size, const char *declared, char name[48])
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) utf8 = NULL;
  Charset charset;
  guint64 replaced;

  charset_guess ((const guint8 *)data, size, declared, &charset);
  utf8 = charset_to_utf8 (bytes, &charset, &replaced);
  if (name != NULL)
    g_strlcpy (name, charset.name, 48);
  data = g_bytes_get_data (utf8, &size);
  return g_strndup (data, size);
}

/* iconv has no HZ. */
static char *
to_hz (const char *text, gsize *size)
{
  g_autofree char *euc = g_convert (text, -1, "GB2312", "UTF-8", NULL, size, NULL);
  GString *hz = g_string_new (NULL);

  for (gsize i = 0; euc != NULL && i < *size; i += 2)
    g_string_append_printf (hz, "%s%c%c%s", i == 0 ? "~{" : "", euc[i] & 0x7f, euc[i + 1] & 0x7f,
                            i + 2 == *size ? "~}" : "");
  *size = hz->len;
  return g_string_free (hz, FALSE);
}

static void
test_found (gconstpointer data)
{
  const Sentences *each = data;
  g_auto (GStrv) charsets = g_strsplit (each->charsets, " ", -1);

  for (guint i = 0; charsets[i] != NULL; i++) {
    gsize size;
    char name[48];
    g_autoptr (GError) error = NULL;
    g_autofree char *legacy =
        strcmp (charsets[i], "HZ") == 0
            ? to_hz (each->text, &size)
            : g_convert (each->text, -1, charsets[i], "UTF-8", NULL, &size, &error);
    g_autofree char *text = NULL;
    g_autofree char *expected = g_utf8_normalize (each->text, -1, G_NORMALIZE_NFC);
    g_autofree char *normal = NULL;

    g_assert_no_error (error);
    text = decode (legacy, size, NULL, name);
    normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
    if (strcmp (normal, expected) != 0)
      g_test_message ("%s in %s was taken for %s", each->language, charsets[i], name);
    g_assert_cmpstr (normal, ==, expected);
  }
}

/* UTF-16, UTF-32 and UTF-7 without a byte order mark. */
static void
test_unicode (void)
{
  static const char *const forms[] = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-7"};

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    for (guint j = 0; j < G_N_ELEMENTS (forms); j++) {
      gsize size;
      g_autofree char *wide =
          g_convert (sentences[i].text, -1, forms[j], "UTF-8", NULL, &size, NULL);
      g_autofree char *text = decode (wide, size, NULL, NULL);

      g_assert_cmpstr (text, ==, sentences[i].text);
    }
}

static void
test_ebcdic (void)
{
  const char *text = "An invoice from the mainframe: twelve boxes of paper at 3.40 each!";
  gsize size;
  g_autofree char *ebcdic = g_convert (text, -1, "IBM500", "UTF-8", NULL, &size, NULL);
  g_autofree char *decoded = decode (ebcdic, size, NULL, NULL);

  g_assert_false (charset_is_binary ((const guint8 *)ebcdic, size));
  g_assert_cmpstr (decoded, ==, text);
}

/* What is ASCII stays ASCII, whatever it looks like. */
static void
test_ascii (void)
{
  static const char *const texts[] = {
      "a+b=c, 1+1=2 and user+name-tag@example.org; foo+bar- baz",
      "\\newcommand~{x} ~{not pairs} ~}",
      "C++ and g++- are programs; +49-30-1234 is a number",
      "~{ ~} and ~{a",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = decode (texts[i], strlen (texts[i]), NULL, NULL);

    g_assert_cmpstr (text, ==, texts[i]);
  }
}

/* A few letters must do. */
static void
test_short (void)
{
  static const char *const texts[][2] = {
      {"Caf\xe9", "Café"},
      {"5 \x80 \x96 \x93zitiert\x94", "5 € – “zitiert”"},
      {"na\xefve fa\xe7"
       "ade",
       "naïve façade"},
      {"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"},
      {"\xf0\xd2\xc9\xd7\xc5\xd4 \xcd\xc9\xd2", "Привет мир"},
      {"\xa5\xed\xa5\xb0\xa5\xa4\xa5\xf3", "ログイン"},
      {"\xce\xd2\xca\xc7\xd6\xd0\xb9\xfa\xc8\xcb", "我是中国人"},
      {"\xa7\xda\xac\x4f\xa4\xa4\xb0\xea\xa4\x48", "我是中國人"},
      {"\xbe\xc8\xb3\xe7\xc7\xcf\xbc\xbc\xbf\xe4", "안녕하세요"},
      {"\xb4\x65\x91\x77\xd0\x61\xad\x41\xb6\x61", "안녕하세요"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = decode (texts[i][0], strlen (texts[i][0]), NULL, NULL);

    g_assert_cmpstr (text, ==, texts[i][1]);
  }
}

static void
test_declared (void)
{
  g_autofree char *believed = decode ("\xe0\xe1", 2, "iso-8859-7", NULL);
  g_autofree char *own = decode ("\xb6\xd5", 2, "VISCII", NULL);
  g_autofree char *unknown = decode ("Caf\xe9", 4, "no-such-charset", NULL);
  g_autofree char *utf8 = decode ("Caf\xc3\xa9", 5, "iso-8859-1", NULL);

  g_assert_cmpstr (believed, ==, "ΰα");
  g_assert_cmpuint (g_utf8_strlen (own, -1), ==, 2);
  g_assert_cmpstr (unknown, ==, "Café");
  g_assert_cmpstr (utf8, ==, "Café");
}

/* Any bytes at all end as valid UTF-8. */
static void
test_any_bytes (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 300; i++) {
    gsize size = (gsize)g_rand_int_range (rand, 1, 400);
    g_autofree char *bytes = g_malloc (size);
    g_autofree char *text = NULL;
    guint low = i % 3 == 0 ? 0 : 0x80;

    for (gsize j = 0; j < size; j++)
      bytes[j] = (char)g_rand_int_range (rand, (gint)low, 256);
    text = decode (bytes, size, NULL, NULL);
    g_assert_true (g_utf8_validate (text, -1, NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++) {
    g_autofree char *path = g_strdup_printf ("/charset/found/%s-%u", sentences[i].language, i);

    g_test_add_data_func (path, &sentences[i], test_found);
  }
  g_test_add_func ("/charset/unicode-without-a-mark", test_unicode);
  g_test_add_func ("/charset/ebcdic", test_ebcdic);
  g_test_add_func ("/charset/ascii-stays-ascii", test_ascii);
  g_test_add_func ("/charset/a-few-letters-do", test_short);
  g_test_add_func ("/charset/what-is-declared-is-believed", test_declared);
  g_test_add_func ("/charset/any-bytes", test_any_bytes);
  return g_test_run ();
}
