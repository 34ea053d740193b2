/* Workbooks of Excel 97 to 2003, as files. seeds: xls */
#include "reader.h"

FUZZ_READER (extract_read_xls, "a.xls")
