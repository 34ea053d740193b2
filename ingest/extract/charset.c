#include "charset.h"

#include <string.h>
#include <uchardet/uchardet.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ucsdet.h>

#define SLICE_BYTES (64u << 10)
#define BINARY_SAMPLE_BYTES (64u << 10)
#define DAMAGED_MAX 1000
#define DETECT_SAMPLE_BYTES (128u << 10)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UConverter, ucnv_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UCharsetDetector, ucsdet_close)

/* --- what the bytes themselves say ------------------------------------------------------------ */

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

static gboolean
guess_from_mark (const guint8 *data, gsize bytes, Charset *charset)
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
  gsize units = MIN (bytes, 4096) / width, good = 0;
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
    good += unit < 0x80 || (unit >= 0x3000 && unit <= 0x3002);
  }
  return units == 0 ? 0 : (guint)(good * 100 / units);
}

static gboolean
guess_wide (const guint8 *data, gsize bytes, Charset *charset)
{
  static const struct {
    const char *name;
    guint width;
    gboolean big;
  } wide[] = {
      {"UTF-32LE", 4, FALSE}, {"UTF-32BE", 4, TRUE}, {"UTF-16LE", 2, FALSE}, {"UTF-16BE", 2, TRUE}};
  gsize nuls = 0, ascii = 0, sample = MIN (bytes, 4096);
  guint best = 0;

  for (gsize i = 0; i < sample; i++) {
    nuls += data[i] == 0;
    ascii += data[i] >= 0x20 && data[i] < 0x7f;
  }
  if (nuls == 0 || bytes < 4)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (wide); i++) {
    guint score = wide_score (data, bytes, wide[i].width, wide[i].big);

    /* ASCII with stray NULs makes pairs that look Chinese: little of that must be printable */
    if (score >= (ascii * 10 > sample * 7 ? 30 : 5) && score > best) {
      best = score;
      g_strlcpy (charset->name, wide[i].name, sizeof charset->name);
    }
  }
  return best > 0;
}

gboolean
charset_is_binary (const guint8 *data, gsize bytes)
{
  gsize sample = MIN (bytes, BINARY_SAMPLE_BYTES), controls = 0;
  Charset charset;

  if (guess_from_mark (data, bytes, &charset))
    return FALSE;
  for (gsize i = 0; i < sample; i++)
    controls += data[i] < 0x20 && (data[i] < '\b' || data[i] > '\r') && data[i] != 0x0e &&
                data[i] != 0x0f && data[i] != 0x1a && data[i] != 0x1b;
  if (controls <= 4 + sample / 40)
    return FALSE;
  return !guess_wide (data, bytes, &charset);
}

/* ISO-2022 and HZ are ASCII throughout, and so valid UTF-8: their escapes tell. */
static gboolean
guess_escapes (const guint8 *data, gsize bytes, Charset *charset)
{
  static const struct {
    const char *escape;
    const char *name;
  } escapes[] = {
      {"\x1b$)C", "ISO-2022-KR"},   {"\x1b$)A", "ISO-2022-CN"}, {"\x1b$)G", "ISO-2022-CN"},
      {"\x1b$B", "ISO-2022-JP"},    {"\x1b$@", "ISO-2022-JP"},  {"\x1b(J", "ISO-2022-JP"},
      {"\x1b$(D", "ISO-2022-JP-1"},
  };
  const guint8 *end = data + MIN (bytes, DETECT_SAMPLE_BYTES);

  for (const guint8 *at = data; (at = memchr (at, 0x1b, (gsize)(end - at))) != NULL; at++)
    for (guint i = 0; i < G_N_ELEMENTS (escapes); i++) {
      gsize length = strlen (escapes[i].escape);

      if ((gsize)(end - at) >= length && memcmp (at, escapes[i].escape, length) == 0) {
        g_strlcpy (charset->name, escapes[i].name, sizeof charset->name);
        return TRUE;
      }
    }
  return FALSE;
}

