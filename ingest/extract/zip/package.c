#include "package.h"

#include <string.h>
#include <zip.h>

/* of a part, where nobody counts */
#define LOOK_BYTES_MAX (16u << 20)
#define READ_BYTES (64u << 10)
#define NAME_MAX_BYTES 4096

struct Package {
  GBytes *bytes;
  zip_t *zip;
  ExtractSink *sink; /* (nullable) */
  GPtrArray *names;  /* (element-type utf8) by index; borrowed from `zip` */
  GHashTable *index; /* folded name -> index + 1 */
};

/* Names compare as this. (transfer full) */
static char *
fold_name (const char *name)
{
  char *folded = g_ascii_strdown (*name == '/' ? name + 1 : name, -1);

  g_strdelimit (folded, "\\", '/');
  return folded;
}

static void
read_directory (Package *package)
{
  zip_int64_t n = zip_get_num_entries (package->zip, 0);

  for (zip_int64_t i = 0; i < n; i++) {
    const char *name = zip_get_name (package->zip, (zip_uint64_t)i, ZIP_FL_ENC_GUESS);
    char *folded = fold_name (name == NULL ? "" : name);

    g_ptr_array_add (package->names, (gpointer)(name == NULL ? "" : name));
    /* of two of one name the first counts, as in most programs that open it */
    if (g_hash_table_contains (package->index, folded))
      g_free (folded);
    else
      g_hash_table_insert (package->index, folded, GUINT_TO_POINTER ((guint)i + 1));
  }
}

Package *
package_open (GBytes *bytes, ExtractSink *sink, GError **error)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  zip_error_t problem;
  zip_source_t *source;
  zip_t *zip;

  zip_error_init (&problem);
  source = zip_source_buffer_create (data, size, 0, &problem);
  zip = source == NULL ? NULL : zip_open_from_source (source, ZIP_RDONLY, &problem);
  if (zip == NULL) {
    gboolean no_memory = zip_error_code_zip (&problem) == ZIP_ER_MEMORY;

    g_set_error (error, EXTRACT_ERROR, no_memory ? EXTRACT_ERROR_MEMORY : EXTRACT_ERROR_CORRUPT,
                 "it is a damaged zip package: %s", zip_error_strerror (&problem));
    if (source != NULL)
      zip_source_free (source);
    zip_error_fini (&problem);
    return NULL;
  }
  zip_error_fini (&problem);

  Package *package = g_new0 (Package, 1);

  package->bytes = g_bytes_ref (bytes);
  package->zip = zip;
  package->sink = sink;
  package->names = g_ptr_array_new ();
  package->index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  read_directory (package);
  return package;
}

void
package_free (Package *package)
{
  if (package == NULL)
    return;
  g_hash_table_unref (package->index);
  g_ptr_array_unref (package->names);
  zip_discard (package->zip);
  g_bytes_unref (package->bytes);
  g_free (package);
}

/* Index + 1; 0: none. */
static guint
find (const Package *package, const char *name)
{
  g_autofree char *folded = fold_name (name);

  return GPOINTER_TO_UINT (g_hash_table_lookup (package->index, folded));
}

gboolean
package_has (const Package *package, const char *name)
{
  return find (package, name) > 0;
}

guint
package_count (const Package *package)
{
  return package->names->len;
}

const char *
package_name (const Package *package, guint index)
{
  return g_ptr_array_index (package->names, index);
}

/* --- inflating ---------------------------------------------------------------------------------
 */

static gboolean
check_size (const Package *package, const char *name, guint64 part_bytes, guint64 new_bytes,
            GError **error)
{
  if (part_bytes > (package->sink != NULL ? (guint)G_MAXINT32 : LOOK_BYTES_MAX)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_BOMB, "its part %s is larger than 2 GiB",
                 name);
    return FALSE;
  }
  return package->sink == NULL || extract_inflated (package->sink, new_bytes, error);
}

static gboolean
inflate (Package *package, const char *name, zip_file_t *file, PackageSliceFunc func,
         gpointer user_data, GError **error)
{
  g_autofree guint8 *slice = g_malloc (READ_BYTES);
  guint64 part_bytes = 0;

  while (TRUE) {
    zip_int64_t n = zip_fread (file, slice, READ_BYTES);

    if (n < 0) {
      g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "its part %s is damaged: %s", name,
                   zip_file_strerror (file));
      return FALSE;
    }
    part_bytes += (guint64)n;
    if (!check_size (package, name, part_bytes, (guint64)n, error))
      return FALSE;
    if (n == 0)
      return TRUE;
    if (!func (slice, (gsize)n, user_data, error))
      return FALSE;
  }
}

static gboolean
read_entry (Package *package, guint index, const char *name, PackageSliceFunc func,
            gpointer user_data, GError **error)
{
  zip_file_t *file = zip_fopen_index (package->zip, index, 0);
  gboolean done;

  if (file == NULL) {
    zip_error_t *problem = zip_get_error (package->zip);
    gboolean locked = zip_error_code_zip (problem) == ZIP_ER_NOPASSWD;

    g_set_error (error, EXTRACT_ERROR, locked ? EXTRACT_ERROR_ENCRYPTED : EXTRACT_ERROR_CORRUPT,
                 locked ? "its part %s is encrypted: %s" : "its part %s is damaged: %s", name,
                 zip_error_strerror (problem));
    return FALSE;
  }
  done = inflate (package, name, file, func, user_data, error);
  zip_fclose (file);
  return done;
}

gboolean
package_read_slices (Package *package, const char *name, PackageSliceFunc func, gpointer user_data,
                     GError **error)
{
  guint found = find (package, name);

  if (found > 0)
    return read_entry (package, found - 1, name, func, user_data, error);
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it has no part %s", name);
  return FALSE;
}

static gboolean
append_slice (const guint8 *slice, gsize bytes, gpointer user_data, GError **error)
{
  g_byte_array_append (user_data, slice, (guint)bytes);
  return TRUE;
}

GBytes *
package_read_optional (Package *package, const char *name, GError **error)
{
  guint found = find (package, name);
  g_autoptr (GByteArray) part = NULL;

  if (found == 0)
    return NULL;
  part = g_byte_array_new ();
  if (!read_entry (package, found - 1, name, append_slice, part, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&part));
}

GBytes *
package_read (Package *package, const char *name, GError **error)
{
  if (!package_has (package, name)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it has no part %s", name);
    return NULL;
  }
  return package_read_optional (package, name, error);
}

/* --- names -------------------------------------------------------------------------------------
 */

char *
package_resolve (const char *base, const char *target)
{
  g_autofree char *unescaped = g_uri_unescape_string (target, NULL);
  const char *path = unescaped != NULL ? unescaped : target;
  const char *slash = strrchr (base, '/');
  g_autofree char *joined =
      *path == '/' || slash == NULL
          ? g_strdup (path)
          : g_strdup_printf ("%.*s/%s", (int)MIN (slash - base, NAME_MAX_BYTES), base, path);
  g_auto (GStrv) parts = g_strsplit_set (joined, "/\\", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();

  for (char **part = parts; *part != NULL; part++) {
    if (strcmp (*part, "..") == 0) {
      if (kept->len > 0)
        g_ptr_array_set_size (kept, (int)kept->len - 1);
    } else if (**part != '\0' && strcmp (*part, ".") != 0) {
      g_ptr_array_add (kept, *part);
    }
  }
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **)kept->pdata);
}
