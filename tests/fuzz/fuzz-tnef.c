/* Any bytes as winmail.dat. seeds: dat */
#include "reader.h"

FUZZ_READER (extract_read_tnef, "winmail.dat")
