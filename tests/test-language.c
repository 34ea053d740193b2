/* Which language a text is in: sentences of our own, by their n-grams and scripts. */
#include "ingest/extract/language.h"
#include "tests/sentences.h"

#include <string.h>

static void
test_detected (gconstpointer data)
{
  const Sentences *each = data;
  g_autofree char *language = language_detect (each->text, strlen (each->text));

  g_assert_cmpstr (language, ==, each->language);
}

/* Scripts tell of a few words already; Latin letters do not. */
static void
test_short (void)
{
  static const char *const texts[][2] = {
      {"Καλημέρα σας", "el"}, {"שלום לכולם", "he"},   {"สวัสดีครับ", "th"},   {"こんにちは", "ja"},
      {"안녕하세요", "ko"},   {"你好，世界。", "zh"}, {"გამარჯობა", "ka"}, {"Invoice 4711", NULL},
      {"Hello", NULL},        {"12345 67890", NULL},  {"", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *language = language_detect (texts[i][0], strlen (texts[i][0]));

    g_assert_cmpstr (language, ==, texts[i][1]);
  }
}

static void
test_normalised (void)
{
  static const char *const tags[][2] = {{"en_US", "en-US"},
                                        {"DE", "de"},
                                        {"zh-Hant-TW", "zh-Hant-TW"},
                                        {"english", NULL},
                                        {"", NULL}};

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    g_autofree char *tag = language_normalise (tags[i][0]);

    g_assert_cmpstr (tag, ==, tags[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  language_warm_up ();
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++) {
    g_autofree char *path = g_strdup_printf ("/language/detected/%s-%u", sentences[i].language, i);

    g_test_add_data_func (path, &sentences[i], test_detected);
  }
  g_test_add_func ("/language/short-texts", test_short);
  g_test_add_func ("/language/tags-are-normalised", test_normalised);
  return g_test_run ();
}
