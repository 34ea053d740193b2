/* latex-command.h: what commands of LaTeX stand for. */
#pragma once

#include <glib.h>

typedef enum {
  LATEX_CONTENT, /* its arguments are text, as those of unknown commands */
  LATEX_TEXT,    /* it is `text` itself */
  LATEX_DROP,    /* its first `arguments` arguments are no text */
  LATEX_HEADING, /* `arguments` is the level, from 0 */
  LATEX_ACCENT,  /* `text` is the combining character of its argument */
  LATEX_TITLE,
  LATEX_AUTHOR,
  LATEX_MAKETITLE,
  LATEX_ITEM,
  LATEX_BIBITEM,
  LATEX_CITE,
  LATEX_HREF,
  LATEX_FOOTNOTE,
  LATEX_BEGIN,
  LATEX_END,
  LATEX_VERB,
  LATEX_DEFINITION, /* \def, \newcommand: gone with all that belongs to it */
  LATEX_BREAK,      /* a line end */
  LATEX_PARAGRAPH,
  LATEX_MATH, /* \( and \[ */
  LATEX_MULTICOLUMN,
} LatexKind;

typedef struct {
  const char *name; /* without the backslash */
  LatexKind kind;
  guint arguments;
  const char *text;
} LatexCommand;

/* NULL: it is not known. */
const LatexCommand *latex_command (const char *name, gsize bytes);

typedef enum {
  LATEX_ENV_TEXT,
  LATEX_ENV_BULLETS,
  LATEX_ENV_NUMBERS,
  LATEX_ENV_VERBATIM,
  LATEX_ENV_MATH,
  LATEX_ENV_TABLE,
  LATEX_ENV_SKIP,
} LatexEnvironment;

/* arguments: how many of its braces are no text. */
LatexEnvironment latex_environment (const char *name, guint *arguments);
