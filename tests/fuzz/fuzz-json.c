/* JSON.
 * seeds: json ipynb */
#include "reader.h"

FUZZ_READER (extract_read_json, "a.json")
