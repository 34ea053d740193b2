/* sink-render.h: the Markdown around a block, as plain functions of strings. */
#pragma once

#include <glib.h>

/* Text without leading blank lines and trailing white space; borrowed from `text`. */
const char *render_trim (const char *text, gsize *bytes);

/* Appends `text` on one line: runs of white space become one space, none at the ends. */
void render_line (GString *out, const char *text, gsize bytes);

/* Appends `text`, each line after the first indented by `indent` spaces. */
void render_indented (GString *out, const char *text, gsize bytes, guint indent);

/* Appends a fenced block; info may be NULL. The fence is longer than any in the text. */
void render_code (GString *out, const char *info, const char *text, gsize bytes);

/* Appends Markdown rows, the last without line end. rows: element-type GPtrArray of utf8, clean.
 * FALSE, and nothing appended, when no cell holds text. */
gboolean render_table (GString *out, GPtrArray *rows, gboolean has_header);
