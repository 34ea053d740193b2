/* Which kinds of text there are besides markup: subtitles, JSON, notebooks, LaTeX, reStructuredText
 * and its like, source code. */
#include "code-language.h"
#include "ingest/extract/sniff.h"

#include <string.h>

/* --- subtitles -------------------------------------------------------------------------------- */

/* A line "00:01:02,000 --> ..." among the first three. */
static gboolean
begins_with_times (const char *head)
{
  for (guint line = 0; line < 3 && *head != '\0'; line++) {
    gsize length = strcspn (head, "\r\n");

    if (length > 20 && length < 120 && g_ascii_isdigit (head[0]) &&
        g_strstr_len (head, (gssize)length, " --> ") != NULL)
      return TRUE;
    head += length;
    head += strspn (head, "\r");
    head += *head == '\n';
  }
  return FALSE;
}

/* --- JSON ------------------------------------------------------------------------------------- */

static gboolean
hint_is_json (const SniffInput *input)
{
  static const char *const suffixes[] = {"json",  "ndjson",      "jsonl", "geojson", "jsonld",
                                         "ipynb", "webmanifest", "har",   "json5",   NULL};

  return sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "application/json") ||
         sniff_is_declared (input, "application/x-ndjson") ||
         g_str_has_suffix (input->declared, "+json");
}

static gboolean
looks_like_json (const char *head)
{
  const char *next;

  head += strspn (head, " \t\r\n");
  if (*head != '{' && *head != '[')
    return FALSE;
  next = head + 1 + strspn (head + 1, " \t\r\n");
  if (*head == '{')
    return *next == '}' || (*next == '"' && strstr (next, "\":") != NULL) ||
           (*next == '"' && strstr (next, "\" :") != NULL);
  return *next == '{' || *next == '[' || *next == '"' || *next == ']' || g_ascii_isdigit (*next);
}

/* nbformat stands at the end of most. */
static gboolean
is_notebook (const SniffInput *input)
{
  static const char *const suffixes[] = {"ipynb", NULL};

  return sniff_has_suffix (input, suffixes) ||
         (strstr (input->head, "\"cells\"") != NULL &&
          memmem (input->data, input->bytes, "\"nbformat\"", 10) != NULL);
}

static gboolean
sniff_json (const SniffInput *input, Sniff *found)
{
  static const char *const plain[] = {"txt", "text", "log", "md", "csv", "tsv", NULL};

  if (!looks_like_json (input->head))
    return FALSE;
  if (is_notebook (input))
    return sniff_found (found, "notebook", "application/x-ipynb+json");
  /* of a text without that name, a list in brackets is prose as likely */
  return (hint_is_json (input) ||
          (!sniff_has_suffix (input, plain) && code_language (input->name, "") == NULL &&
           strchr (input->head, '{') != NULL)) &&
         sniff_found (found, "json", "application/json");
}

/* --- the rest --------------------------------------------------------------------------------- */

static gboolean
has_line (const char *head, const char *start)
{
  return g_str_has_prefix (head, start) || strstr (head, start) != NULL;
}

static gboolean
sniff_latex (const SniffInput *input, Sniff *found)
{
  static const char *const suffixes[] = {"tex", "latex", "ltx", NULL};

  return (has_line (input->head, "\\documentclass") || has_line (input->head, "\\documentstyle") ||
          has_line (input->head, "\\begin{document}") ||
          ((sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "application/x-tex")) &&
           strchr (input->head, '\\') != NULL)) &&
         sniff_found (found, "latex", "application/x-tex");
}

static gboolean
sniff_rst (const SniffInput *input, Sniff *found)
{
  static const char *const suffixes[] = {"rst", "rest", NULL};

  return (sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "text/x-rst") ||
          sniff_is_declared (input, "text/prs.fallenstein.rst")) &&
         sniff_found (found, "rst", "text/x-rst");
}

static gboolean
sniff_org (const SniffInput *input, Sniff *found)
{
  static const char *const suffixes[] = {"org", NULL};

  return (sniff_has_suffix (input, suffixes) || sniff_is_declared (input, "text/x-org") ||
          sniff_is_declared (input, "text/org")) &&
         sniff_found (found, "org", "text/x-org");
}

gboolean
sniff_text_kind (const SniffInput *input, Sniff *found)
{
  const char *head = input->head;

  if (g_str_has_prefix (head, "WEBVTT"))
    return sniff_found (found, "subtitles", "text/vtt");
  if (begins_with_times (head))
    return sniff_found (found, "subtitles", "application/x-subrip");
  if (sniff_json (input, found) || sniff_latex (input, found) || sniff_rst (input, found) ||
      sniff_org (input, found))
    return TRUE;
  return code_language (input->name, head) != NULL && sniff_found (found, "code", "text/x-source");
}
