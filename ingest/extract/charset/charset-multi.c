/* Multi-byte charsets: how frequent the characters are, in the language that each is for. */
#include "charset-models.h"
#include "charset-names.h"
#include "charset-own.h"
#include "charset-score-parts.h"

#include <string.h>

/* --- the charsets ----------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint prior;
  const char *common;       /* whose frequent characters */
  guint8 lead_1, lead_1_to; /* leads of its standard's first level */
  guint8 lead_2_to;         /* and of the second, with trails from 0xa1 on */
} Multi;

static const Multi multis[] = {
    {"gb18030", 8, "zh-Hans", 0xb0, 0xd7, 0xf7}, {"big5-hkscs", 20, "zh-Hant", 0xa4, 0xc6, 0xf9},
    {"euc-jp", 8, "ja", 0xb0, 0xcf, 0xf4},       {"windows-31j", 20, "ja", 0x88, 0x97, 0xea},
    {"windows-949", 8, "ko", 0xb0, 0xc8, 0xfd},  {"johab", 16, "ko", 0x84, 0xd3, 0xf9},
    {"euc-tw", 16, "zh-Hant", 0xc4, 0xfd, 0xfd},
};

/* --- multi-byte charsets ---------------------------------------------------------------------- */

typedef struct {
  gunichar *chars;
  gint32 *offsets; /* where in the sample each begins; one more at the end */
  gsize n;
} Decoded;

static void
decode_own (const CharsetOwn *own, const guint8 *sample, gsize bytes, Decoded *decoded)
{
  gsize at = 0;

  while (at < bytes) {
    guint used;

    decoded->offsets[decoded->n] = (gint32)at;
    decoded->chars[decoded->n++] = charset_own_next (own, sample + at, bytes - at, &used);
    at += used;
  }
}

static gboolean
decode_icu (const char *name, const guint8 *sample, gsize bytes, Decoded *decoded)
{
  UErrorCode status = U_ZERO_ERROR;
  g_autoptr (UConverter) converter = ucnv_open (name, &status);
  const char *at = (const char *)sample, *end = at + bytes;

  if (U_FAILURE (status))
    return FALSE;
  while (at < end && decoded->n < bytes) {
    const char *start = at;

    status = U_ZERO_ERROR;
    decoded->chars[decoded->n] = (gunichar)ucnv_getNextUChar (converter, &at, end, &status);
    if (U_FAILURE (status) || decoded->chars[decoded->n] == 0x1a) {
      decoded->chars[decoded->n] = 0xfffd;
      at = at > start ? at : start + 1;
    }
    decoded->offsets[decoded->n++] = (gint32)(start - (const char *)sample);
  }
  return TRUE;
}

/* Costs of the frequent characters of a language, by character. (transfer full) */
static GHashTable *
read_common (const char *name)
{
  GHashTable *common = g_hash_table_new (NULL, NULL);
  guint rank = 0;

  for (guint i = 0; i < G_N_ELEMENTS (common_characters); i++)
    if (strcmp (common_characters[i].language, name) == 0)
      for (const char *at = common_characters[i].text; *at != '\0'; at = g_utf8_next_char (at))
        g_hash_table_insert (common, GUINT_TO_POINTER (g_utf8_get_char (at)),
                             GUINT_TO_POINTER (rank++ < 40  ? 12u
                                               : rank < 160 ? 15u
                                                            : 18u));
  return common;
}

static guint
ideograph_cost (const Multi *multi, const CharsetOwn *own, gunichar c, const guint8 *at)
{
  gboolean is_hangul = c >= 0xac00 && c < 0xd7a4;

  if (c > 0xffff)
    return 44;
  if (multi->common[0] == 'k' && !is_hangul)
    return 34;
  if (own != NULL)
    return charset_own_is_usual_hangul (own, c) ? 23 : 36;
  if (at[0] >= multi->lead_1 && at[0] <= multi->lead_1_to)
    return strcmp (multi->name, "gb18030") == 0 && at[1] < 0xa1 ? 36 : 23;
  return at[0] <= multi->lead_2_to && (at[1] >= 0xa1 || multi->lead_1 == 0x88) ? 30 : 36;
}

