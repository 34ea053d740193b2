#include "ods-chart.h"

#include <string.h>

#define TEXT_BYTES_MAX 65536

struct OdsChart {
  GString *text;
  guint titles; /* within titles */
};

OdsChart *
ods_chart_new (void)
{
  OdsChart *chart = g_new0 (OdsChart, 1);

  chart->text = g_string_new (NULL);
  return chart;
}

void
ods_chart_free (OdsChart *chart)
{
  if (chart == NULL)
    return;
  g_string_free (chart->text, TRUE);
  g_free (chart);
}

const char *
ods_chart_text (const OdsChart *chart)
{
  return chart->text->str;
}

static gboolean
is_title (const char *name)
{
  return strcmp (name, "title") == 0 || strcmp (name, "subtitle") == 0;
}

static gboolean
start_element (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n, GError **error)
{
  ((OdsChart *)user_data)->titles += is_title (name);
  return TRUE;
}

static gboolean
end_element (gpointer user_data, const char *uri, const char *name, GError **error)
{
  OdsChart *chart = user_data;

  if (chart->titles > 0 && strcmp (name, "p") == 0)
    g_string_append_c (chart->text, '\n');
  chart->titles -= chart->titles > 0 && is_title (name);
  return TRUE;
}

static gboolean
take_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  OdsChart *chart = user_data;

  if (chart->titles > 0 && chart->text->len < TEXT_BYTES_MAX)
    g_string_append_len (chart->text, text, (gssize)bytes);
  return TRUE;
}

const XmlPartFuncs ods_chart_funcs = {start_element, end_element, take_text};
