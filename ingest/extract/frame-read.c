/* frame-read.c: the parent's side of frame.h. */
#include "frame.h"
#include "utf8.h"

#include <string.h>

typedef enum {
  READER_IDLE, /* no file is being read: no frame may come but HELLO */
  READER_BUSY,
  READER_DONE, /* END or FAIL came, not taken yet: no frame may come */
  READER_BROKEN,
} ReaderState;

/* A document that is open: the file's own, and each member on the way to the innermost. */
typedef struct {
  Document *document; /* borrowed: the reader's, or its outer document's */
  FrameType last;     /* of this document; 0 at its start */
  guint metas;
} Level;

struct FrameReader {
  const ExtractLimits *limits;
  ReaderState state;
  char *fingerprint;
  GByteArray *partial; /* of a frame that is not all here */
  Document *document;  /* of the file being read, or read */
  GError *failure;     /* the worker's FAIL of the file itself */
  GArray *levels;      /* (element-type Level) the file first, the innermost last */

  FrameTotals used;    /* of this file's allowance */
  gboolean died_of_it; /* the last frame was a member's FAIL for memory: the worker's last word */
};

FrameReader *
frame_reader_new (const ExtractLimits *limits)
{
  FrameReader *reader = g_new0 (FrameReader, 1);

  reader->limits = limits;
  reader->partial = g_byte_array_new ();
  reader->levels = g_array_new (FALSE, FALSE, sizeof (Level));
  return reader;
}

void
frame_reader_free (FrameReader *reader)
{
  if (reader == NULL)
    return;
  g_free (reader->fingerprint);
  g_byte_array_unref (reader->partial);
  g_array_unref (reader->levels);
  document_free (reader->document);
  g_clear_error (&reader->failure);
  g_free (reader);
}

static Level *
innermost (const FrameReader *reader)
{
  return &g_array_index (reader->levels, Level, reader->levels->len - 1);
}

static void
open_level (FrameReader *reader, Document *document)
{
  Level level = {.document = document};

  g_array_append_val (reader->levels, level);
}

void
frame_reader_begin (FrameReader *reader, const char *name, const FrameTotals *used)
{
  g_return_if_fail (reader->state == READER_IDLE);

  reader->document = document_new ();
  reader->document->name = g_strdup (name);
  reader->used = used != NULL ? *used : (FrameTotals){0};
  reader->died_of_it = FALSE;
  g_array_set_size (reader->levels, 0);
  open_level (reader, reader->document);
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
  if (!utf8_is_valid ((const char *)text, length, NULL))
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

/* What is no text, and kept: bounded over the whole file. */
static gboolean
check_side (FrameReader *reader, gsize length, GError **error)
{
  reader->used.side_bytes += length;
  return reader->used.side_bytes <= FRAME_SIDE_MAX ||
         lie (error, "more than %u bytes beside the text", FRAME_SIDE_MAX);
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
  innermost (reader)->document->page_count = (guint)pages;
  return TRUE;
}

static gboolean
set_size (Document *document, const char *value, GError **error)
{
  return g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &document->size_bytes, NULL) ||
         lie (error, "a size that is none");
}

static gboolean
set_checksum (Document *document, const char *value, GError **error)
{
  if (strlen (value) != 64 || strspn (value, "0123456789abcdef") != 64)
    return lie (error, "a checksum that is none");
  g_free (document->checksum);
  document->checksum = g_strdup (value);
  return TRUE;
}

