#include "charset-own.h"

#include "charset-tables.h"

#include <string.h>
#include <unicode/ucnv.h>

#define JOHAB "johab"
#define UNDEFINED 0xfffdu
#define KSX_ROWS 94

struct CharsetOwn {
  const char *name;
  gunichar2 upper[128];
  gunichar2 *ksx; /* Johab: KS X 1001, rows and cells from 0 */
};

/* --- Johab: KS X 1001, annex 3 ---------------------------------------------------------------- */

/* What the five bits of a part mean; -1: nothing, -2: no such part. */
static const gint16 johab_initial[32] = {-2, -1, 0,  1,  2,  3,  4,  5,  6,  7,  8,
                                         9,  10, 11, 12, 13, 14, 15, 16, 17, 18, -2,
                                         -2, -2, -2, -2, -2, -2, -2, -2, -2, -2};
static const gint16 johab_medial[32] = {-2, -2, -1, 0,  1,  2,  3,  4,  -2, -2, 5,
                                        6,  7,  8,  9,  10, -2, -2, 11, 12, 13, 14,
                                        15, 16, -2, -2, 17, 18, 19, 20, -2, -2};
static const gint16 johab_final[32] = {-2, -1, 1,  2,  3,  4,  5,  6,  7,  8,  9,
                                       10, 11, 12, 13, 14, 15, 16, -2, 17, 18, 19,
                                       20, 21, 22, 23, 24, 25, 26, 27, -2, -2};
/* Letters that stand alone, less U+3131. */
static const guint8 initial_letters[19] = {0,  1,  3,  6,  7,  8,  16, 17, 18, 20,
                                           21, 22, 23, 24, 25, 26, 27, 28, 29};
static const guint8 final_letters[28] = {0,  0,  1,  2,  3,  4,  5,  6,  8,  9,  10, 11, 12, 13,
                                         14, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29};

static gunichar
johab_hangul (guint unit)
{
  int initial = johab_initial[unit >> 10 & 31];
  int medial = johab_medial[unit >> 5 & 31];
  int final = johab_final[unit & 31];

  if (initial == -2 || medial == -2 || final == -2)
    return UNDEFINED;
  if (initial >= 0 && medial >= 0)
    return 0xac00 + (gunichar)((initial * 21 + medial) * 28 + MAX (final, 0));
  if (initial >= 0 && final < 0)
    return 0x3131 + (gunichar)initial_letters[initial];
  if (initial < 0 && medial >= 0 && final < 0)
    return 0x314f + (gunichar)medial;
  if (initial < 0 && medial < 0 && final >= 0)
    return 0x3131 + (gunichar)final_letters[final];
  return UNDEFINED;
}

static gunichar
johab_next (const CharsetOwn *own, const guint8 *at, gsize bytes, guint *used)
{
  guint lead = at[0], trail = bytes > 1 ? at[1] : 0;
  guint row, cell;

  *used = 1;
  if (lead < 0x80)
    return lead;
  if (trail < 0x31)
    return UNDEFINED;
  if (lead >= 0x84 && lead <= 0xd3) {
    gunichar c = johab_hangul (lead << 8 | trail);

    *used = c == UNDEFINED ? 1 : 2;
    return c;
  }
  if (lead < 0xd9 || lead == 0xdf || lead > 0xf9 || trail == 0xff || (trail > 0x7e && trail < 0x91))
    return UNDEFINED;
  row = lead < 0xe0 ? 2 * (lead - 0xd9) : 2 * lead - 0x197;
  cell = trail < 0x91 ? trail - 0x31 : trail - 0x43;
  row += cell >= 94;
  cell -= cell >= 94 ? 94 : 0;
  *used = 2;
  return row < KSX_ROWS ? own->ksx[row * 94 + cell] : UNDEFINED;
}

/* Symbols and hanja lie as in KS X 1001, which EUC-KR has. */
static gunichar2 *
read_ksx (void)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter = ucnv_open ("EUC-KR", &status);
  gunichar2 *ksx = g_new (gunichar2, KSX_ROWS * 94);

  for (guint i = 0; i < KSX_ROWS * 94; i++) {
    const char pair[2] = {(char)(0xa1 + i / 94), (char)(0xa1 + i % 94)};
    UChar out[4] = {0};

    status = U_ZERO_ERROR;
    ksx[i] = UNDEFINED;
    if (converter != NULL && ucnv_toUChars (converter, out, 4, pair, 2, &status) == 1)
      ksx[i] = out[0];
  }
  ucnv_close (converter);
  return ksx;
}

/* --- all -------------------------------------------------------------------------------------- */

CharsetOwn *
charset_own_open (const char *name)
{
  static const char *const aliases[][2] = {
      {"cp1361", JOHAB},         {"ms1361", JOHAB},        {"windows-1361", JOHAB},
      {"ks_c_5601-1992", JOHAB}, {"tcvn-5712", "TCVN"},    {"x-viet-tcvn5712", "TCVN"},
      {"tcvn5712-1", "TCVN"},    {"rk1048", "KZ-1048"},    {"kz1048", "KZ-1048"},
      {"pt154", "PTCP154"},      {"csptcp154", "PTCP154"}, {"iso8859-16", "ISO-8859-16"},
      {"latin10", "ISO-8859-16"}};
  CharsetOwn *own;

  for (guint i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (g_ascii_strcasecmp (aliases[i][0], name) == 0)
      name = aliases[i][1];
  if (g_ascii_strcasecmp (name, JOHAB) == 0) {
    own = g_new0 (CharsetOwn, 1);
    own->name = JOHAB;
    own->ksx = read_ksx ();
    return own;
  }
  for (guint i = 0; i < G_N_ELEMENTS (charset_tables); i++)
    if (g_ascii_strcasecmp (charset_tables[i].name, name) == 0) {
      const char *at = charset_tables[i].upper;

      own = g_new0 (CharsetOwn, 1);
      own->name = charset_tables[i].name;
      for (guint j = 0; j < 128; j++, at = g_utf8_next_char (at))
        own->upper[j] = (gunichar2)g_utf8_get_char (at);
      return own;
    }
  return NULL;
}

void
charset_own_free (CharsetOwn *own)
{
  if (own != NULL)
    g_free (own->ksx);
  g_free (own);
}

const char *
charset_own_name (const CharsetOwn *own)
{
  return own->name;
}

gboolean
charset_own_is_single (const CharsetOwn *own)
{
  return own->ksx == NULL;
}

gunichar
charset_own_next (const CharsetOwn *own, const guint8 *at, gsize bytes, guint *used)
{
  if (own->ksx != NULL)
    return johab_next (own, at, bytes, used);
  *used = 1;
  return at[0] < 0x80 ? at[0] : own->upper[at[0] - 0x80];
}

gboolean
charset_own_is_usual_hangul (const CharsetOwn *own, gunichar c)
{
  /* rows 16 to 40, in the order of Unicode */
  const gunichar2 *first = own->ksx == NULL ? NULL : own->ksx + 15 * 94;
  guint low = 0, high = 25 * 94;

  while (first != NULL && low < high) {
    guint middle = (low + high) / 2;

    if (first[middle] == c)
      return TRUE;
    if (first[middle] < c)
      low = middle + 1;
    else
      high = middle;
  }
  return FALSE;
}
