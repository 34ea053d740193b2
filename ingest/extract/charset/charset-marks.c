#include "charset-marks.h"

#include "charset-score.h"

#include <string.h>

#define DETECT_SAMPLE_BYTES (128u << 10)

/* --- Unicode ---------------------------------------------------------------------------------- */

typedef struct {
  const char *bytes;
  gsize length;
  const char *name;
} Mark;

static const Mark marks[] = {
    {"\xef\xbb\xbf", 3, "UTF-8"},    {"\xff\xfe\0\0", 4, "UTF-32LE"},
    {"\0\0\xfe\xff", 4, "UTF-32BE"}, {"\xff\xfe", 2, "UTF-16LE"},
    {"\xfe\xff", 2, "UTF-16BE"},     {"\x84\x31\x95\x33", 4, "GB18030"},
};

gboolean
charset_from_mark (const guint8 *data, gsize bytes, Charset *charset)
{
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (bytes >= marks[i].length && memcmp (data, marks[i].bytes, marks[i].length) == 0) {
      g_strlcpy (charset->name, marks[i].name, sizeof charset->name);
      charset->skip_bytes = marks[i].length;
      return TRUE;
    }
  return FALSE;
}

static guint32
code_unit (const guint8 *at, guint width, gboolean big)
{
  guint32 unit = 0;

  for (guint i = 0; i < width; i++)
    unit |= (guint32)at[i] << 8 * (big ? width - 1 - i : i);
  return unit;
}

/* How much the bytes look like UTF-16 or UTF-32 of that byte order, in per cent of the units:
 * spaces, line ends and the Latin letters in every text. 0: they cannot be. */
