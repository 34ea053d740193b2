#include "light.h"

#include <string.h>

#define DEPTH_MAX 12

void
light_init (Light *light, ExtractSink *sink, LightInlineFunc clean)
{
  memset (light, 0, sizeof *light);
  light->sink = sink;
  light->clean = clean;
  light->text = g_string_new (NULL);
  light->indents = g_array_new (FALSE, FALSE, sizeof (guint));
  light->targets = g_ptr_array_new_with_free_func (g_free);
  light->styles = g_ptr_array_new_with_free_func (g_free);
}

void
light_clear (Light *light)
{
  g_string_free (light->text, TRUE);
  g_array_unref (light->indents);
  g_ptr_array_unref (light->targets);
  g_ptr_array_unref (light->styles);
  g_free (light->marker);
}

gboolean
light_flush (Light *light, GError **error)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  gboolean done;

  light->clean (light->text->str, shown, light->targets);
  for (guint i = 0; i < light->targets->len; i++)
    if (strstr (shown->str, light->targets->pdata[i]) == NULL)
      g_string_append_printf (shown, "\n%s", (const char *)light->targets->pdata[i]);
  g_ptr_array_set_size (light->targets, 0);
  if (light->item_level > 0)
    done = extract_list_item (light->sink, light->item_level, 0, light->marker, shown->str,
                              (gssize)shown->len, error);
  else
    done = extract_paragraph (light->sink, 0, shown->str, (gssize)shown->len, error);
  g_string_truncate (light->text, 0);
  g_clear_pointer (&light->marker, g_free);
  light->item_level = 0;
  return done;
}

void
light_add (Light *light, const char *line, gsize bytes, gboolean keep)
{
  while (bytes > 0 && g_ascii_isspace (*line)) {
    line++;
    bytes--;
  }
  if (light->text->len > 0)
    g_string_append_c (light->text, keep ? '\n' : ' ');
  g_string_append_len (light->text, line, (gssize)bytes);
}

void
light_leave_lists (Light *light, guint indent)
{
  while (light->indents->len > 0 &&
         g_array_index (light->indents, guint, light->indents->len - 1) >= indent)
    g_array_set_size (light->indents, light->indents->len - 1);
}

gboolean
light_begin_item (Light *light, guint indent, const char *marker, gsize marker_bytes,
                  GError **error)
{
  if (!light_flush (light, error))
    return FALSE;
  light_leave_lists (light, indent);
  if (light->indents->len < DEPTH_MAX)
    g_array_append_val (light->indents, indent);
  light->item_level = light->indents->len;
  if (marker_bytes > 1)
    light->marker = g_strndup (marker, marker_bytes);
  return TRUE;
}

gboolean
light_heading (Light *light, guint level, const char *text, gsize bytes, GError **error)
{
  g_autofree char *source = g_strndup (text, bytes);
  g_autoptr (GString) shown = g_string_new (NULL);

  if (!light_flush (light, error))
    return FALSE;
  g_array_set_size (light->indents, 0);
  light->clean (source, shown, light->targets);
  g_ptr_array_set_size (light->targets, 0);
  return extract_heading (light->sink, CLAMP (level, 1, 6), 0, shown->str, (gssize)shown->len,
                          error);
}

gsize
light_marker (const char *line, gsize bytes, const char *bullets)
{
  gsize at = 0;

  if (bytes > 1 && strchr (bullets, line[0]) != NULL && line[0] != '\0' &&
      (line[1] == ' ' || line[1] == '\t'))
    return 1;
  at += at < bytes && line[at] == '(';
  if (at < bytes && (line[at] == '#' || g_ascii_isalpha (line[at]))) {
    at++;
  } else {
    while (at < bytes && at < 4 && g_ascii_isdigit (line[at]))
      at++;
  }
  if (at == 0 || at + 1 >= bytes || (line[0] == '(' && at == 1) ||
      (line[at] != '.' && line[at] != ')') || (line[at + 1] != ' ' && line[at + 1] != '\t'))
    return 0;
  /* "A. Einstein" begins no list */
  return g_ascii_isalpha (line[at - 1]) && line[at] == '.' ? 0 : at + 1;
}

GPtrArray *
light_cells (const Light *light, const char *line, gsize bytes)
{
  GPtrArray *cells = g_ptr_array_new_with_free_func (g_free);
  const char *end = line + bytes, *at = line + (bytes > 0 && *line == '|');

  while (at < end) {
    const char *bar = memchr (at, '|', (gsize)(end - at));
    g_autofree char *source = g_strndup (at, (gsize)((bar == NULL ? end : bar) - at));
    g_autoptr (GString) shown = g_string_new (NULL);

    light->clean (g_strstrip (source), shown, light->targets);
    if (bar != NULL || shown->len > 0)
      g_ptr_array_add (cells, g_strdup (shown->str));
    at = bar == NULL ? end : bar + 1;
  }
  return cells;
}

void
light_add_target (GPtrArray *targets, const char *target, gsize bytes)
{
  static const char *const schemes[] = {"http://", "https://", "mailto:", "ftp://"};

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (bytes > strlen (schemes[i]) && bytes < 1000 && targets->len < 50 &&
        strncmp (target, schemes[i], strlen (schemes[i])) == 0)
      g_ptr_array_add (targets, g_strndup (target, bytes));
}
