#include "pdf-pages.h"

#include <errno.h>

#define HELPED_PAGES 64 /* of fewer, helpers would cost more than they save */
#define AHEAD_MAX 64    /* pages read before their turn */
#define OWED_MAX 8      /* pages that a helper is asked for ahead */

typedef enum {
  SLOT_EMPTY,
  SLOT_ASKED, /* a helper reads it */
  SLOT_READ,
  SLOT_AGAIN, /* to be read here when its turn comes, as without helpers */
} SlotState;

typedef struct {
  SlotState state;
  guint helper;  /* of ASKED */
  PdfPage *page; /* of READ */
} Slot;

struct PdfPages {
  PopplerDocument *document;
  ExtractSink *sink;
  GHashTable *glyph_fonts; /* whose text is numbers of glyphs, by name: of the pages taken so far */
  ExtractHelpers *helpers; /* (nullable) as long as they take part */
  guint n_helpers;
  guint n_pages;
  guint next;            /* index of the one to be taken */
  guint given;           /* index of the first that nobody reads yet */
  Slot slots[AHEAD_MAX]; /* by index, of those from `next` to `given` */
};

PdfPages *
pdf_pages_new (PopplerDocument *document, const ExtractInput *input, ExtractSink *sink,
               const char *password, guint n_pages)
{
  PdfPages *pages = g_new0 (PdfPages, 1);

  pages->document = document;
  pages->sink = sink;
  pages->glyph_fonts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  pages->n_pages = n_pages;
  if (input->helpers != NULL && input->depth == 0 && n_pages >= HELPED_PAGES) {
    pages->helpers = input->helpers;
    pages->n_helpers = extract_helpers_begin (input->helpers, password);
  }
  return pages;
}

static void
slot_clear (Slot *slot)
{
  pdf_page_free (slot->page);
  *slot = (Slot){SLOT_EMPTY};
}

/* From here on all pages are read in turn, here. */
static void
go_on_alone (PdfPages *pages)
{
  if (pages->helpers == NULL)
    return;
  extract_helpers_end (pages->helpers);
  pages->helpers = NULL;
  for (guint i = 0; i < AHEAD_MAX; i++)
    slot_clear (&pages->slots[i]);
}

void
pdf_pages_free (PdfPages *pages)
{
  if (pages == NULL)
    return;
  go_on_alone (pages);
  g_hash_table_unref (pages->glyph_fonts);
  g_free (pages);
}

static Slot *
slot_of (PdfPages *pages, guint index)
{
  return &pages->slots[index % AHEAD_MAX];
}

PdfPage *
pdf_page_read_ahead (PopplerDocument *document, guint index)
{
  g_autoptr (PopplerPage) poppler_page = poppler_document_get_page (document, (int)index);
  g_autoptr (GHashTable) fonts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (PdfPage) page = NULL;

  if (poppler_page == NULL)
    return NULL;
  errno = 0;
  page = pdf_page_read (poppler_page, index + 1, fonts);
  /* of a font of glyph numbers the pages before know more, those behind must be told */
  return errno == ENOMEM || g_hash_table_size (fonts) > 0 ? NULL : g_steal_pointer (&page);
}

/* --- sharing out ------------------------------------------------------------------------------ */

static gboolean
has_more_to_give (const PdfPages *pages)
{
  return pages->given < pages->n_pages && pages->given < pages->next + AHEAD_MAX;
}

/* Towards the end each has less before it, so that all end at about the same time. */
static guint
owed_at_most (const PdfPages *pages)
{
  return CLAMP ((pages->n_pages - pages->given) / (3 * (pages->n_helpers + 1)), 1, OWED_MAX);
}

static void
ask_helpers (PdfPages *pages)
{
  gboolean asked = TRUE;

  while (asked) {
    asked = FALSE;
    for (guint i = 0; i < pages->n_helpers && has_more_to_give (pages); i++)
      if (extract_helper_owes (pages->helpers, i) < owed_at_most (pages) &&
          extract_helper_ask (pages->helpers, i, pages->given)) {
        *slot_of (pages, pages->given++) = (Slot){.state = SLOT_ASKED, .helper = i};
        asked = TRUE;
      }
  }
}

