#include "xls-objects.h"

#include "page-furniture.h"

#include <string.h>

/* what no real sheet has more of */
#define OBJECTS_MAX 65536

/* MS-XLS 2.5.143: what an object is */
#define OBJECT_NOTE 0x19

typedef struct {
  guint row, column;
  guint object; /* whose text it is, from BIFF8 on */
  char *author;
  char *text; /* before BIFF8 */
} Note;

typedef struct {
  guint id;
  guint kind;
  char *text;
} Object;

typedef struct {
  char *reference;
  char *target;
} Link;

struct XlsObjects {
  XlsBook *book;
  GArray *notes;
  GArray *objects; /* those with a text */
  GArray *links;
  GPtrArray *furniture; /* (element-type utf8) */
  GPtrArray *charts;    /* (element-type utf8) texts */
  GHashTable *seen;     /* set of the texts of charts, borrowed */
  guint id, kind;       /* of the object whose text may follow */
};

static void
clear_note (gpointer data)
{
  Note *note = data;

  g_free (note->author);
  g_free (note->text);
}

static void
clear_object (gpointer data)
{
  g_free (((Object *)data)->text);
}

static void
clear_link (gpointer data)
{
  Link *link = data;

  g_free (link->reference);
  g_free (link->target);
}

XlsObjects *
xls_objects_new (XlsBook *book)
{
  XlsObjects *objects = g_new0 (XlsObjects, 1);

  objects->book = book;
  objects->notes = g_array_new (FALSE, TRUE, sizeof (Note));
  objects->objects = g_array_new (FALSE, TRUE, sizeof (Object));
  objects->links = g_array_new (FALSE, TRUE, sizeof (Link));
  g_array_set_clear_func (objects->notes, clear_note);
  g_array_set_clear_func (objects->objects, clear_object);
  g_array_set_clear_func (objects->links, clear_link);
  objects->furniture = g_ptr_array_new_with_free_func (g_free);
  objects->charts = g_ptr_array_new_with_free_func (g_free);
  objects->seen = g_hash_table_new (g_str_hash, g_str_equal);
  return objects;
}

void
xls_objects_free (XlsObjects *objects)
{
  if (objects == NULL)
    return;
  g_array_unref (objects->notes);
  g_array_unref (objects->objects);
  g_array_unref (objects->links);
  g_hash_table_unref (objects->seen);
  g_ptr_array_unref (objects->furniture);
  g_ptr_array_unref (objects->charts);
  g_free (objects);
}

/* --- records -----------------------------------------------------------------------------------
 */

/* (transfer full) */
static char *
read_text (Biff *biff, guint length_bytes)
{
  GString *text = g_string_new (NULL);

  biff_append_text (biff, length_bytes, text);
  return g_string_free (text, FALSE);
}

/* The next element of the array, all zero. */
static gpointer
append_entry (GArray *array)
{
  g_array_set_size (array, array->len + 1);
  return array->data + (gsize)g_array_get_element_size (array) * (array->len - 1);
}

static void
lengthen_note (Biff *biff, Note *note)
{
  g_autoptr (GString) text = g_string_new (note->text);

  codepages_append (biff->codepages, biff->code_page, biff->at, biff_left (biff), text);
  g_free (note->text);
  note->text = g_strdup (text->str);
}

/* Before BIFF8 the note's text is in the record, and what is too long for one in more of them,
 * whose row is FFFF. */
static void
take_note (XlsObjects *objects)
{
  Biff *biff = objects->book->biff;
  guint row = biff_u16 (biff), column = biff_u16 (biff);
  Note *note;

  biff_skip (biff, 2);
  if (biff->version < 8 && row == 0xffff) {
    if (objects->notes->len > 0)
      lengthen_note (biff, &g_array_index (objects->notes, Note, objects->notes->len - 1));
    return;
  }
  note = append_entry (objects->notes);
  note->row = row;
  note->column = column;
  if (biff->version >= 8) {
    note->object = biff_u16 (biff);
    note->author = read_text (biff, 2);
  } else {
    lengthen_note (biff, note);
  }
}

