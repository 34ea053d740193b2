/* Any bytes as a header, in each way that headers are read. */
#include "reader.h"

#include "ingest/extract/mail/mail-header.h"

FUZZ_INITIALIZE

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *raw = g_strndup (size > 0 ? (const char *)data : "", size);
  g_autofree char *text = mail_header_decode (raw, NULL);
  g_autofree char *addresses = mail_header_decode_addresses (raw, "iso-2022-jp");
  g_autofree char *name = mail_header_parameter (raw, "name", "utf-8");
  g_autofree char *date = mail_header_date (raw);

  g_assert_nonnull (text);
  g_assert_nonnull (addresses);
  return 0;
}
