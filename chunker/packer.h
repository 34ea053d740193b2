/* packer.h: chooses where a chunk ends.
 *
 * Every place that may be reached has a cost, and the lowest wins:
 *
 *     cost = what kind of place it is     (a section's end costs nothing, a word's most)
 *          + how far the size is from the target
 *          + how small the rest is that it leaves of the section
 *          + what the text around says    (a hash of it, small)
 *
 * The last tells equal places apart by content alone. Two runs over texts that differ somewhere
 * else, whose chunks are out of step, prefer the same places and so fall into step again.
 *
 * Kinds are looked for in turn, and no further than a better one is found: most chunks end at the
 * structure, and no sentence is looked for.
 */
#pragma once

#include "boundaries.h"
#include "chunker.h"
#include "window.h"

typedef struct Packer Packer;

/* The chunk at hand. */
typedef struct {
  gsize start;           /* of its own text, overlap included */
  gsize fresh;           /* where the new text begins */
  guint unit;            /* that `fresh` lies in (cuts.h) */
  guint start_unit;      /* that `start` lies in */
  const GString *prefix; /* before its own text */
} PackerChunk;

/* All is borrowed. options are checked, with min set. (transfer full) */
Packer *packer_new (const Document *document, const ChunkerOptions *options, Boundaries *boundaries,
                    Window *window);
void packer_free (Packer *packer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Packer, packer_free)

typedef enum {
  PACKER_STRUCTURE_OR_NOT = 1 << 0, /* only if the structure has a place at all: no row is cut */
  PACKER_WITHIN_WORDS = 1 << 1,     /* words may be cut */
} PackerFlags;

/* Where the chunk ends, and *cut says why; 0 when there is no such place. Places the window. */
gsize packer_end (Packer *packer, const PackerChunk *chunk, PackerFlags flags, Cut *cut);

/* One grapheme cluster is more than a chunk may hold: it goes whole, up to what the database takes.
 */
gsize packer_end_of_cluster (Packer *packer, const PackerChunk *chunk, Cut *cut);
