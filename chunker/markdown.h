/* markdown.h: Markdown source as a document, the source kept byte for byte.
 *
 * cmark-gfm finds the structure; blocks are spans of the source itself, so that positions in
 * chunks are positions in the person's own file. Line ends are left as they are.
 */
#pragma once

#include "document.h"

/* Called with each block in order of the source; spans do not overlap. */
typedef void (*MarkdownBlockFunc) (const Block *block, gpointer user_data);

/* source: valid UTF-8 without NUL. YAML front matter (--- at the very start) is no block.
 * Containers (quotes, lists) are flattened; each list item is a block with its nesting depth. */
void markdown_blocks (const char *source, gsize bytes, MarkdownBlockFunc func, gpointer user_data);

/* A document whose text is `source` (transfer full) and whose format is "markdown"; the title is
 * the first heading of level 1, if any. (transfer full) */
Document *markdown_document_take (GString *source);

static inline Document *
markdown_document (const char *source, gsize bytes)
{
  return markdown_document_take (g_string_new_len (source, (gssize)bytes));
}
