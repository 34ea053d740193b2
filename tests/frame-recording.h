/* What the tests of the frames share: recording what the writer sends, feeding it to the reader,
 * and damaging it in between. */
#pragma once

#include "ingest/extract/frame.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MUTATIONS 20000
#define NAME "a.txt"

/* What the writer sends for: hello, the file of write_file. */
G_GNUC_UNUSED static GByteArray *
record (gboolean (*write_file) (FrameWriter *writer))
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 buffer[65536];
  int ends[2];
  gssize n;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);

  pid_t writer_pid = fork (); /* it may have more to say than a socket holds */

  if (writer_pid == 0) {
    g_autoptr (FrameWriter) writer = frame_writer_new (ends[1]);

    _exit (write_file (writer) ? 0 : 1);
  }
  close (ends[1]);
  while ((n = read (ends[0], buffer, sizeof buffer)) > 0)
    g_byte_array_append (bytes, buffer, (guint)n);
  close (ends[0]);
  g_assert_cmpint (waitpid (writer_pid, NULL, 0), ==, writer_pid);
  return bytes;
}

/* piece 0: pieces of random sizes. NULL: refused (error), or not at its end (no error). */
G_GNUC_UNUSED static Document *
feed (const GByteArray *bytes, gsize piece, GRand *random, GError **error)
{
  const ExtractLimits limits = EXTRACT_LIMITS_INIT;
  g_autoptr (FrameReader) reader = frame_reader_new (&limits);

  frame_reader_begin (reader, NAME, NULL);
  for (gsize at = 0; at < bytes->len;) {
    gsize n = piece > 0 ? piece : (gsize)g_rand_int_range (random, 1, 40);

    n = MIN (n, bytes->len - at);
    if (!frame_reader_feed (reader, bytes->data + at, n, error))
      return NULL;
    at += n;
  }
  return frame_reader_done (reader) ? frame_reader_take (reader, error) : NULL;
}

/* What must be true of any document that comes out. */
G_GNUC_UNUSED static void
check_any (const Document *document)
{
  gsize at = 0;

  g_assert_nonnull (document->format);
  g_assert_true (g_utf8_validate (document->text->str, (gssize)document->text->len, NULL));
  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    g_assert_cmpuint (block->start_byte, >=, at);
    g_assert_cmpuint (block->end_byte, >, block->start_byte);
    g_assert_cmpuint (block->kind, >=, BLOCK_HEADING);
    g_assert_cmpuint (block->kind, <=, BLOCK_KIND_LAST);
    at = block->end_byte;
  }
  g_assert_cmpuint (at, <=, document->text->len);
  for (guint i = 0; i < document->members->len; i++) {
    const Document *member = g_ptr_array_index (document->members, i);

    g_assert_nonnull (member->name);
    if (member->error_code == NULL)
      check_any (member);
  }
}

static void
damage (GByteArray *bytes, GRand *random)
{
  guint times = (guint)g_rand_int_range (random, 1, 4);

  for (guint i = 0; i < times && bytes->len > 0; i++) {
    guint at = (guint)g_rand_int_range (random, 0, (gint32)bytes->len);
    guint length = (guint)g_rand_int_range (random, 1, 30);
    guint8 copy[32];

    length = MIN (length, bytes->len - at);
    switch (g_rand_int_range (random, 0, 5)) {
    case 0:
      bytes->data[at] = (guint8)g_rand_int (random);
      break;
    case 1:
      bytes->data[at] ^= (guint8)(1u << g_rand_int_range (random, 0, 8));
      break;
    case 2:
      g_byte_array_remove_range (bytes, at, length);
      break;
    case 3: /* a piece comes twice */
      memcpy (copy, bytes->data + at, length);
      g_byte_array_append (bytes, copy, length);
      break;
    default: /* or overwrites another */
      memmove (bytes->data + (guint)g_rand_int_range (random, 0, (gint32)(bytes->len - length + 1)),
               bytes->data + at, length);
    }
  }
}

G_GNUC_UNUSED static void
survive_damage (gboolean (*write_file) (FrameWriter *writer))
{
  g_autoptr (GByteArray) bytes = record (write_file);
  g_autoptr (GRand) random = g_rand_new_with_seed (20240601);
  guint refused = 0, documents = 0;

  for (guint i = 0; i < MUTATIONS; i++) {
    g_autoptr (GByteArray) damaged = g_byte_array_new ();
    g_autoptr (GError) error = NULL;

    g_byte_array_append (damaged, bytes->data, bytes->len);
    damage (damaged, random);

    g_autoptr (Document) document = feed (damaged, 0, random, &error);

    if (document != NULL) {
      check_any (document);
      documents++;
    } else if (error != NULL) {
      g_assert_true (error->domain == EXTRACT_ERROR);
      refused++;
    }
  }
  g_test_message ("%u refused, %u documents, %u without an end", refused, documents,
                  MUTATIONS - refused - documents);
  g_assert_cmpuint (refused, >, MUTATIONS / 4);
  g_assert_cmpuint (documents, >, 0); /* a letter may change unnoticed */
}
