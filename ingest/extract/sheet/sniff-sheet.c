/* Workbooks and tables that no container tells: BIFF streams as they are, separated values,
 * SpreadsheetML of Excel 2003, flat ODF. */
#include "biff.h"
#include "csv-dialect.h"
#include "ingest/extract/sniff.h"

#include <string.h>

gboolean
sniff_biff (const SniffInput *input, Sniff *found)
{
  Biff biff = {.data = input->data, .bytes = input->bytes};
  guint version;

  /* a second record must follow whole: two bytes alone are little of a signature */
  if (!biff_is_bof (input->data, input->bytes, 0, &version) || !biff_next (&biff))
    return FALSE;
  for (guint i = 0; i < 3; i++) {
    gsize before = biff.next;

    if (!biff_next (&biff) || biff.type == 0 || biff.next - before != 4 + biff_left (&biff) ||
        (biff.type & 0xf000) != 0)
      return FALSE;
  }
  return sniff_found (found, "xls", "application/vnd.ms-excel");
}

gboolean
sniff_sheet_markup (const SniffInput *input, Sniff *found)
{
  const char *head = input->head;

  if (*head != '<' && !g_ascii_isspace (*head))
    return FALSE;
  if (strstr (head, "urn:schemas-microsoft-com:office:spreadsheet") != NULL &&
      strstr (head, "Workbook") != NULL && strcasestr (head, "<html") == NULL)
    return sniff_found (found, "spreadsheetml", "application/vnd.ms-spreadsheetml");
  if (strstr (head, "<office:document") != NULL &&
      strstr (head, "application/vnd.oasis.opendocument.spreadsheet") != NULL)
    return sniff_found (found, "ods", "application/vnd.oasis.opendocument.spreadsheet");
  return FALSE;
}

/* Without a name that says so only what is hardly anything else: several rows, all of one length
 * of at least three, of short fields, and none that reads like prose. */
static gboolean
looks_like_csv (const SniffInput *input)
{
  const char *newline = strrchr (input->head, '\n');
  CsvDialect dialect;
  guint prose = 0;

  if (newline == NULL || strchr (input->name, '.') != NULL ||
      strchr ("<{[#%", *input->head) != NULL)
    return FALSE;
  csv_dialect_guess (input->head, (gsize)(newline + 1 - input->head), FALSE, 0, &dialect);
  for (const char *at = input->head; (at = strpbrk (at, ",;")) != NULL; at++)
    prose += at[1] == ' ';
  return dialect.rows >= 4 && dialect.regular == dialect.rows && dialect.columns >= 3 &&
         dialect.longest <= 80 && dialect.has_header &&
         (dialect.delimiter == '\t' || prose < dialect.rows);
}

gboolean
sniff_csv (const SniffInput *input, Sniff *found)
{
  static const char *const tabs[] = {"tsv", "tab", NULL};
  static const char *const commas[] = {"csv", NULL};

  if (sniff_has_suffix (input, tabs) || sniff_is_declared (input, "text/tab-separated-values"))
    return sniff_found (found, "csv", "text/tab-separated-values");
  if (sniff_has_suffix (input, commas) || sniff_is_declared (input, "text/csv") ||
      looks_like_csv (input))
    return sniff_found (found, "csv", "text/csv");
  return FALSE;
}
