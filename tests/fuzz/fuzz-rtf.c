/* Any bytes as a file of rtf. */
#include "reader.h"

FUZZ_READER (extract_read_rtf, "a.rtf")
