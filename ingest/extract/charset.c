#include "charset.h"

#include "charset/charset-marks.h"
#include "charset/charset-names.h"
#include "charset/charset-own.h"
#include "charset/charset-score.h"
#include "utf8.h"

#include <string.h>

#define BINARY_SAMPLE_BYTES (64u << 10)
#define DAMAGED_MAX 1000
#define DETECT_SAMPLE_BYTES (128u << 10)

/* --- what the bytes themselves say ------------------------------------------------------------ */

gboolean
charset_is_binary (const guint8 *data, gsize bytes)
{
  gsize sample = MIN (bytes, BINARY_SAMPLE_BYTES), controls = 0;
  Charset charset;

  if (charset_from_mark (data, bytes, &charset))
    return FALSE;
  for (gsize i = 0; i < sample; i++)
    controls += data[i] < 0x20 && (data[i] < '\b' || data[i] > '\r') && data[i] != 0x0e &&
                data[i] != 0x0f && data[i] != 0x1a && data[i] != 0x1b;
  if (controls <= 4 + sample / 40)
    return FALSE;
  return !charset_from_width (data, bytes, &charset) &&
         !charset_from_ebcdic (data, bytes, &charset);
}

/* Valid UTF-8, or UTF-8 with a few damaged places; NUL does not count. */
static gboolean
guess_utf8 (const guint8 *data, gsize bytes, Charset *charset)
{
  const char *at = (const char *)data, *end = at + bytes, *stop;
  gsize damaged = 0, leads = 0;

  g_strlcpy (charset->name, "UTF-8", sizeof charset->name);
  while (!utf8_is_valid (at, (gsize)(end - at), &stop)) {
    if (*stop != '\0' && ++damaged > DAMAGED_MAX)
      return FALSE;
    at = stop + 1;
  }
  /* NUL is left to whoever cleans: it is a character here */
  charset->is_valid = damaged == 0;
  for (gsize i = 0; i < bytes && damaged > 0 && leads <= damaged * 8; i++)
    leads += data[i] >= 0xc0;
  return damaged == 0 || leads > damaged * 8;
}

/* --- names ---------------------------------------------------------------------------------------
 */

/* UTF-16 and UTF-32 cannot be declared in bytes that one can read a declaration in. */
static gboolean
is_wide (UConverter *converter)
{
  return ucnv_getMinCharSize (converter) > 1;
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
  ucnv_setToUCallBack (converter, charset_count_and_substitute, &count, NULL, NULL, &status);
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
  g_autoptr (CharsetOwn) own = NULL;
  gsize high = 0;
  UErrorCode status = U_ZERO_ERROR;

  if (name == NULL || *name == '\0')
    return FALSE;
  if ((own = charset_own_open (name)) != NULL) {
    g_strlcpy (charset->name, charset_own_name (own), sizeof charset->name);
    return TRUE;
  }
  if ((converter = charset_open_icu (name)) == NULL)
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

static void
detect (const guint8 *sample, gsize bytes, Charset *charset)
{
  const char *name = charset_score_best (sample, bytes);

  g_strlcpy (charset->name, name == NULL ? "windows-1252" : name, sizeof charset->name);
}

void
charset_guess (const guint8 *data, gsize bytes, const char *declared, Charset *charset)
{
  const guint8 *sample = data;
  gsize sample_bytes = bytes;

  memset (charset, 0, sizeof *charset);
  if (bytes == 0) {
    g_strlcpy (charset->name, "UTF-8", sizeof charset->name);
    charset->is_valid = TRUE;
    return;
  }
  if (charset_from_mark (data, bytes, charset)) {
    charset->is_valid =
        strcmp (charset->name, "UTF-8") == 0 && utf8_is_valid ((const char *)data, bytes, NULL);
    return;
  }
  if (charset_from_width (data, bytes, charset) || charset_from_escapes (data, bytes, charset) ||
      guess_utf8 (data, bytes, charset))
    return;
  if (charset_from_ebcdic (data, bytes, charset))
    return;
  find_sample (&sample, &sample_bytes);
  if (!take_name (declared, sample, sample_bytes, TRUE, charset))
    detect (sample, sample_bytes, charset);
}
