#include "mail-body.h"

#include "ingest/extract/formats.h"
#include "mail-choice.h"
#include "mail-header.h"
#include "mail-smime.h"
#include "mail-text.h"

#include <string.h>

#define PART_DEPTH_MAX 48
#define BOUNDARY_MAX 200 /* RFC 2046 has 70 */

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  guint depth;
  guint unnamed;     /* attachments without a name, so far */
  gboolean has_text; /* a text part was read */
  gboolean muted;    /* another alternative was read: attachments only */
} BodyReader;

static gboolean read_part (BodyReader *reader, GMimeObject *part, GError **error);

static gboolean
is_any (const char *type, const char *const *types)
{
  for (; *types != NULL; types++)
    if (g_str_has_prefix (type, *types))
      return TRUE;
  return FALSE;
}

/* --- texts -------------------------------------------------------------------------------------
 */

static gboolean
read_plain (BodyReader *reader, GMimeObject *part, const char *type, GString *text, GError **error)
{
  g_autofree char *format = mail_part_parameter (part, "format");
  g_autofree char *delsp = mail_part_parameter (part, "delsp");
  const MailTextFormat how = {
      .flowed = format != NULL && g_ascii_strcasecmp (format, "flowed") == 0,
      .delsp = delsp != NULL && g_ascii_strcasecmp (delsp, "yes") == 0,
  };
  g_autoptr (GString) plain = NULL;

  if (strcmp (type, "text/enriched") == 0 || strcmp (type, "text/richtext") == 0) {
    plain = mail_text_from_enriched (text->str, text->len, strcmp (type, "text/richtext") == 0);
    text = plain;
  }
  return mail_text_read (text->str, text->len, &how, reader->sink, error);
}

static gboolean
read_text (BodyReader *reader, GMimePart *part, const char *type, GError **error)
{
  g_autoptr (GString) text = mail_part_text (part);

  reader->has_text = TRUE;
  if (strcmp (type, "text/html") == 0)
    return mail_choice_read_html (reader->input, text, reader->sink, error);
  return read_plain (reader, GMIME_OBJECT (part), type, text, error);
}

/* A calendar's invitation, a card: read where it stands, by its reader. */
static gboolean
read_in_place (BodyReader *reader, GMimePart *part, ExtractFormatFunc read, GError **error)
{
  g_autoptr (GString) text = mail_part_text (part);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text->str, text->len);
  ExtractInput input = *reader->input;

  input.bytes = bytes;
  return read (&input, reader->sink, error);
}

/* --- members -----------------------------------------------------------------------------------
 */

/* (transfer full) */
static char *
member_name (BodyReader *reader, GMimeObject *part)
{
  char *name = mail_part_name (part);

  return name != NULL ? name : g_strdup_printf ("attachment-%u", ++reader->unnamed);
}

static gboolean
read_attachment (BodyReader *reader, GMimePart *part, const char *type, GError **error)
{
  g_autofree char *name = member_name (reader, GMIME_OBJECT (part));
  g_autoptr (GBytes) bytes = mail_part_bytes (part);

  return extract_member (reader->input, name, type, bytes, reader->sink, error);
}

static gboolean
read_message (BodyReader *reader, GMimeObject *part, GError **error)
{
  GMimeMessage *message = g_mime_message_part_get_message (GMIME_MESSAGE_PART (part));
  g_autofree char *name = mail_part_name (part);
  g_autofree char *subject = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (message == NULL)
    return TRUE;
  subject = mail_header_decode (mail_part_header (GMIME_OBJECT (message), "Subject"), NULL);
  if (name == NULL && *subject != '\0')
    name = g_strdup_printf ("%s.eml", g_strdelimit (subject, "/\\", '-'));
  if (name == NULL)
    name = g_strdup_printf ("message-%u.eml", ++reader->unnamed);
  bytes = mail_part_message_bytes (message);
  return extract_member (reader->input, name, "message/rfc822", bytes, reader->sink, error);
}

static gboolean
refuse_encrypted (BodyReader *reader, GMimeObject *part, GError **error)
{
  g_autofree char *name = mail_part_name (part);
  g_autoptr (GError) failure =
      g_error_new (EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                   "it is encrypted to its readers' keys; load a decrypted copy");

  extract_warn (reader->sink, "what the message says is encrypted");
  return extract_member_failed (reader->input, name != NULL ? name : "encrypted message", failure,
                                reader->sink, error);
}

/* S/MIME (RFC 8551 3.2): the message in one piece, signed or encrypted. */
static gboolean
read_smime (BodyReader *reader, GMimePart *part, GError **error)
{
  g_autoptr (GBytes) bytes = mail_part_bytes (part);
  g_autoptr (GBytes) content = mail_smime_content (bytes);
  g_autoptr (GMimeMessage) message = NULL;
  GMimeObject *body;

  if (content == NULL)
    return refuse_encrypted (reader, GMIME_OBJECT (part), error);
  message = mail_parse (content);
  body = g_mime_message_get_mime_part (message);
  return body == NULL || read_part (reader, body, error);
}

