/* A slide, its layout and a diagram, a NUL between them, in a package. */
#include "tests/extract-reading.h"
#include "tests/office-package.h"

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const names[] = {"ppt/slides/slide1.xml", "ppt/slideLayouts/slideLayout1.xml",
                                      "ppt/diagrams/data1.xml", NULL};
  static const char *const fixed[] = {
      "ppt/presentation.xml",
      "<presentation/>",
      "ppt/_rels/presentation.xml.rels",
      "<Relationships><Relationship Id='s' Type='" TYPE "slide' Target='slides/slide1.xml'/>"
      "</Relationships>",
      "ppt/slides/_rels/slide1.xml.rels",
      "<Relationships><Relationship Id='l' Type='" TYPE "slideLayout'"
      " Target='../slideLayouts/slideLayout1.xml'/><Relationship Id='d' Type='" TYPE "diagramData'"
      " Target='../diagrams/data1.xml'/></Relationships>",
      NULL};
  g_autoptr (GBytes) package = package_of_pieces (fixed, names, data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (Document) document =
      read_limited ("a.pptx", g_bytes_get_data (package, NULL), g_bytes_get_size (package),
                    &default_limits, &error);

  g_assert_cmpuint (document->text->len, <=, default_limits.max_text_bytes);
  return 0;
}
