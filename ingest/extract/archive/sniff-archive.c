/* Archives and compressed files by their first bytes. Zip has a sniffer of its own (zip/). */
#include "archive-filter.h"
#include "ingest/extract/sniff.h"

#include <string.h>

typedef struct {
  gsize offset;
  const char *magic;
  gsize magic_bytes;
  const char *format;
  const char *mime_type;
} Signature;

static const Signature signatures[] = {
    {0, "7z\xbc\xaf\x27\x1c", 6, "7z", "application/x-7z-compressed"},
    {0, "Rar!\x1a\x07", 6, "rar", "application/vnd.rar"},
    {0, "!<arch>\n", 8, "ar", "application/x-archive"},
    {0, "070701", 6, "cpio", "application/x-cpio"},
    {0, "070702", 6, "cpio", "application/x-cpio"},
    {0, "070707", 6, "cpio", "application/x-cpio"},
    {0, "\xc7\x71", 2, "cpio", "application/x-cpio"},
    {0, "\x71\xc7", 2, "cpio", "application/x-cpio"},
    {0, "MSCF\0\0\0\0", 8, "cab", "application/vnd.ms-cab-compressed"},
    {0, "xar!\0\x1c", 6, "xar", "application/x-xar"},
    {0, "WARC/1.", 7, "warc", "application/warc"},
    {257, "ustar", 5, "tar", "application/x-tar"},
    {0x8001, "CD001", 5, "iso", "application/x-iso9660-image"},
};

/* The sum of a tar header's bytes, its own field taken as spaces, stands in that field in octal. */
static gboolean
is_old_tar (const guint8 *data, gsize bytes)
{
  guint64 sum = 0, stated = 0;
  gsize at = 148;

  if (bytes < 512 || data[0] == '\0')
    return FALSE;
  for (gsize i = 0; i < 512; i++)
    sum += i >= 148 && i < 156 ? ' ' : data[i];
  while (at < 156 && data[at] == ' ')
    at++;
  for (; at < 156 && data[at] >= '0' && data[at] <= '7'; at++)
    stated = stated * 8 + (data[at] - '0');
  return stated > 0 && stated == sum;
}

/* "-lh5-" after two bytes */
static gboolean
is_lha (const guint8 *data, gsize bytes)
{
  return bytes > 22 && data[2] == '-' && data[3] == 'l' && (data[4] == 'h' || data[4] == 'z') &&
         g_ascii_isalnum (data[5]) && data[6] == '-';
}

gboolean
sniff_archive (const SniffInput *input, Sniff *found)
{
  const ArchiveFilter *filter = archive_filter_of (input->data, input->bytes);

  if (filter != NULL)
    return sniff_found (found, filter->format, filter->mime_type);
  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++) {
    const Signature *signature = &signatures[i];

    if (input->bytes >= signature->offset + signature->magic_bytes &&
        memcmp (input->data + signature->offset, signature->magic, signature->magic_bytes) == 0)
      return sniff_found (found, signature->format, signature->mime_type);
  }
  if (is_old_tar (input->data, input->bytes))
    return sniff_found (found, "tar", "application/x-tar");
  if (is_lha (input->data, input->bytes))
    return sniff_found (found, "lha", "application/x-lzh-compressed");
  return FALSE;
}
