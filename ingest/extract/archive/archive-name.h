/* archive-name.h: names of members in whatever charset the archive was made with. */
#pragma once

#include <glib.h>

typedef struct {
  GString *seen;   /* names so far that are no UTF-8: together they tell the charset */
  gboolean is_dos; /* zip: CP 437 where nothing else is likely (APPNOTE D.1) */
} ArchiveNames;

void archive_names_init (ArchiveNames *names, gboolean is_dos);
void archive_names_clear (ArchiveNames *names);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ArchiveNames, archive_names_clear)

/* UTF-8, '/' between folders, none before the first. (transfer full) */
char *archive_names_decode (ArchiveNames *names, const char *raw);
