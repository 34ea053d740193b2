#include "charset-score.h"

#include "charset-models.h"
#include "charset-own.h"

#include <string.h>
#include <unicode/ucnv.h>

/* All costs are in half bits. */
#define SAMPLE_BYTES (24u << 10)
#define COST_UNSEEN 22     /* two letters of the language that never meet */
#define COST_FOREIGN 30    /* a letter that the language does not have */
#define COST_UNDEFINED 60  /* no character at all */
#define COST_CASE 12       /* a capital after a small letter */
#define COST_NO_LETTERS 40 /* none of a script that is all above ASCII */

/* Classes of characters within a language. */
enum { EDGE, LETTERS_MAX = 120, MARK, PLAIN, FOREIGN, CLASSES };

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UConverter, ucnv_close)

/* --- the charsets ----------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint prior; /* how rare it is */
  const char *languages;
} Single;

/* Of those that read a text alike, the first wins. */
static const Single singles[] = {
    {"windows-1252", 0, "fr de es pt it nl sv da nb fi is ca ga sq et"},
    {"windows-1251", 0, "ru uk be bg mk sr"},
    {"windows-1250", 0, "pl cs sk hu hr sl ro sq"},
    {"windows-1253", 0, "el"},
    {"windows-1254", 0, "tr"},
    {"windows-1255", 0, "he"},
    {"windows-1256", 0, "ar fa"},
    {"windows-1257", 0, "lt lv et"},
    {"windows-1258", 4, "vi"},
    {"windows-874", 0, "th"},
    {"iso-8859-2", 2, "pl cs sk hu hr sl ro"},
    {"iso-8859-5", 4, "ru bg mk sr be uk"},
    {"iso-8859-6", 2, "ar"},
    {"iso-8859-7", 2, "el"},
    {"iso-8859-8", 2, "he"},
    {"iso-8859-13", 4, "lt lv et pl"},
    {"iso-8859-15", 6, "fr de es pt it nl sv da nb fi et"},
    {"iso-8859-4", 6, "lt lv et"},
    {"iso-8859-3", 8, "mt eo tr"},
    {"iso-8859-10", 12, "is lt sv nb"},
    {"iso-8859-14", 12, "cy ga"},
    {"iso-8859-16", 10, "ro pl hu"},
    {"koi8-r", 0, "ru bg"},
    {"koi8-u", 2, "uk be ru"},
    {"ibm-866", 4, "ru be"},
    {"ibm-855", 16, "ru bg mk sr be uk"},
    {"ibm-1125", 16, "uk"},
    {"x-mac-cyrillic", 14, "ru uk bg mk sr be"},
    {"MIK", 16, "bg"},
    {"KZ-1048", 6, "kk"},
    {"PTCP154", 12, "kk"},
    {"KOI8-T", 8, "tg"},
    {"ibm-737", 16, "el"},
    {"ibm-869", 20, "el"},
    {"x-mac-greek", 20, "el"},
    {"ibm-850", 16, "fr de es pt it nl sv da nb fi is ca"},
    {"ibm-858", 18, "fr de es pt it nl sv da nb fi is ca"},
    {"ibm-437", 17, "fr de es it nl sv fi"},
    {"ibm-852", 16, "pl cs sk hu hr sl ro"},
    {"ibm-857", 16, "tr"},
    {"ibm-775", 20, "lt lv et"},
    {"ibm-860", 20, "pt"},
    {"ibm-861", 20, "is"},
    {"ibm-863", 20, "fr"},
    {"ibm-865", 20, "da nb"},
    {"ibm-862", 16, "he"},
    {"ibm-864", 22, "ar"},
    {"ibm-720", 20, "ar"},
    {"macintosh", 14, "fr de es pt it nl sv da nb fi is ca"},
    {"x-mac-ce", 16, "pl cs sk hu et lv lt"},
    {"x-mac-turkish", 16, "tr"},
    {"x-mac-croatian", 20, "hr sl"},
    {"x-mac-romanian", 20, "ro"},
    {"x-mac-icelandic", 22, "is"},
    {"hp-roman8", 30, "fr de es it"},
    {"VISCII", 16, "vi"},
    {"TCVN", 16, "vi"},
    {"GEORGIAN-PS", 8, "ka"},
    {"ARMSCII-8", 8, "hy"},
};

typedef struct {
  const char *name;
  guint prior;
  const char *common;       /* whose frequent characters */
  guint8 lead_1, lead_1_to; /* leads of its standard's first level */
  guint8 lead_2_to;         /* and of the second, with trails from 0xa1 on */
} Multi;

