#include "map-file.h"

#include "extract.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

typedef struct {
  void *address;
  gsize length;
} Mapping;

static void
unmap (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->address, mapping->length);
  g_free (mapping);
}

GBytes *
map_file (int fd, guint64 max_bytes, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_READ, "it is no regular file");
    return NULL;
  }
  if ((guint64)info.st_size > max_bytes) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_TOO_LARGE,
                 "it is larger than max_file_bytes in [extract] allows");
    return NULL;
  }
  if (info.st_size == 0)
    return g_bytes_new_static ("", 0);

  void *address = mmap (NULL, (gsize)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED) {
    g_set_error (
        error, EXTRACT_ERROR, errno == ENOMEM ? EXTRACT_ERROR_MEMORY : EXTRACT_ERROR_READ,
        "it cannot be mapped into memory: %s; raise memory_mb in [extract] for large files",
        g_strerror (errno));
    return NULL;
  }

  Mapping *mapping = g_new (Mapping, 1);
  mapping->address = address;
  mapping->length = (gsize)info.st_size;
  return g_bytes_new_with_free_func (address, mapping->length, unmap, mapping);
}
