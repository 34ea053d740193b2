/* Word 6 to 2003 (MS-DOC): the main text with what hangs on it, headers and footers, embedded
 * objects. */
#include "doc-story.h"
#include "ingest/extract/formats.h"
#include "ole-object.h"

#include <string.h>

#define COMMENT_REFERENCE_BYTES 30 /* ATRDPre10 (MS-DOC 2.9.2) */
#define COMMENT_REFERENCE_BYTES_OLD 20
#define SHAPE_BYTES 26 /* Spa (2.9.252) */
#define BOX_BYTES 22   /* FTXBXS (2.9.100) */
#define HANGERS_MAX 200000
#define SEPARATOR_STORIES 6 /* the first of the headers' part are lines above notes */
#define OBJECTS_MAX 2000

static void
clear_hanger (gpointer data)
{
  g_free (((DocHanger *)data)->prefix);
}

static int
compare_hangers (gconstpointer a, gconstpointer b)
{
  const DocHanger *left = a, *right = b;

  return left->cp < right->cp ? -1 : left->cp > right->cp;
}

static guint32
position (const GArray *positions, guint index)
{
  return index < positions->len ? g_array_index (positions, guint32, index) : 0;
}

/* Reference i belongs to the text between positions i and i + 1 of the part. */
static void
add_hangers (DocText *text, DocTable references, guint reference_bytes, DocTable texts,
             DocHanger hanger, GPtrArray *prefixes)
{
  g_autoptr (GArray) cps = doc_plc_positions (text->doc, references, reference_bytes);
  g_autoptr (GArray) ranges = doc_plc_positions (text->doc, texts, 0);

  for (guint i = 0; i + 1 < cps->len && i + 1 < ranges->len; i++) {
    if (text->hangers->len >= HANGERS_MAX)
      return;
    hanger.cp = position (cps, i);
    hanger.from = position (ranges, i);
    hanger.to = position (ranges, i + 1);
    hanger.prefix =
        prefixes != NULL && i < prefixes->len ? g_strdup (g_ptr_array_index (prefixes, i)) : NULL;
    g_array_append_val (text->hangers, hanger);
  }
}

/* --- comments ----------------------------------------------------------------------------------
 */

/* Names one after another, each with its length. (element-type utf8) */
static GPtrArray *
read_commenters (const Doc *doc)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  ByteReader reader;

  doc_table (doc, DOC_TABLE_COMMENTERS, &reader);
  while (byte_left (&reader) > 0 && names->len < HANGERS_MAX) {
    GString *name = g_string_new (NULL);
    gsize length;

    if (doc->is_old) {
      length = byte_read_u8 (&reader);
      length = MIN (length, byte_left (&reader));
      codepages_append (doc->codepages, doc->code_page, reader.at, length, name);
      byte_skip (&reader, length);
    } else {
      length = byte_read_u16 (&reader);
      length = MIN (length, byte_left (&reader) / 2);
      codepage_append_utf16 (name, reader.at, length);
      byte_skip (&reader, length * 2);
    }
    g_ptr_array_add (names, g_string_free (name, FALSE));
    if (reader.is_short)
      break;
  }
  return names;
}

static void
add_comments (DocText *text)
{
  const Doc *doc = text->doc;
  guint bytes = doc->is_old ? COMMENT_REFERENCE_BYTES_OLD : COMMENT_REFERENCE_BYTES;
  g_autoptr (GPtrArray) names = read_commenters (doc);
  g_autoptr (GPtrArray) prefixes = g_ptr_array_new_with_free_func (g_free);
  ByteReader positions, references;
  guint n = doc_plc (doc, DOC_TABLE_COMMENT_REFERENCES, bytes, &positions, &references);

  for (guint i = 0; i < n && i < HANGERS_MAX; i++) {
    const char *name;
    guint16 index;

    byte_skip (&references, doc->is_old ? 10 : 20);
    index = byte_read_u16 (&references);
    byte_skip (&references, bytes - (doc->is_old ? 12 : 22));
    name = index < names->len ? g_ptr_array_index (names, index) : "";
    g_ptr_array_add (prefixes, *name != '\0' ? g_strdup_printf ("Comment by %s: ", name)
                                             : g_strdup ("Comment: "));
  }
  add_hangers (text, DOC_TABLE_COMMENT_REFERENCES, bytes, DOC_TABLE_COMMENTS,
               (DocHanger){.kind = WORD_STORY_NOTE, .part = DOC_COMMENTS}, prefixes);
}

