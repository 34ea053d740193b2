/* What the reader of frames promises of documents inside of a document. */
#include "tests/frame-recording.h"

/* A file of text, then "a" (with "b" in it, then text), "c" that failed, and text again. */
static gboolean
write_members (FrameWriter *writer)
{
  Block block = {.kind = BLOCK_PARAGRAPH};

  return frame_write_hello (writer, "1", NULL) &&
         frame_write_meta (writer, "format", "zip", NULL) &&
         frame_write_block (writer, &block, "", 0, "before", 6, NULL) &&
         frame_write_member (writer, "a", NULL) &&
         frame_write_meta (writer, "format", "eml", NULL) &&
         frame_write_meta (writer, "size", "12345678901", NULL) &&
         frame_write_member (writer, "dir/b", NULL) &&
         frame_write_block (writer, &block, "", 0, "inside", 6, NULL) &&
         frame_write_meta (writer, "format", "text", NULL) &&
         frame_write_end (writer, 6, 1, "only the first page", NULL) &&
         frame_write_block (writer, &block, "", 0, "of a", 4, NULL) &&
         frame_write_end (writer, 4, 1, NULL, NULL) && frame_write_member (writer, "", NULL) &&
         frame_write_block (writer, &block, "", 0, "gone", 4, NULL) &&
         frame_write_fail (writer, EXTRACT_ERROR_ENCRYPTED, "a password is needed", NULL) &&
         frame_write_block (writer, &block, "\n\n", 2, "after", 5, NULL) &&
         frame_write_end (writer, 13, 2, NULL, NULL);
}

static void
check_members (const Document *document)
{
  const Document *a, *b, *c;

  g_assert_cmpstr (document->text->str, ==, "before\n\nafter");
  g_assert_cmpuint (document->members->len, ==, 2);
  a = g_ptr_array_index (document->members, 0);
  c = g_ptr_array_index (document->members, 1);
  g_assert_cmpstr (a->name, ==, "a");
  g_assert_cmpstr (a->format, ==, "eml");
  g_assert_cmpstr (a->text->str, ==, "of a");
  g_assert_cmpstr (a->extractor, ==, "1");
  g_assert_cmpuint (a->size_bytes, ==, 12345678901);
  g_assert_null (a->error_code);
  g_assert_cmpuint (a->members->len, ==, 1);
  b = g_ptr_array_index (a->members, 0);
  g_assert_cmpstr (b->name, ==, "dir/b");
  g_assert_cmpstr (b->text->str, ==, "inside");
  g_assert_cmpstr (b->partial, ==, "only the first page");
  g_assert_cmpstr (c->name, ==, "");
  g_assert_cmpstr (c->error_code, ==, "encrypted");
  g_assert_cmpstr (c->error_message, ==, "a password is needed");
  g_assert_cmpuint (c->text->len, ==, 0);
  g_assert_cmpuint (c->blocks->len, ==, 0);
}

static void
test_nests_members (void)
{
  g_autoptr (GByteArray) bytes = record (write_members);

  for (gsize piece = 1; piece <= bytes->len; piece++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Document) document = feed (bytes, piece, NULL, &error);

    g_assert_no_error (error);
    check_members (document);
  }
  for (guint length = 0; length < bytes->len; length++) { /* nor is a head of it a document */
    g_autoptr (GByteArray) head = g_byte_array_new ();
    g_autoptr (GError) error = NULL;

    g_byte_array_append (head, bytes->data, length);
    g_assert_null (feed (head, 7, NULL, &error));
    g_assert_no_error (error);
  }
}

typedef struct {
  const char *name;
  guint max_members, max_depth;
  guint64 max_text_bytes;
  gboolean fits;
} MemberLimits;

static void
test_bounds_members (void)
{
  static const MemberLimits cases[] = {
      {"as many as there are", 3, 1, 1024, TRUE},
      {"one fewer", 2, 1, 1024, FALSE},
      {"a failed one may be one deeper", 3, 1, 1024, TRUE},
      {"text of all together", 3, 1, 1, TRUE}, /* within the slack */
  };
  g_autoptr (GByteArray) bytes = record (write_members);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    ExtractLimits limits = EXTRACT_LIMITS_INIT;
    g_autoptr (GError) error = NULL;

    limits.max_members = cases[i].max_members;
    limits.max_depth = cases[i].max_depth;
    limits.max_text_bytes = cases[i].max_text_bytes;
    g_autoptr (FrameReader) reader = frame_reader_new (&limits);
    g_test_message ("%s", cases[i].name);
    frame_reader_begin (reader, NAME, NULL);
    g_assert_cmpint (frame_reader_feed (reader, bytes->data, bytes->len, &error), ==,
                     cases[i].fits);
    if (!cases[i].fits)
      g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
  }
}

typedef struct {
  const char *what;
  gboolean (*write) (FrameWriter *writer);
} MemberLie;

#define HELLO frame_write_hello (writer, "1", NULL)
#define FORMAT frame_write_meta (writer, "format", "text", NULL)

static gboolean
lie_wrong_totals (FrameWriter *writer)
{
  return HELLO && frame_write_member (writer, "a", NULL) && FORMAT &&
         frame_write_end (writer, 1, 0, NULL, NULL);
}

static gboolean
lie_no_format (FrameWriter *writer)
{
  return HELLO && FORMAT && frame_write_member (writer, "a", NULL) &&
         frame_write_end (writer, 0, 0, NULL, NULL);
}

