/* A slide, its layout and a diagram, a NUL between them.
 * seeds: - */
#include "reader.h"
#include "tests/office-package.h"

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

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
    " Target='../slideLayouts/slideLayout1.xml'/><Relationship Id='dm' Type='" TYPE "diagramData'"
    " Target='../diagrams/data1.xml'/></Relationships>",
    NULL};

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = package_of_pieces (fixed, names, data, size);

  fuzz_read (extract_read_pptx, "a.pptx", bytes);
  return 0;
}
