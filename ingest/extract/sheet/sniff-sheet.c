/* Workbooks that no container tells: BIFF streams as they are. */
#include "biff.h"
#include "ingest/extract/sniff.h"

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
