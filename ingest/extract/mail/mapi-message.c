#include "mapi-message.h"

#include "ingest/extract/formats.h"
#include "ingest/extract/rtf/rtf-compressed.h"
#include "ingest/extract/rtf/rtf-html.h"
#include "mail-choice.h"
#include "mail-header.h"
#include "mail-text.h"

#include <string.h>

/* MS-OXOMSG 2.2.3.1: whom a recipient is */
enum { RECIPIENT_TO = 1, RECIPIENT_CC = 2, RECIPIENT_BCC = 3 };

/* MS-OXCMSG 2.2.2.9: a picture that the page refers to */
#define ATTACHMENT_IN_PAGE 4u

static void
add_line (GString *lines, const char *label, const char *text)
{
  if (text != NULL && *text != '\0')
    g_string_append_printf (lines, "%s%s: %s", lines->len > 0 ? "\n" : "", label, text);
}

/* --- people ------------------------------------------------------------------------------------
 */

/* Outlook puts quotes around a name that is an address. */
static void
strip_quotes (char *name)
{
  gsize length = strlen (name);

  if (length > 2 && name[0] == '\'' && name[length - 1] == '\'') {
    name[length - 1] = '\0';
    memmove (name, name + 1, length - 1);
  }
}

/* "Ann Lee <ann@example.org>"; Exchange's own "/o=.../cn=..." is no address for people. (transfer
 * full) */
static char *
person (char *name, const char *smtp, const char *address)
{
  if (smtp == NULL || *smtp == '\0')
    smtp = address;
  if (smtp == NULL || strchr (smtp, '@') == NULL)
    smtp = "";
  if (name == NULL || *name == '\0')
    return g_strdup (smtp);
  strip_quotes (name);
  if (*smtp == '\0' || strcasestr (name, smtp) != NULL)
    return g_strdup (name);
  return g_strdup_printf ("%s <%s>", name, smtp);
}

/* (transfer full) */
static char *
person_of (const MapiProperties *properties, guint name_id, guint smtp_id, guint address_id)
{
  g_autofree char *name = mapi_string (properties, name_id);
  g_autofree char *smtp = mapi_string (properties, smtp_id);
  g_autofree char *address = mapi_string (properties, address_id);

  return person (name, smtp, address);
}

/* From whom it is, and who sent it for them where that is someone else. */
static void
add_senders (GString *lines, const MapiProperties *properties, ExtractSink *sink)
{
  g_autofree char *from = person_of (properties, MAPI_REPRESENTING_NAME, MAPI_REPRESENTING_SMTP,
                                     MAPI_REPRESENTING_ADDRESS);
  g_autofree char *sender =
      person_of (properties, MAPI_SENDER_NAME, MAPI_SENDER_SMTP, MAPI_SENDER_ADDRESS);
  g_autofree char *address = mapi_string (properties, MAPI_SENDER_ADDRESS);
  gboolean other_address = address != NULL && strchr (address, '@') != NULL &&
                           strcasestr (from, address) == NULL && strchr (from, '@') != NULL;

  /* the one of the two that has an address */
  if (*from == '\0' || (strchr (from, '@') == NULL && strchr (sender, '@') != NULL))
    add_line (lines, "From", sender);
  else
    add_line (lines, "From", from);
  if (other_address)
    add_line (lines, "Sender", strstr (sender, address) != NULL ? sender : address);
  extract_meta (sink, "author", *from != '\0' ? from : sender);
}

/* The recipients of that type; what the message shows for them where there are none. (transfer
 * full) (nullable) */
static char *
recipients (const MapiMessage *message, guint type, guint display_id)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; message->recipients != NULL && i < message->recipients->len; i++) {
    const MapiProperties *recipient = g_ptr_array_index (message->recipients, i);
    g_autofree char *text =
        person_of (recipient, MAPI_DISPLAY_NAME, MAPI_SMTP_ADDRESS, MAPI_EMAIL_ADDRESS);

    if ((mapi_uint (recipient, MAPI_RECIPIENT_TYPE) & 0xf) == type && *text != '\0')
      g_string_append_printf (list, "%s%s", list->len > 0 ? "; " : "", text);
  }
  return list->len > 0 ? g_string_free (g_steal_pointer (&list), FALSE)
                       : mapi_string (message->properties, display_id);
}

