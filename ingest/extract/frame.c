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

static void
append_u32 (GByteArray *frame, guint32 value)
{
  guint8 bytes[4];

  frame_put_u32 (bytes, value);
  g_byte_array_append (frame, bytes, sizeof bytes);
}

static void
append_u64 (GByteArray *frame, guint64 value)
{
  append_u32 (frame, (guint32)(value & G_MAXUINT32));
  append_u32 (frame, (guint32)(value >> 32));
}

static void
append_text (GByteArray *frame, const char *text, gsize bytes)
{
  g_byte_array_append (frame, (const guint8 *)text, (guint)bytes);
  g_byte_array_append (frame, (const guint8 *)"", 1);
}

static void
append_resume (GByteArray *frame, const FrameResume *resume)
{
  append_u32 (frame, resume->elapsed_ms);
  append_u64 (frame, resume->used.text_bytes);
  append_u64 (frame, resume->used.side_bytes);
  append_u32 (frame, resume->used.blocks);
  append_u32 (frame, resume->used.members);
  append_u32 (frame, resume->n_path);
  for (guint i = 0; i < resume->n_path; i++)
    append_u32 (frame, resume->path[i]);
}

GByteArray *
frame_pack_job (const FrameJob *job)
{
  const char *name = job->name;
  gsize name_bytes = strlen (name), passwords_bytes = 0;
  /* of its full size at once: a copy with passwords would stay behind where it grows */
  GByteArray *frame = g_byte_array_sized_new (FRAME_HEADER_BYTES + FRAME_JOB_MAX);

  g_return_val_if_fail (job->resume.n_path <= FRAME_PATH_MAX, frame);
  if (name_bytes > FRAME_JOB_NAME_MAX) { /* the end tells more: the file name extension */
    gsize skip = name_bytes - FRAME_JOB_NAME_MAX;

    while (((guchar)name[skip] & 0xC0) == 0x80)
      skip++;
    name += skip;
    name_bytes -= skip;
  }
  append_u64 (frame, 0); /* the header */
  append_resume (frame, &job->resume);
  append_text (frame, name, name_bytes);
  append_text (frame, job->declared, frame_cut (job->declared, strlen (job->declared), 255));
  for (guint i = 0; job->passwords != NULL && job->passwords[i] != NULL; i++) {
    gsize bytes = strlen (job->passwords[i]);

    if (passwords_bytes + bytes + 1 > FRAME_PASSWORDS_MAX)
      break;
    append_text (frame, job->passwords[i], bytes);
    passwords_bytes += bytes + 1;
  }
  frame_put_u32 (frame->data, FRAME_JOB);
  frame_put_u32 (frame->data + 4, frame->len - FRAME_HEADER_BYTES);
  return frame;
}

/* What is left of a JOB. */
typedef struct {
  const char *at;
  gsize left;
} JobReader;

static gboolean
read_u32 (JobReader *reader, guint32 *value)
{
  if (reader->left < 4)
    return FALSE;
  *value = frame_get_u32 ((const guint8 *)reader->at);
  reader->at += 4;
  reader->left -= 4;
  return TRUE;
}

static gboolean
read_u64 (JobReader *reader, guint64 *value)
{
  guint32 low, high;

  if (!read_u32 (reader, &low) || !read_u32 (reader, &high))
    return FALSE;
  *value = (guint64)high << 32 | low;
  return TRUE;
}

static gboolean
read_resume (JobReader *reader, FrameResume *resume)
{
  if (!read_u32 (reader, &resume->elapsed_ms) || !read_u64 (reader, &resume->used.text_bytes) ||
      !read_u64 (reader, &resume->used.side_bytes) || !read_u32 (reader, &resume->used.blocks) ||
      !read_u32 (reader, &resume->used.members) || !read_u32 (reader, &resume->n_path) ||
      resume->n_path > FRAME_PATH_MAX)
    return FALSE;
  for (guint i = 0; i < resume->n_path; i++)
    if (!read_u32 (reader, &resume->path[i]))
      return FALSE;
  return TRUE;
}

/* NULL: there is none that ends. */
static const char *
read_text (JobReader *reader)
{
  const char *text = reader->at;
  const char *end = reader->left > 0 ? memchr (text, '\0', reader->left) : NULL;

  if (end == NULL)
    return NULL;
  reader->left -= (gsize)(end + 1 - text);
  reader->at = end + 1;
  return text;
}

gboolean
frame_unpack_job (const char *payload, gsize length, FrameJob *job)
{
  JobReader reader = {payload, length};
  g_autoptr (GPtrArray) passwords = g_ptr_array_new ();

  memset (job, 0, sizeof *job);
  if (length > FRAME_JOB_MAX || !read_resume (&reader, &job->resume))
    return FALSE;
  job->name = read_text (&reader);
  job->declared = read_text (&reader);
  if (job->name == NULL || job->declared == NULL || !g_utf8_validate (job->name, -1, NULL) ||
      !g_utf8_validate (job->declared, -1, NULL))
    return FALSE;
  while (reader.left > 0) {
    const char *password = read_text (&reader);

    if (password == NULL)
      return FALSE;
    g_ptr_array_add (passwords, (gpointer)password);
  }
  g_ptr_array_add (passwords, NULL);
  job->passwords = (const char *const *)g_ptr_array_free (g_steal_pointer (&passwords), FALSE);
  return TRUE;
}

gboolean
frame_unpack_header (const guint8 *header, guint32 *type, guint32 *length)
{
  *type = frame_get_u32 (header);
  *length = frame_get_u32 (header + 4);
  return *length <= FRAME_PAYLOAD_MAX;
}
