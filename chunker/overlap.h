/* overlap.h: how much of the chunk before a chunk repeats. */
#pragma once

#include "boundaries.h"
#include "chunker.h"

/* What is asked for each chunk. All is borrowed. */
typedef struct {
  const Document *document;
  const TokenCounter *measure; /* in the options' unit */
  Boundaries *boundaries;
  GArray *places; /* (element-type CutPlace) for use within */
} Overlap;

/* Where the chunk behind text[start..end) begins: the longest end of that text of at most `most`
 * that is made of whole sentences, rows or blocks; else from a clause, a word, at last a grapheme
 * cluster on. Never all of it: `end` when nothing shorter is left. `unit` (cuts.h) begins at
 * `start` or before. */
gsize overlap_start (const Overlap *overlap, guint unit, gsize start, gsize end, gsize most);
