/* ppt.h: what the parts of the reader of PowerPoint 97 to 2003 (MS-PPT) share.
 *
 * The stream "PowerPoint Document" is records in records. Current User leads to the last edit, each
 * edit to the one before and to a directory: number of a persistent object ──► its offset. The
 * document object lists the slides by those numbers, with the text of their placeholders.
 */
#pragma once

#include "compound.h"
#include "ingest/extract/bytes.h"
#include "ingest/extract/codepage.h"

/* Record types (MS-PPT 2.13.24, MS-ODRAW 2.1.2) */
typedef enum {
  PPT_DOCUMENT = 0x03e8,
  PPT_SLIDE = 0x03ee,
  PPT_SLIDE_ATOM = 0x03ef,
  PPT_NOTES = 0x03f0,
  PPT_NOTES_ATOM = 0x03f1,
  PPT_SLIDE_PERSIST = 0x03f3,
  PPT_MAIN_MASTER = 0x03f8,
  PPT_EX_OBJ_LIST = 0x0409,
  PPT_DRAWING = 0x040c,
  PPT_PLACEHOLDER = 0x0bc3,
  PPT_OUTLINE_TEXT_REF = 0x0f9e,
  PPT_TEXT_HEADER = 0x0f9f,
  PPT_TEXT_CHARS = 0x0fa0,
  PPT_STYLE_TEXT_PROP = 0x0fa1,
  PPT_TEXT_BYTES = 0x0fa8,
  PPT_CSTRING = 0x0fba,
  PPT_EX_OLE_OBJ_ATOM = 0x0fc3,
  PPT_EX_EMBED = 0x0fcc,
  PPT_EX_HYPERLINK = 0x0fd7,
  PPT_EX_HYPERLINK_ATOM = 0x0fd3,
  PPT_SLIDE_NUMBER_MC = 0x0fd8,
  PPT_HEADERS_FOOTERS = 0x0fd9,
  PPT_HEADERS_FOOTERS_ATOM = 0x0fda,
  PPT_TX_INTERACTIVE_INFO = 0x0fdf,
  PPT_SLIDE_LIST = 0x0ff0,
  PPT_INTERACTIVE_INFO = 0x0ff2,
  PPT_INTERACTIVE_INFO_ATOM = 0x0ff3,
  PPT_USER_EDIT = 0x0ff5,
  PPT_CURRENT_USER = 0x0ff6,
  PPT_DATETIME_MC = 0x0ff7,
  PPT_GENERIC_DATE_MC = 0x0ff8,
  PPT_HEADER_MC = 0x0ff9,
  PPT_FOOTER_MC = 0x0ffa,
  PPT_RTF_DATETIME_MC = 0x1015,
  PPT_EX_OLE_OBJ_STG = 0x1011,
  PPT_PROG_TAGS = 0x1388,
  PPT_PROG_BINARY_TAG = 0x138a,
  PPT_BINARY_TAG_DATA = 0x138b,
  PPT_PERSIST_DIRECTORY = 0x1772,
  PPT_COMMENT = 0x2ee0,
  PPT_CRYPT_SESSION = 0x2f14,
  PPT_ART_DG = 0xf002,
  PPT_ART_GROUP = 0xf003,
  PPT_ART_SHAPE = 0xf004,
  PPT_ART_GROUP_BOUNDS = 0xf009,
  PPT_ART_SHAPE_ATOM = 0xf00a,
  PPT_ART_OPTIONS = 0xf00b,
  PPT_ART_TEXTBOX = 0xf00d,
  PPT_ART_CHILD_ANCHOR = 0xf00f,
  PPT_ART_CLIENT_DATA = 0xf011,
  PPT_ART_TERTIARY_OPTIONS = 0xf122,
} PptType;

/* TextTypeEnum (2.13.33) */
typedef enum {
  PPT_TEXT_TITLE = 0,
  PPT_TEXT_BODY = 1,
  PPT_TEXT_NOTES = 2,
  PPT_TEXT_OTHER = 4,
  PPT_TEXT_CENTER_BODY = 5,
  PPT_TEXT_CENTER_TITLE = 6,
  PPT_TEXT_HALF_BODY = 7,
  PPT_TEXT_QUARTER_BODY = 8,
} PptTextType;

