/* Subtitles.
 * seeds: srt vtt */
#include "reader.h"

FUZZ_READER (extract_read_subtitles, "a.srt")
