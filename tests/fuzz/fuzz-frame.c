/* The parent's reader of frames: bytes as a worker may send them. seeds: none */
#include "reader.h"

#include "ingest/extract/frame.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const ExtractLimits limits = FUZZ_LIMITS;
  static const char hello[] = "\1\0\0\0\5\0\0\0\2\0\0\0x";
  g_autoptr (FrameReader) reader = frame_reader_new (&limits);
  g_autoptr (GPtrArray) chain = g_ptr_array_new ();
  g_autoptr (Document) document = NULL;
  g_autoptr (GError) error = NULL;
  gsize step = size > 0 ? 1 + data[0] : 1; /* in pieces */

  frame_reader_begin (reader, "a", NULL);
  g_assert_true (frame_reader_feed (reader, (const guint8 *)hello, sizeof hello - 1, NULL));
  for (gsize at = 0; at < size; at += step)
    if (!frame_reader_feed (reader, data + at, MIN (step, size - at), &error))
      break;
  if (error == NULL && frame_reader_done (reader))
    document = frame_reader_take (reader, NULL);
  else if (error != NULL)
    document = frame_reader_salvage (reader, error, chain);
  if (document != NULL)
    fuzz_check (document);
  return 0;
}
