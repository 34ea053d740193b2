#include "frame.h"

#include <string.h>

void
frame_put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

guint32
frame_get_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_LE (value);
}

guint32
frame_blocks_max (const ExtractLimits *limits)
{
  return (guint32)MIN (limits->max_text_bytes / 16 + 4096, (guint64)G_MAXINT32);
}

gsize
frame_cut (const char *text, gsize len, gsize max)
{
  gsize cut = max;

  if (len <= max)
    return len;
  while (cut > 0 && ((guchar)text[cut] & 0xC0) == 0x80)
    cut--;
  return cut > 0 ? cut : max; /* never 0 for what is no UTF-8: callers loop */
}

/* --- JOB ---------------------------------------------------------------------- */

GByteArray *
frame_pack_job (const char *name, const char *declared)
{
  GByteArray *frame = g_byte_array_new ();
  guint8 header[FRAME_HEADER_BYTES];
  gsize name_bytes = strlen (name);
  gsize declared_bytes = frame_cut (declared, strlen (declared), 255);

  if (name_bytes > FRAME_JOB_MAX / 2) { /* the end tells more: the file name extension */
    gsize skip = name_bytes - FRAME_JOB_MAX / 2;

    while (((guchar)name[skip] & 0xC0) == 0x80)
      skip++;
    name += skip;
    name_bytes -= skip;
  }
  frame_put_u32 (header, FRAME_JOB);
  frame_put_u32 (header + 4, (guint32)(name_bytes + 1 + declared_bytes));
  g_byte_array_append (frame, header, sizeof header);
  g_byte_array_append (frame, (const guint8 *)name, (guint)name_bytes + 1);
  g_byte_array_append (frame, (const guint8 *)declared, (guint)declared_bytes);
  return frame;
}

gboolean
frame_unpack_job (const char *payload, gsize length, const char **name, const char **declared)
{
  const char *end = memchr (payload, '\0', length);

  if (length > FRAME_JOB_MAX || end == NULL)
    return FALSE;
  *name = payload;
  *declared = end + 1;
  return g_utf8_validate (payload, end - payload, NULL) &&
         g_utf8_validate (end + 1, payload + length - (end + 1), NULL);
}

gboolean
frame_unpack_header (const guint8 *header, guint32 *type, guint32 *length)
{
  *type = frame_get_u32 (header);
  *length = frame_get_u32 (header + 4);
  return *length <= FRAME_PAYLOAD_MAX;
}

/* --- reader ---------------------------------------------------------------------- */

typedef enum {
  READER_IDLE, /* no file is being read: no frame may come but HELLO */
  READER_BUSY,
  READER_DONE, /* END or FAIL came, not taken yet: no frame may come */
  READER_BROKEN,
} ReaderState;

struct FrameReader {
  const ExtractLimits *limits;
  ReaderState state;
  char *fingerprint;
  GByteArray *partial; /* of a frame that is not all here */
  Document *document;  /* of the file being read, or read */
  GError *failure;     /* the worker's FAIL */
  FrameType last;      /* of this file; 0 at its start */
  guint metas;
};

FrameReader *
frame_reader_new (const ExtractLimits *limits)
{
  FrameReader *reader = g_new0 (FrameReader, 1);

  reader->limits = limits;
  reader->partial = g_byte_array_new ();
  return reader;
}

void
frame_reader_free (FrameReader *reader)
{
  if (reader == NULL)
    return;
  g_free (reader->fingerprint);
  g_byte_array_unref (reader->partial);
  document_free (reader->document);
  g_clear_error (&reader->failure);
  g_free (reader);
}

void
frame_reader_begin (FrameReader *reader, const char *name)
{
  g_return_if_fail (reader->state == READER_IDLE);

  reader->document = document_new ();
  reader->document->name = g_strdup (name);
  reader->last = 0;
  reader->metas = 0;
  reader->state = READER_BUSY;
}

static gboolean G_GNUC_PRINTF (2, 3) lie (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_PROTOCOL, "the worker broke the protocol: %s",
               what);
  return FALSE;
}

static gboolean
check_text (const guint8 *text, gsize length, GError **error)
{
  if (!g_utf8_validate ((const char *)text, (gssize)length, NULL))
    return lie (error, "text that is not UTF-8");
  return TRUE;
}

