#include "abbreviations.h"

#include <stdlib.h>
#include <string.h>

/* Lower case, without the last point, in order of bytes. Titles, references, months, and what
 * stands for a whole phrase, in the languages that have such points; none that also ends sentences
 * often
 * ("etc.", "Inc."). */
static const char *const words[] = {
    "abb",  "abs",  "adm",   "al",   "anm", "approx", "apr",  "art",  "aug",   "av",     "bd",
    "bijv", "blz",  "brig",  "bspw", "bzw", "ca",     "cap",  "capt", "cf",    "ch",     "cmdr",
    "col",  "d.h",  "dec",   "dept", "dhr", "dir",    "dott", "dr",   "dra",   "drs",    "e.g",
    "ed",   "eds",  "ee.uu", "env",  "eq",  "eqs",    "est",  "evtl", "feb",   "ff",     "fig",
    "figs", "fr",   "geb",   "gen",  "ggf", "gov",    "hon",  "hr",   "i.d.r", "i.e",    "ibid",
    "ing",  "inkl", "jan",   "jr",   "jul", "jun",    "kap",  "lt",   "maj",   "messrs", "mevr",
    "mgr",  "mio",  "mlle",  "mm",   "mme", "mr",     "mrd",  "mrs",  "ms",    "mt",     "no",
    "nos",  "nov",  "nr",    "o.ä",  "oct", "op",     "p",    "p.ej", "p.ex",  "pag",    "par",
    "pp",   "prof", "pág",   "págs", "ref", "refs",   "rep",  "resp", "rev",   "s.o",    "s.u",
    "sec",  "sen",  "sep",   "sept", "sgt", "sig",    "sog",  "sr",   "sra",   "srta",   "st",
    "str",  "supt", "tab",   "tel",  "u.a", "u.u",    "ud",   "uds",  "v.a",   "vgl",    "viz",
    "vol",  "vols", "vs",    "z.b",  "z.t", "zzgl",   "éd",   "г",    "гг",    "им",     "рис",
    "руб",  "см",   "ст",    "стр",  "т.е", "т.к",    "тыс",  "ул",
};

#define WORD_BYTES 12

static int
compare_words (gconstpointer key, gconstpointer element)
{
  return strcmp (key, *(const char *const *)element);
}

static gboolean
is_word_byte (char c)
{
  return g_ascii_isalnum (c) || c == '.' || (guchar)c >= 0x80;
}

/* Digits alone at a line's beginning number it. */
static gboolean
is_list_number (const char *text, gsize start, gsize point)
{
  for (gsize i = start; i < point; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;
  return point - start <= 3 && (start == 0 || text[start - 1] == '\n');
}

gboolean
abbreviations_has (const char *text, gsize point)
{
  char word[WORD_BYTES + 1];
  gsize start = point;

  while (start > 0 && point - start <= WORD_BYTES && is_word_byte (text[start - 1]))
    start--;
  if (start == point || point - start > WORD_BYTES)
    return FALSE;
  /* a capital alone, or behind another: J. R. R., U.S. */
  if (g_ascii_isupper (text[point - 1]) && (point - start == 1 || text[point - 2] == '.'))
    return TRUE;
  if (is_list_number (text, start, point))
    return TRUE;
  for (gsize i = start; i < point; i++)
    word[i - start] = g_ascii_tolower (text[i]);
  word[point - start] = '\0';
  return bsearch (word, words, G_N_ELEMENTS (words), sizeof words[0], compare_words) != NULL;
}