/* Containers in containers beyond this are not looked into. */
#define PPT_DEPTH_MAX 32

typedef struct {
  guint16 type;
  guint16 instance;
  gboolean is_container;
  ByteReader data;
} PptRecord;

/* The next record of a container's; FALSE at its end. One that is longer than the rest is cut. */
gboolean ppt_next (ByteReader *reader, PptRecord *record);

/* The first child of that type, and of that instance where it is not negative. */
gboolean ppt_find (ByteReader container, PptType type, gint instance, PptRecord *record);

/* A text with what its records say of it. */
typedef struct {
  guint type;                                            /* PptTextType */
  ByteReader text;                                       /* none: there was none */
  gboolean is_wide;                                      /* UTF-16LE, otherwise its low bytes */
  ByteReader styles;                                     /* of StyleTextPropAtom */
  gboolean has_number, has_date, has_footer, has_header; /* characters '*' that stand for them */
  guint32 link;                                          /* number of a hyperlink; 0: none */
} PptText;

typedef struct {
  guint32 persist; /* number of the slide's object */
  guint32 id;
  GArray *texts;    /* (element-type PptText) of its placeholders; in the outline */
  gboolean is_done; /* a master that has been read */
} PptListed;

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  Compound *compound; /* the storage that holds the streams */
  GBytes *stream;
  GHashTable *persist; /* number -> offset */
  guint32 document;    /* number */
  gboolean is_damaged;
  GHashTable *links;  /* number -> char * */
  GHashTable *said;   /* headers, footers that were given */
  GPtrArray *footers; /* (element-type utf8) */
  GPtrArray *slides;  /* (element-type PptListed) */
  GPtrArray *notes;   /* (element-type PptListed) */
  GPtrArray *masters; /* (element-type PptListed) */
  guint members;
} Ppt;

/* --- ppt-file.c */

/* Errors: EXTRACT_ERROR_ENCRYPTED, _CORRUPT. (transfer full) */
Ppt *ppt_open (const ExtractInput *input, ExtractSink *sink, GError **error);
void ppt_free (Ppt *ppt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Ppt, ppt_free)

/* The record of a persistent object; FALSE: there is none. */
gboolean ppt_object (const Ppt *ppt, guint32 number, PptRecord *record);

/* A CString, or the text of a TextCharsAtom. (transfer full) */
char *ppt_string (const PptRecord *record);

/* A header, a footer, a master's text: once. (transfer full) */
void ppt_add_footer (Ppt *ppt, char *text);

/* --- ppt-text.c */

/* Takes a record that belongs to a text: TRUE when it began another, so that `text` now is that. */
gboolean ppt_text_take (PptText *text, const PptRecord *record);

/* Puts it out: a title as heading, bodies as lists. FALSE: nothing more is wanted. */
gboolean ppt_text_write (Ppt *ppt, const PptText *text, guint page, GError **error);

/* Its text in one line. (transfer full) */
char *ppt_text_plain (const PptText *text);

gboolean ppt_text_is_title (const PptText *text);

/* --- ppt-drawing.c */

typedef enum {
  PPT_SHAPES_OF_SLIDE,  /* titles first; what is a footer goes to ppt->footers */
  PPT_SHAPES_OF_NOTES,  /* the notes themselves */
  PPT_SHAPES_OF_MASTER, /* what its slides show of it, too: to ppt->footers */
} PptShapes;

/* The shapes of a slide. outline: texts that placeholders refer to (nullable). FALSE: nothing more
 * is wanted. */
gboolean ppt_drawing_write (Ppt *ppt, ByteReader slide, const GArray *outline, PptShapes shapes,
                            guint page, GError **error);

/* --- ppt-objects.c */

/* Hyperlinks; and the embedded objects, as members. */
void ppt_read_links (Ppt *ppt, ByteReader document);
gboolean ppt_read_objects (Ppt *ppt, ByteReader document, GError **error);
