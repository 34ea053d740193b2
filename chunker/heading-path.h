/* heading-path.h: the headings that a place in a document is under. */
#pragma once

#include "document.h"

#define HEADING_LEVELS 6

/* In force, by level from 0; NULL where there is none. Begins as {0}. */
typedef struct {
  char *titles[HEADING_LEVELS];
} HeadingPath;

void heading_path_clear (HeadingPath *path);

/* Passes a heading: those of its level and below end. Other blocks change nothing. */
void heading_path_enter (HeadingPath *path, const Document *document, const Block *block);

/* 1 to HEADING_LEVELS. */
guint heading_level (const Block *block);

/* Those of the first `levels` levels, outermost first; borrowed. (returns) how many. */
guint heading_path_titles (const HeadingPath *path, guint levels,
                           const char *titles[HEADING_LEVELS]);
