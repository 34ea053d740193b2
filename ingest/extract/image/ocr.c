#include "ocr.h"

#include <string.h>

#define SIDE_MIN 250
#define PIXELS_MAX (60u << 20)
/* The mean confidence, in per cent, under which it is no text but a photograph taken for it. */
#define CONFIDENCE_MIN 55
#define LETTERS_MIN 3

#ifdef INGEST_OCR

#include <dlfcn.h>
#include <leptonica/allheaders.h>
#include <tesseract/capi.h>

#define LANGUAGES "eng"

/* What is used of the two libraries. They are not linked: they bring an HTTP client along, and most
 * workers do without. */
#define TESSERACT_FUNCTIONS(F)                                                                     \
  F (TessBaseAPICreate)                                                                            \
  F (TessBaseAPIInit3)                                                                             \
  F (TessBaseAPISetImage2)                                                                         \
  F (TessBaseAPISetSourceResolution)                                                               \
  F (TessBaseAPIGetSourceYResolution)                                                              \
  F (TessBaseAPIRecognize)                                                                         \
  F (TessBaseAPIMeanTextConf)                                                                      \
  F (TessBaseAPIGetUTF8Text)                                                                       \
  F (TessBaseAPIClear)                                                                             \
  F (TessDeleteText)                                                                               \
  F (TessMonitorCreate)                                                                            \
  F (TessMonitorDelete)                                                                            \
  F (TessMonitorSetCancelFunc)                                                                     \
  F (TessMonitorSetCancelThis)
#define LEPTONICA_FUNCTIONS(F)                                                                     \
  F (pixReadMem)                                                                                   \
  F (pixReadMemTiff)                                                                               \
  F (pixCreate)                                                                                    \
  F (pixDestroy)                                                                                   \
  F (pixGetData)                                                                                   \
  F (pixGetWpl)                                                                                    \
  F (setMsgSeverity)

typedef struct {
#define FIELD(name) __typeof__ (&name) name;
  TESSERACT_FUNCTIONS (FIELD)
  LEPTONICA_FUNCTIONS (FIELD)
#undef FIELD
  TessBaseAPI *api; /* NULL: it could not be loaded */
  guint pages;      /* of the file at hand, so far */
} Engine;

/* Set once, in warm-up. */
static Engine *
engine (void)
{
  static Engine the_engine;

  return &the_engine;
}