static const Multi multis[] = {
    {"gb18030", 20, "zh-Hans", 0xb0, 0xd7, 0xf7}, {"big5-hkscs", 20, "zh-Hant", 0xa4, 0xc6, 0xf9},
    {"euc-jp", 20, "ja", 0xb0, 0xcf, 0xf4},       {"windows-31j", 20, "ja", 0x88, 0x97, 0xea},
    {"windows-949", 20, "ko", 0xb0, 0xc8, 0xfd},  {"johab", 30, "ko", 0x84, 0xd3, 0xf9},
    {"euc-tw", 30, "zh-Hant", 0xc4, 0xfd, 0xfd},
};

/* --- characters ------------------------------------------------------------------------------- */

static gboolean
is_box (gunichar c)
{
  return c >= 0x2500 && c < 0x25a0;
}

/* A character that is no letter, after `before`. */
static guint
symbol_cost (gunichar c, gunichar before)
{
  static const gunichar2 usual[] = {0xa0,   0xa7,   0xa9,   0xab,   0xae,   0xb0,   0xb7,
                                    0xbb,   0x2013, 0x2014, 0x2018, 0x2019, 0x201c, 0x201d,
                                    0x201e, 0x2022, 0x2026, 0x20ac, 0x2116, 0x2122};
  static const gunichar2 rarer[] = {0xa1, 0xa3, 0xaa, 0xb1, 0xb2, 0xb3,   0xb4,   0xb5,  0xba,
                                    0xbc, 0xbd, 0xbe, 0xbf, 0xd7, 0x201a, 0x2039, 0x203a};

  if (c < 0x80)
    return 0;
  if (c == 0xfffd || c < 0xa0 || (c >= 0xe000 && c < 0xf900))
    return COST_UNDEFINED;
  if (is_box (c))
    return before == c ? 2 : g_unichar_isalpha (before) ? 30 : is_box (before) ? 12 : 18;
  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    if (usual[i] == c) {
      /* quotes that open do not follow letters */
      gboolean opens = c == 0x2018 || c == 0x201c || c == 0x201e;

      return g_unichar_isalpha (before) ? (opens ? 26 : c == 0xab ? 16 : 13) : 13;
    }
  for (guint i = 0; i < G_N_ELEMENTS (rarer); i++)
    if (rarer[i] == c)
      return 17;
  return 24;
}

/* What a letter costs after a character that is none. */
static guint
letter_after_symbol_cost (gunichar c)
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

/* --- single-byte charsets --------------------------------------------------------------------- */

typedef struct {
  gunichar map[256];
} Table;

/* The map of a charset; FALSE when this build has none of it. */
static gboolean
read_table (const char *name, Table *table)
{
  UErrorCode status = U_ZERO_ERROR;
  g_autoptr (CharsetOwn) own = charset_own_open (name);
  g_autoptr (UConverter) converter = own == NULL ? ucnv_open (name, &status) : NULL;
  guint8 bytes[256];
  UChar out[256];
  guint used;

  for (guint i = 0; i < 256; i++)
    bytes[i] = (guint8)i;
  if (own == NULL && (U_FAILURE (status) || ucnv_toUChars (converter, out, 256, (const char *)bytes,
                                                           256, &status) != 256))
    return FALSE;
  for (guint i = 0; i < 256; i++)
    table->map[i] = own == NULL ? out[i] : charset_own_next (own, bytes + i, 1, &used);
  /* some converters put SUB for what they do not know */
  for (guint i = 0x80; i < 256; i++)
    if (table->map[i] < 0x20)
      table->map[i] = 0xfffd;
  return TRUE;
}

typedef struct {
  guint8 cost[CLASSES][CLASSES]; /* of the second after the first */
  gunichar letters[LETTERS_MAX];
  guint n_letters; /* EDGE included, as letter 0 */
  gboolean is_latin;
  gboolean has_marks; /* written with signs of their own above or below letters */
} Model;

static guint
class_of (const Model *model, gunichar c)
{
  GUnicodeType type;

  if (c == 0x219) /* s, t with comma: ever written with a cedilla */
    c = 0x15f;
  else if (c == 0x21b)
    c = 0x163;
  for (guint i = 1; i < model->n_letters; i++)
    if (model->letters[i] == c)
      return i;
  if (c < 0x80)
    return g_ascii_isalpha (c) ? PLAIN : EDGE;
  type = g_unichar_type (c);
  if (type == G_UNICODE_NON_SPACING_MARK)
    return MARK;
  return g_unichar_isalpha (c) && c != 0xaa && c != 0xba ? FOREIGN : EDGE;
}

