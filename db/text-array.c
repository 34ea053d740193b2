#include "text-array.h"

GString *
text_array_begin (void)
{
  return g_string_new ("{");
}

static void
separate (GString *array)
{
  if (array->len > 1)
    g_string_append_c (array, ',');
}

void
text_array_add (GString *array, const char *element)
{
  separate (array);
  if (element == NULL) {
    g_string_append (array, "NULL");
    return;
  }
  g_string_append_c (array, '"');
  for (const char *at = element; *at != '\0'; at++) {
    if (*at == '"' || *at == '\\')
      g_string_append_c (array, '\\');
    g_string_append_c (array, *at);
  }
  g_string_append_c (array, '"');
}

void
text_array_add_int (GString *array, gint64 element)
{
  separate (array);
  g_string_append_printf (array, "%" G_GINT64_FORMAT, element);
}

char *
text_array_end (GString *array)
{
  g_string_append_c (array, '}');
  return g_string_free (array, FALSE);
}
