/* Any bytes as text. seeds: txt bin */
#include "reader.h"

FUZZ_READER (extract_read_text, "a.txt")
