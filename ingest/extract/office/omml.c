#include "omml.h"

#include "ingest/extract/markup/xml-parts.h"

#include <string.h>

typedef enum {
  NODE_OTHER, /* what it holds is its text */
  NODE_FRACTION,
  NODE_RADICAL,
  NODE_SCRIPT, /* base, below, above; before it, too */
  NODE_NARY,
  NODE_DELIMITERS,
  NODE_FUNCTION,
  NODE_LIMIT,
  NODE_ACCENT,
  NODE_GROUP,
  NODE_MATRIX,
  NODE_ROW,
  NODE_LINES,
  NODE_PROPERTY,
} NodeKind;

/* Arguments by their place in what is written. */
typedef enum { ARG_BASE, ARG_SUB, ARG_SUP, ARG_FIRST, N_ARGS } Arg;

typedef struct {
  NodeKind kind;
  const char *name;      /* borrowed from the tables below; NULL: an element not named there */
  GString *args[N_ARGS]; /* (nullable) */
  guint n_bases;         /* how many <m:e> it had */
  char *begin;           /* (nullable) of delimiters; the operator, the accent */
  char *end;             /* (nullable) */
  char *separator;       /* (nullable) */
  gboolean no_bar;
  gboolean is_below;
} Node;

struct Omml {
  GPtrArray *nodes; /* (element-type Node) open elements; the first is the formula */
};

static const struct {
  const char *name;
  NodeKind kind;
} kinds[] = {
    {"f", NODE_FRACTION},      {"rad", NODE_RADICAL},     {"sSub", NODE_SCRIPT},
    {"sSup", NODE_SCRIPT},     {"sSubSup", NODE_SCRIPT},  {"sPre", NODE_SCRIPT},
    {"nary", NODE_NARY},       {"d", NODE_DELIMITERS},    {"func", NODE_FUNCTION},
    {"limLow", NODE_LIMIT},    {"limUpp", NODE_LIMIT},    {"acc", NODE_ACCENT},
    {"bar", NODE_ACCENT},      {"groupChr", NODE_GROUP},  {"m", NODE_MATRIX},
    {"mr", NODE_ROW},          {"eqArr", NODE_LINES},     {"chr", NODE_PROPERTY},
    {"begChr", NODE_PROPERTY}, {"endChr", NODE_PROPERTY}, {"sepChr", NODE_PROPERTY},
    {"type", NODE_PROPERTY},   {"pos", NODE_PROPERTY},
};

static const struct {
  const char *name;
  Arg arg;
} arguments[] = {
    {"e", ARG_BASE},  {"num", ARG_FIRST}, {"den", ARG_BASE}, {"deg", ARG_FIRST},
    {"sub", ARG_SUB}, {"sup", ARG_SUP},   {"lim", ARG_SUB},  {"fName", ARG_FIRST},
};

/* --- nodes -------------------------------------------------------------------------------------
 */

static void
free_node (gpointer data)
{
  Node *node = data;

  for (guint i = 0; i < N_ARGS; i++)
    if (node->args[i] != NULL)
      g_string_free (node->args[i], TRUE);
  g_free (node->begin);
  g_free (node->end);
  g_free (node->separator);
  g_free (node);
}

static void
push (Omml *omml, NodeKind kind, const char *name)
{
  Node *node = g_new0 (Node, 1);

  node->kind = kind;
  node->name = name;
  g_ptr_array_add (omml->nodes, node);
}

Omml *
omml_new (void)
{
  Omml *omml = g_new0 (Omml, 1);

  omml->nodes = g_ptr_array_new_with_free_func (free_node);
  push (omml, NODE_OTHER, NULL);
  return omml;
}

void
omml_free (Omml *omml)
{
  if (omml == NULL)
    return;
  g_ptr_array_unref (omml->nodes);
  g_free (omml);
}

static Node *
node_at (const Omml *omml, guint from_top)
{
  return from_top >= omml->nodes->len
             ? NULL
             : g_ptr_array_index (omml->nodes, omml->nodes->len - 1 - from_top);
}

static GString *
arg_of (Node *node, Arg arg)
{
  if (node->args[arg] == NULL)
    node->args[arg] = g_string_new (NULL);
  return node->args[arg];
}

static const char *
text_of (const Node *node, Arg arg)
{
  return node->args[arg] == NULL ? "" : node->args[arg]->str;
}