/* MS-XLS 2.4.329: the text is in the CONTINUEs. */
static void
take_text_object (XlsObjects *objects)
{
  Biff *biff = objects->book->biff;
  g_autoptr (GString) text = g_string_new (NULL);
  Object *object;
  guint units;

  biff_skip (biff, 10);
  units = biff_u16 (biff);
  if (units == 0 || !biff_continue (biff))
    return;
  biff_append_characters (biff, units, text);
  object = append_entry (objects->objects);
  object->id = objects->id;
  object->kind = objects->kind;
  object->text = g_strdup (text->str);
}

/* MS-XLS 2.5.143: its first part says what it is and how it is called. */
static void
take_object (XlsObjects *objects)
{
  Biff *biff = objects->book->biff;

  objects->id = objects->kind = 0;
  if (biff->version < 8 || biff_u16 (biff) != 0x15)
    return;
  biff_skip (biff, 2);
  objects->kind = biff_u16 (biff);
  objects->id = biff_u16 (biff);
}

static void
take_furniture (XlsObjects *objects)
{
  Biff *biff = objects->book->biff;

  if (biff_left (biff) > 0)
    g_ptr_array_add (objects->furniture, read_text (biff, biff->version >= 8 ? 2 : 1));
}

/* A chart's title, a name of an axis or a series, a category: each text once. */
static void
take_chart_text (XlsObjects *objects, char *text)
{
  g_strstrip (text);
  if (*text == '\0' || objects->charts->len >= OBJECTS_MAX ||
      g_hash_table_contains (objects->seen, text)) {
    g_free (text);
    return;
  }
  g_ptr_array_add (objects->charts, text);
  g_hash_table_add (objects->seen, text);
}

static void
take_chart_record (XlsObjects *objects)
{
  Biff *biff = objects->book->biff;

  if (biff->type == BIFF_SERIESTEXT) {
    biff_skip (biff, 2);
    take_chart_text (objects, read_text (biff, 1));
  } else if (biff->type == BIFF_LABEL) {
    biff_skip (biff, 6);
    take_chart_text (objects, read_text (biff, 2));
  }
}

/* --- links (MS-OSHARED 2.3.7) ------------------------------------------------------------------
 */

/* Characters of UTF-16, whose count is in front. (transfer full) */
static char *
read_hyperlink_string (Biff *biff)
{
  GString *text = g_string_new (NULL);
  guint32 units = biff_u32 (biff);

  units = (guint32)MIN (units, biff_left (biff) / 2);
  codepage_append_utf16 (text, biff->at, units);
  biff_skip (biff, (gsize)units * 2);
  g_string_truncate (text, strlen (text->str));
  return g_string_free (text, FALSE);
}

/* A moniker: of a URL, or of a file. (transfer full) (nullable) */
static char *
read_moniker (Biff *biff)
{
  static const guint8 url[] = {0xe0, 0xc9, 0xea, 0x79, 0xf9, 0xba, 0xce, 0x11,
                               0x8c, 0x82, 0x00, 0xaa, 0x00, 0x4b, 0xa9, 0x0b};
  static const guint8 file[] = {0x03, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46};
  const guint8 *kind = biff->at;
  GString *text;
  gsize bytes;

  if (biff_left (biff) < 16)
    return NULL;
  biff_skip (biff, 16);
  text = g_string_new (NULL);
  if (memcmp (kind, url, sizeof url) == 0) {
    bytes = biff_u32 (biff);
    codepage_append_utf16 (text, biff->at, MIN (bytes, biff_left (biff)) / 2);
  } else if (memcmp (kind, file, sizeof file) == 0) {
    biff_skip (biff, 2);
    bytes = biff_u32 (biff);
    codepages_append (biff->codepages, biff->code_page, biff->at, MIN (bytes, biff_left (biff)),
                      text);
  }
  /* it ends with a NUL, after which may come more */
  g_string_truncate (text, strlen (text->str));
  return g_string_free (text, FALSE);
}

