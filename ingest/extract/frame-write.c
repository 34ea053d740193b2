/* frame-write.c: the worker's side of frame.h. */
#include "frame.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* Every frame fits into the buffer whole. */
#define PIECE_BYTES (128u * 1024) /* of a long text, a frame */
#define WRITER_BYTES (PIECE_BYTES + G_MAXUINT16 + 1024u)

struct FrameWriter {
  int fd;
  gsize used;
  guint8 buffer[WRITER_BYTES];
};

FrameWriter *
frame_writer_new (int fd)
{
  FrameWriter *writer = g_new (FrameWriter, 1);

  writer->fd = fd;
  writer->used = 0;
  return writer;
}

void
frame_writer_free (FrameWriter *writer)
{
  g_free (writer);
}

/* Async-signal-safe. */
static gboolean
send_all (int fd, const guint8 *bytes, gsize length)
{
  while (length > 0) {
    gssize sent = send (fd, bytes, length, MSG_NOSIGNAL);

    if (sent < 0 && errno == EINTR)
      continue;
    if (sent < 0)
      return FALSE;
    bytes += sent;
    length -= (gsize)sent;
  }
  return TRUE;
}

static gboolean
flush (FrameWriter *writer, GError **error)
{
  gboolean sent = send_all (writer->fd, writer->buffer, writer->used);

  writer->used = 0;
  if (!sent)
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, "the parent is gone: %s",
                 g_strerror (errno));
  return sent;
}

static void
put (FrameWriter *writer, const void *bytes, gsize length)
{
  memcpy (writer->buffer + writer->used, bytes, length);
  writer->used += length;
}

/* Makes room for a frame and begins it. */
static gboolean
put_header (FrameWriter *writer, FrameType type, gsize length, GError **error)
{
  guint8 header[FRAME_HEADER_BYTES];

  g_return_val_if_fail (FRAME_HEADER_BYTES + length <= WRITER_BYTES, FALSE);
  if (writer->used + FRAME_HEADER_BYTES + length > WRITER_BYTES && !flush (writer, error))
    return FALSE;
  frame_put_u32 (header, type);
  frame_put_u32 (header + 4, (guint32)length);
  put (writer, header, sizeof header);
  return TRUE;
}

/* A frame of a head and a text. */
static gboolean
put_frame (FrameWriter *writer, FrameType type, const void *head, gsize head_bytes,
           const char *text, gsize text_bytes, GError **error)
{
  if (!put_header (writer, type, head_bytes + text_bytes, error))
    return FALSE;
  put (writer, head, head_bytes);
  put (writer, text, text_bytes);
  return TRUE;
}

gboolean
frame_write_hello (FrameWriter *writer, const char *fingerprint, GError **error)
{
  guint8 head[4];

  frame_put_u32 (head, FRAME_VERSION);
  return put_frame (writer, FRAME_HELLO, head, sizeof head, fingerprint,
                    frame_cut (fingerprint, strlen (fingerprint), FRAME_REASON_MAX), error) &&
         flush (writer, error);
}

gboolean
frame_write_meta (FrameWriter *writer, const char *key, const char *value, GError **error)
{
  return put_frame (writer, FRAME_META, key, strlen (key) + 1, value,
                    frame_cut (value, strlen (value), FRAME_META_VALUE_MAX), error);
}

gboolean
frame_write_warn (FrameWriter *writer, const char *message, GError **error)
{
  return put_frame (writer, FRAME_WARN, "", 0, message,
                    frame_cut (message, strlen (message), FRAME_REASON_MAX), error);
}

gboolean
frame_write_alive (FrameWriter *writer, GError **error)
{
  return (writer->used > 0 || put_header (writer, FRAME_ALIVE, 0, error)) && flush (writer, error);
}

gboolean
frame_write_member (FrameWriter *writer, const char *name, GError **error)
{
  return put_frame (writer, FRAME_MEMBER, "", 0, name,
                    frame_cut (name, strlen (name), FRAME_NAME_MAX), error) &&
         flush (writer, error);
}

