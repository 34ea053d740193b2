#include "numbering.h"

#include "ingest/extract/office/numerals.h"

#include <string.h>

/* w:numFmt by MSONFC, as far as they are written differently from Arabic digits */
static const char *const formats[] = {
    [0] = "decimal",
    [1] = "upperRoman",
    [2] = "lowerRoman",
    [3] = "upperLetter",
    [4] = "lowerLetter",
    [5] = "ordinal",
    [6] = "cardinalText",
    [7] = "ordinalText",
    [8] = "hex",
    [9] = "chicago",
    [10] = "ideographDigital",
    [11] = "japaneseCounting",
    [12] = "aiueo",
    [13] = "iroha",
    [14] = "decimalFullWidth",
    [15] = "decimalHalfWidth",
    [16] = "japaneseLegal",
    [17] = "japaneseDigitalTenThousand",
    [18] = "decimalEnclosedCircle",
    [19] = "decimalFullWidth2",
    [20] = "aiueoFullWidth",
    [21] = "irohaFullWidth",
    [22] = "decimalZero",
    [24] = "ganada",
    [25] = "chosung",
    [26] = "decimalEnclosedFullstop",
    [27] = "decimalEnclosedParen",
    [28] = "decimalEnclosedCircleChinese",
    [29] = "ideographEnclosedCircle",
    [30] = "ideographTraditional",
    [31] = "ideographZodiac",
    [33] = "taiwaneseCounting",
    [34] = "ideographLegalTraditional",
    [35] = "taiwaneseCountingThousand",
    [36] = "taiwaneseDigital",
    [37] = "chineseCounting",
    [38] = "chineseLegalSimplified",
    [39] = "chineseCountingThousand",
    [41] = "koreanDigital",
    [42] = "koreanCounting",
    [43] = "koreanLegal",
    [44] = "koreanDigital2",
    [45] = "hebrew1",
    [46] = "arabicAlpha",
    [47] = "hebrew2",
    [48] = "arabicAbjad",
    [53] = "thaiLetters",
    [54] = "thaiNumbers",
    [57] = "numberInDash",
    [58] = "russianLower",
    [59] = "russianUpper",
};

void
numbering_list_free (NumberingList *list)
{
  if (list == NULL)
    return;
  for (guint i = 0; i < NUMBERING_LEVELS; i++)
    g_free (list->levels[i].text);
  g_free (list);
}

static void
append_number (GString *out, const NumberingList *list, guint level, gboolean is_legal)
{
  guint8 format = list->levels[level].format;
  const char *name = format < G_N_ELEMENTS (formats) ? formats[format] : NULL;

  if (format == NUMBERING_BULLET || format == NUMBERING_NONE)
    return;
  numeral_append (out, is_legal || name == NULL ? "decimal" : name,
                  list->is_started[level] ? list->numbers[level] : list->levels[level].start);
}

static void
count (NumberingList *list, guint level)
{
  if (list->is_started[level])
    list->numbers[level]++;
  else
    list->numbers[level] = list->levels[level].start;
  list->is_started[level] = TRUE;
  for (guint i = level + 1; i < NUMBERING_LEVELS; i++)
    if (!list->levels[i].has_restart || level < list->levels[i].restart_below)
      list->is_started[i] = FALSE;
}

char *
numbering_next (NumberingList *list, guint level)
{
  const NumberingLevel *now = &list->levels[MIN (level, NUMBERING_LEVELS - 1)];
  g_autoptr (GString) marker = NULL;

  count (list, MIN (level, NUMBERING_LEVELS - 1));
  if (now->format == NUMBERING_BULLET || now->text == NULL)
    return NULL;
  marker = g_string_new (NULL);
  for (const char *at = now->text; *at != '\0'; at++)
    if (*at >= 1 && *at <= NUMBERING_LEVELS)
      append_number (marker, list, (guint)*at - 1, now->is_legal);
    else
      g_string_append_c (marker, *at);
  return numbering_clean_marker (marker->str);
}

void
numbering_restart (NumberingList *list, guint level, guint start)
{
  if (level >= NUMBERING_LEVELS)
    return;
  list->levels[level].start = start;
  list->is_started[level] = FALSE;
}

char *
numbering_clean_marker (const char *text)
{
  g_autofree char *marker = g_strdup (text);

  g_strstrip (marker);
  for (const char *at = marker; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    /* "o" is the bullet of the second level in Word's own lists */
    if (g_unichar_isalnum (c) && strcmp (marker, "o") != 0 && (c < 0xe000 || c > 0xf8ff))
      return g_steal_pointer (&marker);
    if (c >= 0x2460 && c <= 0x24ff) /* enclosed numbers */
      return g_steal_pointer (&marker);
  }
  return NULL;
}
