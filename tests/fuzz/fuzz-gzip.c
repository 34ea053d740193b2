/* Any bytes, compressed. seeds: gz */
#include "reader.h"

FUZZ_READER (extract_read_gzip, "a.gz")
