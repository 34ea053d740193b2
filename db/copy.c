#include "copy.h"

#define SEND_BYTES (64u << 10)
/* pg_type: the same on every server */
#define TEXT_OID 25
#define UUID_OID 2950
/* PostgreSQL counts from 2000-01-01 */
#define EPOCH_DAYS 10957
#define EPOCH_US (G_GINT64_CONSTANT (86400) * EPOCH_DAYS * G_USEC_PER_SEC)

static void
flush (DbCopy *copy)
{
  if (copy->conn == NULL || copy->buffer->len == 0 || copy->broken)
    return;
  if (PQputCopyData (copy->conn, (const char *)copy->buffer->data, (int)copy->buffer->len) != 1)
    copy->broken = TRUE;
  g_byte_array_set_size (copy->buffer, 0);
}

static void
put (DbCopy *copy, gconstpointer data, gsize bytes)
{
  const guint8 *at = data;

  while (bytes > 0) {
    gsize n = MIN (bytes, SEND_BYTES);
    g_byte_array_append (copy->buffer, at, (guint)n);
    if (copy->buffer->len >= SEND_BYTES)
      flush (copy);
    at += n;
    bytes -= n;
  }
}

static void
put_u16 (DbCopy *copy, guint16 value)
{
  guint16 be = GUINT16_TO_BE (value);
  put (copy, &be, sizeof be);
}

static void
put_u32 (DbCopy *copy, guint32 value)
{
  guint32 be = GUINT32_TO_BE (value);
  put (copy, &be, sizeof be);
}

static void
put_u64 (DbCopy *copy, guint64 value)
{
  guint64 be = GUINT64_TO_BE (value);
  put (copy, &be, sizeof be);
}

void
db_copy_begin (DbCopy *copy, PGconn *conn, const char *doing)
{
  static const char signature[11] = "PGCOPY\n\377\r\n"; /* the NUL belongs to it */

  copy->conn = conn;
  copy->buffer = g_byte_array_sized_new (2 * SEND_BYTES);
  copy->doing = doing;
  copy->broken = FALSE;
  put (copy, signature, sizeof signature);
  put_u32 (copy, 0); /* flags */
  put_u32 (copy, 0); /* header extension */
}

void
db_copy_begin_memory (DbCopy *copy)
{
  *copy = (DbCopy){.buffer = g_byte_array_new ()};
}

void
db_copy_row (DbCopy *copy, guint16 n_columns)
{
  put_u16 (copy, n_columns);
}

void
db_copy_null (DbCopy *copy)
{
  put_u32 (copy, (guint32)-1);
}

/* --- numbers and times --------------------------------------------------------------------- */

void
db_copy_bool (DbCopy *copy, gboolean value)
{
  guint8 byte = value ? 1 : 0;

  put_u32 (copy, 1);
  put (copy, &byte, 1);
}

void
db_copy_int2 (DbCopy *copy, gint16 value)
{
  put_u32 (copy, 2);
  put_u16 (copy, (guint16)value);
}

void
db_copy_int4 (DbCopy *copy, gint32 value)
{
  put_u32 (copy, 4);
  put_u32 (copy, (guint32)value);
}

void
db_copy_int8 (DbCopy *copy, gint64 value)
{
  put_u32 (copy, 8);
  put_u64 (copy, (guint64)value);
}

void
db_copy_float4 (DbCopy *copy, float value)
{
  gint32 bits;

  memcpy (&bits, &value, sizeof bits);
  db_copy_int4 (copy, bits);
}

void
db_copy_float8 (DbCopy *copy, double value)
{
  gint64 bits;

  memcpy (&bits, &value, sizeof bits);
  db_copy_int8 (copy, bits);
}

void
db_copy_timestamptz (DbCopy *copy, gint64 unix_us)
{
  db_copy_int8 (copy, unix_us - EPOCH_US);
}

void
db_copy_date (DbCopy *copy, gint32 unix_days)
{
  db_copy_int4 (copy, unix_days - EPOCH_DAYS);
}

#define DEFINE_MAYBE(type, Maybe, cast)                                                            \
  void db_copy_maybe_##type (DbCopy *copy, Maybe value)                                            \
  {                                                                                                \
    if (value.is_set)                                                                              \
      db_copy_##type (copy, (cast)value.value);                                                    \
    else                                                                                           \
      db_copy_null (copy);                                                                         \
  }
DEFINE_MAYBE (bool, DbMaybeBool, gboolean)
DEFINE_MAYBE (int2, DbMaybeInt, gint16)
DEFINE_MAYBE (int4, DbMaybeInt, gint32)
DEFINE_MAYBE (int8, DbMaybeInt, gint64)
DEFINE_MAYBE (float4, DbMaybeDouble, float)
DEFINE_MAYBE (float8, DbMaybeDouble, double)
DEFINE_MAYBE (timestamptz, DbMaybeInt, gint64)
DEFINE_MAYBE (date, DbMaybeInt, gint32)

/* The four decimal digits from place 4 * group on, counted from the point; places that are not
 * written are 0. */
