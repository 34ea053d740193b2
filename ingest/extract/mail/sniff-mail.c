/* Messages by their headers, mailboxes by the lines between messages, calendars and cards by how
 * they begin. By bytes, for a message may hold any. */
#include "ingest/extract/sniff.h"
#include "mail-lines.h"
#include "mail-smime.h"

#include <string.h>

#define SURE 3 /* of mail_lines_score */
#define HEAD_BYTES (16u << 10)

static gboolean
is_mailbox (const SniffInput *input, const guint8 *data, const guint8 *end)
{
  static const char *const suffixes[] = {"mbox", "mbx", NULL};
  static const char *const messages[] = {"eml", "msg", NULL};

  if (!mail_lines_is_from (data, end))
    return FALSE;
  if (sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "application/mbox"))
    return TRUE;
  return !sniff_has_suffix (input, messages) && mail_lines_score (data, (gsize)(end - data)) > 0 &&
         mail_lines_message_end (data, end) < end;
}

/* A page with all that belongs to it, as browsers save it (RFC 2557). */
static gboolean
is_web_archive (const SniffInput *input, const guint8 *data, gsize bytes)
{
  static const char *const suffixes[] = {"mht", "mhtml", NULL};
  g_autofree char *type = mail_lines_header (data, bytes, "Content-Type");
  g_autofree char *from = mail_lines_header (data, bytes, "From");
  g_autofree char *snapshot = mail_lines_header (data, bytes, "Snapshot-Content-Location");

  if (sniff_has_suffix (input, suffixes))
    return TRUE;
  return type != NULL &&
         g_ascii_strncasecmp (type + strspn (type, " "), "multipart/related", 17) == 0 &&
         (snapshot != NULL || (from != NULL && strstr (from, "<Saved by ") != NULL));
}

static gboolean
is_message (const SniffInput *input, const guint8 *data, gsize bytes)
{
  static const char *const suffixes[] = {"eml", "mht", "mhtml", "mbox", "mbx", "nws", NULL};
  guint score = mail_lines_score (data, bytes);

  if (score >= SURE || (score > 0 && sniff_has_suffix (input, suffixes)))
    return TRUE;
  if (score > 0 && g_ascii_strncasecmp (input->declared, "multipart/", 10) == 0)
    return TRUE;
  /* "" is its head when it has no headers */
  return sniff_is_declared (input, "message/rfc822") &&
         (score > 0 || *data == '\n' || *data == '\r');
}

/* Apple's: a line with the length of the message, the message, a property list. */
static gboolean
is_emlx (const guint8 *data, gsize bytes)
{
  gsize digits = 0;

  while (digits < MIN (bytes, 20) && g_ascii_isdigit (data[digits]))
    digits++;
  if (digits == 0)
    return FALSE;
  while (digits < bytes && data[digits] == ' ')
    digits++;
  return digits + 1 < bytes && data[digits] == '\n' &&
         mail_lines_score (data + digits + 1, bytes - digits - 1) >= SURE;
}

static gboolean
begins_with (const guint8 *data, gsize bytes, const char *what)
{
  return bytes >= strlen (what) &&
         g_ascii_strncasecmp ((const char *)data, what, strlen (what)) == 0;
}

/* What text it is. */
static gboolean
sniff_message_text (const SniffInput *input, const guint8 *data, const guint8 *end, Sniff *found)
{
  const guint8 *text = data;

  while (text < end && g_ascii_isspace (*text))
    text++;
  if (text == end)
    return FALSE;
  if (begins_with (text, (gsize)(end - text), "BEGIN:VCALENDAR"))
    return sniff_found (found, "calendar", "text/calendar");
  if (begins_with (text, (gsize)(end - text), "BEGIN:VCARD"))
    return sniff_found (found, "vcard", "text/vcard");
  if (is_emlx (text, (gsize)(end - text)))
    return sniff_found (found, "emlx", "message/x-emlx");
  if (is_mailbox (input, text, end))
    return sniff_found (found, "mbox", "application/mbox");
  /* blank lines before a header are passed over; before a text they are an empty head */
  if (!mail_lines_is_header (text, end) && !mail_lines_is_from (text, end))
    text = data;
  if (!is_message (input, text, (gsize)(end - text)))
    return FALSE;
  if (is_web_archive (input, text, (gsize)(end - text)))
    return sniff_found (found, "mht", "multipart/related");
  return sniff_found (found, "eml", "message/rfc822");
}

gboolean
sniff_mail (const SniffInput *input, Sniff *found)
{
  g_autoptr (GBytes) head = g_bytes_new_static (input->data, MIN (input->bytes, HEAD_BYTES));
  g_autoptr (GBytes) narrow = NULL;
  gsize bytes;
  const guint8 *data;

  if (begins_with (input->data, input->bytes, "\x78\x9f\x3e\x22"))
    return sniff_found (found, "tnef", "application/vnd.ms-tnef");
  if (mail_smime_is (input->data, input->bytes))
    return sniff_found (found, "smime", "application/pkcs7-mime");
  /* only what is stored in two or four bytes a character is looked at in part */
  narrow = mail_lines_narrow (head);
  data = g_bytes_get_data (narrow, &bytes);
  if (data == input->data)
    bytes = input->bytes;
  return sniff_message_text (input, data, data + bytes, found);
}
