/* bytes.h: little-endian numbers out of bytes that nobody has checked. */
#pragma once

#include <glib.h>

/* Reads on from `at`; past the end it reads 0 and is_short says so. */
typedef struct {
  const guint8 *at, *end;
  gboolean is_short;
} ByteReader;

static inline void
byte_reader_init (ByteReader *reader, const guint8 *data, gsize bytes)
{
  reader->at = data;
  reader->end = bytes == 0 ? data : data + bytes; /* of none there may be no pointer */
  reader->is_short = FALSE;
}

static inline void
byte_reader_init_bytes (ByteReader *reader, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  byte_reader_init (reader, data, size);
}

static inline gsize
byte_left (const ByteReader *reader)
{
  return (gsize)(reader->end - reader->at);
}

static inline void
byte_skip (ByteReader *reader, gsize bytes)
{
  if (bytes > byte_left (reader)) {
    reader->is_short = TRUE;
    bytes = byte_left (reader);
  }
  reader->at += bytes;
}

static inline guint32
byte_read (ByteReader *reader, guint bytes)
{
  guint32 value = 0;

  if (byte_left (reader) < bytes) {
    reader->is_short = TRUE;
    reader->at = reader->end;
    return 0;
  }
  for (guint i = 0; i < bytes; i++)
    value |= (guint32)*reader->at++ << (8 * i);
  return value;
}

static inline guint8
byte_read_u8 (ByteReader *reader)
{
  return (guint8)byte_read (reader, 1);
}

static inline guint16
byte_read_u16 (ByteReader *reader)
{
  return (guint16)byte_read (reader, 2);
}

static inline guint32
byte_read_u32 (ByteReader *reader)
{
  return byte_read (reader, 4);
}

/* At an offset of `data`; 0 where there is nothing. */
static inline guint32
byte_at (const guint8 *data, gsize size, gsize offset, guint bytes)
{
  ByteReader reader;

  if (offset >= size)
    return 0;
  byte_reader_init (&reader, data + offset, size - offset);
  return byte_read (&reader, bytes);
}
