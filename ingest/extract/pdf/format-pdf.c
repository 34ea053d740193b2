/* PDF, by poppler. */
#include "format-pdf.h"
#include "pdf-pages.h"
#include "pdf-scan.h"

#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <string.h>

/* Pages read before one goes out: the body's size and running heads need neighbours. */
#define LOOKAHEAD 8
#define LOOKBACK 8
#define PAGE_LIST_BYTES 200 /* of the warning that names pages without text */
#define ATTACHMENTS_MAX 10000
#define OUTLINE_DEPTH_MAX 8
#define OUTLINE_ITEMS_MAX 5000
#define OUTLINE_SHORT 40 /* titles */

void
pdf_warm_up (void)
{
  /* Stays open: as long as any document is, poppler keeps what it read of its data folder. */
  static PopplerDocument *kept_open;
  static GIConv converters[2];
  static const char pdf[] =
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
      "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F "
      "5 0 R>>>>>>endobj\n"
      "4 0 obj<</Length 33>>stream\nBT /F 12 Tf 9 9 Td (Warm) Tj ET   \nendstream endobj\n"
      "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
      "trailer<</Root 1 0 R>>\n%%EOF\n";
  g_autoptr (GBytes) bytes = g_bytes_new_static (pdf, sizeof pdf - 1);
  g_autoptr (PopplerPage) page = NULL;

  if (kept_open != NULL)
    return;
  /* poppler's strings are UTF-16 inside the file; glibc keeps a module as long as it is in use */
  for (guint i = 0; i < G_N_ELEMENTS (converters); i++)
    converters[i] = g_iconv_open ("UTF-8", i == 0 ? "UTF-16BE" : "UTF-16LE");
  kept_open = poppler_document_new_from_bytes (bytes, NULL, NULL);
  page = kept_open == NULL ? NULL : poppler_document_get_page (kept_open, 0);
  if (page != NULL) {
    g_autoptr (GHashTable) fonts = g_hash_table_new (g_str_hash, g_str_equal);

    pdf_page_free (pdf_page_read (page, 1, fonts));
  }
}

/* --- outline ------------------------------------------------------------------------------------
 */

typedef struct {
  GHashTable *levels; /* (element-type utf8, level) by pdf_title_key */
  GPtrArray *titles;  /* (element-type utf8) in their order */
  GArray *depths;     /* (element-type guint) of the titles */
} Outline;

static void
outline_clear (Outline *outline)
{
  g_hash_table_unref (outline->levels);
  g_ptr_array_unref (outline->titles);
  g_array_unref (outline->depths);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outline, outline_clear)

static void
add_title (Outline *outline, const char *title, guint level)
{
  g_autofree char *key = NULL;

  if (title == NULL || !g_utf8_validate (title, -1, NULL))
    return;
  key = pdf_title_key (title);
  if (strlen (key) < 3 || g_hash_table_contains (outline->levels, key))
    return;
  g_hash_table_insert (outline->levels, g_steal_pointer (&key), GUINT_TO_POINTER (MIN (level, 6)));
  g_ptr_array_add (outline->titles, g_strdup (title));
  g_array_append_val (outline->depths, level);
}

static void
read_outline_level (PopplerIndexIter *iter, guint level, Outline *outline)
{
  do {
    PopplerAction *action = poppler_index_iter_get_action (iter);
    PopplerIndexIter *child = NULL;

    if (action != NULL) {
      add_title (outline, action->any.title, level);
      poppler_action_free (action);
    }
    if (level < OUTLINE_DEPTH_MAX)
      child = poppler_index_iter_get_child (iter);
    if (child != NULL) {
      read_outline_level (child, level + 1, outline);
      poppler_index_iter_free (child);
    }
  } while (outline->titles->len < OUTLINE_ITEMS_MAX && poppler_index_iter_next (iter));
}

static void
read_outline (PopplerDocument *document, Outline *outline)
{
  PopplerIndexIter *iter = poppler_index_iter_new (document);

  if (iter == NULL)
    return;
  read_outline_level (iter, 1, outline);
  poppler_index_iter_free (iter);
}

/* Titles that no heading on the pages has say what the pages do not: delivered as a list at the
 * end, where they are most of a short outline or there is no other text. */
