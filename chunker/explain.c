#include "explain.h"

static const char *const kind_names[CUT_KINDS] = {
    [CUT_END] = "end",           [CUT_SECTION] = "section",  [CUT_BLOCK] = "block",
    [CUT_LINE] = "line",         [CUT_ROW] = "row",          [CUT_ITEM] = "item",
    [CUT_SENTENCE] = "sentence", [CUT_CLAUSE] = "clause",    [CUT_WORD] = "word",
    [CUT_HEADING] = "heading",   [CUT_GRAPHEME] = "grapheme"};

const char *
cut_kind_name (CutKind kind)
{
  return kind_names[kind];
}

static void
append_where (GString *line, const Cut *cut)
{
  static const char *const where[CUT_KINDS] = {
      [CUT_END] = "the document ends, and all of the rest fits",
      [CUT_BLOCK] = "a block ends",
      [CUT_LINE] = "a long line, or a blank one of code, ends",
      [CUT_ROW] = "a row, or a line of code, ends",
      [CUT_SENTENCE] = "a sentence ends",
      [CUT_CLAUSE] = "a clause ends; no sentence does in reach",
      [CUT_WORD] = "a word ends; no clause does in reach",
      [CUT_HEADING] = "a heading ends; the word behind it fits only alone",
      [CUT_GRAPHEME] = "the budget ends, within a word that is longer"};

  if (cut->kind == CUT_SECTION || cut->kind == CUT_ITEM)
    g_string_append_printf (line,
                            cut->kind == CUT_SECTION ? "a heading of level %u follows"
                                                     : "a list item of level %u follows",
                            cut->level);
  else
    g_string_append (line, where[cut->kind]);
}

static void
append_rivals (GString *line, const Cut *cut)
{
  const char *between = "; best of ";

  for (guint kind = 0; kind < CUT_KINDS; kind++) {
    if (cut->rivals[kind] == 0)
      continue;
    g_string_append_printf (line, "%s%u %s%s", between, cut->rivals[kind], kind_names[kind],
                            cut->rivals[kind] == 1 ? "" : "s");
    between = ", ";
  }
}

char *
explain_cut (const Chunk *chunk, const ChunkerOptions *options)
{
  const Cut *cut = &chunk->cut;
  GString *line = g_string_new ("ends where ");

  append_where (line, cut);
  g_string_append_printf (line, "; %u of %u to %u %s", cut->size, options->target, options->max,
                          chunker_unit_name (options->unit));
  append_rivals (line, cut);
  if (cut->cost > 0)
    g_string_append_printf (line, "; costs %d: %d its kind, %d its size, %d the rest, %d the text",
                            cut->cost, cut->cost - cut->size_cost - cut->rest_cost - cut->text_cost,
                            cut->size_cost, cut->rest_cost, cut->text_cost);
  if (cut->header_dropped)
    g_string_append (line, "; the table's header is not repeated, for a row has no room beside it");
  if (chunk->overlap_chars > 0)
    g_string_append_printf (line, "; repeats %u characters", chunk->overlap_chars);
  return g_string_free (line, FALSE);
}
