/* odf.h: what the parts of the reader of OpenDocument share (ODF 1.3 part 3). Read by odf-*.c and
 * format-odf.c only.
 *
 *     format-odf.c    the package, or the one file of flat XML: which parts, in what order
 *     odf-content.c   elements: where each begins and ends
 *     odf-tags.c      their names
 *     odf-drawing.c   tables, shapes, slides, objects
 *     odf-text.c      paragraphs, headings, lists, notes
 *     odf-styles.c    styles, and how lists count
 */
#pragma once

#include "flow.h"
#include "mathml.h"
#include "odf-styles.h"
#include "opc.h"

typedef enum {
  ODF_TAG_OTHER,
  ODF_TAG_A_SHAPE, /* anything drawn that may hold text */
  ODF_TAG_ANNOTATION,
  ODF_TAG_BODY,
  ODF_TAG_CELL,
  ODF_TAG_COVERED_CELL,
  ODF_TAG_CREATOR,
  ODF_TAG_DESCRIPTION,
  ODF_TAG_FOOTER,
  ODF_TAG_FOOTER_DECL,
  ODF_TAG_FRAME,
  ODF_TAG_HEADER,
  ODF_TAG_HEADER_ROWS,
  ODF_TAG_HEADING,
  ODF_TAG_HIDDEN, /* unless it says that it is not */
  ODF_TAG_LINE_BREAK,
  ODF_TAG_LINK,
  ODF_TAG_LIST,
  ODF_TAG_LIST_HEADER,
  ODF_TAG_LIST_ITEM,
  ODF_TAG_MASTER_PAGE,
  ODF_TAG_MASTER_STYLES,
  ODF_TAG_MATH,
  ODF_TAG_NOTE,
  ODF_TAG_NOTE_BODY,
  ODF_TAG_NOTE_CITATION,
  ODF_TAG_NOTES,
  ODF_TAG_OBJECT,
  ODF_TAG_OBJECT_OLE,
  ODF_TAG_PAGE,
  ODF_TAG_PAGE_NUMBER,
  ODF_TAG_PARAGRAPH,
  ODF_TAG_PRESENTATION,
  ODF_TAG_ROW,
  ODF_TAG_RUBY_TEXT,
  ODF_TAG_SECTION,
  ODF_TAG_SKIPPED,
  ODF_TAG_SPACES,
  ODF_TAG_SPAN,
  ODF_TAG_STYLES,
  ODF_TAG_TAB,
  ODF_TAG_TABLE,
} OdfTag;

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  Package *package; /* (nullable) a flat file has none */
  OdfStyles *styles;
  GHashTable *tags;     /* local name -> OdfTag */
  GHashTable *said;     /* texts that repeat: headers, footers, of masters */
  GHashTable *objects;  /* (element-type utf8) parts that are read already */
  FlowBlocks *headers;  /* before the body */
  FlowBlocks *footers;  /* after it */
  GPtrArray *embedded;  /* (element-type utf8) parts to be read as members */
  gboolean is_drawing;  /* pages of shapes: presentations, drawings */
  guint page;           /* of these */
  guint n_objects_deep; /* objects within objects that are being read */
} Odf;

/* Of the innermost paragraph. */
typedef struct {
  gboolean is_heading;
  gboolean is_hidden;
  gboolean has_space; /* white space has just been written, or nothing yet: more is dropped */
  gint level;         /* of a heading; 0: as the style says */
  gboolean has_no_number;
  gint64 start;       /* of the numbering; -1: goes on */
  OdfLabel label;     /* of the list's item that it begins */
  guint item_level;   /* from 1 */
  char *marker;       /* (nullable) of a number */
  char *style_name;   /* (nullable) */
  guint hidden_depth; /* open spans that are hidden */
} OdfParagraph;

typedef struct {
  const OdfListStyle *style; /* (nullable) */
  char *style_name;          /* (nullable) */
  OdfCounter *counter;       /* borrowed */
  guint level;               /* from 0 */
  gboolean has_label;        /* the open item's next paragraph gets it */
  gint64 start;              /* of the open item; -1: goes on */
} OdfList;

