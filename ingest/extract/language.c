#include "language.h"

#include <libexttextcat/textcat.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MODELS "/usr/share/libexttextcat/"
/* Enough to tell, and some 0.6 ms. */
#define SAMPLE_BYTES 2048
#define LETTERS_MIN 100

/* The languages looked for, in the order of how likely they are. All 163 models of the library
 * would take 40 ms at each start, and small ones take text from their large neighbours. */
static const char *const languages[] = {
    "en", "es", "de",      "fr", "pt", "it", "nl", "ru", "pl",      "uk",      "tr", "ar", "sv",
    "da", "cs", "zh-Hans", "ja", "ko", "hi", "bn", "id", "vi",      "th",      "fa", "he", "el",
    "hu", "ro", "bg",      "fi", "nb", "sk", "sl", "hr", "sr-Cyrl", "sr-Latn", "ca", "eu", "gl",
    "et", "lv", "lt",      "is", "ga", "cy", "mt", "sq", "mk",      "be",      "ka", "hy", "az",
    "kk", "uz", "mn",      "ta", "te", "ml", "kn", "mr", "gu",      "pa",      "ne", "si", "my",
    "km", "lo", "am",      "sw", "af", "tl", "eo", "la", "ur"};

/* Set once, in warm-up: the models are files. */
static void **
loaded_models (void)
{
  static void *models;

  return &models;
}

/* The library wants its list of models in a file. */
static int
write_list (void)
{
  g_autoptr (GString) list = g_string_new (NULL);
  int fd = memfd_create ("languages", MFD_CLOEXEC);

  for (guint i = 0; i < G_N_ELEMENTS (languages); i++) {
    g_autofree char *model = g_strdup_printf (MODELS "%s.lm", languages[i]);

    if (access (model, R_OK) == 0)
      g_string_append_printf (list, "%s.lm %s--utf8\n", languages[i], languages[i]);
  }
  if (fd >= 0 && (list->len == 0 || write (fd, list->str, list->len) != (gssize)list->len)) {
    close (fd);
    return -1;
  }
  return fd;
}

void
language_warm_up (void)
{
  void **models = loaded_models ();
  int fd = *models == NULL ? write_list () : -1;
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);

  if (fd < 0)
    return;
  *models = special_textcat_Init (path, MODELS);
  close (fd);
}

/* Scripts that one language of those looked for is alone in, or that tell more than n-grams do. */
typedef struct {
  gunichar first, last;
  const char *language; /* NULL: several share it */
} Script;

static const Script scripts[] = {
    {0x0370, 0x03ff, "el"}, {0x1f00, 0x1fff, "el"}, {0x0400, 0x052f, NULL}, {0x0530, 0x058f, "hy"},
    {0x0590, 0x05ff, "he"}, {0x0600, 0x077f, NULL}, {0x0900, 0x097f, NULL}, {0x0980, 0x09ff, "bn"},
    {0x0a00, 0x0a7f, "pa"}, {0x0a80, 0x0aff, "gu"}, {0x0b80, 0x0bff, "ta"}, {0x0c00, 0x0c7f, "te"},
    {0x0c80, 0x0cff, "kn"}, {0x0d00, 0x0d7f, "ml"}, {0x0d80, 0x0dff, "si"}, {0x0e00, 0x0e7f, "th"},
    {0x0e80, 0x0eff, "lo"}, {0x1000, 0x109f, "my"}, {0x10a0, 0x10ff, "ka"}, {0x1200, 0x137f, "am"},
    {0x1780, 0x17ff, "km"}, {0x3040, 0x30ff, "ja"}, {0x3400, 0x9fff, "zh"}, {0xac00, 0xd7af, "ko"},
};

typedef struct {
  guint letters;
  guint of[G_N_ELEMENTS (scripts)];
} Letters;

static void
count_letters (const char *text, gsize bytes, Letters *letters)
{
  const char *end = text + bytes;

  memset (letters, 0, sizeof *letters);
  for (; text < end; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    if (!g_unichar_isalpha (c))
      continue;
    letters->letters++;
    for (guint i = 0; c >= scripts[0].first && i < G_N_ELEMENTS (scripts); i++)
      letters->of[i] += c >= scripts[i].first && c <= scripts[i].last;
  }
}

