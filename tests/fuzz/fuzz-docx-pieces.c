/* The text of a Word file, its styles, lists, footnotes and a chart, a NUL between them.
 * seeds: - */
#include "reader.h"
#include "tests/office-package.h"

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static const char *const names[] = {"word/document.xml",      "word/styles.xml",
                                    "word/numbering.xml",     "word/footnotes.xml",
                                    "word/charts/chart1.xml", NULL};
static const char *const fixed[] = {
    "word/_rels/document.xml.rels",
    "<Relationships><Relationship Id='s' Type='" TYPE "styles' Target='styles.xml'/>"
    "<Relationship Id='n' Type='" TYPE "numbering' Target='numbering.xml'/>"
    "<Relationship Id='f' Type='" TYPE "footnotes' Target='footnotes.xml'/>"
    "<Relationship Id='ch' Type='" TYPE "chart' Target='charts/chart1.xml'/></Relationships>",
    NULL};

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = package_of_pieces (fixed, names, data, size);

  fuzz_read (extract_read_docx, "a.docx", bytes);
  return 0;
}
