#include "mail-lines.h"

#include "ingest/extract/charset.h"
#include "ingest/extract/charset/charset-marks.h"

#include <string.h>

#define HEADER_NAME_MAX 76
#define SCORED_BYTES (16u << 10)
#define FROM_LINE_MAX 512

const guint8 *
mail_lines_next (const guint8 *at, const guint8 *end)
{
  const guint8 *line_end = memchr (at, '\n', (gsize)(end - at));

  return line_end == NULL ? end : line_end + 1;
}

/* Bytes before the colon; 0: no header. Old programs put spaces before it (RFC 5322 4.5). */
static gsize
name_length (const guint8 *at, const guint8 *end)
{
  gsize n = 0, length;

  while (at + n < end && n < HEADER_NAME_MAX && at[n] > ' ' && at[n] < 0x7f && at[n] != ':')
    n++;
  length = n;
  while (at + n < end && (at[n] == ' ' || at[n] == '\t'))
    n++;
  return at + n < end && at[n] == ':' ? length : 0;
}

gboolean
mail_lines_is_header (const guint8 *at, const guint8 *end)
{
  return name_length (at, end) > 0;
}

static guint
score_name (const guint8 *name, gsize length)
{
  static const char *const sure[] = {
      "Received",     "Message-ID",       "Return-Path",   "Delivered-To",
      "MIME-Version", "X-Mailer",         "In-Reply-To",   "DKIM-Signature",
      "Newsgroups",   "X-Mozilla-Status", "X-Original-To", "Content-Transfer-Encoding",
      "X-Received",   "References",       "X-MimeOLE",     "User-Agent",
  };
  static const char *const likely[] = {"From",     "To",     "Cc",           "Bcc",    "Date",
                                       "Reply-To", "Sender", "Content-Type", "Subject"};

  for (guint i = 0; i < G_N_ELEMENTS (sure); i++)
    if (strlen (sure[i]) == length &&
        g_ascii_strncasecmp (sure[i], (const char *)name, length) == 0)
      return 2;
  /* words in use elsewhere, too, where they have no capital */
  for (guint i = 0; i < G_N_ELEMENTS (likely); i++)
    if (strlen (likely[i]) == length && g_ascii_isupper (*name) &&
        g_ascii_strncasecmp (likely[i], (const char *)name, length) == 0)
      return 1;
  return 0;
}

guint
mail_lines_score (const guint8 *data, gsize bytes)
{
  const guint8 *at = data, *end = data + MIN (bytes, SCORED_BYTES);
  guint score = 0, strange = 0;

  if (end - at > 6 && (memcmp (at, "From ", 5) == 0 || memcmp (at, ">From ", 6) == 0))
    at = mail_lines_next (at, end);
  if (!mail_lines_is_header (at, end))
    return 0;
  while (at < end && *at != '\n' && *at != '\r' && strange < 2) {
    gsize length = name_length (at, end);

    if (length > 0)
      score += score_name (at, length);
    else if (*at != ' ' && *at != '\t')
      strange++;
    at = mail_lines_next (at, end);
  }
  return strange < 2 ? MAX (score, 1) : score > 4 ? score : 0;
}

gboolean
mail_lines_is_from (const guint8 *at, const guint8 *end)
{
  const guint8 *line_end = mail_lines_next (at, end);
  guint digits = 0;

  if (end - at < 7 || line_end - at > FROM_LINE_MAX || memcmp (at, "From ", 5) != 0 || at[5] == ' ')
    return FALSE;
  /* a year stands in it */
  for (const guint8 *c = at + 5; c < line_end; c++) {
    digits = g_ascii_isdigit (*c) ? digits + 1 : 0;
    if (digits == 4 && (c[-3] == '1' || c[-3] == '2') &&
        (c + 1 == line_end || !g_ascii_isdigit (c[1])))
      return TRUE;
  }
  return FALSE;
}

const guint8 *
mail_lines_message_end (const guint8 *at, const guint8 *end)
{
  const guint8 *from = at + 1;

  while (from < end && (from = memmem (from, (gsize)(end - from), "\nFrom ", 6)) != NULL) {
    gboolean after_blank =
        from[-1] == '\n' || (from[-1] == '\r' && from - at > 1 && from[-2] == '\n');

    if (after_blank && mail_lines_is_from (from + 1, end))
      return from + 1;
    from++;
  }
  return end;
}

char *
mail_lines_header (const guint8 *data, gsize bytes, const char *name)
{
  const guint8 *at = data, *end = data + bytes;
  gsize length = strlen (name);

  while (at < end && *at != '\n' && *at != '\r') {
    const guint8 *next = mail_lines_next (at, end);

    if (name_length (at, end) == length &&
        g_ascii_strncasecmp ((const char *)at, name, length) == 0) {
      const guint8 *value = (const guint8 *)memchr (at, ':', (gsize)(end - at)) + 1;

      while (next < end && (*next == ' ' || *next == '\t'))
        next = mail_lines_next (next, end);
      return g_strndup ((const char *)value, (gsize)(next - value));
    }
    at = next;
  }
  return NULL;
}

GBytes *
mail_lines_narrow (GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  Charset charset = {0};
  guint64 replaced;

  if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    return g_bytes_new_from_bytes (bytes, 3, size - 3);
  /* a header begins with a letter: two of them in ASCII have no NUL and no mark */
  if (size < 4 || (data[0] > 0 && data[0] < 0x80 && data[1] > 0 && data[1] < 0x80))
    return g_bytes_ref (bytes);
  /* not charset_guess: which of the narrow ones it is would take long to find out */
  size = MIN (size, SCORED_BYTES & ~3u);
  if (!charset_from_mark (data, size, &charset) && !charset_from_width (data, size, &charset))
    return g_bytes_ref (bytes);
  if (!g_str_has_prefix (charset.name, "UTF-16") && !g_str_has_prefix (charset.name, "UTF-32"))
    return g_bytes_ref (bytes);
  return charset_to_utf8 (bytes, &charset, &replaced);
}
