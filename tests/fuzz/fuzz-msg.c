/* Any bytes as a file of Outlook. seeds: msg */
#include "reader.h"

FUZZ_READER (extract_read_msg, "a.msg")