static gboolean
take_meta (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  Document *document = innermost (reader)->document;
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

  if (++innermost (reader)->metas > FRAME_METAS_MAX)
    return lie (error, "more than %u META", FRAME_METAS_MAX);
  if (end == NULL)
    return lie (error, "a META without a key");

  const guint8 *from = end + 1;
  gsize bytes = (gsize)(payload + length - from);

  if (bytes == 0 || bytes > FRAME_META_VALUE_MAX)
    return lie (error, "a META of %" G_GSIZE_FORMAT " bytes", bytes);
  if (!check_side (reader, bytes, error) || !check_text (from, bytes, error))
    return FALSE;

  g_autofree char *value = g_strndup ((const char *)from, bytes);
  const char *key = (const char *)payload;

  if (strcmp (key, "pages") == 0)
    return set_pages (reader, value, error);
  if (reader->levels->len > 1 && strcmp (key, "size") == 0)
    return set_size (document, value, error);
  if (reader->levels->len > 1 && strcmp (key, "checksum") == 0)
    return set_checksum (document, value, error);
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

  reader->used.text_bytes += length;
  return reader->used.text_bytes <= max ||
         lie (error, "more than %" G_GUINT64_FORMAT " bytes of text", max);
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
  if (reader->used.blocks >= frame_blocks_max (reader->limits))
    return lie (error, "more than %u blocks", reader->used.blocks);
  reader->used.blocks++;
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
  document_append (innermost (reader)->document, (BlockKind)payload[0], payload[1], page,
                   (const char *)gap, gap_bytes, (const char *)text, text_bytes);
  return TRUE;
}

static gboolean
take_more (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  FrameType last = innermost (reader)->last;

  if (last != FRAME_TEXT && last != FRAME_MORE)
    return lie (error, "a MORE that follows no TEXT");
  if (!check_room (reader, length, error) || !check_text (payload, length, error))
    return FALSE;
  document_continue (innermost (reader)->document, (const char *)payload, length);
  return TRUE;
}

static gboolean
take_gap (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  if (!check_room (reader, length, error) || !check_text (payload, length, error))
    return FALSE;
  g_string_append_len (innermost (reader)->document->text, (const char *)payload, (gssize)length);
  return TRUE;
}

static gboolean
take_warn (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  GPtrArray *warnings = innermost (reader)->document->warnings;

  if (warnings->len >= FRAME_WARNINGS_MAX)
    return lie (error, "more than %u warnings", FRAME_WARNINGS_MAX);
  if (!check_side (reader, length, error) || !check_text (payload, length, error))
    return FALSE;
  g_ptr_array_add (warnings, g_strndup ((const char *)payload, length));
  return TRUE;
}

static gboolean
take_member (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  Document *member;

  if (reader->used.members >= reader->limits->max_members)
    return lie (error, "more than %u members", reader->used.members);
  /* one that is too deep is listed, as failed */
  if (reader->levels->len > reader->limits->max_depth + 1)
    return lie (error, "members %u deep", reader->levels->len);
  if (!check_side (reader, length, error) || !check_line (payload, length, error))
    return FALSE;
  member = document_new ();
  member->name = g_strndup ((const char *)payload, length);
  g_ptr_array_add (innermost (reader)->document->members, member);
  innermost (reader)->last = FRAME_MEMBER;
  open_level (reader, member);
  reader->used.members++;
  return TRUE;
}

/* The innermost document is at its end. */
static void
close_level (FrameReader *reader)
{
  if (reader->levels->len == 1)
    reader->state = READER_DONE;
  else
    g_array_set_size (reader->levels, reader->levels->len - 1);
}

static gboolean
take_end (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  Document *document = innermost (reader)->document;
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
  if (!check_side (reader, length - 12, error) || !check_text (payload + 12, length - 12, error))
    return FALSE;
  if (length > 12)
    document->partial = g_strndup ((const char *)payload + 12, length - 12);
  document->extractor = g_strdup (reader->fingerprint);
  close_level (reader);
  return TRUE;
}

/* What a worker may say of a file. The rest is the parent's to find, or not about the file. */
static gboolean
code_is_the_workers (guint32 code)
{
  return code == EXTRACT_ERROR_ENCRYPTED || code == EXTRACT_ERROR_CORRUPT ||
         code == EXTRACT_ERROR_UNSUPPORTED || code == EXTRACT_ERROR_BOMB ||
         code == EXTRACT_ERROR_TOO_LARGE || code == EXTRACT_ERROR_TIMEOUT ||
         code == EXTRACT_ERROR_MEMORY || code == EXTRACT_ERROR_READ ||
         code == EXTRACT_ERROR_NEEDS_OCR;
}

