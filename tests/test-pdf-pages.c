/* What pages read by helpers promise: the same text as without them, also when a helper dies, lies
 * or has nothing to say; and that bytes which are no page are known as such. */
#include "tests/extract-reading.h"

#include "ingest/extract/helpers.h"
#include "ingest/extract/pdf/pdf-pages.h"

#include <sys/wait.h>
#include <unistd.h>

#define PAGES 100u
#define PAGE_BROKEN 70
#define PAGE_ATTACHMENT 40

/* --- a long document -------------------------------------------------------------------------- */

static void
add_object (GString *pdf, GArray *offsets, const char *body)
{
  gsize offset = pdf->len;

  g_array_append_val (offsets, offset);
  g_string_append_printf (pdf, "%u 0 obj %s endobj\n", offsets->len, body);
}

static void
add_stream (GString *pdf, GArray *offsets, const char *entries, const char *bytes)
{
  g_autofree char *body = g_strdup_printf ("<<%s/Length %" G_GSIZE_FORMAT ">>stream\n%s\nendstream",
                                           entries, strlen (bytes), bytes);

  add_object (pdf, offsets, body);
}

/* What pages have that single ones share: a running head, a sentence that goes on over the page's
 * end, a footnote, a heading; one a link and a comment, one an attachment, one is broken. */
static void
add_page (GString *pdf, GArray *offsets, guint number)
{
  g_autoptr (GString) text = g_string_new ("BT /F 9 Tf 60 800 Td (Annals of the weir) Tj ET\n");
  g_autofree char *page = NULL;
  const char *annots = "";

  if (number % 10 == 1)
    g_string_append_printf (text, "BT /F 18 Tf 60 740 Td (Chapter %u) Tj ET\n", number / 10 + 1);
  for (guint i = 0; i < 12; i++)
    g_string_append_printf (text,
                            "BT /F 11 Tf 60 %u Td (Line %u of page %u tells of the water and its "
                            "keepers, who measure) Tj ET\n",
                            700 - 14 * i, i, number);
  g_string_append_printf (text, "BT /F 7 Tf 60 90 Td (%u See the gauge of year %u.) Tj ET\n",
                          number % 90 + 1, 1800 + number);
  g_string_append_printf (text, "BT /F 9 Tf 300 40 Td (%u) Tj ET\n", number);
  if (number == PAGE_ATTACHMENT)
    annots = "/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[9 9 20 20]/FS 4 0 R>>]";
  else if (number % 7 == 0)
    annots = "/Annots[<</Type/Annot/Subtype/Link/Rect[60 690 300 715]/A<</S/URI/URI(https://weir."
             "example/gauge)>>>><</Type/Annot/Subtype/Text/Rect[9 9 20 20]/T(Ada)/Contents(Check "
             "it)>>]";
  page = g_strdup_printf (number == PAGE_BROKEN ? "<</Type/Nothing %s/X %u>>"
                                                : "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 "
                                                  "842]%s/Contents %u 0 R/Resources<</Font<</F "
                                                  "3 0 R>>>>>>",
                          annots, offsets->len + 2);
  add_object (pdf, offsets, page);
  add_stream (pdf, offsets, "", text->str);
}

static GBytes *
long_document (void)
{
  GString *pdf = g_string_new ("%PDF-1.4\n");
  g_autoptr (GArray) offsets = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GString) kids = g_string_new (NULL);
  g_autofree char *tree = NULL;
  gsize start;

  for (guint i = 0; i < PAGES; i++)
    g_string_append_printf (kids, "%u 0 R ", 6 + 2 * i);
  tree = g_strdup_printf ("<</Type/Pages/Count %u/Kids[%s]>>", PAGES, kids->str);
  add_object (pdf, offsets, "<</Type/Catalog/Pages 2 0 R>>");
  add_object (pdf, offsets, tree);
  add_object (pdf, offsets, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
  add_object (pdf, offsets, "<</Type/Filespec/F(log.txt)/EF<</F 5 0 R>>>>");
  add_stream (pdf, offsets, "/Type/EmbeddedFile", "The log of the lock keeper");
  for (guint i = 1; i <= PAGES; i++)
    add_page (pdf, offsets, i);
  start = pdf->len;
  g_string_append_printf (pdf, "xref\n0 %u\n0000000000 65535 f \n", offsets->len + 1);
  for (guint i = 0; i < offsets->len; i++)
    g_string_append_printf (pdf, "%010" G_GSIZE_FORMAT " 00000 n \n",
                            g_array_index (offsets, gsize, i));
  g_string_append_printf (pdf,
                          "trailer<</Root 1 0 R/Size %u>>\nstartxref\n%" G_GSIZE_FORMAT "\n%%%%EOF",
                          offsets->len + 1, start);
  return g_string_free_to_bytes (pdf);
}

