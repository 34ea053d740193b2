/* Any bytes as a file of doc. */
#include "reader.h"

FUZZ_READER (extract_read_doc, "a.doc")
