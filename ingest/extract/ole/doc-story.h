/* doc-story.h: a stretch of a Word document's text, on its way to the flow. */
#pragma once

#include "doc.h"

/* What hangs on one character of the main text: a note, a comment, a text box. */
typedef struct {
  guint32 cp;
  WordStory kind;
  DocPart part;
  gboolean is_endnote;
  guint32 from, to; /* positions within the part */
  char *prefix;     /* (nullable) owned */
  gboolean is_done;
} DocHanger;

typedef struct {
  Doc *doc;
  WordFlow *flow;
  GArray *hangers; /* (element-type DocHanger) by cp */
  guint footnotes, endnotes;
  guint depth; /* of stories in stories */
} DocText;

/* The text from cp up to cp_end. FALSE: nothing more is wanted. */
gboolean doc_text_read (DocText *text, guint32 cp, guint32 cp_end, GError **error);

/* The same as a story of its own. */
gboolean doc_text_read_story (DocText *text, WordStory kind, const char *prefix, guint32 cp,
                              guint32 cp_end, GError **error);