static guint
add_letter (Model *model, gunichar c)
{
  if (c == '_')
    return EDGE;
  for (guint i = 1; i < model->n_letters; i++)
    if (model->letters[i] == c)
      return i;
  if (model->n_letters == LETTERS_MAX)
    return FOREIGN;
  model->letters[model->n_letters] = c;
  return model->n_letters++;
}

/* What each class costs after another where the model says nothing. */
static void
init_costs (Model *model)
{
  for (guint a = 0; a < CLASSES; a++)
    for (guint b = 0; b < CLASSES; b++) {
      guint cost = a == FOREIGN || b == FOREIGN ? COST_FOREIGN : COST_UNSEEN;

      if (a == PLAIN || b == PLAIN)
        cost = model->is_latin || (a != EDGE && b != EDGE) ? MAX (cost, COST_UNSEEN) : 4;
      if (a == MARK || b == MARK)
        cost = !model->has_marks || a == EDGE || a == b || MAX (a, b) > MARK ? COST_FOREIGN
               : b == MARK                                                   ? 8
                                                                             : 4;
      model->cost[a][b] = (guint8)cost;
    }
  model->cost[EDGE][EDGE] = 0;
}

static void
read_model (const CharsetModel *source, Model *model)
{
  gdouble sums[LETTERS_MAX] = {0};
  guint level = 0;

  memset (model, 0, sizeof *model);
  model->n_letters = 1;
  model->has_marks = strstr ("vi he ar fa th", source->language) != NULL;
  model->is_latin = strchr (source->text, 'a') != NULL;
  init_costs (model);
  /* twice: how frequent the first of a pair is, then what the second costs after it */
  for (guint pass = 0; pass < 2; pass++)
    for (const char *at = source->text; *at != '\0';) {
      guint a, b;

      if (g_ascii_isupper (*at)) {
        level = 4 + (guint)(*at++ - 'A');
        continue;
      }
      a = add_letter (model, g_utf8_get_char (at));
      at = g_utf8_next_char (at);
      if (*at == '\0')
        break;
      b = add_letter (model, g_utf8_get_char (at));
      at = g_utf8_next_char (at);
      if (a >= LETTERS_MAX || b >= LETTERS_MAX)
        continue;
      if (pass == 0) {
        sums[a] += 1.0 / (gdouble)(1u << MIN (level / 2, 30)) * (level & 1 ? 0.7071 : 1);
      } else {
        gdouble share = 1.0 / (gdouble)(1u << MIN (level / 2, 30)) * (level & 1 ? 0.7071 : 1);
        gdouble ratio = sums[a] / share;
        guint cost = 0;

        while (ratio > 1.19 && cost < COST_UNSEEN) {
          ratio /= 1.41421;
          cost++;
        }
        model->cost[a][b] = (guint8)MAX (cost, 1);
      }
    }
}

typedef struct {
  guint8 first, second;
  guint count;
} Pair;

static gboolean
is_wordly (guint8 byte)
{
  return byte >= 0x80 || g_ascii_isalpha (byte);
}

/* Pairs of bytes, one of them above ASCII, and how many there are of each. */
static GArray *
count_pairs (const guint8 *sample, gsize bytes)
{
  g_autofree guint *counts = g_new0 (guint, 1u << 16);
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  guint8 last = ' ';

  for (gsize i = 0; i <= bytes; i++) {
    guint8 byte = i < bytes && is_wordly (sample[i]) ? sample[i] : ' ';

    if (byte >= 0x80 || last >= 0x80)
      counts[(guint)last << 8 | byte]++;
    last = byte;
  }
  for (guint i = 0; i < 1u << 16; i++)
    if (counts[i] > 0) {
      Pair pair = {(guint8)(i >> 8), (guint8)i, counts[i]};

      g_array_append_val (pairs, pair);
    }
  return pairs;
}

/* What no language changes: symbols, capitals in the wrong places. */
static guint64
common_cost (const Table *table, const GArray *pairs)
{
  guint64 cost = 0;

  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index (pairs, Pair, i);
    gunichar a = table->map[pair->first], b = table->map[pair->second];
    guint each = 0;

    if (!g_unichar_isalpha (b) && g_unichar_type (b) != G_UNICODE_NON_SPACING_MARK)
      each += symbol_cost (b, a);
    else if (!g_unichar_isalpha (a) && g_unichar_type (a) != G_UNICODE_NON_SPACING_MARK)
      each += letter_after_symbol_cost (a);
    if (g_unichar_islower (a) && g_unichar_isupper (b))
      each += COST_CASE;
    cost += (guint64)each * pair->count;
  }
  return cost;
}

