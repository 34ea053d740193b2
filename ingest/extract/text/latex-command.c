#include "latex-command.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by name, as bytes. */
static const LatexCommand commands[] = {
    {"\n", LATEX_TEXT, 0, " "},
    {" ", LATEX_TEXT, 0, " "},
    {"!", LATEX_TEXT, 0, ""},
    {"\"", LATEX_ACCENT, 0, "\u0308"},
    {"#", LATEX_TEXT, 0, "#"},
    {"$", LATEX_TEXT, 0, "$"},
    {"%", LATEX_TEXT, 0, "%"},
    {"&", LATEX_TEXT, 0, "&"},
    {"'", LATEX_ACCENT, 0, "\u0301"},
    {"(", LATEX_MATH, 0, "\\)"},
    {",", LATEX_TEXT, 0, " "},
    {"-", LATEX_TEXT, 0, ""},
    {".", LATEX_ACCENT, 0, "\u0307"},
    {"/", LATEX_TEXT, 0, ""},
    {":", LATEX_TEXT, 0, " "},
    {";", LATEX_TEXT, 0, " "},
    {"=", LATEX_ACCENT, 0, "\u0304"},
    {"@", LATEX_TEXT, 0, ""},
    {"AA", LATEX_TEXT, 0, "Å"},
    {"AE", LATEX_TEXT, 0, "Æ"},
    {"H", LATEX_ACCENT, 0, "\u030b"},
    {"L", LATEX_TEXT, 0, "Ł"},
    {"LaTeX", LATEX_TEXT, 0, "LaTeX"},
    {"O", LATEX_TEXT, 0, "Ø"},
    {"OE", LATEX_TEXT, 0, "Œ"},
    {"P", LATEX_TEXT, 0, "¶"},
    {"S", LATEX_TEXT, 0, "§"},
    {"TeX", LATEX_TEXT, 0, "TeX"},
    {"[", LATEX_MATH, 0, "\\]"},
    {"\\", LATEX_BREAK, 0, NULL},
    {"^", LATEX_ACCENT, 0, "\u0302"},
    {"_", LATEX_TEXT, 0, "_"},
    {"`", LATEX_ACCENT, 0, "\u0300"},
    {"aa", LATEX_TEXT, 0, "å"},
    {"addbibresource", LATEX_DROP, 1, NULL},
    {"addcontentsline", LATEX_DROP, 3, NULL},
    {"addtocounter", LATEX_DROP, 2, NULL},
    {"ae", LATEX_TEXT, 0, "æ"},
    {"and", LATEX_TEXT, 0, ", "},
    {"author", LATEX_AUTHOR, 0, NULL},
    {"autoref", LATEX_DROP, 1, NULL},
    {"b", LATEX_ACCENT, 0, "\u0331"},
    {"begin", LATEX_BEGIN, 0, NULL},
    {"bibitem", LATEX_BIBITEM, 0, NULL},
    {"bibliography", LATEX_DROP, 1, NULL},
    {"bibliographystyle", LATEX_DROP, 1, NULL},
    {"bigskip", LATEX_PARAGRAPH, 0, NULL},
    {"c", LATEX_ACCENT, 0, "\u0327"},
    {"chapter", LATEX_HEADING, 0, NULL},
    {"cite", LATEX_CITE, 0, NULL},
    {"citep", LATEX_CITE, 0, NULL},
    {"citet", LATEX_CITE, 0, NULL},
    {"cline", LATEX_DROP, 1, NULL},
    {"cmidrule", LATEX_DROP, 1, NULL},
    {"color", LATEX_DROP, 1, NULL},
    {"colorbox", LATEX_DROP, 1, NULL},
    {"copyright", LATEX_TEXT, 0, "©"},
    {"cref", LATEX_DROP, 1, NULL},
    {"d", LATEX_ACCENT, 0, "\u0323"},
    {"dag", LATEX_TEXT, 0, "†"},
    {"date", LATEX_DROP, 1, NULL},
    {"ddag", LATEX_TEXT, 0, "‡"},
    {"def", LATEX_DEFINITION, 0, NULL},
    {"definecolor", LATEX_DROP, 3, NULL},
    {"documentclass", LATEX_DROP, 1, NULL},
    {"documentstyle", LATEX_DROP, 1, NULL},
    {"dots", LATEX_TEXT, 0, "…"},
    {"end", LATEX_END, 0, NULL},
    {"eqref", LATEX_DROP, 1, NULL},
    {"euro", LATEX_TEXT, 0, "€"},
    {"fcolorbox", LATEX_DROP, 2, NULL},
    {"fontsize", LATEX_DROP, 2, NULL},
    {"footnote", LATEX_FOOTNOTE, 0, NULL},
    {"footnotetext", LATEX_FOOTNOTE, 0, NULL},
    {"geometry", LATEX_DROP, 1, NULL},
    {"glossary", LATEX_DROP, 1, NULL},
    {"href", LATEX_HREF, 0, NULL},
    {"hskip", LATEX_TEXT, 0, " "},
    {"hspace", LATEX_DROP, 1, NULL},
    {"hypersetup", LATEX_DROP, 1, NULL},
    {"i", LATEX_TEXT, 0, "ı"},
    {"include", LATEX_DROP, 1, NULL},
    {"includegraphics", LATEX_DROP, 1, NULL},
    {"index", LATEX_DROP, 1, NULL},
    {"input", LATEX_DROP, 1, NULL},
    {"item", LATEX_ITEM, 0, NULL},
    {"j", LATEX_TEXT, 0, "ȷ"},
    {"k", LATEX_ACCENT, 0, "\u0328"},
    {"l", LATEX_TEXT, 0, "ł"},
    {"label", LATEX_DROP, 1, NULL},
    {"ldots", LATEX_TEXT, 0, "…"},
    {"let", LATEX_DEFINITION, 0, NULL},
    {"linebreak", LATEX_BREAK, 0, NULL},
    {"lstinline", LATEX_VERB, 0, NULL},
    {"lstset", LATEX_DROP, 1, NULL},
    {"maketitle", LATEX_MAKETITLE, 0, NULL},
    {"markboth", LATEX_DROP, 2, NULL},
    {"markright", LATEX_DROP, 1, NULL},
    {"medskip", LATEX_PARAGRAPH, 0, NULL},
    {"multicolumn", LATEX_MULTICOLUMN, 0, NULL},
    {"multirow", LATEX_MULTICOLUMN, 0, NULL},
    {"newcommand", LATEX_DEFINITION, 0, NULL},
    {"newenvironment", LATEX_DEFINITION, 0, NULL},
    {"newline", LATEX_BREAK, 0, NULL},
    {"newpage", LATEX_PARAGRAPH, 0, NULL},
    {"newtheorem", LATEX_DROP, 2, NULL},
    {"nocite", LATEX_DROP, 1, NULL},
    {"nolinkurl", LATEX_VERB, 0, NULL},
    {"o", LATEX_TEXT, 0, "ø"},
    {"oe", LATEX_TEXT, 0, "œ"},
    {"pageref", LATEX_DROP, 1, NULL},
    {"pagestyle", LATEX_DROP, 1, NULL},
    {"par", LATEX_PARAGRAPH, 0, NULL},
    {"paragraph", LATEX_HEADING, 4, NULL},
    {"part", LATEX_HEADING, 0, NULL},
    {"path", LATEX_VERB, 0, NULL},
    {"pounds", LATEX_TEXT, 0, "£"},
    {"providecommand", LATEX_DEFINITION, 0, NULL},
    {"qquad", LATEX_TEXT, 0, " "},
    {"quad", LATEX_TEXT, 0, " "},
    {"r", LATEX_ACCENT, 0, "\u030a"},
    {"ref", LATEX_DROP, 1, NULL},
    {"renewcommand", LATEX_DEFINITION, 0, NULL},
    {"rule", LATEX_DROP, 2, NULL},
    {"section", LATEX_HEADING, 1, NULL},
    {"setcounter", LATEX_DROP, 2, NULL},
    {"setlength", LATEX_DROP, 2, NULL},
    {"smallskip", LATEX_PARAGRAPH, 0, NULL},
    {"ss", LATEX_TEXT, 0, "ß"},
    {"subparagraph", LATEX_HEADING, 5, NULL},
    {"subsection", LATEX_HEADING, 2, NULL},
    {"subsubsection", LATEX_HEADING, 3, NULL},
    {"textasciicircum", LATEX_TEXT, 0, "^"},
    {"textasciitilde", LATEX_TEXT, 0, "~"},
    {"textbackslash", LATEX_TEXT, 0, "\\"},
    {"textbar", LATEX_TEXT, 0, "|"},
    {"textbullet", LATEX_TEXT, 0, "•"},
    {"textcite", LATEX_CITE, 0, NULL},
    {"textcolor", LATEX_DROP, 1, NULL},
    {"textcopyright", LATEX_TEXT, 0, "©"},
    {"textdegree", LATEX_TEXT, 0, "°"},
    {"textellipsis", LATEX_TEXT, 0, "…"},
    {"textemdash", LATEX_TEXT, 0, "—"},
    {"textendash", LATEX_TEXT, 0, "–"},
    {"texteuro", LATEX_TEXT, 0, "€"},
    {"textgreater", LATEX_TEXT, 0, ">"},
    {"textless", LATEX_TEXT, 0, "<"},
    {"textquotedblleft", LATEX_TEXT, 0, "“"},
    {"textquotedblright", LATEX_TEXT, 0, "”"},
    {"textquoteleft", LATEX_TEXT, 0, "‘"},
    {"textquoteright", LATEX_TEXT, 0, "’"},
    {"textregistered", LATEX_TEXT, 0, "®"},
    {"texttrademark", LATEX_TEXT, 0, "™"},
    {"thispagestyle", LATEX_DROP, 1, NULL},
    {"title", LATEX_TITLE, 0, NULL},
    {"u", LATEX_ACCENT, 0, "\u0306"},
    {"url", LATEX_VERB, 0, NULL},
    {"usepackage", LATEX_DROP, 1, NULL},
    {"usetikzlibrary", LATEX_DROP, 1, NULL},
    {"v", LATEX_ACCENT, 0, "\u030c"},
    {"verb", LATEX_VERB, 0, NULL},
    {"vskip", LATEX_TEXT, 0, " "},
    {"vspace", LATEX_DROP, 1, NULL},
    {"{", LATEX_TEXT, 0, "{"},
    {"}", LATEX_TEXT, 0, "}"},
    {"~", LATEX_ACCENT, 0, "\u0303"},
};

