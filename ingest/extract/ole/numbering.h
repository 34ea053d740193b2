/* numbering.h: the numbers before paragraphs of lists as Word counts them (MS-DOC 2.4.6.3, RTF
 * "List tables"). */
#pragma once

#include <glib.h>

#define NUMBERING_LEVELS 9
/* MSONFC (MS-OSHARED 2.2.1.3) */
#define NUMBERING_BULLET 23
#define NUMBERING_NONE 255

typedef struct {
  guint8 format;     /* MSONFC */
  gboolean is_legal; /* the numbers of the levels above are Arabic */
  guint start;
  /* It counts on after levels from `restart_below` on; as usual, it begins anew after any above. */
  gboolean has_restart;
  guint8 restart_below;
  char *text; /* (nullable) owned; UTF-8, where \1 to \9 stand for the number of level 0 to 8 */
} NumberingLevel;

typedef struct {
  NumberingLevel levels[NUMBERING_LEVELS];
  guint numbers[NUMBERING_LEVELS];
  gboolean is_started[NUMBERING_LEVELS];
} NumberingList;

void numbering_list_free (NumberingList *list);

/* The next paragraph of that level, from 0: its marker, NULL where it is a bullet or nothing.
 * (transfer full) (nullable) */
char *numbering_next (NumberingList *list, guint level);

/* The level counts anew, from `start`. */
void numbering_restart (NumberingList *list, guint level, guint start);

/* The marker that a file has as text, fit for extract_list_item(): NULL where it is a bullet.
 * (transfer full) (nullable) */
char *numbering_clean_marker (const char *text);
