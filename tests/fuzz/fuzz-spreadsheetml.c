/* Workbooks in XML of Excel 2003. */
#include "reader.h"

FUZZ_READER (extract_read_spreadsheetml, "a.xml")
