#include "archive-name.h"

#include "ingest/extract/charset.h"

#include <string.h>

#define SEEN_MAX 4096

void
archive_names_init (ArchiveNames *names, gboolean is_dos)
{
  names->seen = g_string_new (NULL);
  names->is_dos = is_dos;
}

void
archive_names_clear (ArchiveNames *names)
{
  if (names->seen != NULL)
    g_string_free (names->seen, TRUE);
  names->seen = NULL;
}

/* Bytes that are letters in CP 437 and next to never seen in names of Windows' Western charset. */
static gboolean
has_dos_letters (const char *name)
{
  for (; *name != '\0'; name++)
    if ((guchar)*name >= 0x80 && (guchar)*name <= 0x9f)
      return TRUE;
  return FALSE;
}

static gboolean
is_western (const char *charset)
{
  return g_ascii_strcasecmp (charset, "windows-1252") == 0 ||
         g_str_has_prefix (charset, "ibm-5348") || g_str_has_prefix (charset, "ISO-8859-1");
}

/* (transfer full) */
static char *
decode (ArchiveNames *names, const char *raw)
{
  gsize bytes = strlen (raw), size;
  g_autoptr (GBytes) name = g_bytes_new_static (raw, bytes);
  g_autoptr (GBytes) text = NULL;
  Charset charset;
  guint64 replaced;
  const char *utf8;

  if (names->seen->len + bytes < SEEN_MAX) {
    g_string_append (names->seen, raw);
    g_string_append_c (names->seen, '\n');
  }
  charset_guess ((const guint8 *)names->seen->str, names->seen->len, NULL, &charset);
  charset.is_valid = FALSE;
  charset.skip_bytes = 0;
  if (names->is_dos && is_western (charset.name) && has_dos_letters (raw))
    g_strlcpy (charset.name, "ibm-437", sizeof charset.name);
  text = charset_to_utf8 (name, &charset, &replaced);
  utf8 = g_bytes_get_data (text, &size);
  return g_strndup (utf8, size);
}

char *
archive_names_decode (ArchiveNames *names, const char *raw)
{
  char *name = g_utf8_validate (raw, -1, NULL) ? g_strdup (raw) : decode (names, raw);
  gsize skip;

  /* programs of Windows write what Windows knows; in UTF-8 no byte of a character is '\' */
  if (strchr (name, '/') == NULL)
    g_strdelimit (name, "\\", '/');
  for (skip = 0; name[skip] == '/' || (name[skip] == '.' && name[skip + 1] == '/');)
    skip += name[skip] == '/' ? 1 : 2;
  memmove (name, name + skip, strlen (name + skip) + 1);
  return name;
}
