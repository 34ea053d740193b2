/* What the fuzzers of readers share: bytes to a document, with small limits. */
#pragma once

#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t bytes);

/* Runs one reader, whatever the content looks like. Always 0. */
static inline int
fuzz_read (ExtractFormatFunc read, const char *name, const uint8_t *data, size_t size)
{
  static const ExtractLimits limits = {.max_file_bytes = 64u << 20,
                                       .max_text_bytes = 16u << 20,
                                       .max_inflated_bytes = 64u << 20,
                                       .max_inflate_ratio = 200,
                                       .max_pages = 1000,
                                       .timeout_ms = 20000,
                                       .memory_mb = 1024};
  static gsize is_warm = 0;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (ExtractSink) sink = NULL;
  g_autoptr (GError) error = NULL;
  ExtractInput input = {.name = name, .declared = "", .limits = &limits};
  Document *document;

  if (g_once_init_enter (&is_warm)) {
    extract_warm_up (NULL);
    g_once_init_leave (&is_warm, 1);
  }
  bytes = g_bytes_new (data, size);
  input.bytes = bytes;
  document = document_new ();
  sink = extract_sink_new_for_document (&limits, document);
  if (!read (&input, sink, &error))
    g_assert_nonnull (error);
  extract_sink_finish (sink, NULL);
  g_assert_true (g_utf8_validate (document->text->str, (gssize)document->text->len, NULL));
  document_free (document);
  return 0;
}
