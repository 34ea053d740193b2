/* Any bytes as a file of it. */
#include "reader.h"

FUZZ_READER (extract_read_eml, "a.eml")
