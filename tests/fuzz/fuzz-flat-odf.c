/* Flat OpenDocument: styles and content in one file. seeds: fodt */
#include "reader.h"

FUZZ_READER (extract_read_flat_odf, "a.fodt")
