#include "prefix.h"

#include "cuts.h"

#include <string.h>

#define BETWEEN_TITLES " > "
#define BEHIND_CONTEXT "\n\n"

struct Prefix {
  const Document *document;
  const ChunkerOptions *options;
  const TokenCounter *measure;
  char *title; /* the document's, on one line; NULL: none */
  GString *context;
  GString *text;
  gsize header_start; /* in the document's text */
  gsize header_bytes; /* of the chunk at hand; 0: none */
  guint table_unit;   /* the table looked at last; 0: none yet */
  gsize table_header; /* its header's length; 0 when it has none that may be repeated */
};

Prefix *
prefix_new (const Document *document, const ChunkerOptions *options, const TokenCounter *measure)
{
  Prefix *prefix = g_new0 (Prefix, 1);

  prefix->document = document;
  prefix->options = options;
  prefix->measure = measure;
  prefix->context = g_string_new (NULL);
  prefix->text = g_string_new (NULL);
  if (document->title != NULL && g_utf8_validate (document->title, -1, NULL))
    prefix->title = block_heading_text (document->title, strlen (document->title));
  return prefix;
}

void
prefix_free (Prefix *prefix)
{
  if (prefix == NULL)
    return;
  g_string_free (prefix->context, TRUE);
  g_string_free (prefix->text, TRUE);
  g_free (prefix->title);
  g_free (prefix);
}

static void
append_title (GString *context, const char *title)
{
  if (*title == '\0')
    return;
  if (context->len > 0)
    g_string_append (context, BETWEEN_TITLES);
  g_string_append (context, title);
}

static void
write_context (Prefix *prefix, gboolean with_title, const char *const *titles, guint n_titles)
{
  g_string_truncate (prefix->context, 0);
  if (with_title)
    append_title (prefix->context, prefix->title);
  for (guint i = 0; i < n_titles; i++)
    append_title (prefix->context, titles[i]);
  if (prefix->context->len > 0)
    g_string_append (prefix->context, BEHIND_CONTEXT);
}

static gboolean
context_fits (const Prefix *prefix)
{
  gsize size =
      prefix->measure->count (prefix->measure->data, prefix->context->str, prefix->context->len);

  return size <= prefix->options->max / 4;
}

void
prefix_set_context (Prefix *prefix, const char *const *titles, guint n_titles)
{
  /* a title that is also the first heading is said once */
  gboolean with_title =
      prefix->title != NULL && !(n_titles > 0 && strcmp (titles[0], prefix->title) == 0);

  g_string_truncate (prefix->context, 0);
  if (!prefix->options->context_prefix)
    return;
  write_context (prefix, with_title, titles, n_titles);
  for (guint left_out = 0; !context_fits (prefix) && left_out <= n_titles; left_out++)
    write_context (prefix, FALSE, titles + left_out, n_titles - left_out);
}

/* A header that is longer is none that can be repeated: it need not be looked through. */
static gsize
header_of_table (const Prefix *prefix, const Unit *unit)
{
  const char *table = prefix->document->text->str + unit->start;
  gsize header =
      cuts_table_header (table, MIN (unit->content_end - unit->start, CHUNKER_CONTENT_MAX / 4));

  if (prefix->measure->count (prefix->measure->data, table, header) > prefix->options->max / 2)
    return 0;
  return header;
}

void
prefix_set_header (Prefix *prefix, guint i, gsize start)
{
  Unit unit = cuts_unit (prefix->document, i);

  prefix->header_bytes = 0;
  /* in the middle of a row it would be no table */
  if (unit.kind != BLOCK_TABLE || start <= unit.start || start >= unit.content_end ||
      prefix->document->text->str[start - 1] != '\n')
    return;
  if (prefix->table_unit != i) {
    prefix->table_unit = i;
    prefix->table_header = header_of_table (prefix, &unit);
  }
  if (start < unit.start + prefix->table_header)
    return;
  prefix->header_start = unit.start;
  prefix->header_bytes = prefix->table_header;
}

gboolean
prefix_has_header (const Prefix *prefix)
{
  return prefix->header_bytes > 0;
}

const GString *
prefix_text (Prefix *prefix, PrefixParts parts)
{
  g_string_truncate (prefix->text, 0);
  if (parts & PREFIX_CONTEXT)
    g_string_append_len (prefix->text, prefix->context->str, (gssize)prefix->context->len);
  if (parts & PREFIX_HEADER)
    g_string_append_len (prefix->text, prefix->document->text->str + prefix->header_start,
                         (gssize)prefix->header_bytes);
  return prefix->text;
}

const GString *
prefix_last (const Prefix *prefix)
{
  return prefix->text;
}
