/* Separated values, of any charset. seeds: csv tsv */
#include "reader.h"

FUZZ_READER (extract_read_csv, "a.csv")