/* For what has one line and no control characters. */
static gboolean
check_line (const guint8 *text, gsize length, GError **error)
{
  if (length > FRAME_REASON_MAX)
    return lie (error, "a line of %" G_GSIZE_FORMAT " bytes", length);
  for (gsize i = 0; i < length; i++)
    if (text[i] < 0x20 || text[i] == 0x7F)
      return lie (error, "a control character in a line");
  return check_text (text, length, error);
}

static gboolean
take_hello (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  guint32 version = frame_get_u32 (payload);

  if (version != FRAME_VERSION) {
    g_set_error (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER,
                 "the worker speaks version %u of the protocol, not %u: it is of another release",
                 version, (guint)FRAME_VERSION);
    return FALSE;
  }
  if (reader->fingerprint != NULL)
    return lie (error, "a second HELLO");
  if (!check_line (payload + 4, length - 4, error))
    return FALSE;
  reader->fingerprint = g_strndup ((const char *)payload + 4, length - 4);
  return TRUE;
}

static gboolean
set_pages (FrameReader *reader, const char *value, GError **error)
{
  guint64 pages;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &pages, NULL))
    return lie (error, "a number of pages that is none");
  reader->document->page_count = (guint)pages;
  return TRUE;
}

static gboolean
take_meta (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  Document *document = reader->document;
  const struct {
    const char *key;
    char **value;
    gboolean line;
  } texts[] = {
      {"title", &document->title, FALSE},        {"author", &document->author, FALSE},
      {"language", &document->language, TRUE},   {"format", &document->format, TRUE},
      {"mime_type", &document->mime_type, TRUE}, {"created", &document->created, TRUE},
      {"modified", &document->modified, TRUE},
  };
  const guint8 *end = memchr (payload, 0, length);

  if (++reader->metas > FRAME_METAS_MAX)
    return lie (error, "more than %u META", FRAME_METAS_MAX);
  if (end == NULL)
    return lie (error, "a META without a key");

  const guint8 *from = end + 1;
  gsize bytes = (gsize)(payload + length - from);

  if (bytes == 0 || bytes > FRAME_META_VALUE_MAX)
    return lie (error, "a META of %" G_GSIZE_FORMAT " bytes", bytes);
  if (!check_text (from, bytes, error))
    return FALSE;

  g_autofree char *value = g_strndup ((const char *)from, bytes);
  const char *key = (const char *)payload;

  if (strcmp (key, "pages") == 0)
    return set_pages (reader, value, error);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (key, texts[i].key) == 0) {
      if (texts[i].line && !check_line (from, bytes, error))
        return FALSE;
      g_free (*texts[i].value);
      *texts[i].value = g_steal_pointer (&value);
      return TRUE;
    }
  return lie (error, "an unknown META");
}

static gboolean
check_room (FrameReader *reader, gsize length, GError **error)
{
  guint64 max = reader->limits->max_text_bytes + FRAME_TEXT_SLACK;

  if (reader->document->text->len + length > max)
    return lie (error, "more than %" G_GUINT64_FORMAT " bytes of text", max);
  return TRUE;
}

static gboolean
check_block (FrameReader *reader, guint kind, guint level, guint32 page, GError **error)
{
  guint max = kind == BLOCK_HEADING ? 6 : kind == BLOCK_LIST_ITEM ? G_MAXUINT8 : 0;

  if (kind < BLOCK_HEADING || kind > BLOCK_KIND_LAST)
    return lie (error, "a block of kind %u", kind);
  if (level > max || (max > 0 && level == 0))
    return lie (error, "a %s of level %u", block_kind_name ((BlockKind)kind), level);
  if (page > G_MAXINT32)
    return lie (error, "page %u", page);
  if (reader->document->blocks->len >= frame_blocks_max (reader->limits))
    return lie (error, "more than %u blocks", reader->document->blocks->len);
  return TRUE;
}