static guint8
level_of (const Block *block)
{
  if (block->kind == BLOCK_HEADING)
    return (guint8)CLAMP (block->level, 1, 6);
  return block->kind == BLOCK_LIST_ITEM ? (guint8)MAX (block->level, 1) : 0;
}

/* The gap's head in frames of its own until the rest fits into a TEXT frame's 16 bits. */
static gboolean
put_long_gap (FrameWriter *writer, const char **gap, gsize *gap_bytes, GError **error)
{
  while (*gap_bytes > G_MAXUINT16) {
    gsize piece = frame_cut (*gap, *gap_bytes, MIN (PIECE_BYTES, *gap_bytes - 1));

    if (!put_frame (writer, FRAME_GAP, "", 0, *gap, piece, error))
      return FALSE;
    *gap += piece;
    *gap_bytes -= piece;
  }
  return TRUE;
}

gboolean
frame_write_more (FrameWriter *writer, const char *text, gsize text_bytes, GError **error)
{
  for (gsize at = 0, piece; at < text_bytes; at += piece) {
    piece = frame_cut (text + at, text_bytes - at, PIECE_BYTES);
    if (!put_frame (writer, FRAME_MORE, "", 0, text + at, piece, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
frame_write_block (FrameWriter *writer, const Block *block, const char *gap, gsize gap_bytes,
                   const char *text, gsize text_bytes, GError **error)
{
  guint8 head[FRAME_BLOCK_BYTES] = {block->kind, level_of (block)};
  gsize piece = frame_cut (text, text_bytes, PIECE_BYTES);

  g_return_val_if_fail (text_bytes > 0, FALSE);
  if (!put_long_gap (writer, &gap, &gap_bytes, error))
    return FALSE;
  head[2] = (guint8)(gap_bytes & 0xFF);
  head[3] = (guint8)(gap_bytes >> 8);
  frame_put_u32 (head + 4, block->page);
  if (!put_header (writer, FRAME_TEXT, sizeof head + gap_bytes + piece, error))
    return FALSE;
  put (writer, head, sizeof head);
  put (writer, gap, gap_bytes);
  put (writer, text, piece);
  return frame_write_more (writer, text + piece, text_bytes - piece, error);
}

gboolean
frame_write_end (FrameWriter *writer, guint64 text_bytes, guint32 blocks, const char *partial,
                 GError **error)
{
  guint8 head[12];
  const char *why = partial != NULL ? partial : "";

  frame_put_u32 (head, (guint32)(text_bytes & G_MAXUINT32));
  frame_put_u32 (head + 4, (guint32)(text_bytes >> 32));
  frame_put_u32 (head + 8, blocks);
  return put_frame (writer, FRAME_END, head, sizeof head, why,
                    frame_cut (why, strlen (why), FRAME_REASON_MAX), error) &&
         flush (writer, error);
}

gboolean
frame_write_fail (FrameWriter *writer, ExtractCode code, const char *reason, GError **error)
{
  guint8 head[4];

  frame_put_u32 (head, code);
  return put_frame (writer, FRAME_FAIL, head, sizeof head, reason,
                    frame_cut (reason, strlen (reason), FRAME_REASON_MAX), error) &&
         flush (writer, error);
}

void
frame_fail_now (int fd, ExtractCode code, const char *reason)
{
  guint8 frame[FRAME_HEADER_BYTES + 4 + 256];
  gsize length = FRAME_HEADER_BYTES + 4;

  while (*reason != '\0' && length < sizeof frame)
    frame[length++] = (guint8)*reason++;
  frame_put_u32 (frame, FRAME_FAIL);
  frame_put_u32 (frame + 4, (guint32)(length - FRAME_HEADER_BYTES));
  frame_put_u32 (frame + FRAME_HEADER_BYTES, code);
  send_all (fd, frame, length);
}
