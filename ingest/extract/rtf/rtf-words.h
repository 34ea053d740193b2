/* rtf-words.h: the control words that matter to text. */
#pragma once

#include <glib.h>

typedef enum {
  RTF_WORD_NONE, /* formatting that text does not show, or unknown */

  /* characters */
  RTF_WORD_CHARACTER, /* stands for a character: see RtfWordInfo.character */
  RTF_WORD_U,
  RTF_WORD_UC,
  RTF_WORD_CHFTN,

  /* properties of characters */
  RTF_WORD_F,
  RTF_WORD_PLAIN,
  RTF_WORD_V,
  RTF_WORD_DELETED,

  /* paragraphs */
  RTF_WORD_PAR,
  RTF_WORD_PARD,
  RTF_WORD_S,
  RTF_WORD_LS,
  RTF_WORD_ILVL,
  RTF_WORD_OUTLINELEVEL,
  RTF_WORD_INTBL,
  RTF_WORD_ITAP,

  /* tables */
  RTF_WORD_TROWD,
  RTF_WORD_TRHDR,
  RTF_WORD_CELL,
  RTF_WORD_ROW,
  RTF_WORD_NESTCELL,
  RTF_WORD_NESTROW,

  /* lists */
  RTF_WORD_LIST,
  RTF_WORD_LISTLEVEL,
  RTF_WORD_LEVELNFC,
  RTF_WORD_LEVELSTARTAT,
  RTF_WORD_LEVELLEGAL,
  RTF_WORD_LISTID,
  RTF_WORD_LISTOVERRIDE,
  RTF_WORD_LFOLEVEL,
  RTF_WORD_LISTOVERRIDESTARTAT,
  RTF_WORD_SBASEDON,

  /* destinations, from here on */
  RTF_WORD_SKIPPED,
  RTF_WORD_TRANSPARENT, /* one that begins with \* and holds text of its paragraph */
  RTF_WORD_FONTTBL,
  RTF_WORD_STYLESHEET,
  RTF_WORD_INFO,
  RTF_WORD_TITLE,
  RTF_WORD_AUTHOR,
  RTF_WORD_LISTTABLE,
  RTF_WORD_LISTOVERRIDETABLE,
  RTF_WORD_LEVELTEXT,
  RTF_WORD_LEVELNUMBERS,
  RTF_WORD_LISTTEXT,
  RTF_WORD_PN,
  RTF_WORD_PNTXTA,
  RTF_WORD_PNTXTB,
  RTF_WORD_HEADER,
  RTF_WORD_FOOTER,
  RTF_WORD_FOOTNOTE,
  RTF_WORD_ANNOTATION,
  RTF_WORD_ATNAUTHOR,
  RTF_WORD_FIELD,
  RTF_WORD_FLDINST,
  RTF_WORD_FLDRSLT,
  RTF_WORD_SHAPE, /* text only where one of its own says so */
  RTF_WORD_SHPTXT,
  RTF_WORD_SHAPE_NAME,
  RTF_WORD_SHAPE_VALUE,
  RTF_WORD_OBJCLASS,
  RTF_WORD_OBJDATA,
  RTF_WORD_UPR,
  RTF_WORD_UD,
} RtfWord;

typedef struct {
  const char *name;
  RtfWord word;
  guint16 character; /* of RTF_WORD_CHARACTER */
} RtfWordInfo;

/* (nullable) */
const RtfWordInfo *rtf_word_find (const char *name);
