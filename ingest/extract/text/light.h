/* light.h: blocks out of light markup (reStructuredText, Org): lines gathered into paragraphs and
 * list items, marks of emphasis taken out. */
#pragma once

#include "ingest/extract/extract.h"

/* Turns a paragraph's source into the text that is shown. targets: where its links lead. */
typedef void (*LightInlineFunc) (const char *text, GString *out, GPtrArray *targets);

typedef struct {
  ExtractSink *sink;
  LightInlineFunc clean;
  GString *text;      /* of the block so far, its lines joined */
  guint item_level;   /* 0: it is a paragraph */
  char *marker;       /* of the item; NULL: a bullet */
  GArray *indents;    /* (element-type guint) of the lists that are open */
  GPtrArray *targets; /* (element-type utf8) of the block's links */
  GPtrArray *styles;  /* of heading, in the order in which they appeared */
} Light;

void light_init (Light *light, ExtractSink *sink, LightInlineFunc clean);
void light_clear (Light *light);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Light, light_clear)

/* The block ends here. FALSE: nothing more is wanted. */
gboolean light_flush (Light *light, GError **error);

/* A line of the block; with `keep`, the line end before it stays. */
void light_add (Light *light, const char *line, gsize bytes, gboolean keep);

/* An item begins; indent: columns before its marker. */
gboolean light_begin_item (Light *light, guint indent, const char *marker, gsize marker_bytes,
                           GError **error);

/* Lists that a line of that indentation is not in any more are over. */
void light_leave_lists (Light *light, guint indent);

gboolean light_heading (Light *light, guint level, const char *text, gsize bytes, GError **error);

/* The bytes of a list marker ("-", "1.", "a)", "(2)", "#.") that a blank follows; 0: it is none. */
gsize light_marker (const char *line, gsize bytes, const char *bullets);

/* A link leads there; what leads to the outside is told behind its block. */
void light_add_target (GPtrArray *targets, const char *target, gsize bytes);

/* Cells of "| a | b |". (transfer full) */
GPtrArray *light_cells (const Light *light, const char *line, gsize bytes);
