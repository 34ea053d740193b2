#include "copy.h"

#include <string.h>

#define SEND_BYTES (64u << 10)
#define TEXT_OID 25
/* PostgreSQL counts microseconds from 2000-01-01 */
#define POSTGRES_EPOCH_US (G_GINT64_CONSTANT (946684800) * 1000000)

static void
flush (DbCopy *copy)
{
  if (copy->buffer->len == 0 || copy->broken)
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
db_copy_row (DbCopy *copy, guint16 n_columns)
{
  put_u16 (copy, n_columns);
}

void
db_copy_null (DbCopy *copy)
{
  put_u32 (copy, (guint32)-1);
}

void
db_copy_bool (DbCopy *copy, gboolean value)
{
  guint8 byte = value ? 1 : 0;

  db_copy_bytea (copy, &byte, 1);
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
db_copy_uuid (DbCopy *copy, const Uuid *uuid)
{
  db_copy_bytea (copy, uuid->bytes, sizeof uuid->bytes);
}

void
db_copy_bytea (DbCopy *copy, gconstpointer data, gsize bytes)
{
  put_u32 (copy, (guint32)bytes);
  put (copy, data, bytes);
}

void
db_copy_timestamptz (DbCopy *copy, gint64 unix_us)
{
  db_copy_int8 (copy, unix_us - POSTGRES_EPOCH_US);
}

void
db_copy_text (DbCopy *copy, const char *text)
{
  if (text == NULL)
    db_copy_null (copy);
  else
    db_copy_bytea (copy, text, strlen (text));
}

void
db_copy_text_parts (DbCopy *copy, const char *head, gsize head_bytes, const char *tail,
                    gsize tail_bytes)
{
  put_u32 (copy, (guint32)(head_bytes + tail_bytes));
  put (copy, head, head_bytes);
  put (copy, tail, tail_bytes);
}

/* array_recv: dimensions, has nulls, element type, then for each dimension length and lower bound,
 * then the elements. */
void
db_copy_text_array (DbCopy *copy, const char *const *items, gsize n_items)
{
  gsize bytes = n_items > 0 ? 20 : 12;

  for (gsize i = 0; i < n_items; i++)
    bytes += 4 + strlen (items[i]);
  put_u32 (copy, (guint32)bytes);
  put_u32 (copy, n_items > 0 ? 1 : 0);
  put_u32 (copy, 0);
  put_u32 (copy, TEXT_OID);
  if (n_items > 0) {
    put_u32 (copy, (guint32)n_items);
    put_u32 (copy, 1);
  }
  for (gsize i = 0; i < n_items; i++)
    db_copy_text (copy, items[i]);
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
