#include "ooxml-book.h"

#include "ooxml-drawing.h"
#include "page-furniture.h"

#include <string.h>

#define SHEETS_MAX 10000
#define EXTRAS_MAX 100000

static void
free_sheet (gpointer data)
{
  OoxmlSheet *sheet = data;

  g_free (sheet->name);
  g_free (sheet->relationship);
  g_free (sheet);
}

static void
free_link (gpointer data)
{
  OoxmlLink *link = data;

  g_free (link->reference);
  g_free (link->relationship);
  g_free (link->target);
  g_free (link);
}

static void
book_clear (OoxmlBook *book)
{
  package_free (book->package);
  opc_relationships_free (book->relationships);
  sheet_book_free (book->book);
  sheet_writer_free (book->writer);
  g_ptr_array_unref (book->sheets);
  g_hash_table_unref (book->furniture);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OoxmlBook, book_clear)

static void
extras_clear (OoxmlExtras *extras)
{
  g_ptr_array_unref (extras->links);
  g_ptr_array_unref (extras->furniture);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OoxmlExtras, extras_clear)

void
ooxml_book_add_sheet (OoxmlBook *book, const char *name, const char *relationship, SheetState state)
{
  OoxmlSheet *sheet;

  if (book->sheets->len >= SHEETS_MAX)
    return;
  sheet = g_new0 (OoxmlSheet, 1);
  sheet->name = g_strdup (name == NULL ? "" : name);
  sheet->relationship = g_strdup (relationship);
  sheet->state = state;
  g_ptr_array_add (book->sheets, sheet);
}

void
ooxml_extras_add_link (OoxmlExtras *extras, const char *reference, const char *relationship,
                       const char *target)
{
  OoxmlLink *link;

  if (extras->links->len >= EXTRAS_MAX)
    return;
  link = g_new0 (OoxmlLink, 1);
  link->reference = g_strdup (reference == NULL ? "" : reference);
  link->relationship = g_strdup (relationship);
  link->target = g_strdup (target);
  g_ptr_array_add (extras->links, link);
}

void
ooxml_extras_add_furniture (OoxmlExtras *extras, const char *code)
{
  if (extras->furniture->len < EXTRAS_MAX)
    g_ptr_array_add (extras->furniture, g_strdup (code));
}

/* --- threaded comments (MS-XLSX 2.6.202) ---------------------------------------------------------
 */

typedef struct {
  OoxmlBook *book;
  GHashTable *persons;  /* id -> name */
  GHashTable *threaded; /* set of references */
  char *reference, *person;
  GString *text;
  gboolean in_text;
} Threads;

static gboolean
start_person (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
              guint n, GError **error)
{
  Threads *threads = user_data;
  char *id = strcmp (name, "person") == 0 ? xml_part_attribute (attributes, n, "id") : NULL;

  if (id != NULL)
    g_hash_table_replace (threads->persons, id, xml_part_attribute (attributes, n, "displayName"));
  return TRUE;
}

static gboolean
start_thread (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
              guint n, GError **error)
{
  Threads *threads = user_data;

  if (strcmp (name, "threadedComment") == 0) {
    g_free (threads->reference);
    g_free (threads->person);
    threads->reference = xml_part_attribute (attributes, n, "ref");
    threads->person = xml_part_attribute (attributes, n, "personId");
    g_string_truncate (threads->text, 0);
  }
  threads->in_text = strcmp (name, "text") == 0;
  return TRUE;
}

static gboolean
thread_text (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Threads *threads = user_data;

  if (threads->in_text)
    g_string_append_len (threads->text, text, (gssize)bytes);
  return TRUE;
}

static gboolean
end_thread (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Threads *threads = user_data;
  const char *author;

  threads->in_text = FALSE;
  if (strcmp (name, "threadedComment") != 0 || threads->reference == NULL)
    return TRUE;
  g_hash_table_add (threads->threaded, g_strdup (threads->reference));
  author = threads->person == NULL ? NULL : g_hash_table_lookup (threads->persons, threads->person);
  return sheet_writer_comment (threads->book->writer, threads->reference, author,
                               threads->text->str, error);
}

