/* Any bytes as a file of Outlook. */
#include "reader.h"

FUZZ_READER (extract_read_msg, "a.msg")
