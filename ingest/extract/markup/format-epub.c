/* EPUB (2 and 3): the documents of the spine in their order, each through the reader of HTML.
 *
 * META-INF/container.xml names the package document; that has the metadata, the manifest (id, href)
 * and the spine (ids in reading order). A table of contents made of links to the chapters (the nav
 * document) is left out: it would be the headings a second time. */
#include "html-reader.h"
#include "ingest/extract/formats.h"
#include "ingest/extract/language.h"
#include "ingest/extract/sink.h"
#include "ingest/extract/zip/package.h"
#include "markup.h"
#include "xml-parts.h"

#include <string.h>

#define CONTAINER "META-INF/container.xml"
#define ENCRYPTION "META-INF/encryption.xml"
#define SPINE_MAX 20000

typedef struct {
  char *href;
  char *media_type;
  gboolean is_nav;
} Item;

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  Package *package;
  char *opf;         /* name of the package document */
  GHashTable *items; /* id -> Item */
  GPtrArray *order;  /* (element-type Item) the manifest, borrowed from items */
  GPtrArray *spine;  /* (element-type utf8) ids */
  GString *text;     /* of the metadata element that is open */
  GString *authors;
  gboolean in_metadata;
  gboolean is_author; /* the creator that is open */
  gboolean has_title, has_language;
  gboolean content_is_encrypted;
} Reader;

static void
item_free (gpointer data)
{
  Item *item = data;

  g_free (item->href);
  g_free (item->media_type);
  g_free (item);
}

