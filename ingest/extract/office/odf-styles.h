/* odf-styles.h: styles of OpenDocument (ODF 1.3 part 3, 16), as far as they say what a text is: its
 * place in the outline, its list, whether it is hidden; and how lists and headings are numbered.
 */
#pragma once

#include "ingest/extract/markup/xml-parts.h"

#define ODF_LEVELS 10

typedef enum { ODF_NO_LABEL, ODF_BULLET, ODF_NUMBER } OdfLabel;

typedef struct {
  OdfLabel label;
  char *format; /* (nullable) "1", "a", "i", ... */
  char *prefix; /* (nullable) */
  char *suffix; /* (nullable) */
  guint start;
  guint display_levels; /* how many levels' numbers are shown, at least 1 */
} OdfListLevel;

typedef struct {
  OdfListLevel levels[ODF_LEVELS];
} OdfListStyle;

/* What a style and those it is made of (style:parent-style-name) say. */
typedef struct {
  gint outline_level; /* from 1; 0: none */
  gboolean is_title;
  gboolean is_code;
  gboolean is_hidden;
  const char *list_style; /* (nullable) borrowed from the styles */
} OdfStyle;

typedef struct OdfStyles OdfStyles;

OdfStyles *odf_styles_new (void);
void odf_styles_free (OdfStyles *styles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OdfStyles, odf_styles_free)

/* Elements below office:styles and office:automatic-styles, local names. A style of a name that is
 * known already replaces it: automatic styles are those of their own part. */
void odf_styles_start (OdfStyles *styles, const char *name, const xmlChar **attributes,
                       guint n_attributes);
void odf_styles_end (OdfStyles *styles, const char *name);

/* family: "paragraph", "text", "section", "drawing-page". name: nullable. */
OdfStyle odf_style (const OdfStyles *styles, const char *family, const char *name);

/* name: nullable. NULL: there is none. */
const OdfListStyle *odf_list_style (const OdfStyles *styles, const char *name);

/* How headings are numbered; NULL: they are not. */
const OdfListStyle *odf_outline_style (const OdfStyles *styles);

/* --- counting ----------------------------------------------------------------------------------
 */

typedef struct {
  guint counts[ODF_LEVELS];
  gboolean has_count[ODF_LEVELS];
} OdfCounter;

/* Counts one item of a level (from 0) and ends deeper ones. start: -1, or the number it gets. */
void odf_counter_next (OdfCounter *counter, const OdfListStyle *style, guint level, gint64 start);

/* Appends the label as shown: "1.2.", "a)"; nothing for a level without one. */
void odf_counter_write (const OdfCounter *counter, const OdfListStyle *style, guint level,
                        GString *out);