/* --- what is said of it ------------------------------------------------------------------------
 */

typedef struct {
  guint32 id;
  const char *label;
  gboolean is_time;
} Field;

/* Appointments, tasks (MS-OXOCAL, MS-OXOTASK), contacts (MS-OXOCNTC) */
static const Field fields[] = {
    {MAPI_LID | 0x820d, "Start", TRUE},
    {MAPI_LID | 0x820e, "End", TRUE},
    {MAPI_LID | 0x8208, "Location", FALSE},
    {MAPI_LID | 0x8232, "Recurrence", FALSE},
    {MAPI_LID | 0x8104, "Start", TRUE},
    {MAPI_LID | 0x8105, "Due", TRUE},
    {MAPI_LID | 0x810f, "Completed", TRUE},
    {MAPI_LID | 0x811f, "Owner", FALSE},
    {0x3a16, "Company", FALSE},
    {0x3a18, "Department", FALSE},
    {0x3a17, "Job title", FALSE},
    {0x3a45, "Title", FALSE},
    {0x3a4f, "Nickname", FALSE},
    {MAPI_LID | 0x8083, "E-mail", FALSE},
    {MAPI_LID | 0x8093, "E-mail 2", FALSE},
    {MAPI_LID | 0x80a3, "E-mail 3", FALSE},
    {MAPI_LID | 0x8062, "Messaging", FALSE},
    {0x3a08, "Business telephone", FALSE},
    {0x3a1b, "Business telephone 2", FALSE},
    {0x3a09, "Home telephone", FALSE},
    {0x3a1c, "Mobile telephone", FALSE},
    {0x3a1f, "Other telephone", FALSE},
    {0x3a24, "Business fax", FALSE},
    {MAPI_LID | 0x801b, "Business address", FALSE},
    {MAPI_LID | 0x801a, "Home address", FALSE},
    {MAPI_LID | 0x801c, "Other address", FALSE},
    {0x3a51, "Business home page", FALSE},
    {0x3a50, "Personal home page", FALSE},
    {0x3a46, "Profession", FALSE},
    {0x3a4e, "Manager", FALSE},
    {0x3a30, "Assistant", FALSE},
    {0x3a48, "Spouse", FALSE},
    {0x3a42, "Birthday", TRUE},
};

static void
add_fields (GString *lines, const MapiProperties *properties)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_autofree char *text = fields[i].is_time ? mapi_time (properties, fields[i].id)
                                              : mapi_string (properties, fields[i].id);

    if (text != NULL)
      add_line (lines, fields[i].label, g_strstrip (text));
  }
}

/* (transfer full) (nullable) */
static char *
date (const MapiProperties *properties)
{
  static const guint32 ids[] = {MAPI_SUBMIT_TIME, MAPI_DELIVERY_TIME, MAPI_CREATION_TIME};
  char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids) && text == NULL; i++)
    text = mapi_time (properties, ids[i]);
  return text;
}

static gboolean
read_headers (const MapiMessage *message, const char *subject, ExtractSink *sink, GError **error)
{
  const MapiProperties *properties = message->properties;
  g_autofree char *class = mapi_string (properties, MAPI_MESSAGE_CLASS);
  gboolean is_contact = class != NULL && g_ascii_strncasecmp (class, "IPM.Contact", 11) == 0;
  g_autofree char *name = is_contact ? mapi_string (properties, MAPI_DISPLAY_NAME) : NULL;
  g_autofree char *to = recipients (message, RECIPIENT_TO, MAPI_DISPLAY_TO);
  g_autofree char *cc = recipients (message, RECIPIENT_CC, MAPI_DISPLAY_CC);
  g_autofree char *bcc = recipients (message, RECIPIENT_BCC, MAPI_DISPLAY_BCC);
  g_autofree char *when = date (properties);
  g_autoptr (GString) lines = g_string_new (NULL);

  if (name != NULL && g_strcmp0 (name, subject) != 0)
    add_line (lines, "Name", name);
  add_senders (lines, properties, sink);
  add_line (lines, "To", to);
  add_line (lines, "Cc", cc);
  add_line (lines, "Bcc", bcc);
  add_line (lines, "Date", when);
  add_fields (lines, properties);
  extract_meta (sink, "created", when);
  return extract_heading (sink, 1, 0, subject, -1, error) &&
         extract_paragraph (sink, 0, lines->str, (gssize)lines->len, error);
}

