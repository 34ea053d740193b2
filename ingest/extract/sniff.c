#include "sniff.h"

#include "charset.h"
#include "inflate.h"

#include <magic.h>
#include <string.h>

#define HEAD_BYTES 4096
#define MAGIC_BYTES (256u << 10)

typedef struct {
  magic_t mime;
  magic_t text;
} Magic;

/* Set once, in warm-up: a database loaded later would have to be read from a file. */
static Magic *
loaded_magic (void)
{
  static Magic magic;

  return &magic;
}

gboolean
sniff_warm_up (GError **error)
{
  const int flags = MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR;
  Magic *magic = loaded_magic ();

  if (magic->mime != NULL)
    return TRUE;
  magic->mime = magic_open (flags | MAGIC_MIME_TYPE);
  magic->text = magic_open (flags);
  if (magic->mime == NULL || magic->text == NULL || magic_load (magic->mime, NULL) != 0 ||
      magic_load (magic->text, NULL) != 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "libmagic has no database: %s",
                 magic->mime == NULL ? "no memory" : magic_error (magic->mime));
    return FALSE;
  }
  return TRUE;
}

int
sniff_magic_version (void)
{
  return magic_version ();
}

/* --- what sniffers share -----------------------------------------------------------------------
 */

gboolean
sniff_found (Sniff *found, const char *format, const char *mime_type)
{
  found->format = format;
  g_strlcpy (found->mime_type, mime_type, sizeof found->mime_type);
  return TRUE;
}

gboolean
sniff_has_suffix (const SniffInput *input, const char *const *suffixes)
{
  const char *dot = strrchr (input->name, '.');

  for (; dot != NULL && *suffixes != NULL; suffixes++)
    if (g_ascii_strcasecmp (dot + 1, *suffixes) == 0)
      return TRUE;
  return FALSE;
}

gboolean
sniff_is_declared (const SniffInput *input, const char *mime_type)
{
  gsize length = strlen (mime_type);

  return g_ascii_strncasecmp (input->declared, mime_type, length) == 0 &&
         strchr ("; \t", input->declared[length]) != NULL;
}

/* The head as UTF-8, NUL-terminated. */
static char *
decode_head (const guint8 *data, gsize bytes)
{
  gsize size = MIN (bytes, HEAD_BYTES);
  g_autoptr (GBytes) raw = g_bytes_new_static (data, size);
  g_autoptr (GBytes) text = NULL;
  Charset charset;
  guint64 replaced;
  const char *utf8;

  charset_guess (data, size, NULL, &charset);
  text = charset_to_utf8 (raw, &charset, &replaced);
  utf8 = g_bytes_get_data (text, &size);
  return g_strndup (utf8, size);
}

/* --- PDF ---------------------------------------------------------------------------------------
 */

static gboolean
hint_is_pdf (const SniffInput *input)
{
  static const char *const suffixes[] = {"pdf", NULL};

  return sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "application/pdf");
}

/* %PDF-1 at the start, or within the first 1024 bytes of what has a PDF's end. */
static gboolean
is_pdf (const guint8 *data, gsize bytes)
{
  const char *head = (const char *)data;
  const guint8 *at = memmem (data, MIN (bytes, 1024 + 5), "%PDF-", 5);

  if (at == NULL)
    return FALSE;
  if (at == data)
    return TRUE;
  if ((gsize)(at - data) + 5 >= bytes || !g_ascii_isdigit (at[5]))
    return FALSE;
  while (head < (const char *)at && g_ascii_isspace (*head))
    head++;
  if (head == (const char *)at)
    return TRUE;
  return memmem (at, bytes - (gsize)(at - data), "endobj", 6) != NULL &&
         memmem (at, bytes - (gsize)(at - data), "%%EOF", 5) != NULL;
}

static gboolean
sniff_pdf (const SniffInput *input, Sniff *found)
{
  return is_pdf (input->data, input->bytes) && sniff_found (found, "pdf", "application/pdf");
}

/* A PDF without its first line: its reader finds out, and says so. */
static gboolean
sniff_headless_pdf (const SniffInput *input, Sniff *found)
{
  return hint_is_pdf (input) && sniff_found (found, "pdf", "application/pdf");
}

/* --- the rest ----------------------------------------------------------------------------------
 */

static gboolean
sniff_gzip (const SniffInput *input, Sniff *found)
{
  return inflate_is_gzip (input->data, input->bytes) &&
         sniff_found (found, "gzip", "application/gzip");
}

/* Text that no person reads as text, and that has no reader. */
static gboolean
is_foreign (const SniffInput *input)
{
  return g_str_has_prefix (input->head, "%!PS");
}

static gboolean
sniff_plain (const SniffInput *input, Sniff *found)
{
  return !is_foreign (input) && sniff_found (found, "text", "text/plain");
}

static void
describe_unsupported (const SniffInput *input, Sniff *found)
{
  const Magic *magic = loaded_magic ();
  gsize bytes = MIN (input->bytes, MAGIC_BYTES);
  const char *mime, *text;

  mime = magic->mime == NULL ? NULL : magic_buffer (magic->mime, input->data, bytes);
  g_strlcpy (found->mime_type, mime == NULL ? "application/octet-stream" : mime,
             sizeof found->mime_type);
  text = magic->text == NULL ? NULL : magic_buffer (magic->text, input->data, bytes);
  g_strlcpy (found->description, text == NULL ? "data" : text, sizeof found->description);
  /* "PNG image data, 16 x 16, ..." */
  found->description[strcspn (found->description, ",\n")] = '\0';
}

/* Each asked in turn, the more certain before the less. */
static gboolean
ask (const SniffFunc *sniffers, guint n, const SniffInput *input, Sniff *found)
{
  for (guint i = 0; i < n; i++)
    if (sniffers[i](input, found))
      return TRUE;
  return FALSE;
}

void
sniff (const guint8 *data, gsize bytes, const char *name, const char *declared, Sniff *found)
{
  /* by their first bytes */
  static const SniffFunc signatures[] = {
      sniff_gzip, sniff_pdf,     sniff_zip,  sniff_ole,   sniff_rtf,
      sniff_biff, sniff_archive, sniff_mail, sniff_image,
  };
  /* by what their text looks like; the last takes what is left */
  static const SniffFunc texts[] = {
      sniff_sheet_markup,     sniff_flat_odf,  sniff_markup, sniff_headless_pdf,
      sniff_headless_package, sniff_text_kind, sniff_csv,    sniff_plain,
  };
  /* by their names, where nothing else tells */
  static const SniffFunc headless[] = {
      sniff_headless_pdf,
      sniff_headless_package,
  };
  g_autofree char *head = NULL;
  SniffInput input = {data, bytes, name, declared, NULL};

  memset (found, 0, sizeof *found);
  if (ask (signatures, G_N_ELEMENTS (signatures), &input, found))
    return;
  if (!charset_is_binary (data, bytes)) {
    head = decode_head (data, bytes);
    input.head = head;
    if (ask (texts, G_N_ELEMENTS (texts), &input, found))
      return;
  }
  describe_unsupported (&input, found);
  if (strcmp (found->mime_type, "application/octet-stream") == 0)
    ask (headless, G_N_ELEMENTS (headless), &input, found);
}
