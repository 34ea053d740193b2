/* Any bytes as a compressed file, or archive. seeds: xz zst */
#include "reader.h"

FUZZ_READER (extract_read_compressed, "a.tar.xz")