static guint64
language_cost (const Table *table, const Model *model, const GArray *pairs)
{
  guint8 classes[256];
  guint64 cost = 0;
  gboolean has_letters = FALSE;

  for (guint i = 0; i < 256; i++) {
    gunichar c = table->map[i];

    classes[i] = (guint8)class_of (model, c == 0x130 ? 'i' : g_unichar_tolower (c));
  }
  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index (pairs, Pair, i);

    cost += (guint64)model->cost[classes[pair->first]][classes[pair->second]] * pair->count;
    has_letters |= pair->second >= 0x80 && classes[pair->second] != EDGE;
  }
  return has_letters || model->is_latin ? cost : cost + COST_NO_LETTERS;
}

/* Is `language` one of the words of the list? */
static gboolean
serves (const Single *single, const char *language)
{
  gsize length = strlen (language);

  for (const char *at = single->languages; (at = strstr (at, language)) != NULL; at += length)
    if ((at == single->languages || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
      return TRUE;
  return FALSE;
}

static const char *
best_single (const guint8 *sample, gsize bytes, guint64 *best_cost)
{
  g_autoptr (GArray) pairs = count_pairs (sample, bytes);
  g_autofree Table *tables = g_new (Table, G_N_ELEMENTS (singles));
  g_autofree Model *model = g_new (Model, 1);
  guint64 common[G_N_ELEMENTS (singles)], costs[G_N_ELEMENTS (singles)];
  const char *best = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (singles); i++) {
    common[i] = costs[i] = G_MAXUINT64;
    if (read_table (singles[i].name, &tables[i]))
      common[i] = singles[i].prior + common_cost (&tables[i], pairs);
  }
  for (guint j = 0; j < G_N_ELEMENTS (letter_models); j++) {
    read_model (&letter_models[j], model);
    for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
      if (common[i] != G_MAXUINT64 && serves (&singles[i], letter_models[j].language)) {
        guint64 cost = common[i] + language_cost (&tables[i], model, pairs);

        costs[i] = MIN (costs[i], cost);
      }
  }
  *best_cost = G_MAXUINT64;
  for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
    if (costs[i] < *best_cost) {
      *best_cost = costs[i];
      best = singles[i].name;
    }
  return best;
}

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
ideograph_cost (const Multi *multi, gunichar c, const guint8 *at)
{
  gboolean is_hangul = c >= 0xac00 && c < 0xd7a4;

  if (c > 0xffff)
    return 44;
  if (multi->common[0] == 'k' && !is_hangul)
    return 34;
  if (at[0] >= multi->lead_1 && at[0] <= multi->lead_1_to)
    return strcmp (multi->name, "gb18030") == 0 && at[1] < 0xa1 ? 36 : 23;
  return at[0] <= multi->lead_2_to && (at[1] >= 0xa1 || multi->lead_1 == 0x88) ? 30 : 36;
}

static guint
wide_cost (const Multi *multi, GHashTable *common, gunichar c, gunichar before, const guint8 *at)
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
    return ideograph_cost (multi, c, at);
  if (c >= 0xf900 && c < 0xfb00)
    return 34;
  if (g_unichar_isalpha (c))
    return 34;
  return symbol_cost (c, before);
}

static guint64
multi_cost (const Multi *multi, const guint8 *sample, gsize bytes, guint64 limit)
{
  g_autofree gunichar *chars = g_new (gunichar, bytes + 1);
  g_autofree gint32 *offsets = g_new (gint32, bytes + 1);
  g_autoptr (CharsetOwn) own = charset_own_open (multi->name);
  g_autoptr (GHashTable) common = read_common (multi->common);
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
    cost += wide_cost (multi, common, c, i > 0 ? chars[i - 1] : 0, at);
    /* letters of words: in other charsets this is one of them */
    if (offsets[i] > 0 && g_ascii_isalpha (at[-1]) && (i == 0 || chars[i - 1] < 0x80))
      cost += 8;
    if (next < bytes && g_ascii_isalpha (sample[next]))
      cost += 8;
  }
  return cost;
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
  guint64 best_cost;
  const char *best;

  if (condensed->len == 0)
    return NULL;
  best = best_single (condensed->data, condensed->len, &best_cost);
  for (guint i = 0; i < G_N_ELEMENTS (multis); i++) {
    guint64 cost = multi_cost (&multis[i], condensed->data, condensed->len, best_cost);

    if (cost < best_cost) {
      best_cost = cost;
      best = multis[i].name;
    }
  }
  return best;
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
