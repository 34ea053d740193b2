/* docx.h: what the parts of the reader of docx share. Read by docx-*.c and format-docx.c only.
 *
 *     format-docx.c     the package: which parts, in what order
 *     docx-story.c      one story (body, header, footer, notes, comments): its elements
 *     docx-tags.c       their names
 *     docx-run.c        what a run holds: text, symbols, references, drawings
 *     docx-field.c      fields: results are kept, instructions are not
 *     docx-paragraph.c  what a paragraph is: heading, list item, code
 */
#pragma once

#include "docx-numbering.h"
#include "docx-styles.h"
#include "flow.h"
#include "omml.h"
#include "opc.h"

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  Package *package;
  DocxStyles *styles;
  DocxNumbering *numbering;
  GHashTable *tags;      /* local name -> DocxTag */
  GHashTable *footnotes; /* id -> FlowBlocks, until they are referred to */
  GHashTable *endnotes;
  GHashTable *comments;
  GHashTable *seen;  /* (element-type utf8) embedded parts that are read already */
  guint n_footnotes; /* referred to so far */
  guint n_endnotes;
} Docx;

typedef enum {
  DOCX_TAG_OTHER,
  DOCX_TAG_ALT_CHUNK,
  DOCX_TAG_ALTERNATE_CONTENT,
  DOCX_TAG_BR,
  DOCX_TAG_CHART,
  DOCX_TAG_CHECKED,
  DOCX_TAG_CHOICE,
  DOCX_TAG_COMMENT,
  DOCX_TAG_COMMENT_REFERENCE,
  DOCX_TAG_CR,
  DOCX_TAG_DEFAULT,
  DOCX_TAG_DEL,
  DOCX_TAG_DOC_PR,
  DOCX_TAG_ENDNOTE,
  DOCX_TAG_ENDNOTE_REFERENCE,
  DOCX_TAG_FALLBACK,
  DOCX_TAG_FLD_CHAR,
  DOCX_TAG_FOOTNOTE,
  DOCX_TAG_FOOTNOTE_REFERENCE,
  DOCX_TAG_FRAME_PR,
  DOCX_TAG_GRID_AFTER,
  DOCX_TAG_GRID_BEFORE,
  DOCX_TAG_GRID_SPAN,
  DOCX_TAG_HYPERLINK,
  DOCX_TAG_ILVL,
  DOCX_TAG_INSTR_TEXT,
  DOCX_TAG_LIST_ENTRY,
  DOCX_TAG_NO_BREAK_HYPHEN,
  DOCX_TAG_NUM_ID,
  DOCX_TAG_OUTLINE_LEVEL,
  DOCX_TAG_P,
  DOCX_TAG_P_PR,
  DOCX_TAG_P_STYLE,
  DOCX_TAG_PTAB,
  DOCX_TAG_R,
  DOCX_TAG_R_FONTS,
  DOCX_TAG_R_PR,
  DOCX_TAG_R_STYLE,
  DOCX_TAG_REL_IDS,
  DOCX_TAG_RESULT,
  DOCX_TAG_RT,
  DOCX_TAG_RUBY,
  DOCX_TAG_SHAPE,
  DOCX_TAG_SKIPPED, /* with all that is in it */
  DOCX_TAG_SYM,
  DOCX_TAG_T,
  DOCX_TAG_TAB,
  DOCX_TAG_TBL,
  DOCX_TAG_TBL_HEADER,
  DOCX_TAG_TBL_LOOK,
  DOCX_TAG_TC,
  DOCX_TAG_TEXT_PATH,
  DOCX_TAG_TR,
  DOCX_TAG_TR_PR,
  DOCX_TAG_TXBX_CONTENT,
  DOCX_TAG_VANISH,
} DocxTag;

typedef enum { DOCX_SPACE_WORD, DOCX_SPACE_MATH, DOCX_SPACE_OTHER } DocxSpace;

typedef struct {
  gint is_hidden;         /* -1: as its styles say */
  const DocxStyle *style; /* (nullable) borrowed */
  char *font;             /* (nullable) */
} DocxRun;

