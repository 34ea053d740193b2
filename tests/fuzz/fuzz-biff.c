/* Records of BIFF2 to BIFF8, without the OLE2 file around them. */
#include "reader.h"

FUZZ_READER (extract_read_xls, "a.xls")
