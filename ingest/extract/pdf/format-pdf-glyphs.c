/* Fonts whose text is numbers of glyphs.
 *
 * Some writers embed a TrueType font by glyph numbers and leave out the table back to characters.
 * Every tool then shows the numbers: "7KH\003HQG" for "The end". Where the font has the order of
 * glyphs that Microsoft's fonts share (the standard Macintosh order, without no-break space and
 * apple, and then the Latin letters of central Europe), the characters are known. Such a font shows
 * itself: its space is U+0003; others are what poppler puts into gaps. */
#include "format-pdf.h"

#include <string.h>

#define FIRST 3
#define LETTERS_MIN 0.6 /* of what a font says once it is translated */
#define SAMPLE_MIN 4    /* characters */

/* by glyph, from FIRST + 95 on: before them stand the characters of ASCII; 0: not known */
static const gunichar beyond_ascii[] = {
    0xc4,   0xc5,   0xc7,   0xc9,   0xd1,  0xd6,   0xdc,   0xe1,   0xe0,   0xe2,   0xe4,   0xe3,
    0xe5,   0xe7,   0xe9,   0xe8,   0xea,  0xeb,   0xed,   0xec,   0xee,   0xef,   0xf1,   0xf3,
    0xf2,   0xf4,   0xf6,   0xf5,   0xfa,  0xf9,   0xfb,   0xfc,   0x2020, 0xb0,   0xa2,   0xa3,
    0xa7,   0x2022, 0xb6,   0xdf,   0xae,  0xa9,   0x2122, 0xb4,   0xa8,   0x2260, 0xc6,   0xd8,
    0x221e, 0xb1,   0x2264, 0x2265, 0xa5,  0xb5,   0x2202, 0x2211, 0x220f, 0x3c0,  0x222b, 0xaa,
    0xba,   0x3a9,  0xe6,   0xf8,   0xbf,  0xa1,   0xac,   0x221a, 0x192,  0x2248, 0x2206, 0xab,
    0xbb,   0x2026, 0xc0,   0xc3,   0xd5,  0x152,  0x153,  0x2013, 0x2014, 0x201c, 0x201d, 0x2018,
    0x2019, 0xf7,   0x25ca, 0xff,   0x178, 0x2044, 0xa4,   0x2039, 0x203a, 0xfb01, 0xfb02, 0x2021,
    0xb7,   0x201a, 0x201e, 0x2030, 0xc2,  0xca,   0xc1,   0xcb,   0xc8,   0xcd,   0xce,   0xcf,
    0xcc,   0xd3,   0xd4,   0xd2,   0xda,  0xdb,   0xd9,   0x131,  0x2c6,  0x2dc,  0xaf,   0x2d8,
    0x2d9,  0x2da,  0xb8,   0x2dd,  0x2db, 0x2c7,  0x141,  0x142,  0x160,  0x161,  0x17d,  0x17e,
    0xa6,   0xd0,   0xf0,   0xdd,   0xfd,  0xde,   0xfe,   0x2212, 0xd7,   0xb9,   0xb2,   0xb3,
    0xbd,   0xbc,   0xbe,   0x20a3, 0x11e, 0x11f,  0x130,  0x15e,  0x15f,  0x106,  0x107,  0x10c,
    0x10d,  0x111,  0,      0,      0x102, 0x103,  0x104,  0x105,  0x10e,  0x10f,  0x110,  0x118,
    0x119,  0x11a,  0x11b,  0x139,  0x13a, 0x13d,  0x13e,  0x13f,  0x140,  0x143,  0x144,  0x147,
    0x148,  0x150,  0x151,  0x154,  0x155, 0x158,  0x159};

gunichar
pdf_glyph_character (gunichar glyph)
{
  gunichar c = glyph;

  if (glyph == ' ')
    return glyph;
  if (glyph >= FIRST && glyph < FIRST + 95)
    c = glyph - FIRST + ' ';
  else if (glyph >= FIRST + 95 && glyph < FIRST + 95 + G_N_ELEMENTS (beyond_ascii))
    c = beyond_ascii[glyph - FIRST - 95];
  return c == 0 ? glyph : c;
}

typedef struct {
  guint spaces; /* poppler's */
  guint threes;
  guint letters; /* once translated */
  guint all;
} Count;

static void
count_run (Count *count, const char *text, gsize characters)
{
  for (gsize i = 0; i < characters && *text != '\0'; i++, text = g_utf8_next_char (text)) {
    gunichar c = g_utf8_get_char (text);

    if (c == '\n')
      continue;
    count->spaces += c == ' ';
    count->threes += c == FIRST;
    count->letters += g_unichar_isalpha (pdf_glyph_character (c));
    count->all++;
  }
}

/* Calls for the text of each attribute. The indexes of poppler do not count marks of direction,
 * which such fonts have none of: what has some is left alone. */
static void
count_fonts (GHashTable *counts, const char *text, GList *attributes)
{
  int at = 0;

  for (; attributes != NULL; attributes = attributes->next) {
    const PopplerTextAttributes *run = attributes->data;
    Count *count;

    if (run->start_index < at || run->end_index < run->start_index || run->font_name == NULL)
      continue;
    text = g_utf8_offset_to_pointer (text, run->start_index - at);
    at = run->start_index;
    count = g_hash_table_lookup (counts, run->font_name);
    if (count == NULL) {
      count = g_new0 (Count, 1);
      g_hash_table_insert (counts, g_strdup (run->font_name), count);
    }
    count_run (count, text, (gsize)(run->end_index - run->start_index) + 1);
  }
}

void
pdf_glyphs_find_fonts (GHashTable *fonts, const char *text, GList *attributes)
{
  g_autoptr (GHashTable) counts = NULL;
  GHashTableIter iter;
  gpointer name, value;

  if (strchr (text, FIRST) == NULL || strstr (text, PDF_RIGHT_TO_LEFT_UTF8) != NULL)
    return;
  counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  count_fonts (counts, text, attributes);
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    const Count *count = value;

    if (count->threes > 0 && count->threes >= count->spaces && count->all >= SAMPLE_MIN &&
        count->letters >= LETTERS_MIN * (count->all - count->threes - count->spaces))
      g_hash_table_add (fonts, g_strdup (name));
  }
}