/* threaded: the cells that have such comments; their legacy comments say the same for old readers.
 */
static gboolean
read_threads (OoxmlBook *book, const OpcRelationships *relationships, GHashTable *threaded,
              GError **error)
{
  static const XmlPartFuncs persons = {.start = start_person};
  static const XmlPartFuncs comments = {start_thread, end_thread, thread_text};
  const OpcRelationship *person = opc_relationship_of_type (book->relationships, "person");
  const OpcRelationship *thread = opc_relationship_of_type (relationships, "threadedComment");
  Threads threads = {.book = book, .threaded = threaded};
  gboolean done;

  if (thread == NULL)
    return TRUE;
  threads.persons = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  threads.text = g_string_new (NULL);
  done =
      (person == NULL || opc_parse_part (book->package, person->target, &persons, &threads,
                                         book->sink, NULL, error)) &&
      opc_parse_part (book->package, thread->target, &comments, &threads, book->sink, NULL, error);
  g_hash_table_unref (threads.persons);
  g_string_free (threads.text, TRUE);
  g_free (threads.reference);
  g_free (threads.person);
  return done;
}

/* --- tables: which rows name columns -----------------------------------------------------------
 */

static gboolean
start_table (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
             guint n, GError **error)
{
  OoxmlBook *book = user_data;
  gsize bytes;
  const char *reference = xml_part_attribute_view (attributes, n, "ref", &bytes);
  guint row, column;

  if (strcmp (name, "table") == 0 && reference != NULL &&
      xml_part_attribute_int (attributes, n, "headerRowCount", 1) > 0 &&
      sheet_reference_parse (reference, bytes, &row, &column))
    sheet_writer_set_header (book->writer, row);
  return TRUE;
}

static gboolean
read_tables (OoxmlBook *book, const OpcRelationships *relationships, GError **error)
{
  static const XmlPartFuncs funcs = {.start = start_table};

  for (guint i = 0; i < opc_relationships_count (relationships); i++) {
    const OpcRelationship *table = opc_relationships_nth (relationships, i);

    /* those of xlsb are binary and tell nothing that their cells' style does not */
    if (strcmp (table->type, "table") == 0 && !table->is_external &&
        !g_str_has_suffix (table->target, ".bin") &&
        !opc_parse_part (book->package, table->target, &funcs, book, book->sink, NULL, error))
      return FALSE;
  }
  return TRUE;
}

/* --- a sheet -----------------------------------------------------------------------------------
 */

static gboolean
deliver_links (OoxmlBook *book, const OoxmlExtras *extras, const OpcRelationships *relationships,
               GError **error)
{
  for (guint i = 0; i < extras->links->len; i++) {
    const OoxmlLink *link = g_ptr_array_index (extras->links, i);
    const OpcRelationship *found = opc_relationship (relationships, link->relationship);
    const char *target = found != NULL && found->is_external ? found->target : link->target;

    if (target != NULL && !sheet_writer_link (book->writer, link->reference, target, error))
      return FALSE;
  }
  return TRUE;
}

/* Each header and footer of the workbook once. */
static gboolean
deliver_furniture (OoxmlBook *book, const OoxmlExtras *extras, const char *sheet_name,
                   GError **error)
{
  for (guint i = 0; i < extras->furniture->len; i++) {
    char *text = page_furniture_text (g_ptr_array_index (extras->furniture, i), sheet_name);

    if (!g_hash_table_contains (book->furniture, text) &&
        !extract_paragraph (book->sink, 0, text, -1, error)) {
      g_free (text);
      return FALSE;
    }
    g_hash_table_add (book->furniture, text);
  }
  return TRUE;
}

