/* limits.c: the limits of one file as options of a command line: what `ingest extract` and the
 * worker are told. */
#include "extract.h"
#include "helpers.h"

#define WIDE(field) G_STRUCT_OFFSET (ExtractLimits, field), TRUE
#define NARROW(field) G_STRUCT_OFFSET (ExtractLimits, field), FALSE

const ExtractLimitOption extract_limit_options[] = {
    {"max-file-bytes", "Refuse larger files", WIDE (max_file_bytes), 1, G_MAXINT64},
    {"max-text-bytes", "Cut off text beyond it", WIDE (max_text_bytes), 1, G_MAXINT64},
    {"max-inflated-bytes", "What a compressed file may become", WIDE (max_inflated_bytes), 1,
     G_MAXINT64},
    {"max-inflate-ratio", "And how many times its size", NARROW (max_inflate_ratio), 2, G_MAXINT32},
    {"max-pages", "Cut off pages beyond it", NARROW (max_pages), 1, G_MAXINT32},
    {"max-members", "Leave out documents inside of a file beyond it", NARROW (max_members), 1,
     G_MAXINT32},
    {"max-depth", "How many files a document may be in", NARROW (max_depth), 1, G_MAXINT32},
    {"max-xml-depth", "How deep the elements of an office file may be in each other",
     NARROW (max_xml_depth), 8, EXTRACT_XML_DEPTH_MAX},
    {"timeout-ms", "Time for one file", NARROW (timeout_ms), 1, G_MAXINT32},
    {"stall-ms", "Time in which nothing comes of it", NARROW (stall_ms), 1, G_MAXINT32},
    {"cpu-ms", "Processor time for one file", NARROW (cpu_ms), 1, G_MAXINT32},
    {"memory-mb", "Memory of the worker", NARROW (memory_mb), 1, G_MAXINT32},
    {"ocr", "Text in pictures: 0 off, 1 where there is no other, 2 in small ones, too",
     NARROW (ocr), 0, EXTRACT_OCR_FORCE},
    {"max-ocr-pages", "Pages read by OCR", NARROW (max_ocr_pages), 1, G_MAXINT32},
    {"ocr-engine", "1: the worker is started with OCR", NARROW (ocr_engine), 0, 1},
    {"helpers", "Processes that read along a long PDF", NARROW (helpers), 0, HELPERS_MAX},
    {NULL, NULL, 0, FALSE, 0, 0},
};

guint64
extract_limit_get (const ExtractLimits *limits, const ExtractLimitOption *option)
{
  gconstpointer at = (const char *)limits + option->offset;

  return option->is_wide ? *(const guint64 *)at : *(const guint *)at;
}

gboolean
extract_limit_set (ExtractLimits *limits, const ExtractLimitOption *option, gint64 value)
{
  gpointer at = (char *)limits + option->offset;

  if (value < (gint64)option->min || value > (gint64)option->max)
    return FALSE;
  if (option->is_wide)
    *(guint64 *)at = (guint64)value;
  else
    *(guint *)at = (guint)value;
  return TRUE;
}

void
extract_limits_to_arguments (const ExtractLimits *limits, GPtrArray *argv)
{
  for (const ExtractLimitOption *option = extract_limit_options; option->option != NULL; option++)
    g_ptr_array_add (argv, g_strdup_printf ("--%s=%" G_GUINT64_FORMAT, option->option,
                                            extract_limit_get (limits, option)));
}