/* --- text boxes --------------------------------------------------------------------------------
 */

/* Position of the anchor by the shape's id. (transfer full) */
static GHashTable *
read_anchors (const Doc *doc)
{
  GHashTable *anchors = g_hash_table_new (NULL, NULL);
  ByteReader positions, shapes;
  guint n = doc_plc (doc, DOC_TABLE_SHAPES, SHAPE_BYTES, &positions, &shapes);

  for (guint i = 0; i < n; i++) {
    guint32 cp = byte_read_u32 (&positions), id = byte_read_u32 (&shapes);

    byte_skip (&shapes, SHAPE_BYTES - 4);
    g_hash_table_insert (anchors, GUINT_TO_POINTER (id), GUINT_TO_POINTER (cp));
  }
  return anchors;
}

/* Those without an anchor of their own (in groups) come at the end. */
static void
add_boxes (DocText *text)
{
  const Doc *doc = text->doc;
  g_autoptr (GHashTable) anchors = read_anchors (doc);
  ByteReader positions, boxes;
  guint n = doc_plc (doc, DOC_TABLE_BOXES, BOX_BYTES, &positions, &boxes);
  guint32 from = byte_read_u32 (&positions);

  for (guint i = 0; i < n && text->hangers->len < HANGERS_MAX; i++) {
    DocHanger hanger = {.kind = WORD_STORY_ASIDE, .part = DOC_BOXES, .cp = G_MAXUINT32};
    gpointer cp;
    guint32 id;

    byte_skip (&boxes, 14);
    id = byte_read_u32 (&boxes);
    byte_skip (&boxes, BOX_BYTES - 18);
    hanger.from = from;
    hanger.to = from = byte_read_u32 (&positions);
    if (id != 0 && g_hash_table_lookup_extended (anchors, GUINT_TO_POINTER (id), NULL, &cp))
      hanger.cp = GPOINTER_TO_UINT (cp);
    if (hanger.from < hanger.to)
      g_array_append_val (text->hangers, hanger);
  }
}

/* What no character called for, and where the tables that say where are lost: the whole part. */
static gboolean
read_left_over (DocText *text, GError **error)
{
  static const struct {
    DocPart part;
    DocTable table;
    guint bytes;
  } parts[] = {
      {DOC_FOOTNOTES, DOC_TABLE_FOOTNOTES, 0},
      {DOC_COMMENTS, DOC_TABLE_COMMENTS, 0},
      {DOC_ENDNOTES, DOC_TABLE_ENDNOTES, 0},
      {DOC_BOXES, DOC_TABLE_BOXES, BOX_BYTES},
  };
  Doc *doc = text->doc;
  gboolean has_hangers[DOC_PARTS] = {FALSE};

  for (guint i = 0; i < text->hangers->len; i++) {
    DocHanger *hanger = &g_array_index (text->hangers, DocHanger, i);
    guint32 start = doc_part_start (doc, hanger->part), end = doc_part_end (doc, hanger->part);

    has_hangers[hanger->part] = TRUE;
    if (hanger->is_done || (hanger->part != DOC_BOXES && hanger->cp < doc->lengths[DOC_MAIN]))
      continue;
    hanger->is_done = TRUE;
    if (!doc_text_read_story (text, hanger->kind, hanger->prefix,
                              start + MIN (hanger->from, end - start),
                              start + MIN (hanger->to, end - start), error))
      return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!has_hangers[parts[i].part] &&
        !doc_text_read_story (text, WORD_STORY_NOTE, NULL, doc_part_start (doc, parts[i].part),
                              doc_part_end (doc, parts[i].part), error))
      return FALSE;
  return TRUE;
}

