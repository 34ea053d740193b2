#include "charset-score.h"

#include "charset-models.h"
#include "charset-score-parts.h"

#include <string.h>

#define SAMPLE_BYTES (24u << 10)

/* --- characters ------------------------------------------------------------------------------- */

static gboolean
is_box (gunichar c)
{
  return c >= 0x2500 && c < 0x25a0;
}

guint
charset_symbol_cost (gunichar c, gunichar before)
{
  static const gunichar2 frequent[] = {0xa0,   0x2013, 0x2014, 0x2018, 0x2019,
                                       0x201c, 0x201d, 0x2022, 0x2026};
  static const gunichar2 usual[] = {0xa7, 0xa9,   0xab,   0xae,   0xb0,  0xb7,
                                    0xbb, 0x201e, 0x20ac, 0x2116, 0x2122};
  static const gunichar2 rarer[] = {0xa1, 0xa3, 0xaa, 0xb1, 0xb2, 0xb3,   0xb4,   0xb5,  0xba,
                                    0xbc, 0xbd, 0xbe, 0xbf, 0xd7, 0x201a, 0x2039, 0x203a};

  gboolean opens = c == 0x2018 || c == 0x201c || c == 0x201e; /* not behind letters */

  if (c < 0x80)
    return 0;
  if (c == 0xfffd || c < 0xa0 || (c >= 0xe000 && c < 0xf900))
    return COST_UNDEFINED;
  if (c >= 0x2b0 && c < 0x300) /* accents without letters */
    return 34;
  if (is_box (c))
    return before == c ? 2 : g_unichar_isalpha (before) ? 30 : is_box (before) ? 12 : 18;
  for (guint i = 0; i < G_N_ELEMENTS (frequent); i++)
    if (frequent[i] == c)
      return opens && g_unichar_isalpha (before) ? 26 : 9;
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (usual[i] == c)
      return !g_unichar_isalpha (before) ? 13 : opens ? 26 : c == 0xab ? 16 : 13;
  for (guint i = 0; i < G_N_ELEMENTS (rarer); i++)
    if (rarer[i] == c)
      return 17;
  return 24;
}

guint
charset_letter_after_symbol_cost (gunichar c)
{
  static const gunichar2 fitting[] = {0xa0,   0xa1,   0xa7,   0xab,   0xb7,   0xbb,
                                      0xbf,   0x2013, 0x2014, 0x2018, 0x2019, 0x201a,
                                      0x201c, 0x201e, 0x2022, 0x2026, 0x2039};

  if (c < 0x80 || c == 0xad)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (fitting); i++)
    if (fitting[i] == c)
      return 0;
  return 12;
}

/* --- all -------------------------------------------------------------------------------------- */

/* The lines with bytes above ASCII, put together. */
static GByteArray *
condense (const guint8 *sample, gsize bytes)
{
  GByteArray *condensed = g_byte_array_new ();
  const guint8 *at = sample, *end = sample + bytes;

  while (at < end && condensed->len < SAMPLE_BYTES) {
    const guint8 *newline = memchr (at, '\n', (gsize)(end - at));
    const guint8 *line_end = newline == NULL ? end : newline + 1;
    gsize length = MIN ((gsize)(line_end - at), SAMPLE_BYTES - condensed->len);
    gboolean high = FALSE;

    for (gsize i = 0; i < length && !high; i++)
      high = at[i] >= 0x80;
    if (high)
      g_byte_array_append (condensed, at, (guint)length);
    at = line_end;
  }
  return condensed;
}

const char *
charset_score_best (const guint8 *sample, gsize bytes)
{
  g_autoptr (GByteArray) condensed = condense (sample, bytes);
  guint64 cost;
  const char *best, *multi;

  if (condensed->len == 0)
    return NULL;
  best = charset_best_single (condensed->data, condensed->len, &cost);
  multi = charset_best_multi (condensed->data, condensed->len, &cost);
  return multi != NULL ? multi : best;
}

gboolean
charset_score_is_common (gunichar c)
{
  char utf8[8] = "";

  utf8[g_unichar_to_utf8 (c, utf8)] = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (common_characters); i++)
    if (c >= 0x3400 && strstr (common_characters[i].text, utf8) != NULL)
      return TRUE;
  return FALSE;
}