static guint
wide_cost (const Multi *multi, const CharsetOwn *own, GHashTable *common, gunichar c,
           gunichar before, const guint8 *at)
{
  gpointer known = g_hash_table_lookup (common, GUINT_TO_POINTER (c));
  gboolean japanese = multi->common[0] == 'j';

  if (known != NULL)
    return GPOINTER_TO_UINT (known);
  if (c >= 0x3041 && c < 0x3097)
    return japanese ? 10 : 28;
  if ((c >= 0x30a1 && c < 0x30f7) || c == 0x30fc)
    return japanese ? 13 : 28;
  if (c >= 0x3001 && c <= 0x3003)
    return multi->common[0] == 'k' ? 26 : 10;
  if (c >= 0x3000 && c < 0x3020)
    return 14;
  if (c >= 0xff01 && c < 0xff5f)
    return c == 0xff0c && multi->common[0] == 'z' ? 10 : 18;
  if (c >= 0xff61 && c < 0xffa0)
    return 21;
  if ((c >= 0x3400 && c < 0xa000) || (c >= 0xac00 && c < 0xd7a4) || c > 0xffff)
    return ideograph_cost (multi, own, c, at);
  if (c >= 0xf900 && c < 0xfb00)
    return 34;
  if (g_unichar_isalpha (c))
    return 34;
  return charset_symbol_cost (c, before);
}

/* What is the same for all samples. */
typedef struct {
  CharsetOwn *own;    /* (nullable) */
  GHashTable *common; /* as read_common gives it */
} Known;

/* Made for the first sample that needs it, by the index of the charset. */
static const Known *
known_charset (guint index)
{
  static Known known[G_N_ELEMENTS (multis)];

  if (known[index].common == NULL) {
    known[index].own = charset_own_open (multis[index].name);
    known[index].common = read_common (multis[index].common);
  }
  return &known[index];
}

static guint64
multi_cost (guint index, const guint8 *sample, gsize bytes, guint64 limit)
{
  const Multi *multi = &multis[index];
  const CharsetOwn *own = known_charset (index)->own;
  GHashTable *common = known_charset (index)->common;
  g_autofree gunichar *chars = g_new (gunichar, bytes + 1);
  g_autofree gint32 *offsets = g_new (gint32, bytes + 1);
  Decoded decoded = {chars, offsets, 0};
  guint64 cost = multi->prior;

  if (own != NULL)
    decode_own (own, sample, bytes, &decoded);
  else if (!decode_icu (multi->name, sample, bytes, &decoded))
    return G_MAXUINT64;
  for (gsize i = 0; i < decoded.n && cost < limit; i++) {
    gunichar c = chars[i];
    const guint8 *at = sample + offsets[i];
    gsize next = i + 1 < decoded.n ? (gsize)offsets[i + 1] : bytes;

    if (at[0] < 0x80 && c < 0x80)
      continue;
    cost += wide_cost (multi, own, common, c, i > 0 ? chars[i - 1] : 0, at);
    /* letters of words: in other charsets this is one of them */
    if (offsets[i] > 0 && g_ascii_isalpha (at[-1]) && (i == 0 || chars[i - 1] < 0x80))
      cost += 8;
    if (next < bytes && g_ascii_isalpha (sample[next]))
      cost += 8;
  }
  return cost;
}

const char *
charset_best_multi (const guint8 *sample, gsize bytes, guint64 *cost)
{
  const char *best = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (multis); i++) {
    guint64 this_cost = multi_cost (i, sample, bytes, *cost);

    if (this_cost < *cost) {
      *cost = this_cost;
      best = multis[i].name;
    }
  }
  return best;
}
