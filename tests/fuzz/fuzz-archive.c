/* Any bytes as an archive. seeds: zip */
#include "reader.h"

FUZZ_READER (extract_read_archive, "a.zip")