/* A paragraph that is open; those of text boxes stand within others. */
typedef struct {
  const DocxStyle *style; /* (nullable) borrowed */
  char *style_id;         /* (nullable) as the paragraph names it, defined or not */
  gint outline_level;     /* -1: as its style says */
  gint num_id;
  gint num_level;
  gboolean joins_next; /* its mark is deleted, or it is a drop cap */
  DocxRun run;
} DocxParagraph;

/* A field that is open (17.16.18): code, then result. */
typedef struct {
  gboolean in_result;
  gboolean is_link;
  GString *code;
  gboolean has_checkbox; /* of a form */
  gboolean is_checked;
  gint result;        /* of a drop-down list */
  GPtrArray *entries; /* (nullable) (element-type utf8) */
} DocxField;

typedef struct {
  Docx *docx;
  const OpcRelationships *relationships;
  Flow *flow;
  GHashTable *notes; /* (nullable) where the notes or comments of this part go */

  const char *uri;    /* (nullable) of the last element; libxml2 has each one once */
  DocxSpace space;    /* what it is */
  GArray *open;       /* (element-type guint8) tags of open elements */
  guint skip_depth;   /* within an element that is left out */
  GArray *paragraphs; /* (element-type DocxParagraph) */
  GPtrArray *fields;  /* (element-type DocxField) */
  GArray *choices;    /* (element-type guint64) of open mc:AlternateContent: n_written before it */
  guint64 n_written;  /* how often something was put into the text */
  GArray *rows;       /* (element-type DocxRow) of open tables */

  Omml *omml;       /* of the formula that is open */
  guint math_depth; /* open elements of formulas */
  guint n_formulas; /* in the open m:oMathPara */

  char *note_id;     /* (nullable) of the note or comment that is open */
  char *note_author; /* (nullable) */
  gsize ruby_start;  /* of the open w:rt in the paragraph's text */
  char *ruby_text;   /* (nullable) */
} DocxStory;

typedef struct {
  FlowHeader header; /* of the table */
  guint n_rows;
  gboolean is_dropped; /* the open row */
  guint grid_after;
} DocxRow;

/* Reads a part. notes: (nullable) hash table id -> FlowBlocks that notes and comments are put in.
 * A part that is missing is empty. */
gboolean docx_story_read (Docx *docx, const char *part, Flow *flow, GHashTable *notes,
                          GError **error);

/* The same of a part whose bytes are read already; damage: set, transfer full, when it ends early.
 */
gboolean docx_story_parse (Docx *docx, const char *part, GBytes *bytes, Flow *flow,
                           GHashTable *notes, char **damage, GError **error);

/* Of a namespace's URI (nullable). */
DocxSpace docx_space_of (const char *uri);

/* (transfer full) local names and what they are. */
GHashTable *docx_tags_new (void);

/* What an element of that namespace is. */
DocxTag docx_tag (const Docx *docx, DocxSpace space, const char *name);

/* NULL: none is open. */
DocxParagraph *docx_story_paragraph (const DocxStory *story);

/* Is what stands here shown? */
gboolean docx_story_is_visible (const DocxStory *story);
void docx_story_append (DocxStory *story, const char *text);

void docx_paragraph_begin (DocxStory *story);
gboolean docx_paragraph_end (DocxStory *story, GError **error);
void docx_paragraph_clear (gpointer paragraph);

/* The elements within w:pPr and within w:rPr. */
void docx_paragraph_property (DocxStory *story, DocxTag tag, const xmlChar **attributes,
                              guint n_attributes);
void docx_run_property (DocxStory *story, DocxTag tag, const xmlChar **attributes,
                        guint n_attributes);

/* What stands in a run. */
gboolean docx_run_start (DocxStory *story, DocxTag tag, const xmlChar **attributes,
                         guint n_attributes, GError **error);
void docx_run_text (DocxStory *story, const char *text, gsize bytes);

void docx_field_char (DocxStory *story, const xmlChar **attributes, guint n_attributes);
void docx_field_property (DocxStory *story, DocxTag tag, const xmlChar **attributes,
                          guint n_attributes);
void docx_field_code (DocxStory *story, const char *text, gsize bytes);
void docx_field_end_paragraph (DocxStory *story);
void docx_field_free (gpointer field);
