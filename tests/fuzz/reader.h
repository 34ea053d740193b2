/* reader.h: a reader of files as a fuzzing harness.
 *
 *     FUZZ_READER (extract_read_rtf, "a.rtf")             the bytes are the file
 *     FUZZ_PART (extract_read_docx, "a.docx", parts, 1)   the bytes are one part of a package
 *
 * What a harness begins with is in tests/fuzz/seeds/NAME, and the fixtures with the endings that
 * "seeds: txt md" at its head names.
 */
#pragma once

#include "ingest/extract/formats.h"
#include "ingest/extract/sink.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
int LLVMFuzzerInitialize (int *argc, char ***argv);

/* What is wrong with a file ends it soon: what a harness looks for is what is wrong with the code.
 */
#define FUZZ_LIMITS                                                                                \
  {                                                                                                \
    .max_file_bytes = 1 << 20, .max_text_bytes = 1 << 20, .max_inflated_bytes = 16 << 20,          \
    .max_inflate_ratio = 1000, .max_pages = 100, .max_members = 100, .max_depth = 3,               \
    .timeout_ms = 20000, .stall_ms = 20000, .cpu_ms = 20000, .memory_mb = 1024                     \
  }

G_GNUC_UNUSED static GLogWriterOutput
fuzz_drop_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return G_LOG_WRITER_HANDLED;
}

/* What is true of any document, however it was made. */
G_GNUC_UNUSED static void
fuzz_check (const Document *document) /* NOLINT(misc-no-recursion) */
{
  gsize at = 0;

  g_assert_true (g_utf8_validate (document->text->str, (gssize)document->text->len, NULL));
  for (guint i = 0; i < document->blocks->len; i++) {
    const Block *block = &g_array_index (document->blocks, Block, i);

    g_assert_cmpuint (block->start_byte, >=, at);
    g_assert_cmpuint (block->end_byte, >, block->start_byte);
    at = block->end_byte;
  }
  g_assert_cmpuint (at, <=, document->text->len);
  for (guint i = 0; i < document->members->len; i++)
    fuzz_check (g_ptr_array_index (document->members, i));
}

G_GNUC_UNUSED static void
fuzz_read (ExtractFormatFunc read, const char *name, GBytes *bytes)
{
  static const ExtractLimits limits = FUZZ_LIMITS;
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&limits, document);
  g_autoptr (GError) error = NULL;
  ExtractInput input = {.name = name, .declared = "", .bytes = bytes, .limits = &limits};
  gboolean done;

  if (g_bytes_get_size (bytes) == 0)
    return; /* an empty file goes to no reader */
  done = read (&input, sink, &error);
  g_assert_true (done == (error == NULL));
  g_assert_true (extract_sink_finish (sink, NULL));
  fuzz_check (document);
}

/* --- packages ---------------------------------------------------------------------------------
 */

/* A part of a zip package as it always is. */
typedef struct {
  const char *name;
  const char *text; /* NULL: the bytes that the fuzzer gives */
} FuzzPart;

G_GNUC_UNUSED static void
fuzz_put (GByteArray *zip, guint64 value, guint bytes)
{
  for (guint i = 0; i < bytes; i++) {
    guint8 byte = i < 8 ? (guint8)(value >> (8 * i)) : 0;

    g_byte_array_append (zip, &byte, 1);
  }
}

/* CRC-32 of zip, bit by bit. */
G_GNUC_UNUSED static guint32
fuzz_crc (const guint8 *data, gsize size)
{
  guint32 crc = G_MAXUINT32;

  for (gsize i = 0; i < size; i++) {
    crc ^= data[i];
    for (guint bit = 0; bit < 8; bit++)
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

/* The fields that a local header and the directory share. */
G_GNUC_UNUSED static void
fuzz_put_entry (GByteArray *zip, const char *name, const guint8 *data, gsize size, guint extra)
{
  fuzz_put (zip, 20, 2); /* version */
  fuzz_put (zip, 0, 2);  /* flags */
  fuzz_put (zip, 0, 2);  /* stored */
  fuzz_put (zip, 0, 4);  /* time */
  fuzz_put (zip, fuzz_crc (data, size), 4);
  fuzz_put (zip, size, 4);
  fuzz_put (zip, size, 4);
  fuzz_put (zip, strlen (name), 2);
  fuzz_put (zip, 0, extra); /* what differs is 0 */
}

/* A zip of stored parts. (transfer full) */
G_GNUC_UNUSED static GBytes *
fuzz_package (const FuzzPart *parts, guint n_parts, const guint8 *data, gsize size)
{
  GByteArray *zip = g_byte_array_new ();
  g_autoptr (GByteArray) directory = g_byte_array_new ();

  for (guint i = 0; i < n_parts; i++) {
    const guint8 *part = parts[i].text != NULL ? (const guint8 *)parts[i].text : data;
    gsize bytes = parts[i].text != NULL ? strlen (parts[i].text) : size;
    guint at = zip->len;

    fuzz_put (zip, 0x04034b50, 4);
    fuzz_put_entry (zip, parts[i].name, part, bytes, 2);
    g_byte_array_append (zip, (const guint8 *)parts[i].name, (guint)strlen (parts[i].name));
    g_byte_array_append (zip, part, (guint)bytes);
    fuzz_put (directory, 0x02014b50, 4);
    fuzz_put (directory, 20, 2); /* made by */
    fuzz_put_entry (directory, parts[i].name, part, bytes, 12);
    fuzz_put (directory, at, 4);
    g_byte_array_append (directory, (const guint8 *)parts[i].name, (guint)strlen (parts[i].name));
  }

  guint at = zip->len;
  g_byte_array_append (zip, directory->data, directory->len);
  fuzz_put (zip, 0x06054b50, 4);
  fuzz_put (zip, 0, 4);
  fuzz_put (zip, n_parts, 2);
  fuzz_put (zip, n_parts, 2);
  fuzz_put (zip, directory->len, 4);
  fuzz_put (zip, at, 4);
  fuzz_put (zip, 0, 2);
  return g_byte_array_free_to_bytes (zip);
}

#define FUZZ_INITIALIZE                                                                            \
  int LLVMFuzzerInitialize (int *argc, char ***argv)                                               \
  {                                                                                                \
    g_log_set_writer_func (fuzz_drop_log, NULL, NULL);                                             \
    return extract_warm_up (NULL) ? 0 : 1;                                                         \
  }

#define FUZZ_READER(read, name)                                                                    \
  FUZZ_INITIALIZE                                                                                  \
  int LLVMFuzzerTestOneInput (const guint8 *data, gsize size)                                      \
  {                                                                                                \
    g_autoptr (GBytes) bytes = g_bytes_new (data, size);                                           \
                                                                                                   \
    if (size > 0) /* an empty file has no reader */                                                \
      fuzz_read (read, name, bytes);                                                               \
    return 0;                                                                                      \
  }

#define FUZZ_PART(read, name, parts)                                                               \
  FUZZ_INITIALIZE                                                                                  \
  int LLVMFuzzerTestOneInput (const guint8 *data, gsize size)                                      \
  {                                                                                                \
    g_autoptr (GBytes) bytes = fuzz_package (parts, G_N_ELEMENTS (parts), data, size);             \
                                                                                                   \
    fuzz_read (read, name, bytes);                                                                 \
    return 0;                                                                                      \
  }
