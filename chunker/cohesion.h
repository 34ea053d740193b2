/* cohesion.h: whether the text goes on about the same thing at a place.
 *
 * Of the longer words shortly before a place, those are counted that come again shortly behind it
 * (after Hearst's TextTiling): few where a new subject begins. It depends on the text around the
 * place alone.
 */
#pragma once

#include <glib.h>

/* So many bytes on each side are looked at. */
#define COHESION_REACH 600
#define COHESION_ALL 1000

typedef struct Cohesion Cohesion;

/* text is borrowed; valid UTF-8. (transfer full) */
Cohesion *cohesion_new (const char *text, gsize bytes);
void cohesion_free (Cohesion *cohesion);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cohesion, cohesion_free)

/* Reads the words that places in [first, last] need. Costs only what is new as the places rise. */
void cohesion_cover (Cohesion *cohesion, gsize first, gsize last);

/* For a covered place: the share of different words, of the side that has fewer, which both have;
 * 0 to COHESION_ALL. From `limit` on it may be any number that is not less. */
guint cohesion_at (Cohesion *cohesion, gsize place, guint limit);
