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

typedef struct {
  guint letters;
  guint han, kana, hangul;
} Scripts;

static void
count_scripts (const char *text, gsize bytes, Scripts *scripts)
{
  const char *end = text + bytes;

  memset (scripts, 0, sizeof *scripts);
  for (; text < end; text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    if (!g_unichar_isalpha (c))
      continue;
    scripts->letters++;
    scripts->han += c >= 0x3400 && c < 0xa000;
    scripts->kana += c >= 0x3040 && c < 0x3100;
    scripts->hangul += c >= 0xac00 && c < 0xd7b0;
  }
}

/* The n-gram models need more text than that in East Asian scripts; the scripts themselves tell. */
static const char *
language_of_scripts (const Scripts *scripts)
{
  guint east_asian = scripts->han + scripts->kana + scripts->hangul;

  if (east_asian < 10 || east_asian * 3 < scripts->letters)
    return NULL;
  if (scripts->hangul * 2 > east_asian)
    return "ko";
  return scripts->kana * 10 > east_asian ? "ja" : "zh";
}

/* Of "[gl--utf8][es--utf8]", the widely spoken one of the near ties, otherwise the first. */
static char *
choose (const char *result)
{
  static const char *const common[] = {"en", "es", "de", "fr", "pt", "it", "nl", "ru", "pl",
                                       "uk", "tr", "ar", "sv", "da", "cs", "id", NULL};
  g_autofree char *first = NULL;
  const char *at = result;

  while (*at == '[') {
    gsize length = strcspn (at + 1, "-]");
    g_autofree char *tag = g_strndup (at + 1, length);

    if (g_strv_contains (common, tag))
      return g_steal_pointer (&tag);
    if (first == NULL)
      first = g_steal_pointer (&tag);
    at += strcspn (at, "]");
    at += *at == ']';
  }
  return g_steal_pointer (&first);
}

char *
language_detect (const char *text, gsize bytes)
{
  Scripts scripts;
  void *models = *loaded_models ();
  const char *result, *name;

  bytes = MIN (bytes, SAMPLE_BYTES);
  while (bytes > 0 && bytes >= SAMPLE_BYTES - 4 && ((guchar)text[bytes - 1] & 0x80) != 0)
    bytes--;
  count_scripts (text, bytes, &scripts);
  name = language_of_scripts (&scripts);
  if (name != NULL)
    return g_strdup (name);
  if (models == NULL || scripts.letters < LETTERS_MIN)
    return NULL;
  result = textcat_Classify (models, text, bytes);
  return result == NULL || *result != '[' ? NULL : choose (result);
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
