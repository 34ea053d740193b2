/* client-rescue.h: what is kept of a file that has killed its worker in one of its members, and
 * where another worker goes on.
 *
 *     a  b  c(d  e* f)  g         the worker dies in e, a member of c
 *     a  b  c(d  e! ...           kept; e is failed, c is open
 *           c(      f)  g         the next one passes over a, b, d and e, reads the rest of c anew
 *     a  b  c(d  e! f)  g         merged
 */
#pragma once

#include "frame.h"

/* chain: as frame_reader_salvage has filled it, of `file`. Fills where to go on (not the time) and
 * what the documents that are kept have used. FALSE: it leads too deep. */
gboolean rescue_plan (const Document *file, const GPtrArray *chain, FrameResume *resume);

/* Puts what was kept before what another worker read, which went on at `resume`. Both (transfer
 * full); failure: for what was open and did not come again. Documents of `more` stay where they are
 * in memory. (transfer full) */
Document *rescue_merge (Document *kept, const FrameResume *resume, Document *more,
                        const GError *failure);

/* No other worker goes on: what is open, the file with it, has failed. */
void rescue_give_up (const GPtrArray *chain, const GError *failure);
