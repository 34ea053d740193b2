#include "file-name.h"

#include <errno.h>

const char *
file_name_open_reason (int error_number)
{
  switch (error_number) {
  case ENOENT:
    return "there is no such file";
  case EACCES:
  case EPERM:
    return "it may not be read by this user; check its permissions";
  case ELOOP:
    return "its symbolic links go round in a loop";
  case ENOTDIR:
    return "a part of its path is not a folder";
  case ENAMETOOLONG:
    return "its name is too long";
  case ENXIO:
  case ENODEV:
    return "it is a socket or device, not a file";
  default:
    return g_strerror (error_number);
  }
}

char *
file_name_for_document (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  GString *name = g_string_new (NULL);
  const char *end;

  for (const char *at = base; *at != '\0'; at = end) {
    gboolean valid = g_utf8_validate (at, -1, &end);
    g_string_append_len (name, at, end - at);
    if (!valid)
      g_string_append_printf (name, "\\x%02x", (guchar)*end++);
  }
  return g_string_free (name, FALSE);
}

char *
file_name_printable (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at != '\0';) {
    gunichar c = g_utf8_get_char_validated (at, -1);

    if (c == (gunichar)-1 || c == (gunichar)-2) {
      g_string_append_printf (out, "\\x%02x", (guchar)*at++);
      continue;
    }
    if (c == '\n')
      g_string_append (out, "\\n");
    else if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
      g_string_append_printf (out, "\\u%04x", c);
    else
      g_string_append_unichar (out, c);
    at = g_utf8_next_char (at);
  }
  return g_string_free (out, FALSE);
}
