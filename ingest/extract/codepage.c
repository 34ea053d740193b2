#include "codepage.h"

#include "office/symbols.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>

#define OPEN_MAX 32

struct Codepages {
  guint count;
  guint code_pages[OPEN_MAX];
  UConverter *converters[OPEN_MAX]; /* NULL: ICU has none */
};

Codepages *
codepages_new (void)
{
  return g_new0 (Codepages, 1);
}

void
codepages_free (Codepages *codepages)
{
  if (codepages == NULL)
    return;
  for (guint i = 0; i < codepages->count; i++)
    ucnv_close (codepages->converters[i]);
  g_free (codepages);
}

/* ICU itself puts a control character for some. */
static void
substitute (const void *context, UConverterToUnicodeArgs *args, const char *units, int32_t length,
            UConverterCallbackReason reason, UErrorCode *status)
{
  static const UChar unknown = 0xfffd;

  if (reason > UCNV_IRREGULAR)
    return;
  *status = U_ZERO_ERROR;
  ucnv_cbToUWriteUChars (args, &unknown, 1, 0, status);
}

static UConverter *
open_named (const char *name)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter = ucnv_open (name, &status);

  if (U_FAILURE (status))
    return NULL;
  status = U_ZERO_ERROR;
  ucnv_setToUCallBack (converter, substitute, NULL, NULL, NULL, &status);
  return converter;
}

static UConverter *
open_converter (guint code_page)
{
  static const struct {
    guint code_page;
    const char *name;
  } names[] = {
      {708, "ISO-8859-6"},       {932, "windows-31j"},
      {936, "gb18030"},          {949, "windows-949"},
      {950, "big5-hkscs"},       {10000, "macintosh"},
      {10001, "windows-31j"},    {10006, "x-mac-greek"},
      {10007, "x-mac-cyrillic"}, {10029, "x-mac-centraleurroman"},
      {10081, "x-mac-turkish"},  {20866, "KOI8-R"},
      {21866, "KOI8-U"},         {65001, "UTF-8"},
  };
  char name[32];

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].code_page == code_page)
      return open_named (names[i].name);
  if (code_page >= 28591 && code_page <= 28605)
    g_snprintf (name, sizeof name, "ISO-8859-%u", code_page - 28590);
  else if (code_page >= 874 && code_page <= 1258)
    g_snprintf (name, sizeof name, "windows-%u", code_page);
  else
    g_snprintf (name, sizeof name, "ibm-%u", code_page);
  return open_named (name);
}

static UConverter *
converter_of (Codepages *codepages, guint code_page)
{
  guint i = 0;

  while (i < codepages->count && codepages->code_pages[i] != code_page)
    i++;
  if (i < codepages->count)
    return codepages->converters[i];
  if (codepages->count == OPEN_MAX) { /* no honest file has so many */
    ucnv_close (codepages->converters[--codepages->count]);
    i = codepages->count;
  }
  codepages->code_pages[i] = code_page;
  codepages->converters[i] = open_converter (code_page);
  codepages->count++;
  return codepages->converters[i];
}

static void
append_units (GString *out, const UChar *units, gsize count)
{
  for (gsize i = 0; i < count; i++) {
    gunichar c = units[i];

    if (U16_IS_LEAD (c) && i + 1 < count && U16_IS_TRAIL (units[i + 1])) {
      c = (gunichar)U16_GET_SUPPLEMENTARY (c, units[i + 1]);
      i++;
    } else if (U16_IS_SURROGATE (c)) {
      c = 0xfffd;
    }
    g_string_append_unichar (out, c);
  }
}

static void
append_symbols (GString *out, const guint8 *text, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++) {
    gunichar c = symbol_to_unicode ("Symbol", text[i]);

    if (c != 0)
      g_string_append_unichar (out, c);
  }
}

/* ICU has no table of it: its syllables are three letters of five bits each (KS X 1001, annex 3).
 */
static gunichar
johab_syllable (guint code)
{
  guint first = code >> 10 & 31, vowel = code >> 5 & 31, last = code & 31;

  if (first < 2 || first > 20 || last == 0 || last == 18 || last > 29)
    return 0xfffd;
  if (vowel < 3 || (vowel & 7) < 2 || vowel > 29)
    return 0xfffd;
  vowel = vowel - 3 - (vowel >> 3) * 2;
  last = last - 1 - (last > 18);
  return 0xac00 + ((first - 2) * 21 + vowel) * 28 + last;
}

static void
append_johab (GString *out, const guint8 *text, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++)
    if (text[i] < 0x80) {
      g_string_append_c (out, (char)text[i]);
    } else {
      g_string_append_unichar (
          out, i + 1 < bytes ? johab_syllable ((guint)text[i] << 8 | text[i + 1]) : 0xfffd);
      i++;
    }
}

