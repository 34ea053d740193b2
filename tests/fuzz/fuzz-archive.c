/* Any bytes as an archive, with what is in it. seeds: zip tar tgz 7z gz */
#include "reader.h"

FUZZ_READER (extract_read_archive, "a.tar")