static gboolean
load_functions (Engine *ocr)
{
  void *tesseract = dlopen ("libtesseract.so.5", RTLD_NOW | RTLD_LOCAL);
  void *leptonica = dlopen ("liblept.so.5", RTLD_NOW | RTLD_LOCAL);

  if (tesseract == NULL || leptonica == NULL)
    return FALSE;
#define LOAD(library, name)                                                                        \
  ocr->name = (__typeof__ (ocr->name))(gsize)dlsym (library, #name);                               \
  if (ocr->name == NULL)                                                                           \
    return FALSE;
#define LOAD_TESSERACT(name) LOAD (tesseract, name)
#define LOAD_LEPTONICA(name) LOAD (leptonica, name)
  TESSERACT_FUNCTIONS (LOAD_TESSERACT)
  LEPTONICA_FUNCTIONS (LOAD_LEPTONICA)
#undef LOAD
#undef LOAD_TESSERACT
#undef LOAD_LEPTONICA
  return TRUE;
}

const char *
ocr_version (void)
{
  return "tesseract/" INGEST_OCR;
}

void
ocr_warm_up (const ExtractLimits *limits)
{
  Engine *ocr = engine ();
  TessBaseAPI *api;

  if (limits->ocr == EXTRACT_OCR_OFF || !limits->ocr_engine || ocr->api != NULL ||
      !load_functions (ocr))
    return;
  ocr->setMsgSeverity (L_SEVERITY_NONE);
  api = ocr->TessBaseAPICreate ();
  if (api != NULL && ocr->TessBaseAPIInit3 (api, NULL, LANGUAGES) == 0)
    ocr->api = api;
}

void
ocr_begin_file (void)
{
  engine ()->pages = 0;
}

static gboolean
has_engine (void)
{
  return engine ()->api != NULL;
}

static bool
is_out_of_time (void *sink, int words)
{
  return extract_time_is_up (sink);
}

/* --- what was read ---------------------------------------------------------------------------- */

static guint
count_letters (const char *text)
{
  guint n = 0;

  for (; *text != '\0' && n < LETTERS_MIN; text = g_utf8_next_char (text))
    n += g_unichar_isalnum (g_utf8_get_char (text));
  return n;
}

/* Lines of a paragraph are one; hyphens at their ends join. */
static void
join_lines (char *paragraph)
{
  char *to = paragraph;

  for (const char *at = paragraph; *at != '\0'; at++) {
    if (*at != '\n')
      *to++ = *at;
    else if (to > paragraph + 1 && to[-1] == '-' && g_ascii_islower (to[-2]) &&
             g_ascii_islower (at[1]))
      to--;
    else
      *to++ = ' ';
  }
  *to = '\0';
}

static gboolean
deliver (ExtractSink *sink, guint page, const char *text, GError **error)
{
  g_auto (GStrv) paragraphs = g_strsplit (text, "\n\n", -1);

  for (guint i = 0; paragraphs[i] != NULL; i++) {
    g_strstrip (paragraphs[i]);
    join_lines (paragraphs[i]);
    if (!extract_paragraph (sink, page, paragraphs[i], -1, error))
      return FALSE;
  }
  return TRUE;
}

/* pix: (transfer full) (nullable) */
static gboolean
read_pix (ExtractSink *sink, guint page, PIX *pix, const ExtractLimits *limits, GError **error)
{
  Engine *ocr = engine ();
  ETEXT_DESC *monitor = ocr->TessMonitorCreate ();
  gboolean done = TRUE;

  if (pix == NULL) {
    extract_warn (sink, "a picture could not be decoded");
    ocr->TessMonitorDelete (monitor);
    return TRUE;
  }
  ocr->pages++;
  ocr->TessMonitorSetCancelThis (monitor, sink);
  ocr->TessMonitorSetCancelFunc (monitor, is_out_of_time);
  ocr->TessBaseAPISetImage2 (ocr->api, pix);
  if (ocr->TessBaseAPIGetSourceYResolution (ocr->api) < 70)
    ocr->TessBaseAPISetSourceResolution (ocr->api, 150);
  if (ocr->TessBaseAPIRecognize (ocr->api, monitor) == 0 &&
      ocr->TessBaseAPIMeanTextConf (ocr->api) >= CONFIDENCE_MIN) {
    char *text = ocr->TessBaseAPIGetUTF8Text (ocr->api);

    if (text != NULL && count_letters (text) >= LETTERS_MIN)
      done = deliver (sink, page, text, error);
    ocr->TessDeleteText (text);
  }
  ocr->TessBaseAPIClear (ocr->api);
  ocr->TessMonitorDelete (monitor);
  ocr->pixDestroy (&pix);
  return done;
}

static gboolean
is_within_budget (ExtractSink *sink, const ExtractLimits *limits)
{
  if (engine ()->pages < limits->max_ocr_pages)
    return TRUE;
  extract_warn (sink, "only %u pictures were read, what max_ocr_pages in [extract] allows",
                limits->max_ocr_pages);
  return FALSE;
}

gboolean
ocr_read_file (ExtractSink *sink, guint page, const guint8 *data, gsize bytes, guint index,
               const ExtractLimits *limits, GError **error)
{
  Engine *ocr = engine ();

  if (!is_within_budget (sink, limits))
    return TRUE;
  return read_pix (sink, page,
                   index == 0 ? ocr->pixReadMem (data, bytes)
                              : ocr->pixReadMemTiff (data, bytes, (int)index),
                   limits, error);
}

gboolean
ocr_read_grey (ExtractSink *sink, guint page, const guint8 *pixels, guint width, guint height,
               guint stride, const ExtractLimits *limits, GError **error)
{
  Engine *ocr = engine ();
  PIX *pix;

  if (!is_within_budget (sink, limits))
    return TRUE;
  pix = ocr->pixCreate ((int)width, (int)height, 8);
  if (pix != NULL) {
    guint32 *rows = ocr->pixGetData (pix);
    gsize words = (gsize)ocr->pixGetWpl (pix);

    /* leptonica's bytes lie in big-endian words */
    for (guint y = 0; y < height; y++)
      for (guint x = 0; x < width; x++)
        rows[y * words + x / 4] |= (guint32)pixels[(gsize)y * stride + x] << (24 - 8 * (x % 4));
  }
  return read_pix (sink, page, pix, limits, error);
}

#else

const char *
ocr_version (void)
{
  return "no-ocr";
}

void
ocr_warm_up (const ExtractLimits *limits)
{
}

void
ocr_begin_file (void)
{
}

static gboolean
has_engine (void)
{
  return FALSE;
}

gboolean
ocr_read_file (ExtractSink *sink, guint page, const guint8 *data, gsize bytes, guint index,
               const ExtractLimits *limits, GError **error)
{
  return TRUE;
}

gboolean
ocr_read_grey (ExtractSink *sink, guint page, const guint8 *pixels, guint width, guint height,
               guint stride, const ExtractLimits *limits, GError **error)
{
  return TRUE;
}

#endif

gboolean
ocr_is_page_sized (guint width, guint height)
{
  return width >= SIDE_MIN && height >= SIDE_MIN && (guint64)width * height <= PIXELS_MAX;
}

gboolean
ocr_wanted (const ExtractInput *input, guint width, guint height, GError **error)
{
  const ExtractLimits *limits = input->limits;

  if (limits->ocr == EXTRACT_OCR_OFF ||
      (!ocr_is_page_sized (width, height) &&
       (limits->ocr != EXTRACT_OCR_FORCE || (guint64)width * height > PIXELS_MAX)))
    return FALSE;
  if (has_engine ())
    return TRUE;
  if (EXTRACT_HAS_OCR && !limits->ocr_engine)
    g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_NEEDS_OCR,
                         "its text is in pictures; a worker with OCR is needed");
  else
    g_set_error_literal (
        error, EXTRACT_ERROR, EXTRACT_ERROR_UNSUPPORTED,
        "its text is in a picture, and there is no OCR here: install tesseract-ocr "
        "with its language data, or build with libtesseract-dev");
  return FALSE;
}
