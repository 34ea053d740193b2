/* explain.h: why a chunk ends where it does, in words. */
#pragma once

#include "chunker.h"

/* One line without its end: "ends before a heading of level 2; 430 of 450 tokens; ...".
 * (transfer full) */
char *explain_cut (const Chunk *chunk, const ChunkerOptions *options);
