/* Elements of MathML are told apart by their place in their parent: each is put into the argument
 * that it is, and what has arguments is written by omml.c. */
#include "mathml.h"

#include "omml.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *omml;         /* the element of OMML that is written the same */
  const char *arguments[3]; /* of its children in order; NULL: all others are <m:e> */
} Element;

typedef struct {
  const Element *element; /* (nullable) one that only holds others */
  gboolean is_wrapped;    /* in an argument of its parent */
  gboolean is_skipped;
  guint n_children;
} Open;

struct MathMl {
  Omml *omml;
  GArray *open; /* (element-type Open) */
};

static const Element elements[] = {
    {"mfrac", "f", {"num", "den"}},
    {"msup", "sSup", {"e", "sup"}},
    {"msub", "sSub", {"e", "sub"}},
    {"msubsup", "sSubSup", {"e", "sub", "sup"}},
    {"munder", "sSub", {"e", "sub"}},
    {"mover", "sSup", {"e", "sup"}},
    {"munderover", "sSubSup", {"e", "sub", "sup"}},
    {"msqrt", "rad", {"e"}},
    {"mroot", "rad", {"e", "deg"}},
    {"mtable", "m", {NULL}},
    {"mtr", "mr", {NULL}},
    {"mfenced", "d", {NULL}},
};

MathMl *
mathml_new (void)
{
  MathMl *math = g_new0 (MathMl, 1);

  math->omml = omml_new ();
  math->open = g_array_new (FALSE, TRUE, sizeof (Open));
  return math;
}

void
mathml_free (MathMl *math)
{
  if (math == NULL)
    return;
  omml_free (math->omml);
  g_array_unref (math->open);
  g_free (math);
}

static Open *
top (const MathMl *math)
{
  return math->open->len == 0 ? NULL : &g_array_index (math->open, Open, math->open->len - 1);
}

/* The argument that the next child of `parent` is; NULL: it needs none. */
static const char *
argument_of (Open *parent, gboolean is_row)
{
  guint index;

  if (parent == NULL || parent->element == NULL)
    return NULL;
  index = parent->n_children++;
  if (index < G_N_ELEMENTS (parent->element->arguments) &&
      parent->element->arguments[index] != NULL)
    return parent->element->arguments[index];
  /* rows of a matrix are arguments as they are */
  return is_row ? NULL : "e";
}

void
mathml_start (MathMl *math, const char *name)
{
  Open open = {0};
  const char *argument;

  /* the same formula in another language */
  open.is_skipped = strcmp (name, "annotation") == 0 || strcmp (name, "annotation-xml") == 0 ||
                    (top (math) != NULL && top (math)->is_skipped);
  for (guint i = 0; !open.is_skipped && i < G_N_ELEMENTS (elements); i++)
    if (strcmp (elements[i].name, name) == 0)
      open.element = &elements[i];
  argument = open.is_skipped ? NULL : argument_of (top (math), strcmp (name, "mtr") == 0);
  if (argument != NULL)
    omml_start (math->omml, argument, NULL, 0);
  open.is_wrapped = argument != NULL;
  if (open.element != NULL)
    omml_start (math->omml, open.element->omml, NULL, 0);
  g_array_append_val (math->open, open);
}

void
mathml_text (MathMl *math, const char *text, gsize bytes)
{
  const char *end = text + bytes;

  if (top (math) != NULL && top (math)->is_skipped)
    return;
  /* white space around tokens is layout of the source */
  while (text < end && g_ascii_isspace (*text))
    text++;
  while (end > text && g_ascii_isspace (end[-1]))
    end--;
  if (end > text)
    omml_text (math->omml, text, (gsize)(end - text));
}

void
mathml_end (MathMl *math)
{
  const Open *open = top (math);

  if (open == NULL)
    return;
  if (open->element != NULL)
    omml_end (math->omml, open->element->omml);
  if (open->is_wrapped)
    omml_end (math->omml, "e");
  g_array_set_size (math->open, math->open->len - 1);
}

void
mathml_finish (MathMl *math, GString *out)
{
  while (math->open->len > 0)
    mathml_end (math);
  omml_finish (math->omml, out);
}
