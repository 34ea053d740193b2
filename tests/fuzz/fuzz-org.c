/* Org.
 * seeds: org */
#include "reader.h"

FUZZ_READER (extract_read_org, "a.org")
