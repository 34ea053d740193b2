/* mathml.h: MathML (3.0, presentation) as a line of text, in the same way as omml.h writes it. */
#pragma once

#include <libxml/parser.h>

#include <glib.h>

typedef struct MathMl MathMl;

MathMl *mathml_new (void);
void mathml_free (MathMl *math);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MathMl, mathml_free)

/* Elements below <math>, local names. */
void mathml_start (MathMl *math, const char *name);
void mathml_text (MathMl *math, const char *text, gsize bytes);
void mathml_end (MathMl *math);

/* Appends the formula and is ready for the next. */
void mathml_finish (MathMl *math, GString *out);