static guint
wide_score (const guint8 *data, gsize bytes, guint width, gboolean big)
{
  gsize units = MIN (bytes, 4096) / width, good = 0, strange = 0;
  guint blocks[0x20] = {0}; /* units by their high byte: alphabets lie in one or two */
  guint largest = 0;
  gboolean high_pending = FALSE;

  for (gsize i = 0; i < units; i++) {
    guint32 unit = code_unit (data + i * width, width, big);
    gboolean is_high = unit >= 0xd800 && unit < 0xdc00;
    gboolean is_low = unit >= 0xdc00 && unit < 0xe000;

    if (width == 4 && (unit > 0x10ffff || is_high || is_low))
      return 0;
    if (is_low != high_pending)
      return 0;
    high_pending = is_high;
    if ((unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r' && unit != '\f') ||
        unit == 0xfffe || unit == 0xffff)
      return 0;
    good += unit < 0x80 || (unit >= 0x3000 && unit <= 0x3002) ||
            (width == 4 && g_unichar_isdefined (unit));
    strange +=
        !is_high && !is_low && (!g_unichar_isdefined (unit) || (unit >= 0xe000 && unit < 0xf900));
    if (unit >= 0x100 && unit < 0x2000) {
      blocks[unit >> 8]++;
      largest = MAX (largest, blocks[unit >> 8]); /* a macro: no ++ in it */
    }
  }
  good += largest;
  return units == 0 || strange * 20 > units ? 0 : (guint)(good * 100 / units);
}

/* The sample's end may cut a character. */
static gboolean
begins_as_utf8 (const guint8 *data, gsize bytes)
{
  gsize sample = MIN (bytes, 4096);
  const char *stop;

  return g_utf8_validate_len ((const char *)data, sample, &stop) ||
         (sample < bytes && (const char *)data + sample - stop < 4);
}

/* Chinese, Japanese or Korean with hardly a space: how much is frequent in one of them. */
static gboolean
is_wide_east_asian (const guint8 *data, gsize bytes, gboolean big)
{
  gsize units = MIN (bytes, 4096) / 2, good = 0;

  for (gsize i = 0; i < units; i++) {
    guint32 unit = code_unit (data + i * 2, 2, big);

    if (unit < 0x20 && unit != '\t' && unit != '\n' && unit != '\r')
      return FALSE;
    good += charset_score_is_common (unit) || (unit >= 0x3001 && unit <= 0x30ff) || unit == 0xff0c;
  }
  return units >= 8 && good * 5 > units * 2;
}

gboolean
charset_from_width (const guint8 *data, gsize bytes, Charset *charset)
{
  static const struct {
    const char *name;
    guint width;
    gboolean big;
  } wide[] = {
      {"UTF-32LE", 4, FALSE}, {"UTF-32BE", 4, TRUE}, {"UTF-16LE", 2, FALSE}, {"UTF-16BE", 2, TRUE}};
  gsize nuls = 0, ascii = 0, sample = MIN (bytes, 4096);
  guint best = 0;

  if (bytes < 4)
    return FALSE;
  for (gsize i = 0; i < sample; i++) {
    nuls += data[i] == 0;
    ascii += data[i] >= 0x20 && data[i] < 0x7f;
  }
  for (guint i = 0; i < G_N_ELEMENTS (wide); i++) {
    guint score = wide_score (data, bytes, wide[i].width, wide[i].big);

    /* ASCII with stray NULs makes pairs that look Chinese: little of that must be printable */
    if (score >= (nuls == 0 ? 60 : ascii * 10 > sample * 7 ? 30 : 5) && score > best) {
      best = score;
      g_strlcpy (charset->name, wide[i].name, sizeof charset->name);
    }
  }
  for (guint i = 2; best == 0 && bytes % 2 == 0 && i < G_N_ELEMENTS (wide); i++)
    if (!begins_as_utf8 (data, bytes) && is_wide_east_asian (data, bytes, wide[i].big)) {
      best = 1;
      g_strlcpy (charset->name, wide[i].name, sizeof charset->name);
    }
  return best > 0;
}

/* HZ, RFC 1843: pairs of GB 2312 between "~{" and "~}". One that is none speaks against it. */
static gboolean
is_hz (const char *at, const char *end)
{
  guint runs = 0;

  while (at + 1 < end && (at = memmem (at, (gsize)(end - at), "~{", 2)) != NULL) {
    guint pairs = 0;

    for (at += 2; at + 1 < end && !(at[0] == '~' && at[1] == '}'); at += 2, pairs++)
      if (at[0] < 0x21 || at[0] > 0x77 || at[1] < 0x21 || at[1] == 0x7f)
        return FALSE;
    if (pairs == 0)
      return FALSE;
    runs++;
  }
  return runs > 0;
}

/* The base64 of a run of UTF-7 (RFC 2152), behind its '+': its length when it makes whole letters
 * above ASCII, otherwise 0. */
static gsize
utf7_run (const char *at, const char *end)
{
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  guint32 bits = 0;
  guint n_bits = 0;
  gsize length = 0;
  guint units = 0, likely = 0;
  guint16 high = 0;

  for (; at + length < end && at[length] != '\0'; length++) {
    const char *digit = strchr (digits, at[length]);

    if (digit == NULL)
      break;
    bits = bits << 6 | (guint32)(digit - digits);
    n_bits += 6;
    if (n_bits >= 16) {
      guint16 unit = (guint16)(bits >> (n_bits - 16));
      gboolean is_low = unit >= 0xdc00 && unit < 0xe000;

      n_bits -= 16;
      bits &= (1u << n_bits) - 1;
      if (unit < 0x20 || (high != 0) != is_low || (high == 0 && !g_unichar_isdefined (unit)))
        return 0;
      high = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
      units++;
      likely += unit < 0x1100 || (unit >= 0x1e00 && unit < 0x2000) ||
                (unit >= 0x2010 && unit < 0x20d0) || (unit >= 0x3001 && unit < 0x3100) ||
                charset_score_is_common (unit);
    }
  }
  return length < 3 || n_bits >= 6 || bits != 0 || high != 0 || likely * 2 < units ? 0 : length;
}

/* Every '+' begins a run or is "+-", and there are letters in runs: otherwise it is plain ASCII. */
static gboolean
is_utf7 (const char *at, const char *end)
{
  guint runs = 0;

  while (at < end && (at = memchr (at, '+', (gsize)(end - at))) != NULL) {
    gsize length;

    at++;
    if (at < end && *at == '-')
      continue;
    length = utf7_run (at, end);
    if (length == 0)
      return FALSE;
    at += length;
    runs += length;
  }
  return runs > 5; /* a word of ASCII with a plus before it may do by chance */
}

gboolean
charset_from_escapes (const guint8 *data, gsize bytes, Charset *charset)
{
  static const struct {
    const char *escape;
    const char *name;
  } escapes[] = {
      {"\x1b$)C", "ISO-2022-KR"},   {"\x1b$)A", "ISO-2022-CN"},  {"\x1b$)G", "ISO-2022-CN"},
      {"\x1b$B", "ISO-2022-JP-2"},  {"\x1b$@", "ISO-2022-JP-2"}, {"\x1b(J", "ISO-2022-JP-2"},
      {"\x1b$(D", "ISO-2022-JP-2"}, {"\x1b(I", "ISO-2022-JP-3"},
  };
  const guint8 *end = data + MIN (bytes, DETECT_SAMPLE_BYTES);

  if (bytes == 0)
    return FALSE;
  for (const guint8 *at = data; (at = memchr (at, 0x1b, (gsize)(end - at))) != NULL; at++)
    for (guint i = 0; i < G_N_ELEMENTS (escapes); i++) {
      gsize length = strlen (escapes[i].escape);

      if ((gsize)(end - at) >= length && memcmp (at, escapes[i].escape, length) == 0) {
        g_strlcpy (charset->name, escapes[i].name, sizeof charset->name);
        return TRUE;
      }
    }
  for (const guint8 *at = data; at < end; at++)
    if (*at >= 0x80 || *at == 0)
      return FALSE;
  if (is_hz ((const char *)data, (const char *)end))
    g_strlcpy (charset->name, "HZ", sizeof charset->name);
  else if (is_utf7 ((const char *)data, (const char *)end))
    g_strlcpy (charset->name, "UTF-7", sizeof charset->name);
  return charset->name[0] != '\0';
}

/* --- EBCDIC ----------------------------------------------------------------------------------- */

/* Blanks are 0x40 and letters lie where ASCII and its like have few. */
gboolean
charset_from_ebcdic (const guint8 *data, gsize bytes, Charset *charset)
{
  gsize sample = MIN (bytes, 16384), blanks = 0, letters = 0, ascii_blanks = 0;
  gsize newlines = 0, signs_500 = 0, signs_37 = 0;

  for (gsize i = 0; i < sample; i++) {
    guint8 byte = data[i], low = byte & 15;
    gboolean letter = low >= 1 && low <= 9 &&
                      ((byte >= 0x81 && byte <= 0xa9 && byte != 0xa1) || byte >= 0xc1) &&
                      byte < 0xfa;

    letters += letter || byte == 0xf0;
    blanks += byte == 0x40;
    ascii_blanks += byte == 0x20 || byte == '\n';
    newlines += byte == 0x15;
    /* "[" and "!" of the one, which are cent and bar in the other; brackets of the other */
    signs_500 += byte == 0x4a || byte == 0x4f;
    signs_37 += byte == 0xba || byte == 0xbb || byte == 0xb0;
  }
  if (sample < 8 || ascii_blanks * 50 > sample || blanks * 20 < sample || blanks * 3 > sample * 2 ||
      (letters + blanks) * 5 < sample * 4)
    return FALSE;
  g_snprintf (charset->name, sizeof charset->name, "%s%s",
              signs_500 > signs_37 ? "ibm-500_P100-1995" : "ibm-37_P100-1995",
              newlines > 0 ? ",swaplfnl" : "");
  return TRUE;
}
