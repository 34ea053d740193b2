/* rtf-compressed.h: RTF as Outlook stores it (MS-OXRTFCP): PidTagRtfCompressed. */
#pragma once

#include "ingest/extract/extract.h"

/* The RTF in `compressed` ("LZFu", or "MELA": stored). Of damaged data what could be unpacked is
 * returned; the check sum is not looked at. It becomes at most 16 times its size. Errors:
 * EXTRACT_ERROR_CORRUPT. (transfer full) */
GBytes *rtf_decompress (GBytes *compressed, GError **error);
