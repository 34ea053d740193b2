/* OpenDocument spreadsheets in one file of XML. */
#include "reader.h"

FUZZ_READER (extract_read_ods, "a.fods")
