/* What the reader of frames promises: what the writer wrote comes back, in pieces of any size; what
 * is damaged is refused; and no bytes at all make a document whose totals are wrong. */
#include "tests/frame-recording.h"

/* --- a good conversation -------------------------------------------------------------------------
 */

static gboolean
write_small (FrameWriter *writer)
{
  Block heading = {.kind = BLOCK_HEADING, .level = 2, .page = 1};
  Block item = {.kind = BLOCK_LIST_ITEM, .level = 1, .page = 2};
  Block code = {.kind = BLOCK_CODE, .level = 9}; /* a level that means nothing is not sent */

  return frame_write_hello (writer, "1 test/2", NULL) &&
         frame_write_meta (writer, "title", "Größe", NULL) &&
         frame_write_meta (writer, "pages", "2", NULL) &&
         frame_write_block (writer, &heading, "", 0, "## Größe", 10, NULL) &&
         frame_write_block (writer, &item, "\n\n", 2, "- eins", 6, NULL) &&
         frame_write_warn (writer, "a picture was not read", NULL) &&
         frame_write_block (writer, &code, "\n\n", 2, "```\nx\n```", 9, NULL) &&
         frame_write_meta (writer, "format", "text", NULL) &&
         frame_write_meta (writer, "mime_type", "text/plain", NULL) &&
         frame_write_end (writer, 29, 3, "only the first 2 pages", NULL);
}

#define LONG_GAP 200001u
#define LONG_TEXT 1000001u

/* Two-byte characters, so that pieces of an even size would split one. */
static char *
umlauts (gsize bytes)
{
  char *text = g_malloc (bytes + 1);

  text[0] = 'x';
  for (gsize i = 1; i + 1 < bytes; i += 2)
    memcpy (text + i, "ü", 2);
  text[bytes] = '\0';
  return text;
}

static gboolean
write_long (FrameWriter *writer)
{
  g_autofree char *gap = umlauts (LONG_GAP);
  g_autofree char *text = umlauts (LONG_TEXT);
  Block block = {.kind = BLOCK_PARAGRAPH};

  return frame_write_hello (writer, "1", NULL) &&
         frame_write_block (writer, &block, gap, LONG_GAP, text, LONG_TEXT, NULL) &&
         frame_write_meta (writer, "format", "text", NULL) &&
         frame_write_end (writer, LONG_GAP + LONG_TEXT, 1, NULL, NULL);
}

static gboolean
write_failure (FrameWriter *writer)
{
  Block block = {.kind = BLOCK_PARAGRAPH};

  return frame_write_hello (writer, "1", NULL) &&
         frame_write_block (writer, &block, "", 0, "gone", 4, NULL) &&
         frame_write_fail (writer, EXTRACT_ERROR_ENCRYPTED, "a password is needed", NULL);
}

/* --- feeding
 * -------------------------------------------------------------------------------------- */

static void
check_small (const Document *document)
{
  const Block *blocks = (const Block *)(gpointer)document->blocks->data;

  g_assert_cmpstr (document->name, ==, NAME);
  g_assert_cmpstr (document->extractor, ==, "1 test/2");
  g_assert_cmpstr (document->title, ==, "Größe");
  g_assert_cmpstr (document->format, ==, "text");
  g_assert_cmpstr (document->mime_type, ==, "text/plain");
  g_assert_null (document->author);
  g_assert_cmpuint (document->page_count, ==, 2);
  g_assert_cmpstr (document->partial, ==, "only the first 2 pages");
  g_assert_cmpuint (document->warnings->len, ==, 1);
  g_assert_cmpstr (document->text->str, ==, "## Größe\n\n- eins\n\n```\nx\n```");
  g_assert_cmpuint (document->blocks->len, ==, 3);
  g_assert_cmpuint (blocks[0].level, ==, 2);
  g_assert_cmpuint (blocks[1].start_byte, ==, 12);
  g_assert_cmpuint (blocks[1].end_byte, ==, 18);
  g_assert_cmpuint (blocks[1].page, ==, 2);
  g_assert_cmpuint (blocks[2].kind, ==, BLOCK_CODE);
  g_assert_cmpuint (blocks[2].level, ==, 0);
}

/* --- tests
 * ---------------------------------------------------------------------------------------- */

static void
test_returns_what_was_written (void)
{
  g_autoptr (GByteArray) bytes = record (write_small);

  for (gsize piece = 1; piece <= bytes->len; piece++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = feed (bytes, piece, NULL, &error);

    g_assert_no_error (error);
    check_small (document);
  }
}

