/* RTF begins with a bracket and its name. */
#include "ingest/extract/sniff.h"
#include "rtf-token.h"

gboolean
sniff_rtf (const SniffInput *input, Sniff *found)
{
  return rtf_is (input->data, input->bytes) && sniff_found (found, "rtf", "application/rtf");
}
