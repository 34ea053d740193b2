/* PDF, by poppler. */
#include "format-pdf.h"

#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <string.h>

/* Pages read before one goes out: the body's size and running heads need neighbours. */
#define LOOKAHEAD 8
#define LOOKBACK 8
#define OUTLINE_DEPTH_MAX 8
#define OUTLINE_ITEMS_MAX 5000

void
pdf_warm_up (void)
{
  /* Stays open: as long as any document is, poppler keeps what it read of its data folder. */
  static PopplerDocument *kept_open;
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
  kept_open = poppler_document_new_from_bytes (bytes, NULL, NULL);
  page = kept_open == NULL ? NULL : poppler_document_get_page (kept_open, 0);
  if (page != NULL)
    pdf_page_free (pdf_page_read (page, 1));
}

/* --- metadata ----------------------------------------------------------------------------------
 */

/* What programs write where people wrote nothing, and names of files. */
static gboolean
is_junk_title (const char *title)
{
  static const char *const junk[] = {"untitled",
                                     "title",
                                     "document",
                                     "document1",
                                     "unknown",
                                     "none",
                                     "(anonymous)",
                                     "powerpoint presentation",
                                     "microsoft word document",
                                     "slide 1",
                                     "no title",
                                     "titel",
                                     "blank",
                                     "null",
                                     "pdf",
                                     NULL};
  static const char *const suffixes[] = {
      ".doc", ".docx", ".rtf",  ".odt", ".indd", ".qxd", ".tex",  ".dvi",   ".pdf", ".ps",  ".eps",
      ".ai",  ".xls",  ".xlsx", ".ppt", ".pptx", ".pub", ".p65",  ".fm",    ".cdr", ".tif", ".jpg",
      ".png", ".html", ".htm",  ".txt", ".wpd",  ".pmd", ".docm", ".pages", ".md",  NULL};
  g_autofree char *lower = g_utf8_strdown (title, -1);
  gboolean has_letter = FALSE;

  for (const char *c = title; *c != '\0'; c = g_utf8_next_char (c))
    has_letter |= g_unichar_isalpha (g_utf8_get_char (c));
  if (!has_letter || g_strv_contains (junk, lower) || strstr (title, "\\") != NULL)
    return TRUE;
  for (guint i = 0; suffixes[i] != NULL; i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  return FALSE;
}

static void
read_title (PopplerDocument *document, ExtractSink *sink)
{
  static const char *const prefixes[] = {"Microsoft Word - ", "Microsoft PowerPoint - ",
                                         "Microsoft Excel - ", "(Microsoft Word - "};
  g_autofree char *title = poppler_document_get_title (document);

  if (title == NULL || !g_utf8_validate (title, -1, NULL))
    return;
  g_strstrip (title);
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (title, prefixes[i]))
      memmove (title, title + strlen (prefixes[i]), strlen (title) - strlen (prefixes[i]) + 1);
  if (!is_junk_title (title))
    extract_meta (sink, "title", title);
}

static void
read_author (PopplerDocument *document, ExtractSink *sink)
{
  static const char *const junk[] = {"user",
                                     "admin",
                                     "administrator",
                                     "unknown",
                                     "anonymous",
                                     "(anonymous)",
                                     "owner",
                                     "root",
                                     "author",
                                     "none",
                                     "microsoft office user",
                                     "windows user",
                                     "default",
                                     NULL};
  g_autofree char *author = poppler_document_get_author (document);
  g_autofree char *lower = NULL;

  if (author == NULL || !g_utf8_validate (author, -1, NULL))
    return;
  lower = g_utf8_strdown (g_strstrip (author), -1);
  if (!g_strv_contains (junk, lower))
    extract_meta (sink, "author", author);
}

static void
read_outline_level (PopplerIndexIter *iter, guint level, GHashTable *outline)
{
  do {
    PopplerAction *action = poppler_index_iter_get_action (iter);
    PopplerIndexIter *child = NULL;

    if (action != NULL && action->any.title != NULL &&
        g_utf8_validate (action->any.title, -1, NULL)) {
      g_autofree char *key = pdf_title_key (action->any.title);

      if (strlen (key) >= 3 && !g_hash_table_contains (outline, key))
        g_hash_table_insert (outline, g_steal_pointer (&key), GUINT_TO_POINTER (MIN (level, 6)));
    }
    if (action != NULL)
      poppler_action_free (action);
    if (level < OUTLINE_DEPTH_MAX)
      child = poppler_index_iter_get_child (iter);
    if (child != NULL) {
      read_outline_level (child, level + 1, outline);
      poppler_index_iter_free (child);
    }
  } while (g_hash_table_size (outline) < OUTLINE_ITEMS_MAX && poppler_index_iter_next (iter));
}

/* Titles in the outline and their levels. (nullable) */
static GHashTable *
read_outline (PopplerDocument *document)
{
  PopplerIndexIter *iter = poppler_index_iter_new (document);
  GHashTable *outline;

  if (iter == NULL)
    return NULL;
  outline = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  read_outline_level (iter, 1, outline);
  poppler_index_iter_free (iter);
  return outline;
}

/* --- pages -------------------------------------------------------------------------------------
 */

typedef struct {
  PopplerDocument *document;
  ExtractSink *sink;
  PdfFlow *flow;
  GPtrArray *window;  /* (element-type PdfPage) pages read, those gone out LOOKBACK long */
  guint window_done;  /* of them have gone out */
  GHashTable *seen;   /* running heads */
  guint without_text; /* pages */
  guint broken;       /* pages that cannot be read at all */
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

static void
read_page (Reader *reader, guint index)
{
  g_autoptr (PopplerPage) poppler_page = poppler_document_get_page (reader->document, (int)index);
  PdfPage *page;

  if (poppler_page == NULL) {
    reader->broken++;
    return;
  }
  page = pdf_page_read (poppler_page, index + 1);
  if (page->lines->len == 0)
    reader->without_text++;
  pdf_flow_measure (reader->flow, page);
  g_ptr_array_add (reader->window, page);
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
    else
      read_page (reader, i);
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
  guint without = reader->without_text;

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
    extract_warn (reader->sink, "%u of %u pages hold no text", without, n_pages);
}

static PopplerDocument *
open_document (GBytes *bytes, GError **error)
{
  g_autoptr (GError) local = NULL;
  PopplerDocument *document = poppler_document_new_from_bytes (bytes, NULL, &local);

  if (document != NULL)
    return document;
  if (g_error_matches (local, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED,
                 "it is encrypted and opens with a password only; load a copy without one");
  else
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it cannot be read as PDF: %s",
                 local == NULL ? "unknown error" : local->message);
  return NULL;
}

static void
reader_clear (Reader *reader)
{
  pdf_flow_free (reader->flow);
  g_ptr_array_unref (reader->window);
  g_hash_table_unref (reader->seen);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

gboolean
extract_read_pdf (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (PopplerDocument) document = open_document (input->bytes, error);
  g_autoptr (GHashTable) outline = NULL;
  int n_pages;

  if (document == NULL)
    return FALSE;
  n_pages = poppler_document_get_n_pages (document);
  if (n_pages <= 0) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "it has no pages");
    return FALSE;
  }
  extract_meta_uint (sink, "pages", (guint)n_pages);
  read_title (document, sink);
  read_author (document, sink);
  outline = read_outline (document);

  g_auto (Reader) reader = {
      .document = document,
      .sink = sink,
      .flow = pdf_flow_new (sink, outline),
      .window = g_ptr_array_new_with_free_func (free_page),
      .seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
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
  if (done)
    warn_of_pages (&reader, (guint)n_pages);
  return done;
}
