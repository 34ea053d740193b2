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