static guint16
decimal_group (const char *digits, const char *point, const char *end, int group)
{
  guint16 value = 0;

  for (int place = 4 * group + 3; place >= 4 * group; place--) {
    const char *at = place >= 0 ? point - 1 - place : point - place;
    gboolean is_digit = at >= digits && at < end && *at != '.';
    value = (guint16)(value * 10 + (is_digit ? *at - '0' : 0));
  }
  return value;
}

/* numeric_recv: groups of four decimal digits, the weight of the first, sign, decimals shown. */
void
db_copy_numeric (DbCopy *copy, const char *decimal)
{
  if (decimal == NULL) {
    db_copy_null (copy);
    return;
  }

  gboolean negative = *decimal == '-';
  const char *digits = decimal + (negative || *decimal == '+' ? 1 : 0);
  const char *end = digits + strlen (digits);
  const char *point = digits + strcspn (digits, ".");
  int whole = (int)(point - digits);
  int decimals = point < end ? (int)(end - point) - 1 : 0;
  int first = (whole + 3) / 4 - 1;
  int last = -(decimals + 3) / 4;

  g_return_if_fail (strspn (digits, "0123456789.") == (gsize)(end - digits));
  put_u32 (copy, (guint32)(8 + 2 * (first - last + 1)));
  put_u16 (copy, (guint16)(first - last + 1));
  put_u16 (copy, (guint16)first);
  put_u16 (copy, negative ? 0x4000 : 0);
  put_u16 (copy, (guint16)decimals);
  for (int group = first; group >= last; group--)
    put_u16 (copy, decimal_group (digits, point, end, group));
}

/* --- texts and bytes ----------------------------------------------------------------------- */

void
db_copy_uuid (DbCopy *copy, const Uuid *uuid)
{
  db_copy_bytea (copy, (DbBytes){uuid ? uuid->bytes : NULL, sizeof uuid->bytes});
}

void
db_copy_bytea (DbCopy *copy, DbBytes bytes)
{
  if (bytes.data == NULL) {
    db_copy_null (copy);
    return;
  }
  put_u32 (copy, (guint32)bytes.bytes);
  put (copy, bytes.data, bytes.bytes);
}

void
db_copy_text (DbCopy *copy, DbText text)
{
  if (text.head == NULL) {
    db_copy_null (copy);
    return;
  }
  put_u32 (copy, (guint32)(text.head_bytes + text.tail_bytes));
  put (copy, text.head, text.head_bytes);
  put (copy, text.tail, text.tail_bytes);
}

/* jsonb_recv: a version, then the text. */
void
db_copy_jsonb (DbCopy *copy, DbText json)
{
  guint8 version = 1;

  if (json.head == NULL) {
    db_copy_null (copy);
    return;
  }
  put_u32 (copy, (guint32)(1 + json.head_bytes + json.tail_bytes));
  put (copy, &version, 1);
  put (copy, json.head, json.head_bytes);
  put (copy, json.tail, json.tail_bytes);
}

/* --- arrays -------------------------------------------------------------------------------- */

/* array_recv: dimensions, has nulls, element type, then for each dimension length and lower bound,
 * then the elements as they stand in a row. '{}' has no dimension. */
static void
put_array_header (DbCopy *copy, guint32 element_oid, gsize n_items, gsize items_bytes)
{
  put_u32 (copy, (guint32)(12 + (n_items > 0 ? 8 : 0) + items_bytes));
  put_u32 (copy, n_items > 0 ? 1 : 0);
  put_u32 (copy, 0);
  put_u32 (copy, element_oid);
  if (n_items > 0) {
    put_u32 (copy, (guint32)n_items);
    put_u32 (copy, 1);
  }
}

void
db_copy_text_array (DbCopy *copy, DbTextArray array)
{
  gsize bytes = 0;

  for (gsize i = 0; i < array.n_items; i++)
    bytes += 4 + strlen (array.items[i]);
  put_array_header (copy, TEXT_OID, array.n_items, bytes);
  for (gsize i = 0; i < array.n_items; i++)
    db_copy_text (copy, db_text (array.items[i]));
}

void
db_copy_uuid_array (DbCopy *copy, DbUuidArray array)
{
  put_array_header (copy, UUID_OID, array.n_items, array.n_items * (4 + sizeof (Uuid)));
  for (gsize i = 0; i < array.n_items; i++)
    db_copy_uuid (copy, &array.items[i]);
}

void
db_copy_maybe_text_array (DbCopy *copy, DbTextArray array)
{
  if (array.items == NULL)
    db_copy_null (copy);
  else
    db_copy_text_array (copy, array);
}

void
db_copy_maybe_uuid_array (DbCopy *copy, DbUuidArray array)
{
  if (array.items == NULL)
    db_copy_null (copy);
  else
    db_copy_uuid_array (copy, array);
}

gboolean
db_copy_end (DbCopy *copy, GError **error)
{
  put_u16 (copy, (guint16)-1);
  flush (copy);
  if (copy->broken || PQputCopyEnd (copy->conn, NULL) != 1)
    return db_error_set (error, copy->conn, NULL, copy->doing);
  return TRUE;
}

void
db_copy_clear (DbCopy *copy)
{
  g_clear_pointer (&copy->buffer, g_byte_array_unref);
}
