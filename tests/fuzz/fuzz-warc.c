/* Any bytes as an archive of web pages. seeds: warc */
#include "reader.h"

FUZZ_READER (extract_read_warc, "a.warc")