typedef struct {
  const char *text;
  gsize bytes;
} Key;

static int
compare_command (const void *key, const void *command)
{
  const Key *wanted = key;
  const char *name = ((const LatexCommand *)command)->name;
  int order = strncmp (wanted->text, name, wanted->bytes);

  return order != 0 ? order : name[wanted->bytes] == '\0' ? 0 : -1;
}

const LatexCommand *
latex_command (const char *name, gsize bytes)
{
  const Key key = {name, bytes};

  return bsearch (&key, commands, G_N_ELEMENTS (commands), sizeof (LatexCommand), compare_command);
}

LatexEnvironment
latex_environment (const char *name, guint *arguments)
{
  static const struct {
    const char *name;
    LatexEnvironment environment;
    guint arguments;
  } environments[] = {
      {"itemize", LATEX_ENV_BULLETS, 0},     {"description", LATEX_ENV_BULLETS, 0},
      {"enumerate", LATEX_ENV_NUMBERS, 0},   {"thebibliography", LATEX_ENV_BULLETS, 1},
      {"verbatim", LATEX_ENV_VERBATIM, 0},   {"Verbatim", LATEX_ENV_VERBATIM, 0},
      {"lstlisting", LATEX_ENV_VERBATIM, 0}, {"minted", LATEX_ENV_VERBATIM, 1},
      {"alltt", LATEX_ENV_VERBATIM, 0},      {"equation", LATEX_ENV_MATH, 0},
      {"align", LATEX_ENV_MATH, 0},          {"gather", LATEX_ENV_MATH, 0},
      {"multline", LATEX_ENV_MATH, 0},       {"eqnarray", LATEX_ENV_MATH, 0},
      {"displaymath", LATEX_ENV_MATH, 0},    {"math", LATEX_ENV_MATH, 0},
      {"flalign", LATEX_ENV_MATH, 0},        {"alignat", LATEX_ENV_MATH, 1},
      {"tabular", LATEX_ENV_TABLE, 1},       {"tabularx", LATEX_ENV_TABLE, 2},
      {"tabulary", LATEX_ENV_TABLE, 2},      {"longtable", LATEX_ENV_TABLE, 1},
      {"supertabular", LATEX_ENV_TABLE, 1},  {"tikzpicture", LATEX_ENV_SKIP, 0},
      {"picture", LATEX_ENV_SKIP, 0},        {"pgfpicture", LATEX_ENV_SKIP, 0},
      {"comment", LATEX_ENV_SKIP, 0},        {"filecontents", LATEX_ENV_SKIP, 0},
      {"minipage", LATEX_ENV_TEXT, 1},       {"multicols", LATEX_ENV_TEXT, 1},
      {"wrapfigure", LATEX_ENV_TEXT, 2},     {"list", LATEX_ENV_BULLETS, 2},
  };
  g_autofree char *plain = g_strdup (name);
  gsize length = strlen (plain);

  if (length > 1 && plain[length - 1] == '*')
    plain[length - 1] = '\0';
  *arguments = 0;
  for (guint i = 0; i < G_N_ELEMENTS (environments); i++)
    if (strcmp (environments[i].name, plain) == 0) {
      *arguments = environments[i].arguments;
      if (strcmp (name, "tabular*") == 0)
        *arguments = 2;
      return environments[i].environment;
    }
  return LATEX_ENV_TEXT;
}
