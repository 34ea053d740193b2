/* Any bytes as Markdown. seeds: md */
#include "reader.h"

FUZZ_READER (extract_read_markdown, "a.md")
