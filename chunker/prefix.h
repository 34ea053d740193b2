/* prefix.h: what stands before a chunk's own text: the context, a table's header.
 *
 *     Annual Report > Results > Wind          title and headings in force, by option
 *
 *     | site | MWh |                          the header of a table that goes on
 *     | --- | --- |
 */
#pragma once

#include "chunker.h"
#include "heading-path.h"

typedef struct Prefix Prefix;

/* `measure` counts in the options' unit. All is borrowed. (transfer full) */
Prefix *prefix_new (const Document *document, const ChunkerOptions *options,
                    const TokenCounter *measure);
void prefix_free (Prefix *prefix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Prefix, prefix_free)

/* The context: title and the titles given, outermost first. At most a quarter of max: those too
 * many are left out, the outermost first. */
void prefix_set_context (Prefix *prefix, const char *const *titles, guint n_titles);

/* The header for own text that begins at `start` in `unit` (cuts.h), between rows of a table; none
 * otherwise. At most half of max. */
void prefix_set_header (Prefix *prefix, guint unit, gsize start);

gboolean prefix_has_header (const Prefix *prefix);

typedef enum {
  PREFIX_CONTEXT = 1 << 0,
  PREFIX_HEADER = 1 << 1,
} PrefixParts;

/* Those parts, as far as there are. Borrowed, until the next call. */
const GString *prefix_text (Prefix *prefix, PrefixParts parts);

/* What prefix_text gave last. */
const GString *prefix_last (const Prefix *prefix);
