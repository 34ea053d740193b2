#include "ooxml-drawing.h"

#include "ingest/extract/ole/compound.h"
#include "ingest/extract/ole/ole-object.h"

#include <string.h>

/* charts and diagrams a drawing refers to */
#define REFERENCES_MAX 1000
#define CHART_TEXTS_MAX 10000

typedef struct {
  ExtractSink *sink;
  GString *text;         /* of the shape */
  GPtrArray *references; /* (element-type utf8) relationships of charts and diagrams */
  guint shapes;          /* shapes within shapes */
  guint fallbacks;       /* within mc:Fallback, which says again what mc:Choice said */
  gboolean in_text;
} Drawing;

static gboolean
is (const char *name, const char *other)
{
  return strcmp (name, other) == 0;
}

static gboolean
deliver_shape (Drawing *drawing, GError **error)
{
  gboolean done =
      extract_paragraph (drawing->sink, 0, drawing->text->str, (gssize)drawing->text->len, error);

  g_string_truncate (drawing->text, 0);
  return done;
}

static gboolean
start_drawing (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
               guint n, GError **error)
{
  Drawing *drawing = user_data;
  char *reference = NULL;

  if (is (name, "Fallback"))
    drawing->fallbacks++;
  if (drawing->fallbacks > 0)
    return TRUE;
  drawing->in_text = is (name, "t");
  if (is (name, "sp") || is (name, "cxnSp"))
    drawing->shapes++;
  else if (is (name, "br"))
    g_string_append_c (drawing->text, '\n');
  else if (is (name, "chart"))
    reference = xml_part_attribute (attributes, n, "id");
  else if (is (name, "relIds"))
    reference = xml_part_attribute (attributes, n, "dm");
  else if (is (name, "cNvPr") && drawing->shapes == 0) {
    g_autofree char *description = xml_part_attribute (attributes, n, "descr");

    return description == NULL || extract_paragraph (drawing->sink, 0, description, -1, error);
  }
  if (reference != NULL && drawing->references->len < REFERENCES_MAX)
    g_ptr_array_add (drawing->references, reference);
  else
    g_free (reference);
  return TRUE;
}

static gboolean
end_drawing (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Drawing *drawing = user_data;

  drawing->in_text = FALSE;
  if (is (name, "Fallback") && drawing->fallbacks > 0)
    drawing->fallbacks--;
  else if (drawing->fallbacks > 0)
    return TRUE;
  if (is (name, "p") && drawing->text->len > 0)
    g_string_append_c (drawing->text, '\n');
  if ((is (name, "sp") || is (name, "cxnSp")) && drawing->shapes > 0) {
    drawing->shapes--;
    return deliver_shape (drawing, error);
  }
  return TRUE;
}

static gboolean
drawing_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Drawing *drawing = user_data;

  if (drawing->in_text && drawing->fallbacks == 0)
    g_string_append_len (drawing->text, text, (gssize)bytes);
  return TRUE;
}

static const XmlPartFuncs drawing_funcs = {start_drawing, end_drawing, drawing_text};

static gboolean
read_references (Package *package, const char *part, Drawing *drawing, GError **error)
{
  g_autoptr (OpcRelationships) relationships = NULL;

  if (drawing->references->len == 0)
    return TRUE;
  relationships = opc_relationships_read (package, part, drawing->sink, error);
  if (relationships == NULL)
    return FALSE;
  for (guint i = 0; i < drawing->references->len; i++) {
    const OpcRelationship *found =
        opc_relationship (relationships, g_ptr_array_index (drawing->references, i));
    gboolean done = TRUE;

    if (found == NULL || found->is_external)
      continue;
    if (is (found->type, "diagramData"))
      done = opc_parse_part (package, found->target, &drawing_funcs, drawing, drawing->sink, NULL,
                             error) &&
             deliver_shape (drawing, error);
    else
      done = ooxml_chart_read (package, found->target, drawing->sink, error);
    if (!done)
      return FALSE;
  }
  return TRUE;
}

gboolean
ooxml_drawing_read (Package *package, const char *part, ExtractSink *sink, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) references = g_ptr_array_new_with_free_func (g_free);
  Drawing drawing = {.sink = sink, .text = text, .references = references};

  return opc_parse_part (package, part, &drawing_funcs, &drawing, sink, NULL, error) &&
         deliver_shape (&drawing, error) && read_references (package, part, &drawing, error);
}

/* --- charts ------------------------------------------------------------------------------------
 */

typedef struct {
  GString *text;    /* a line a text */
  GString *line;    /* that is being read */
  GHashTable *seen; /* set of lines */
  guint names;      /* within titles, names of series, categories */
  guint values;     /* within values and what else is not for people */
  gboolean in_text;
} Chart;

