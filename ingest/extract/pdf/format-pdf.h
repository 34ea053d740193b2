/* format-pdf.h: the stages of reading a PDF.
 *
 *     page ──pdf_page_read──► PdfPage: lines with place, size, weight (pdf-pages.h)
 *                                │  a window of pages, for what recurs and for the body's size
 *                                ▼
 *                             pdf_furniture_mark: running heads and page numbers
 *                                ▼
 *                             pdf_flow_page: paragraphs, headings, lists ──► sink
 *
 * Coordinates are points from the page's top left corner.
 */
#pragma once

#include "ingest/extract/extract.h"

#include <poppler.h>

/* poppler-glib has none of its own before 23.03 */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerDocument, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PopplerPage, g_object_unref)

typedef struct {
  double x1, y1, x2, y2;
} PdfBox;

/* Does a line stand in the page's upper or lower margin? Found out when somebody asks. */
typedef enum {
  PDF_MARGIN_UNKNOWN,
  PDF_MARGIN_OUT,
  PDF_MARGIN_IN,
} PdfMargin;

/* A word's place in its line. */
typedef struct {
  guint32 start; /* in the line's text */
  float x1, x2;
} PdfWord;

typedef struct {
  char *text; /* one line, without white space at its ends */
  gsize bytes;
  double x1, y1, x2, y2;
  double size;             /* of the font most characters have */
  double first_word_width; /* would it have fitted on the line before? */
  double right;            /* where lines of this column end; pdf_page_read sets it */
  gboolean is_bold;        /* all of it */
  gboolean is_furniture;   /* a running head or page number */
  gboolean is_note;        /* of a footnote */
  gboolean is_soft;        /* ends with a soft hyphen, which `text` does not hold */
  guint first_word;        /* in PdfPage.places */
  guint n_words;
  guint grid;  /* of the lines side by side that pdf_page_order found; 0: none */
  guint table; /* in PdfPage.tables, from 1; 0: none */
  PdfMargin margin;
  char *signature;    /* (nullable) pdf_furniture_mark's: the text without digits and spaces */
  guint letters;      /* with signature: in the text */
  int number;         /* with signature: the last of the text, -1: none */
  GPtrArray *targets; /* (nullable) (element-type utf8) of links in the line */
} PdfLine;

typedef struct {
  GPtrArray *rows; /* (element-type GPtrArray of utf8) */
  gboolean has_header;
} PdfTable;

typedef struct {
  guint number; /* from 1 */
  double width, height;
  gboolean has_leftward; /* words that run to the left */
  gboolean is_mirrored;  /* its lines run to the left: x is from the right edge */
  GArray *lines;         /* (element-type PdfLine) in reading order */
  GArray *places;        /* (element-type PdfWord) of the lines' words */
  GHashTable *words;     /* (nullable) set of utf8: pdf_page_has_word makes it */
  double pitch;          /* usual distance of lines, in sizes */
  guint n_grids;
  GArray *tables;         /* (nullable) (element-type PdfTable) */
  GPtrArray *notes;       /* (nullable) (element-type utf8) comments */
  GPtrArray *attachments; /* (nullable) (element-type PopplerAttachment) of annotations */
} PdfPage;

/* Opens the document that stays open: poppler then reads its data folder once only. */
void pdf_warm_up (void);

/* A helper's life (helpers.h): reads single pages of the worker's file, until the worker ends.
 * Returns its exit code. */
int pdf_help (int fd, const ExtractLimits *limits);

/* password: (nullable) Errors: poppler's. (nullable) (transfer full) */
PopplerDocument *pdf_open (GBytes *bytes, const char *password, GError **error);

/* Title, author, dates and language, as far as the file says. */
void pdf_meta_read (PopplerDocument *document, ExtractSink *sink);

/* Hands over the files inside the document, those of annotations (element-type PopplerAttachment)
 * too, as members. FALSE, error set: nothing more is wanted. */
gboolean pdf_attachments_read (PopplerDocument *document, GPtrArray *of_annotations,
                               const ExtractInput *input, ExtractSink *sink, GError **error);

/* Adds what stands on the page beside its content: values of form fields and free texts as lines of
 * their own, "[x]" at the label of a checked button, targets of links, comments, attachments. */
void pdf_annots_read (PopplerPage *poppler_page, PdfPage *page);

/* Never NULL; without lines when the page has no text. glyph_fonts: see pdf_glyphs_find_fonts. */
PdfPage *pdf_page_read (PopplerPage *page, guint number, GHashTable *glyph_fonts);
PdfPage *pdf_page_new (guint number);
void pdf_page_free (PdfPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PdfPage, pdf_page_free)

