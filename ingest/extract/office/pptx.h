/* pptx.h: what the parts of the reader of pptx share. Read by pptx-*.c and format-pptx.c only.
 *
 *     format-pptx.c    the package: slides in order, layouts and masters, notes
 *     pptx-sheet.c     one sheet (slide, layout, master, notes): its shapes
 *     pptx-text.c      the text of shapes: paragraphs, bullets, tables
 *     pptx-order.c     the order in which shapes are read
 *     pptx-comments.c  comments
 */
#pragma once

#include "flow.h"
#include "omml.h"
#include "opc.h"

#define PPTX_LEVELS 9

typedef enum {
  PPTX_BULLET_UNKNOWN, /* as what it inherits from says */
  PPTX_BULLET_NONE,
  PPTX_BULLET_CHARACTER,
  PPTX_BULLET_NUMBER,
} PptxBullet;

/* p:ph, as far as readers care (ECMA-376 part 1, 19.7.10) */
typedef enum {
  PPTX_NO_PLACEHOLDER,
  PPTX_TITLE,
  PPTX_CENTERED_TITLE,
  PPTX_SUBTITLE,
  PPTX_BODY,         /* of any content */
  PPTX_FOOTER,       /* dates, too */
  PPTX_SLIDE_NUMBER, /* and what else is no text of its own: the picture of a slide */
} PptxPlaceholder;

/* In EMU, from the upper left corner. */
typedef struct {
  gboolean is_known;
  double x, y, width, height;
} PptxBox;

typedef struct {
  PptxPlaceholder placeholder;
  guint index; /* idx of the placeholder */
  PptxBox box;
  guint8 bullets[PPTX_LEVELS]; /* PptxBullet, of its list styles */
  FlowBlocks *blocks;
} PptxShape;

typedef struct {
  char *part;
  OpcRelationships *relationships;
  GPtrArray *shapes;                /* (element-type PptxShape) in the order of the file */
  guint8 body_bullets[PPTX_LEVELS]; /* of a master: p:bodyStyle */
  gboolean is_hidden;               /* a slide that is not shown */
  gboolean hides_master;            /* showMasterSp="0" */
} PptxSheet;

/* What a sheet inherits from, the nearest first; NULL: nothing. */
typedef struct {
  const PptxSheet *layout;
  const PptxSheet *master;
} PptxBases;

/* NULL: error set. A missing part is a sheet without shapes. bases: (nullable). page: of the
 * blocks. (transfer full) */
PptxSheet *pptx_sheet_read (Package *package, const char *part, const PptxBases *bases, guint page,
                            ExtractSink *sink, GError **error);
void pptx_sheet_free (PptxSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PptxSheet, pptx_sheet_free)

/* The shape of the layout or master that one of a slide stands for; NULL: none. */
const PptxShape *pptx_sheet_base (const PptxSheet *sheet, PptxPlaceholder placeholder, guint index,
                                  gboolean is_master);

/* Sorts shapes as they are read: by the white space between them, the widest first; in the order
 * of the file where it does not tell, or where a shape's place is not known. */
void pptx_order (GPtrArray *shapes);

/* Comments of a slide, old and new kind, as asides of the flow. authors: id -> name. */
gboolean pptx_comments_read (Package *package, const char *part, GHashTable *authors, Flow *flow,
                             ExtractSink *sink, GError **error);

/* Adds those of a part to `authors` (utf8 -> utf8). */
gboolean pptx_authors_read (Package *package, const char *part, GHashTable *authors,
                            ExtractSink *sink, GError **error);

/* --- text, between pptx-sheet.c and pptx-text.c ------------------------------------------------
 */

typedef struct PptxText PptxText;

/* flow: collects; borrowed. */
PptxText *pptx_text_new (void);
void pptx_text_free (PptxText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PptxText, pptx_text_free)

/* What follows is of this shape. bases: (nullable). */
void pptx_text_begin_shape (PptxText *text, PptxShape *shape, const PptxBases *bases, guint page);
gboolean pptx_text_end_shape (PptxText *text, GError **error);

/* The flow of the shape that is open. */
Flow *pptx_text_flow (PptxText *text);

/* How often something was put into the text. */
guint64 pptx_text_written (const PptxText *text);

/* Elements of DrawingML below a shape. uri: (nullable). in_shape: its place is in a shape, else in
 * the styles of a master. */
gboolean pptx_text_start (PptxText *text, const char *uri, const char *name,
                          const xmlChar **attributes, guint n_attributes, GError **error);
gboolean pptx_text_end (PptxText *text, const char *uri, const char *name, GError **error);
void pptx_text_characters (PptxText *text, const char *characters, gsize bytes);

/* The bullet that an element of list styles stands for (a:buNone, ...); PPTX_BULLET_UNKNOWN: it is
 * no such element. */
PptxBullet pptx_bullet_of (const char *name);

/* "lvl3pPr": 2; -1: another element. */
gint pptx_level_of (const char *name);