static gboolean
take_text (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  gsize gap_bytes = (gsize)payload[2] | (gsize)payload[3] << 8;
  const guint8 *gap = payload + FRAME_BLOCK_BYTES;

  if (gap_bytes >= length - FRAME_BLOCK_BYTES)
    return lie (error, "a block without text");

  const guint8 *text = gap + gap_bytes;
  gsize text_bytes = length - FRAME_BLOCK_BYTES - gap_bytes;
  guint32 page = frame_get_u32 (payload + 4);

  if (!check_block (reader, payload[0], payload[1], page, error) ||
      !check_room (reader, gap_bytes + text_bytes, error) || !check_text (gap, gap_bytes, error) ||
      !check_text (text, text_bytes, error))
    return FALSE;
  document_append (reader->document, (BlockKind)payload[0], payload[1], page, (const char *)gap,
                   gap_bytes, (const char *)text, text_bytes);
  return TRUE;
}

static gboolean
take_more (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  if (reader->last != FRAME_TEXT && reader->last != FRAME_MORE)
    return lie (error, "a MORE that follows no TEXT");
  if (!check_room (reader, length, error) || !check_text (payload, length, error))
    return FALSE;
  document_continue (reader->document, (const char *)payload, length);
  return TRUE;
}

static gboolean
take_gap (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  if (!check_room (reader, length, error) || !check_text (payload, length, error))
    return FALSE;
  g_string_append_len (reader->document->text, (const char *)payload, (gssize)length);
  return TRUE;
}

static gboolean
take_warn (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  GPtrArray *warnings = reader->document->warnings;

  if (warnings->len >= FRAME_WARNINGS_MAX)
    return lie (error, "more than %u warnings", FRAME_WARNINGS_MAX);
  if (!check_text (payload, length, error))
    return FALSE;
  g_ptr_array_add (warnings, g_strndup ((const char *)payload, length));
  return TRUE;
}

static gboolean
take_end (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  Document *document = reader->document;
  guint64 text_bytes = (guint64)frame_get_u32 (payload) | (guint64)frame_get_u32 (payload + 4)
                                                              << 32;
  guint32 blocks = frame_get_u32 (payload + 8);

  if (text_bytes != document->text->len || blocks != document->blocks->len)
    return lie (error,
                "it says %" G_GUINT64_FORMAT " bytes and %u blocks, but sent %" G_GSIZE_FORMAT
                " and %u",
                text_bytes, blocks, document->text->len, document->blocks->len);
  if (document->format == NULL)
    return lie (error, "a document without a format");
  if (!check_text (payload + 12, length - 12, error))
    return FALSE;
  if (length > 12)
    document->partial = g_strndup ((const char *)payload + 12, length - 12);
  document->extractor = g_strdup (reader->fingerprint);
  reader->state = READER_DONE;
  return TRUE;
}

/* What a worker may say of a file. The rest is the parent's to find, or not about the file. */
static gboolean
code_is_the_workers (guint32 code)
{
  return code == EXTRACT_ERROR_ENCRYPTED || code == EXTRACT_ERROR_CORRUPT ||
         code == EXTRACT_ERROR_UNSUPPORTED || code == EXTRACT_ERROR_BOMB ||
         code == EXTRACT_ERROR_TOO_LARGE || code == EXTRACT_ERROR_TIMEOUT ||
         code == EXTRACT_ERROR_MEMORY || code == EXTRACT_ERROR_READ;
}

static gboolean
take_fail (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  guint32 code = frame_get_u32 (payload);

  if (!check_text (payload + 4, length - 4, error))
    return FALSE;

  g_autofree char *reason = g_strndup ((const char *)payload + 4, length - 4);

  if (reader->fingerprint == NULL) {
    g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, reason);
    return FALSE;
  }
  if (!code_is_the_workers (code))
    return lie (error, "a FAIL of code %u", code);
  reader->failure = g_error_new_literal (EXTRACT_ERROR, (int)code, reason);
  reader->state = READER_DONE;
  return TRUE;
}

typedef gboolean (*TakeFunc) (FrameReader *reader, const guint8 *payload, gsize length,
                              GError **error);

static const struct {
  gsize min, max; /* bytes of payload */
  TakeFunc take;
} frames[] = {
    [FRAME_HELLO] = {5, 4 + FRAME_REASON_MAX, take_hello},
    [FRAME_META] = {3, 16 + FRAME_META_VALUE_MAX, take_meta},
    [FRAME_TEXT] = {FRAME_BLOCK_BYTES + 1, FRAME_PAYLOAD_MAX, take_text},
    [FRAME_MORE] = {1, FRAME_PAYLOAD_MAX, take_more},
    [FRAME_GAP] = {1, FRAME_PAYLOAD_MAX, take_gap},
    [FRAME_WARN] = {1, FRAME_REASON_MAX, take_warn},
    [FRAME_END] = {12, 12 + FRAME_REASON_MAX, take_end},
    [FRAME_FAIL] = {4, 4 + FRAME_REASON_MAX, take_fail},
};