/* Valid UTF-8, or UTF-8 with a few damaged places; NUL does not count. */
static gboolean
guess_utf8 (const guint8 *data, gsize bytes, Charset *charset)
{
  const char *at = (const char *)data, *end = at + bytes, *stop;
  gsize damaged = 0, leads = 0;

  g_strlcpy (charset->name, "UTF-8", sizeof charset->name);
  while (!g_utf8_validate_len (at, (gsize)(end - at), &stop)) {
    if (*stop != '\0' && ++damaged > DAMAGED_MAX)
      return FALSE;
    at = stop + 1;
  }
  /* NUL is left to whoever cleans: it is a character here */
  charset->is_valid = damaged == 0;
  for (gsize i = 0; i < bytes && leads <= damaged * 8; i++)
    leads += data[i] >= 0xc0;
  return damaged == 0 || leads > damaged * 8;
}

/* --- names ---------------------------------------------------------------------------------------
 */

/* What writers mean by a name, where it is more than the name says (the WHATWG's table), and names
 * that uchardet has and ICU has not. */
static const char *const meant[][2] = {
    {"iso-8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"us-ascii", "windows-1252"},
    {"ascii", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"gb2312", "gb18030"},
    {"gbk", "gb18030"},
    {"euc-cn", "gb18030"},
    {"euc-kr", "windows-949"},
    {"ks_c_5601-1987", "windows-949"},
    {"uhc", "windows-949"},
    {"shift_jis", "windows-31j"},
    {"x-sjis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"big5", "big5-hkscs"},
    {"mac-cyrillic", "x-mac-cyrillic"},
    {"maccyrillic", "x-mac-cyrillic"},
    {"mac-centraleurope", "x-mac-centraleurroman"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"hz-gb-2312", "HZ"},
};

static UConverter *
open_converter (const char *name)
{
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter;

  for (guint i = 0; i < G_N_ELEMENTS (meant); i++)
    if (g_ascii_strcasecmp (meant[i][0], name) == 0)
      name = meant[i][1];
  converter = ucnv_open (name, &status);
  return U_FAILURE (status) ? NULL : converter;
}

/* UTF-16 and UTF-32 cannot be declared in bytes that one can read a declaration in. */
static gboolean
is_wide (UConverter *converter)
{
  return ucnv_getMinCharSize (converter) > 1;
}

/* Counts what cannot be decoded, and goes on with U+FFFD. */
static void
count_and_substitute (const void *context, UConverterToUnicodeArgs *args, const char *units,
                      int32_t length, UConverterCallbackReason reason, UErrorCode *status)
{
  if (reason <= UCNV_IRREGULAR)
    (*(guint64 *)(guintptr)context)++;
  UCNV_TO_U_CALLBACK_SUBSTITUTE (NULL, args, units, length, reason, status);
}

/* Characters in the sample that `converter` cannot decode. */
static guint64
count_undecodable (UConverter *converter, const guint8 *data, gsize bytes)
{
  UErrorCode status = U_ZERO_ERROR;
  guint64 count = 0;
  const char *at = (const char *)data, *end = at + bytes;
  UChar buffer[4096] = {0};

  ucnv_reset (converter);
  ucnv_setToUCallBack (converter, count_and_substitute, &count, NULL, NULL, &status);
  do {
    UChar *to = buffer;

    status = U_ZERO_ERROR;
    ucnv_toUnicode (converter, &to, buffer + G_N_ELEMENTS (buffer), &at, end, NULL, FALSE, &status);
    /* C1 controls: what a wrong single-byte charset makes of the bytes */
    for (const UChar *c = buffer; c < to; c++)
      count += *c >= 0x80 && *c < 0xa0;
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  return count;
}

static gboolean
take_name (const char *name, const guint8 *sample, gsize bytes, gboolean declared, Charset *charset)
{
  g_autoptr (UConverter) converter = NULL;
  gsize high = 0;
  UErrorCode status = U_ZERO_ERROR;

  if (name == NULL || *name == '\0' || (converter = open_converter (name)) == NULL)
    return FALSE;
  if (is_wide (converter) || g_ascii_strncasecmp (name, "utf-7", 5) == 0)
    return FALSE;
  for (gsize i = 0; i < bytes; i++)
    high += sample[i] >= 0x80;
  if (count_undecodable (converter, sample, bytes) > high / (declared ? 10 : 50) + 1)
    return FALSE;
  g_strlcpy (charset->name, ucnv_getName (converter, &status), sizeof charset->name);
  return TRUE;
}

/* --- detection
 * ------------------------------------------------------------------------------------- */

/* Moves the sample to where bytes above ASCII begin. */
static void
find_sample (const guint8 **data, gsize *bytes)
{
  gsize first = 0;

  while (first < *bytes && (*data)[first] < 0x80)
    first++;
  if (first > DETECT_SAMPLE_BYTES / 2) {
    first -= 4096;
    *data += first;
    *bytes -= first;
  }
  *bytes = MIN (*bytes, DETECT_SAMPLE_BYTES);
}

static char *
detect_uchardet (const guint8 *sample, gsize bytes)
{
  uchardet_t detector = uchardet_new ();
  char *name = NULL;

  if (uchardet_handle_data (detector, (const char *)sample, bytes) == 0) {
    uchardet_data_end (detector);
    name = g_strdup (uchardet_get_charset (detector));
  }
  uchardet_delete (detector);
  return name;
}

/* confidence: 0 to 100. */
static char *
detect_icu (const guint8 *sample, gsize bytes, int *confidence)
{
  UErrorCode status = U_ZERO_ERROR;
  g_autoptr (UCharsetDetector) detector = ucsdet_open (&status);
  const UCharsetMatch *match;

  *confidence = 0;
  if (U_FAILURE (status))
    return NULL;
  ucsdet_setText (detector, (const char *)sample, (int32_t)bytes, &status);
  match = ucsdet_detect (detector, &status);
  if (U_FAILURE (status) || match == NULL)
    return NULL;
  *confidence = ucsdet_getConfidence (match, &status);
  return g_strdup (ucsdet_getName (match, &status));
}

static gsize
count_range (const guint8 *sample, gsize bytes, guint8 first, guint8 last)
{
  gsize count = 0;

  for (gsize i = 0; i < bytes; i++)
    count += sample[i] >= first && sample[i] <= last;
  return count;
}

/* Too little for a detector: pairs of high bytes that are mostly kana in EUC-JP. */
static gboolean
is_short_euc_jp (const guint8 *sample, gsize bytes)
{
  gsize pairs = 0, kana = 0;

  for (gsize i = 0; i < bytes; i++) {
    if (sample[i] < 0x80)
      continue;
    if (i + 1 == bytes || sample[i] < 0xa1 || sample[i + 1] < 0xa1)
      return FALSE;
    pairs++;
    kana += sample[i] == 0xa4 || sample[i] == 0xa5;
    i++;
  }
  return pairs >= 3 && pairs < 40 && kana * 2 > pairs;
}

/* uchardet is right more often; these are the cases where ICU or the bytes know better. */
static const char *
choose (const char *uchardet, const char *icu, int confidence, const guint8 *sample, gsize bytes)
{
  gboolean single_byte = uchardet != NULL && (g_ascii_strncasecmp (uchardet, "windows-", 8) == 0 ||
                                              g_ascii_strncasecmp (uchardet, "iso-8859", 8) == 0);

  if (is_short_euc_jp (sample, bytes))
    return "EUC-JP";
  if (uchardet == NULL || g_ascii_strcasecmp (uchardet, "UTF-8") == 0)
    return icu;
  if (single_byte && icu != NULL && confidence >= 75)
    return icu;
  if (g_ascii_strcasecmp (uchardet, "windows-1253") == 0 && g_strcmp0 (icu, "ISO-8859-7") == 0 &&
      count_range (sample, bytes, 0x80, 0x9f) == 0)
    return icu;
  /* capitals lie in different places; small letters, most of them, do not */
  if (g_ascii_strcasecmp (uchardet, "mac-cyrillic") == 0 &&
      count_range (sample, bytes, 0xc0, 0xdf) > count_range (sample, bytes, 0x80, 0x9f))
    return "windows-1251";
  return uchardet;
}

static void
detect (const guint8 *sample, gsize bytes, Charset *charset)
{
  int confidence;
  g_autofree char *uchardet = detect_uchardet (sample, bytes);
  g_autofree char *icu = detect_icu (sample, bytes, &confidence);
  const char *names[] = {choose (uchardet, icu, confidence, sample, bytes), uchardet, icu};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], "UTF-8") != 0 && take_name (names[i], sample, bytes, FALSE, charset))
      return;
  g_strlcpy (charset->name, "windows-1252", sizeof charset->name);
}