static gboolean
lie_checksum_of_the_file (FrameWriter *writer)
{
  g_autofree char *checksum = g_strnfill (64, '0');

  return HELLO && frame_write_meta (writer, "checksum", checksum, NULL) &&
         frame_write_end (writer, 0, 0, NULL, NULL);
}

static gboolean
lie_checksum (FrameWriter *writer)
{
  return HELLO && frame_write_member (writer, "a", NULL) &&
         frame_write_meta (writer, "checksum", "0123", NULL) &&
         frame_write_end (writer, 0, 0, NULL, NULL);
}

static gboolean
lie_line_break (FrameWriter *writer)
{
  return HELLO && frame_write_member (writer, "a\nb", NULL);
}

static gboolean
lie_code (FrameWriter *writer)
{
  return HELLO && frame_write_member (writer, "a", NULL) &&
         frame_write_fail (writer, EXTRACT_ERROR_CRASH, "it says", NULL);
}

static gboolean
lie_too_deep (FrameWriter *writer)
{
  gboolean fine = HELLO;

  for (guint i = 0; i < 12; i++)
    fine = fine && frame_write_member (writer, "a", NULL);
  return fine;
}

static gboolean
lie_blocks (FrameWriter *writer) /* each member few, all together too many */
{
  gboolean fine = HELLO;
  Block block = {.kind = BLOCK_PARAGRAPH};

  for (guint i = 0; i < 9; i++) {
    fine = fine && frame_write_member (writer, "a", NULL) && FORMAT;
    for (guint j = 0; j < 500; j++)
      fine = fine && frame_write_block (writer, &block, "", 0, "x", 1, NULL);
    fine = fine && frame_write_end (writer, 500, 500, NULL, NULL);
  }
  return fine;
}

static gboolean
lie_text (FrameWriter *writer)
{
  gboolean fine = HELLO;
  Block block = {.kind = BLOCK_PARAGRAPH};
  g_autofree char *text = g_strnfill (10000, 'x');

  for (guint i = 0; i < 8; i++)
    fine = fine && frame_write_member (writer, "a", NULL) && FORMAT &&
           frame_write_block (writer, &block, "", 0, text, 10000, NULL) &&
           frame_write_end (writer, 10000, 1, NULL, NULL);
  return fine;
}

static gboolean
lie_side (FrameWriter *writer) /* each piece is small enough */
{
  gboolean fine = HELLO;
  g_autofree char *text = g_strnfill (4096, 'x');

  for (guint i = 0; fine && i < 100; i++) {
    fine = frame_write_member (writer, text, NULL) && FORMAT;
    for (guint j = 0; j < 199; j++)
      fine = fine && frame_write_warn (writer, text, NULL);
    fine = fine && frame_write_end (writer, 0, 0, text, NULL);
  }
  return fine;
}

static void
test_believes_no_member_lie (void)
{
  static const MemberLie lies[] = {
      {"wrong totals", lie_wrong_totals},
      {"no format of its own", lie_no_format},
      {"a checksum of the file", lie_checksum_of_the_file},
      {"a checksum that is none", lie_checksum},
      {"a line break in a name", lie_line_break},
      {"a code that is not the worker's", lie_code},
      {"too deep", lie_too_deep},
      {"too many blocks", lie_blocks},
      {"too much text", lie_text},
      {"too much beside the text", lie_side},
  };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++) {
    ExtractLimits limits = EXTRACT_LIMITS_INIT;
    g_autoptr (GByteArray) bytes = record (lies[i].write);
    g_autoptr (GError) error = NULL;

    limits.max_text_bytes = 1024;
    g_autoptr (FrameReader) reader = frame_reader_new (&limits);
    frame_reader_begin (reader, NAME, NULL);
    g_assert_false (frame_reader_feed (reader, bytes->data, bytes->len, &error));
    g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
    g_test_message ("%s: %s", lies[i].what, error->message);
  }
}

/* Text of a member does not go on after it, nor is a GAP closed by it. */
static void
test_keeps_members_apart (void)
{
  static const struct {
    const char *frame;
    gsize bytes;
  } after[] = {
      {"\5\0\0\0\1\0\0\0x", 9},                   /* MORE after END of the member */
      {"\6\0\0\0\1\0\0\0x\13\0\0\0\0\0\0\0", 17}, /* GAP, MEMBER */
  };
  g_autoptr (GByteArray) bytes = record (write_members);
  gsize end = bytes->len;

  /* the file's last two frames off: its text and END */
  end -= FRAME_HEADER_BYTES + 12 + FRAME_HEADER_BYTES + FRAME_BLOCK_BYTES + 2 + 5;
  for (guint i = 0; i < G_N_ELEMENTS (after); i++) {
    const ExtractLimits limits = EXTRACT_LIMITS_INIT;
    g_autoptr (FrameReader) reader = frame_reader_new (&limits);
    g_autoptr (GError) error = NULL;

    frame_reader_begin (reader, NAME, NULL);
    g_assert_true (frame_reader_feed (reader, bytes->data, end, &error));
    g_assert_false (
        frame_reader_feed (reader, (const guint8 *)after[i].frame, after[i].bytes, &error));
    g_assert_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL);
  }
}

static void
test_survives_damage_of_members (void)
{
  survive_damage (write_members);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/members/nest", test_nests_members);
  g_test_add_func ("/frame/members/are-bounded", test_bounds_members);
  g_test_add_func ("/frame/members/tell-no-lie", test_believes_no_member_lie);
  g_test_add_func ("/frame/members/are-kept-apart", test_keeps_members_apart);
  g_test_add_func ("/frame/members/survive-damage", test_survives_damage_of_members);
  return g_test_run ();
}