static gboolean
has (const Node *node, Arg arg)
{
  return *text_of (node, arg) != '\0';
}

/* --- how each is written -----------------------------------------------------------------------
 */

/* Does it read as one thing without parentheses? */
static gboolean
is_simple (const char *text)
{
  glong length = g_utf8_strlen (text, -1);
  guint depth = 0;

  if (length <= 1)
    return TRUE;
  if (*text == '(') {
    for (const char *at = text; *at != '\0'; at++) {
      depth += *at == '(';
      depth -= *at == ')';
      if (depth == 0)
        return at[1] == '\0';
    }
    return FALSE;
  }
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (!g_unichar_isalnum (g_utf8_get_char (text)) && *text != '.' && *text != ',')
      return FALSE;
  return TRUE;
}

static void
append_grouped (GString *out, const char *text)
{
  if (is_simple (text))
    g_string_append (out, text);
  else
    g_string_append_printf (out, "(%s)", text);
}

static void
append_scripts (GString *out, const Node *node)
{
  if (has (node, ARG_SUB)) {
    g_string_append_c (out, '_');
    append_grouped (out, text_of (node, ARG_SUB));
  }
  if (has (node, ARG_SUP)) {
    g_string_append_c (out, '^');
    append_grouped (out, text_of (node, ARG_SUP));
  }
}

static void
write_fraction (GString *out, const Node *node)
{
  if (node->no_bar) {
    /* a binomial: its parentheses are around it */
    g_string_append_printf (out, "%s¦%s", text_of (node, ARG_FIRST), text_of (node, ARG_BASE));
    return;
  }
  append_grouped (out, text_of (node, ARG_FIRST));
  g_string_append_c (out, '/');
  append_grouped (out, text_of (node, ARG_BASE));
}

static void
write_radical (GString *out, const Node *node)
{
  static const char *const roots[][2] = {{"3", "∛"}, {"4", "∜"}};
  const char *degree = text_of (node, ARG_FIRST);
  const char *sign = "√";

  for (guint i = 0; i < G_N_ELEMENTS (roots); i++)
    if (strcmp (degree, roots[i][0]) == 0) {
      sign = roots[i][1];
      degree = "";
    }
  if (*degree != '\0') {
    append_grouped (out, degree);
  }
  g_string_append_printf (out, "%s(%s)", sign, text_of (node, ARG_BASE));
}

static void
write_script (GString *out, const Node *node)
{
  if (g_strcmp0 (node->name, "sPre") == 0) {
    append_scripts (out, node);
    g_string_append (out, text_of (node, ARG_BASE));
    return;
  }
  append_grouped (out, text_of (node, ARG_BASE));
  append_scripts (out, node);
}

static void
write_nary (GString *out, const Node *node)
{
  g_string_append (out, node->begin != NULL ? node->begin : "∫");
  append_scripts (out, node);
  if (has (node, ARG_BASE))
    g_string_append_printf (out, " %s", text_of (node, ARG_BASE));
}

static void
write_delimiters (GString *out, const Node *node)
{
  g_string_append (out, node->begin != NULL ? node->begin : "(");
  g_string_append (out, text_of (node, ARG_BASE));
  g_string_append (out, node->end != NULL ? node->end : ")");
}

static void
write_function (GString *out, const Node *node)
{
  const char *base = text_of (node, ARG_BASE);

  g_string_append (out, text_of (node, ARG_FIRST));
  if (*base != '\0' && *base != '(')
    g_string_append_c (out, ' ');
  g_string_append (out, base);
}

static void
write_limit (GString *out, const Node *node)
{
  append_grouped (out, text_of (node, ARG_BASE));
  g_string_append_c (out, g_strcmp0 (node->name, "limUpp") == 0 ? '^' : '_');
  append_grouped (out, text_of (node, ARG_SUB));
}

/* Combining characters go behind what they stand on. */
static void
write_accent (GString *out, const Node *node)
{
  const char *accent = node->begin != NULL ? node->begin : "\xcc\x82";

  if (g_strcmp0 (node->name, "bar") == 0)
    accent = node->is_below ? "\xcc\xb2" : "\xcc\x85";
  append_grouped (out, text_of (node, ARG_BASE));
  g_string_append (out, accent);
}