/* Fills page->lines and page->places. boxes: of the characters of `text`, marks of direction aside.
 */
void pdf_lines_build (PdfPage *page, const char *text, const PopplerRectangle *boxes, guint n_boxes,
                      GList *attributes, GHashTable *glyph_fonts);

/* Puts the lines into the order in which a person reads them, and mirrors a page whose lines run to
 * the left. */
void pdf_page_order (PdfPage *page);

/* Turns characters round, in place, that are one glyph of a word that runs to the left. */
void pdf_ligatures_mend (char *text, const PopplerRectangle *boxes, guint n_boxes);

/* Adds the lines of text at an angle other than a right one, laid level. Which of the characters
 * they hold; NULL: none. (transfer full) */
guint8 *pdf_slant_find (PdfPage *page, const char *text, const PopplerRectangle *boxes,
                        guint n_boxes, GList *attributes);

/* Poppler puts it before each word that runs to the left. */
#define PDF_RIGHT_TO_LEFT 0x202b
#define PDF_RIGHT_TO_LEFT_UTF8 "\xe2\x80\xab"
gboolean pdf_is_direction_mark (gunichar c);

/* Appends what a reader of text sees in a character; FALSE: nothing. */
gboolean pdf_append_character (GString *text, gunichar c);

/* Adds to `fonts` (set of utf8) the names of the page's fonts whose text is numbers of glyphs.
 * attributes: poppler's, of `text`. */
void pdf_glyphs_find_fonts (GHashTable *fonts, const char *text, GList *attributes);

/* What such a font's glyph stands for; itself when that is not known. */
gunichar pdf_glyph_character (gunichar glyph);

/* Does the page have `word` (lower case)? */
gboolean pdf_page_has_word (PdfPage *page, const char *word);

/* Marks in `pages[index]` what recurs at the same place of the neighbours. seen: set of utf8; what
 * recurs is kept where it stands first. (element-type PdfPage) */
void pdf_furniture_mark (GPtrArray *pages, guint index, GHashTable *seen);

/* Marks the lines of footnotes; after pdf_furniture_mark. body: the usual size of the text. */
void pdf_notes_mark (PdfPage *page, double body);

/* The footnotes marked, each with its number. (element-type utf8) (transfer full) */
GPtrArray *pdf_notes_take (PdfPage *page);

/* Finds tables among the grids of pdf_page_order; after furniture and notes are marked. */
void pdf_tables_find (PdfPage *page);

typedef struct PdfFlow PdfFlow;

/* outline: (element-type utf8, level) titles as pdf_title_key makes them; borrowed. */
PdfFlow *pdf_flow_new (ExtractSink *sink, GHashTable *outline);
void pdf_flow_free (PdfFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PdfFlow, pdf_flow_free)

/* Counts the page's sizes: which is the body's, which are headings'. Before pdf_flow_page, for
 * some pages ahead. */
void pdf_flow_measure (PdfFlow *flow, const PdfPage *page);

gboolean pdf_flow_page (PdfFlow *flow, PdfPage *page, GError **error);

/* Delivers what waits for the next page. */
gboolean pdf_flow_finish (PdfFlow *flow, GError **error);

/* How many titles of the outline the pages so far have, and whether they had any text. */
guint pdf_flow_headings_found (const PdfFlow *flow);
gboolean pdf_flow_is_empty (const PdfFlow *flow);

/* The first of the largest headings of the first page, if any. (nullable) */
const char *pdf_flow_title (const PdfFlow *flow);

/* Letters and digits in lower case, without a number before the words. (transfer full) */
char *pdf_title_key (const char *title);

/* --- format-pdf-text.c: strings -----------------------------------------------------------------
 */

/* A list's marker at the start of a line. text: what follows. number: 0 for bullets, otherwise its
 * value; kind: one character for the style, equal within a list. FALSE: no marker. */
typedef struct {
  char marker[16]; /* "-" for bullets */
  const char *text;
  guint number;
  char kind;
} PdfMarker;

gboolean pdf_marker_read (const char *line, PdfMarker *marker);

/* A bullet or "12." and nothing else. */
gboolean pdf_is_lone_marker (const char *line);

/* A line of a table of contents: dots lead to a number. */
gboolean pdf_has_leader (const char *line);

/* Does the text hold the link's target, scheme aside and over line breaks? */
gboolean pdf_shows_target (const char *text, const char *target);

gboolean pdf_ends_sentence (const char *text, gsize bytes);
gboolean pdf_starts_lower (const char *text);

/* Appends a line to a paragraph: with a space, without one in scripts that have none, or with the
 * hyphen at the line's end resolved. */
void pdf_join (GString *paragraph, gboolean is_soft, const PdfLine *next, PdfPage *page);
