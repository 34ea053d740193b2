/* Parts of a Word document, a NUL between them, read in a package like any other. */
#include "tests/extract-reading.h"
#include "tests/office-package.h"

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const names[] = {"word/document.xml",      "word/styles.xml",
                                      "word/numbering.xml",     "word/footnotes.xml",
                                      "word/charts/chart1.xml", NULL};
  static const char *const fixed[] = {
      "word/_rels/document.xml.rels",
      "<Relationships><Relationship Id='s' Type='" TYPE "styles' Target='styles.xml'/>"
      "<Relationship Id='n' Type='" TYPE "numbering' Target='numbering.xml'/>"
      "<Relationship Id='f' Type='" TYPE "footnotes' Target='footnotes.xml'/>"
      "<Relationship Id='c' Type='" TYPE "chart' Target='charts/chart1.xml'/></Relationships>",
      NULL};
  g_autoptr (GBytes) package = package_of_pieces (fixed, names, data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document =
      read_limited ("a.docx", g_bytes_get_data (package, NULL), g_bytes_get_size (package),
                    &default_limits, &error);

  g_assert_cmpuint (document->text->len, <=, default_limits.max_text_bytes);
  return 0;
}
