/* Any bytes as RTF. */
#include "reader.h"

FUZZ_READER (extract_read_rtf, "a.rtf")
