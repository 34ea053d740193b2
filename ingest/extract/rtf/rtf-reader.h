/* rtf-reader.h: what the parts of the reader of RTF share.
 *
 *     rtf-token ──► format-rtf ──► word-flow ──► sink
 *                     │   ▲
 *                     ▼   │ text of groups that hold something else
 *                rtf-destination ──► fonts, lists, styles, metadata, members
 */
#pragma once

#include "ingest/extract/codepage.h"
#include "ingest/extract/ole/word-flow.h"
#include "rtf-fonts.h"
#include "rtf-lists.h"
#include "rtf-token.h"
#include "rtf-words.h"

#define RTF_DEPTH_MAX 1000

/* Where the text of a group goes. */
typedef enum {
  RTF_TO_FLOW,
  RTF_TO_NOTHING,
  RTF_TO_NOTHING_BUT_TITLES, /* \info: its children have text */
  RTF_TO_NOTHING_BUT_BOXES,  /* shapes: theirs, too */
  RTF_TO_UPR,                /* nothing but \ud */
  RTF_TO_FONTS,
  RTF_TO_LISTS,
  RTF_TO_NUMBERS, /* \pn */
  RTF_TO_OBJECT,  /* hexadecimal digits */
  /* the reader's capture, from here on, and what becomes of it */
  RTF_TO_STYLE,
  RTF_TO_TITLE,
  RTF_TO_AUTHOR,
  RTF_TO_LEVEL_TEXT,
  RTF_TO_MARKER,
  RTF_TO_INSTRUCTION,
  RTF_TO_COMMENTER,
  RTF_TO_SHAPE_NAME,
  RTF_TO_SHAPE_VALUE,
} RtfTarget;

/* What a group inherits and what ends with it. */
typedef struct {
  RtfTarget target;
  RtfTarget outer_target; /* of \upr: where \ud goes */
  gint32 font;
  guint8 fallback; /* \ucN: characters that stand for one \u */
  gboolean is_hidden, is_deleted;
  gboolean drops_result; /* of a field that is shown already */

  /* of the paragraph */
  gint32 style, list, outline;
  guint level;
  guint depth; /* of tables; 0: \intbl was not said */
  gboolean is_in_table;
  gboolean is_old_item; /* \pn: it and those after it, until \pard */

  /* begun by this group itself */
  gboolean began_target, began_story;
  gboolean outer_row_is_open;
  char *outer_marker;
} RtfGroup;

typedef struct {
  const ExtractInput *input;
  ExtractSink *sink;
  WordFlow *flow;
  RtfTokens tokens;
  Codepages *codepages;
  RtfFonts *fonts;
  RtfLists *lists;

  RtfGroup groups[RTF_DEPTH_MAX];
  guint depth;     /* index of the innermost */
  guint too_deep;  /* groups beyond, which share the innermost */
  gboolean is_new; /* the group's destination is still to come */
  gboolean is_starred;

  GString *pending; /* bytes that wait to be decoded */
  guint pending_code_page;
  guint skip;    /* characters that stand for the last \u */
  gunichar lead; /* first half of a surrogate pair */

  GString *capture;
  GByteArray *object; /* of \objdata */
  gint half;          /* the digit before; -1 */
  guint objects;

  char *marker;            /* (nullable) of the paragraph, as \listtext has it */
  char *last_marker;       /* (nullable) of the paragraph before that had one */
  gboolean has_list_texts; /* the file has them: a paragraph without is a list item's second */
  gboolean row_is_open;    /* between \trowd with a first \cell, and \row */
  gboolean row_is_header;
  gint32 based_on;           /* of the style being read */
  gboolean level_has_length; /* \leveltext: its first byte is through */
  guint notes;
  char *commenter;  /* (nullable) */
  char *shape_name; /* (nullable) the property whose value comes */
} RtfReader;

static inline RtfGroup *
rtf_group (RtfReader *reader)
{
  return &reader->groups[reader->depth];
}

/* --- rtf-text.c */

/* FALSE: hidden, deleted. */
gboolean rtf_is_visible (RtfReader *reader);

/* Decodes what waits, and puts it where the group's text goes. */
void rtf_flush (RtfReader *reader);

/* Puts there: UTF-8, a character, bytes in the code page of their font, the number of \u. */
void rtf_put (RtfReader *reader, const char *text, gsize bytes);
void rtf_put_character (RtfReader *reader, gunichar c);
void rtf_put_bytes (RtfReader *reader, const guint8 *text, gsize bytes);
void rtf_put_unicode (RtfReader *reader, gint32 number);

/* --- rtf-destination.c */

/* A word that says what its group holds. */
void rtf_begin_destination (RtfReader *reader, RtfWord word);

/* The group ends; what it held is handed on. FALSE: nothing more is wanted. */
gboolean rtf_end_destination (RtfReader *reader, GError **error);
