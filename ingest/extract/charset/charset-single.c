/* Single-byte charsets: letters after letters, in the languages that each is for. */
#include "charset-models.h"
#include "charset-names.h"
#include "charset-own.h"
#include "charset-score-parts.h"

#include <string.h>

#define COST_UNSEEN 22      /* two letters of the language that never meet */
#define COST_FOREIGN 30     /* a letter that the language does not have */
#define COST_CASE 12        /* a capital after a small letter */
#define COST_FEW_LETTERS 30 /* one or two of such a script, in a text of ASCII */
#define COST_NO_LETTERS 40  /* none of a script that is all above ASCII */

/* No letter of a language in letter_models lies beyond. */
#define LETTER_END 0x2000

/* Classes of characters within a language. */
enum { EDGE, LETTERS_MAX = 120, MARK, PLAIN, FOREIGN, CLASSES };

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
    {"iso-8859-13", 10, "lt lv et pl"},
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
    {"x-mac-cyrillic", 8, "ru uk bg mk sr be"},
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

/* --- single-byte charsets --------------------------------------------------------------------- */

typedef struct {
  gunichar map[256];
  gunichar folded[256]; /* small letters, and s, t with cedilla where they have a comma */
  guint8 kind[256];     /* EDGE, MARK, PLAIN (ASCII letter) or FOREIGN (any other letter) */
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
  for (guint i = 0; i < 256; i++) {
    gunichar c = table->map[i];

    table->folded[i] = c == 0x130 ? 'i' : g_unichar_tolower (c);
    if (table->folded[i] == 0x219 || table->folded[i] == 0x21b)
      table->folded[i] = table->folded[i] == 0x219 ? 0x15f : 0x163;
    table->kind[i] = g_unichar_type (c) == G_UNICODE_NON_SPACING_MARK   ? MARK
                     : !g_unichar_isalpha (c) || c == 0xaa || c == 0xba ? EDGE
                     : c < 0x80                                         ? PLAIN
                                                                        : FOREIGN;
  }
  return TRUE;
}

typedef struct {
  guint8 cost[CLASSES][CLASSES]; /* of the second after the first */
  guint8 letters[LETTER_END];    /* the class of each; 0: it has none */
  guint n_letters;               /* EDGE included, as letter 0 */
  gboolean is_latin;
  gboolean has_marks; /* written with signs of their own above or below letters */
} Model;

static guint
add_letter (Model *model, gunichar c)
{
  if (c == '_')
    return EDGE;
  if (c >= LETTER_END || (model->letters[c] == 0 && model->n_letters == LETTERS_MAX))
    return FOREIGN;
  if (model->letters[c] == 0)
    model->letters[c] = (guint8)model->n_letters++;
  return model->letters[c];
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
    guint kind_a = table->kind[pair->first], kind_b = table->kind[pair->second];
    guint each = 0;

    if (kind_b == EDGE)
      each += charset_symbol_cost (b, a);
    else if (kind_a == EDGE)
      each += charset_letter_after_symbol_cost (a);
    else if (kind_a != MARK && kind_b != MARK && g_unichar_islower (a) && g_unichar_isupper (b))
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
    gunichar c = table->folded[i];

    classes[i] = c < LETTER_END && model->letters[c] != 0 ? model->letters[c] : table->kind[i];
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

static gboolean
is_mostly_ascii (const guint8 *sample, gsize bytes)
{
  gsize high = 0, letters = 0;

  for (gsize i = 0; i < bytes; i++) {
    high += sample[i] >= 0x80;
    letters += g_ascii_isalpha (sample[i]);
  }
  return high < 4 && high * 8 < letters;
}

/* What is the same for all samples. */
typedef struct {
  Table tables[G_N_ELEMENTS (singles)];
  gboolean has_table[G_N_ELEMENTS (singles)];
  Model models[G_N_ELEMENTS (letter_models)];
  gboolean serves[G_N_ELEMENTS (letter_models)][G_N_ELEMENTS (singles)];
} Known;

/* Made for the first sample, which takes some ms: most files are UTF-8 and need none of it. */
static const Known *
known_charsets (void)
{
  static Known *known;

  if (known != NULL)
    return known;
  known = g_new0 (Known, 1);
  for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
    known->has_table[i] = read_table (singles[i].name, &known->tables[i]);
  for (guint j = 0; j < G_N_ELEMENTS (letter_models); j++) {
    read_model (&letter_models[j], &known->models[j]);
    for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
      known->serves[j][i] = known->has_table[i] && serves (&singles[i], letter_models[j].language);
  }
  return known;
}

const char *
charset_best_single (const guint8 *sample, gsize bytes, guint64 *cost_found)
{
  const Known *known = known_charsets ();
  g_autoptr (GArray) pairs = count_pairs (sample, bytes);
  guint64 common[G_N_ELEMENTS (singles)], costs[G_N_ELEMENTS (singles)];
  const char *best = NULL;
  gboolean is_ascii = is_mostly_ascii (sample, bytes);

  for (guint i = 0; i < G_N_ELEMENTS (singles); i++) {
    common[i] = costs[i] = G_MAXUINT64;
    if (known->has_table[i])
      common[i] = singles[i].prior * (is_ascii ? 2 : 1) + common_cost (&known->tables[i], pairs);
  }
  for (guint j = 0; j < G_N_ELEMENTS (letter_models); j++) {
    const Model *model = &known->models[j];

    for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
      if (known->serves[j][i]) {
        guint64 cost = common[i] + language_cost (&known->tables[i], model, pairs);

        if (is_ascii && !model->is_latin)
          cost += COST_FEW_LETTERS;

        costs[i] = MIN (costs[i], cost);
      }
  }
  *cost_found = G_MAXUINT64;
  for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
    if (costs[i] < *cost_found) {
      *cost_found = costs[i];
      best = singles[i].name;
    }
  return best;
}
