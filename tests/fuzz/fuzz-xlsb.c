/* Records of BIFF12: the input is each binary part of a workbook in turn, in a package made around
 * it. */
#include "tests/extract-reading.h"

#include <stdint.h>
#include <zip.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define RELATIONSHIPS "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/r'>"

/* BrtBundleSh: visible, number 1, "r1", "S" */
static const char workbook[] = "\x9c\x01\x16\0\0\0\0\1\0\0\0\2\0\0\0r\0001\0\1\0\0\0S\0";
static const char main_relationships[] =
    RELATIONSHIPS "<Relationship Id='r1' Type='x/worksheet' Target='sheet1.bin'/>"
                  "<Relationship Id='r2' Type='x/styles' Target='styles.bin'/>"
                  "<Relationship Id='r3' Type='x/sharedStrings' Target='strings.bin'/>"
                  "</Relationships>";
static const char sheet_relationships[] =
    RELATIONSHIPS "<Relationship Id='r1' Type='x/comments' Target='comments1.bin'/>"
                  "</Relationships>";

static void
add_part (zip_t *zip, const char *name, const void *data, gsize bytes)
{
  zip_file_add (zip, name, zip_source_buffer (zip, data, bytes, 0), ZIP_FL_ENC_UTF_8);
}

/* (transfer full) */
static GBytes *
make_package (const uint8_t *data, size_t size)
{
  static const char *const parts[] = {"xl/sheet1.bin", "xl/styles.bin", "xl/strings.bin",
                                      "xl/comments1.bin"};
  zip_error_t problem;
  zip_source_t *buffer;
  zip_t *zip;
  zip_stat_t stat;
  guint8 *out;

  zip_error_init (&problem);
  buffer = zip_source_buffer_create (NULL, 0, 0, &problem);
  zip_source_keep (buffer);
  zip = zip_open_from_source (buffer, ZIP_TRUNCATE, &problem);
  add_part (zip, "xl/workbook.bin", workbook, sizeof workbook - 1);
  add_part (zip, "xl/_rels/workbook.bin.rels", main_relationships, sizeof main_relationships - 1);
  add_part (zip, "xl/_rels/sheet1.bin.rels", sheet_relationships, sizeof sheet_relationships - 1);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    add_part (zip, parts[i], data, size);
  g_assert_cmpint (zip_close (zip), ==, 0);
  zip_source_open (buffer);
  zip_source_stat (buffer, &stat);
  out = g_malloc (stat.size);
  zip_source_read (buffer, out, stat.size);
  zip_source_close (buffer);
  zip_source_free (buffer);
  zip_error_fini (&problem);
  return g_bytes_new_take (out, stat.size);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = make_package (data, size);
  g_autoptr (Document) document = document_new ();
  g_autoptr (ExtractSink) sink = extract_sink_new_for_document (&default_limits, document);
  ExtractInput input = {
      .name = "a.xlsb", .declared = "", .bytes = bytes, .limits = &default_limits};

  extract_read_xlsb (&input, sink, NULL);
  g_assert_true (g_str_has_prefix (document->text->str, "# S"));
  return 0;
}
