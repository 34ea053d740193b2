/* Any bytes as a file of rtf: read or refused, never a crash. */
#include "tests/fuzz/fuzz-reading.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t bytes)
{
  return fuzz_read (extract_read_rtf, "a.rtf", data, bytes);
}
