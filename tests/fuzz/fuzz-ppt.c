/* Any bytes as a file of ppt. */
#include "reader.h"

FUZZ_READER (extract_read_ppt, "a.ppt")