/* --- helpers of all kinds --------------------------------------------------------------------- */

typedef enum {
  HONEST,
  DIES_AT_ONCE,
  DIES_BETWEEN,
  SAYS_NOTHING,
  SAYS_NOISE,
  SAYS_HALF,
  SAYS_OTHER_PAGES,
  SAYS_TOO_MUCH,
  SAYS_UNASKED,
} Kind;

/* The page under another's number. */
static void
answer_with_copy (int fd, guint32 part, const GByteArray *page)
{
  g_autoptr (PdfPage) copy = pdf_page_unpack (page->data, page->len);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  copy->number = part + 1;
  pdf_page_pack (copy, bytes);
  helper_answer (fd, part, bytes->data, bytes->len);
}

/* Answers each question by its kind. */
static void
misbehave (int fd, Kind kind, const GByteArray *page)
{
  static const guint8 noise[] = "no page at all, but bytes enough for the head of one, which it is "
                                "not; and on it goes for a while, so that there is more to read";
  const guint32 too_much[] = {0, HELPER_ANSWER_MAX + 1};
  HelperMessage message;
  guint answered = 0;

  while (helper_receive (fd, &message)) {
    if (message.ask != HELPER_PART)
      continue;
    if (kind == DIES_AT_ONCE || (kind == DIES_BETWEEN && answered == 3))
      _exit (9);
    if (kind == SAYS_NOTHING)
      helper_answer (fd, message.part, NULL, 0);
    else if (kind == SAYS_NOISE)
      helper_answer (fd, message.part, noise, sizeof noise);
    else if (kind == SAYS_HALF)
      helper_answer (fd, message.part, page->data, page->len / 2);
    else if (kind == SAYS_OTHER_PAGES)
      answer_with_copy (fd, message.part, page);
    else if (kind == SAYS_TOO_MUCH)
      g_assert_cmpint (write (fd, too_much, sizeof too_much), ==, sizeof too_much);
    else
      helper_answer (fd, message.part + (kind == SAYS_UNASKED ? PAGES : 0), page->data, page->len);
    answered++;
  }
}

/* The packed first page of a document. */
static GByteArray *
packed_page (GBytes *bytes)
{
  GByteArray *packed = g_byte_array_new ();
  g_autoptr (PopplerDocument) document = pdf_open (bytes, NULL, NULL);
  g_autoptr (PdfPage) page = pdf_page_read_ahead (document, 0);

  g_assert_nonnull (page);
  pdf_page_pack (page, packed);
  return packed;
}

static ExtractHelpers *
fork_helpers (guint n, Kind kind, const GByteArray *page)
{
  int fd;
  ExtractHelpers *helpers = extract_helpers_fork (n, &fd);

  if (fd >= 0 && kind == HONEST)
    pdf_help (fd, &default_limits);
  else if (fd >= 0)
    misbehave (fd, kind, page);
  if (fd >= 0)
    _exit (0);
  g_assert_nonnull (helpers);
  return helpers;
}

/* --- the same text ---------------------------------------------------------------------------- */

static char *
read_with (GBytes *bytes, ExtractHelpers *helpers)
{
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, document);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  ExtractInput input = {
      .name = "a.pdf",
      .declared = "",
      .bytes = bytes,
      .limits = &default_limits,
      .helpers = helpers,
  };
  int fd = g_file_open_tmp (NULL, &path, &error);
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  GString *all = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_cmpint (write (fd, data, n_bytes), ==, n_bytes);
  g_assert_cmpint (unlink (path), ==, 0);
  if (helpers != NULL)
    extract_helpers_set_file (helpers, fd);
  extract_run (&input, sink, &error);
  g_assert_no_error (error);
  g_assert_true (extract_sink_finish (sink, NULL));
  close (fd);
  g_string_append (all, document->text->str);
  for (guint i = 0; i < document->blocks->len; i++)
    g_string_append_printf (all, "%u ", g_array_index (document->blocks, Block, i).page);
  for (guint i = 0; i < document->warnings->len; i++)
    g_string_append_printf (all, "\n%s", (char *)g_ptr_array_index (document->warnings, i));
  return g_string_free (all, FALSE);
}