/* What a helper has been asked for and does not owe any more will not come. */
static void
give_up (PdfPages *pages, guint helper)
{
  for (guint i = 0; i < AHEAD_MAX; i++)
    if (pages->slots[i].state == SLOT_ASKED && pages->slots[i].helper == helper)
      pages->slots[i].state = SLOT_AGAIN;
}

static void
take_answer (PdfPages *pages, guint helper, guint32 index, const guint8 *bytes, gsize n_bytes)
{
  Slot *slot = slot_of (pages, index);

  if (slot->state != SLOT_ASKED || slot->helper != helper || index < pages->next ||
      index >= pages->given)
    return;
  slot->page = pdf_page_unpack (bytes, n_bytes);
  if (slot->page != NULL && slot->page->number != index + 1)
    g_clear_pointer (&slot->page, pdf_page_free);
  slot->state = slot->page != NULL ? SLOT_READ : SLOT_AGAIN;
}

/* waits_for: the helper that may be waited for; n_helpers: none. */
static void
receive_pages (PdfPages *pages, guint waits_for)
{
  const guint8 *bytes;
  gsize n_bytes;
  guint32 index;

  for (guint i = 0; i < pages->n_helpers; i++) {
    gboolean wait = i == waits_for;

    while (extract_helper_receive (pages->helpers, i, wait, &index, &bytes, &n_bytes)) {
      take_answer (pages, i, index, bytes, n_bytes);
      wait = FALSE;
    }
    if (extract_helper_owes (pages->helpers, i) == 0)
      give_up (pages, i);
  }
}

/* Until the next page is there, or it is known that it must be read again. FALSE: time is up. */
static gboolean
await_next (PdfPages *pages)
{
  const Slot *next = slot_of (pages, pages->next);

  ask_helpers (pages);
  while (next->state == SLOT_EMPTY || next->state == SLOT_ASKED) {
    if (has_more_to_give (pages)) {
      Slot *slot = slot_of (pages, pages->given);

      slot->page = pdf_page_read_ahead (pages->document, pages->given++);
      slot->state = slot->page != NULL ? SLOT_READ : SLOT_AGAIN;
      receive_pages (pages, pages->n_helpers);
    } else {
      receive_pages (pages, next->helper);
    }
    ask_helpers (pages);
    if (extract_time_is_up (pages->sink))
      return FALSE;
  }
  return TRUE;
}

/* --- one after the other ---------------------------------------------------------------------- */

/* Poppler goes on with what it has when memory ends. */
static gboolean
check_memory (int error_number, GError **error)
{
  if (error_number != ENOMEM)
    return TRUE;
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_MEMORY,
               "reading it takes more memory than memory_mb in [extract] allows");
  return FALSE;
}

static gboolean
read_next (PdfPages *pages, PdfPage **page, GError **error)
{
  g_autoptr (PopplerPage) poppler_page =
      poppler_document_get_page (pages->document, (int)pages->next++);

  if (poppler_page == NULL)
    return TRUE;
  errno = 0;
  *page = pdf_page_read (poppler_page, pages->next, pages->glyph_fonts);
  if (check_memory (errno, error))
    return TRUE;
  g_clear_pointer (page, pdf_page_free);
  return FALSE;
}

gboolean
pdf_pages_next (PdfPages *pages, PdfPage **page, GError **error)
{
  Slot *slot = slot_of (pages, pages->next);

  *page = NULL;
  if (pages->helpers == NULL)
    return read_next (pages, page, error);
  if (!await_next (pages))
    return extract_limit_error (error,
                                "only the first %u of %u pages: no more could be read in "
                                "time",
                                pages->next, pages->n_pages);
  if (slot->state == SLOT_READ) {
    *page = g_steal_pointer (&slot->page);
    slot_clear (slot);
    pages->next++;
    return TRUE;
  }
  slot_clear (slot);
  if (!read_next (pages, page, error))
    return FALSE;
  /* what was read ahead does not know of it */
  if (g_hash_table_size (pages->glyph_fonts) > 0)
    go_on_alone (pages);
  return TRUE;
}