static gboolean
is_names (const char *name)
{
  return is (name, "tx") || is (name, "cat") || is (name, "title");
}

static gboolean
is_values (const char *name)
{
  return is (name, "val") || is (name, "xVal") || is (name, "yVal") || is (name, "bubbleSize") ||
         is (name, "numCache") || is (name, "Fallback");
}

static gboolean
start_chart (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
             guint n, GError **error)
{
  Chart *chart = user_data;

  chart->names += is_names (name);
  chart->values += is_values (name);
  chart->in_text = chart->values == 0 && (is (name, "t") || (is (name, "v") && chart->names > 0));
  return TRUE;
}

static void
end_line (Chart *chart)
{
  char *line = g_strstrip (g_strdup (chart->line->str));

  g_string_truncate (chart->line, 0);
  if (*line == '\0' || g_hash_table_size (chart->seen) >= CHART_TEXTS_MAX ||
      g_hash_table_contains (chart->seen, line)) {
    g_free (line);
    return;
  }
  if (chart->text->len > 0)
    g_string_append_c (chart->text, '\n');
  g_string_append (chart->text, line);
  g_hash_table_add (chart->seen, line);
}

static gboolean
end_chart (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Chart *chart = user_data;

  chart->in_text = FALSE;
  chart->names -= chart->names > 0 && is_names (name);
  chart->values -= chart->values > 0 && is_values (name);
  if (is (name, "p") || is (name, "v"))
    end_line (chart);
  return TRUE;
}

static gboolean
chart_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Chart *chart = user_data;

  if (chart->in_text)
    g_string_append_len (chart->line, text, (gssize)bytes);
  return TRUE;
}

gboolean
ooxml_chart_read (Package *package, const char *part, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_chart, end_chart, chart_text};
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Chart chart = {.text = text, .line = line, .seen = seen};

  if (!opc_parse_part (package, part, &funcs, &chart, sink, NULL, error))
    return FALSE;
  end_line (&chart);
  return extract_paragraph (sink, 0, text->str, (gssize)text->len, error);
}

/* --- VML ---------------------------------------------------------------------------------------
 */

typedef struct {
  ExtractSink *sink;
  GString *text;
  guint text_boxes;
  gboolean is_note;
} Vml;

static gboolean
start_vml (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
           guint n, GError **error)
{
  Vml *vml = user_data;

  if (is (name, "shape")) {
    g_string_truncate (vml->text, 0);
    vml->is_note = FALSE;
  } else if (is (name, "textbox")) {
    vml->text_boxes++;
  } else if (is (name, "ClientData")) {
    vml->is_note = xml_part_attribute_is (attributes, n, "ObjectType", "Note");
  } else if (vml->text_boxes > 0 && vml->text->len > 0 && (is (name, "div") || is (name, "br"))) {
    g_string_append_c (vml->text, '\n');
  }
  return TRUE;
}

static gboolean
end_vml (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Vml *vml = user_data;

  if (is (name, "textbox") && vml->text_boxes > 0)
    vml->text_boxes--;
  if (!is (name, "shape") || vml->is_note)
    return TRUE;
  return extract_paragraph (vml->sink, 0, vml->text->str, (gssize)vml->text->len, error);
}

static gboolean
vml_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Vml *vml = user_data;

  for (gsize i = 0; vml->text_boxes > 0 && i < bytes; i++)
    if (!g_ascii_isspace (text[i]))
      g_string_append_c (vml->text, text[i]);
    else if (vml->text->len > 0 && !g_ascii_isspace (vml->text->str[vml->text->len - 1]))
      g_string_append_c (vml->text, ' ');
  return TRUE;
}

gboolean
ooxml_vml_read (Package *package, const char *part, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs funcs = {start_vml, end_vml, vml_text};
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  Vml vml = {.sink = sink, .text = text};

  /* Excel itself writes VML that is not well-formed: where it ends early, nothing is said */
  return opc_read_part (package, part, sink, &bytes, error) &&
         (bytes == NULL || xml_part_read (bytes, &funcs, &vml, sink, NULL, error));
}

/* --- embedded parts ----------------------------------------------------------------------------
 */

gboolean
ooxml_embedded_read (const ExtractInput *outer, const char *part_name, GBytes *part,
                     ExtractSink *sink, GError **error)
{
  const char *slash = strrchr (part_name, '/');
  const char *name = slash != NULL ? slash + 1 : part_name;
  gsize bytes;
  const guint8 *data = g_bytes_get_data (part, &bytes);

  return compound_is (data, bytes) ? ole_object_read_file (outer, part, name, sink, error)
                                   : extract_member (outer, name, "", part, sink, error);
}
