/* PowerPoint 97 to 2003 (MS-PPT): slides in their order, each with its notes and comments; headers
 * and footers once. Masters are not shown. */
#include "ingest/extract/formats.h"
#include "ppt.h"

#include <string.h>

#define LIST_SLIDES 0
#define LIST_MASTERS 1
#define LIST_NOTES 2
#define SLIDES_MAX 20000
#define FLAG_MASTER_OBJECTS 1

/* --- lists -------------------------------------------------------------------------------------
 */

static void
finish_text (PptListed *listed, const PptText *text, gboolean has_text)
{
  if (listed != NULL && has_text)
    g_array_append_val (listed->texts, *text);
}

/* SlideListWithText (2.4.14.3): each slide's number, then its texts. */
static void
read_list (ByteReader list, GPtrArray *slides)
{
  PptListed *listed = NULL;
  PptRecord record;
  PptText text = {0};
  gboolean has_text = FALSE;

  while (ppt_next (&list, &record)) {
    if (record.type == PPT_SLIDE_PERSIST || record.type == PPT_TEXT_HEADER) {
      finish_text (listed, &text, has_text);
      has_text = FALSE;
    }
    if (record.type == PPT_SLIDE_PERSIST) {
      if (slides->len >= SLIDES_MAX)
        return;
      listed = g_new0 (PptListed, 1);
      listed->texts = g_array_new (FALSE, FALSE, sizeof (PptText));
      listed->persist = byte_read_u32 (&record.data);
      byte_skip (&record.data, 8);
      listed->id = byte_read_u32 (&record.data);
      g_ptr_array_add (slides, listed);
    } else {
      has_text |= ppt_text_take (&text, &record);
    }
  }
  finish_text (listed, &text, has_text);
}

static void
read_lists (Ppt *ppt, ByteReader document)
{
  PptRecord record;

  while (ppt_next (&document, &record))
    if (record.type == PPT_SLIDE_LIST && record.instance == LIST_SLIDES)
      read_list (record.data, ppt->slides);
    else if (record.type == PPT_SLIDE_LIST && record.instance == LIST_NOTES)
      read_list (record.data, ppt->notes);
    else if (record.type == PPT_SLIDE_LIST && record.instance == LIST_MASTERS)
      read_list (record.data, ppt->masters);
}

/* --- headers and footers -----------------------------------------------------------------------
 */

/* HeadersFootersAtom (2.4.15.2) says which are shown. */
static void
take_headers (Ppt *ppt, ByteReader container)
{
  PptRecord record;
  guint16 flags = 0xffff;

  while (ppt_next (&container, &record)) {
    static const guint16 shown[] = {0x04, 0x10, 0x20}; /* date, header, footer */

    if (record.type == PPT_HEADERS_FOOTERS_ATOM) {
      byte_skip (&record.data, 2);
      flags = byte_read_u16 (&record.data);
    }
    if (record.type != PPT_CSTRING || record.instance >= G_N_ELEMENTS (shown) ||
        (flags & shown[record.instance]) == 0)
      continue;
    ppt_add_footer (ppt, ppt_string (&record));
  }
}

static void
take_all_headers (Ppt *ppt, ByteReader container)
{
  PptRecord record;

  while (ppt_next (&container, &record))
    if (record.type == PPT_HEADERS_FOOTERS)
      take_headers (ppt, record.data);
}

/* --- comments ----------------------------------------------------------------------------------
 */

static gboolean
write_comment (Ppt *ppt, ByteReader comment, guint page, GError **error)
{
  PptRecord record;
  g_autofree char *author = NULL;
  g_autofree char *text = NULL;
  g_autofree char *whole = NULL;

  while (ppt_next (&comment, &record))
    if (record.type == PPT_CSTRING && record.instance == 0 && author == NULL)
      author = ppt_string (&record);
    else if (record.type == PPT_CSTRING && record.instance == 1 && text == NULL)
      text = ppt_string (&record);
  if (text == NULL || *text == '\0')
    return TRUE;
  for (char *at = text; *at != '\0'; at++)
    if (*at == '\r' || *at == '\v')
      *at = '\n';
  whole = author != NULL && *author != '\0' ? g_strdup_printf ("Comment by %s: %s", author, text)
                                            : g_strdup_printf ("Comment: %s", text);
  return extract_paragraph (ppt->sink, page, whole, -1, error);
}

/* They lie in the data of a program's tag (2.5.22). */
static gboolean
write_comments (Ppt *ppt, ByteReader container, guint page, guint depth, GError **error)
{
  PptRecord record;

  while (ppt_next (&container, &record)) {
    if (record.type == PPT_COMMENT) {
      if (!write_comment (ppt, record.data, page, error))
        return FALSE;
    } else if (depth < 4 && (record.type == PPT_PROG_TAGS || record.type == PPT_PROG_BINARY_TAG ||
                             record.type == PPT_BINARY_TAG_DATA)) {
      if (!write_comments (ppt, record.data, page, depth + 1, error))
        return FALSE;
    }
  }
  return TRUE;
}

/* --- slides ------------------------------------------------------------------------------------
 */

/* Texts of the outline that no shape of the slide refers to: older files have no such references
 * and the text in the shapes, or damaged ones nothing else. */
static gboolean
write_outline (Ppt *ppt, const PptListed *listed, guint page, GError **error)
{
  for (guint i = 0; i < listed->texts->len; i++)
    if (!ppt_text_write (ppt, &g_array_index (listed->texts, PptText, i), page, error))
      return FALSE;
  return TRUE;
}