/* What the script alone says, of a few words even; NULL where several languages share it. */
static const char *
language_of_script (const Letters *letters)
{
  guint han = 0, kana = 0, hangul = 0;

  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++) {
    const char *language = scripts[i].language;

    if (g_strcmp0 (language, "zh") == 0)
      han = letters->of[i];
    else if (g_strcmp0 (language, "ja") == 0)
      kana = letters->of[i];
    else if (g_strcmp0 (language, "ko") == 0)
      hangul = letters->of[i];
    else if (language != NULL && letters->of[i] >= 5 && letters->of[i] * 2 > letters->letters)
      return language;
  }
  if (han + kana + hangul < 4 || (han + kana + hangul) * 3 < letters->letters)
    return NULL;
  if (hangul * 2 > han + kana + hangul)
    return "ko";
  return kana * 10 > han + kana ? "ja" : "zh";
}

/* Letters that its neighbours do not have: they part what n-grams find alike. */
static guint
count_own_letters (const char *language, const char *text, gsize bytes)
{
  static const char *const own[][2] = {
      {"sk", "ľĺŕôä"}, {"cs", "řěů"}, {"uk", "їєґ"}, {"be", "ў"},   {"ru", "ыэ"},    {"bg", "ъ"},
      {"hr", "đć"},    {"mk", "ѓќѕ"}, {"et", "õ"},   {"pl", "łśż"}, {"sr", "ђћљњџ"}, {"pt", "ãõ"},
      {"es", "ñ¿"},    {"ca", "·ŀ"},  {"da", "æø"},  {"nb", "æø"},  {"sv", "äö"},    {"is", "þð"},
      {"ro", "țșăţş"}, {"tr", "ığ"},  {"hu", "őű"},
  };
  const char *end = text + bytes;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    for (const char *at = text; strcmp (own[i][0], language) == 0 && at < end;
         at = g_utf8_next_char (at))
      n += (guchar)*at >= 0x80 && g_utf8_strchr (own[i][1], -1, g_utf8_get_char (at)) != NULL;
  return n;
}

/* Of "[gl--utf8][es--utf8]", near ties: the one whose own letters are there, otherwise a widely
 * spoken one, otherwise the first. */
static char *
choose (const char *result, const char *text, gsize bytes)
{
  static const char *const common[] = {"en", "es", "de", "fr", "pt", "it", "nl", "ru", "pl",
                                       "uk", "tr", "ar", "sv", "da", "cs", "id", NULL};
  g_autofree char *chosen = NULL;
  guint best = 0, most = 0;

  for (const char *at = result; *at == '[';) {
    g_autofree char *tag = g_strndup (at + 1, strcspn (at + 1, "-]"));
    guint letters = count_own_letters (tag, text, bytes);
    /* Croatian is the likelier of what is one language in Latin letters */
    guint rank = g_str_has_prefix (at + 1, "sr-Latn") ? 0 : 1 + g_strv_contains (common, tag);

    if (chosen == NULL || letters > most || (letters == most && rank > best)) {
      most = letters;
      best = rank;
      g_free (chosen);
      chosen = g_steal_pointer (&tag);
    }
    at += strcspn (at, "]");
    at += *at == ']';
  }
  return g_steal_pointer (&chosen);
}

char *
language_detect (const char *text, gsize bytes)
{
  Letters letters;
  void *models = *loaded_models ();
  const char *result, *name;

  bytes = MIN (bytes, SAMPLE_BYTES);
  while (bytes > 0 && bytes >= SAMPLE_BYTES - 4 && ((guchar)text[bytes - 1] & 0x80) != 0)
    bytes--;
  count_letters (text, bytes, &letters);
  name = language_of_script (&letters);
  if (name != NULL)
    return g_strdup (name);
  if (models == NULL || letters.letters < LETTERS_MIN)
    return NULL;
  result = textcat_Classify (models, text, bytes);
  return result == NULL || *result != '[' ? NULL : choose (result, text, bytes);
}

char *
language_normalise (const char *declared)
{
  g_autofree char *tag = g_strstrip (g_strdelimit (g_strdup (declared), "_", '-'));
  gsize primary = strcspn (tag, "-");

  tag[strcspn (tag, " ,;.@")] = '\0';
  if (primary < 2 || primary > 3 || strlen (tag) > 35)
    return NULL;
  for (const char *c = tag; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-')
      return NULL;
  for (gsize i = 0; i < primary; i++) {
    if (!g_ascii_isalpha (tag[i]))
      return NULL;
    tag[i] = g_ascii_tolower (tag[i]);
  }
  return g_steal_pointer (&tag);
}
