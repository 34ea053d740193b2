/* A format code, a NUL, and the values it is applied to. */
#include "ingest/extract/sheet/number-format.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
int LLVMFuzzerInitialize (int *argc, char ***argv);

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  return 0;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *code = g_strndup (size > 0 ? (const char *)data : "", size);
  gsize at = strlen (code) + 1;
  g_autoptr (NumberFormat) format = number_format_new (code);
  g_autoptr (GString) out = g_string_new (NULL);
  double values[4] = {0, -1.5, 39045.75, 1e300};

  for (guint i = 0; i < G_N_ELEMENTS (values) && at + 8 <= size; i++, at += 8)
    memcpy (&values[i], data + at, 8);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    number_format_append (format, values[i], i % 2 == 1, out);
  number_format_append_text (format, "text", 4, out);
  return 0;
}