void
charset_guess (const guint8 *data, gsize bytes, const char *declared, Charset *charset)
{
  const guint8 *sample = data;
  gsize sample_bytes = bytes;

  memset (charset, 0, sizeof *charset);
  if (guess_from_mark (data, bytes, charset)) {
    charset->is_valid = strcmp (charset->name, "UTF-8") == 0 &&
                        g_utf8_validate_len ((const char *)data, bytes, NULL);
    return;
  }
  if (guess_wide (data, bytes, charset) || guess_escapes (data, bytes, charset) ||
      guess_utf8 (data, bytes, charset))
    return;
  find_sample (&sample, &sample_bytes);
  if (!take_name (declared, sample, sample_bytes, TRUE, charset))
    detect (sample, sample_bytes, charset);
}

/* --- conversion
 * ------------------------------------------------------------------------------------ */

/* Bytes of `text` to hand on so that neither a character nor a CR LF is cut. */
static gsize
slice_end (const char *text, gsize bytes, gsize wanted)
{
  gsize end = wanted;

  if (bytes <= wanted)
    return bytes;
  while (end > wanted - 4 && ((guchar)text[end] & 0xc0) == 0x80)
    end--;
  if (text[end] == '\n' && text[end - 1] == '\r')
    end++;
  return end;
}

