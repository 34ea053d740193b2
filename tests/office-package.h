/* Zip packages for tests, made of parts that stand in the test itself. */
#pragma once

#include <glib.h>
#include <string.h>
#include <zip.h>

/* parts: name, text, name, text, ..., NULL. (transfer full) */
G_GNUC_UNUSED static GBytes *
package_of (const char *const *parts)
{
  zip_error_t problem;
  zip_source_t *source;
  zip_stat_t stat;
  zip_t *zip;
  guint8 *data;

  zip_error_init (&problem);
  source = zip_source_buffer_create (NULL, 0, 0, &problem);
  zip = zip_open_from_source (source, ZIP_TRUNCATE, &problem);
  g_assert_nonnull (zip);
  zip_source_keep (source);
  for (; *parts != NULL; parts += 2) {
    zip_source_t *part = zip_source_buffer (zip, parts[1], strlen (parts[1]), 0);

    g_assert_cmpint ((int)zip_file_add (zip, parts[0], part, ZIP_FL_ENC_UTF_8), >=, 0);
  }
  g_assert_cmpint (zip_close (zip), ==, 0);
  g_assert_cmpint (zip_source_open (source), ==, 0);
  g_assert_cmpint (zip_source_stat (source, &stat), ==, 0);
  data = g_malloc (stat.size);
  g_assert_cmpint ((int)zip_source_read (source, data, stat.size), ==, (int)stat.size);
  zip_source_close (source);
  zip_source_free (source);
  zip_error_fini (&problem);
  return g_bytes_new_take (data, stat.size);
}

/* The same of parts that stand one behind the other in `data`, a NUL between them: names has their
 * names, fixed what is in every such package. Both end with NULL. (transfer full) */
G_GNUC_UNUSED static GBytes *
package_of_pieces (const char *const *fixed, const char *const *names, const guint8 *data,
                   gsize size)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autoptr (GPtrArray) pieces = g_ptr_array_new_with_free_func (g_free);
  const guint8 *end = data + size;

  for (; *fixed != NULL; fixed++)
    g_ptr_array_add (parts, (gpointer)*fixed);
  for (; *names != NULL && data < end; names++) {
    const guint8 *nul = memchr (data, '\0', (gsize)(end - data));
    const guint8 *stop = nul != NULL ? nul : end;

    g_ptr_array_add (pieces, g_strndup ((const char *)data, (gsize)(stop - data)));
    g_ptr_array_add (parts, (gpointer)*names);
    g_ptr_array_add (parts, g_ptr_array_index (pieces, pieces->len - 1));
    data = nul != NULL ? nul + 1 : end;
  }
  g_ptr_array_add (parts, NULL);
  return package_of ((const char *const *)parts->pdata);
}
