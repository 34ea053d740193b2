#include "chunk-stats.h"

#define HISTOGRAM_BARS 10
#define BAR_WIDTH 40

struct ChunkStats {
  GArray *sizes; /* (element-type guint) of each chunk, in the options' unit */
  guint64 cuts[CUT_KINDS];
  guint64 overlapping; /* chunks that repeat something */
  guint64 overlap_chars;
  guint64 prefixed; /* chunks with a prefix */
};

ChunkStats *
chunk_stats_new (void)
{
  ChunkStats *stats = g_new0 (ChunkStats, 1);

  stats->sizes = g_array_new (FALSE, FALSE, sizeof (guint));
  return stats;
}

void
chunk_stats_free (ChunkStats *stats)
{
  if (stats == NULL)
    return;
  g_array_unref (stats->sizes);
  g_free (stats);
}

void
chunk_stats_add (ChunkStats *stats, const Chunk *chunk)
{
  g_array_append_val (stats->sizes, chunk->cut.size);
  stats->cuts[chunk->cut.kind]++;
  stats->overlapping += chunk->overlap_chars > 0;
  stats->overlap_chars += chunk->overlap_chars;
  stats->prefixed += chunk->prefix_bytes > 0;
}

static int
compare_sizes (gconstpointer a, gconstpointer b)
{
  guint x = *(const guint *)a, y = *(const guint *)b;

  return x < y ? -1 : x > y;
}

static void
print_histogram (const GArray *sizes, FILE *out)
{
  guint largest = g_array_index (sizes, guint, sizes->len - 1);
  guint bars[HISTOGRAM_BARS] = {0};
  guint most = 1;

  for (guint i = 0; i < sizes->len; i++) {
    guint bar = (guint)((guint64)g_array_index (sizes, guint, i) * HISTOGRAM_BARS / (largest + 1));
    bars[bar]++;
    most = MAX (most, bars[bar]);
  }
  for (guint bar = 0; bar < HISTOGRAM_BARS; bar++) {
    guint width = (guint)((guint64)bars[bar] * BAR_WIDTH / most);
    fprintf (out, "%6u-%-6u %7u ", bar * (largest + 1) / HISTOGRAM_BARS,
             (bar + 1) * (largest + 1) / HISTOGRAM_BARS, bars[bar]);
    for (guint i = 0; i < width; i++)
      fputc ('#', out);
    fputc ('\n', out);
  }
}

static void
print_cuts (const ChunkStats *stats, FILE *out)
{
  const char *between = "they end at: ";

  for (guint kind = 0; kind < CUT_KINDS; kind++) {
    if (stats->cuts[kind] == 0)
      continue;
    fprintf (out, "%s%s %" G_GUINT64_FORMAT " (%.1f %%)", between, cut_kind_name ((CutKind)kind),
             stats->cuts[kind], 100.0 * (double)stats->cuts[kind] / stats->sizes->len);
    between = ", ";
  }
  fputc ('\n', out);
  if (stats->overlapping > 0)
    fprintf (out, "%" G_GUINT64_FORMAT " repeat of the one before, %.0f characters on average\n",
             stats->overlapping, (double)stats->overlap_chars / (double)stats->overlapping);
  if (stats->prefixed > 0)
    fprintf (out, "%" G_GUINT64_FORMAT " have a prefix\n", stats->prefixed);
}

void
chunk_stats_print (ChunkStats *stats, const ChunkerOptions *options, FILE *out)
{
  GArray *sizes = stats->sizes;
  guint64 sum = 0;

  fprintf (out, "%u chunks", sizes->len);
  if (sizes->len == 0) {
    fputc ('\n', out);
    return;
  }
  g_array_sort (sizes, compare_sizes);
  for (guint i = 0; i < sizes->len; i++)
    sum += g_array_index (sizes, guint, i);

  fprintf (out, ", %s", chunker_unit_name (options->unit));
  if (options->unit == CHUNKER_UNIT_TOKENS)
    fprintf (out, " (%s)", options->counter->name);
  fprintf (out, ": min %u, median %u, mean %.0f, max %u\n", g_array_index (sizes, guint, 0),
           g_array_index (sizes, guint, sizes->len / 2), (double)sum / sizes->len,
           g_array_index (sizes, guint, sizes->len - 1));
  print_histogram (sizes, out);
  print_cuts (stats, out);
}
