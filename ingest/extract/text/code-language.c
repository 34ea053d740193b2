#include "code-language.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name; /* lower case */
  const char *language;
} Name;

/* Sorted by ending. What has a reader of its own, or is prose, is not here. */
static const Name endings[] = {
    {"ada", "ada"},
    {"adb", "ada"},
    {"ads", "ada"},
    {"applescript", "applescript"},
    {"as", "actionscript"},
    {"asm", "asm"},
    {"astro", "astro"},
    {"awk", "awk"},
    {"bas", "basic"},
    {"bash", "bash"},
    {"bat", "batch"},
    {"bib", "bibtex"},
    {"c", "c"},
    {"cbl", "cobol"},
    {"cc", "cpp"},
    {"cfg", "ini"},
    {"cl", "lisp"},
    {"clj", "clojure"},
    {"cljs", "clojure"},
    {"cls", "vb"},
    {"cmake", "cmake"},
    {"cmd", "batch"},
    {"cob", "cobol"},
    {"coffee", "coffeescript"},
    {"conf", "ini"},
    {"cpp", "cpp"},
    {"cr", "crystal"},
    {"cs", "csharp"},
    {"csh", "csh"},
    {"css", "css"},
    {"cu", "cuda"},
    {"cue", "cue"},
    {"cxx", "cpp"},
    {"cypher", "cypher"},
    {"d", "d"},
    {"dart", "dart"},
    {"diff", "diff"},
    {"dockerfile", "dockerfile"},
    {"dot", "dot"},
    {"el", "elisp"},
    {"elm", "elm"},
    {"env", "sh"},
    {"erl", "erlang"},
    {"ex", "elixir"},
    {"exs", "elixir"},
    {"f", "fortran"},
    {"f90", "fortran"},
    {"f95", "fortran"},
    {"fish", "fish"},
    {"for", "fortran"},
    {"fs", "fsharp"},
    {"fsx", "fsharp"},
    {"gemspec", "ruby"},
    {"glsl", "glsl"},
    {"go", "go"},
    {"gql", "graphql"},
    {"gradle", "groovy"},
    {"graphql", "graphql"},
    {"groovy", "groovy"},
    {"h", "c"},
    {"hcl", "hcl"},
    {"hh", "cpp"},
    {"hpp", "cpp"},
    {"hs", "haskell"},
    {"hxx", "cpp"},
    {"ini", "ini"},
    {"ino", "cpp"},
    {"java", "java"},
    {"jl", "julia"},
    {"js", "javascript"},
    {"jsx", "jsx"},
    {"kt", "kotlin"},
    {"kts", "kotlin"},
    {"less", "less"},
    {"lisp", "lisp"},
    {"lua", "lua"},
    {"m", "objectivec"},
    {"mak", "makefile"},
    {"mjs", "javascript"},
    {"mk", "makefile"},
    {"ml", "ocaml"},
    {"mli", "ocaml"},
    {"mm", "objectivec"},
    {"nim", "nim"},
    {"nix", "nix"},
    {"pas", "pascal"},
    {"patch", "diff"},
    {"php", "php"},
    {"pl", "perl"},
    {"plist", "xml"},
    {"pm", "perl"},
    {"pp", "puppet"},
    {"properties", "properties"},
    {"proto", "protobuf"},
    {"ps1", "powershell"},
    {"psm1", "powershell"},
    {"py", "python"},
    {"pyi", "python"},
    {"pyx", "cython"},
    {"r", "r"},
    {"rake", "ruby"},
    {"rb", "ruby"},
    {"rkt", "racket"},
    {"rs", "rust"},
    {"s", "asm"},
    {"sass", "sass"},
    {"scala", "scala"},
    {"scm", "scheme"},
    {"scss", "scss"},
    {"sh", "sh"},
    {"sol", "solidity"},
    {"sql", "sql"},
    {"sv", "systemverilog"},
    {"svelte", "svelte"},
    {"swift", "swift"},
    {"tcl", "tcl"},
    {"tf", "hcl"},
    {"toml", "toml"},
    {"ts", "typescript"},
    {"tsx", "tsx"},
    {"v", "verilog"},
    {"vb", "vb"},
    {"vbs", "vbscript"},
    {"vhd", "vhdl"},
    {"vhdl", "vhdl"},
    {"vim", "vim"},
    {"vue", "vue"},
    {"wgsl", "wgsl"},
    {"yaml", "yaml"},
    {"yml", "yaml"},
    {"zig", "zig"},
    {"zsh", "zsh"},
};

static const Name whole_names[] = {
    {".bashrc", "bash"},         {".gitignore", "gitignore"},  {".profile", "sh"},
    {"cmakelists.txt", "cmake"}, {"dockerfile", "dockerfile"}, {"gemfile", "ruby"},
    {"gnumakefile", "makefile"}, {"jenkinsfile", "groovy"},    {"makefile", "makefile"},
    {"rakefile", "ruby"},        {"vagrantfile", "ruby"},
};

static const Name interpreters[] = {
    {"python", "python"},   {"bash", "bash"}, {"perl", "perl"}, {"ruby", "ruby"},
    {"node", "javascript"}, {"php", "php"},   {"awk", "awk"},   {"lua", "lua"},
    {"zsh", "zsh"},         {"fish", "fish"}, {"Rscript", "r"}, {"tclsh", "tcl"},
    {"make", "makefile"},   {"ksh", "ksh"},   {"sh", "sh"},
};

static int
compare_name (const void *name, const void *entry)
{
  return strcmp (name, ((const Name *)entry)->name);
}

const char *
code_language (const char *name, const char *head)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  const char *dot = strrchr (lower, '.');
  const Name *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (whole_names); i++)
    if (strcmp (lower, whole_names[i].name) == 0)
      return whole_names[i].language;
  if (dot != NULL)
    found = bsearch (dot + 1, endings, G_N_ELEMENTS (endings), sizeof (Name), compare_name);
  if (found != NULL)
    return found->language;
  if (g_str_has_prefix (head, "#!")) {
    g_autofree char *line = g_strndup (head, strcspn (head, "\r\n"));

    for (guint i = 0; i < G_N_ELEMENTS (interpreters); i++)
      if (strstr (line, interpreters[i].name) != NULL)
        return interpreters[i].language;
  }
  return NULL;
}
