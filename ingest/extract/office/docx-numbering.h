/* docx-numbering.h: word/numbering.xml (ECMA-376 part 1, 17.9) and the counters of its lists.
 *
 *     w:num ──► w:abstractNum ──► nine levels      counters are the abstract list's: two w:num of
 *       └ w:lvlOverride                            one list go on counting, unless one overrides
 */
#pragma once

#include "docx-styles.h"

typedef struct DocxNumbering DocxNumbering;

/* name: (nullable) of the part; without one there are no lists. styles: borrowed, as long as the
 * numbering. NULL: error set. (transfer full) */
DocxNumbering *docx_numbering_read (Package *package, const char *name, const DocxStyles *styles,
                                    ExtractSink *sink, GError **error);
void docx_numbering_free (DocxNumbering *numbering);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocxNumbering, docx_numbering_free)

typedef enum {
  DOCX_NO_ITEM, /* no such list, or nothing is shown */
  DOCX_BULLET,
  DOCX_NUMBER, /* marker: as shown, "1.2.", "(a)" */
} DocxItem;

/* Counts one paragraph of the list num_id. level: from 0; -1: the one that belongs to the style of
 * that id (nullable), otherwise the first. Sets it. */
DocxItem docx_numbering_next (DocxNumbering *numbering, gint num_id, gint *level,
                              const char *style_id, GString *marker);