static void
test_splits_between_characters (void)
{
  g_autoptr (GByteArray) bytes = record (write_long);
  g_autofree char *gap = umlauts (LONG_GAP);
  g_autofree char *text = umlauts (LONG_TEXT);
  g_autofree char *all = g_strconcat (gap, text, NULL);
  static const gsize pieces[] = {1, 1000, 65536, G_MAXSIZE};

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = feed (bytes, pieces[i], NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (document->text->str, ==, all);
    g_assert_cmpuint (document->blocks->len, ==, 1);
    g_assert_cmpuint (g_array_index (document->blocks, Block, 0).start_byte, ==, LONG_GAP);
    g_assert_cmpuint (g_array_index (document->blocks, Block, 0).end_byte, ==,
                      LONG_GAP + LONG_TEXT);
  }
}

static void
test_passes_on_a_failure (void)
{
  g_autoptr (GByteArray) bytes = record (write_failure);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = feed (bytes, 1, NULL, &error);

  g_assert_null (document);
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_ENCRYPTED);
  g_assert_cmpstr (error->message, ==, "a password is needed");
}

static void
test_serves_one_file_after_the_other (void)
{
  const ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (FrameReader) reader = frame_reader_new (&limits);
  g_autoptr (GByteArray) bytes = record (write_small);
  guint hello = FRAME_HEADER_BYTES + 4 + (guint)strlen ("1 test/2");

  for (guint i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    guint from = i == 0 ? 0 : hello;

    frame_reader_begin (reader, NAME, NULL);
    g_assert_false (frame_reader_done (reader));
    g_assert_true (frame_reader_feed (reader, bytes->data + from, bytes->len - from, &error));
    g_assert_true (frame_reader_done (reader));

    g_autoptr (Document) document = frame_reader_take (reader, &error);

    check_small (document);
  }
}

static void
test_makes_no_short_document (void)
{
  g_autoptr (GByteArray) bytes = record (write_small);

  for (guint length = 0; length < bytes->len; length++) {
    g_autoptr (GByteArray) head = g_byte_array_new ();
    g_autoptr (GError) error = NULL;

    g_byte_array_append (head, bytes->data, length);
    g_assert_null (feed (head, 7, NULL, &error));
    g_assert_no_error (error);
  }
}

