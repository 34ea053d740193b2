/* Any bytes as a Word document of the binary format. */
#include "reader.h"

FUZZ_READER (extract_read_doc, "a.doc")