/* --- the body ----------------------------------------------------------------------------------
 */

/* As UTF-8, from where it stands as itself or from the RTF around it. (transfer full) (nullable) */
static GString *
html_body (const MapiProperties *properties, GBytes *rtf)
{
  g_autofree char *text = mapi_string (properties, MAPI_HTML);
  GBytes *raw = mapi_bytes (properties, MAPI_HTML);
  gsize bytes;
  const guint8 *data;

  if (text != NULL)
    return g_string_new (text);
  if (raw != NULL) {
    g_autofree char *charset = mapi_charset (mapi_uint (properties, MAPI_INTERNET_CODE_PAGE));

    data = g_bytes_get_data (raw, &bytes);
    return mail_decode_bytes (data, bytes, charset);
  }
  data = rtf == NULL ? NULL : g_bytes_get_data (rtf, &bytes);
  if (data != NULL && rtf_has_html (data, bytes)) {
    g_autoptr (GBytes) html = rtf_to_html (rtf);

    data = html == NULL ? NULL : g_bytes_get_data (html, &bytes);
    return data == NULL ? NULL : g_string_new_len ((const char *)data, (gssize)bytes);
  }
  return NULL;
}

/* (transfer full) (nullable) */
static GBytes *
rtf_body (const MapiProperties *properties)
{
  GBytes *compressed = mapi_bytes (properties, MAPI_RTF_COMPRESSED);

  return compressed == NULL ? NULL : rtf_decompress (compressed, NULL);
}

static gboolean
is_blank (const char *text)
{
  return text == NULL || text[strspn (text, " \t\r\n")] == '\0';
}

static gboolean
read_body (const ExtractInput *input, const MapiProperties *properties, ExtractSink *sink,
           GError **error)
{
  g_autofree char *plain = mapi_string (properties, MAPI_BODY);
  g_autoptr (GBytes) rtf = rtf_body (properties);
  g_autoptr (GString) html = html_body (properties, rtf);

  if (html != NULL && html->len > 0 &&
      (is_blank (plain) || mail_choice_html_says_more (input, plain, html)))
    return mail_choice_read_html (input, html, sink, error);
  if (!is_blank (plain))
    return mail_text_read (plain, strlen (plain), &(MailTextFormat){0}, sink, error);
  if (rtf != NULL) {
    ExtractInput inner = *input;

    inner.bytes = rtf;
    return extract_read_rtf (&inner, sink, error);
  }
  return TRUE;
}

gboolean
mapi_message_read (const ExtractInput *input, const MapiMessage *message, ExtractSink *sink,
                   GError **error)
{
  g_autofree char *subject = mapi_string (message->properties, MAPI_SUBJECT);

  if (subject == NULL)
    subject = mapi_string (message->properties, MAPI_DISPLAY_NAME);
  if (!read_headers (message, subject != NULL ? subject : "", sink, error) ||
      !read_body (input, message->properties, sink, error))
    return FALSE;
  /* after the body: a page in it has a title of its own */
  extract_meta (sink, "title", subject);
  return TRUE;
}

/* --- attachments -------------------------------------------------------------------------------
 */

char *
mapi_attachment_name (const MapiProperties *attachment, guint number)
{
  static const guint32 ids[] = {MAPI_ATTACH_LONG_NAME, MAPI_ATTACH_FILE_NAME, MAPI_DISPLAY_NAME};

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    char *name = mapi_string (attachment, ids[i]);

    if (!is_blank (name))
      return g_strdelimit (name, "\\", '/');
    g_free (name);
  }
  return g_strdup_printf ("attachment-%u", number);
}

gboolean
mapi_attachment_is_resource (const MapiProperties *attachment)
{
  g_autofree char *type = mapi_string (attachment, MAPI_ATTACH_MIME_TYPE);

  return mapi_boolean (attachment, MAPI_ATTACH_HIDDEN) ||
         ((mapi_uint (attachment, MAPI_ATTACH_FLAGS) & ATTACHMENT_IN_PAGE) != 0 && type != NULL &&
          g_ascii_strncasecmp (type, "image/", 6) == 0);
}
