/* Any bytes as signed data of S/MIME. */
#include "reader.h"

FUZZ_READER (extract_read_smime, "smime.p7m")
