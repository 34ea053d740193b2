/* reStructuredText.
 * seeds: rst */
#include "reader.h"

FUZZ_READER (extract_read_rst, "a.rst")