/* --- headers and footers -----------------------------------------------------------------------
 */

/* Six a section: headers of even and odd pages, footers of both, header and footer of the first
 * (MS-DOC 2.3.3). */
static gboolean
read_headers (DocText *text, GError **error)
{
  static const gboolean is_footer[6] = {FALSE, FALSE, TRUE, TRUE, FALSE, TRUE};
  Doc *doc = text->doc;
  g_autoptr (GArray) positions = doc_plc_positions (doc, DOC_TABLE_HEADERS, 0);
  guint32 start = doc_part_start (doc, DOC_HEADERS), end = doc_part_end (doc, DOC_HEADERS);
  guint first = doc->is_old ? 0 : SEPARATOR_STORIES;

  for (guint i = first; i + 1 < positions->len; i++) {
    WordStory kind = is_footer[(i - first) % 6] ? WORD_STORY_FOOTER : WORD_STORY_HEADER;

    if (!doc_text_read_story (text, kind, NULL, start + MIN (position (positions, i), end - start),
                              start + MIN (position (positions, i + 1), end - start), error))
      return FALSE;
  }
  return doc_text_read_story (text, WORD_STORY_FOOTER, NULL, doc_part_start (doc, DOC_HEADER_BOXES),
                              doc_part_end (doc, DOC_HEADER_BOXES), error);
}

/* --- objects -----------------------------------------------------------------------------------
 */

static gboolean
read_objects (Doc *doc, GError **error)
{
  g_autoptr (Compound) pool = compound_open_storage (doc->compound, "ObjectPool");
  guint n = pool == NULL ? 0 : compound_count (pool);

  for (guint i = 0; i < MIN (n, OBJECTS_MAX); i++) {
    const char *name = compound_name (pool, i);
    g_autoptr (Compound) object = NULL;
    g_autofree char *title = g_strdup_printf ("object %u", i + 1); /* its own is a number */

    if (name == NULL || !compound_is_storage (pool, i))
      continue;
    object = compound_open_storage (pool, name);
    if (object != NULL && !ole_object_read_storage (doc->input, object, title, doc->sink, error))
      return FALSE;
  }
  return TRUE;
}

/* --- the reader --------------------------------------------------------------------------------
 */

static gboolean
read_text (Doc *doc, DocText *text, GError **error)
{
  add_hangers (text, DOC_TABLE_FOOTNOTE_REFERENCES, 2, DOC_TABLE_FOOTNOTES,
               (DocHanger){.kind = WORD_STORY_NOTE, .part = DOC_FOOTNOTES}, NULL);
  add_hangers (text, DOC_TABLE_ENDNOTE_REFERENCES, 2, DOC_TABLE_ENDNOTES,
               (DocHanger){.kind = WORD_STORY_NOTE, .part = DOC_ENDNOTES, .is_endnote = TRUE},
               NULL);
  add_comments (text);
  if (!doc->is_old)
    add_boxes (text);
  g_array_sort (text->hangers, compare_hangers);
  return read_headers (text, error) &&
         doc_text_read (text, 0, doc_part_end (doc, DOC_MAIN), error) &&
         read_left_over (text, error) && word_flow_finish (text->flow, error);
}

gboolean
extract_read_doc (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (Doc) doc = doc_open (input, sink, error);
  DocText text = {.doc = doc};
  gboolean done;

  if (doc == NULL)
    return FALSE;
  compound_read_summary (doc->compound, sink);
  text.flow = word_flow_new (sink);
  text.hangers = g_array_new (FALSE, TRUE, sizeof (DocHanger));
  g_array_set_clear_func (text.hangers, clear_hanger);
  done = read_text (doc, &text, error);
  g_array_unref (text.hangers);
  word_flow_free (text.flow);
  if (!done || !read_objects (doc, error))
    return FALSE;
  if (doc->is_damaged)
    return extract_limit_error (error, "only what its damaged tables lead to");
  return TRUE;
}