static void
test_same_text (gconstpointer data)
{
  Kind kind = (Kind)GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) bytes = long_document ();
  g_autoptr (GByteArray) page = packed_page (bytes);
  g_autofree char *alone = read_with (bytes, NULL);

  g_assert_nonnull (strstr (alone, "Line 3 of page 99"));
  g_assert_nonnull (strstr (alone, "[Ada] Check it"));
  for (guint n = 1; n <= 3; n += 2) {
    ExtractHelpers *helpers = fork_helpers (n, kind, page);

    /* also the second file of the same helpers */
    for (guint i = 0; i < 2; i++) {
      g_autofree char *together = read_with (bytes, helpers);

      /* a well-formed lie is believed, as a file's is: what helpers say does go into the text */
      if (kind == SAYS_OTHER_PAGES)
        g_assert_cmpstr (together, !=, alone);
      else
        g_assert_cmpstr (together, ==, alone);
    }
    extract_helpers_free (helpers);
    while (wait (NULL) > 0)
      ;
  }
}

static void
test_limit_ends_helpers_work (void)
{
  ExtractLimits few = default_limits;
  g_autoptr (GBytes) bytes = long_document ();
  ExtractHelpers *helpers = fork_helpers (2, HONEST, NULL);
  g_autofree char *alone = read_with (bytes, NULL);
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;
  ExtractInput input = {
      .name = "a.pdf",
      .declared = "",
      .bytes = bytes,
      .limits = &few,
      .helpers = helpers,
  };

  few.max_text_bytes = 2000;
  sink = extract_sink_new_for_document (&few, document);
  extract_run (&input, sink, &error);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_LIMIT);
  /* the next file gets its own pages, not what was asked for before */
  after = read_with (bytes, helpers);
  g_assert_cmpstr (after, ==, alone);
  extract_helpers_free (helpers);
  while (wait (NULL) > 0)
    ;
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void
test_round_trip (void)
{
  g_autoptr (GBytes) bytes = long_document ();
  g_autoptr (GByteArray) packed = packed_page (bytes);
  g_autoptr (GByteArray) again = g_byte_array_new ();
  g_autoptr (PdfPage) page = pdf_page_unpack (packed->data, packed->len);

  g_assert_nonnull (page);
  pdf_page_pack (page, again);
  g_assert_cmpmem (packed->data, packed->len, again->data, again->len);
}

static void
test_short_bytes (void)
{
  g_autoptr (GBytes) bytes = long_document ();
  g_autoptr (GByteArray) packed = packed_page (bytes);

  for (guint n = 0; n < packed->len; n++) {
    g_autofree guint8 *own = g_memdup2 (packed->data, n); /* so that a sanitizer sees its end */

    g_assert_null (pdf_page_unpack (own, n));
  }
}

/* Whatever comes out can be packed: its texts are texts, its words in them. */
static void
test_changed_bytes (void)
{
  g_autoptr (GBytes) bytes = long_document ();
  g_autoptr (GByteArray) packed = packed_page (bytes);
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  guint refused = 0;

  for (guint i = 0; i < 20000; i++) {
    g_autofree guint8 *own = g_memdup2 (packed->data, packed->len);
    g_autoptr (PdfPage) page = NULL;

    for (guint j = 0; j <= i % 3; j++)
      own[g_rand_int_range (random, 0, (gint32)packed->len)] = (guint8)g_rand_int (random);
    page = pdf_page_unpack (own, packed->len);
    refused += page == NULL;
    for (guint k = 0; page != NULL && k < page->lines->len; k++) {
      const PdfLine *line = &g_array_index (page->lines, PdfLine, k);

      g_assert_true (g_utf8_validate (line->text, (gssize)line->bytes, NULL));
      g_assert_cmpuint (line->first_word + line->n_words, <=, page->places->len);
    }
  }
  g_assert_cmpuint (refused, >, 100);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = {"honest",     "dies-at-once", "dies-between",
                                      "is-silent",  "noise",        "half-a-page",
                                      "other-page", "too-long",     "unasked"};
  g_test_init (&argc, &argv, NULL);
  g_assert_true (extract_warm_up (NULL));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strconcat ("/pdf-pages/same-text/", names[i], NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_same_text);
  }
  g_test_add_func ("/pdf-pages/a-limit-ends-the-helpers-work", test_limit_ends_helpers_work);
  g_test_add_func ("/pdf-pages/round-trip", test_round_trip);
  g_test_add_func ("/pdf-pages/short-bytes-are-refused", test_short_bytes);
  g_test_add_func ("/pdf-pages/changed-bytes-are-safe", test_changed_bytes);
  return g_test_run ();
}