static gboolean
write_outline (const Outline *outline, PdfFlow *flow, ExtractSink *sink, guint page, GError **error)
{
  guint n = outline->titles->len, headings = pdf_flow_headings_found (flow);

  if (n < 2 || headings * 2 >= n || n > OUTLINE_SHORT || pdf_flow_is_empty (flow))
    return TRUE;
  for (guint i = 0; i < n; i++) {
    const char *title = g_ptr_array_index (outline->titles, i);

    if (!extract_list_item (sink, g_array_index (outline->depths, guint, i), page, NULL, title, -1,
                            error))
      return FALSE;
  }
  return TRUE;
}

/* --- pages -------------------------------------------------------------------------------------
 */

typedef struct {
  PdfPages *pages;
  ExtractSink *sink;
  PdfFlow *flow;
  GPtrArray *window;      /* (element-type PdfPage) pages read, those gone out LOOKBACK long */
  guint window_done;      /* of them have gone out */
  GHashTable *seen;       /* running heads */
  GPtrArray *attachments; /* (element-type PopplerAttachment) of annotations */
  GString *without_text;  /* pages: "1, 3-7" */
  GArray *scans;          /* (element-type guint) the same */
  guint n_without_text;
  guint last_without_text;
  guint broken; /* pages that cannot be read at all */
} Reader;

static void
free_page (gpointer page)
{
  pdf_page_free (page);
}

static gboolean
emit_page (Reader *reader, GError **error)
{
  pdf_furniture_mark (reader->window, reader->window_done, reader->seen);
  if (!pdf_flow_page (reader->flow, g_ptr_array_index (reader->window, reader->window_done), error))
    return FALSE;
  reader->window_done++;
  if (reader->window_done > LOOKBACK) {
    g_ptr_array_remove_index (reader->window, 0);
    reader->window_done--;
  }
  return TRUE;
}

/* Notes that the page has no text. */
static void
note_page_without_text (Reader *reader, guint number)
{
  GString *pages = reader->without_text;
  gboolean goes_on = reader->n_without_text > 0 && reader->last_without_text == number - 1;

  if (goes_on && pages->len > 0) {
    char *dash = strrchr (pages->str, '-');
    char *comma = strrchr (pages->str, ',');

    if (dash != NULL && (comma == NULL || comma < dash))
      g_string_truncate (pages, (gsize)(dash - pages->str));
    g_string_append_printf (pages, "-%u", number);
  } else if (pages->len < PAGE_LIST_BYTES) {
    g_string_append_printf (pages, "%s%u", pages->len > 0 ? ", " : "", number);
  } else if (!g_str_has_suffix (pages->str, "...")) {
    g_string_append (pages, ", ...");
  }
  g_array_append_val (reader->scans, number);
  reader->last_without_text = number;
  reader->n_without_text++;
}

static gboolean
read_page (Reader *reader, guint number, GError **error)
{
  PdfPage *page;

  if (!pdf_pages_next (reader->pages, &page, error))
    return FALSE;
  if (page == NULL) {
    reader->broken++;
    return TRUE;
  }
  if (page->lines->len == 0 && page->notes == NULL)
    note_page_without_text (reader, number);
  for (guint i = 0; page->attachments != NULL && i < page->attachments->len; i++)
    if (reader->attachments->len < ATTACHMENTS_MAX)
      g_ptr_array_add (reader->attachments,
                       g_object_ref (g_ptr_array_index (page->attachments, i)));
  pdf_flow_measure (reader->flow, page);
  g_ptr_array_add (reader->window, page);
  return TRUE;
}

/* A limit is no reason to lose the pages read ahead. */
static gboolean
read_pages (Reader *reader, guint n_pages, guint max_pages, GError **error)
{
  GError *limit = NULL;

  for (guint i = 0; i < n_pages && limit == NULL; i++) {
    if (i >= max_pages)
      extract_limit_error (&limit, "only the first %u of %u pages", max_pages, n_pages);
    else if (extract_time_is_up (reader->sink))
      extract_limit_error (&limit, "only the first %u of %u pages: no more could be read in time",
                           i, n_pages);
    else if (!read_page (reader, i + 1, &limit) &&
             !g_error_matches (limit, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT)) {
      g_propagate_error (error, limit);
      return FALSE;
    }
    if (reader->window->len > reader->window_done + LOOKAHEAD && !emit_page (reader, error)) {
      g_clear_error (&limit);
      return FALSE;
    }
  }
  while (reader->window_done < reader->window->len)
    if (!emit_page (reader, limit == NULL ? error : NULL)) {
      if (limit != NULL)
        g_propagate_error (error, limit);
      return FALSE;
    }
  if (!pdf_flow_finish (reader->flow, limit == NULL ? error : NULL) && limit == NULL)
    return FALSE;
  if (limit != NULL)
    g_propagate_error (error, limit);
  return limit == NULL;
}