static void
reader_clear (Reader *reader)
{
  g_clear_pointer (&reader->package, package_free);
  g_free (reader->opf);
  g_hash_table_unref (reader->items);
  g_ptr_array_unref (reader->order);
  g_ptr_array_unref (reader->spine);
  g_string_free (reader->text, TRUE);
  g_string_free (reader->authors, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* --- what the container says ------------------------------------------------------------------ */

static gboolean
start_in_container (gpointer user_data, const char *uri, const char *name,
                    const xmlChar **attributes, guint n_attributes, GError **error)
{
  Reader *reader = user_data;

  if (strcmp (name, "rootfile") == 0 && reader->opf == NULL)
    reader->opf = xml_part_attribute (attributes, n_attributes, "full-path");
  return TRUE;
}

/* Fonts are scrambled in most books, with algorithms of their own; anything else is a lock. */
static gboolean
start_in_encryption (gpointer user_data, const char *uri, const char *name,
                     const xmlChar **attributes, guint n_attributes, GError **error)
{
  Reader *reader = user_data;

  if (strcmp (name, "EncryptionMethod") == 0 &&
      !xml_part_attribute_is (attributes, n_attributes, "Algorithm",
                              "http://www.idpf.org/2008/embedding") &&
      !xml_part_attribute_is (attributes, n_attributes, "Algorithm",
                              "http://ns.adobe.com/pdf/enc#RC"))
    reader->content_is_encrypted = TRUE;
  return TRUE;
}

static gboolean
read_part (Reader *reader, const char *name, const XmlPartFuncs *funcs, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) part = package_read_optional (reader->package, name, &local);

  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  return part == NULL || xml_part_read (part, funcs, reader, reader->sink, NULL, error);
}

/* Books without a container are read all the same. */
static void
find_opf (Reader *reader)
{
  for (guint i = 0; reader->opf == NULL && i < package_count (reader->package); i++)
    if (g_str_has_suffix (package_name (reader->package, i), ".opf"))
      reader->opf = g_strdup (package_name (reader->package, i));
}

/* --- the package document --------------------------------------------------------------------- */

static void
add_item (Reader *reader, const xmlChar **attributes, guint n_attributes)
{
  char *id = xml_part_attribute (attributes, n_attributes, "id");
  g_autofree char *properties = xml_part_attribute (attributes, n_attributes, "properties");
  Item *item = g_new0 (Item, 1);

  item->href = xml_part_attribute (attributes, n_attributes, "href");
  item->media_type = xml_part_attribute (attributes, n_attributes, "media-type");
  item->is_nav = properties != NULL && strstr (properties, "nav") != NULL;
  if (id == NULL || item->href == NULL || g_hash_table_contains (reader->items, id)) {
    item_free (item);
    g_free (id);
    return;
  }
  g_hash_table_insert (reader->items, id, item);
  g_ptr_array_add (reader->order, item);
}

static gboolean
start_in_opf (gpointer user_data, const char *uri, const char *name, const xmlChar **attributes,
              guint n_attributes, GError **error)
{
  Reader *reader = user_data;

  g_string_truncate (reader->text, 0);
  if (strcmp (name, "metadata") == 0) {
    reader->in_metadata = TRUE;
  } else if (strcmp (name, "creator") == 0) {
    g_autofree char *role = xml_part_attribute (attributes, n_attributes, "role");

    reader->is_author = role == NULL || strcmp (role, "aut") == 0;
  } else if (strcmp (name, "item") == 0) {
    add_item (reader, attributes, n_attributes);
  } else if (strcmp (name, "itemref") == 0 && reader->spine->len < SPINE_MAX) {
    char *id = xml_part_attribute (attributes, n_attributes, "idref");

    if (id != NULL)
      g_ptr_array_add (reader->spine, id);
  }
  return TRUE;
}

static gboolean
text_in_opf (gpointer user_data, const char *text, gsize bytes, GError **error)
{
  Reader *reader = user_data;

  if (reader->in_metadata)
    g_string_append_len (reader->text, text, (gssize)bytes);
  return TRUE;
}

static gboolean
end_in_opf (gpointer user_data, const char *uri, const char *name, GError **error)
{
  Reader *reader = user_data;
  const char *text = g_strstrip (reader->text->str);

  if (strcmp (name, "metadata") == 0)
    reader->in_metadata = FALSE;
  if (!reader->in_metadata || *text == '\0')
    return TRUE;
  if (strcmp (name, "title") == 0 && !reader->has_title) {
    extract_meta (reader->sink, "title", text);
    reader->has_title = TRUE;
  } else if (strcmp (name, "creator") == 0 && reader->is_author &&
             strstr (reader->authors->str, text) == NULL) {
    g_string_append_printf (reader->authors, "%s%s", reader->authors->len > 0 ? ", " : "", text);
  } else if (strcmp (name, "language") == 0 && !reader->has_language) {
    g_autofree char *language = language_normalise (text);

    extract_meta (reader->sink, "language", language);
    reader->has_language = language != NULL;
  } else if (strcmp (name, "date") == 0 && markup_is_date (text)) {
    extract_meta (reader->sink, "created", text);
  }
  g_string_truncate (reader->text, 0);
  return TRUE;
}

/* --- chapters --------------------------------------------------------------------------------- */

static gboolean
is_chapter (const Item *item)
{
  static const char *const types[] = {"application/xhtml+xml", "text/html",
                                      "text/x-oeb1-document",  "application/x-dtbook+xml",
                                      "application/xml",       NULL};

  return !item->is_nav && item->media_type != NULL && g_strv_contains (types, item->media_type);
}

/* A chapter that is missing or damaged is not the book. */
static gboolean
read_chapter (Reader *reader, const Item *item, GError **error)
{
  g_autofree char *path = g_strndup (item->href, strcspn (item->href, "#?"));
  g_autofree char *plain = g_uri_unescape_string (path, NULL);
  g_autofree char *name = package_resolve (reader->opf, plain == NULL ? path : plain);
  g_autoptr (GError) local = NULL;
  g_autoptr (GBytes) bytes = package_read (reader->package, name, &local);
  ExtractInput chapter = *reader->input;

  if (g_error_matches (local, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT)) {
    extract_warn (reader->sink, "%s could not be read: %s", name, local->message);
    return TRUE;
  }
  if (bytes == NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  chapter.name = name;
  chapter.declared = "application/xhtml+xml";
  chapter.bytes = bytes;
  return html_read (&chapter, reader->sink, TRUE, error);
}

static gboolean
read_chapters (Reader *reader, GError **error)
{
  for (guint i = 0; i < reader->spine->len; i++) {
    const Item *item = g_hash_table_lookup (reader->items, reader->spine->pdata[i]);

    if (item != NULL && is_chapter (item) && !read_chapter (reader, item, error))
      return FALSE;
  }
  if (extract_sink_blocks (reader->sink) > 0)
    return TRUE;
  /* a spine that leads nowhere: all there is */
  for (guint i = 0; i < reader->order->len; i++)
    if (is_chapter (reader->order->pdata[i]) &&
        !read_chapter (reader, reader->order->pdata[i], error))
      return FALSE;
  return TRUE;
}

gboolean
extract_read_epub (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  static const XmlPartFuncs container = {start_in_container, NULL, NULL};
  static const XmlPartFuncs encryption = {start_in_encryption, NULL, NULL};
  static const XmlPartFuncs opf = {start_in_opf, end_in_opf, text_in_opf};
  g_auto (Reader) reader = {
      .input = input,
      .sink = sink,
      .items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, item_free),
      .order = g_ptr_array_new (),
      .spine = g_ptr_array_new_with_free_func (g_free),
      .text = g_string_new (NULL),
      .authors = g_string_new (NULL),
  };

  reader.package = package_open (input->bytes, sink, error);
  if (reader.package == NULL || !read_part (&reader, ENCRYPTION, &encryption, error))
    return FALSE;
  if (reader.content_is_encrypted) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                 "the book is locked by its seller (DRM); there is no password for it");
    return FALSE;
  }
  if (!read_part (&reader, CONTAINER, &container, error))
    return FALSE;
  find_opf (&reader);
  if (reader.opf == NULL || !package_has (reader.package, reader.opf)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT,
                 "the EPUB has no package document (.opf)");
    return FALSE;
  }
  if (!read_part (&reader, reader.opf, &opf, error))
    return FALSE;
  extract_meta (sink, "author", reader.authors->str);
  return read_chapters (&reader, error);
}