typedef struct {
  gboolean has_header;
  guint pending_cells; /* empty ones, which count only if another follows */
} OdfTable;

typedef struct {
  Odf *odf;
  const char *base; /* the folder of the part: "", "Object 1/" */
  GPtrArray *flows; /* (element-type Flow, borrowed) body; notes and comments within it */

  GArray *open;               /* (element-type guint8) tags of open elements */
  guint skip_depth;           /* within an element that is left out */
  GArray *paragraphs;         /* (element-type OdfParagraph) */
  GArray *lists;              /* (element-type OdfList) open ones */
  GPtrArray *counters;        /* (element-type OdfCounter) all, owned */
  GHashTable *counters_by_id; /* xml:id of a list -> OdfCounter */
  GHashTable *counters_by_style;
  OdfCounter outline; /* of headings */

  GString *captured; /* text that is no text of a paragraph, while capture is set */
  gboolean capture;
  char *author;       /* (nullable) of the open comment */
  char *citation;     /* (nullable) of the open note */
  gboolean in_styles; /* below office:styles or office:automatic-styles */
  gboolean in_master; /* below office:master-styles */
  gboolean has_body;  /* office:body has begun */
  gboolean is_title;  /* in the frame of a slide's title */
  GArray *tables;     /* (element-type OdfTable) open ones */
  MathMl *math;
  guint math_depth;
} OdfReader;

/* Reads one part; damage: set, transfer full, when it ends early. body: where its text goes. */
gboolean odf_read (Odf *odf, GBytes *bytes, const char *base, Flow *body, char **damage,
                   GError **error);

/* (transfer full) */
GHashTable *odf_tags_new (void);

/* What an element is. uri: nullable. */
OdfTag odf_tag (const Odf *odf, const char *uri, const char *name);

/* --- odf-text.c --------------------------------------------------------------------------------
 */

Flow *odf_flow (const OdfReader *reader);
OdfParagraph *odf_paragraph (const OdfReader *reader); /* (nullable) */
void odf_paragraph_clear (gpointer paragraph);
void odf_list_clear (gpointer list);

void odf_begin_paragraph (OdfReader *reader, gboolean is_heading, const xmlChar **attributes,
                          guint n_attributes);
gboolean odf_end_paragraph (OdfReader *reader, GError **error);

/* Text of a paragraph, its white space folded; or what stands for white space, as it is. */
void odf_append (OdfReader *reader, const char *text, gsize bytes);
void odf_append_space (OdfReader *reader, char space, guint n);

void odf_begin_list (OdfReader *reader, const xmlChar **attributes, guint n_attributes);
void odf_end_list (OdfReader *reader);
/* has_label: not of a header. */
void odf_begin_item (OdfReader *reader, gboolean has_label, const xmlChar **attributes,
                     guint n_attributes);

/* Text from here to the end is a note's or comment's. */
void odf_begin_note (OdfReader *reader);
/* prefix: of its text */
gboolean odf_end_note (OdfReader *reader, const char *prefix, GError **error);

/* --- odf-drawing.c -----------------------------------------------------------------------------
 */

void odf_begin_table (OdfReader *reader);
void odf_begin_header_rows (OdfReader *reader);
void odf_begin_row (OdfReader *reader);
/* The cell of a tag; of a covered one all is left out. */
gboolean odf_start_cell (OdfReader *reader, OdfTag tag, const xmlChar **attributes,
                         guint n_attributes, GError **error);
gboolean odf_end_table (OdfReader *reader, GError **error);

gboolean odf_start_page (OdfReader *reader, const xmlChar **attributes, guint n_attributes,
                         GError **error);
gboolean odf_start_shape (OdfReader *reader, OdfTag tag, const xmlChar **attributes,
                          guint n_attributes);
gboolean odf_end_shape (OdfReader *reader, OdfTag tag, GError **error);

/* href: (nullable) of the object, from the folder of the part. */
gboolean odf_read_object (OdfReader *reader, const char *href, GError **error);