/* --- parts that hold parts ---------------------------------------------------------------------
 */

static gboolean
read_parts (BodyReader *reader, GMimeMultipart *parts, GError **error)
{
  int n = g_mime_multipart_get_count (parts);

  for (int i = 0; i < n; i++)
    if (!read_part (reader, g_mime_multipart_get_part (parts, i), error))
      return FALSE;
  return TRUE;
}

/* The boundary that the parts themselves show: a line "--..." before one that is a header.
 * (transfer full) (nullable) */
static char *
find_boundary (const char *text)
{
  const char *line = text;

  while (line != NULL) {
    gsize length = strcspn (line, "\r\n");
    const char *next = strchr (line, '\n');

    if (next != NULL && strncmp (line, "--", 2) == 0 && length > 2 && length < BOUNDARY_MAX &&
        memchr (line, '"', length) == NULL &&
        g_ascii_strncasecmp (next + 1, "Content-", strlen ("Content-")) == 0)
      return g_strndup (line + 2, length - 2);
    line = next == NULL ? NULL : next + 1;
  }
  return NULL;
}

/* The boundary is not the one that was announced: the parts are where they show one, otherwise all
 * that is there is one text. */
static gboolean
read_without_parts (BodyReader *reader, GMimeMultipart *parts, const char *type, GError **error)
{
  const char *text = g_mime_multipart_get_prologue (parts);
  g_autofree char *boundary = text == NULL ? NULL : find_boundary (text);
  g_autoptr (GString) utf8 = NULL;

  if (text == NULL)
    return TRUE;
  if (boundary != NULL) {
    g_autofree char *mended =
        g_strdup_printf ("Content-Type: %s; boundary=\"%s\"\n\n%s", type, boundary, text);
    g_autoptr (GBytes) bytes = g_bytes_new_static (mended, strlen (mended));
    g_autoptr (GMimeMessage) message = mail_parse (bytes);
    GMimeObject *body = g_mime_message_get_mime_part (message);

    if (GMIME_IS_MULTIPART (body) && g_mime_multipart_get_count (GMIME_MULTIPART (body)) > 0)
      return read_part (reader, body, error);
  }
  extract_warn (reader->sink, "its parts cannot be told apart");
  utf8 = mail_decode_bytes ((const guint8 *)text, strlen (text), NULL);
  return reader->muted ||
         mail_text_read (utf8->str, utf8->len, &(MailTextFormat){0}, reader->sink, error);
}

/* What a page shows, and no document of its own: pictures, styles, fonts. */
static gboolean
is_resource (GMimeObject *part)
{
  static const char *const types[] = {
      "image/",           "text/css",           "font/", "audio/", "video/",
      "application/font", "application/x-font", NULL};
  g_autofree char *type = mail_part_type (part);

  return is_any (type, types) && !mail_part_is_attachment (part);
}

/* RFC 2387: a root, by default the first, and what it refers to. */
static gboolean
read_related (BodyReader *reader, GMimeMultipart *parts, GError **error)
{
  g_autofree char *start = mail_part_parameter (GMIME_OBJECT (parts), "start");
  int n = g_mime_multipart_get_count (parts), root = 0;

  for (int i = 0; start != NULL && i < n; i++) {
    const char *id = g_mime_object_get_content_id (g_mime_multipart_get_part (parts, i));

    if (id != NULL && *id != '\0' && strstr (start, id) != NULL)
      root = i;
  }
  if (n > 0 && !read_part (reader, g_mime_multipart_get_part (parts, root), error))
    return FALSE;
  for (int i = 0; i < n; i++) {
    GMimeObject *part = g_mime_multipart_get_part (parts, i);

    if (i != root && !is_resource (part) && !read_part (reader, part, error))
      return FALSE;
  }
  return TRUE;
}

/* The first text of that type in `part`, no attachment. (nullable) */
static GMimePart *
find_text (GMimeObject *part, const char *type, guint depth)
{
  g_autofree char *own = mail_part_type (part);

  if (GMIME_IS_MULTIPART (part)) {
    GMimeMultipart *parts = GMIME_MULTIPART (part);
    int n = g_mime_multipart_get_count (parts);
    GMimePart *found = NULL;

    for (int i = 0; i < n && found == NULL && depth < PART_DEPTH_MAX; i++)
      found = find_text (g_mime_multipart_get_part (parts, i), type, depth + 1);
    return found;
  }
  return GMIME_IS_PART (part) && strcmp (own, type) == 0 && !mail_part_is_attachment (part)
             ? GMIME_PART (part)
             : NULL;
}

