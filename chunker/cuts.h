/* cuts.h: the places where a document may be cut, by kind.
 *
 * A document is a row of units: what stands before the first block (empty, mostly), then the
 * blocks, each with the gap behind it. Places between units come of the structure alone; those
 * within are looked for in the part of the text that is asked about.
 */
#pragma once

#include "boundaries.h"
#include "chunker.h"

typedef struct {
  gsize start;
  gsize content_end; /* without the gap */
  gsize end;         /* where the next unit begins, or the text ends */
  guint8 kind;       /* BlockKind */
  guint8 level;
} Unit;

guint cuts_n_units (const Document *document);
Unit cuts_unit (const Document *document, guint i);

typedef struct {
  gsize end;         /* the chunk's, in the text */
  guint8 kind;       /* CutKind */
  guint8 level;      /* heading or list level */
  gboolean severs;   /* an introduction, or what looks like a title, from what it belongs to */
  gboolean opens;    /* what looks like a title follows */
  gsize whole_start; /* of the table, code, or list with its introduction, that a cut here splits */
  gsize whole_end;   /* 0: it splits none, or it is not known where that begins */
  gint cost;         /* these are for who weighs them */
  gint text_cost;
} CutPlace;

/* Each appends the places in (after, until] to `places` (element-type CutPlace), in order; `unit`
 * is one that begins at `after` or before. */

/* Between units; between rows, lines of code and lines that are paragraphs. Not behind a heading.
 */
void cuts_of_structure (const Document *document, guint unit, gsize after, gsize until,
                        GArray *places);

/* Where places within units are looked for. */
typedef struct {
  const Document *document;
  Boundaries *boundaries; /* its text begins at `base` */
  gsize base;
  guint unit;
  gsize solid;       /* a heading is cut only when it begins here or before, */
  gsize until;       /* and goes on behind here */
  gboolean in_lines; /* whether rows and lines of code are */
  GArray *places;
} CutSearch;

/* Within units, CUT_SENTENCE, CUT_CLAUSE or CUT_WORD. They are guesses: for sentences
 * boundaries_is_sentence, for all boundaries_is_grapheme is to be asked. */
void cuts_within (const CutSearch *search, CutKind kind, gsize after, gsize until);

/* Behind headings: CUT_HEADING. */
void cuts_of_headings (const Document *document, guint unit, gsize after, gsize until,
                       GArray *places);

/* The header row and the |---| below it, with its line break; 0 when there is none. */
gsize cuts_table_header (const char *table, gsize bytes);