static void
test_takes_nothing_after_the_end (void)
{
  g_autoptr (GByteArray) bytes = record (write_small);
  g_autoptr (GError) error = NULL;

  g_byte_array_append (bytes, (const guint8 *)"\6\0\0\0\1\0\0\0x", 9);
  g_assert_null (feed (bytes, bytes->len, NULL, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
}

/* A frame that is taken out or comes twice changes the totals, or nothing. */
static void
test_counts (void)
{
  g_autoptr (GByteArray) bytes = record (write_small);
  guint kept = 0;

  for (gsize at = 0; at < bytes->len;) {
    gsize frame = FRAME_HEADER_BYTES + frame_get_u32 (bytes->data + at + 4);
    gboolean is_block = frame_get_u32 (bytes->data + at) == FRAME_TEXT;

    for (guint times = 0; times <= 2; times += 2) {
      g_autoptr (GByteArray) changed = g_byte_array_new ();
      g_autoptr (GError) error = NULL;

      g_byte_array_append (changed, bytes->data, (guint)at);
      for (guint i = 0; i < times; i++)
        g_byte_array_append (changed, bytes->data + at, (guint)frame);
      g_byte_array_append (changed, bytes->data + at + frame, bytes->len - (guint)(at + frame));

      g_autoptr (Document) document = feed (changed, 16, NULL, &error);

      if (is_block)
        g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
      if (document != NULL) {
        check_any (document);
        kept++;
      }
    }
    at += frame;
  }
  g_assert_cmpuint (kept, >, 0); /* metadata and warnings are not counted */
}

/* A length that no frame has is refused before any of its payload is kept. */
static void
test_checks_the_header_first (void)
{
  static const struct {
    guint32 type, length;
  } headers[] = {
      {0, 0},           {FRAME_MEMBER + 1, 0}, {FRAME_TEXT, FRAME_PAYLOAD_MAX + 1},
      {FRAME_TEXT, 8},  {FRAME_MORE, 0},       {FRAME_WARN, FRAME_REASON_MAX + 1},
      {FRAME_END, 11},  {FRAME_FAIL, 3},       {FRAME_META, 0xFFFFFFFFu},
      {FRAME_HELLO, 4}, {FRAME_JOB, 2},        {0xFFFFFFFFu, 0},
  };
  const ExtractLimits limits = EXTRACT_LIMITS_INIT;

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autoptr (FrameReader) reader = frame_reader_new (&limits);
    g_autoptr (GError) error = NULL;
    guint8 header[FRAME_HEADER_BYTES];

    frame_reader_begin (reader, NAME, NULL);
    g_assert_true (
        frame_reader_feed (reader, (const guint8 *)"\1\0\0\0\5\0\0\0\2\0\0\0x", 13, NULL));
    frame_put_u32 (header, headers[i].type);
    frame_put_u32 (header + 4, headers[i].length);
    g_assert_false (frame_reader_feed (reader, header, sizeof header, &error));
    g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
  }
}

static void
test_bounds_text (void)
{
  ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (GByteArray) bytes = record (write_long);
  g_autoptr (GError) error = NULL;

  limits.max_text_bytes = LONG_TEXT / 2;
  g_autoptr (FrameReader) reader = frame_reader_new (&limits);

  frame_reader_begin (reader, NAME, NULL);
  g_assert_false (frame_reader_feed (reader, bytes->data, bytes->len, &error));
  g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
}

/* --- damage ------------------------------------------------------------------------------------
 */

static void
test_survives_damage (void)
{
  survive_damage (write_small);
}

static void
test_survives_noise (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (42);

  for (guint i = 0; i < MUTATIONS; i++) {
    g_autoptr (GByteArray) noise = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    guint8 bytes[64];

    for (guint j = 0; j < sizeof bytes; j++) /* small numbers: more of it looks like frames */
      bytes[j] = (guint8)g_rand_int_range (random, 0, i % 2 == 0 ? 12 : 256);
    g_byte_array_append (noise, bytes, sizeof bytes);
    g_assert_null (feed (noise, 0, random, &error));
  }
}

/* --- jobs ----------------------------------------------------------------------------------------
 */

static void
check_job (const FrameJob *job, guint n_passwords)
{
  g_autoptr (GByteArray) frame = frame_pack_job (job);
  guint32 type, length;
  FrameJob read;

  g_assert_true (frame_unpack_header (frame->data, &type, &length));
  g_assert_cmpuint (type, ==, FRAME_JOB);
  g_assert_cmpuint (length, <=, FRAME_JOB_MAX);
  g_assert_cmpuint (frame->len, ==, FRAME_HEADER_BYTES + length);
  for (guint cut = 0; cut < MIN (length, 300); cut++) { /* what is cut off is no job, or another */
    if (frame_unpack_job ((const char *)frame->data + FRAME_HEADER_BYTES, cut, &read))
      g_free ((gpointer)read.passwords);
  }
  g_assert_true (frame_unpack_job ((const char *)frame->data + FRAME_HEADER_BYTES, length, &read));
  g_assert_true (g_str_has_suffix (job->name, read.name));
  g_assert_cmpstr (read.declared, ==, job->declared);
  g_assert_cmpuint (g_strv_length ((char **)read.passwords), ==, n_passwords);
  for (guint i = 0; i < n_passwords; i++)
    g_assert_cmpstr (read.passwords[i], ==, job->passwords[i]);
  g_assert_cmpmem (&read.resume, sizeof read.resume, &job->resume, sizeof job->resume);
  g_free ((gpointer)read.passwords);
}

static void
test_packs_jobs (void)
{
  g_autofree char *long_name = umlauts (100001);
  g_autofree char *long_password = umlauts (FRAME_PASSWORDS_MAX - 9);
  const char *const names[] = {"", "a.pdf", long_name};
  const char *const passwords[] = {"one", "zw\xc3\xb6lf", "", long_password, "more", NULL};
  FrameJob job = {.declared = "text/plain"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    job.name = names[i];
    check_job (&job, 0);
  }
  job.passwords = passwords;
  check_job (&job, 3); /* the fourth is too long, with the others */
  job.resume = (FrameResume){
      .elapsed_ms = 7, .used = {G_GUINT64_CONSTANT (1) << 40, 2, 3, 4}, .n_path = FRAME_PATH_MAX};
  for (guint i = 0; i < FRAME_PATH_MAX; i++)
    job.resume.path[i] = i * 0x1000001u;
  check_job (&job, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/returns-what-was-written", test_returns_what_was_written);
  g_test_add_func ("/frame/splits-between-characters", test_splits_between_characters);
  g_test_add_func ("/frame/passes-on-a-failure", test_passes_on_a_failure);
  g_test_add_func ("/frame/serves-one-file-after-the-other", test_serves_one_file_after_the_other);
  g_test_add_func ("/frame/makes-no-short-document", test_makes_no_short_document);
  g_test_add_func ("/frame/takes-nothing-after-the-end", test_takes_nothing_after_the_end);
  g_test_add_func ("/frame/counts", test_counts);
  g_test_add_func ("/frame/checks-the-header-first", test_checks_the_header_first);
  g_test_add_func ("/frame/bounds-text", test_bounds_text);
  g_test_add_func ("/frame/survives-damage", test_survives_damage);
  g_test_add_func ("/frame/survives-noise", test_survives_noise);
  g_test_add_func ("/frame/packs-jobs", test_packs_jobs);
  return g_test_run ();
}
