#include "passwords.h"

#include "frame.h"

#include "chunker/file-name.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* -1 with errno set. */
static gssize
read_whole (int fd, char *buffer, gsize capacity)
{
  gsize length = 0;

  while (length < capacity) {
    gssize n = read (fd, buffer + length, capacity - length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    length += (gsize)n;
  }
  return (gssize)length;
}

static void
add_line (GPtrArray *passwords, const char *line, gsize bytes)
{
  if (bytes > 0 && line[bytes - 1] == '\r')
    bytes--;
  if (bytes > 0)
    g_ptr_array_add (passwords, g_strndup (line, bytes));
}

/* (transfer full) */
static char **
split (const char *text, gsize bytes)
{
  GPtrArray *passwords = g_ptr_array_new ();
  const char *end = text + bytes;

  while (text < end) {
    const char *newline = memchr (text, '\n', (gsize)(end - text));
    const char *stop = newline != NULL ? newline : end;

    add_line (passwords, text, (gsize)(stop - text));
    text = stop + 1;
  }
  g_ptr_array_add (passwords, NULL);
  return (char **)g_ptr_array_free (passwords, FALSE);
}

char **
passwords_load (const char *path, GError **error)
{
  g_autofree char *shown = file_name_printable (path);
  const gsize capacity = FRAME_PASSWORDS_MAX + 1;
  char *buffer = g_malloc (capacity);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  gssize length = fd >= 0 ? read_whole (fd, buffer, capacity) : -1;
  char **passwords = NULL;

  if (length < 0)
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_READ,
                 "the password file %s cannot be read: %s", shown, file_name_open_reason (errno));
  else if (length > (gssize)FRAME_PASSWORDS_MAX)
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_READ,
                 "the password file %s is longer than %u bytes; it has one password a line", shown,
                 FRAME_PASSWORDS_MAX);
  else if (memchr (buffer, '\0', (gsize)length) != NULL)
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_READ,
                 "the password file %s is no text; it has one password a line", shown);
  else
    passwords = split (buffer, (gsize)length);
  explicit_bzero (buffer, capacity);
  g_free (buffer);
  if (fd >= 0)
    close (fd);
  return passwords;
}

void
passwords_free (char **passwords)
{
  for (char **password = passwords; password != NULL && *password != NULL; password++)
    explicit_bzero (*password, strlen (*password));
  g_strfreev (passwords);
}
