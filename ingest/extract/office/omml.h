/* omml.h: formulas of Office (OMML, ECMA-376 part 1, 22.1) as a line of text.
 *
 *     (a+b)/(2c)   x^2   x_i   √(x)   ∑_(i=1)^n i   lim_(n→∞) a_n   [a, b; c, d]
 *
 * Fed with the elements between <m:oMath> and </m:oMath>, local names.
 */
#pragma once

#include <libxml/parser.h>

#include <glib.h>

typedef struct Omml Omml;

Omml *omml_new (void);
void omml_free (Omml *omml);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Omml, omml_free)

/* name: of an element of the namespace of formulas. */
void omml_start (Omml *omml, const char *name, const xmlChar **attributes, guint n_attributes);
void omml_text (Omml *omml, const char *text, gsize bytes);
void omml_end (Omml *omml, const char *name);

/* Appends the formula and is ready for the next. */
void omml_finish (Omml *omml, GString *out);