void
codepages_append (Codepages *codepages, guint code_page, const void *text, gsize bytes,
                  GString *out)
{
  const char *at = text, *end = at + bytes;
  UConverter *converter;
  UChar units[512] = {0};
  gsize kept = 0; /* the first half of a surrogate pair */
  UErrorCode status;

  if (code_page == CODEPAGE_SYMBOL || code_page == 1361) {
    (code_page == 1361 ? append_johab : append_symbols) (out, text, bytes);
    return;
  }
  converter = converter_of (codepages, code_page);
  if (converter == NULL)
    converter = converter_of (codepages, CODEPAGE_DEFAULT);
  if (converter == NULL)
    return;
  ucnv_resetToUnicode (converter);
  do {
    UChar *to = units + kept;
    gsize count;

    status = U_ZERO_ERROR;
    ucnv_toUnicode (converter, &to, units + G_N_ELEMENTS (units), &at, end, NULL, TRUE, &status);
    count = (gsize)(to - units);
    kept = status == U_BUFFER_OVERFLOW_ERROR && count > 1 && U16_IS_LEAD (units[count - 1]);
    append_units (out, units, count - kept);
    if (kept)
      units[0] = units[count - 1];
  } while (status == U_BUFFER_OVERFLOW_ERROR);
}

static gboolean
is_lead (guint code_page, guint8 byte)
{
  switch (code_page) {
  case 932:
  case 10001:
    return (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc);
  case 1361:
    return (byte >= 0x84 && byte <= 0xd3) || (byte >= 0xd8 && byte <= 0xf9);
  case 936:
  case 949:
  case 950:
    return byte >= 0x81 && byte <= 0xfe;
  default:
    return FALSE;
  }
}

gboolean
codepage_wants_more (guint code_page, const void *text, gsize bytes)
{
  const guint8 *at = text, *end = at + bytes;

  while (at < end) {
    if (is_lead (code_page, *at)) {
      if (at + 1 == end)
        return TRUE;
      at++;
    }
    at++;
  }
  return FALSE;
}

guint
codepage_of_charset (guint charset)
{
  switch (charset) {
  case 0:
    return 1252;
  case 2:
    return CODEPAGE_SYMBOL;
  case 77:
    return 10000;
  case 78:
    return 10001;
  case 128:
    return 932;
  case 129:
    return 949;
  case 130:
    return 1361;
  case 134:
    return 936;
  case 136:
    return 950;
  case 161:
    return 1253;
  case 162:
    return 1254;
  case 163:
    return 1258;
  case 177:
  case 181:
    return 1255;
  case 178:
  case 179:
  case 180:
    return 1256;
  case 186:
    return 1257;
  case 204:
    return 1251;
  case 222:
    return 874;
  case 238:
    return 1250;
  case 254:
    return 437;
  case 255:
    return 850;
  default:
    return 0;
  }
}

guint
codepage_of_language (guint language)
{
  static const struct {
    guint8 primary;
    guint16 code_page;
  } languages[] = {
      {0x01, 1256}, {0x02, 1251}, {0x05, 1250}, {0x08, 1253}, {0x0d, 1255}, {0x0e, 1250},
      {0x11, 932},  {0x12, 949},  {0x15, 1250}, {0x18, 1250}, {0x19, 1251}, {0x1a, 1250},
      {0x1b, 1250}, {0x1c, 1250}, {0x1e, 874},  {0x1f, 1254}, {0x20, 1256}, {0x22, 1251},
      {0x23, 1251}, {0x24, 1250}, {0x25, 1257}, {0x26, 1257}, {0x27, 1257}, {0x29, 1256},
      {0x2a, 1258}, {0x2c, 1254}, {0x2f, 1251}, {0x3f, 1251}, {0x40, 1251}, {0x43, 1254},
      {0x44, 1251}, {0x50, 1251},
  };
  guint primary = language & 0x3ff;

  if (primary == 0x04) /* Chinese: Taiwan, Hong Kong and Macau write the long form */
    return language == 0x0404 || language == 0x0c04 || language == 0x1404 ? 950 : 936;
  if (language == 0x0c1a || language == 0x1c1a || language == 0x201a) /* Serbian, Cyrillic */
    return 1251;
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (languages[i].primary == primary)
      return languages[i].code_page;
  return CODEPAGE_DEFAULT;
}

void
codepage_append_utf16 (GString *out, const guint8 *text, gsize units)
{
  UChar buffer[256] = {0};
  gsize count = 0;

  for (gsize i = 0; i < units; i++) {
    UChar unit = (UChar)(text[i * 2] | text[i * 2 + 1] << 8);

    if (count >= G_N_ELEMENTS (buffer) - 1 && !U16_IS_TRAIL (unit)) {
      append_units (out, buffer, count);
      count = 0;
    } else if (count == G_N_ELEMENTS (buffer)) {
      append_units (out, buffer, count);
      count = 0;
    }
    buffer[count++] = unit;
  }
  append_units (out, buffer, count);
}
