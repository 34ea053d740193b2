#include "rtf-compressed.h"

#include <string.h>

#define HEADER_BYTES 16
#define DICTIONARY_BYTES 4096
#define LZFU 0x75465a4cu
#define MELA 0x414c454du

/* MS-OXRTFCP 2.1.3.1.4: what the dictionary holds at the start */
static const char preset[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

G_STATIC_ASSERT (sizeof preset - 1 == 207);

typedef struct {
  guint8 dictionary[DICTIONARY_BYTES];
  guint write;
  GByteArray *out;
} Unpacker;

static guint32
read_u32 (const guint8 *at)
{
  return (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

static void
put (Unpacker *unpacker, guint8 byte)
{
  unpacker->dictionary[unpacker->write] = byte;
  unpacker->write = (unpacker->write + 1) % DICTIONARY_BYTES;
  g_byte_array_append (unpacker->out, &byte, 1);
}

/* FALSE at the end, which is a reference to where the next byte is written. */
static gboolean
copy (Unpacker *unpacker, guint token)
{
  guint from = token >> 4, length = (token & 15) + 2;

  if (from == unpacker->write)
    return FALSE;
  for (guint i = 0; i < length; i++)
    put (unpacker, unpacker->dictionary[(from + i) % DICTIONARY_BYTES]);
  return TRUE;
}

static void
unpack (Unpacker *unpacker, const guint8 *at, const guint8 *end)
{
  while (at < end) {
    guint control = *at++;

    for (guint bit = 0; bit < 8 && at < end; bit++, control >>= 1) {
      if ((control & 1) == 0) {
        put (unpacker, *at++);
      } else {
        if (end - at < 2 || !copy (unpacker, (guint)at[0] << 8 | at[1]))
          return;
        at += 2;
      }
    }
  }
}

GBytes *
rtf_decompress (GBytes *compressed, GError **error)
{
  gsize bytes;
  const guint8 *data = g_bytes_get_data (compressed, &bytes);
  gsize packed, unpacked;
  Unpacker unpacker = {.write = sizeof preset - 1};

  if (bytes < HEADER_BYTES || (read_u32 (data + 8) != LZFU && read_u32 (data + 8) != MELA)) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_CORRUPT, "its compressed text is damaged");
    return NULL;
  }
  /* the first size counts the header but for itself */
  packed = MIN (bytes, (gsize)read_u32 (data) + 4);
  packed = MAX (packed, HEADER_BYTES) - HEADER_BYTES;
  unpacked = read_u32 (data + 4);
  if (read_u32 (data + 8) == MELA)
    return g_bytes_new_from_bytes (compressed, HEADER_BYTES, MIN (packed, unpacked));
  memcpy (unpacker.dictionary, preset, sizeof preset - 1);
  memset (unpacker.dictionary + sizeof preset - 1, 0, DICTIONARY_BYTES - sizeof preset + 1);
  unpacker.out = g_byte_array_sized_new ((guint)MIN (unpacked, packed * 16));
  unpack (&unpacker, data + HEADER_BYTES, data + HEADER_BYTES + packed);
  return g_byte_array_free_to_bytes (unpacker.out);
}