/* The notes whose id the slide's atom has. */
static gboolean
write_notes (Ppt *ppt, ByteReader slide, guint page, GError **error)
{
  PptRecord atom, notes;
  guint32 id;

  if (!ppt_find (slide, PPT_SLIDE_ATOM, -1, &atom))
    return TRUE;
  byte_skip (&atom.data, 16);
  id = byte_read_u32 (&atom.data);
  for (guint i = 0; id != 0 && i < ppt->notes->len; i++) {
    const PptListed *listed = g_ptr_array_index (ppt->notes, i);

    if (listed->id != id || !ppt_object (ppt, listed->persist, &notes) || notes.type != PPT_NOTES)
      continue;
    take_all_headers (ppt, notes.data);
    return ppt_drawing_write (ppt, notes.data, listed->texts, PPT_SHAPES_OF_NOTES, page, error);
  }
  return TRUE;
}

/* What the slide shows of its master, and of the master's: not their placeholders. */
static gboolean
take_masters (Ppt *ppt, ByteReader slide, GError **error)
{
  PptRecord atom, master;

  for (guint depth = 0; depth < 2 && ppt_find (slide, PPT_SLIDE_ATOM, -1, &atom); depth++) {
    guint32 id;
    gboolean is_found = FALSE;

    byte_skip (&atom.data, 12);
    id = byte_read_u32 (&atom.data);
    byte_skip (&atom.data, 4);
    if ((byte_read_u16 (&atom.data) & FLAG_MASTER_OBJECTS) == 0)
      break;
    for (guint i = 0; i < ppt->masters->len && !is_found; i++) {
      PptListed *listed = g_ptr_array_index (ppt->masters, i);

      if (listed->id != id || !ppt_object (ppt, listed->persist, &master))
        continue;
      is_found = TRUE;
      if (!listed->is_done &&
          !ppt_drawing_write (ppt, master.data, listed->texts, PPT_SHAPES_OF_MASTER, 0, error))
        return FALSE;
      listed->is_done = TRUE;
      slide = master.data;
    }
    if (!is_found)
      break;
  }
  return TRUE;
}

static gboolean
write_slide (Ppt *ppt, const PptListed *listed, guint page, GError **error)
{
  PptRecord slide;

  if (extract_time_is_up (ppt->sink))
    return extract_limit_error (error, "only the first %u slides", page - 1);
  if (!ppt_object (ppt, listed->persist, &slide) || slide.type != PPT_SLIDE) {
    ppt->is_damaged = TRUE;
    return write_outline (ppt, listed, page, error);
  }
  take_all_headers (ppt, slide.data);
  return take_masters (ppt, slide.data, error) &&
         ppt_drawing_write (ppt, slide.data, listed->texts, PPT_SHAPES_OF_SLIDE, page, error) &&
         write_comments (ppt, slide.data, page, 0, error) &&
         write_notes (ppt, slide.data, page, error);
}

static gboolean
write_footers (Ppt *ppt, GError **error)
{
  for (guint i = 0; i < ppt->footers->len; i++)
    if (!extract_paragraph (ppt->sink, 0, g_ptr_array_index (ppt->footers, i), -1, error))
      return FALSE;
  return TRUE;
}

/* --- damage ------------------------------------------------------------------------------------
 */

/* Every text that there is, wherever. */
static gboolean
write_scan (Ppt *ppt, ByteReader container, guint depth, GError **error)
{
  PptRecord record;
  PptText text = {.type = PPT_TEXT_OTHER};

  while (ppt_next (&container, &record)) {
    if (record.is_container) {
      if (record.type != PPT_MAIN_MASTER && depth < PPT_DEPTH_MAX &&
          !write_scan (ppt, record.data, depth + 1, error))
        return FALSE;
      continue;
    }
    ppt_text_take (&text, &record);
    if ((record.type == PPT_TEXT_CHARS || record.type == PPT_TEXT_BYTES) &&
        !ppt_text_write (ppt, &text, 0, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
scan (Ppt *ppt, GError **error)
{
  ByteReader reader;

  byte_reader_init_bytes (&reader, ppt->stream);
  return write_scan (ppt, reader, 0, error) &&
         extract_limit_error (error, "only its text: what says which slide it is of is damaged");
}

/* --- the reader --------------------------------------------------------------------------------
 */

gboolean
extract_read_ppt (const ExtractInput *input, ExtractSink *sink, GError **error)
{
  g_autoptr (Ppt) ppt = ppt_open (input, sink, error);
  PptRecord document;

  if (ppt == NULL)
    return FALSE;
  if (!ppt_object (ppt, ppt->document, &document) || document.type != PPT_DOCUMENT)
    return scan (ppt, error);
  read_lists (ppt, document.data);
  ppt_read_links (ppt, document.data);
  take_all_headers (ppt, document.data);
  extract_meta_uint (sink, "pages", ppt->slides->len);
  for (guint i = 0; i < ppt->slides->len; i++)
    if (!write_slide (ppt, g_ptr_array_index (ppt->slides, i), i + 1, error))
      return FALSE;
  if (!write_footers (ppt, error) || !ppt_read_objects (ppt, document.data, error))
    return FALSE;
  if (ppt->is_damaged)
    return extract_limit_error (error, "only the slides that are not damaged");
  return TRUE;
}
