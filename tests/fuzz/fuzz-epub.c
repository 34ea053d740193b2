/* EPUB: the package and its chapters.
 * seeds: epub */
#include "reader.h"

FUZZ_READER (extract_read_epub, "a.epub")
