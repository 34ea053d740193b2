#include "heading-path.h"

void
heading_path_clear (HeadingPath *path)
{
  for (guint l = 0; l < HEADING_LEVELS; l++)
    g_clear_pointer (&path->titles[l], g_free);
}

guint
heading_level (const Block *block)
{
  return CLAMP (block->level, 1u, (guint)HEADING_LEVELS);
}

void
heading_path_enter (HeadingPath *path, const Document *document, const Block *block)
{
  if (block->kind != BLOCK_HEADING)
    return;
  for (guint l = heading_level (block) - 1; l < HEADING_LEVELS; l++)
    g_clear_pointer (&path->titles[l], g_free);
  path->titles[heading_level (block) - 1] = block_heading_text (
      document->text->str + block->start_byte, block->end_byte - block->start_byte);
}

guint
heading_path_titles (const HeadingPath *path, guint levels, const char *titles[HEADING_LEVELS])
{
  guint n = 0;

  for (guint l = 0; l < levels; l++)
    if (path->titles[l] != NULL)
      titles[n++] = path->titles[l];
  return n;
}
