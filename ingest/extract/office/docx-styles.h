/* docx-styles.h: word/styles.xml (ECMA-376 part 1, 17.7), as far as it says what a text is: its
 * place in the outline, its list, whether it is hidden. Names are of no account but for built-in
 * styles, whose w:name is English in every language.
 */
#pragma once

#include "opc.h"

#define DOCX_LEVELS 9
/* w:outlineLvl of text that is no heading */
#define DOCX_BODY_LEVEL 9

/* With what it inherits (w:basedOn). */
typedef struct {
  char *id;
  char *name;         /* (nullable) */
  char *based_on;     /* (nullable) */
  char *font;         /* (nullable) */
  gint outline_level; /* from 0; DOCX_BODY_LEVEL: none; -1: does not say */
  gint num_id;        /* 0: in no list; -1: does not say */
  gint num_level;     /* -1: does not say */
  gint is_hidden;     /* -1: does not say */
  gboolean is_code;   /* its name says so */
} DocxStyle;

typedef struct DocxStyles DocxStyles;

/* name: (nullable) of the part; without one there are no styles. NULL: error set. (transfer full)
 */
DocxStyles *docx_styles_read (Package *package, const char *name, ExtractSink *sink,
                              GError **error);
void docx_styles_free (DocxStyles *styles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DocxStyles, docx_styles_free)

/* NULL: there is none of that id. */
const DocxStyle *docx_style (const DocxStyles *styles, const char *id);

/* Of paragraphs that name none; NULL: there is none. */
const DocxStyle *docx_style_default (const DocxStyles *styles);

/* The outline level that the id itself stands for ("Heading2": 1), -1 for none: for files that use
 * styles they do not define. */
gint docx_style_level_of_id (const char *id);

/* An on-off property (17.17.4): TRUE unless its val says no. */
gboolean docx_is_on (const xmlChar **attributes, guint n_attributes);