/* Which of the alternatives to read. */
static int
choose (BodyReader *reader, GMimeMultipart *parts)
{
  int n = g_mime_multipart_get_count (parts), plain_at = -1, html_at = -1;
  GMimePart *plain = NULL, *html = NULL;

  for (int i = 0; i < n; i++) {
    GMimeObject *part = g_mime_multipart_get_part (parts, i);
    GMimePart *found = find_text (part, "text/html", 0);

    if (found != NULL) {
      html = found;
      html_at = i;
    } else if (plain == NULL && (found = find_text (part, "text/plain", 0)) != NULL) {
      plain = found;
      plain_at = i;
    }
  }
  if (plain != NULL && html != NULL) {
    g_autoptr (GString) plain_text = mail_part_text (plain);
    g_autoptr (GString) html_text = mail_part_text (html);

    return mail_choice_html_says_more (reader->input, plain_text->str, html_text) ? html_at
                                                                                  : plain_at;
  }
  return plain != NULL ? plain_at : html_at;
}

/* RFC 2046 5.1.4: the same in several forms. Attachments hang on any of them. */
static gboolean
read_alternative (BodyReader *reader, GMimeMultipart *parts, GError **error)
{
  int n = g_mime_multipart_get_count (parts);
  int chosen = reader->muted ? -1 : choose (reader, parts);
  gboolean muted = reader->muted, ok = TRUE;

  if (chosen < 0)
    return read_parts (reader, parts, error);
  ok = read_part (reader, g_mime_multipart_get_part (parts, chosen), error);
  reader->muted = TRUE;
  for (int i = 0; i < n && ok; i++)
    if (i != chosen)
      ok = read_part (reader, g_mime_multipart_get_part (parts, i), error);
  reader->muted = muted;
  return ok;
}

static gboolean
read_multipart (BodyReader *reader, GMimeMultipart *parts, const char *type, GError **error)
{
  if (g_mime_multipart_get_count (parts) == 0)
    return read_without_parts (reader, parts, type, error);
  if (strcmp (type, "multipart/alternative") == 0)
    return read_alternative (reader, parts, error);
  if (strcmp (type, "multipart/related") == 0)
    return read_related (reader, parts, error);
  if (strcmp (type, "multipart/encrypted") == 0)
    return refuse_encrypted (reader, GMIME_OBJECT (parts), error);
  return read_parts (reader, parts, error);
}

/* --- a part ------------------------------------------------------------------------------------
 */

static gboolean
read_leaf (BodyReader *reader, GMimePart *part, const char *type, GError **error)
{
  static const char *const signatures[] = {
      "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
      "application/pgp-encrypted", NULL};
  static const char *const smime[] = {"application/pkcs7-mime", "application/x-pkcs7-mime", NULL};
  /* lines of "Name: value" for people and programs (RFC 3464, 8098, 5965) */
  static const char *const fields[] = {"message/", "text/rfc822-headers", NULL};
  g_autofree char *name = mail_part_name (GMIME_OBJECT (part));
  gboolean apart = mail_part_is_attachment (GMIME_OBJECT (part));

  if (is_any (type, signatures))
    return TRUE;
  if (is_any (type, smime))
    return read_smime (reader, part, error);
  if (!apart && name == NULL && strcmp (type, "text/calendar") == 0)
    return read_in_place (reader, part, extract_read_calendar, error);
  if (!apart && (is_any (type, fields) ||
                 (g_str_has_prefix (type, "text/") && (name == NULL || !reader->has_text))))
    return reader->muted || read_text (reader, part, type, error);
  return read_attachment (reader, part, type, error);
}

static gboolean
read_part (BodyReader *reader, GMimeObject *part, GError **error)
{
  g_autofree char *type = mail_part_type (part);
  gboolean ok = TRUE;

  if (reader->depth >= PART_DEPTH_MAX) {
    extract_warn (reader->sink, "parts nested more than %d deep were left out", PART_DEPTH_MAX);
    return TRUE;
  }
  reader->depth++;
  if (GMIME_IS_MULTIPART (part))
    ok = read_multipart (reader, GMIME_MULTIPART (part), type, error);
  else if (GMIME_IS_MESSAGE_PART (part))
    ok = read_message (reader, part, error);
  else if (GMIME_IS_PART (part))
    ok = read_leaf (reader, GMIME_PART (part), type, error);
  reader->depth--;
  return ok;
}

gboolean
mail_body_read (const ExtractInput *input, GMimeObject *body, ExtractSink *sink, GError **error)
{
  BodyReader reader = {.input = input, .sink = sink};

  return read_part (&reader, body, error);
}