static void
take_link (XlsObjects *objects)
{
  enum { HAS_MONIKER = 0x01, HAS_NAME = 0x14, HAS_FRAME = 0x80, IS_STRING = 0x100 };
  Biff *biff = objects->book->biff;
  Link *link;
  char *target;
  guint row = biff_u16 (biff), column;
  guint32 flags;

  biff_skip (biff, 2);
  column = biff_u16 (biff);
  biff_skip (biff, 2 + 16 + 4);
  flags = biff_u32 (biff);
  if ((flags & HAS_NAME) == HAS_NAME)
    g_free (read_hyperlink_string (biff));
  if ((flags & HAS_FRAME) != 0)
    g_free (read_hyperlink_string (biff));
  if ((flags & HAS_MONIKER) == 0)
    return;
  target = (flags & IS_STRING) != 0 ? read_hyperlink_string (biff) : read_moniker (biff);
  if (target == NULL)
    return;
  link = append_entry (objects->links);
  link->reference = sheet_reference (row, column);
  link->target = target;
}

void
xls_objects_take (XlsObjects *objects, gboolean in_chart)
{
  if (objects->notes->len + objects->objects->len + objects->links->len + objects->furniture->len >=
      OBJECTS_MAX)
    return;
  if (in_chart) {
    take_chart_record (objects);
    return;
  }
  switch (objects->book->biff->type) {
  case BIFF_NOTE:
    take_note (objects);
    break;
  case BIFF_OBJ:
    take_object (objects);
    break;
  case BIFF_TXO:
    take_text_object (objects);
    break;
  case BIFF_HLINK:
    take_link (objects);
    break;
  case BIFF_HEADER:
  case BIFF_FOOTER:
    take_furniture (objects);
    break;
  case BIFF_SERIESTEXT: /* a sheet that is a chart */
    take_chart_record (objects);
    break;
  default:
    break;
  }
}

/* --- delivery ----------------------------------------------------------------------------------
 */

static const char *
text_of_object (GHashTable *by_id, guint id)
{
  return g_hash_table_lookup (by_id, GUINT_TO_POINTER (id));
}

static gboolean
deliver_notes (XlsObjects *objects, GError **error)
{
  g_autoptr (GHashTable) by_id = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < objects->objects->len; i++) {
    Object *object = &g_array_index (objects->objects, Object, i);

    g_hash_table_insert (by_id, GUINT_TO_POINTER (object->id), object->text);
  }
  for (guint i = 0; i < objects->notes->len; i++) {
    const Note *note = &g_array_index (objects->notes, Note, i);
    g_autofree char *reference = sheet_reference (note->row, note->column);

    if (!sheet_writer_comment (
            objects->book->writer, reference, note->author,
            note->text != NULL ? note->text : text_of_object (by_id, note->object), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
deliver_texts (XlsObjects *objects, GError **error)
{
  g_autoptr (GString) chart = g_string_new (NULL);

  for (guint i = 0; i < objects->objects->len; i++) {
    const Object *object = &g_array_index (objects->objects, Object, i);

    if (object->kind != OBJECT_NOTE &&
        !extract_paragraph (objects->book->sink, 0, object->text, -1, error))
      return FALSE;
  }
  for (guint i = 0; i < objects->charts->len; i++)
    g_string_append_printf (chart, "%s%s", i > 0 ? "\n" : "",
                            (const char *)g_ptr_array_index (objects->charts, i));
  return extract_paragraph (objects->book->sink, 0, chart->str, (gssize)chart->len, error);
}

static gboolean
deliver_links (XlsObjects *objects, GError **error)
{
  for (guint i = 0; i < objects->links->len; i++) {
    const Link *link = &g_array_index (objects->links, Link, i);

    if (!sheet_writer_link (objects->book->writer, link->reference, link->target, error))
      return FALSE;
  }
  return TRUE;
}

/* Each header and footer of the workbook once. */
static gboolean
deliver_furniture (XlsObjects *objects, const char *sheet_name, GError **error)
{
  GHashTable *told = objects->book->furniture;

  for (guint i = 0; i < objects->furniture->len; i++) {
    char *text = page_furniture_text (g_ptr_array_index (objects->furniture, i), sheet_name);

    if (!g_hash_table_contains (told, text) &&
        !extract_paragraph (objects->book->sink, 0, text, -1, error)) {
      g_free (text);
      return FALSE;
    }
    g_hash_table_add (told, text);
  }
  return TRUE;
}

gboolean
xls_objects_deliver (XlsObjects *objects, const char *sheet_name, GError **error)
{
  return deliver_notes (objects, error) && deliver_texts (objects, error) &&
         deliver_links (objects, error) && deliver_furniture (objects, sheet_name, error);
}