static void
write_node (GString *out, const Node *node)
{
  switch (node->kind) {
  case NODE_FRACTION:
    write_fraction (out, node);
    break;
  case NODE_RADICAL:
    write_radical (out, node);
    break;
  case NODE_SCRIPT:
    write_script (out, node);
    break;
  case NODE_NARY:
    write_nary (out, node);
    break;
  case NODE_DELIMITERS:
    write_delimiters (out, node);
    break;
  case NODE_FUNCTION:
    write_function (out, node);
    break;
  case NODE_LIMIT:
    write_limit (out, node);
    break;
  case NODE_ACCENT:
    write_accent (out, node);
    break;
  case NODE_MATRIX:
    g_string_append_printf (out, "[%s]", text_of (node, ARG_BASE));
    break;
  case NODE_PROPERTY:
    break;
  case NODE_GROUP:
  case NODE_ROW:
  case NODE_LINES:
  case NODE_OTHER:
    g_string_append (out, text_of (node, ARG_BASE));
    break;
  }
}

/* --- elements ----------------------------------------------------------------------------------
 */

static void
take_property (Node *owner, const char *name, const xmlChar **attributes, guint n_attributes)
{
  g_autofree char *value = xml_part_attribute (attributes, n_attributes, "val");
  char **to = NULL;

  if (strcmp (name, "chr") == 0 || strcmp (name, "begChr") == 0)
    to = &owner->begin;
  else if (strcmp (name, "endChr") == 0)
    to = &owner->end;
  else if (strcmp (name, "sepChr") == 0)
    to = &owner->separator;
  else if (strcmp (name, "type") == 0)
    owner->no_bar = g_strcmp0 (value, "noBar") == 0;
  else if (strcmp (name, "pos") == 0)
    owner->is_below = g_strcmp0 (value, "bot") == 0;
  if (to == NULL)
    return;
  g_free (*to);
  *to = value != NULL ? g_steal_pointer (&value) : g_strdup ("");
}

/* Between the arguments of one kind. */
static const char *
separator_of (const Node *node)
{
  switch (node->kind) {
  case NODE_DELIMITERS:
    return node->separator != NULL ? node->separator : "|";
  case NODE_MATRIX:
    return "; ";
  case NODE_ROW:
    return ", ";
  case NODE_LINES:
    return "\n";
  default:
    return "";
  }
}

void
omml_start (Omml *omml, const char *name, const xmlChar **attributes, guint n_attributes)
{
  Node *top = node_at (omml, 0);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].name, name) != 0)
      continue;
    if (kinds[i].kind == NODE_PROPERTY) {
      /* within the properties of the one that it is of: <m:d><m:dPr><m:begChr/> */
      Node *owner = node_at (omml, 1);

      take_property (owner != NULL ? owner : top, name, attributes, n_attributes);
    }
    push (omml, kinds[i].kind, kinds[i].name);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (arguments); i++)
    if (strcmp (arguments[i].name, name) == 0) {
      push (omml, NODE_OTHER, arguments[i].name);
      return;
    }
  push (omml, NODE_OTHER, NULL);
}

void
omml_text (Omml *omml, const char *text, gsize bytes)
{
  g_string_append_len (arg_of (node_at (omml, 0), ARG_BASE), text, (gssize)bytes);
}

static Arg
place_of (const Node *node)
{
  for (guint i = 0; node->name != NULL && i < G_N_ELEMENTS (arguments); i++)
    if (strcmp (arguments[i].name, node->name) == 0)
      return arguments[i].arg;
  return ARG_BASE;
}

void
omml_end (Omml *omml, const char *name)
{
  g_autoptr (GString) text = NULL;
  Node *node = node_at (omml, 0);
  Node *owner = node_at (omml, 1);
  gboolean is_argument;
  GString *to;

  if (owner == NULL)
    return;
  text = g_string_new (NULL);
  write_node (text, node);
  is_argument = g_strcmp0 (node->name, "e") == 0 || node->kind == NODE_ROW;
  to = arg_of (owner, place_of (node));
  if (is_argument && owner->n_bases++ > 0)
    g_string_append (to, separator_of (owner));
  g_string_append_len (to, text->str, (gssize)text->len);
  g_ptr_array_set_size (omml->nodes, (int)omml->nodes->len - 1);
}

void
omml_finish (Omml *omml, GString *out)
{
  while (omml->nodes->len > 1)
    omml_end (omml, "");
  write_node (out, node_at (omml, 0));
  g_ptr_array_set_size (omml->nodes, 0);
  push (omml, NODE_OTHER, NULL);
}
