/* chunk-stats.h: what chunks look like as a whole: sizes, where they end, overlap. */
#pragma once

#include "chunker.h"

#include <stdio.h>

typedef struct ChunkStats ChunkStats;

/* (transfer full) */
ChunkStats *chunk_stats_new (void);
void chunk_stats_free (ChunkStats *stats);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChunkStats, chunk_stats_free)

void chunk_stats_add (ChunkStats *stats, const Chunk *chunk);

/* For people. */
void chunk_stats_print (ChunkStats *stats, const ChunkerOptions *options, FILE *out);
