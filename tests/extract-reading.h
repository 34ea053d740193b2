/* What the tests of the readers share: a file read as a function of its bytes. */
#pragma once

#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <string.h>

static const ExtractLimits default_limits = EXTRACT_LIMITS_INIT;

/* Reads `bytes` as a file of that name; the error, if any, is the document's end. */
G_GNUC_UNUSED static Document *
read_limited (const char *name, const void *data, gsize size, const ExtractLimits *limits,
              GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  Document *document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (limits, document);
  ExtractInput input = {.name = name, .declared = "", .bytes = bytes, .limits = limits};

  extract_run (&input, sink, error);
  g_assert_true (extract_sink_finish (sink, NULL));
  g_assert_true (g_utf8_validate (document->text->str, (gssize)document->text->len, NULL));
  g_assert_cmpuint (extract_sink_text_bytes (sink), ==, document->text->len);
  return document;
}

G_GNUC_UNUSED static Document *
read_bytes (const char *name, const void *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  Document *document = read_limited (name, data, size, &default_limits, &error);

  g_assert_no_error (error);
  return document;
}

G_GNUC_UNUSED static Document *
read_text (const char *name, const char *text)
{
  return read_bytes (name, text, strlen (text));
}

G_GNUC_UNUSED static void
assert_text (const char *name, const char *input, const char *expected)
{
  g_autoptr (Document) document = read_text (name, input);

  g_assert_cmpstr (document->text->str, ==, expected);
}

G_GNUC_UNUSED static void
assert_fails (const char *name, const void *data, gsize size, ExtractCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document = read_limited (name, data, size, &default_limits, &error);

  g_assert_error (error, EXTRACT_ERROR, (int)code);
  g_assert_cmpuint (document->text->len, ==, 0);
}