static gboolean
pass_slices (const char *text, gsize bytes, CharsetSliceFunc func, gpointer user_data,
             GError **error)
{
  while (bytes > 0) {
    gsize end = slice_end (text, bytes, SLICE_BYTES);

    if (!func (text, end, user_data, error))
      return FALSE;
    text += end;
    bytes -= end;
  }
  return TRUE;
}

static gboolean
convert (UConverter *from, UConverter *to, const char *at, const char *end, CharsetSliceFunc func,
         gpointer user_data, GError **error)
{
  UChar pivot[4096], *pivot_source = pivot, *pivot_target = pivot;
  g_autofree char *buffer = g_malloc (SLICE_BYTES);
  gsize kept = 0; /* a CR that waits for its LF */
  UErrorCode status;

  do {
    char *target = buffer + kept;
    gsize bytes;

    status = U_ZERO_ERROR;
    ucnv_convertEx (to, from, &target, buffer + SLICE_BYTES, &at, end, pivot, &pivot_source,
                    &pivot_target, pivot + G_N_ELEMENTS (pivot), FALSE, TRUE, &status);
    bytes = (gsize)(target - buffer);
    kept = status == U_BUFFER_OVERFLOW_ERROR && bytes > 1 && buffer[bytes - 1] == '\r';
    if (bytes > kept && !func (buffer, bytes - kept, user_data, error))
      return FALSE;
    if (kept)
      buffer[0] = '\r';
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  return TRUE;
}

gboolean
charset_decode (const guint8 *data, gsize bytes, const Charset *charset, CharsetSliceFunc func,
                gpointer user_data, guint64 *replaced, GError **error)
{
  const char *text = (const char *)data + charset->skip_bytes;
  gsize left = bytes - charset->skip_bytes;
  UErrorCode status = U_ZERO_ERROR;
  g_autoptr (UConverter) from = NULL;
  g_autoptr (UConverter) to = NULL;

  *replaced = 0;
  if (charset->is_valid)
    return pass_slices (text, left, func, user_data, error);
  from = ucnv_open (charset->name, &status);
  to = ucnv_open ("UTF-8", &status);
  if (U_FAILURE (status)) /* the sink repairs what is no UTF-8 */
    return pass_slices (text, left, func, user_data, error);
  ucnv_setToUCallBack (from, count_and_substitute, replaced, NULL, NULL, &status);
  return convert (from, to, text, text + left, func, user_data, error);
}

static gboolean
append_slice (const char *slice, gsize bytes, gpointer user_data, GError **error)
{
  g_string_append_len (user_data, slice, (gssize)bytes);
  return TRUE;
}

GBytes *
charset_to_utf8 (GBytes *bytes, const Charset *charset, guint64 *replaced)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GString *text;

  *replaced = 0;
  if (charset->is_valid)
    return g_bytes_new_from_bytes (bytes, charset->skip_bytes, size - charset->skip_bytes);
  text = g_string_sized_new (size + size / 4);
  charset_decode (data, size, charset, append_slice, text, replaced, NULL);
  return g_string_free_to_bytes (text);
}
