/* word-flow.h: text as Word keeps it, in doc and RTF, on its way to the sink (office/flow.h).
 *
 * A paragraph says at its end what it was. Tables are marks: a paragraph in a table has a depth,
 * ends of cells and rows are characters; a table ends where a paragraph outside of it does.
 * Footnotes, comments, text boxes, headers are stories: text begun and ended inside of a paragraph.
 */
#pragma once

#include "ingest/extract/extract.h"

typedef struct WordFlow WordFlow;

typedef struct {
  guint heading;      /* level 1-9; 0: none */
  guint list_level;   /* from 1; 0: no list item */
  const char *marker; /* (nullable) as extract_list_item takes it; stands before headings, too */
  guint depth;        /* of the tables that it is in; 0: none */
} WordParagraph;

typedef enum {
  WORD_STORY_NOTE,   /* follows the paragraph or the table it hangs on */
  WORD_STORY_ASIDE,  /* follows the paragraph: text box, comment */
  WORD_STORY_HEADER, /* once, where it comes first */
  WORD_STORY_FOOTER, /* once, at the end */
} WordStory;

/* (transfer full) */
WordFlow *word_flow_new (ExtractSink *sink);
void word_flow_free (WordFlow *flow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WordFlow, word_flow_free)

/* The open paragraph of the innermost story, to append to. */
GString *word_flow_text (WordFlow *flow);

/* What the open paragraph links to; follows it where the text itself does not say. */
void word_flow_add_link (WordFlow *flow, const char *target);

gboolean word_flow_end_paragraph (WordFlow *flow, const WordParagraph *paragraph, GError **error);
/* The mark that ends a cell and its last paragraph, whose depth is that of the table. */
gboolean word_flow_end_cell (WordFlow *flow, const WordParagraph *paragraph, GError **error);
/* is_header: repeated on every page. is_dropped: a deleted row. */
gboolean word_flow_end_row (WordFlow *flow, guint depth, gboolean is_header, gboolean is_dropped,
                            GError **error);

/* prefix: stands before the text of notes and asides. Stories deeper than some are left out: FALSE
 * then, and nothing has begun. */
gboolean word_flow_begin_story (WordFlow *flow, WordStory kind, const char *prefix);
gboolean word_flow_end_story (WordFlow *flow, GError **error);

/* Ends what is open; the footers come last. */
gboolean word_flow_finish (WordFlow *flow, GError **error);
