/* Any bytes as a PowerPoint presentation of the binary format. */
#include "reader.h"

FUZZ_READER (extract_read_ppt, "a.ppt")