/* Comments, drawings, embedded files: by the kind of their relationships. */
static gboolean
read_related (const OoxmlKind *kind, OoxmlBook *book, const OpcRelationships *relationships,
              GError **error)
{
  g_autoptr (GHashTable) threaded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!read_threads (book, relationships, threaded, error))
    return FALSE;
  for (guint i = 0; i < opc_relationships_count (relationships); i++) {
    const OpcRelationship *related = opc_relationships_nth (relationships, i);
    gboolean done = TRUE;

    if (related->is_external)
      continue;
    if (strcmp (related->type, "comments") == 0)
      done = kind->read_comments (book, related->target, threaded, error);
    else if (strcmp (related->type, "drawing") == 0)
      done = ooxml_drawing_read (book->package, related->target, book->sink, error);
    else if (strcmp (related->type, "vmlDrawing") == 0)
      done = ooxml_vml_read (book->package, related->target, book->sink, error);
    if (!done)
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_embedded (OoxmlBook *book, const OpcRelationships *relationships, GError **error)
{
  for (guint i = 0; i < opc_relationships_count (relationships); i++) {
    const OpcRelationship *related = opc_relationships_nth (relationships, i);
    g_autoptr (GBytes) part = NULL;

    if (related->is_external ||
        (strcmp (related->type, "package") != 0 && strcmp (related->type, "oleObject") != 0))
      continue;
    if (!opc_read_part (book->package, related->target, book->sink, &part, error))
      return FALSE;
    if (part != NULL &&
        !ooxml_embedded_read (book->input, related->target, part, book->sink, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_sheet (const OoxmlKind *kind, OoxmlBook *book, const OoxmlSheet *sheet, GError **error)
{
  const OpcRelationship *found = opc_relationship (book->relationships, sheet->relationship);
  g_autoptr (OpcRelationships) relationships = NULL;
  g_auto (OoxmlExtras) extras = {g_ptr_array_new_with_free_func (free_link),
                                 g_ptr_array_new_with_free_func (g_free)};

  if (!sheet_writer_begin (book->writer, sheet->name, sheet->state, error))
    return FALSE;
  if (found == NULL || found->is_external)
    return TRUE;
  relationships = opc_relationships_read (book->package, found->target, book->sink, error);
  return relationships != NULL && read_tables (book, relationships, error) &&
         kind->read_sheet (book, found->target, &extras, error) &&
         sheet_writer_end (book->writer, error) &&
         read_related (kind, book, relationships, error) &&
         deliver_links (book, &extras, relationships, error) &&
         deliver_furniture (book, &extras, sheet->name, error) &&
         read_embedded (book, relationships, error);
}

/* --- the workbook ------------------------------------------------------------------------------
 */

static gboolean
read_parts (const OoxmlKind *kind, OoxmlBook *book, GError **error)
{
  const OpcRelationship *styles = opc_relationship_of_type (book->relationships, "styles");
  const OpcRelationship *strings = opc_relationship_of_type (book->relationships, "sharedStrings");

  return (styles == NULL || kind->read_styles (book, styles->target, error)) &&
         (strings == NULL || kind->read_strings (book, strings->target, error));
}

gboolean
ooxml_book_read (const OoxmlKind *kind, const ExtractInput *input, ExtractSink *sink,
                 GError **error)
{
  g_auto (OoxmlBook) book = {.input = input, .sink = sink};
  g_autofree char *main_part = NULL;

  book.book = sheet_book_new ();
  book.writer = sheet_writer_new (sink);
  book.sheets = g_ptr_array_new_with_free_func (free_sheet);
  book.furniture = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  book.package = package_open (input->bytes, sink, error);
  if (book.package == NULL)
    return FALSE;
  main_part = opc_main_part (book.package, kind->workbook, sink, error);
  if (main_part == NULL || !opc_read_properties (book.package, sink, error))
    return FALSE;
  book.relationships = opc_relationships_read (book.package, main_part, sink, error);
  if (book.relationships == NULL || !kind->read_workbook (&book, main_part, error) ||
      !read_parts (kind, &book, error))
    return FALSE;
  for (guint i = 0; i < book.sheets->len; i++)
    if (!read_sheet (kind, &book, g_ptr_array_index (book.sheets, i), error))
      return FALSE;
  return TRUE;
}