static gboolean
take_fail (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
  guint32 code = frame_get_u32 (payload);

  if (!check_side (reader, length - 4, error) || !check_text (payload + 4, length - 4, error))
    return FALSE;

  g_autofree char *reason = g_strndup ((const char *)payload + 4, length - 4);

  if (reader->fingerprint == NULL) {
    g_set_error_literal (error, EXTRACT_ERROR, EXTRACT_ERROR_WORKER, reason);
    return FALSE;
  }
  if (!code_is_the_workers (code))
    return lie (error, "a FAIL of code %u", code);
  document_fail (innermost (reader)->document, extract_code_name ((ExtractCode)code), reason);
  if (reader->levels->len == 1)
    reader->failure = g_error_new_literal (EXTRACT_ERROR, (int)code, reason);
  else
    reader->died_of_it = code == EXTRACT_ERROR_MEMORY;
  close_level (reader);
  return TRUE;
}

static gboolean
take_alive (FrameReader *reader, const guint8 *payload, gsize length, GError **error)
{
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
    [FRAME_ALIVE] = {0, 0, take_alive},
    [FRAME_MEMBER] = {0, FRAME_NAME_MAX, take_member},
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
  if (reader->state == READER_BUSY && innermost (reader)->last == FRAME_GAP && type != FRAME_TEXT &&
      type != FRAME_GAP && type != FRAME_FAIL && type != FRAME_ALIVE)
    return lie (error, "a GAP that no TEXT follows");
  *length = bytes;
  return TRUE;
}

static gboolean
take_frame (FrameReader *reader, const guint8 *frame, gsize length, GError **error)
{
  FrameType type = (FrameType)frame_get_u32 (frame);

  reader->died_of_it = FALSE;
  if (!frames[type].take (reader, frame + FRAME_HEADER_BYTES, length, error))
    return FALSE;
  /* the others open or close a document: what came last in it is theirs to say */
  if (type == FRAME_META || type == FRAME_TEXT || type == FRAME_MORE || type == FRAME_GAP ||
      type == FRAME_WARN)
    innermost (reader)->last = type;
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

gboolean
frame_reader_wants_ocr (const FrameReader *reader)
{
  return g_error_matches (reader->failure, EXTRACT_ERROR, EXTRACT_ERROR_NEEDS_OCR);
}

/* A bomb's members are for nobody. */
static gboolean
has_members_to_keep (const Document *document, const GError *failure)
{
  return document->members->len > 0 &&
         !g_error_matches (failure, EXTRACT_ERROR, EXTRACT_ERROR_BOMB);
}

Document *
frame_reader_take (FrameReader *reader, GError **error)
{
  g_autoptr (Document) document = g_steal_pointer (&reader->document);
  g_autoptr (GError) failure = g_steal_pointer (&reader->failure);

  g_return_val_if_fail (reader->state == READER_DONE, NULL);

  reader->state = READER_IDLE;
  if (failure != NULL && !has_members_to_keep (document, failure)) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  return g_steal_pointer (&document);
}

Document *
frame_reader_salvage (FrameReader *reader, const GError *failure, GPtrArray *chain)
{
  Document *last;

  if (reader->document == NULL || reader->state == READER_DONE ||
      reader->document->members->len == 0)
    return NULL;
  for (guint i = 0; i < reader->levels->len; i++)
    g_ptr_array_add (chain, g_array_index (reader->levels, Level, i).document);
  last = g_ptr_array_index (chain, chain->len - 1);
  if (reader->died_of_it) /* it is closed already */
    g_ptr_array_add (chain, g_ptr_array_index (last->members, last->members->len - 1));
  else if (chain->len > 1)
    document_fail (last, extract_code_name ((ExtractCode)failure->code), failure->message);
  return g_steal_pointer (&reader->document);
}
