/* Source code.
 * seeds: yaml */
#include "reader.h"

FUZZ_READER (extract_read_code, "a.py")