/* What can be told of a frame before its payload is here. */
static gboolean
check_header (FrameReader *reader, const guint8 *header, gsize *length, GError **error)
{
  guint32 type, bytes;
  gboolean fits = frame_unpack_header (header, &type, &bytes);

  if (type >= G_N_ELEMENTS (frames) || frames[type].take == NULL)
    return lie (error, "a frame of type %u", type);
  if (!fits || bytes < frames[type].min || bytes > frames[type].max)
    return lie (error, "a frame of type %u with %u bytes", type, bytes);
  if (reader->fingerprint == NULL && type != FRAME_HELLO && type != FRAME_FAIL)
    return lie (error, "it began without HELLO");
  if (reader->fingerprint != NULL && reader->state != READER_BUSY)
    return lie (error, "a frame that belongs to no file");
  if (reader->last == FRAME_GAP && type != FRAME_TEXT && type != FRAME_GAP && type != FRAME_FAIL)
    return lie (error, "a GAP that no TEXT follows");
  *length = bytes;
  return TRUE;
}

static gboolean
take_frame (FrameReader *reader, const guint8 *frame, gsize length, GError **error)
{
  FrameType type = (FrameType)frame_get_u32 (frame);

  if (!frames[type].take (reader, frame + FRAME_HEADER_BYTES, length, error))
    return FALSE;
  if (type != FRAME_HELLO)
    reader->last = type;
  return TRUE;
}

/* Takes the next frame, or a part of one, off the front. Returns the bytes used; 0 on error. */
static gsize
feed_some (FrameReader *reader, const guint8 *bytes, gsize length, GError **error)
{
  GByteArray *partial = reader->partial;
  gsize payload = 0;

  if (partial->len == 0 && length >= FRAME_HEADER_BYTES) { /* whole and in place: the usual way */
    if (!check_header (reader, bytes, &payload, error))
      return 0;
    if (length >= FRAME_HEADER_BYTES + payload)
      return take_frame (reader, bytes, payload, error) ? FRAME_HEADER_BYTES + payload : 0;
  }

  gsize want = FRAME_HEADER_BYTES;

  if (partial->len >= FRAME_HEADER_BYTES) {
    if (!check_header (reader, partial->data, &payload, error))
      return 0;
    want += payload;
  }

  gsize used = MIN (length, want - partial->len);

  g_byte_array_append (partial, bytes, (guint)used);
  if (partial->len == FRAME_HEADER_BYTES && !check_header (reader, partial->data, &payload, error))
    return 0;
  if (partial->len >= FRAME_HEADER_BYTES && partial->len == FRAME_HEADER_BYTES + payload) {
    if (!take_frame (reader, partial->data, payload, error))
      return 0;
    g_byte_array_set_size (partial, 0);
  }
  return used;
}

gboolean
frame_reader_feed (FrameReader *reader, const guint8 *bytes, gsize length, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (reader->state != READER_BROKEN, FALSE);

  while (length > 0) {
    gsize used = feed_some (reader, bytes, length, &local_error);

    if (used == 0) {
      reader->state = READER_BROKEN;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    bytes += used;
    length -= used;
  }
  return TRUE;
}

const char *
frame_reader_fingerprint (const FrameReader *reader)
{
  return reader->fingerprint;
}

gboolean
frame_reader_done (const FrameReader *reader)
{
  return reader->state == READER_DONE;
}

Document *
frame_reader_take (FrameReader *reader, GError **error)
{
  g_autoptr (Document) document = g_steal_pointer (&reader->document);

  g_return_val_if_fail (reader->state == READER_DONE, NULL);

  reader->state = READER_IDLE;
  if (reader->failure != NULL) {
    g_propagate_error (error, g_steal_pointer (&reader->failure));
    return NULL;
  }
  return g_steal_pointer (&document);
}
