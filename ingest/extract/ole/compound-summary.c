/* Properties of a document (MS-OLEPS 2.18 and 2.25): \5SummaryInformation. */
#include "compound.h"
#include "ingest/extract/bytes.h"
#include "ingest/extract/codepage.h"

#define BYTE_ORDER_MARK 0xfffe
#define HEAD_BYTES 28 /* up to the first set's name */
#define SET_NAME_BYTES 16
#define PROPERTIES_MAX 1000
#define STRING_BYTES_MAX 65536

enum {
  PROPERTY_CODE_PAGE = 1,
  PROPERTY_TITLE = 2,
  PROPERTY_AUTHOR = 4,
  TYPE_I2 = 2,
  TYPE_STRING = 30,
  TYPE_WIDE_STRING = 31,
  CODE_PAGE_UTF16 = 1200,
};

/* What is at `offset` of the set. */
static ByteReader
reader_at (ByteReader set, guint32 offset)
{
  byte_skip (&set, offset);
  return set;
}

/* The value of a property; FALSE: there is none of that id. */
static gboolean
find (ByteReader set, guint32 id, ByteReader *value)
{
  ByteReader table = set;
  guint32 n;

  byte_skip (&table, 4);
  n = byte_read_u32 (&table);
  for (guint32 i = 0; i < MIN (n, PROPERTIES_MAX) && byte_left (&table) >= 8; i++) {
    guint32 found = byte_read_u32 (&table), offset = byte_read_u32 (&table);

    if (found == id) {
      *value = reader_at (set, offset);
      return TRUE;
    }
  }
  return FALSE;
}

static guint
read_code_page (ByteReader set)
{
  ByteReader value;
  guint32 type;

  if (!find (set, PROPERTY_CODE_PAGE, &value))
    return 0;
  type = byte_read_u32 (&value);
  return type == TYPE_I2 ? byte_read_u16 (&value) : 0;
}

static void
take_string (ByteReader set, guint32 id, guint code_page, const char *key, ExtractSink *sink)
{
  g_autoptr (Codepages) codepages = codepages_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  ByteReader value;
  guint32 type, length;

  if (!find (set, id, &value))
    return;
  type = byte_read_u32 (&value);
  length = byte_read_u32 (&value);
  if (type == TYPE_WIDE_STRING || (type == TYPE_STRING && code_page == CODE_PAGE_UTF16)) {
    gsize units = type == TYPE_WIDE_STRING ? length : length / 2;

    codepage_append_utf16 (text, value.at,
                           MIN (units, MIN (byte_left (&value), STRING_BYTES_MAX) / 2));
  } else if (type == TYPE_STRING) {
    codepages_append (codepages, code_page == 0 ? CODEPAGE_DEFAULT : code_page, value.at,
                      MIN (length, MIN (byte_left (&value), STRING_BYTES_MAX)), text);
  }
  /* it ends with NUL */
  extract_meta (sink, key, text->str);
}

guint
compound_read_summary (const Compound *compound, ExtractSink *sink)
{
  static const char name[] = "\005SummaryInformation";
  g_autoptr (GBytes) stream = NULL;
  ByteReader reader, set;
  guint code_page;

  if (!compound_has (compound, name) || (stream = compound_read (compound, name, NULL)) == NULL)
    return 0;
  byte_reader_init_bytes (&reader, stream);
  set = reader;
  if (byte_read_u16 (&reader) != BYTE_ORDER_MARK)
    return 0;
  byte_skip (&reader, HEAD_BYTES - 2 + SET_NAME_BYTES);
  set = reader_at (set, byte_read_u32 (&reader));
  code_page = read_code_page (set);
  take_string (set, PROPERTY_TITLE, code_page, "title", sink);
  take_string (set, PROPERTY_AUTHOR, code_page, "author", sink);
  return code_page;
}