static void
warn_of_pages (const Reader *reader, guint n_pages)
{
  guint without = reader->n_without_text;

  if (reader->broken > 0)
    extract_warn (reader->sink, "%u of %u pages are damaged and could not be read", reader->broken,
                  n_pages);
  if (without == 0)
    return;
  if (without + reader->broken == n_pages)
    extract_warn (reader->sink,
                  n_pages == 1 ? "holds images only (%u page), no text"
                               : "holds images only (%u pages), no text",
                  n_pages);
  else
    extract_warn (reader->sink,
                  without == 1 ? "page %s has no text (images)" : "pages %s have no text (images)",
                  reader->without_text->str);
}

/* poppler_document_new_from_bytes reads freed memory where a password is wrong (22.12); a stream it
 * opens anew. */
PopplerDocument *
pdf_open (GBytes *bytes, const char *password, GError **error)
{
  g_autoptr (GInputStream) stream = NULL;

  if (password == NULL)
    return poppler_document_new_from_bytes (bytes, NULL, error);
  stream = g_memory_input_stream_new_from_bytes (bytes);
  return poppler_document_new_from_stream (stream, (goffset)g_bytes_get_size (bytes), password,
                                           NULL, error);
}

/* Opens without a password, or with the first of the given ones that fits: *password, otherwise
 * NULL. */
static PopplerDocument *
open_document (const ExtractInput *input, const char **password, GError **error)
{
  g_autoptr (GError) local = NULL;
  PopplerDocument *document = pdf_open (input->bytes, NULL, &local);
  const char *const *next = input->passwords;

  *password = NULL;
  while (document == NULL && next != NULL && *next != NULL &&
         g_error_matches (local, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)) {
    g_clear_error (&local);
    *password = *next++;
    document = pdf_open (input->bytes, *password, &local);
  }
  if (document != NULL)
    return document;
  if (g_error_matches (local, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED, "%s",
                 input->passwords == NULL || *input->passwords == NULL
                     ? "it is encrypted and opens with a password only; give the password with "
                       "--password-file"
                     : "it is encrypted and none of the given passwords opens it; add its password "
                       "to the --password-file");
  else
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it cannot be read as PDF: %s",
                 local == NULL ? "unknown error" : local->message);
  return NULL;
}

static void
reader_clear (Reader *reader)
{
  pdf_pages_free (reader->pages);
  pdf_flow_free (reader->flow);
  g_ptr_array_unref (reader->window);
  g_hash_table_unref (reader->seen);
  g_ptr_array_unref (reader->attachments);
  g_array_unref (reader->scans);
  g_string_free (reader->without_text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

gboolean
extract_read_pdf (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  const char *password;
  g_autoptr (PopplerDocument) document = open_document (input, &password, error);
  g_auto (Outline) outline = {
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
      g_ptr_array_new_with_free_func (g_free),
      g_array_new (FALSE, FALSE, sizeof (guint)),
  };
  int n_pages;

  if (document == NULL)
    return FALSE;
  n_pages = poppler_document_get_n_pages (document);
  if (n_pages <= 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it has no pages");
    return FALSE;
  }
  extract_meta_uint (sink, "pages", (guint)n_pages);
  pdf_meta_read (document, sink);
  read_outline (document, &outline);

  g_auto (Reader) reader = {
      .pages = pdf_pages_new (document, input, sink, password,
                              MIN ((guint)n_pages, input->limits->max_pages)),
      .sink = sink,
      .flow = pdf_flow_new (sink, outline.levels),
      .window = g_ptr_array_new_with_free_func (free_page),
      .seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
      .attachments = g_ptr_array_new_with_free_func (g_object_unref),
      .without_text = g_string_new (NULL),
      .scans = g_array_new (FALSE, FALSE, sizeof (guint)),
  };
  gboolean done = read_pages (&reader, (guint)n_pages, input->limits->max_pages, error);

  if (reader.broken == (guint)n_pages) {
    if (!done)
      return FALSE;
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "none of its pages can be read");
    return FALSE;
  }
  if (extract_sink_meta (sink, "title") == NULL)
    extract_meta (sink, "title", pdf_flow_title (reader.flow));
  if (!done || !write_outline (&outline, reader.flow, sink, (guint)n_pages, error))
    return FALSE;
  warn_of_pages (&reader, (guint)n_pages);
  if (!pdf_scan_read (document, reader.scans, input, sink, error))
    return FALSE;
  return pdf_attachments_read (document, reader.attachments, input, sink, error);
}
